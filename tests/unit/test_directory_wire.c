/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What core asks an agent of a directory, and the answer. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "lib/cursor.h"
#include "releaserd/directory_wire.h"

#define SET(to, text) snprintf(to, sizeof to, "%s", text)

static struct rel_buf b;

static void
where(struct dir_where *m)
{
	m->conf = (const uint8_t *)"Servers h\n";
	m->conf_len = 10;
	m->ca = (const uint8_t *)"-----BEGIN";
	m->ca_len = 10;
	m->crl = (const uint8_t *)"-----BEGIN CRL";
	m->crl_len = 14;
	m->secret = (const uint8_t *)"s3cr\0t";
	m->secret_len = 6;
	m->keytab = (const uint8_t *)"\5\2\0\0";
	m->keytab_len = 4;
	m->first = 3;
	m->first_kdc = 5;
}

static void
same_bytes(const uint8_t *a, size_t na, const uint8_t *c, size_t nc)
{
	assert_int_equal(na, nc);
	assert_memory_equal(a, c, na);
}

static void
same_where(const struct dir_where *a, const struct dir_where *c)
{
	same_bytes(a->conf, a->conf_len, c->conf, c->conf_len);
	same_bytes(a->ca, a->ca_len, c->ca, c->ca_len);
	same_bytes(a->crl, a->crl_len, c->crl, c->crl_len);
	same_bytes(a->secret, a->secret_len, c->secret, c->secret_len);
	same_bytes(a->keytab, a->keytab_len, c->keytab, c->keytab_len);
	assert_int_equal(a->first, c->first);
	assert_int_equal(a->first_kdc, c->first_kdc);
}

/* Every shorter message is refused, and one that is longer. */
#define TRY_LENGTHS(get, type) do { \
	static type try; \
	for (size_t n = 0; n < b.len; n++) \
		assert_true(get(&try, b.data, n) < 0); \
	rel_put_u8(&b, 0); \
	assert_true(get(&try, b.data, b.len) < 0); \
} while (0)

UNIT(a_login_travels)
{
	struct dir_login m, got;

	rel_buf_reset(&b);
	memset(&m, 0, sizeof m);
	where(&m.at);
	SET(m.name, "änne");
	SET(m.dn, "uid=änne,dc=example,dc=com");
	m.password = (const uint8_t *)"p\0w";
	m.password_len = 3;
	dir_login_put(&b, &m);
	assert_int_equal(0, dir_login_get(&got, b.data, b.len));
	same_where(&m.at, &got.at);
	assert_string_equal("änne", got.name);
	assert_string_equal("uid=änne,dc=example,dc=com", got.dn);
	same_bytes(m.password, 3, got.password, got.password_len);
	TRY_LENGTHS(dir_login_get, struct dir_login);
}

UNIT(a_search_travels_within_its_bounds)
{
	struct dir_find m, got;

	rel_buf_reset(&b);
	memset(&m, 0, sizeof m);
	where(&m.at);
	m.by = DIR_BY_PART;
	m.groups = true;
	m.limit = DIR_FOUND_MAX;
	m.time_ms = 1000;
	SET(m.value, "04A1*");
	dir_find_put(&b, &m);
	assert_int_equal(0, dir_find_get(&got, b.data, b.len));
	same_where(&m.at, &got.at);
	assert_int_equal(DIR_BY_PART, got.by);
	assert_true(got.groups);
	assert_int_equal(DIR_FOUND_MAX, got.limit);
	assert_int_equal(1000, got.time_ms);
	assert_string_equal("04A1*", got.value);
	TRY_LENGTHS(dir_find_get, struct dir_find);
	m.limit = 0;
	rel_buf_reset(&b);
	dir_find_put(&b, &m);
	assert_int_equal(-REL_E_FORMAT, dir_find_get(&got, b.data, b.len));
	m.limit = DIR_FOUND_MAX + 1;
	rel_buf_reset(&b);
	dir_find_put(&b, &m);
	assert_int_equal(-REL_E_FORMAT, dir_find_get(&got, b.data, b.len));
	m.limit = 1;
	m.by = DIR_IN_BOOK + 1;
	rel_buf_reset(&b);
	dir_find_put(&b, &m);
	assert_int_equal(-REL_E_FORMAT, dir_find_get(&got, b.data, b.len));
}

