/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The folder of a station: keys, certificates, odd files, crashes. */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "station/station.h"
#include "lib/bio.h"

/* In the order in which they get their names. */
static const char *const names[] = { "server.pem", "station.p12",
    "station.key", "station.crt", "station.json" };
#define NAMES (sizeof names / sizeof names[0])
#define DAY 86400

static char dir[64];
static struct rel_err err;

static int
open_dir(void **state)
{
	(void)state;
	memset(&err, 0, sizeof err);
	snprintf(dir, sizeof dir, "/tmp/rel-station-XXXXXX");
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static char *
path(const char *name)
{
	static char out[2][200];
	static int turn;

	turn = !turn;
	snprintf(out[turn], sizeof out[turn], "%s/%s", dir, name);
	return out[turn];
}

static int
close_dir(void **state)
{
	char name[64];

	(void)state;
	for (size_t i = 0; i < NAMES; i++) {
		unlink(path(names[i]));
		snprintf(name, sizeof name, "%s.new", names[i]);
		unlink(path(name));
	}
	unlink(path("other"));
	rmdir(path("sub"));
	return rmdir(dir);
}
#define STATION(name) cmocka_unit_test_setup_teardown(name, open_dir, close_dir)

/* ---- what a server would do */

static void
text_of(struct rel_buf *b)
{
	rel_put_u8(b, 0);
	b->len--;
	assert_int_equal(0, b->failed);
}

/* The certificate a server makes of a request; out is text. */
static void
sign(const struct rel_buf *csr, long seconds, struct rel_buf *out)
{
	EVP_PKEY *ca = EVP_EC_gen("P-256");
	BIO *in = BIO_new_mem_buf(csr->data, (int)csr->len);
	BIO *bio = BIO_new(BIO_s_mem());
	X509_REQ *req = PEM_read_bio_X509_REQ(in, NULL, NULL, NULL);
	X509 *x = X509_new();

	assert_non_null(req);
	assert_int_equal(1, X509_REQ_verify(req, X509_REQ_get0_pubkey(req)));
	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 7);
	X509_gmtime_adj(X509_getm_notBefore(x), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x), seconds);
	X509_set_subject_name(x, X509_REQ_get_subject_name(req));
	X509_set_issuer_name(x, X509_REQ_get_subject_name(req));
	X509_set_pubkey(x, X509_REQ_get0_pubkey(req));
	assert_true(X509_sign(x, ca, EVP_sha256()) > 0);
	assert_int_equal(1, PEM_write_bio_X509(bio, x));
	rel_buf_init(out);
	rel_put_bio(out, bio);
	text_of(out);
	X509_free(x);
	X509_REQ_free(req);
	EVP_PKEY_free(ca);
	BIO_free(in);
	BIO_free(bio);
}

static void
pair_make(struct station_key *k, struct rel_buf *crt, long seconds)
{
	assert_int_equal(0, station_key_make(k, "station-1", &err));
	sign(&k->csr, seconds, crt);
}

static struct rel_buf
buf_of(const char *text)
{
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_raw(&b, text, strlen(text));
	return b;
}

/* ---- keys */

UNIT(a_key_and_its_request)
{
	struct station_key k;
	char cn[200] = "";
	X509_REQ *req;
	BIO *bio;

	assert_int_equal(0, station_key_make(&k, "Büro 2", &err));
	bio = BIO_new_mem_buf(k.csr.data, (int)k.csr.len);
	req = PEM_read_bio_X509_REQ(bio, NULL, NULL, NULL);
	assert_non_null(req);
	assert_int_equal(1, X509_REQ_verify(req, X509_REQ_get0_pubkey(req)));
	assert_true(X509_NAME_get_text_by_NID(X509_REQ_get_subject_name(req),
	    NID_commonName, cn, sizeof cn) > 0);
	assert_string_equal("Büro 2", cn);
	X509_REQ_free(req);
	BIO_free(bio);
	text_of(&k.key);
	assert_non_null(strstr((char *)k.key.data, "BEGIN PRIVATE KEY"));
	station_key_fini(&k);
}

UNIT(names_that_are_none)
{
	static const char *const bad[] = {
		"\xff\xfe", "abc\xc3",
		"00000000000000000000000000000000000000000000000000000000"
		"000000000"		/* 65: X.509 allows 64 */
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct station_key k;

		assert_int_equal(-REL_E_FORMAT,
		    station_key_make(&k, bad[i], &err));
		station_key_fini(&k);
	}
}

