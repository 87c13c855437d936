/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What core and super say to each other about settings and certificates. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "lib/buf.h"
#include "releaserd/admin.h"

static struct rel_buf b;

#define SET(to, text) snprintf(to, sizeof to, "%s", text)

static int
fresh(void **state)
{
	(void)state;
	rel_buf_init(&b);
	return 0;
}

static int
gone(void **state)
{
	(void)state;
	rel_buf_fini(&b);
	return 0;
}

/* Every shorter message is refused, and one that is longer. */
#define TRY_LENGTHS(get, type) do { \
	static type try; \
	for (size_t n = 0; n < b.len; n++) \
		assert_true(get(&try, b.data, n) < 0); \
	rel_put_u8(&b, 0); \
	assert_true(get(&try, b.data, b.len) < 0); \
} while (0)

static void
changes_travel(void **state)
{
	static struct admin_conf m, got;

	(void)state;
	m.dry_run = true;
	m.n = 2;
	m.ch[0].item = 7;
	SET(m.ch[0].value, "2d");
	m.ch[1].item = 65535;
	m.ch[1].reset = true;
	admin_conf_put(&b, &m);
	assert_int_equal(0, admin_conf_get(&got, b.data, b.len));
	assert_memory_equal(&m, &got, sizeof m);
	TRY_LENGTHS(admin_conf_get, struct admin_conf);
}

static void
more_changes_than_there_may_be_are_refused(void **state)
{
	static struct admin_conf got;

	(void)state;
	rel_put_u8(&b, 0);
	rel_put_u32(&b, ADMIN_CHANGES_MAX + 1);
	for (unsigned i = 0; i < ADMIN_CHANGES_MAX + 1; i++) {
		rel_put_u16(&b, (uint16_t)i);
		rel_put_u8(&b, 1);
		rel_put_str(&b, "");
	}
	assert_true(admin_conf_get(&got, b.data, b.len) < 0);
	rel_buf_reset(&b);
	rel_put_u8(&b, 0);
	rel_put_u32(&b, UINT32_MAX);
	assert_true(admin_conf_get(&got, b.data, b.len) < 0);
}

static void
requests_travel(void **state)
{
	static struct admin_csr m, got;

	(void)state;
	SET(m.common_name, "print.example.com");
	SET(m.organization, "S\xc3\xb6hne");
	SET(m.country, "DE");
	m.rsa = true;
	m.n = 1;
	SET(m.names[0], "print.example.com");
	admin_csr_put(&b, &m);
	assert_int_equal(0, admin_csr_get(&got, b.data, b.len));
	assert_memory_equal(&m, &got, sizeof m);
	TRY_LENGTHS(admin_csr_get, struct admin_csr);
	rel_buf_reset(&b);
	m.n = ADMIN_NAMES_MAX + 1;
	rel_put_str(&b, "a");
	rel_put_str(&b, "");
	rel_put_str(&b, "");
	rel_put_u8(&b, 0);
	rel_put_u32(&b, m.n);
	for (unsigned i = 0; i < m.n; i++)
		rel_put_str(&b, "a");
	assert_true(admin_csr_get(&got, b.data, b.len) < 0);
}

static void
answers_travel(void **state)
{
	static struct admin_said m, got;

	(void)state;
	m.outcome = ADMIN_REFUSED;
	m.item = ADMIN_NO_ITEM;
	SET(m.why, "because");
	SET(m.path, "/etc/x");
	SET(m.host, "h");
	m.was = (const uint8_t *)"old";
	m.was_len = 3;
	m.now = (const uint8_t *)"new\n";
	m.now_len = 4;
	m.undo_ms = 1;
	admin_said_put(&b, &m);
	assert_int_equal(0, admin_said_get(&got, b.data, b.len));
	assert_int_equal(ADMIN_REFUSED, got.outcome);
	assert_string_equal("because", got.why);
	assert_string_equal("/etc/x", got.path);
	assert_int_equal(3, got.was_len);
	assert_memory_equal("old", got.was, 3);
	assert_memory_equal("new\n", got.now, 4);
	assert_int_equal(0, got.undo_len);
	assert_int_equal(1, got.undo_ms);
	TRY_LENGTHS(admin_said_get, struct admin_said);
	b.data[0] = ADMIN_LATER + 1;
	assert_true(admin_said_get(&got, b.data, b.len - 1) < 0);
}

static void
listeners_and_facts_travel(void **state)
{
	static struct ipc_listen on, on2;
	static struct cert_facts f, f2;

	(void)state;
	on.nhttps = 1;
	SET(on.https_names[0], "127.0.0.1:443");
	SET(on.base_url, "https://h");
	listen_put(&b, &on);
	assert_int_equal(0, listen_get(&on2, b.data, b.len));
	assert_memory_equal(&on, &on2, sizeof on);
	TRY_LENGTHS(listen_get, struct ipc_listen);
	rel_buf_reset(&b);
	f.readable = f.usable = f.name_ok = true;
	SET(f.subject, "CN = h");
	SET(f.names, "h *.h");
	f.until_ms = -1;
	f.n = 2;
	f.pem = (const uint8_t *)"pem";
	f.pem_len = 3;
	cert_facts_put(&b, &f);
	assert_int_equal(0, cert_facts_get(&f2, b.data, b.len));
	assert_string_equal("h *.h", f2.names);
	assert_true(f2.readable && f2.usable && f2.name_ok &&
	    !f2.self_signed);
	assert_int_equal(-1, f2.until_ms);
	assert_memory_equal("pem", f2.pem, 3);
	TRY_LENGTHS(cert_facts_get, struct cert_facts);
}

static void
names_that_may_stand_in_a_certificate(void **state)
{
	static const char *const good[] = {
		"a", "print", "print.example.com", "*.example.com",
		"xn--grn-hoa.example", "1.example", "192.0.2.1",
		"2001:db8::1", "::1", "a-b.c"
	}, *const wrong[] = {
		"", ".", "a.", ".a", "a..b", "-a", "a-", "a-.b", "*", "*.",
		"a*.b", "*.*.b", "a b", "a,b", "a:b", "a\nb", "a/b", "a_b",
		"gr\xc3\xbcn.example", "DNS:a", "@x", "[::1]", "a=b", "a;b"
	};
	char label[70], host[300];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		if (!admin_name_ok(good[i]))
			fail_msg("%s is good", good[i]);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		if (admin_name_ok(wrong[i]))
			fail_msg("\"%s\" is wrong", wrong[i]);
	memset(label, 'a', sizeof label);
	label[64] = '\0';
	assert_false(admin_name_ok(label));
	label[63] = '\0';
	assert_true(admin_name_ok(label));
	memset(host, 'a', sizeof host);
	for (size_t i = 60; i < sizeof host; i += 60)
		host[i] = '.';
	host[254] = '\0';
	assert_false(admin_name_ok(host));
	host[253] = '\0';
	assert_true(admin_name_ok(host));
}

int
main(void)
{
#define ADMIN_TEST(f) cmocka_unit_test_setup_teardown(f, fresh, gone)
	const struct CMUnitTest tests[] = {
		ADMIN_TEST(changes_travel),
		ADMIN_TEST(more_changes_than_there_may_be_are_refused),
		ADMIN_TEST(requests_travel),
		ADMIN_TEST(answers_travel),
		ADMIN_TEST(listeners_and_facts_travel),
		ADMIN_TEST(names_that_may_stand_in_a_certificate),
	};

	return cmocka_run_group_tests_name("admin", tests, NULL, NULL);
}
