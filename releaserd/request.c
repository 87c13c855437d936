/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/request.h"

#include <stdlib.h>
#include <string.h>

#include "lib/cursor.h"
#include "lib/text.h"

#define JOBS_MAX 200u

const char *
req_str(const struct request *rq, enum req_field id)
{
	return rq->f[id].set ? rq->f[id].str : NULL;
}

int64_t
req_num(const struct request *rq, enum req_field id, int64_t dflt)
{
	return rq->f[id].set ? rq->f[id].num : dflt;
}

static void
options_put(struct rel_buf *b, const struct req_options *o)
{
	rel_put_str(b, o->changes);
	rel_put_str(b, o->unsupported);
}

static void
record_put(struct rel_buf *b, const struct req_record *r)
{
	char papers[REL_PAPERS_TEXT];

	rel_put_i64(b, r->seq);
	rel_put_str(b, r->code);
	rel_put_str(b, r->why);
	rel_put_str(b, r->record_id);
	rel_put_str(b, r->corrects);
	rel_put_str(b, r->ref);
	rel_put_str(b, r->session_id);
	rel_put_str(b, r->grant_id);
	rel_put_str(b, r->device_job);
	rel_put_str(b, r->account);
	rel_put_str(b, r->ended_at);
	rel_put_str(b, r->function);
	rel_put_str(b, r->result);
	rel_put_str(b, r->cause);
	rel_put_str(b, r->measure);
	rel_put_str(b, r->media);
	rel_put_i64(b, r->sides);
	rel_put_i64(b, r->colour);
	rel_put_i64(b, r->sheets);
	rel_put_i64(b, r->life);
	rel_papers_text(&r->papers, papers);
	rel_put_str(b, papers);
}

