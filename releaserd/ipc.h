/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef IPC_H
#define IPC_H

#include <stdint.h>

#include <event2/event.h>

#include "lib/err.h"
#include "lib/facts.h"
#include "lib/frame.h"
#include "lib/ticket.h"

/*
 * All that crosses between the roles of releaserd (doc/ipc.md, and
 * doc/barriers.md for who may say what).  Frames are lib/frame.h.
 */
enum ipc_type {
	/* super -> every role, first message on its control channel (fd 3) */
	IPC_START = 1,		/* struct ipc_start + the role's descriptors */
	/* super -> role: a (new) channel to core; super -> core: to a role */
	IPC_PEER = 2,		/* u8 role, u32 index + 1 descriptor */
	IPC_RELOAD = 3,		/* new settings text (as the file stood) */
	IPC_STOP = 4,		/* end in good order */
	/* core -> super */
	IPC_SEND_TAKEN = 5,	/* an idle send went to work: start another */
	IPC_READY = 6,		/* role -> super: serving */
	/* super -> role, releaserd/admin.h */
	IPC_LISTEN = 7,		/* struct ipc_listen + to net: descriptors */
	IPC_TLS = 8,		/* bytes certificate, to net: bytes key (PEM) */

	/* net -> core, core -> net; id pairs them */
	IPC_REQUEST = 16,	/* request_put() */
	IPC_RESPONSE = 17,	/* response_put() */

	/* core -> agent, agent -> core */
	IPC_HASH = 32,		/* bytes password -> IPC_HASHED str verifier */
	IPC_HASHED = 33,
	IPC_VERIFY = 34,	/* bytes password, str verifier -> IPC_VERIFIED u8 */
	IPC_VERIFIED = 35,
	IPC_WHOIS = 36,		/* u32 uid -> IPC_WHO str name, u8 is admin */
	IPC_WHO = 37,
	IPC_VISITOR = 38,	/* str cupsd's certificate of a page -> IPC_VISITED
				 * u8 enum ipc_visitor, str name */
	IPC_VISITED = 39,

	IPC_CERT = 40,		/* bytes PEM, str name -> IPC_CERT_FACTS
				 * struct cert_facts (releaserd/admin.h) */
	IPC_CERT_FACTS = 41,
	IPC_MAIL = 42,		/* u8 choice of MailTls, str server, str from, str
				 * to, bytes message -> IPC_MAILED u8 enum
				 * ipc_mail */
	IPC_MAILED = 43,

	/* core -> agent, releaserd/directory_wire.h; each is answered by
	 * DIR_SAID */
	IPC_DIR_LOGIN = 44,	/* struct dir_login */
	IPC_DIR_FIND = 45,	/* struct dir_find */
	IPC_DIR_TEST = 46,	/* struct dir_test */
	IPC_DIR_SAID = 47,	/* struct dir_said */

	/* core -> send, send -> core */
	IPC_SEND_JOB = 48,	/* struct send_job + spool fd, journal fd */
	IPC_SEND_RESULT = 50,	/* struct send_result */

	/* core -> render, render -> core; a render does one job and ends */
	IPC_RENDER_JOB = 56,	/* struct render_job + spool fd, and for
				 * RENDER_MAKE the fd of a new spool file */
	IPC_RENDER_RESULT = 57,	/* struct render_result */
	IPC_RENDER_TAKEN = 58,	/* core -> super: u32 index, start another */

	/* core -> super, releaserd/admin.h; each is answered by ADMIN_SAID */
	IPC_CONF_GET = 64,
	IPC_CONF_SET = 65,	/* struct admin_conf */
	IPC_CONF_UNDO = 66,
	IPC_CERT_GET = 67,
	IPC_CERT_CSR = 68,	/* struct admin_csr */
	IPC_CERT_INSTALL = 69,	/* bytes PEM */
	IPC_CERT_UNDO = 70,
	IPC_CERT_SELF = 71,
	IPC_ADMIN_SAID = 72,	/* super -> core: struct admin_said */

	/* core -> agent, releaserd/sync_wire.h */
	IPC_SYNC_NEXT = 84,	/* struct sync_next -> SYNC_PART */
	IPC_SYNC_PART = 85,	/* struct sync_part */

