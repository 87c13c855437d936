/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/admin.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/cursor.h"

void
admin_conf_put(struct rel_buf *b, const struct admin_conf *m)
{
	rel_put_u8(b, m->dry_run);
	rel_put_u32(b, m->n);
	for (uint32_t i = 0; i < m->n; i++) {
		rel_put_u16(b, m->ch[i].item);
		rel_put_u8(b, m->ch[i].reset);
		rel_put_str(b, m->ch[i].value);
	}
}

int
admin_conf_get(struct admin_conf *m, const void *p, size_t n)
{
	struct rel_cur c;

	memset(m, 0, sizeof *m);
	rel_cur_init(&c, p, n);
	m->dry_run = rel_get_u8(&c) != 0;
	m->n = rel_get_u32(&c);
	if (m->n > ADMIN_CHANGES_MAX)
		return -REL_E_LIMIT;
	for (uint32_t i = 0; i < m->n; i++) {
		m->ch[i].item = rel_get_u16(&c);
		m->ch[i].reset = rel_get_u8(&c) != 0;
		rel_get_str(&c, m->ch[i].value, sizeof m->ch[i].value);
	}
	return rel_cur_end(&c);
}

void
admin_csr_put(struct rel_buf *b, const struct admin_csr *m)
{
	rel_put_str(b, m->common_name);
	rel_put_str(b, m->organization);
	rel_put_str(b, m->country);
	rel_put_u8(b, m->rsa);
	rel_put_u32(b, m->n);
	for (uint32_t i = 0; i < m->n; i++)
		rel_put_str(b, m->names[i]);
}

int
admin_csr_get(struct admin_csr *m, const void *p, size_t n)
{
	struct rel_cur c;

	memset(m, 0, sizeof *m);
	rel_cur_init(&c, p, n);
	rel_get_str(&c, m->common_name, sizeof m->common_name);
	rel_get_str(&c, m->organization, sizeof m->organization);
	rel_get_str(&c, m->country, sizeof m->country);
	m->rsa = rel_get_u8(&c) != 0;
	m->n = rel_get_u32(&c);
	if (m->n > ADMIN_NAMES_MAX)
		return -REL_E_LIMIT;
	for (uint32_t i = 0; i < m->n; i++)
		rel_get_str(&c, m->names[i], sizeof m->names[i]);
	return rel_cur_end(&c);
}

void
admin_said_put(struct rel_buf *b, const struct admin_said *m)
{
	rel_put_u8(b, m->outcome);
	rel_put_u16(b, m->item);
	rel_put_str(b, m->why);
	rel_put_str(b, m->path);
	rel_put_str(b, m->host);
	rel_put_bytes(b, m->was, m->was_len);
	rel_put_bytes(b, m->now, m->now_len);
	rel_put_bytes(b, m->undo, m->undo_len);
	rel_put_i64(b, m->now_ms);
	rel_put_i64(b, m->undo_ms);
}

int
admin_said_get(struct admin_said *m, const void *p, size_t n)
{
	struct rel_cur c;

	memset(m, 0, sizeof *m);
	rel_cur_init(&c, p, n);
	m->outcome = rel_get_u8(&c);
	m->item = rel_get_u16(&c);
	rel_get_str(&c, m->why, sizeof m->why);
	rel_get_str(&c, m->path, sizeof m->path);
	rel_get_str(&c, m->host, sizeof m->host);
	m->was = rel_get_bytes(&c, &m->was_len);
	m->now = rel_get_bytes(&c, &m->now_len);
	m->undo = rel_get_bytes(&c, &m->undo_len);
	m->now_ms = rel_get_i64(&c);
	m->undo_ms = rel_get_i64(&c);
	if (m->outcome > ADMIN_LATER)
		return -REL_E_FORMAT;
	return rel_cur_end(&c);
}

/* Letters, digits and hyphens between dots; a '*' only as the first label. */
static bool
host_ok(const char *s)
{
	size_t n = strlen(s), label = 0;

	if (n == 0 || n > 253)
		return false;
	if (strncmp(s, "*.", 2) == 0)
		s += 2;
	for (; *s != '\0'; s++) {
		if (*s == '.') {
			if (label == 0 || s[-1] == '-')
				return false;
			label = 0;
			continue;
		}
		if ((!isascii((unsigned char)*s) ||
		    !isalnum((unsigned char)*s)) &&
		    (*s != '-' || label == 0))
			return false;
		if (++label > 63)
			return false;
	}
	return label > 0 && s[-1] != '-';
}

bool
admin_name_ok(const char *s)
{
	uint8_t addr[16];

	return inet_pton(AF_INET, s, addr) == 1 ||
	    inet_pton(AF_INET6, s, addr) == 1 || host_ok(s);
}

void
listen_put(struct rel_buf *b, const struct ipc_listen *m)
{
	rel_put_u32(b, m->nhttps);
	for (size_t i = 0; i < 4; i++)
		rel_put_str(b, m->https_names[i]);
	rel_put_str(b, m->base_url);
}

int
listen_get(struct ipc_listen *m, const void *p, size_t n)
{
	struct rel_cur c;

	memset(m, 0, sizeof *m);
	rel_cur_init(&c, p, n);
	m->nhttps = rel_get_u32(&c);
	for (size_t i = 0; i < 4; i++)
		rel_get_str(&c, m->https_names[i], sizeof m->https_names[i]);
	rel_get_str(&c, m->base_url, sizeof m->base_url);
	return rel_cur_end(&c);
}

void
cert_facts_put(struct rel_buf *b, const struct cert_facts *m)
{
	rel_put_u8(b, m->readable);
	rel_put_u8(b, m->usable);
	rel_put_u8(b, m->self_signed);
	rel_put_u8(b, m->name_ok);
	rel_put_str(b, m->why);
	rel_put_str(b, m->subject);
	rel_put_str(b, m->issuer);
	rel_put_str(b, m->names);
	rel_put_str(b, m->key_type);
	rel_put_str(b, m->fp);
	rel_put_i64(b, m->from_ms);
	rel_put_i64(b, m->until_ms);
	rel_put_u32(b, m->n);
	rel_put_bytes(b, m->pem, m->pem_len);
}

int
cert_facts_get(struct cert_facts *m, const void *p, size_t n)
{
	struct rel_cur c;

	memset(m, 0, sizeof *m);
	rel_cur_init(&c, p, n);
	m->readable = rel_get_u8(&c) != 0;
	m->usable = rel_get_u8(&c) != 0;
	m->self_signed = rel_get_u8(&c) != 0;
	m->name_ok = rel_get_u8(&c) != 0;
	rel_get_str(&c, m->why, sizeof m->why);
	rel_get_str(&c, m->subject, sizeof m->subject);
	rel_get_str(&c, m->issuer, sizeof m->issuer);
	rel_get_str(&c, m->names, sizeof m->names);
	rel_get_str(&c, m->key_type, sizeof m->key_type);
	rel_get_str(&c, m->fp, sizeof m->fp);
	m->from_ms = rel_get_i64(&c);
	m->until_ms = rel_get_i64(&c);
	m->n = rel_get_u32(&c);
	m->pem = rel_get_bytes(&c, &m->pem_len);
	return rel_cur_end(&c);
}