UNIT(the_browsers_file)
{
	struct station_key k, other;
	struct rel_buf crt, p12;
	EVP_PKEY *key = NULL;
	X509 *x = NULL;
	PKCS12 *p;
	BIO *bio;

	pair_make(&k, &crt, DAY);
	rel_buf_init(&p12);
	assert_int_equal(0, station_p12(&k.key, (char *)crt.data, "pass wörd",
	    "Print release 1", &p12, &err));
	bio = BIO_new_mem_buf(p12.data, (int)p12.len);
	p = d2i_PKCS12_bio(bio, NULL);
	assert_non_null(p);
	assert_int_equal(1, PKCS12_parse(p, "pass wörd", &key, &x, NULL));
	assert_int_equal(1, X509_check_private_key(x, key));
	EVP_PKEY_free(key);
	X509_free(x);
	assert_int_equal(0, PKCS12_verify_mac(p, "", -1));
	assert_int_equal(0, PKCS12_verify_mac(p, "pass", -1));
	PKCS12_free(p);
	BIO_free(bio);
	rel_buf_reset(&p12);
	assert_int_equal(0, station_key_make(&other, "x", &err));
	assert_int_equal(-REL_E_FORMAT, station_p12(&other.key,
	    (char *)crt.data, "p", "n", &p12, &err));
	assert_int_equal(0, p12.len);
	station_key_fini(&other);
	station_key_fini(&k);
	rel_buf_fini(&crt);
	rel_buf_fini(&p12);
}

/* An encrypted key: nobody may be asked for its password. */
static const char locked[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgAAAAAAAAAAAICCAAw\n"
    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEAAAAAAAAAAAAAAAAAAAAAAEgZAA\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";
static const char old_locked[] = "-----BEGIN EC PRIVATE KEY-----\n"
    "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,"
    "00000000000000000000000000000000\n\nAAAAAAAAAAAAAAAAAAAAAA==\n"
    "-----END EC PRIVATE KEY-----\n";

static const char *const odd[] = {
	"", "\n", "no PEM at all", "-----BEGIN CERTIFICATE-----",
	"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
	"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
	"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
	"-----BEGIN CERTIFICATE-----\nMIIB\n-----END PRIVATE KEY-----\n",
	"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n",
	"\xef\xbb\xbf{\"certificate\":1}", locked, old_locked
};

UNIT(odd_pem_is_neither_key_nor_certificate)
{
	struct station_key k;
	struct rel_buf crt, p12;
	int64_t end = 42;

	pair_make(&k, &crt, DAY);
	rel_buf_init(&p12);
	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
		struct rel_buf b = buf_of(odd[i]);

		assert_int_equal(-REL_E_FORMAT, station_p12(&k.key, odd[i],
		    "p", "n", &p12, &err));
		assert_int_equal(-REL_E_FORMAT, station_p12(&b,
		    (char *)crt.data, "p", "n", &p12, &err));
		assert_int_equal(-REL_E_FORMAT, station_crt_end(&b, &end,
		    &err));
		assert_false(station_pair(&b, &crt));
		assert_false(station_pair(&k.key, &b));
		rel_buf_fini(&b);
	}
	/* One in the other's place, and one that is cut. */
	assert_int_equal(-REL_E_FORMAT, station_crt_end(&k.key, &end, &err));
	assert_false(station_pair(&crt, &k.key));
	crt.len -= 40;
	assert_int_equal(-REL_E_FORMAT, station_crt_end(&crt, &end, &err));
	assert_int_equal(0, p12.len);
	assert_int_equal(42, end);
	station_key_fini(&k);
	rel_buf_fini(&crt);
	rel_buf_fini(&p12);
}

UNIT(a_megabyte_of_pem)
{
	struct rel_buf b, p12;
	struct station_key k;
	int64_t end;

	rel_buf_init(&b);
	rel_buf_init(&p12);
	rel_put_fmt(&b, "-----BEGIN CERTIFICATE-----\n");
	while (b.len < 1u << 20)
		rel_put_fmt(&b, "MIIBMIIBMIIBMIIBMIIBMIIBMIIBMIIBMIIBMIIB\n");
	rel_put_fmt(&b, "-----END CERTIFICATE-----\n");
	text_of(&b);
	assert_int_equal(0, station_key_make(&k, "x", &err));
	assert_int_equal(-REL_E_FORMAT, station_crt_end(&b, &end, &err));
	assert_int_equal(-REL_E_FORMAT, station_p12(&k.key, (char *)b.data,
	    "p", "n", &p12, &err));
	station_key_fini(&k);
	rel_buf_fini(&b);
}

