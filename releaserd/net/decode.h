/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef NET_DECODE_H
#define NET_DECODE_H

#include <jansson.h>

#include "releaserd/json_in.h"
#include "releaserd/request.h"

/*
 * From the bytes of an HTTP request to a struct request.  Pure: no socket, no
 * clock, no file.  Bounds of doc/opdp.md, "Transport": everything beyond them
 * is refused with words that name the member at fault.
 */
#define NET_BODY_MAX (256u * 1024)
#define NET_STRING_LOCAL 131072u	/* of the local API, where a field may */

/*
 * The token of a header Authorization, "Bearer TOKEN" (RFC 6750 section 2.1):
 * 1 to NET_TOKEN_MAX printable characters without blanks. NULL: there is none,
 * or it is no such token. Borrowed from header.
 */
#define NET_TOKEN_MAX 255u
const char *decode_bearer(const char *header, size_t *len);

/*
 * Which route a path and a method mean.
 *
 * path     as it came, without the query
 * door     where it came in
 * arg, n   what stood at {}, still percent-encoded; borrowed from path
 * allowed  bit of each enum req_method that the path knows
 *
 * Returns an enum req_route, or -1 when the path has no such method (allowed
 * says which it has; 0: there is no such path).
 */
enum net_door {
	DOOR_LOCAL,	/* the unix socket: what BY_LOCAL may call */
	DOOR_HTTPS,	/* what others may call */
	DOOR_DEVICES	/* the same, but nothing of people (UserApi no) */
};
int route_find(const char *path, enum req_method method, enum net_door door,
    const char **arg, size_t *n, unsigned *allowed);

/*
 * Fill the fields of rq (rq->route says which) from the path's {}, the query
 * string and the members of body.  Any of them may be NULL.  Members the
 * route does not know are ignored; null counts as absent.
 *
 * Returns 0, or -REL_E_* with words for the caller; request_fini() either way.
 */
int decode_fields(struct request *rq, const char *arg, size_t arg_len,
    const char *query, const json_t *body, struct rel_err *why);

/*
 * Percent-decode n bytes; with plus, '+' is a blank (queries and forms).
 * False for a bad escape, NUL, no UTF-8, or when out (size) is too small.
 */
bool decode_percent(char *out, size_t size, const char *s, size_t n,
    bool plus);

#endif
