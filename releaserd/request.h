/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REQUEST_H
#define REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/papers.h"

/*
 * A request as it crosses from net to core.  net parses HTTP and JSON, checks
 * it against the route's table (routes.c: method, caller, size, shape) and
 * hands over typed fields only: core never sees a byte of JSON from outside.
 */

/* Who is asking, as far as net can prove it. */
enum req_caller {
	CALLER_ANYONE,		/* TLS without a client certificate, no token */
	CALLER_DEVICE,		/* client certificate of our CA */
	CALLER_TOKEN,		/* bearer token of a device; core has its hash */
	CALLER_USER,		/* the same of a person who logged in */
	CALLER_LOCAL		/* unix socket, peer credentials */
};

enum req_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE };

/* Fields of all routes, once each: FIELD(id, "json.path") */
enum req_field {
#define FIELD(id, path) id,
#include "releaserd/fields.def"
#undef FIELD
	F_COUNT
};

enum field_type {
	FT_STR,		/* JSON string, min..max bytes of UTF-8, no control bytes;
			 * null counts as absent */
	FT_INT,		/* JSON integer (or digits in a query), min..max */
	FT_BOOL,	/* JSON true or false */
	FT_JOBS,	/* "all", or [{"id":S,"options":{...}}] or ["ID"]: at most
			 * 200; sent as "all" or as job lists, see req_job */
	FT_OPTIONS,	/* {"copies":n,"color":S,...}: see struct req_options */
	FT_RECORDS,	/* usage records of a device: at most max, see req_record */
	FT_JSON		/* any value, handed over as compact text, max bytes */
};

#define FIELD_REQUIRED 1u
#define FIELD_QUERY 2u		/* comes from the query string, not the body */
#define FIELD_PATH 4u		/* comes from the {} of the path, decoded */
#define FIELD_SECRET 8u		/* wiped; never logged; may hold any UTF-8 */
#define FIELD_LINES 16u		/* a text of several lines */

struct route_field {
	enum req_field id;
	enum field_type type;
	int64_t min, max;
	unsigned flags;
};

enum req_route {
#define ROUTE(id, method, path, callers, fields) id,
#include "releaserd/routes.def"
#undef ROUTE
	ROUTE_COUNT
};

#define BY_ANYONE (1u << CALLER_ANYONE)
#define BY_DEVICE (1u << CALLER_DEVICE | 1u << CALLER_TOKEN)
#define BY_USER (1u << CALLER_USER)
#define BY_LOCAL (1u << CALLER_LOCAL)
#define BY_PERSON (BY_LOCAL | BY_USER)
/* ... and whoever has opened it with the backup password (core/backup.h). */
#define BY_BACKUP (1u << 8)
#define BY_SECURITY (BY_PERSON | BY_BACKUP)

struct route {
	const char *name;		/* "PANEL_ACTION" */
	enum req_method method;
	const char *path;		/* "/opdp/v1/panel/action"; one {} allowed */
	unsigned callers;		/* BY_* */
	const struct route_field *fields;	/* ends with id F_COUNT */
};

extern const struct route routes[ROUTE_COUNT];

/* The body a route takes when it is more than others may have; else 0. */
#define ROUTE_BODY_LARGE (4u << 20)
size_t route_body_large(enum req_route route);
extern const char *const field_paths[F_COUNT];

/*
 * What a person may change of a job, checked by net (options.c): the options
 * of doc/opdp.md as "name=value name=value", in which no name or value has a
 * blank, a quote or a control character.
 */
struct req_options {
	char changes[512];		/* "" when nothing is asked */
	char unsupported[64];		/* first option nobody knows, or "" */
};

struct req_job {
	char id[24];
	struct req_options options;
};

/*
 * A usage record of a device (doc/opdp.md), checked and its lines added up by
 * net or a driver (records.c).  One that is wrong says so and has nothing else
 * but seq.  Of a scan or a fax that was sent, sides are pages that were read.
 */
