/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The private authority that gives devices their certificates (RFC 5280). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "releaserd/core/core.h"
#include "releaserd/x509.h"

#define SPKI_MAX 1024u
#define DAY_MS 86400000LL

struct ca {
	X509 *cert;
	EVP_PKEY *key;
	char pem[4096];
};

int
ca_init(struct core *c, struct rel_err *err)
{
	const struct ipc_start *s = &c->role->start;
	struct ca *ca = calloc(1, sizeof *ca);
	BIO *crt = BIO_new_mem_buf(s->ca_cert, (int)s->ca_cert_len);
	BIO *key = BIO_new_mem_buf(s->ca_key, (int)s->ca_key_len);

	c->ca = ca;
	if (ca != NULL && crt != NULL && key != NULL) {
		ca->cert = PEM_read_bio_X509(crt, NULL, NULL, NULL);
		ca->key = PEM_read_bio_PrivateKey(key, NULL, NULL, NULL);
		if (s->ca_cert_len < sizeof ca->pem)
			memcpy(ca->pem, s->ca_cert, s->ca_cert_len);
	}
	BIO_free(crt);
	BIO_free(key);
	if (ca == NULL || ca->cert == NULL || ca->key == NULL ||
	    X509_check_private_key(ca->cert, ca->key) != 1)
		return rel_err_set(err, REL_E_FORMAT,
		    "ca.crt and ca.key beside KeyFile do not fit together");
	return 0;
}

void
ca_fini(struct core *c)
{
	if (c->ca == NULL)
		return;
	X509_free(c->ca->cert);
	EVP_PKEY_free(c->ca->key);
	free(c->ca);
	c->ca = NULL;
}

const char *
ca_pem(const struct core *c)
{
	return c->ca->pem;
}

static EVP_PKEY *
spki_parse(const char *hex)
{
	uint8_t der[SPKI_MAX];
	const uint8_t *p = der;
	size_t n = strlen(hex) / 2;

	if (n == 0 || n > sizeof der || !rel_unhex(der, n, hex, strlen(hex)))
		return NULL;
	return d2i_PUBKEY(NULL, &p, (long)n);
}

static int
add_ext(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;
	int ok;

	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	if ((ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value)) == NULL)
		return 0;
	ok = X509_add_ext(x, ext, -1);
	X509_EXTENSION_free(ext);
	return ok;
}

static int
device_cert(struct core *c, X509 *x, EVP_PKEY *key, const char *device_id)
{
	const struct ca *ca = c->ca;
	char alt[80];
	X509_NAME *name = X509_get_subject_name(x);

	snprintf(alt, sizeof alt, "URI:urn:uuid:%s", device_id);
	return X509_set_version(x, 2) && x509_random_serial(x) &&
	    X509_gmtime_adj(X509_getm_notBefore(x), -300) != NULL &&
	    X509_time_adj_ex(X509_getm_notAfter(x),
	    (int)c->role->set.cert_days, 0, NULL) != NULL &&
	    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
	    (const unsigned char *)device_id, -1, -1, 0) &&
	    X509_set_issuer_name(x, X509_get_subject_name(ca->cert)) &&
	    X509_set_pubkey(x, key) &&
	    add_ext(x, ca->cert, NID_basic_constraints,
	    "critical,CA:FALSE") &&
	    add_ext(x, ca->cert, NID_key_usage, "critical,digitalSignature") &&
	    add_ext(x, ca->cert, NID_ext_key_usage,
	    "clientAuth,serverAuth") &&
	    add_ext(x, ca->cert, NID_subject_alt_name, alt) &&
	    X509_sign(x, ca->key, EVP_sha256()) > 0;
}

static int
cert_out(struct core *c, X509 *x, struct ca_cert *out)
{
	BIO *bio = BIO_new(BIO_s_mem());
	uint8_t md[32];
	unsigned md_len = sizeof md;
	char *p;
	long n;
	int ok = bio != NULL && PEM_write_bio_X509(bio, x) &&
	    (n = BIO_get_mem_data(bio, &p)) > 0 &&
	    (size_t)n < sizeof out->pem &&
	    X509_digest(x, EVP_sha256(), md, &md_len);

	if (ok) {
		memcpy(out->pem, p, (size_t)n);
		out->pem[n] = '\0';
		rel_hex(out->fp, md, sizeof md);
		out->renew_after_ms = rel_now_ms() +
		    c->role->set.cert_days * DAY_MS * 2 / 3;
		out->end_ms = rel_now_ms() + c->role->set.cert_days * DAY_MS;
	}
	BIO_free(bio);
	return ok;
}

int
ca_sign(struct core *c, const char *spki_hex, const char *device_id,
    struct ca_cert *out, struct rel_err *err)
{
	EVP_PKEY *key = spki_parse(spki_hex);
	X509 *x = X509_new();
	int rc = 0;

	if (key == NULL)
		rc = rel_err_set(err, REL_E_FORMAT,
		    "the certificate request holds no usable key");
	else if (x == NULL || !device_cert(c, x, key, device_id) ||
	    !cert_out(c, x, out))
		rc = rel_err_set(err, REL_E_NOMEM,
		    "cannot make a certificate");
	X509_free(x);
	EVP_PKEY_free(key);
	return rc;
}
