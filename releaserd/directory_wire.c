/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/directory_wire.h"

#include <string.h>

#include "lib/cursor.h"

/* ---- the questions */

void
dir_where_put(struct rel_buf *b, const struct dir_where *m)
{
	rel_put_bytes(b, m->conf, m->conf_len);
	rel_put_bytes(b, m->ca, m->ca_len);
	rel_put_bytes(b, m->crl, m->crl_len);
	rel_put_bytes(b, m->secret, m->secret_len);
	rel_put_bytes(b, m->keytab, m->keytab_len);
	rel_put_u8(b, m->first);
	rel_put_u8(b, m->first_kdc);
}

void
dir_where_get(struct rel_cur *c, struct dir_where *m)
{
	m->conf = rel_get_bytes(c, &m->conf_len);
	m->ca = rel_get_bytes(c, &m->ca_len);
	m->crl = rel_get_bytes(c, &m->crl_len);
	m->secret = rel_get_bytes(c, &m->secret_len);
	m->keytab = rel_get_bytes(c, &m->keytab_len);
	m->first = rel_get_u8(c);
	m->first_kdc = rel_get_u8(c);
}

int
dir_where_end(struct rel_cur *c, const struct dir_where *m)
{
	if (m->conf_len > DIR_TEXT_MAX || m->ca_len > DIR_PEM_MAX ||
	    m->crl_len > DIR_PEM_MAX || m->keytab_len > DIR_KEYTAB_MAX)
		return -REL_E_LIMIT;
	return rel_cur_end(c);
}

void
dir_login_put(struct rel_buf *b, const struct dir_login *m)
{
	dir_where_put(b, &m->at);
	rel_put_str(b, m->name);
	rel_put_str(b, m->dn);
	rel_put_bytes(b, m->password, m->password_len);
}

int
dir_login_get(struct dir_login *m, const void *p, size_t n)
{
	struct rel_cur c;

	memset(m, 0, sizeof *m);
	rel_cur_init(&c, p, n);
	dir_where_get(&c, &m->at);
	rel_get_str(&c, m->name, sizeof m->name);
	rel_get_str(&c, m->dn, sizeof m->dn);
	m->password = rel_get_bytes(&c, &m->password_len);
	return dir_where_end(&c, &m->at);
}

void
dir_find_put(struct rel_buf *b, const struct dir_find *m)
{
	dir_where_put(b, &m->at);
	rel_put_u8(b, m->by);
	rel_put_u8(b, m->groups);
	rel_put_u8(b, m->limit);
	rel_put_u32(b, m->time_ms);
	rel_put_str(b, m->value);
}

int
dir_find_get(struct dir_find *m, const void *p, size_t n)
{
	struct rel_cur c;

	memset(m, 0, sizeof *m);
	rel_cur_init(&c, p, n);
	dir_where_get(&c, &m->at);
	m->by = rel_get_u8(&c);
	m->groups = rel_get_u8(&c) != 0;
	m->limit = rel_get_u8(&c);
	m->time_ms = rel_get_u32(&c);
	rel_get_str(&c, m->value, sizeof m->value);
	if (m->by > DIR_IN_BOOK || m->limit == 0 || m->limit > DIR_FOUND_MAX)
		return -REL_E_FORMAT;
	return dir_where_end(&c, &m->at);
}

void
dir_test_put(struct rel_buf *b, const struct dir_test *m)
{
	dir_where_put(b, &m->at);
	rel_put_str(b, m->name);
}

int
dir_test_get(struct dir_test *m, const void *p, size_t n)
{
	struct rel_cur c;

	memset(m, 0, sizeof *m);
	rel_cur_init(&c, p, n);
	dir_where_get(&c, &m->at);
	rel_get_str(&c, m->name, sizeof m->name);
	return dir_where_end(&c, &m->at);
}

/* ---- the answer */

static void
person_put(struct rel_buf *b, const struct dir_person *m)
{
	rel_put_str(b, m->login);
	rel_put_str(b, m->dn);
	rel_put_str(b, m->display);
	rel_put_str(b, m->mail);
	rel_put_str(b, m->department);
	rel_put_str(b, m->home);
	rel_put_str(b, m->card[0]);
	rel_put_str(b, m->card[1]);
	rel_put_str(b, m->pin);
	rel_put_str(b, m->id_number);
	rel_put_str(b, m->fax);
}

static void
person_get(struct rel_cur *c, struct dir_person *m)
{
	rel_get_str(c, m->login, sizeof m->login);
	rel_get_str(c, m->dn, sizeof m->dn);
	rel_get_str(c, m->display, sizeof m->display);
	rel_get_str(c, m->mail, sizeof m->mail);
	rel_get_str(c, m->department, sizeof m->department);
	rel_get_str(c, m->home, sizeof m->home);
	rel_get_str(c, m->card[0], sizeof m->card[0]);
	rel_get_str(c, m->card[1], sizeof m->card[1]);
	rel_get_str(c, m->pin, sizeof m->pin);
	rel_get_str(c, m->id_number, sizeof m->id_number);
	rel_get_str(c, m->fax, sizeof m->fax);
}

