/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The server's key and certificate beside KeyFile: tls.crt and tls.key are in
 * use, tls.key.waiting belongs to the request tls.csr, tls.crt.undo and
 * tls.key.undo are what was in use before.  A pair changes in two steps; the
 * key lies ready as tls.key.next before the first, so that whatever ends
 * between them, the start knows how to go on (tls_heal()).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/fault.h"
#include "lib/log.h"
#include "releaserd/super/super.h"

static int
tls_read(const struct super *s, const char *name, struct blob *b,
    bool secret, struct rel_err *err)
{
	char path[KEY_PATH_MAX];

	files_beside_key(s, path, name);
	return secret ? files_key_read(b, path, err) :
	    blob_read(b, path, KEY_FILE_MAX, err);
}

static int
tls_write(const struct super *s, const char *name, const struct blob *b,
    mode_t mode, struct rel_err *err)
{
	char path[KEY_PATH_MAX];

	files_beside_key(s, path, name);
	return files_put(path, b, mode, err);
}

static void
tls_remove(const struct super *s, const char *name)
{
	char path[KEY_PATH_MAX];

	files_beside_key(s, path, name);
	if (unlink(path) < 0 && errno != ENOENT)
		rel_log(REL_WARN, "cannot remove a file", "file=%s", path);
}

static int
tls_rename(const struct super *s, const char *from, const char *to,
    struct rel_err *err)
{
	char a[KEY_PATH_MAX], b[KEY_PATH_MAX];

	files_beside_key(s, a, from);
	files_beside_key(s, b, to);
	if (rename(a, b) < 0)
		return rel_err_sys(err, REL_E_IO, "cannot write %s", b);
	return files_sync(b, err);
}

/* Put a pair in the place of the one in use, and let net have it. */
static int
tls_put(struct super *s, struct blob *cert, struct blob *key,
    struct rel_err *err)
{
	struct keys *k = &s->keys;
	int rc;

	if ((rc = tls_write(s, "tls.key.next", key, 0600, err)) < 0)
		return rc;
	rel_fault("super:tls-key-ready");
	if ((rc = tls_write(s, "tls.crt", cert, 0644, err)) < 0)
		return rc;
	rel_fault("super:tls-between");
	if ((rc = tls_rename(s, "tls.key.next", "tls.key", err)) < 0)
		return rc;
	blob_fini(&k->tls_cert);
	blob_fini(&k->tls_key);
	k->tls_cert = *cert;
	k->tls_key = *key;
	memset(cert, 0, sizeof *cert);
	memset(key, 0, sizeof *key);
	children_tls(s);
	rel_log(REL_NOTICE, "another server certificate is in use", "%s", "");
	return 0;
}

static int
tls_keep_undo(struct super *s, struct rel_err *err)
{
	const struct keys *k = &s->keys;
	int rc = tls_write(s, "tls.key.undo", &k->tls_key, 0600, err);

	return rc < 0 ? rc : tls_write(s, "tls.crt.undo", &k->tls_cert, 0644,
	    err);
}

int
tls_heal(struct super *s, struct rel_err *err)
{
	struct blob cert = { NULL, 0 }, next = { NULL, 0 };
	int rc = tls_read(s, "tls.key.next", &next, true, err);

	if (rc == -REL_E_NOTFOUND)
		return 0;
	if (rc == 0 && (rc = tls_read(s, "tls.crt", &cert, false, err)) == 0) {
		if (certs_fit(&cert, &next)) {
			rel_log(REL_NOTICE, "the installation of a "
			    "certificate is finished", "%s", "");
			rc = tls_rename(s, "tls.key.next", "tls.key", err);
		} else {
			tls_remove(s, "tls.key.next");
		}
	}
	blob_fini(&cert);
	blob_fini(&next);
	return rc == -REL_E_NOTFOUND ? 0 : rc;
}

int
tls_csr(struct super *s, const struct admin_csr *m, struct rel_err *err)
{
	struct blob csr = { NULL, 0 }, key = { NULL, 0 };
	int rc;

	for (uint32_t i = 0; i < m->n; i++)
		if (!admin_name_ok(m->names[i]))
			return rel_err_set(err, REL_E_FORMAT, "\"%.60s\" is "
			    "no host name and no address", m->names[i]);
	if (m->n == 0 || m->common_name[0] == '\0')
		return rel_err_set(err, REL_E_FORMAT,
		    "a request needs a common name and a host name");
	if ((rc = certs_request(m, &csr, &key, err)) == 0 &&
	    (rc = tls_write(s, "tls.key.waiting", &key, 0600, err)) == 0)
		rc = tls_write(s, "tls.csr", &csr, 0644, err);
	if (rc == 0)
		rel_log(REL_NOTICE, "certificate request made", "%s", "");
	blob_fini(&csr);
	blob_fini(&key);
	return rc;
}