	/* core -> driver, driver -> core, releaserd/driver_wire.h */
	IPC_DRIVER_ASK = 86,	/* struct driver_ask -> DRIVER_SAID */
	IPC_DRIVER_SAID = 87,	/* struct driver_said */
	/* core -> super */
	IPC_ROLE_HUNG = 88,	/* u8 role, u32 index: it does not answer; end
				 * it, start another */
	/* driver -> core, first message */
	IPC_DRIVER_LIST = 91,	/* u32 n, n times: str name, str words, u32 can */
	/* a call to a device that fetches it: str device, u32 ms it has, str
	 * method, str path, str If-Match, str key, bytes body -> the same type:
	 * u8 0 or REL_E_*, u16 status, str ETag, bytes body */
	IPC_DRIVER_CALL = 96
};

/* What became of a mail: it was taken; ask again; it is refused. */
enum ipc_mail { MAIL_SENT = 0, MAIL_LATER = 1, MAIL_NEVER = 2 };

/* Whose a certificate of cupsd is. */
enum ipc_visitor {
	VISITOR_UNASKED,		/* cupsd does not answer */
	VISITOR_NOBODY,			/* it is no certificate, or of nobody */
	VISITOR_USER,
	VISITOR_SYSTEM			/* one of cupsd's administrators */
};

enum ipc_role {
	ROLE_SUPER, ROLE_NET, ROLE_CORE, ROLE_AGENT, ROLE_SEND, ROLE_RENDER,
	ROLE_DRIVER
};

/* "net", "core" ... for logs and the command line. */
const char *ipc_role_name(enum ipc_role role);
const char *ipc_type_name(unsigned type);

/*
 * One end of a channel in an event loop.  One callback a frame; frames and
 * their body are borrowed, descriptors are the callback's.  On close, on a
 * malformed frame or an error the closed callback comes once; then free it.
 */
struct ipc_chan;
typedef void (*ipc_frame_cb)(struct ipc_chan *ch, struct rel_frame *fr,
    void *ctx);
typedef void (*ipc_closed_cb)(struct ipc_chan *ch, void *ctx);

/* fd becomes the channel's (non-blocking). NULL without memory. */
struct ipc_chan *ipc_chan_new(struct event_base *base, int fd,
    const char *name, ipc_frame_cb on_frame, ipc_closed_cb on_closed,
    void *ctx);
void ipc_chan_free(struct ipc_chan **chp);

/* Both sides of this channel send bodies up to REL_FRAME_LARGE_MAX. */
void ipc_chan_large(struct ipc_chan *ch);

/*
 * The other side broke the rules: no frame of it comes any more, and the
 * closed callback is called later in this turn of the loop.
 */
void ipc_chan_fail(struct ipc_chan *ch);

/*
 * Queue a frame; written later in this turn of the loop.  Its descriptors
 * become the channel's, which closes them once they are sent.
 * Returns 0; -REL_E_LIMIT when the body is too large for a frame;
 * -REL_E_FULL when the other side has stopped reading (4 MiB unsent) or there
 * is no memory: then treat it as closed.
 */
int ipc_send_frame(struct ipc_chan *ch, const struct rel_frame *fr);

/* The same for a frame without descriptors. */
int ipc_send(struct ipc_chan *ch, unsigned type, uint32_t id,
    const void *body, size_t len);

/* Bytes queued and not yet taken by the kernel. */
size_t ipc_unsent(const struct ipc_chan *ch);

/* Stop and go on reading (back pressure). */
void ipc_pause(struct ipc_chan *ch);
void ipc_resume(struct ipc_chan *ch);

/*
 * What super gives a role before it enters its jail.
 *   net:   https listeners (nhttps), local API listener (nlocal), TLS
 *          certificate chain and key (PEM), CA certificate (PEM)
 *   core:  spool folder and database paths, intake listener, host key, CA key
 */
#define IPC_START_FDS 8
struct ipc_start {
	uint8_t role;
	uint32_t index;			/* 0.. among equals */
	uint32_t nhttps, nlocal, nintake;	/* descriptors, in this order */
	char https_names[4][64];	/* "0.0.0.0:443", as bound */
	const uint8_t *conf;		/* settings text */
	size_t conf_len;
	const uint8_t *tls_cert, *tls_key, *ca_cert, *ca_key, *host_key;
	size_t tls_cert_len, tls_key_len, ca_cert_len, ca_key_len,
	    host_key_len;
	uint8_t web_secret[32];		/* one for all net: CSRF, cookies */
	char base_url[300];		/* "https://print.example.com:10443" */
};

