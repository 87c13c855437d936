/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What an agent finds in certificates, good ones and others. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "releaserd/admin.h"
#include "releaserd/agent/agent_priv.h"

/* A certificate in the making; all that is not said is ordinary. */
struct plan {
	const char *name, *san, *usage;
	const EVP_MD *md;		/* NULL: SHA-256 */
	bool ca;
	EVP_PKEY *key;			/* NULL: a new one */
	X509 *issuer;			/* NULL: itself */
	EVP_PKEY *issuer_key;
};

static struct rel_buf answer;
static struct cert_facts f;

static void
extension(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	assert_non_null(e);
	assert_int_equal(1, X509_add_ext(x, e, -1));
	X509_EXTENSION_free(e);
}

static X509 *
make(const struct plan *p, EVP_PKEY **key_out)
{
	EVP_PKEY *key = p->key != NULL ? p->key : EVP_EC_gen("P-256");
	X509 *x = X509_new();
	X509_NAME *n = X509_get_subject_name(x);

	assert_int_equal(1, X509_set_version(x, 2));
	ASN1_INTEGER_set(X509_get_serialNumber(x), rand() + 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x), 86400);
	X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_UTF8,
	    (const unsigned char *)p->name, -1, -1, 0);
	X509_set_issuer_name(x, p->issuer != NULL ?
	    X509_get_subject_name(p->issuer) : n);
	assert_int_equal(1, X509_set_pubkey(x, key));
	if (p->ca)
		extension(x, NID_basic_constraints, "critical,CA:TRUE");
	if (p->san != NULL)
		extension(x, NID_subject_alt_name, p->san);
	if (p->usage != NULL)
		extension(x, NID_ext_key_usage, p->usage);
	assert_true(X509_sign(x, p->issuer_key != NULL ? p->issuer_key : key,
	    p->md != NULL ? p->md : EVP_sha256()) > 0);
	if (key_out != NULL)
		*key_out = key;
	else if (p->key == NULL)
		EVP_PKEY_free(key);
	return x;
}

/* Ask about a text; the facts are in f. */
static void
ask_text(const char *pem, size_t n, const char *host)
{
	struct rel_frame fr = { .type = IPC_CERT };
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_bytes(&b, pem, n);
	rel_put_str(&b, host);
	fr.body = b.data;
	fr.len = b.len;
	rel_buf_reset(&answer);
	cert_read(&fr, &answer);
	rel_buf_fini(&b);
	assert_int_equal(0, cert_facts_get(&f, answer.data, answer.len));
}

static void
ask(X509 **all, int n, const char *host)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *p;
	long len;

	for (int i = 0; i < n; i++)
		PEM_write_bio_X509(bio, all[i]);
	len = BIO_get_mem_data(bio, &p);
	ask_text(p, (size_t)len, host);
	BIO_free(bio);
}

static void
ask_one(const struct plan *p, const char *host)
{
	X509 *x = make(p, NULL);

	ask(&x, 1, host);
	X509_free(x);
}

UNIT(one_that_is_good)
{
	const struct plan p = { .name = "Gr\xc3\xbcn & S\xc3\xb6hne",
	    .san = "DNS:print.example.com,DNS:*.x.org,IP:192.0.2.1,IP:::1,"
	    "email:a@b.c", .usage = "serverAuth" };

	ask_one(&p, "print.example.com");
	assert_true(f.readable && f.usable && f.self_signed && f.name_ok);
	assert_string_equal("CN = Gr\xc3\xbcn & S\xc3\xb6hne", f.subject);
	assert_string_equal(f.subject, f.issuer);
	assert_string_equal("print.example.com *.x.org 192.0.2.1 ::1",
	    f.names);
	assert_string_equal("P-256", f.key_type);
	assert_int_equal(64, strlen(f.fp));
	assert_int_equal(90000000, f.until_ms - f.from_ms);
	assert_int_equal(1, f.n);
	assert_true(f.pem_len > 0);
	assert_memory_equal("-----BEGIN CERTIFICATE-----", f.pem, 27);
}

UNIT(names_it_is_good_for)
{
	static const struct {
		const char *host;
		bool good;
	} all[] = {
		{ "a.example", true }, { "A.EXAMPLE", true },
		{ "b.x.org", true }, { "192.0.2.1", true },
		{ "b.example", false }, { "x.org", false },
		{ "b.b.x.org", false }, { "192.0.2.2", false },
		{ "a.example.evil.org", false }, { "", false }
	};
	const struct plan p = { .name = "evil.org",
	    .san = "DNS:a.example,DNS:*.x.org,IP:192.0.2.1" };
	X509 *x = make(&p, NULL);

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		ask(&x, 1, all[i].host);
		if (all[i].good != f.name_ok && all[i].host[0] != '\0')
			fail_msg("%s", all[i].host);
	}
	X509_free(x);
}