/* The key this certificate is for: the waiting one, or the one in use. */
static int
tls_key_for(struct super *s, const struct blob *cert, struct blob *key,
    bool *waited, struct rel_err *err)
{
	const struct keys *k = &s->keys;
	int rc = tls_read(s, "tls.key.waiting", key, true, err);

	if (rc < 0 && rc != -REL_E_NOTFOUND)
		return rc;
	*waited = rc == 0 && certs_fit(cert, key);
	if (*waited)
		return 0;
	blob_fini(key);
	if (!certs_fit(cert, &k->tls_key))
		return rel_err_set(err, REL_E_DENIED, "the certificate "
		    "belongs to another key than the request that waits here "
		    "and the key in use: have the request of this server "
		    "signed, or make a new one");
	if ((key->data = malloc(k->tls_key.len)) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	memcpy(key->data, k->tls_key.data, k->tls_key.len);
	key->len = k->tls_key.len;
	return 0;
}

int
tls_install(struct super *s, const void *pem, size_t n, struct rel_err *err)
{
	struct blob cert = { malloc(n + 1), n }, key = { NULL, 0 };
	bool waited = false;
	int rc;

	if (cert.data == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	memcpy(cert.data, pem, n);
	if (n == s->keys.tls_cert.len &&
	    memcmp(pem, s->keys.tls_cert.data, n) == 0)
		rc = rel_err_set(err, REL_E_EXISTS,
		    "this certificate is in use already");
	else if ((rc = tls_key_for(s, &cert, &key, &waited, err)) == 0 &&
	    (rc = tls_keep_undo(s, err)) == 0)
		rc = tls_put(s, &cert, &key, err);
	if (rc == 0 && waited) {
		tls_remove(s, "tls.key.waiting");
		tls_remove(s, "tls.csr");
	}
	blob_fini(&cert);
	blob_fini(&key);
	return rc;
}

int
tls_self_signed(struct super *s, struct rel_err *err)
{
	struct blob cert = { NULL, 0 }, key = { NULL, 0 };
	char host[256];
	int rc;

	super_host(s, host);
	if ((rc = certs_self_signed(host, &cert, &key, err)) == 0 &&
	    (rc = tls_keep_undo(s, err)) == 0)
		rc = tls_put(s, &cert, &key, err);
	blob_fini(&cert);
	blob_fini(&key);
	return rc;
}

/* The key that an undo takes out of use waits, so that it is not lost. */
static int
tls_keep_waiting(struct super *s, const struct blob *other,
    struct rel_err *err)
{
	const struct blob *key = &s->keys.tls_key;
	char path[KEY_PATH_MAX];

	files_beside_key(s, path, "tls.key.waiting");
	if (access(path, F_OK) == 0 || (other->len == key->len &&
	    memcmp(other->data, key->data, key->len) == 0))
		return 0;
	return tls_write(s, "tls.key.waiting", key, 0600, err);
}

int
tls_undo(struct super *s, struct rel_err *err)
{
	struct blob cert = { NULL, 0 }, key = { NULL, 0 };
	int rc = tls_read(s, "tls.crt.undo", &cert, false, err);

	if (rc == 0)
		rc = tls_read(s, "tls.key.undo", &key, true, err);
	if (rc == -REL_E_NOTFOUND)
		rc = rel_err_set(err, REL_E_NOTFOUND,
		    "there is no certificate to go back to");
	else if (rc == 0 && !certs_fit(&cert, &key))
		rc = rel_err_set(err, REL_E_FORMAT, "the certificate of "
		    "before and its key do not fit together");
	if (rc == 0 && (rc = tls_keep_waiting(s, &key, err)) == 0)
		rc = tls_put(s, &cert, &key, err);
	if (rc == 0) {
		tls_remove(s, "tls.crt.undo");
		tls_remove(s, "tls.key.undo");
	}
	blob_fini(&cert);
	blob_fini(&key);
	return rc;
}

static int64_t
tls_time(const struct super *s, const char *name)
{
	char path[KEY_PATH_MAX];
	struct stat st;

	files_beside_key(s, path, name);
	return stat(path, &st) == 0 ? (int64_t)st.st_mtime * 1000 : 0;
}

void
tls_state(struct super *s, struct tls_state *t, struct admin_said *said)
{
	struct rel_err err;

	memset(t, 0, sizeof *t);
	said->was = s->keys.tls_cert.data;
	said->was_len = s->keys.tls_cert.len;
	if (tls_read(s, "tls.csr", &t->csr, false, &err) == 0) {
		said->now = t->csr.data;
		said->now_len = t->csr.len;
		said->now_ms = tls_time(s, "tls.csr");
	}
	if (tls_read(s, "tls.crt.undo", &t->undo, false, &err) == 0) {
		said->undo = t->undo.data;
		said->undo_len = t->undo.len;
		said->undo_ms = tls_time(s, "tls.crt.undo");
	}
	super_host(s, said->host);
}