/* core -> send: everything one transfer needs. */
struct send_job {
	uint64_t job_id;
	uint8_t key[32];
	uint64_t plain_bytes;
	char host[256];
	uint16_t port;
	char queue[256];
	char user[256];
	char client_host[256];
	char title[1024];
	char ref[16];		/* "OP7K3QX9M2TA" */
	uint32_t copies;
	uint8_t data_first;
	uint32_t number;
	uint32_t connect_ms, reply_ms;
	uint32_t tries;		/* connects at most; only while nothing printed */
	char driver[24];	/* whose job_send it is (driver/driver.h) */
	/* nothing by LPR */
	char uri[300];		/* "ipp://host:631/ipp/print"; or "" */
	char pin[65];		/* of its key; "" the first one is believed */
	char format[128];	/* MIME type of what goes out */
	struct rel_ticket ticket;	/* what the device itself is to do */
};

struct send_result {
	uint64_t job_id;
	uint8_t outcome;	/* enum rel_send_outcome */
	uint8_t stage;		/* enum rel_send_stage */
	uint64_t bytes;
	char reason[240];
	uint32_t device_job;	/* by IPP: the device's number of it, or 0 */
	char pin[65];		/* of its key when none was known, or "" ... */
	char uri[300];		/* ... and where it showed that, or "" */
};

/* core -> render: what to do with one held document. */
enum render_op {
	RENDER_COUNT = 1,	/* look at it closely: facts */
	RENDER_MAKE = 2,	/* carry the ticket out: a new document */
	RENDER_PREVIEW = 3	/* its first page as a PNG */
};

/* What the device is like, as far as documents made for it hang on it. */
struct render_how {
	uint8_t told;		/* sides, tray, finishing go beside it (IPP) */
	uint8_t gray;		/* raster, PCL: made without colour */
	uint16_t dpi;		/* raster, PCL: 0 as is usual */
	char back[20];		/* of PWG raster, how backs lie: "rotated" */
};

struct render_job {
	uint64_t job_id;
	uint8_t op;		/* enum render_op */
	uint8_t key[32];	/* of the held document */
	uint64_t plain_bytes;
	uint8_t out_key[32];	/* of the new one (RENDER_MAKE) */
	char format[128];	/* MIME type as held */
	char driver[256];	/* for RENDER_MAKE: "" or "pdf" a PDF, "pjl" a
				 * PDF with PJL in front, "ps", "pwg", "urf",
				 * "pclxl", "pcl", else the path of a PPD
				 * file */
	struct render_how how;
	struct rel_ticket ticket;
	struct rel_facts facts;	/* known so far, of the document itself */
	uint32_t deadline_ms;
	uint64_t max_bytes;	/* a larger document is refused */
	uint32_t preview_px;	/* longest side of the picture, 64..2000 */
};

struct render_result {
	uint64_t job_id;
	uint8_t op;
	uint8_t outcome;	/* enum render_outcome */
	uint64_t out_bytes;	/* plain bytes of the new document */
	/* COUNT: of the document itself.  MAKE: of what was made, counted
	 * again in the bytes that go out. */
	struct rel_facts facts;
	char reason[240];	/* plain words when not RENDER_DONE */
	const uint8_t *png;	/* PREVIEW; borrowed from the frame */
	size_t png_len;		/* at most 512 KiB */
};

enum render_outcome {
	RENDER_DONE = 0,
	RENDER_REFUSED = 1,	/* the document or what is asked: never */
	RENDER_LATER = 2	/* this machine cannot now: try again */
};

#define RENDER_PX_MAX 2000u
#define RENDER_PNG_MAX (512u * 1024u)

void render_job_put(struct rel_buf *b, const struct render_job *m);
int render_job_get(struct render_job *m, const void *p, size_t n);
void render_result_put(struct rel_buf *b, const struct render_result *m);
int render_result_get(struct render_result *m, const void *p, size_t n);

void send_job_put(struct rel_buf *b, const struct send_job *m);
int send_job_get(struct send_job *m, const void *p, size_t n);
void send_result_put(struct rel_buf *b, const struct send_result *m);
int send_result_get(struct send_result *m, const void *p, size_t n);

/*
 * The transfer journal: a small file core makes for each release and hands to
 * send, so that whatever dies, what became of the job is known.  send holds
 * flock(LOCK_EX) on it for its whole life; one line "WORD DETAIL\n" is
 * appended (and fdatasync'ed) at each turn:
 *   data        the next byte may print (point of no return)
 *   sent | refused REASON | away REASON | unconfirmed REASON
 * A file that is empty and not locked: nothing printed.
 */
/* The reason begins with the device's number of the job, where it has one. */
#define JOURNAL_JOB "job %u at the device"
#define JOURNAL_DATA "data"

#endif