struct req_record {
	int64_t seq;			/* 1 or more; 0: it has none */
	char code[16];			/* "" good; else why it is not taken */
	char why[80];			/* the same in plain words */
	char record_id[40], corrects[40];	/* "" none */
	char ref[16];			/* release_ref; "" none */
	char session_id[40], grant_id[24], device_job[40];	/* "" none */
	char account[84];		/* that was chosen at the panel; "" */
	char ended_at[32];		/* RFC 3339, by a clock that the device
					 * calls right; not read yet; "" */
	char function[16], result[16], cause[16];
	char measure[16];		/* "device" when it does not say */
	char media[48];			/* of most sides; "" */
	int64_t sides, colour, sheets;
	int64_t life;			/* its counter of sides after it; 0 unknown */
	struct rel_papers papers;	/* the same by size of paper */
};
#define REQ_RECORDS_MAX 100u
/* On the wire; n is set and *v allocated by the latter (free() it). */
void req_records_put(struct rel_buf *b, const struct req_record *v, size_t n);
struct rel_cur;
void req_records_get(struct rel_cur *c, struct req_record **v, size_t *n);
#define REQ_SIDES_MAX INT64_C(100000000)	/* of one record */

struct request {
	enum req_route route;
	enum req_caller caller;
	char caller_id[65];	/* DEVICE: device_id of the certificate;
				 * TOKEN, USER: hex SHA-256 of the token */
	char cert_fp[65];	/* DEVICE: hex SHA-256 of the certificate */
	uint32_t uid, gid;	/* LOCAL */
	char cups_cert[33];	/* LOCAL: cupsd's certificate of the page that
				 * asks for its visitor; "" none */
	char addr[64];		/* source address, no port; "local" */
	char idem_key[80];	/* Idempotency-Key header or request_id; "" none */
	uint8_t body_hash[32];	/* SHA-256 of the raw body as it came */
	char locale[16];	/* "de", "en"; from the body or Accept-Language */
	bool html;		/* the caller shows HTML: leave no native items */

	/* fields, by req_field; absent ones are NULL / not set */
	struct {
		bool set;
		const char *str;	/* FT_STR, FT_JSON: into the blob */
		int64_t num;		/* FT_INT, FT_BOOL */
	} f[F_COUNT];
	bool all_jobs;			/* FT_JOBS was "all" */
	struct req_job *jobs;		/* FT_JOBS: owned */
	size_t njobs;
	struct req_options options;	/* FT_OPTIONS */
	struct req_record *records;	/* FT_RECORDS: owned */
	size_t nrecords;
	char *blob;			/* owned memory of the strings; wiped */
	size_t blob_len;
};

/* The text of a field, or NULL; the number, or dflt. */
const char *req_str(const struct request *rq, enum req_field id);
int64_t req_num(const struct request *rq, enum req_field id, int64_t dflt);

/* Write rq into b; read it back (-REL_E_FORMAT when malformed). */
void request_put(struct rel_buf *b, const struct request *rq);
int request_get(struct request *rq, const void *p, size_t n);
void request_fini(struct request *rq);

/*
 * The answer of core.  status 200..299 with a JSON body, or a problem: the
 * code word of opdp.md B6 from which net makes status and RFC 9457 body.
 */
struct response {
	int status;			/* 200, 201, 202, 204; 0: see problem */
	bool replayed;			/* Idempotent-Replay: true */
	char problem[40];		/* "quota-exceeded"; "" when none */
	char detail[240];		/* plain words, for logs and releasectl */
	char field[64];			/* the member or setting at fault, or "" */
	uint32_t retry_after_s;		/* 0 for none */
	const char *body;		/* JSON text, body_len bytes; borrowed */
	size_t body_len;
};

void response_put(struct rel_buf *b, const struct response *rs);
int response_get(struct response *rs, const void *p, size_t n);

/* HTTP status of a problem code; 500 for an unknown one. */
int problem_status(const char *code);

#endif
