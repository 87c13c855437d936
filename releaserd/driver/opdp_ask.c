/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* One call of a device's OPDP API: the request, its repetition, its answer. */
#include "releaserd/driver/opdp_priv.h"

#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

#include "releaserd/driver/relay.h"
#include "releaserd/json_in.h"

#define ANSWER_MAX (256u * 1024)
#define AGAIN_MS 1000		/* the first pause; the next ones double */
#define AGAIN_ROOM_MS 2000	/* so much must be left for another try */

void
opdp_answer_init(struct opdp_answer *a)
{
	memset(a, 0, sizeof *a);
}

void
opdp_answer_fini(struct opdp_answer *a)
{
	json_decref(a->body);
	memset(a, 0, sizeof *a);
}

/* ---- the request */

struct lines {
	char line[5][400];
	const char *all[6];
	unsigned n;
};

static void
line_add(struct lines *h, const char *name, const char *value)
{
	snprintf(h->line[h->n], sizeof h->line[0], "%s: %s", name, value);
	h->all[h->n] = h->line[h->n];
	h->all[++h->n] = NULL;
}

static void
request_lines(struct lines *h, const struct driver_ask *q,
    const struct opdp_call *call)
{
	char bearer[100];

	h->n = 0;
	line_add(h, "OPDP-Version", "1.0");
	if (call->text_len > 0)
		line_add(h, "Content-Type", "application/json");
	if (call->if_match != NULL)
		line_add(h, "If-Match", call->if_match);
	if (call->key != NULL && call->key[0] != '\0')
		line_add(h, "Idempotency-Key", call->key);
	if (q->at.token[0] != '\0') {
		snprintf(bearer, sizeof bearer, "Bearer %s", q->at.token);
		line_add(h, "Authorization", bearer);
		rel_wipe(bearer, sizeof bearer);
	}
}

/* The device fetches it. */
static int
relayed(const struct driver_ask *q, const struct opdp_call *call,
    int64_t until_ms, struct driver_reply *r, struct rel_err *err)
{
	const struct relay_call c = { q->at.device, call->method, call->path,
	    call->if_match, call->key, call->text, call->text_len,
	    until_ms };

	return driver_relay(&c, r, err);
}

static int
request(const struct driver_ask *q, const struct opdp_call *call,
    int64_t until_ms, struct driver_reply *r, struct rel_err *err)
{
	struct lines lines;
	char url[600];
	struct driver_http h = {
		.method = call->method, .url = url, .headers = lines.all,
		.body = call->text, .body_len = call->text_len,
		.cert = q->at.cert, .cert_len = q->at.cert_len,
		.key = q->at.key, .key_len = q->at.key_len,
		.pin = q->at.pin, .limit = ANSWER_MAX, .until_ms = until_ms
	};
	size_t n = strlen(q->at.url);
	int rc;

	if (strcmp(q->at.url, "poll:") == 0)
		return relayed(q, call, until_ms, r, err);
	/* Nobody else may get what is said to this device. */
	if (strncmp(q->at.url, "https://", 8) != 0 || strlen(q->at.pin) != 64)
		return rel_err_set(err, REL_E_FORMAT,
		    "the device has told no address of its API, or no key");
	while (n > 0 && q->at.url[n - 1] == '/')
		n--;
	snprintf(url, sizeof url, "%.*s%s", (int)n, q->at.url, call->path);
	request_lines(&lines, q, call);
	rc = driver_http(&h, r, err);
	rel_wipe(&lines, sizeof lines);
	return rc;
}

/* ---- the answer */

static void
problem_words(struct opdp_answer *a, struct rel_err *err, int code)
{
	const char *said = json_string_value(json_object_get(a->body,
	    "code"));
	const char *detail = json_string_value(json_object_get(a->body,
	    "detail"));
	char clean[120];

	rel_text_clean(a->code, sizeof a->code, said != NULL ? said : "");
	rel_text_clean(clean, sizeof clean, detail != NULL ? detail : "");
	rel_err_set(err, code, "the device refuses: %d%s%s%s%s", a->status,
	    a->code[0] != '\0' ? " " : "", a->code,
	    clean[0] != '\0' ? ", " : "", clean);
}

static int
problem(struct opdp_answer *a, struct rel_err *err)
{
	static const struct {
		int status, code;
	} map[] = {
		{ 401, REL_E_DENIED }, { 403, REL_E_DENIED },
		{ 404, REL_E_NOTFOUND }, { 405, REL_E_NOTFOUND },
		{ 409, REL_E_EXISTS }, { 410, REL_E_NOTFOUND },
		{ 412, REL_E_NOTHELD }, { 413, REL_E_LIMIT },
		{ 429, REL_E_PEER }, { 501, REL_E_NOTFOUND }
	};
	int code = a->status >= 500 ? REL_E_PEER : REL_E_FORMAT;

	for (size_t i = 0; i < sizeof map / sizeof map[0]; i++)
		if (map[i].status == a->status)
			code = map[i].code;
	problem_words(a, err, code);
	return -code;
}

#define YEAR_10000_S 253402300800LL

int64_t
opdp_date_ms(const char *date)
{
	time_t t = curl_getdate(date, NULL);

	return t > 0 && (int64_t)t < YEAR_10000_S ? (int64_t)t * 1000 : 0;
}

static int
answer_read(const struct driver_reply *r, struct opdp_answer *a,
    struct rel_err *err)
{
	struct rel_err why = { 0 };
	char date[64];

	a->status = r->status;
	(void)driver_header(r, "ETag", a->etag, sizeof a->etag);
	if (driver_header(r, "Date", date, sizeof date))
		a->date_ms = opdp_date_ms(date);
	if (r->body.len > 0)
		a->body = json_in((const char *)r->body.data, r->body.len,
		    &why);
	if (r->status >= 300 && r->status < 400)
		return rel_err_set(err, REL_E_FORMAT, "the device answers "
		    "with another address (%d), which is not followed",
		    r->status);
	if (r->status >= 400)
		return problem(a, err);
	if (r->body.len > 0 && a->body == NULL)
		return rel_err_set(err, REL_E_FORMAT,
		    "the device's answer is none: %s", why.text);
	return 0;
}

int
opdp_ask(const struct driver_ask *q, const struct opdp_call *call,
    struct opdp_answer *a, struct rel_err *err)
{
	int64_t until = driver_until(q), pause = AGAIN_MS;
	bool again = strcmp(call->method, "GET") != 0;
	struct driver_reply r;
	int rc;

	driver_reply_init(&r);
	while ((rc = request(q, call, until, &r, err)) == -REL_E_PEER &&
	    again && rel_mono_ms() + pause + AGAIN_ROOM_MS < until) {
		driver_sleep(rel_mono_ms() + pause);
		pause *= 2;
	}
	if (rc == 0)
		rc = answer_read(&r, a, err);
	driver_reply_fini(&r);
	return rc;
}
