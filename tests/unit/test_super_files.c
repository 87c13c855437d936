/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The files that only super writes: releaserd.conf with its undo, and the
 * server's key and certificate; also when it is killed between two steps.
 */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "lib/fault.h"
#include "lib/log.h"
#include "releaserd/super/super.h"

static char dir[64], conf[128], fault[128];
static struct super su;
static struct rel_err err;
static unsigned told;

/* ---- what is not of these files */

void
children_tls(struct super *s)
{
	(void)s;
	told++;
}

void
super_host(const struct super *s, char out[256])
{
	(void)s;
	snprintf(out, 256, "print.example.com");
}

int
jail_ids(const char *user, uid_t *uid, gid_t *gid, struct rel_err *e)
{
	(void)user;
	*uid = 0;
	*gid = 0;
	return rel_err_set(e, REL_E_NOTFOUND, "not here");
}

/* ---- around each test */

static void
put(const char *name, const char *text, mode_t mode)
{
	char path[200];
	int fd;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
	assert_true(fd >= 0);
	assert_int_equal(strlen(text), write(fd, text, strlen(text)));
	assert_int_equal(0, fchmod(fd, mode));
	close(fd);
}

static const char *
get(const char *name)
{
	static char text[8192];
	char path[200];
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	if ((fd = open(path, O_RDONLY)) < 0)
		return NULL;
	n = read(fd, text, sizeof text - 1);
	close(fd);
	assert_true(n >= 0);
	text[n] = '\0';
	return text;
}

static mode_t
mode_of(const char *name)
{
	char path[200];
	struct stat st;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return stat(path, &st) == 0 ? st.st_mode & 0777 : 0;
}