UNIT(what_is_no_servers_certificate)
{
	const struct plan client = { .name = "a", .usage = "clientAuth" };
	const struct plan old = { .name = "a", .md = EVP_sha1() };
	struct plan weak = { .name = "a", .key = EVP_RSA_gen(1024) };

	ask_one(&client, "a");
	assert_true(f.readable && !f.usable);
	assert_non_null(strstr(f.why, "serverAuth"));
	ask_one(&weak, "a");
	assert_true(f.readable && !f.usable);
	assert_non_null(strstr(f.why, "weak"));
	assert_string_equal("RSA 1024", f.key_type);
	EVP_PKEY_free(weak.key);
	/* A self-signed one is believed for other reasons than its digest. */
	ask_one(&old, "a");
	assert_true(f.readable);
}

UNIT(a_chain_in_any_order)
{
	struct plan p = { .name = "Root", .ca = true };
	EVP_PKEY *root_key, *mid_key;
	X509 *root = make(&p, &root_key), *mid, *leaf, *stranger;
	static const int orders[][3] = {
		{ 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 },
		{ 2, 0, 1 }, { 2, 1, 0 }
	};
	X509 *all[3], *some[3];
	char fp[65];

	p = (struct plan){ .name = "Middle", .ca = true, .issuer = root,
	    .issuer_key = root_key };
	mid = make(&p, &mid_key);
	p = (struct plan){ .name = "leaf", .san = "DNS:leaf",
	    .issuer = mid, .issuer_key = mid_key };
	leaf = make(&p, NULL);
	all[0] = leaf;
	all[1] = mid;
	all[2] = root;
	ask(all, 1, "leaf");
	assert_int_equal(64, snprintf(fp, sizeof fp, "%s", f.fp));
	for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
		for (int k = 0; k < 3; k++)
			some[k] = all[orders[i][k]];
		ask(some, 3, "leaf");
		assert_true(f.readable && f.usable && f.name_ok);
		assert_string_equal(fp, f.fp);
		assert_string_equal("CN = Middle", f.issuer);
		assert_false(f.self_signed);
		assert_int_equal(3, f.n);
	}
	/* The authority's own, and one that does not belong to them. */
	ask(&mid, 1, "Middle");
	assert_true(f.readable && !f.usable);
	assert_non_null(strstr(f.why, "authority"));
	p = (struct plan){ .name = "Middle", .ca = true };
	stranger = make(&p, NULL);
	some[0] = leaf;
	some[1] = stranger;
	ask(some, 2, "leaf");
	assert_false(f.readable);
	assert_non_null(strstr(f.why, "belong together"));
	some[0] = leaf;
	some[1] = root;
	ask(some, 2, "leaf");
	assert_false(f.readable);
	X509_free(stranger);
	X509_free(leaf);
	X509_free(mid);
	X509_free(root);
	EVP_PKEY_free(root_key);
	EVP_PKEY_free(mid_key);
}

UNIT(texts_that_are_no_certificates)
{
	static const char *const all[] = {
		"", "hello", "-----BEGIN CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n"
		"DEK-Info: AES-128-CBC,00000000000000000000000000000000\n\n"
		"AAAA\n-----END CERTIFICATE-----\n"
	};
	static char big[ADMIN_PEM_MAX + 2];

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		ask_text(all[i], strlen(all[i]), "a");
		assert_false(f.readable);
		assert_true(f.why[0] != '\0');
		assert_int_equal(0, f.pem_len);
	}
	memset(big, 'x', sizeof big);
	ask_text(big, sizeof big, "a");
	assert_false(f.readable);
	ask_text("a\0b", 3, "a");
	assert_false(f.readable);
}

UNIT(many_and_cut_ones)
{
	const struct plan p = { .name = "a", .san = "DNS:a" };
	X509 *x = make(&p, NULL), *all[12];
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long n;

	for (size_t i = 0; i < 12; i++)
		all[i] = x;
	ask(all, 12, "a");
	assert_false(f.readable);
	PEM_write_bio_X509(bio, x);
	n = BIO_get_mem_data(bio, &text);
	/* Without its last line break it is whole. */
	for (long i = 0; i < n - 1; i++) {
		ask_text(text, (size_t)i, "a");
		assert_false(f.readable);
	}
	ask_text(text, (size_t)n, "a");
	assert_true(f.readable);
	BIO_free(bio);
	X509_free(x);
}

UNIT(names_with_odd_bytes_are_clean_or_left_out)
{
	const struct plan p = { .name = "a\n\x1b[31mb",
	    .san = "DNS:good.example,DNS:a b,DNS:x_y,URI:http://z" };

	ask_one(&p, "good.example");
	assert_true(f.readable);
	assert_string_equal("good.example", f.names);
	assert_null(strchr(f.subject, '\n'));
	assert_null(strchr(f.subject, '\x1b'));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(one_that_is_good),
		UNIT_RUN(names_it_is_good_for),
		UNIT_RUN(what_is_no_servers_certificate),
		UNIT_RUN(a_chain_in_any_order),
		UNIT_RUN(texts_that_are_no_certificates),
		UNIT_RUN(many_and_cut_ones),
		UNIT_RUN(names_with_odd_bytes_are_clean_or_left_out),
	};
	int rc;

	rel_buf_init(&answer);
	rc = cmocka_run_group_tests_name("agent_cert", tests, NULL, NULL);
	rel_buf_fini(&answer);
	return rc;
}
