/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef NET_H
#define NET_H

#include <sys/queue.h>

#include <event2/bufferevent.h>
#include <event2/http.h>
#include <openssl/ssl.h>

#include "releaserd/net/decode.h"
#include "releaserd/net/html.h"
#include "releaserd/request.h"
#include "releaserd/role.h"

/* One role `net`: HTTPS and the local API in front, core behind. */

#define NET_PENDING_MAX 4096u		/* a power of two: part of the id */
#define NET_ANSWER_MS 10000		/* then core counts as away */
#define NET_TICK_MS 200
#define NET_SLEEP_MS 2000		/* idle for so long: give memory back */
#define NET_LISTENERS_MAX 8

/*
 * A connection.  evhttp owns the buffer event; we hold a second reference, so
 * that it stays valid until the next tick notices that evhttp let go of it
 * (its callbacks are gone) and takes the connection off the lists.
 */
enum conn_state {
	CONN_READING,	/* from accept or first byte: request_time_ms */
	CONN_BUSY,	/* core has the request */
	CONN_IDLE	/* keep-alive: idle_time_ms */
};

struct conn {
	TAILQ_ENTRY(conn) link;		/* in net->conns[state], oldest first */
	struct net *net;
	struct bufferevent *bev;
	enum conn_state state;
	int64_t since_ms;		/* when it entered its state */
	bool asleep;
	bool local, cut, known;		/* known: the members below are */
	enum req_caller caller;
	char caller_id[65];
	char cert_fp[65];
	char addr[64];
	char token[NET_TOKEN_MAX + 1], token_hash[65];	/* as last sent */
	uint32_t uid, gid;
};
TAILQ_HEAD(conn_list, conn);

/* A page in the making: what the HTML flavour needs when core answers. */
struct page {
	char device[65];
	char session[65];
	char locale[16];
	char card[233];			/* wiped with the page */
};

struct pend {
	struct evhttp_request *req;	/* NULL: the slot is free */
	uint32_t id;			/* slot and generation */
	int64_t due_ms;
	char request_id[65];
	struct page *page;		/* owned; NULL for JSON */
	uint32_t next, prev;		/* by age, or the free list */
};

struct net {
	struct role *role;
	struct evhttp *https, *local;
	struct evhttp_bound_socket *bound[NET_LISTENERS_MAX];
	unsigned nbound, nhttps;	/* the first nhttps of them are HTTPS */
	bool stopping, full, resting;
	int64_t stop_due_ms;
	SSL_CTX *tls;
	struct event *tick, *rested;
	struct conn_list conns[3];
	struct conn **by_fd;		/* owned table */
	size_t by_fd_size;
	size_t nconns, nlocals, ncut, conns_max;
	struct ipc_chan *core;
	struct pend *pend;		/* NET_PENDING_MAX + 1: the last is the
					 * head of the waiting */
	uint32_t pend_free;
	unsigned npend;
	struct rel_buf out;		/* scratch: messages to core, pages */
	uint8_t csrf_key[32];
	char date[40];			/* header Date, for date_s */
	int64_t date_s;
};

/* ---- net.c */
/* The tick runs while there is a connection. */
void net_tick_start(struct net *n);

/* ---- tls.c */
/* -REL_E_FORMAT for certificates or keys that OpenSSL does not take. */
int tls_init(struct net *n, struct rel_err *err);
void tls_fini(struct net *n);
/*
 * Another certificate and key (PEM) for connections that come from now on;
 * when they do not load the old ones stay.
 */
int tls_change(struct net *n, const uint8_t *cert, size_t cert_len,
    const uint8_t *key, size_t key_len, struct rel_err *err);
/* Who is at the other end, into c->caller, caller_id and cert_fp. */
void tls_peer(struct conn *c);

/* ---- conn.c */
int conn_init(struct net *n, struct rel_err *err);
void conn_fini(struct net *n);
/* These are the HTTPS listeners now; connections that are there stay. */
int conn_listen(struct net *n, const int *fds, unsigned nfds,
    struct rel_err *err);
/* The settings are new. */
void conn_settings(struct net *n);
/* The connection a request came on, with caller known; NULL when it is gone. */
struct conn *conn_of(struct net *n, struct evhttp_request *req);
void conn_state_set(struct conn *c, enum conn_state state);
/* Close what is over its time; called every NET_TICK_MS. */
void conn_tick(struct net *n);

/* ---- pend.c: requests that wait for core */
int pend_init(struct net *n, struct rel_err *err);
void pend_fini(struct net *n);
/* NULL when NET_PENDING_MAX wait already. */
struct pend *pend_add(struct net *n, struct evhttp_request *req);
/* The waiting request of an id, or NULL (answered, given up). */
struct pend *pend_get(struct net *n, uint32_t id);
void pend_drop(struct net *n, struct pend *p);
void page_free(struct page *pg);
/* Answer 503 to all that are due at `now`; INT64_MAX for every one. */
void pend_expire(struct net *n, int64_t now);

/* ---- http.c */
/* evhttp's callback for every request, of either listener; net is a net. */
void http_on_request(struct evhttp_request *req, void *net);
/* core's IPC_RESPONSE. */
void http_on_core(struct net *n, const struct rel_frame *fr);
/*
 * Fill in who asks (caller, address, locale) and what is asked (rq->route).
 * Returns NULL, or the problem code when that one may not.
 */
const char *http_caller(struct net *n, struct evhttp_request *req,
    struct request *rq);
/*
 * Give rq to core; the answer goes to req. page becomes the waiting
 * request's (NULL for JSON). Answers by itself when core cannot be asked.
 */
void http_ask_core(struct net *n, struct evhttp_request *req,
    const struct request *rq, struct page *page);
/* A header of the request, "" when it is not there. */
const char *http_header(struct evhttp_request *req, const char *name);
/* The whole body in one piece (evhttp's); *len 0 and "" for none. */
char *http_body(struct evhttp_request *req, size_t *len);

/* ---- answer.c */
/* status 0: the one of the code. request_id may be "". */
void answer_problem(struct net *n, struct evhttp_request *req,
    const struct response *rs, const char *request_id);
void answer_code(struct net *n, struct evhttp_request *req, const char *code,
    const char *detail);
void answer_json(struct net *n, struct evhttp_request *req,
    const struct response *rs);
/* A page of the HTML flavour; refresh_s 0 for none. */
void answer_page(struct net *n, struct evhttp_request *req, int status,
    const struct rel_buf *body, unsigned refresh_s);
void answer_css(struct net *n, struct evhttp_request *req);
/* 303 to the panel. */
void answer_see_panel(struct net *n, struct evhttp_request *req);
void answer_header(struct evhttp_request *req, const char *name,
    const char *value);

/* ---- panel.c: the HTML flavour */
#define PANEL_PATH "/panel/"
/* A request whose path begins with PANEL_PATH. */
void panel_request(struct net *n, struct evhttp_request *req,
    const char *path);
void panel_answer(struct net *n, struct evhttp_request *req,
    const struct page *pg, const struct response *rs);
void panel_problem(struct net *n, struct evhttp_request *req,
    const char *code);

#endif