static int
begin(void **state)
{
	(void)state;
	rel_log_init("test", REL_ERROR + 1);
	snprintf(dir, sizeof dir, "/tmp/test_super.XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(conf, sizeof conf, "%s/releaserd.conf", dir);
	snprintf(fault, sizeof fault, "%s/fault", dir);
	setenv("REL_FAULT_FILE", fault, 1);
	memset(&su, 0, sizeof su);
	settings_defaults(&su.set);
	snprintf(su.set.key_file, sizeof su.set.key_file, "%s/host.key", dir);
	su.conf_path = conf;
	su.locks[0] = su.locks[1] = -1;
	told = 0;
	put("releaserd.conf", "# first\nMaxJobs 1\n", 0640);
	return 0;
}

static int
end(void **state)
{
	char cmd[100];

	(void)state;
	blob_fini(&su.keys.tls_cert);
	blob_fini(&su.keys.tls_key);
	for (const char *const *n = (const char *const[]){ "releaserd.conf",
	    "releaserd.conf.undo", "releaserd.conf.new", "fault", "tls.crt",
	    "tls.key", "tls.crt.undo", "tls.key.undo", "tls.key.next",
	    "tls.key.waiting", "tls.csr", "tls.crt.new", "tls.key.new",
	    "link.conf", NULL }; *n != NULL; n++) {
		snprintf(cmd, sizeof cmd, "%s/%s", dir, *n);
		unlink(cmd);
	}
	return rmdir(dir);
}

static int
write_conf(const char *text)
{
	struct conf_file f;
	struct rel_buf b;
	int rc = conf_file_load(&su, &f, &err);

	rel_buf_init(&b);
	rel_put_raw(&b, text, strlen(text));
	if (rc == 0)
		rc = conf_file_write(&f, &b, &err);
	rel_buf_fini(&b);
	conf_file_fini(&f);
	return rc;
}

static bool
undo_offered(void)
{
	struct conf_file f;
	bool there;

	assert_int_equal(0, conf_file_load(&su, &f, &err));
	there = f.undo.data != NULL;
	conf_file_fini(&f);
	return there;
}

/* Run fn in a child that is killed at a point; false without fault points. */
static bool
killed_at(const char *point, void (*fn)(void))
{
#ifdef REL_FAULT_POINTS
	char line[80];
	int status;
	pid_t pid;

	snprintf(line, sizeof line, "%s kill\n", point);
	put("fault", line, 0644);
	if ((pid = fork()) == 0) {
		fn();
		_exit(0);
	}
	assert_int_equal(pid, waitpid(pid, &status, 0));
	assert_true(WIFSIGNALED(status));
	assert_int_equal(SIGKILL, WTERMSIG(status));
	return true;
#else
	(void)point;
	(void)fn;
	return false;
#endif
}

/* ---- the configuration */

UNIT(a_change_keeps_the_file_of_before)
{
	assert_false(undo_offered());
	assert_int_equal(0, write_conf("# first\nMaxJobs 2\n"));
	assert_string_equal("# first\nMaxJobs 2\n", get("releaserd.conf"));
	assert_string_equal("# first\nMaxJobs 1\n",
	    get("releaserd.conf.undo"));
	assert_int_equal(0640, mode_of("releaserd.conf"));
	assert_int_equal(0640, mode_of("releaserd.conf.undo"));
	assert_null(get("releaserd.conf.new"));
	assert_true(undo_offered());
}

UNIT(an_undo_is_there_once)
{
	struct conf_file f;

	assert_int_equal(0, write_conf("MaxJobs 2\n"));
	assert_int_equal(0, conf_file_load(&su, &f, &err));
	assert_int_equal(0, conf_file_undo(&f, &err));
	conf_file_fini(&f);
	assert_string_equal("# first\nMaxJobs 1\n", get("releaserd.conf"));
	assert_null(get("releaserd.conf.undo"));
	assert_false(undo_offered());
}

UNIT(an_edit_by_hand_is_not_undone)
{
	struct utimbuf later = { 2000000000, 2000000000 };

	assert_int_equal(0, write_conf("MaxJobs 2\n"));
	put("releaserd.conf", "MaxJobs 3\n", 0640);
	utime(conf, &later);
	assert_false(undo_offered());
	/* The next change has one again. */
	assert_int_equal(0, write_conf("MaxJobs 4\n"));
	assert_true(undo_offered());
	assert_string_equal("MaxJobs 3\n", get("releaserd.conf.undo"));
}

UNIT(a_link_stays_a_link)
{
	char path[128];
	struct stat st;

	snprintf(path, sizeof path, "%s/link.conf", dir);
	assert_int_equal(0, symlink(conf, path));
	su.conf_path = path;
	assert_int_equal(0, write_conf("MaxJobs 2\n"));
	assert_int_equal(0, lstat(path, &st));
	assert_true(S_ISLNK(st.st_mode));
	assert_string_equal("MaxJobs 2\n", get("releaserd.conf"));
}

UNIT(a_file_too_large_is_left_alone)
{
	struct conf_file f;

	assert_int_equal(0, truncate(conf, (off_t)ADMIN_TEXT_MAX + 1));
	assert_int_equal(-REL_E_LIMIT, conf_file_load(&su, &f, &err));
	conf_file_fini(&f);
	unlink(conf);
	assert_int_equal(-REL_E_IO, conf_file_load(&su, &f, &err));
	conf_file_fini(&f);
}

static void
write_two(void)
{
	(void)write_conf("MaxJobs 2\n");
}

UNIT(a_crash_leaves_the_old_file_or_the_new)
{
	if (!killed_at("super:conf-before-rename", write_two))
		skip();
	assert_string_equal("# first\nMaxJobs 1\n", get("releaserd.conf"));
	assert_true(killed_at("super:conf-renamed", write_two));
	assert_string_equal("MaxJobs 2\n", get("releaserd.conf"));
	assert_true(undo_offered());
	/* What was left over is in nobody's way. */
	put("releaserd.conf.new", "half", 0600);
	assert_int_equal(0, write_conf("MaxJobs 5\n"));
	assert_string_equal("MaxJobs 5\n", get("releaserd.conf"));
}

/* ---- key and certificate */

static void
first_pair(void)
{
	assert_int_equal(0, certs_self_signed("print.example.com",
	    &su.keys.tls_cert, &su.keys.tls_key, &err));
	put("tls.crt", "", 0644);
	put("tls.key", "", 0600);
	assert_int_equal(0, tls_self_signed(&su, &err));
	unlink("tls.crt.undo");
}

static bool
files_fit(const char *cert, const char *key)
{
	struct blob c = { NULL, 0 }, k = { NULL, 0 };
	bool fit;

	if (get(cert) == NULL || get(key) == NULL)
		return false;
	c.data = (uint8_t *)strdup(get(cert));
	c.len = strlen((char *)c.data);
	k.data = (uint8_t *)strdup(get(key));
	k.len = strlen((char *)k.data);
	fit = certs_fit(&c, &k);
	blob_fini(&c);
	blob_fini(&k);
	return fit;
}

/* A certificate for the key in a file, as an authority would make it. */
static char *
cert_for(const char *key_name)
{
	static char pem[4096];
	const char *text = get(key_name);
	BIO *in = BIO_new_mem_buf(text, -1), *out = BIO_new(BIO_s_mem());
	EVP_PKEY *key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);
	EVP_PKEY *ca = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	int n;

	assert_non_null(key);
	assert_int_equal(1, X509_set_pubkey(x, key));
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 86400);
	assert_true(X509_sign(x, ca, EVP_sha256()) > 0);
	assert_int_equal(1, PEM_write_bio_X509(out, x));
	n = BIO_read(out, pem, (int)sizeof pem - 1);
	assert_true(n > 0);
	pem[n] = '\0';
	X509_free(x);
	EVP_PKEY_free(key);
	EVP_PKEY_free(ca);
	BIO_free(in);
	BIO_free(out);
	return pem;
}

