/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_HTTPS_H
#define OPSIM_HTTPS_H

#include <stdbool.h>
#include <stddef.h>

#include <event2/event.h>

#include "lib/err.h"
#include "tests/opsim/state.h"

/*
 * The device's HTTPS client: libcurl in a libevent loop, so that paper still
 * comes out while the server thinks.  Connect 3 s, whole request 10 s, no
 * redirects followed, TLS 1.2 or better, the certificate of STATE when there
 * is one.
 */
struct https;

struct https_request {
	const char *method;	/* "GET", "POST", "DELETE" */
	const char *path;	/* "/opdp/v1/panel/menu" */
	const char *body;	/* copied; NULL for none */
	size_t body_len;
	const char *type;	/* Content-Type; NULL is application/json */
	const char *accept;	/* NULL is application/json */
	const char *idem_key;	/* Idempotency-Key; NULL for none */
	bool own_connection;	/* not one that another request used */
	bool browser;		/* the panel's browser: cookies, Origin */
};

struct https_answer {
	long status;		/* 0: no answer, see trouble */
	bool replayed;		/* Idempotent-Replay: true */
	const char *body;	/* body_len bytes and a NUL; borrowed */
	size_t body_len;
	const char *type, *location, *csp;	/* headers, "" when absent */
	const char *trouble;	/* plain words; "" when there is an answer */
};

typedef void (*https_cb)(const struct https_answer *a, void *ctx);

struct https_setup {
	const char *server;	/* "https://host:port" */
	const char *ca_file;	/* PEM; NULL: only the pin counts */
	const char *pin;	/* "sha256/BASE64" or NULL */
	const char *cert_file, *key_file;	/* NULL: none */
	const char *trace;	/* JSON lines are appended there; NULL */
	const char *locale;	/* Accept-Language */
	const char *token;	/* of a device without a certificate; NULL */
};

int https_new(struct https **out, struct event_base *base,
    const struct https_setup *how, struct rel_err *err);
void https_free(struct https **hp);

/*
 * Send; cb comes once, later.  Returns 0 or -REL_E_NOMEM (no cb then).
 * Requests still on their way when https_free() is called get no cb.
 */
int https_send(struct https *h, const struct https_request *rq, https_cb cb,
    void *ctx, struct rel_err *err);

/* The client of a registered device (STATE's files and device.json). */
int https_of_device(struct https **out, struct event_base *base,
    const struct state *st, const char *trace, const char *locale,
    struct rel_err *err);

const char *https_server(const struct https *h);

/* Where its messages are written down; NULL: nowhere. */
struct trace *https_trace(const struct https *h);

#endif
