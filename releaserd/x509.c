/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/x509.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "lib/text.h"

int
x509_random_serial(X509 *x)
{
	unsigned char raw[16];
	BIGNUM *bn;
	int ok;

	if (RAND_bytes(raw, sizeof raw) != 1)
		return 0;
	raw[0] = (unsigned char)((raw[0] & 0x7f) | 1);
	bn = BN_bin2bn(raw, sizeof raw, NULL);
	ok = bn != NULL &&
	    BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(x)) != NULL;
	BN_free(bn);
	return ok;
}

/* ---- what one says */

static void
name_text(char *out, size_t size, const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char raw[512] = "";
	int n = 0;

	if (bio != NULL && X509_NAME_print_ex(bio, name, 0, XN_FLAG_ONELINE &
	    ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0)
		n = BIO_read(bio, raw, (int)sizeof raw - 1);
	raw[n > 0 ? n : 0] = '\0';
	raw[rel_utf8_cut(raw, size - 1)] = '\0';
	rel_text_clean(out, size, raw);
	BIO_free(bio);
}

static void
names_add(struct cert_facts *f, const char *name)
{
	size_t n = strlen(f->names);

	if (n + strlen(name) + 2 < sizeof f->names)
		snprintf(f->names + n, sizeof f->names - n, "%s%s",
		    n > 0 ? " " : "", name);
}

static void
names_text(struct cert_facts *f, X509 *x)
{
	GENERAL_NAMES *all = X509_get_ext_d2i(x, NID_subject_alt_name, NULL,
	    NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(all); i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(all, i);
		const ASN1_STRING *v = g->d.ia5;
		char text[254] = "";
		int len;

		if (g->type != GEN_DNS && g->type != GEN_IPADD)
			continue;
		len = ASN1_STRING_length(v);
		if (g->type == GEN_IPADD)
			inet_ntop(len == 16 ? AF_INET6 : AF_INET,
			    ASN1_STRING_get0_data(v), text,
			    len == 16 || len == 4 ? sizeof text : 0);
		else if (len < (int)sizeof text)
			memcpy(text, ASN1_STRING_get0_data(v), (size_t)len);
		if (text[0] != '\0' && admin_name_ok(text))
			names_add(f, text);
	}
	GENERAL_NAMES_free(all);
}

static int64_t
time_ms(const ASN1_TIME *t)
{
	struct tm tm;

	return ASN1_TIME_to_tm(t, &tm) == 1 ? (int64_t)timegm(&tm) * 1000 : 0;
}

static void
key_text(struct cert_facts *f, const EVP_PKEY *key)
{
	char group[24] = "";
	size_t n;

	if (key == NULL)
		return;
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
		snprintf(f->key_type, sizeof f->key_type, "RSA %d",
		    EVP_PKEY_get_bits(key));
		break;
	case EVP_PKEY_EC:
		if (EVP_PKEY_get_group_name(key, group, sizeof group,
		    &n) != 1)
			group[0] = '\0';
		snprintf(f->key_type, sizeof f->key_type, "%s",
		    strcmp(group, "prime256v1") == 0 ? "P-256" :
		    strcmp(group, "secp384r1") == 0 ? "P-384" :
		    group[0] != '\0' ? group : "EC");
		break;
	default:
		snprintf(f->key_type, sizeof f->key_type, "%s",
		    EVP_PKEY_get0_type_name(key) != NULL ?
		    EVP_PKEY_get0_type_name(key) : "unknown");
	}
}

void
x509_facts(struct cert_facts *f, X509 *x, const char *host)
{
	uint8_t fp[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	name_text(f->subject, sizeof f->subject, X509_get_subject_name(x));
	name_text(f->issuer, sizeof f->issuer, X509_get_issuer_name(x));
	names_text(f, x);
	key_text(f, X509_get0_pubkey(x));
	f->from_ms = time_ms(X509_get0_notBefore(x));
	f->until_ms = time_ms(X509_get0_notAfter(x));
	/* Not X509_check_issued(): the key usage of a server is not to sign. */
	f->self_signed = X509_NAME_cmp(X509_get_subject_name(x),
	    X509_get_issuer_name(x)) == 0 &&
	    X509_verify(x, X509_get0_pubkey(x)) == 1;
	f->name_ok = X509_check_host(x, host, 0,
	    X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, NULL) == 1 ||
	    X509_check_ip_asc(x, host, 0) == 1;
	if (X509_digest(x, EVP_sha256(), fp, &n) == 1)
		rel_hex(f->fp, fp, 32);
}