UNIT(a_test_travels)
{
	struct dir_test m, got;
	static char big[DIR_PEM_MAX + 1];

	rel_buf_reset(&b);
	memset(&m, 0, sizeof m);
	where(&m.at);
	SET(m.name, "anna");
	dir_test_put(&b, &m);
	assert_int_equal(0, dir_test_get(&got, b.data, b.len));
	same_where(&m.at, &got.at);
	assert_string_equal("anna", got.name);
	TRY_LENGTHS(dir_test_get, struct dir_test);
	rel_buf_reset(&b);
	memset(big, 'x', sizeof big);
	m.at.crl = (const uint8_t *)big;
	m.at.crl_len = sizeof big;
	dir_test_put(&b, &m);
	assert_int_equal(-REL_E_LIMIT, dir_test_get(&got, b.data, b.len));
}

static void
person(struct dir_person *m, unsigned n)
{
	snprintf(m->login, sizeof m->login, "anna%u", n);
	snprintf(m->dn, sizeof m->dn, "uid=anna%u,dc=example", n);
	SET(m->display, "Änne A.");
	SET(m->mail, "anna@example.com");
	SET(m->department, "D1");
	SET(m->home, "/home/anna");
	SET(m->card[0], "04A1");
	SET(m->card[1], "04A2");
	SET(m->pin, "4711");
	SET(m->id_number, "1001");
}

UNIT(an_answer_travels)
{
	static struct dir_said m, got;

	rel_buf_reset(&b);
	memset(&m, 0, sizeof m);
	m.outcome = DIR_LIMIT;
	m.tls = DIR_TLS_CRL;
	m.server = 7;
	m.kdc = 6;
	m.proof = DIR_PROOF_PAM;
	m.dead = 0x8083;
	m.took_ms = 1234;
	SET(m.words, "h:389: no answer");
	m.n = DIR_FOUND_MAX;
	for (unsigned i = 0; i < m.n; i++)
		person(&m.who[i], i);
	m.groups_known = true;
	m.ngroups = DIR_GROUPS_MAX;
	for (unsigned i = 0; i < m.ngroups; i++)
		snprintf(m.groups[i], sizeof m.groups[i], "group %u", i);
	dir_said_put(&b, &m);
	assert_int_equal(0, dir_said_get(&got, b.data, b.len));
	assert_memory_equal(&m, &got, sizeof m);
}

UNIT(a_bad_answer_is_refused)
{
	static struct dir_said m, got;

	rel_buf_reset(&b);
	memset(&m, 0, sizeof m);
	m.server = m.kdc = DIR_NO_SERVER;
	m.n = 1;
	m.ngroups = 1;
	person(&m.who[0], 1);
	dir_said_put(&b, &m);
	assert_int_equal(0, dir_said_get(&got, b.data, b.len));
	for (size_t at = 0; at < 5; at++) {
		uint8_t was = b.data[at];

		b.data[at] = 99;
		assert_int_equal(-REL_E_FORMAT,
		    dir_said_get(&got, b.data, b.len));
		b.data[at] = was;
	}
	TRY_LENGTHS(dir_said_get, struct dir_said);
	rel_buf_reset(&b);
	m.n = UINT32_MAX;
	rel_put_raw(&b, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	    "\xff\xff\xff\xff", 19);
	assert_int_equal(-REL_E_LIMIT, dir_said_get(&got, b.data, b.len));
}

UNIT(outcomes_have_words)
{
	assert_string_equal("right", dir_outcome_word(DIR_RIGHT));
	assert_string_equal("limit", dir_outcome_word(DIR_LIMIT));
	assert_string_equal("unknown", dir_outcome_word(DIR_OUTCOMES));
	assert_string_equal("kerberos", dir_proof_word(DIR_PROOF_KERBEROS));
	assert_string_equal("pam", dir_proof_word(DIR_PROOF_PAM));
	assert_string_equal("unknown", dir_proof_word(DIR_PROOFS));
	assert_string_equal("wrong-host", dir_tls_word(DIR_TLS_HOST));
	assert_string_equal("other", dir_tls_word(DIR_TLS_OTHER));
	assert_string_equal("unknown", dir_tls_word(DIR_TLS_REASONS));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(a_login_travels),
		UNIT_RUN(a_search_travels_within_its_bounds),
		UNIT_RUN(a_test_travels),
		UNIT_RUN(an_answer_travels),
		UNIT_RUN(a_bad_answer_is_refused),
		UNIT_RUN(outcomes_have_words),
	};

	int failed;

	rel_buf_init(&b);
	failed = cmocka_run_group_tests_name("directory_wire", tests, NULL,
	    NULL);
	rel_buf_fini(&b);
	return failed;
}
