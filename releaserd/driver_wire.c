/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/driver_wire.h"

#include <string.h>

#include "lib/err.h"
#include "lib/text.h"

#define PEM_MAX 65536u

/* ---- the question */

static void
access_put(struct rel_buf *b, const struct snmp_access *m)
{
	rel_put_u8(b, m->version);
	rel_put_u8(b, m->auth);
	rel_put_u8(b, m->priv);
	rel_put_str(b, m->name);
	rel_put_str(b, m->auth_secret);
	rel_put_str(b, m->priv_secret);
	rel_put_str(b, m->context);
}

static void
access_get(struct rel_cur *c, struct snmp_access *m)
{
	m->version = rel_get_u8(c);
	m->auth = rel_get_u8(c);
	m->priv = rel_get_u8(c);
	rel_get_str(c, m->name, sizeof m->name);
	rel_get_str(c, m->auth_secret, sizeof m->auth_secret);
	rel_get_str(c, m->priv_secret, sizeof m->priv_secret);
	rel_get_str(c, m->context, sizeof m->context);
	if (m->version > SNMP_V3 || m->auth > SNMP_SHA512 ||
	    m->priv > SNMP_AES256)
		c->bad = c->bad ? c->bad : REL_E_FORMAT;
}

static void
at_put(struct rel_buf *b, const struct driver_at *m)
{
	rel_put_str(b, m->device);
	rel_put_str(b, m->protocol);
	rel_put_str(b, m->address);
	rel_put_u16(b, m->snmp_port);
	rel_put_u8(b, m->nsnmp);
	for (unsigned i = 0; i < m->nsnmp; i++)
		access_put(b, &m->snmp[i]);
	rel_put_str(b, m->url);
	rel_put_str(b, m->pin);
	rel_put_str(b, m->token);
	rel_put_bytes(b, m->cert, m->cert_len);
	rel_put_bytes(b, m->key, m->key_len);
}

static void
at_get(struct rel_cur *c, struct driver_at *m)
{
	rel_get_str(c, m->device, sizeof m->device);
	rel_get_str(c, m->protocol, sizeof m->protocol);
	rel_get_str(c, m->address, sizeof m->address);
	m->snmp_port = rel_get_u16(c);
	if ((m->nsnmp = rel_get_u8(c)) > SNMP_ACCESS_MAX) {
		m->nsnmp = 0;
		c->bad = c->bad ? c->bad : REL_E_LIMIT;
	}
	for (unsigned i = 0; i < m->nsnmp; i++)
		access_get(c, &m->snmp[i]);
	rel_get_str(c, m->url, sizeof m->url);
	rel_get_str(c, m->pin, sizeof m->pin);
	rel_get_str(c, m->token, sizeof m->token);
	m->cert = rel_get_bytes(c, &m->cert_len);
	m->key = rel_get_bytes(c, &m->key_len);
}

void
driver_ask_put(struct rel_buf *b, const struct driver_ask *q)
{
	rel_put_u8(b, q->op);
	rel_put_u32(b, q->deadline_ms);
	at_put(b, &q->at);
	rel_put_str(b, q->id);
	rel_put_i64(b, q->number);
	rel_put_u32(b, q->limit);
	rel_put_str(b, q->kept);
	rel_put_bytes(b, q->text, q->text_len);
}

int
driver_ask_get(struct driver_ask *q, const void *p, size_t n)
{
	struct rel_cur c;
	int rc;

	memset(q, 0, sizeof *q);
	rel_cur_init(&c, p, n);
	q->op = rel_get_u8(&c);
	q->deadline_ms = rel_get_u32(&c);
	at_get(&c, &q->at);
	rel_get_str(&c, q->id, sizeof q->id);
	q->number = rel_get_i64(&c);
	q->limit = rel_get_u32(&c);
	rel_get_str(&c, q->kept, sizeof q->kept);
	q->text = (const char *)rel_get_bytes(&c, &q->text_len);
	if ((rc = rel_cur_end(&c)) < 0)
		return rc;
	if (q->op < DRIVER_INFO || q->op > DRIVER_POSTURE ||
	    q->text_len > DRIVER_TEXT_MAX || q->at.cert_len > PEM_MAX ||
	    q->at.key_len > PEM_MAX)
		return -REL_E_FORMAT;
	q->until_ms = rel_mono_ms() + q->deadline_ms;
	return 0;
}

