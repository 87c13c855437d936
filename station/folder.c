/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A station's key, its certificate and the folder they lie in. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "station/station.h"
#include "lib/bio.h"

/*
 * The key of what counts near the end: until it has its name the old pair is
 * good.  station.json last: it says when the pair grows old, and never of one
 * that is not there yet.
 */
static const char *const files[] = {
	"server.pem", "station.p12", "station.key", "station.crt",
	"station.json"
};
#define FILES (sizeof files / sizeof files[0])

/* Never ask at the terminal for the password of a PEM file. */
static int
no_password(char *buf, int size, int writing, void *arg)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)arg;
	return -1;
}

static X509 *
crt_of(const void *pem, size_t n)
{
	BIO *bio = n > 0 ? BIO_new_mem_buf(pem, (int)n) : NULL;
	X509 *x = bio != NULL ? PEM_read_bio_X509(bio, NULL, no_password,
	    NULL) : NULL;

	BIO_free(bio);
	return x;
}

static EVP_PKEY *
key_of(const struct rel_buf *pem)
{
	BIO *bio = pem->len > 0 ? BIO_new_mem_buf(pem->data, (int)pem->len) :
	    NULL;
	EVP_PKEY *k = bio != NULL ? PEM_read_bio_PrivateKey(bio, NULL,
	    no_password, NULL) : NULL;

	BIO_free(bio);
	return k;
}

/* ---- keys */

static bool
csr_make(EVP_PKEY *key, const char *serial, BIO *out)
{
	X509_REQ *req = X509_REQ_new();
	bool ok = req != NULL && X509_REQ_set_version(req, 0) == 1 &&
	    X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(req), "CN",
	    MBSTRING_UTF8, (const unsigned char *)serial, -1, -1, 0) == 1 &&
	    X509_REQ_set_pubkey(req, key) == 1 &&
	    X509_REQ_sign(req, key, EVP_sha256()) > 0 &&
	    PEM_write_bio_X509_REQ(out, req) == 1;

	X509_REQ_free(req);
	return ok;
}

int
station_key_make(struct station_key *k, const char *serial,
    struct rel_err *err)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	BIO *secret = BIO_new(BIO_s_secmem()), *csr = BIO_new(BIO_s_mem());
	bool ok;

	rel_buf_init(&k->key);
	rel_buf_init(&k->csr);
	ok = key != NULL && secret != NULL && csr != NULL &&
	    PEM_write_bio_PKCS8PrivateKey(secret, key, NULL, NULL, 0, NULL,
	    NULL) == 1 && csr_make(key, serial, csr);
	if (ok) {
		rel_put_bio(&k->key, secret);
		rel_put_bio(&k->csr, csr);
		ok = !k->key.failed && !k->csr.failed;
	}
	BIO_free(secret);
	BIO_free(csr);
	EVP_PKEY_free(key);
	return ok ? 0 : rel_err_set(err, REL_E_FORMAT,
	    "cannot make a key and a certificate request for \"%.60s\"",
	    serial);
}

void
station_key_fini(struct station_key *k)
{
	rel_buf_fini_secret(&k->key);
	rel_buf_fini(&k->csr);
}

int
station_p12(const struct rel_buf *key, const char *crt, const char *password,
    const char *name, struct rel_buf *out, struct rel_err *err)
{
	EVP_PKEY *k = key_of(key);
	X509 *x = crt_of(crt, strlen(crt));
	PKCS12 *p = k != NULL && x != NULL &&
	    X509_check_private_key(x, k) == 1 ? PKCS12_create(password, name,
	    k, x, NULL, 0, 0, 0, 0, 0) : NULL;
	BIO *bio = BIO_new(BIO_s_secmem());
	bool ok = p != NULL && bio != NULL && i2d_PKCS12_bio(bio, p) == 1;

	if (ok) {
		rel_put_bio(out, bio);
		ok = !out->failed;
	}
	BIO_free(bio);
	PKCS12_free(p);
	X509_free(x);
	EVP_PKEY_free(k);
	return ok ? 0 : rel_err_set(err, REL_E_FORMAT,
	    "the certificate that came is not one of this station's key");
}

int
station_crt_end(const struct rel_buf *crt, int64_t *end_ms,
    struct rel_err *err)
{
	X509 *x = crt_of(crt->data, crt->len);
	struct tm tm;
	int ok = x != NULL && ASN1_TIME_to_tm(X509_get0_notAfter(x),
	    &tm) == 1;

	X509_free(x);
	if (!ok)
		return rel_err_set(err, REL_E_FORMAT,
		    "station.crt holds no certificate: enroll the station "
		    "anew");
	*end_ms = (int64_t)timegm(&tm) * 1000;
	return 0;
}

bool
station_pair(const struct rel_buf *key, const struct rel_buf *crt)
{
	EVP_PKEY *k = key_of(key);
	X509 *x = crt_of(crt->data, crt->len);
	bool ok = k != NULL && x != NULL && X509_check_private_key(x, k) == 1;

	X509_free(x);
	EVP_PKEY_free(k);
	return ok;
}

/* ---- files */

