/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_API_H
#define REL_API_H

#include <jansson.h>

#include "lib/buf.h"
#include "lib/err.h"

/*
 * A client of releaserd's local API (doc/local-api.md): JSON over HTTP on a
 * unix socket.  Who is asking, releaserd learns from the kernel.  One
 * connection, kept open, one call at a time.
 */
struct rel_api;

/*
 * Make a client of the socket at path (borrowed for the call).  Nothing is
 * sent yet.  0, or -REL_E_NOMEM.
 */
int rel_api_new(struct rel_api **out, const char *path, struct rel_err *err);
void rel_api_free(struct rel_api **ap);

/*
 * Whose calls these are, when it is not the user of this process: the
 * certificate that cupsd keeps for it (32 hex digits; borrowed for the call).
 * From then on the calls are that visitor's.
 */
void rel_api_visitor(struct rel_api *a, const char *certificate);

/*
 * The next call's Idempotency-Key (1..79 characters; borrowed for the call):
 * releaserd does what is sent with the same key once.
 */
void rel_api_once(struct rel_api *a, const char *key);

/* The problem code ("job-not-held") of the last call, "" when it was none;
 * borrowed until the next call. */
const char *rel_api_problem(const struct rel_api *a);

/* The field or setting it was about, when releaserd named one; else "". */
const char *rel_api_field(const struct rel_api *a);

/*
 * One call.
 *
 * method  "GET", "POST", "PATCH", "DELETE"
 * path    with query, ready to send: "/api/v1/jobs?user=anna"
 * body    borrowed; NULL for none.  Its text is wiped after sending.
 * out     on success the answer, freed with json_decref(); an empty object
 *         when there was none (204); may be NULL
 *
 * Returns 0 for 2xx; else err holds releaserd's own words and the code is
 * -REL_E_PEER it does not answer at all, -REL_E_DENIED (401, 403),
 * -REL_E_NOTFOUND (404), -REL_E_NOTHELD or -REL_E_EXISTS (409),
 * -REL_E_LIMIT (413, 429), -REL_E_FULL (503, try later), -REL_E_FORMAT for
 * everything else, also for an answer that is no JSON.
 */
int rel_api_call(struct rel_api *a, const char *method, const char *path,
    const json_t *body, json_t **out, struct rel_err *err);

/* GET path, as rel_api_call(): the answer's own text, borrowed until the next
 * call and not looked into. */
int rel_api_text(struct rel_api *a, const char *path, const char **text,
    size_t *len, struct rel_err *err);

/* Another client of the same socket, for the same visitor, with a connection
 * of its own: for another process. */
int rel_api_again(const struct rel_api *a, struct rel_api **out,
    struct rel_err *err);

/* ---- api_list.c */

/*
 * A whole list: every page of path, put together.
 *
 * path   "/groups", below /api/v1, ready to send
 * query  "" or "user=...&", values encoded
 * key    of the array in the answers
 * most   not more than so many rows; 0: all
 * out    on success {"KEY":[...],"next":null}, freed with json_decref()
 *
 * Errors as rel_api_call().
 */
struct rel_api_list {
	const char *path, *query, *key;	/* borrowed for the call */
	size_t most;
};
int rel_api_list(struct rel_api *a, const struct rel_api_list *l,
    json_t **out, struct rel_err *err);

/* Add "key=value&", the value encoded; nothing when it is NULL. */
void rel_api_query(struct rel_buf *b, const char *key, const char *value);

/* Append s to a path or query, everything but unreserved bytes as %XX. */
void rel_api_escape(struct rel_buf *b, const char *s);

#endif