/* The one behind the last may have been begun. */
void
dir_said_wipe_people(struct dir_said *m)
{
	uint32_t n = m->n < DIR_FOUND_MAX ? m->n + 1 : DIR_FOUND_MAX;
	uint32_t ngroups = m->ngroups < DIR_GROUPS_MAX ? m->ngroups :
	    DIR_GROUPS_MAX;

	rel_wipe(m->who, n * sizeof m->who[0]);
	rel_wipe(m->groups, ngroups * sizeof m->groups[0]);
	m->groups_known = false;
	m->n = m->ngroups = 0;
}

void
dir_said_wipe(struct dir_said *m)
{
	dir_said_wipe_people(m);
	rel_wipe(m, offsetof(struct dir_said, who));
}

void
dir_said_put(struct rel_buf *b, const struct dir_said *m)
{
	rel_put_u8(b, m->outcome);
	rel_put_u8(b, m->tls);
	rel_put_u8(b, m->server);
	rel_put_u8(b, m->kdc);
	rel_put_u8(b, m->proof);
	rel_put_u16(b, m->dead);
	rel_put_u32(b, m->took_ms);
	rel_put_str(b, m->words);
	rel_put_u32(b, m->n);
	for (uint32_t i = 0; i < m->n; i++)
		person_put(b, &m->who[i]);
	rel_put_u8(b, m->groups_known);
	rel_put_u32(b, m->ngroups);
	for (uint32_t i = 0; i < m->ngroups; i++)
		rel_put_str(b, m->groups[i]);
}

static bool
server_ok(uint8_t n)
{
	return n == DIR_NO_SERVER || n < DIRECTORY_SERVERS_MAX;
}

int
dir_said_get(struct dir_said *m, const void *p, size_t n)
{
	struct rel_cur c;

	dir_said_wipe(m);
	rel_cur_init(&c, p, n);
	m->outcome = rel_get_u8(&c);
	m->tls = rel_get_u8(&c);
	m->server = rel_get_u8(&c);
	m->kdc = rel_get_u8(&c);
	m->proof = rel_get_u8(&c);
	m->dead = rel_get_u16(&c);
	m->took_ms = rel_get_u32(&c);
	rel_get_str(&c, m->words, sizeof m->words);
	if ((m->n = rel_get_u32(&c)) > DIR_FOUND_MAX)
		return -REL_E_LIMIT;
	for (uint32_t i = 0; i < m->n; i++)
		person_get(&c, &m->who[i]);
	m->groups_known = rel_get_u8(&c) != 0;
	if ((m->ngroups = rel_get_u32(&c)) > DIR_GROUPS_MAX)
		return -REL_E_LIMIT;
	for (uint32_t i = 0; i < m->ngroups; i++)
		rel_get_str(&c, m->groups[i], DIR_GROUP_MAX);
	if (m->outcome >= DIR_OUTCOMES || m->tls >= DIR_TLS_REASONS ||
	    m->proof >= DIR_PROOFS || !server_ok(m->server) ||
	    !server_ok(m->kdc))
		return -REL_E_FORMAT;
	return rel_cur_end(&c);
}

/* ---- words */

const char *
dir_outcome_word(unsigned outcome)
{
	static const char *const words[] = {
		"right", "wrong", "closed", "must-change", "nobody",
		"several", "away", "tls", "settings", "limit"
	};

	return outcome < DIR_OUTCOMES ? words[outcome] : "unknown";
}

const char *
dir_tls_word(unsigned reason)
{
	static const char *const words[] = {
		"good", "wrong-host", "not-its-time", "unknown-authority",
		"revoked", "no-revocation-list", "no-starttls", "other"
	};

	return reason < DIR_TLS_REASONS ? words[reason] : "unknown";
}

enum dir_proof
dir_proof_of(const struct directory *d)
{
	static const uint8_t proofs[] = {
		[USER_BIND_SIMPLE] = DIR_PROOF_LDAP,
		[USER_BIND_DIGEST_MD5] = DIR_PROOF_LDAP,
		[USER_BIND_GSSAPI] = DIR_PROOF_GSSAPI,
		[USER_BIND_KERBEROS] = DIR_PROOF_KERBEROS,
		[USER_BIND_NTLM] = DIR_PROOF_NTLM,
		[USER_BIND_PAM] = DIR_PROOF_PAM
	};

	return (enum dir_proof)proofs[d->user_bind];
}

const char *
dir_proof_word(unsigned proof)
{
	static const char *const words[] = {
		"none", "ldap", "gssapi", "kerberos", "ntlm", "pam"
	};

	return proof < DIR_PROOFS ? words[proof] : "unknown";
}
