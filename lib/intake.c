/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/intake.h"

#include "lib/err.h"

void
rel_in_begin_put(struct rel_buf *b, const struct rel_in_begin *m)
{
	rel_put_str(b, m->queue);
	rel_put_str(b, m->uuid);
	rel_put_u32(b, m->document);
	rel_put_u32(b, m->cups_job);
	rel_put_str(b, m->user);
	rel_put_str(b, m->host);
	rel_put_str(b, m->title);
	rel_put_str(b, m->format);
	rel_put_u32(b, m->copies);
	rel_put_str(b, m->options);
	rel_put_str(b, m->pin);
	rel_put_str(b, m->pin_scheme);
	rel_put_str(b, m->server);
}

int
rel_in_begin_get(struct rel_in_begin *m, const void *p, size_t n)
{
	struct rel_cur c;

	rel_cur_init(&c, p, n);
	rel_get_str(&c, m->queue, sizeof m->queue);
	rel_get_str(&c, m->uuid, sizeof m->uuid);
	m->document = rel_get_u32(&c);
	m->cups_job = rel_get_u32(&c);
	rel_get_str(&c, m->user, sizeof m->user);
	rel_get_str(&c, m->host, sizeof m->host);
	rel_get_str(&c, m->title, sizeof m->title);
	rel_get_str(&c, m->format, sizeof m->format);
	m->copies = rel_get_u32(&c);
	rel_get_str(&c, m->options, sizeof m->options);
	rel_get_str(&c, m->pin, sizeof m->pin);
	rel_get_str(&c, m->pin_scheme, sizeof m->pin_scheme);
	rel_get_str(&c, m->server, sizeof m->server);
	return rel_cur_end(&c);
}

void
rel_in_spool_put(struct rel_buf *b, const struct rel_in_spool *m)
{
	rel_put_u64(b, m->job_id);
	rel_put_bytes(b, m->key, sizeof m->key);
	rel_put_u64(b, m->limit_bytes);
}

int
rel_in_spool_get(struct rel_in_spool *m, const void *p, size_t n)
{
	struct rel_cur c;

	rel_cur_init(&c, p, n);
	m->job_id = rel_get_u64(&c);
	rel_get_fixed(&c, m->key, sizeof m->key);
	m->limit_bytes = rel_get_u64(&c);
	return rel_cur_end(&c);
}

void
rel_in_commit_put(struct rel_buf *b, const struct rel_in_commit *m)
{
	struct rel_buf facts;

	rel_buf_init(&facts);
	if (m->has_facts)
		rel_facts_put(&facts, &m->facts);
	rel_put_u64(b, m->bytes);
	rel_put_u8(b, m->has_facts);
	rel_put_bytes(b, facts.data, facts.len);
	if (facts.failed)
		b->failed = facts.failed;
	rel_buf_fini(&facts);
}

int
rel_in_commit_get(struct rel_in_commit *m, const void *p, size_t n)
{
	const uint8_t *facts;
	struct rel_cur c;
	uint8_t has;
	size_t len;
	int rc;

	rel_facts_init(&m->facts);
	rel_cur_init(&c, p, n);
	m->bytes = rel_get_u64(&c);
	has = rel_get_u8(&c);
	facts = rel_get_bytes(&c, &len);
	m->has_facts = has == 1;
	if ((rc = rel_cur_end(&c)) < 0)
		return rc;
	if (has > 1 || (has == 0 && len > 0))
		return -REL_E_FORMAT;
	return has == 1 ? rel_facts_get(&m->facts, facts, len) : 0;
}

void
rel_in_refused_put(struct rel_buf *b, const struct rel_in_refused *m)
{
	rel_put_str(b, m->jobstate);
	rel_put_str(b, m->reason);
}

int
rel_in_refused_get(struct rel_in_refused *m, const void *p, size_t n)
{
	struct rel_cur c;

	rel_cur_init(&c, p, n);
	rel_get_str(&c, m->jobstate, sizeof m->jobstate);
	rel_get_str(&c, m->reason, sizeof m->reason);
	return rel_cur_end(&c);
}