static const struct admin_csr request = {
	.common_name = "print.example.com", .organization = "S\xc3\xb6hne, O=x",
	.country = "DE", .n = 3,
	.names = { "print.example.com", "*.example.com", "2001:db8::1" }
};

UNIT(a_pair_is_changed_and_kept)
{
	char *before;

	first_pair();
	assert_int_equal(1, told);
	assert_true(files_fit("tls.crt", "tls.key"));
	before = strdup(get("tls.crt"));
	assert_int_equal(0, tls_self_signed(&su, &err));
	assert_string_not_equal(before, get("tls.crt"));
	assert_true(files_fit("tls.crt", "tls.key"));
	assert_true(files_fit("tls.crt.undo", "tls.key.undo"));
	assert_string_equal(before, get("tls.crt.undo"));
	assert_int_equal(0600, mode_of("tls.key"));
	assert_int_equal(0600, mode_of("tls.key.undo"));
	assert_int_equal(0, tls_undo(&su, &err));
	assert_string_equal(before, get("tls.crt"));
	assert_true(files_fit("tls.crt", "tls.key"));
	assert_null(get("tls.crt.undo"));
	assert_null(get("tls.key.next"));
	assert_int_equal(-REL_E_NOTFOUND, tls_undo(&su, &err));
	assert_int_equal(3, told);
	free(before);
}

UNIT(a_request_has_its_names_and_a_key_of_its_own)
{
	char text[3][254] = { "", "a,DNS:b", "a b" };
	struct admin_csr wrong = request;
	BIO *bio;
	X509_REQ *req;
	X509_NAME *name;
	char org[80] = "";

	first_pair();
	assert_int_equal(0, tls_csr(&su, &request, &err));
	assert_int_equal(0600, mode_of("tls.key.waiting"));
	assert_string_not_equal(get("tls.key"), "");
	bio = BIO_new_mem_buf(get("tls.csr"), -1);
	req = PEM_read_bio_X509_REQ(bio, NULL, NULL, NULL);
	assert_non_null(req);
	assert_int_equal(1, X509_REQ_verify(req, X509_REQ_get0_pubkey(req)));
	name = X509_REQ_get_subject_name(req);
	X509_NAME_get_text_by_NID(name, NID_organizationName, org,
	    sizeof org);
	assert_string_equal(request.organization, org);
	assert_int_equal(3, X509_NAME_entry_count(name));
	X509_REQ_free(req);
	BIO_free(bio);
	for (size_t i = 0; i < 3; i++) {
		memcpy(wrong.names[1], text[i], sizeof text[i]);
		assert_int_equal(-REL_E_FORMAT, tls_csr(&su, &wrong, &err));
	}
	wrong = request;
	wrong.n = 0;
	assert_int_equal(-REL_E_FORMAT, tls_csr(&su, &wrong, &err));
}