UNIT(when_it_ends)
{
	struct station_key k;
	struct rel_buf crt;
	int64_t end = 0, now = (int64_t)time(NULL) * 1000;

	pair_make(&k, &crt, 100 * DAY);
	assert_int_equal(0, station_crt_end(&crt, &end, &err));
	assert_in_range(end - now, 100 * DAY * 1000LL - 1000,
	    100 * DAY * 1000LL + 60000);
	assert_true(station_pair(&k.key, &crt));
	station_key_fini(&k);
	rel_buf_fini(&crt);
	/* One that is over is a certificate, too. */
	pair_make(&k, &crt, -60);
	assert_int_equal(0, station_crt_end(&crt, &end, &err));
	assert_true(end < now);
	station_key_fini(&k);
	rel_buf_fini(&crt);
}

/* ---- the folder */

static unsigned
mode_of(const char *what)
{
	struct stat st;

	assert_int_equal(0, lstat(what, &st));
	return st.st_mode & 07777;
}

UNIT(a_folder_of_ours_alone)
{
	char *sub = path("sub"), longest[600];
	mode_t was = umask(0);

	assert_int_equal(0, station_folder(sub, &err));
	umask(was);
	assert_int_equal(0700, mode_of(sub));
	assert_int_equal(0, station_folder(sub, &err));
	assert_int_equal(0, chmod(sub, 0755));
	assert_int_equal(0, station_folder(sub, &err));
	assert_int_equal(0, chmod(sub, 0720));
	assert_int_equal(-REL_E_DENIED, station_folder(sub, &err));
	assert_non_null(strstr(err.text, "chmod 700"));
	assert_int_equal(0, chmod(sub, 0702));
	assert_int_equal(-REL_E_DENIED, station_folder(sub, &err));
	assert_int_equal(-REL_E_IO, station_folder("/dev/null", &err));
	assert_int_equal(-REL_E_IO, station_folder("/nowhere/at/all", &err));
	assert_int_equal(-REL_E_IO, station_folder("", &err));
	memset(longest, 'a', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	assert_int_equal(-REL_E_IO, station_folder(longest, &err));
}

/* Who owns the folder can put another key into it. */
UNIT(a_folder_of_somebody_else)
{
	char *sub = path("sub");

	if (geteuid() != 0) {
		assert_int_equal(-REL_E_DENIED, station_folder("/", &err));
		return;
	}
	assert_int_equal(0, mkdir(sub, 0700));
	assert_int_equal(0, chown(sub, 65534, 65534));
	assert_int_equal(-REL_E_DENIED, station_folder(sub, &err));
	assert_non_null(strstr(err.text, "another user"));
}

static void
put_file(const char *name, size_t n)
{
	int fd = open(path(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(0, ftruncate(fd, (off_t)n));
	close(fd);
}

UNIT(files_that_are_read)
{
	char longest[STATION_PATH + 8];
	struct rel_buf b;

	rel_buf_init(&b);
	assert_int_equal(-REL_E_NOTFOUND, station_read(dir, "station.crt", &b,
	    &err));
	put_file("other", 0);
	assert_int_equal(0, station_read(dir, "other", &b, &err));
	assert_int_equal(0, b.len);
	put_file("other", STATION_PEM_MAX);
	assert_int_equal(0, station_read(dir, "other", &b, &err));
	assert_int_equal(STATION_PEM_MAX, b.len);
	rel_buf_reset(&b);
	put_file("other", STATION_PEM_MAX + 1);
	assert_int_equal(-REL_E_LIMIT, station_read(dir, "other", &b, &err));
	assert_non_null(strstr(err.text, "too large"));
	rel_buf_reset(&b);
	/* What never ends is not read to its end. */
	assert_int_equal(-REL_E_LIMIT, station_read_path("/dev/zero", &b,
	    &err));
	assert_true(b.len < 2 * STATION_PEM_MAX);
	rel_buf_reset(&b);
	assert_int_equal(-REL_E_IO, station_read_path(dir, &b, &err));
	memset(longest, 'a', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	assert_int_equal(-REL_E_LIMIT, station_read(longest, "x", &b, &err));
	assert_int_equal(-REL_E_LIMIT, station_write_new(longest, "x", "y", 1,
	    &err));
	assert_int_equal(-REL_E_LIMIT, station_rename_new(longest, &err));
	station_drop_new(longest);
	station_mend(longest);
	rel_buf_fini(&b);
}

UNIT(files_are_for_nobody_else_and_follow_no_link)
{
	mode_t was = umask(0);
	struct rel_buf b;

	put_file("other", 0);
	assert_int_equal(0, symlink(path("other"), path("station.key.new")));
	assert_int_equal(0, station_write_new(dir, "station.key", "secret", 6,
	    &err));
	umask(was);
	assert_int_equal(0600, mode_of(path("station.key.new")));
	rel_buf_init(&b);
	assert_int_equal(0, station_read(dir, "other", &b, &err));
	assert_int_equal(0, b.len);
	assert_int_equal(0, station_rename_new(dir, &err));
	assert_int_equal(0, station_read(dir, "station.key", &b, &err));
	assert_int_equal(6, b.len);
	assert_int_equal(-1, access(path("station.key.new"), F_OK));
	assert_int_equal(-REL_E_IO, station_write_new("/nowhere", "x", "y", 1,
	    &err));
	rel_buf_fini(&b);
}

/* ---- crashes */

static void
write_pair(const struct station_key *k, const struct rel_buf *crt)
{
	for (size_t i = 0; i < NAMES; i++) {
		const void *p = "{}";
		size_t n = 2;

		if (strcmp(names[i], "station.key") == 0) {
			p = k->key.data;
			n = k->key.len;
		} else if (strcmp(names[i], "station.crt") == 0) {
			p = crt->data;
			n = crt->len;
		}
		assert_int_equal(0, station_write_new(dir, names[i], p, n,
		    &err));
	}
}

static bool
is_pair(void)
{
	struct rel_buf key, crt;
	bool is;

	rel_buf_init(&key);
	rel_buf_init(&crt);
	is = station_read(dir, "station.key", &key, &err) == 0 &&
	    station_read(dir, "station.crt", &crt, &err) == 0 &&
	    station_pair(&key, &crt);
	rel_buf_fini_secret(&key);
	rel_buf_fini(&crt);
	return is;
}

/* Dead after so many of the renames: afterwards it is one pair again. */
UNIT(a_crash_between_the_renames)
{
	struct station_key old, new;
	struct rel_buf old_crt, new_crt;
	char from[64];

	pair_make(&old, &old_crt, DAY);
	pair_make(&new, &new_crt, DAY);
	for (size_t done = 0; done <= NAMES; done++) {
		write_pair(&old, &old_crt);
		assert_int_equal(0, station_rename_new(dir, &err));
		write_pair(&new, &new_crt);
		for (size_t i = 0; i < done; i++) {
			snprintf(from, sizeof from, "%s.new", names[i]);
			assert_int_equal(0, rename(path(from),
			    path(names[i])));
		}
		station_mend(dir);
		assert_true(is_pair());
		station_drop_new(dir);
		assert_true(is_pair());
	}
	station_key_fini(&old);
	station_key_fini(&new);
	rel_buf_fini(&old_crt);
	rel_buf_fini(&new_crt);
}

/* When the pair grows old is never said of one that is not there yet: it would
 * not be renewed in time. */
UNIT(a_crash_leaves_no_time_of_another_pair)
{
	struct station_key k[2];
	struct rel_buf crt[2];
	char from[64];

	pair_make(&k[0], &crt[0], DAY);
	pair_make(&k[1], &crt[1], DAY);
	for (size_t done = 0; done <= NAMES; done++) {
		struct rel_buf json, key;
		bool is_new;

		for (size_t i = 0; i < 2; i++) {
			write_pair(&k[i], &crt[i]);
			assert_int_equal(0, station_write_new(dir,
			    "station.json", i == 0 ? "old" : "new", 3, &err));
			if (i == 0)
				assert_int_equal(0, station_rename_new(dir,
				    &err));
		}
		for (size_t i = 0; i < done; i++) {
			snprintf(from, sizeof from, "%s.new", names[i]);
			assert_int_equal(0, rename(path(from),
			    path(names[i])));
		}
		station_mend(dir);
		rel_buf_init(&json);
		rel_buf_init(&key);
		assert_int_equal(0, station_read(dir, "station.json", &json,
		    &err));
		assert_int_equal(0, station_read(dir, "station.key", &key,
		    &err));
		is_new = key.len == k[1].key.len && memcmp(key.data,
		    k[1].key.data, key.len) == 0;
		assert_true(is_pair());
		assert_int_equal(done > 2, is_new);
		assert_memory_equal(is_new ? "new" : "old", json.data, 3);
		rel_buf_fini_secret(&key);
		rel_buf_fini(&json);
	}
	for (size_t i = 0; i < 2; i++) {
		station_key_fini(&k[i]);
		rel_buf_fini(&crt[i]);
	}
}

/* The renames end at the pair: nothing behind it is done. */
UNIT(the_time_gets_its_name_after_the_pair)
{
	static const char *const stops[] = { "station.key.new",
	    "station.crt.new" };
	struct rel_buf json;

	rel_buf_init(&json);
	for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
		assert_int_equal(0, station_write_new(dir, "station.json",
		    "old", 3, &err));
		assert_int_equal(0, station_rename_new(dir, &err));
		put_file("station.key", 1);
		put_file("station.crt", 1);
		assert_int_equal(0, station_write_new(dir, "station.json",
		    "new", 3, &err));
		/* No file takes the name of a folder, nor a folder a file's. */
		assert_int_equal(0, mkdir(path(stops[i]), 0700));
		assert_int_equal(-REL_E_IO, station_rename_new(dir, &err));
		rel_buf_reset(&json);
		assert_int_equal(0, station_read(dir, "station.json", &json,
		    &err));
		assert_memory_equal("old", json.data, 3);
		assert_int_equal(0, rmdir(path(stops[i])));
		station_drop_new(dir);
	}
	rel_buf_fini(&json);
}

UNIT(nothing_is_mended_with_junk)
{
	struct station_key k;
	struct rel_buf crt;

	pair_make(&k, &crt, DAY);
	write_pair(&k, &crt);
	assert_int_equal(0, station_rename_new(dir, &err));
	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
		assert_int_equal(0, station_write_new(dir, "station.key",
		    odd[i], strlen(odd[i]), &err));
		assert_int_equal(0, station_write_new(dir, "station.crt",
		    odd[i], strlen(odd[i]), &err));
		station_mend(dir);
		assert_true(is_pair());
	}
	put_file("station.crt.new", 1u << 20);
	station_mend(dir);
	assert_true(is_pair());
	station_key_fini(&k);
	rel_buf_fini(&crt);
}

/* ---- the server's name */

UNIT(servers)
{
	static const char *const good[] = {
		"https://print", "https://print.example.com",
		"https://192.0.2.7:10443", "https://[2001:db8::7]",
		"https://[::1]:1", "https://a:65535"
	};
	static const char *const bad[] = {
		"", "print", "http://print", "https://", "HTTPS://print",
		"https://print/", "https://print/panel", "https://print:",
		"https://print:0", "https://print:65536", "https://print:4x",
		"https://a b", "https://a@b", "https://[::1", "https://[]",
		"https://[::1]x", "https://a?b", "https://a#b", "https://a\nb",
		"https://b\xc3\xbcro"
	};
	char longest[400];

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		if (!station_server_ok(good[i]))
			fail_msg("%s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (station_server_ok(bad[i]))
			fail_msg("%s", bad[i]);
	memset(longest, 'a', sizeof longest - 1);
	memcpy(longest, "https://", 8);
	longest[sizeof longest - 1] = '\0';
	assert_false(station_server_ok(longest));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(a_key_and_its_request), UNIT_RUN(names_that_are_none),
		UNIT_RUN(the_browsers_file),
		UNIT_RUN(odd_pem_is_neither_key_nor_certificate),
		UNIT_RUN(a_megabyte_of_pem), UNIT_RUN(when_it_ends),
		STATION(a_folder_of_ours_alone),
		STATION(a_folder_of_somebody_else),
		STATION(files_that_are_read),
		STATION(files_are_for_nobody_else_and_follow_no_link),
		STATION(a_crash_between_the_renames),
		STATION(a_crash_leaves_no_time_of_another_pair),
		STATION(the_time_gets_its_name_after_the_pair),
		STATION(nothing_is_mended_with_junk), UNIT_RUN(servers)
	};

	return cmocka_run_group_tests_name("station_file", tests, NULL, NULL);
}