void
req_records_put(struct rel_buf *b, const struct req_record *v, size_t n)
{
	rel_put_u32(b, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		record_put(b, &v[i]);
}

void
request_put(struct rel_buf *b, const struct request *rq)
{
	uint32_t n = 0;

	rel_put_u16(b, (uint16_t)rq->route);
	rel_put_u8(b, (uint8_t)rq->caller);
	rel_put_str(b, rq->caller_id);
	rel_put_str(b, rq->cert_fp);
	rel_put_u32(b, rq->uid);
	rel_put_u32(b, rq->gid);
	rel_put_str(b, rq->cups_cert);
	rel_put_str(b, rq->addr);
	rel_put_str(b, rq->idem_key);
	rel_put_bytes(b, rq->body_hash, sizeof rq->body_hash);
	rel_put_str(b, rq->locale);
	rel_put_u8(b, rq->html);
	rel_put_u8(b, rq->all_jobs);
	options_put(b, &rq->options);
	rel_put_u32(b, (uint32_t)rq->njobs);
	for (size_t i = 0; i < rq->njobs; i++) {
		rel_put_str(b, rq->jobs[i].id);
		options_put(b, &rq->jobs[i].options);
	}
	req_records_put(b, rq->records, rq->nrecords);
	for (size_t i = 0; i < F_COUNT; i++)
		n += rq->f[i].set;
	rel_put_u32(b, n);
	for (size_t i = 0; i < F_COUNT; i++) {
		if (!rq->f[i].set)
			continue;
		rel_put_u16(b, (uint16_t)i);
		rel_put_u8(b, rq->f[i].str != NULL);
		if (rq->f[i].str != NULL)
			rel_put_str(b, rq->f[i].str);
		else
			rel_put_i64(b, rq->f[i].num);
	}
}

static void
options_get(struct rel_cur *c, struct req_options *o)
{
	rel_get_str(c, o->changes, sizeof o->changes);
	rel_get_str(c, o->unsupported, sizeof o->unsupported);
}

static void
jobs_get(struct rel_cur *c, struct request *rq)
{
	uint32_t n = rel_get_u32(c);

	if (n == 0 || c->bad)
		return;
	if (n > JOBS_MAX ||
	    (rq->jobs = calloc(n, sizeof *rq->jobs)) == NULL) {
		c->bad = n > JOBS_MAX ? REL_E_LIMIT : REL_E_NOMEM;
		return;
	}
	rq->njobs = n;
	for (uint32_t i = 0; i < n; i++) {
		rel_get_str(c, rq->jobs[i].id, sizeof rq->jobs[i].id);
		options_get(c, &rq->jobs[i].options);
	}
}

/* What net says of a record is bounded here once more. */
static void
record_get(struct rel_cur *c, struct req_record *r)
{
	char papers[REL_PAPERS_TEXT];

	r->seq = rel_get_i64(c);
	rel_get_str(c, r->code, sizeof r->code);
	rel_get_str(c, r->why, sizeof r->why);
	rel_get_str(c, r->record_id, sizeof r->record_id);
	rel_get_str(c, r->corrects, sizeof r->corrects);
	rel_get_str(c, r->ref, sizeof r->ref);
	rel_get_str(c, r->session_id, sizeof r->session_id);
	rel_get_str(c, r->grant_id, sizeof r->grant_id);
	rel_get_str(c, r->device_job, sizeof r->device_job);
	rel_get_str(c, r->account, sizeof r->account);
	rel_get_str(c, r->ended_at, sizeof r->ended_at);
	rel_get_str(c, r->function, sizeof r->function);
	rel_get_str(c, r->result, sizeof r->result);
	rel_get_str(c, r->cause, sizeof r->cause);
	rel_get_str(c, r->measure, sizeof r->measure);
	rel_get_str(c, r->media, sizeof r->media);
	r->sides = rel_get_i64(c);
	r->colour = rel_get_i64(c);
	r->sheets = rel_get_i64(c);
	r->life = rel_get_i64(c);
	rel_get_str(c, papers, sizeof papers);
	if (!rel_papers_read(&r->papers, papers) || r->seq < 0 || r->colour < 0 || r->sheets < 0 ||
	    r->sides < r->colour || r->sides > REQ_SIDES_MAX ||
	    r->sheets > REQ_SIDES_MAX)
		c->bad = REL_E_FORMAT;
}

void
req_records_get(struct rel_cur *c, struct req_record **v, size_t *count)
{
	uint32_t n = rel_get_u32(c);

	*v = NULL;
	*count = 0;
	if (n == 0 || c->bad)
		return;
	if (n > REQ_RECORDS_MAX || (*v = calloc(n, sizeof **v)) == NULL) {
		c->bad = n > REQ_RECORDS_MAX ? REL_E_LIMIT : REL_E_NOMEM;
		return;
	}
	*count = n;
	for (uint32_t i = 0; i < n && !c->bad; i++)
		record_get(c, &(*v)[i]);
}

/* One string field: copied into the blob, which is as long as the message. */
static void
field_text_get(struct rel_cur *c, struct request *rq, unsigned id)
{
	char *to = rq->blob + rq->blob_len;
	size_t n;
	const uint8_t *p = rel_get_bytes(c, &n);

	if (p == NULL)
		return;
	if (memchr(p, 0, n) != NULL || !rel_utf8_ok((const char *)p, n)) {
		c->bad = REL_E_FORMAT;
		return;
	}
	memcpy(to, p, n);
	to[n] = '\0';
	rq->blob_len += n + 1;
	rq->f[id].set = true;
	rq->f[id].str = to;
}

static void
fields_get(struct rel_cur *c, struct request *rq)
{
	uint32_t n = rel_get_u32(c);

	for (uint32_t i = 0; i < n && !c->bad; i++) {
		unsigned id = rel_get_u16(c);
		unsigned text = rel_get_u8(c);

		if (id >= F_COUNT || text > 1 || rq->f[id].set) {
			c->bad = REL_E_FORMAT;
		} else if (text) {
			field_text_get(c, rq, id);
		} else {
			rq->f[id].num = rel_get_i64(c);
			rq->f[id].set = true;
		}
	}
}

int
request_get(struct request *rq, const void *p, size_t n)
{
	struct rel_cur c;
	unsigned route, caller;

	memset(rq, 0, sizeof *rq);
	/* A field takes 7 bytes on the wire and 1 more than its text here. */
	if ((rq->blob = malloc(n + 1)) == NULL)
		return -REL_E_NOMEM;
	rel_cur_init(&c, p, n);
	route = rel_get_u16(&c);
	caller = rel_get_u8(&c);
	if (route >= ROUTE_COUNT || caller > CALLER_LOCAL)
		c.bad = REL_E_FORMAT;
	rq->route = (enum req_route)route;
	rq->caller = (enum req_caller)caller;
	rel_get_str(&c, rq->caller_id, sizeof rq->caller_id);
	rel_get_str(&c, rq->cert_fp, sizeof rq->cert_fp);
	rq->uid = rel_get_u32(&c);
	rq->gid = rel_get_u32(&c);
	rel_get_str(&c, rq->cups_cert, sizeof rq->cups_cert);
	rel_get_str(&c, rq->addr, sizeof rq->addr);
	rel_get_str(&c, rq->idem_key, sizeof rq->idem_key);
	rel_get_fixed(&c, rq->body_hash, sizeof rq->body_hash);
	rel_get_str(&c, rq->locale, sizeof rq->locale);
	rq->html = rel_get_u8(&c) != 0;
	rq->all_jobs = rel_get_u8(&c) != 0;
	options_get(&c, &rq->options);
	jobs_get(&c, rq);
	req_records_get(&c, &rq->records, &rq->nrecords);
	fields_get(&c, rq);
	return rel_cur_end(&c);
}

void
request_fini(struct request *rq)
{
	if (rq->blob != NULL)
		rel_wipe(rq->blob, rq->blob_len);
	rel_wipe(rq->cups_cert, sizeof rq->cups_cert);
	free(rq->blob);
	free(rq->jobs);
	free(rq->records);
	memset(rq, 0, sizeof *rq);
}

void
response_put(struct rel_buf *b, const struct response *rs)
{
	rel_put_u32(b, (uint32_t)rs->status);
	rel_put_u8(b, rs->replayed);
	rel_put_str(b, rs->problem);
	rel_put_str(b, rs->detail);
	rel_put_str(b, rs->field);
	rel_put_u32(b, rs->retry_after_s);
	rel_put_bytes(b, rs->body, rs->body_len);
}

int
response_get(struct response *rs, const void *p, size_t n)
{
	struct rel_cur c;

	rel_cur_init(&c, p, n);
	rs->status = (int)rel_get_u32(&c);
	rs->replayed = rel_get_u8(&c) != 0;
	rel_get_str(&c, rs->problem, sizeof rs->problem);
	rel_get_str(&c, rs->detail, sizeof rs->detail);
	rel_get_str(&c, rs->field, sizeof rs->field);
	rs->retry_after_s = rel_get_u32(&c);
	rs->body = (const char *)rel_get_bytes(&c, &rs->body_len);
	return rel_cur_end(&c);
}

int
problem_status(const char *code)
{
	static const struct {
		const char *code;
		int status;
	} table[] = {			/* doc/opdp.md, "Errors" */
		{ "bad-request", 400 }, { "too-large", 413 },
		{ "version-not-supported", 400 },
		{ "not-registered", 401 }, { "not-logged-in", 401 }, { "bad-credential", 401 },
		{ "forbidden", 403 }, { "level-not-supported", 501 },
		{ "activation-invalid", 403 }, { "activation-expired", 403 },
		{ "activation-locked", 403 }, { "serial-in-use", 409 },
		{ "session-unknown", 404 }, { "session-expired", 410 },
		{ "session-active", 409 }, { "job-unknown", 404 },
		{ "job-not-held", 409 }, { "job-expired", 410 },
		{ "option-not-supported", 422 },
		{ "confirmation-needed", 422 }, { "pages-unknown", 422 },
		{ "pages-not-counted-yet", 503 },
		{ "document-unprintable", 422 },
		{ "conflicting-options", 422 },
		{ "account-info-needed", 422 }, { "account-closed", 403 },
		{ "quota-exceeded", 402 }, { "account-denied", 403 },
		{ "refused-by-rule", 403 }, { "question-waits", 422 },
		{ "approval-needed", 409 },
		{ "not-allowed-here", 403 }, { "other-device", 403 }, { "color-not-allowed", 403 },
		{ "template-needed", 403 },
		{ "idempotency-conflict", 409 }, { "rev-mismatch", 412 },
		{ "rate-limited", 429 }, { "locked-out", 429 },
		{ "too-many-changes", 429 },
		{ "device-busy", 503 }, { "device-stopped", 503 },
		{ "device-offline", 503 }, { "panel-locked", 409 }, { "backend-unavailable", 503 },
		{ "method-not-allowed", 405 }, { "not-found", 404 },
		{ "user-unknown", 404 }, { "user-exists", 409 },
		{ "card-unknown", 404 }, { "card-in-use", 409 },
		{ "card-limit", 409 }, { "id-number-in-use", 409 },
		{ "password-elsewhere", 403 }, { "in-use", 409 },
		{ "device-unknown", 404 }, { "device-name-in-use", 409 },
		{ "setting-invalid", 422 }, { "text-invalid", 422 }, { "certificate-refused", 422 },
		{ "nothing-to-undo", 409 }, { "sync-running", 409 },
		{ "discovery-running", 409 },
		{ "internal", 500 }
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (strcmp(table[i].code, code) == 0)
			return table[i].status;
	return 500;
}