static int
path_of(char *out, const char *dir, const char *name, const char *more,
    struct rel_err *err)
{
	int n = snprintf(out, STATION_PATH, "%s/%s%s", dir, name, more);

	return n > 0 && n < STATION_PATH ? 0 : rel_err_set(err, REL_E_LIMIT,
	    "the name of the folder is too long");
}

int
station_folder(const char *dir, struct rel_err *err)
{
	struct stat st;

	if (mkdir(dir, 0700) < 0 && errno != EEXIST)
		return rel_err_sys(err, REL_E_IO, "cannot make the folder "
		    "%.120s", dir);
	if (stat(dir, &st) < 0 || !S_ISDIR(st.st_mode))
		return rel_err_set(err, REL_E_IO, "%.120s is no folder", dir);
	if (st.st_uid != geteuid())
		return rel_err_set(err, REL_E_DENIED, "%.100s belongs to "
		    "another user, who could put another key into it: take "
		    "another folder, or be that user", dir);
	if ((st.st_mode & 022) != 0)
		return rel_err_set(err, REL_E_DENIED, "others may write in "
		    "%.100s, and the station's key is to lie there: chmod 700 "
		    "it, or take another folder", dir);
	return 0;
}

int
station_read_path(const char *path, struct rel_buf *out, struct rel_err *err)
{
	char piece[4096];
	ssize_t got;
	int fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return rel_err_sys(err, errno == ENOENT ? REL_E_NOTFOUND :
		    REL_E_IO, "cannot read %.120s", path);
	while ((got = read(fd, piece, sizeof piece)) > 0 &&
	    out->len <= STATION_PEM_MAX)
		rel_put_raw(out, piece, (size_t)got);
	rel_wipe(piece, sizeof piece);
	close(fd);
	if (got < 0 || out->failed)
		return rel_err_sys(err, REL_E_IO, "cannot read %.120s", path);
	return out->len <= STATION_PEM_MAX ? 0 : rel_err_set(err, REL_E_LIMIT,
	    "%.120s is too large to be what it should be", path);
}

int
station_read(const char *dir, const char *name, struct rel_buf *out,
    struct rel_err *err)
{
	char path[STATION_PATH];
	int rc = path_of(path, dir, name, "", err);

	return rc < 0 ? rc : station_read_path(path, out, err);
}

int
station_write_new(const char *dir, const char *name, const void *data,
    size_t n, struct rel_err *err)
{
	char path[STATION_PATH];
	int fd, rc = path_of(path, dir, name, ".new", err);

	if (rc < 0)
		return rc;
	unlink(path);
	if ((fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    0600)) < 0)
		return rel_err_sys(err, REL_E_IO, "cannot write %.120s",
		    path);
	if (write(fd, data, n) != (ssize_t)n || fchmod(fd, 0600) < 0 ||
	    fsync(fd) < 0)
		rc = rel_err_sys(err, REL_E_IO, "cannot write %.120s", path);
	if (close(fd) < 0 && rc == 0)
		rc = rel_err_sys(err, REL_E_IO, "cannot write %.120s", path);
	return rc;
}

int
station_rename_new(const char *dir, struct rel_err *err)
{
	char from[STATION_PATH], to[STATION_PATH];
	int fd, rc = 0;

	for (size_t i = 0; i < FILES && rc == 0; i++) {
		if ((rc = path_of(from, dir, files[i], ".new", err)) < 0 ||
		    (rc = path_of(to, dir, files[i], "", err)) < 0)
			return rc;
		if (rename(from, to) < 0 && errno != ENOENT)
			rc = rel_err_sys(err, REL_E_IO, "cannot write %.120s",
			    to);
	}
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		if (fsync(fd) < 0 && rc == 0)
			rc = rel_err_sys(err, REL_E_IO, "cannot write %.120s",
			    dir);
		close(fd);
	}
	return rc;
}

void
station_drop_new(const char *dir)
{
	char path[STATION_PATH];

	for (size_t i = 0; i < FILES; i++)
		if (path_of(path, dir, files[i], ".new", NULL) == 0)
			unlink(path);
}

/* Is there such a file, under its new name? */
static bool
has_new(const char *dir, const char *name)
{
	char path[STATION_PATH];

	return path_of(path, dir, name, ".new", NULL) == 0 &&
	    access(path, F_OK) == 0;
}

void
station_mend(const char *dir)
{
	struct rel_buf key, crt, next;
	struct rel_err err;

	rel_buf_init(&key);
	rel_buf_init(&crt);
	rel_buf_init(&next);
	if (station_read(dir, "station.key", &key, &err) == 0 &&
	    station_read(dir, "station.crt.new", &next, &err) == 0 &&
	    (station_read(dir, "station.crt", &crt, &err) < 0 ||
	    !station_pair(&key, &crt)) && station_pair(&key, &next))
		station_rename_new(dir, &err);
	/* It is written after the pair: the renames came as far as there. */
	else if (has_new(dir, "station.json") &&
	    !has_new(dir, "station.key") && !has_new(dir, "station.crt"))
		station_rename_new(dir, &err);
	rel_buf_fini_secret(&key);
	rel_buf_fini(&crt);
	rel_buf_fini(&next);
}