const char *
driver_op_name(unsigned op)
{
	static const char *const names[] = {
		"none", "info", "status", "session-open", "session-update",
		"session-close", "restrictions-get", "restrictions-put",
		"config-put", "usage-fetch", "usage-ack", "command",
		"job-state", "job-cancel", "inbound", "discover", "posture"
	};

	return op < sizeof names / sizeof names[0] ? names[op] : "unknown";
}

/* ---- the answer */

void
driver_said_init(struct driver_said *s)
{
	memset(s, 0, sizeof *s);
	items_init(&s->items);
	rel_buf_init(&s->text);
	s->job.impressions = s->job.color = s->job.sheets = -1;
}

void
driver_said_fini(struct driver_said *s)
{
	items_fini(&s->items);
	rel_buf_fini_secret(&s->text);
	memset(s, 0, sizeof *s);
}

/* Bytes of the device may be in every text. */
static void
clean_put(struct rel_buf *b, const char *s, size_t size)
{
	char out[DRIVER_KEPT_MAX];

	rel_text_clean(out, size < sizeof out ? size : sizeof out, s);
	rel_put_str(b, out);
}

static void
job_put(struct rel_buf *b, const struct driver_job *m)
{
	rel_put_u8(b, m->state);
	clean_put(b, m->reasons, sizeof m->reasons);
	rel_put_i64(b, m->impressions);
	rel_put_i64(b, m->color);
	rel_put_i64(b, m->sheets);
}

static void
job_get(struct rel_cur *c, struct driver_job *m)
{
	m->state = rel_get_u8(c);
	rel_get_str(c, m->reasons, sizeof m->reasons);
	m->impressions = rel_get_i64(c);
	m->color = rel_get_i64(c);
	m->sheets = rel_get_i64(c);
}

void
driver_said_put(struct rel_buf *b, const struct driver_said *s)
{
	rel_put_u8(b, (uint8_t)-s->rc);
	clean_put(b, s->words, sizeof s->words);
	items_put(b, &s->items);
	rel_put_u8(b, s->changed);
	clean_put(b, s->kept, sizeof s->kept);
	job_put(b, &s->job);
	rel_put_i64(b, s->number);
	rel_put_bytes(b, s->text.data, s->text.len);
}

static bool
said_is_good(const struct driver_said *s, size_t text_len)
{
	const struct driver_job *j = &s->job;

	return s->rc <= 0 && s->rc >= -REL_E_CLOSED &&
	    text_len <= DRIVER_TEXT_MAX &&
	    (j->state == 0 || (j->state >= 3 && j->state <= 9)) &&
	    j->impressions >= -1 && j->color >= -1 && j->sheets >= -1;
}

int
driver_said_get(struct driver_said *s, const void *p, size_t n)
{
	struct rel_cur c;
	const uint8_t *text;
	size_t text_len;
	uint8_t code;
	int rc;

	rel_cur_init(&c, p, n);
	code = rel_get_u8(&c);
	s->rc = (int8_t)(code <= REL_E_CLOSED ? -(int)code : 1);
	rel_get_str(&c, s->words, sizeof s->words);
	if ((rc = items_read(&s->items, &c)) < 0)
		return rc;
	s->changed = rel_get_u8(&c) != 0;
	rel_get_str(&c, s->kept, sizeof s->kept);
	job_get(&c, &s->job);
	s->number = rel_get_i64(&c);
	text = rel_get_bytes(&c, &text_len);
	if ((rc = rel_cur_end(&c)) < 0)
		return rc;
	if (!said_is_good(s, text_len))
		return -REL_E_FORMAT;
	rel_put_raw(&s->text, text, text_len);
	return -s->text.failed;
}
