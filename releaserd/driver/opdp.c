/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The driver `opdp`: devices that speak this project's protocol. */
#include "releaserd/driver/opdp_priv.h"

#include <stdio.h>
#include <string.h>

#define REVISION_TRIES 3	/* somebody else may change it meanwhile */

static int
info(const struct driver_ask *q, struct driver_said *s, struct rel_err *err)
{
	static const struct opdp_call call = { .method = "GET",
	    .path = "/info" };
	struct opdp_answer a;
	int rc;

	opdp_answer_init(&a);
	if ((rc = opdp_ask(q, &call, &a, err)) == 0)
		opdp_info_items(&s->items, a.body);
	opdp_answer_fini(&a);
	return rc;
}

static int
status(const struct driver_ask *q, struct driver_said *s, struct rel_err *err)
{
	static const struct opdp_call call = { .method = "GET",
	    .path = "/status" };
	int64_t began = rel_now_ms();
	struct opdp_answer a;
	const char *boot;
	int rc;

	opdp_answer_init(&a);
	if ((rc = opdp_ask(q, &call, &a, err)) == 0) {
		opdp_status_items(&s->items, a.body, &a, began);
		/* After a start it may be another machine in many ways. */
		boot = json_string_value(json_object_get(a.body, "boot_id"));
		rel_text_clean(s->kept, 64, boot != NULL ? boot : "");
		s->changed = strcmp(s->kept, q->kept) != 0;
	}
	opdp_answer_fini(&a);
	return rc;
}

/* ---- the session */

static bool
id_ok(const char *id)
{
	size_t n = strspn(id, "0123456789abcdefABCDEF-");

	return n > 0 && n <= 64 && id[n] == '\0';
}

static int
session(const struct driver_ask *q, const char *method, struct rel_err *err)
{
	char path[120];
	struct opdp_call call = { .method = method, .path = path,
	    .text = q->text, .text_len = q->text_len };
	struct opdp_answer a;
	int rc;

	if (!id_ok(q->id))
		return rel_err_set(err, REL_E_FORMAT, "no id of a session");
	/* q->number 1: whatever session is open there ends */
	snprintf(path, sizeof path, "/session/%.64s%s", q->id, q->number == 1 ?
	    "?takeover=1" : "");
	opdp_answer_init(&a);
	rc = opdp_ask(q, &call, &a, err);
	opdp_answer_fini(&a);
	return rc;
}

static int
session_open(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	(void)s;
	return session(q, "PUT", err);
}

static int
session_update(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	(void)s;
	return session(q, "PATCH", err);
}

static int
session_close(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	int rc = session(q, "DELETE", err);

	(void)s;
	return rc == -REL_E_NOTFOUND ? 0 : rc;
}

/* ---- restrictions and configuration */

static int64_t
rev_of(const struct opdp_answer *a)
{
	const json_t *rev = json_object_get(a->body, "rev");
	const char *digits = a->etag + (a->etag[0] == '"');
	int64_t v;
	char text[24];

	if (json_is_integer(rev))
		return json_integer_value(rev);
	snprintf(text, sizeof text, "%.*s", (int)strspn(digits, "0123456789"),
	    digits);
	return rel_int(&v, text, 0, INT64_MAX) ? v : -1;
}

/* What it has now. */
static int
document_get(const struct driver_ask *q, const char *path, int64_t *rev,
    struct rel_buf *text, struct rel_err *err)
{
	const struct opdp_call call = { .method = "GET", .path = path };
	struct opdp_answer a;
	char *all;
	int rc;

	opdp_answer_init(&a);
	if ((rc = opdp_ask(q, &call, &a, err)) == 0) {
		*rev = rev_of(&a);
		if (text != NULL && (all = json_dumps(a.body,
		    JSON_COMPACT)) != NULL) {
			json_free_t drop;

			rel_put_raw(text, all, strlen(all));
			json_get_alloc_funcs(NULL, &drop);
			drop(all);
		}
	}
	opdp_answer_fini(&a);
	return rc;
}

static int
document_put(const struct driver_ask *q, const char *path, int64_t rev,
    struct rel_err *err)
{
	char match[32];
	const struct opdp_call call = { .method = "PUT", .path = path,
	    .text = q->text, .text_len = q->text_len, .if_match = match };
	struct opdp_answer a;
	int rc;

	snprintf(match, sizeof match, "\"%lld\"", (long long)rev);
	opdp_answer_init(&a);
	rc = opdp_ask(q, &call, &a, err);
	opdp_answer_fini(&a);
	return rc;
}

/* Ours takes the place of whatever it has: the server decides. */
static int
document_bring(const struct driver_ask *q, const char *path,
    struct rel_err *err)
{
	int64_t rev = q->number;
	int rc = 0;

	for (unsigned i = 0; i < REVISION_TRIES; i++) {
		if (rev < 0 && (rc = document_get(q, path, &rev, NULL,
		    err)) < 0)
			return rc;
		rc = document_put(q, path, rev, err);
		if (rc != -REL_E_NOTHELD)
			return rc;
		rev = -1;
	}
	return rc;
}

static int
restrictions_get(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	return document_get(q, "/restrictions", &s->number, &s->text, err);
}

static int
restrictions_put(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	(void)s;
	return document_bring(q, "/restrictions", err);
}

static int
config_put(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	(void)s;
	return document_bring(q, "/config", err);
}

/* ---- commands */

static int
command(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	const struct opdp_call call = { .method = "POST", .path = "/command",
	    .text = q->text, .text_len = q->text_len, .key = q->id };
	struct opdp_answer a;
	int rc;

	(void)s;
	opdp_answer_init(&a);
	rc = opdp_ask(q, &call, &a, err);
	opdp_answer_fini(&a);
	return rc;
}

const struct driver_ops driver_opdp = {
	.name = "opdp",
	.words = "devices that speak OPDP, the protocol of cups-release",
	.can = DRIVER_CAN_INFO | DRIVER_CAN_SESSION | DRIVER_CAN_RESTRICT |
	    DRIVER_CAN_CONFIG | DRIVER_CAN_USAGE | DRIVER_CAN_COMMAND,
	.info = info,
	.status = status,
	.session_open = session_open,
	.session_update = session_update,
	.session_close = session_close,
	.restrictions_get = restrictions_get,
	.restrictions_put = restrictions_put,
	.config_put = config_put,
	.usage_fetch = opdp_usage_fetch,
	.usage_ack = opdp_usage_ack,
	.command = command
};