UNIT(a_certificate_goes_to_the_key_it_is_for)
{
	char *pem;

	first_pair();
	assert_int_equal(0, tls_csr(&su, &request, &err));
	put("stranger", get("tls.key.waiting"), 0600);
	assert_int_equal(0, tls_csr(&su, &request, &err));
	pem = cert_for("stranger");
	assert_int_equal(-REL_E_DENIED, tls_install(&su, pem, strlen(pem),
	    &err));
	assert_int_equal(1, told);
	pem = cert_for("tls.key.waiting");
	assert_int_equal(0, tls_install(&su, pem, strlen(pem), &err));
	assert_int_equal(2, told);
	assert_string_equal(pem, get("tls.crt"));
	assert_true(files_fit("tls.crt", "tls.key"));
	assert_null(get("tls.key.waiting"));
	assert_null(get("tls.csr"));
	assert_int_equal(-REL_E_EXISTS, tls_install(&su, pem, strlen(pem),
	    &err));
	/* A renewal for the key in use needs no request. */
	pem = cert_for("tls.key");
	assert_int_equal(0, tls_install(&su, pem, strlen(pem), &err));
	assert_true(files_fit("tls.crt", "tls.key"));
	assert_int_equal(-REL_E_DENIED, tls_install(&su, "x", 1, &err));
	snprintf(conf, sizeof conf, "%s/stranger", dir);
	unlink(conf);
}

UNIT(the_key_that_an_undo_takes_away_waits)
{
	char *pem, *kept;

	first_pair();
	assert_int_equal(0, tls_csr(&su, &request, &err));
	pem = cert_for("tls.key.waiting");
	assert_int_equal(0, tls_install(&su, pem, strlen(pem), &err));
	kept = strdup(get("tls.crt"));
	assert_int_equal(0, tls_undo(&su, &err));
	assert_true(files_fit("tls.crt", "tls.key"));
	assert_int_equal(0600, mode_of("tls.key.waiting"));
	assert_int_equal(0, tls_install(&su, kept, strlen(kept), &err));
	assert_true(files_fit("tls.crt", "tls.key"));
	assert_string_equal(kept, get("tls.crt"));
	free(kept);
}

static void
install_waiting(void)
{
	char *pem = cert_for("tls.key.waiting");

	(void)tls_install(&su, pem, strlen(pem), &err);
}

UNIT(a_crash_between_certificate_and_key_is_healed)
{
	char was[4096];

	first_pair();
	assert_int_equal(0, tls_csr(&su, &request, &err));
	assert_true(snprintf(was, sizeof was, "%s", get("tls.crt")) <
	    (int)sizeof was);
	if (!killed_at("super:tls-key-ready", install_waiting))
		skip();
	assert_int_equal(0, tls_heal(&su, &err));
	assert_string_equal(was, get("tls.crt"));
	assert_true(files_fit("tls.crt", "tls.key"));
	assert_null(get("tls.key.next"));
	assert_true(killed_at("super:tls-between", install_waiting));
	assert_false(files_fit("tls.crt", "tls.key"));
	assert_int_equal(0, tls_heal(&su, &err));
	assert_string_not_equal(was, get("tls.crt"));
	assert_true(files_fit("tls.crt", "tls.key"));
	assert_null(get("tls.key.next"));
	assert_int_equal(0, tls_heal(&su, &err));
}

UNIT(a_key_that_others_can_read_is_not_taken)
{
	char *pem;

	first_pair();
	assert_int_equal(0, tls_csr(&su, &request, &err));
	pem = cert_for("tls.key.waiting");
	put("tls.key.waiting", get("tls.key.waiting"), 0644);
	assert_int_equal(-REL_E_DENIED, tls_install(&su, pem, strlen(pem),
	    &err));
	assert_int_equal(1, told);
}

int
main(void)
{
#define SUPER_TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
		SUPER_TEST(a_change_keeps_the_file_of_before),
		SUPER_TEST(an_undo_is_there_once),
		SUPER_TEST(an_edit_by_hand_is_not_undone),
		SUPER_TEST(a_link_stays_a_link),
		SUPER_TEST(a_file_too_large_is_left_alone),
		SUPER_TEST(a_crash_leaves_the_old_file_or_the_new),
		SUPER_TEST(a_pair_is_changed_and_kept),
		SUPER_TEST(a_request_has_its_names_and_a_key_of_its_own),
		SUPER_TEST(a_certificate_goes_to_the_key_it_is_for),
		SUPER_TEST(the_key_that_an_undo_takes_away_waits),
		SUPER_TEST(a_crash_between_certificate_and_key_is_healed),
		SUPER_TEST(a_key_that_others_can_read_is_not_taken),
	};

	return cmocka_run_group_tests_name("super_files", tests, NULL, NULL);
}
