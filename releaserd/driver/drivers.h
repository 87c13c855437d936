/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef DRIVERS_H
#define DRIVERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include <event2/event.h>

#include "lib/buf.h"
#include "lib/dial.h"
#include "lib/err.h"
#include "lib/text.h"
#include "releaserd/driver/driver.h"

/*
 * What drivers have in common: HTTP and waiting.  In the role each call runs
 * on a stack of its own, and all of this lets others go on meanwhile; without
 * a loop (tests) it just waits.  Descriptors are waited for with rel_wait().
 */

/* ---- HTTP/1.1 (http.c) */

/*
 * A request.  Only http and https; no redirects, no proxies, TLS 1.2 at least,
 * no "Expect"; connecting takes 5 s at most.  Connections stay open for the
 * next request to the same server with the same certificate and pin.
 */
struct driver_http {
	const char *method;		/* "GET", "POST", "PUT", "PATCH" ... */
	const char *url;
	const char *const *headers;	/* "Name: value", ended by NULL; or NULL */
	const void *body;		/* body_len 0: none */
	size_t body_len;
	const uint8_t *cert, *key;	/* client's, PEM; or nothing */
	size_t cert_len, key_len;
	const char *pin;		/* SHA-256 of the server's public key (DER
					 * SPKI), hex: nothing else counts then;
					 * "" or NULL: a CA of this machine */
	bool any_server;		/* no pin: whoever it is (never with a
					 * secret); reply.pin says who it was */
	size_t limit;			/* bytes of the answer at most */
	int64_t until_ms;		/* rel_mono_ms() */
};

struct driver_reply {
	int status;			/* 200..599 */
	struct rel_buf body;		/* owned; never more than limit */
	char type[128];			/* Content-Type, lower case, no
					 * parameters: "application/json" */
	struct rel_buf head;		/* owned; its lines, for driver_header() */
	char pin[65];			/* of the server's key (https), or "" */
};

void driver_reply_init(struct driver_reply *r);
void driver_reply_fini(struct driver_reply *r);

/*
 * Ask, and wait for the answer.  0: there is one, whatever its status, in r
 * (which is initialised; what it had is gone).  -REL_E_PEER away;
 * -REL_E_TIMEOUT; -REL_E_DENIED it is not the one it should be, or takes no
 * part of us; -REL_E_LIMIT more than limit; -REL_E_FORMAT no HTTP, or no URL;
 * -REL_E_NOMEM.  err says it in words, without the URL.
 */
int driver_http(const struct driver_http *h, struct driver_reply *r,
    struct rel_err *err);

/* A header of the answer, "" when there is none; false: none, or too long. */
bool driver_header(const struct driver_reply *r, const char *name, char *out,
    size_t size);

/* ---- names (resolve.c) */

struct driver_address {
	struct sockaddr_storage to;
	socklen_t len;
};

/*
 * The first address of a host, a name or an address (which asks nobody); port
 * is put into it.  0; -REL_E_NOTFOUND it has none; -REL_E_PEER, -REL_E_TIMEOUT
 * no name server answers: try later.  getaddrinfo() itself would stop everybody.
 */
int driver_resolve(const char *host, uint16_t port, int64_t until_ms,
    struct driver_address *out, struct rel_err *err);

/* ---- waiting */

/* Nothing until then (rel_mono_ms()). */
void driver_sleep(int64_t until_ms);

/* When all of this question must be over (rel_mono_ms()): q->until_ms, or
 * where that is 0 (tests) so much from now on. */
int64_t driver_until(const struct driver_ask *q);

/*
 * "http://[2001:db8::7]:8080/path": the host is a name or an address; port 0
 * is the usual one.  False: it is no host, or there is no room.
 */
bool driver_url(char *out, size_t size, const char *scheme, const char *host,
    unsigned port, const char *path);

/* ---- the role's own */

/* base NULL: there is no loop. */
int driver_http_begin(struct event_base *base);
void driver_http_end(void);

#endif
