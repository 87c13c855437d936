/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The security of SNMPv3 (RFC 3414, 3826, 7860; AES-192 and -256 as
 * draft-blumenthal-aes-usm-04, as most devices do it).
 */
#include "releaserd/driver/snmp_net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "lib/buf.h"

/* Keys made of secrets: a million octets are digested for each (A.2). */
#define KEYS 32u

struct key {
	uint8_t auth;
	uint8_t of[32];			/* SHA-256 of the secret */
	u_char ku[USM_AUTH_KU_LEN];
	size_t len;
};

static struct key keys[KEYS];
static unsigned keys_next;

struct protocol {
	const oid *id;
	size_t n;
};

static struct protocol
auth_protocol(uint8_t auth)
{
	switch (auth) {
#ifndef NETSNMP_DISABLE_MD5
	case SNMP_MD5:
		return (struct protocol){ usmHMACMD5AuthProtocol, 10 };
#endif
	case SNMP_SHA1:
		return (struct protocol){ usmHMACSHA1AuthProtocol, 10 };
#ifdef HAVE_EVP_SHA224
	case SNMP_SHA224:
		return (struct protocol){ usmHMAC128SHA224AuthProtocol, 10 };
	case SNMP_SHA256:
		return (struct protocol){ usmHMAC192SHA256AuthProtocol, 10 };
#endif
#ifdef HAVE_EVP_SHA384
	case SNMP_SHA384:
		return (struct protocol){ usmHMAC256SHA384AuthProtocol, 10 };
	case SNMP_SHA512:
		return (struct protocol){ usmHMAC384SHA512AuthProtocol, 10 };
#endif
	default:
		return (struct protocol){ usmNoAuthProtocol, 10 };
	}
}

static struct protocol
priv_protocol(uint8_t priv)
{
	switch (priv) {
#ifndef NETSNMP_DISABLE_DES
	case SNMP_DES:
		return (struct protocol){ usmDESPrivProtocol, 10 };
#endif
#ifdef HAVE_AES
	case SNMP_AES128:
		return (struct protocol){ usmAESPrivProtocol, 10 };
#ifdef NETSNMP_DRAFT_BLUMENTHAL_AES_04
	case SNMP_AES192:
		return (struct protocol){ usmAES192PrivProtocol, 9 };
	case SNMP_AES256:
		return (struct protocol){ usmAES256PrivProtocol, 9 };
#endif
#endif
	default:
		return (struct protocol){ usmNoPrivProtocol, 10 };
	}
}

const char *
snmp_cannot(const struct snmp_access *a)
{
	if (a->version == SNMP_V1 || a->version == SNMP_V2C)
		return NULL;
	if (a->version != SNMP_V3)
		return "there is no such version of SNMP";
	if (a->auth != SNMP_NOAUTH &&
	    auth_protocol(a->auth).id == usmNoAuthProtocol)
		return "this build of net-snmp cannot do its authentication";
	if (a->priv != SNMP_NOPRIV &&
	    priv_protocol(a->priv).id == usmNoPrivProtocol)
		return "this build of net-snmp cannot do its encryption";
	if (a->priv != SNMP_NOPRIV && a->auth == SNMP_NOAUTH)
		return "encryption without authentication does not exist";
	if ((a->auth != SNMP_NOAUTH && strlen(a->auth_secret) < 8) ||
	    (a->priv != SNMP_NOPRIV && strlen(a->priv_secret) < 8))
		return "a password of SNMPv3 has 8 characters at least";
	return NULL;
}

/* ---- keys */

static struct key *
key_find(uint8_t auth, const uint8_t of[32])
{
	for (unsigned i = 0; i < KEYS; i++)
		if (keys[i].len > 0 && keys[i].auth == auth &&
		    memcmp(keys[i].of, of, 32) == 0)
			return &keys[i];
	return NULL;
}

/* Ku of a secret, made once; NULL when it cannot be. */
static const struct key *
key_of(uint8_t auth, const char *secret)
{
	struct protocol p = auth_protocol(auth);
	uint8_t of[32];
	size_t n = sizeof of;
	struct key *k;

	if (EVP_Q_digest(NULL, "SHA256", NULL, secret, strlen(secret), of,
	    &n) != 1)
		return NULL;
	if ((k = key_find(auth, of)) != NULL)
		return k;
	k = &keys[keys_next++ % KEYS];
	rel_wipe(k, sizeof *k);
	k->len = sizeof k->ku;
	if (generate_Ku(p.id, (u_int)p.n, (const u_char *)secret,
	    strlen(secret), k->ku, &k->len) != SNMPERR_SUCCESS) {
		k->len = 0;
		return NULL;
	}
	k->auth = auth;
	memcpy(k->of, of, sizeof of);
	return k;
}

/* ---- the user of a session */

static int
level(const struct snmp_access *a)
{
	return a->priv != SNMP_NOPRIV ? SNMP_SEC_LEVEL_AUTHPRIV :
	    a->auth != SNMP_NOAUTH ? SNMP_SEC_LEVEL_AUTHNOPRIV :
	    SNMP_SEC_LEVEL_NOAUTH;
}

/* Both from the one allocator: the session frees them with net-snmp's. */
static bool
set_protocol(oid **to, size_t *n, struct protocol p)
{
	free(*to);
	*to = snmp_duplicate_objid(p.id, p.n);
	*n = p.n;
	return *to != NULL;
}

static bool
set_keys(netsnmp_session *s, const struct snmp_access *a)
{
	const struct key *k;

	if (a->auth == SNMP_NOAUTH)
		return true;
	if ((k = key_of(a->auth, a->auth_secret)) == NULL)
		return false;
	memcpy(s->securityAuthKey, k->ku, k->len);
	s->securityAuthKeyLen = k->len;
	if (a->priv == SNMP_NOPRIV)
		return true;
	if ((k = key_of(a->auth, a->priv_secret)) == NULL)
		return false;
	memcpy(s->securityPrivKey, k->ku, k->len);
	s->securityPrivKeyLen = k->len;
	return true;
}

/*
 * The library keeps users by engine and name, for all sessions together.  So
 * it is kept here who uses one: it goes with the last of them, and when it
 * comes with other secrets.
 */
struct use {
	struct use *next;
	const netsnmp_session *s;
	uint8_t of[32];			/* digest of its secrets */
};

static struct use *uses;

static bool
same_user(const netsnmp_session *a, const netsnmp_session *b)
{
	return a->securityEngineIDLen == b->securityEngineIDLen &&
	    memcmp(a->securityEngineID, b->securityEngineID,
	    a->securityEngineIDLen) == 0 &&
	    strcmp(a->securityName, b->securityName) == 0;
}

static const struct use *
other_use(const netsnmp_session *s)
{
	for (const struct use *u = uses; u != NULL; u = u->next)
		if (u->s != s && same_user(u->s, s))
			return u;
	return NULL;
}

static bool
digest_of(uint8_t of[32], const struct snmp_access *a)
{
	char text[sizeof a->auth_secret + sizeof a->priv_secret + 16];
	size_t n = 32;
	bool ok;

	snprintf(text, sizeof text, "%u %u %s\n%s", a->auth, a->priv,
	    a->auth_secret, a->priv_secret);
	ok = EVP_Q_digest(NULL, "SHA256", NULL, text, strlen(text), of,
	    &n) == 1;
	rel_wipe(text, sizeof text);
	return ok;
}

/* The user of a session; the one without a name is the library's own. */
static void
forget(const netsnmp_session *s)
{
	struct usmUser *u = NULL;

	if (s->securityEngineIDLen > 0 && s->securityName != NULL &&
	    s->securityName[0] != '\0')
		u = usm_get_user(s->securityEngineID, s->securityEngineIDLen,
		    s->securityName);
	if (u == NULL)
		return;
	usm_remove_user(u);
	usm_free_user(u);
}

static bool
use(const netsnmp_session *s, const struct snmp_access *a)
{
	const struct use *other = other_use(s);
	struct use *u = calloc(1, sizeof *u);

	if (u == NULL || !digest_of(u->of, a)) {
		free(u);
		return false;
	}
	if (other == NULL || memcmp(other->of, u->of, sizeof u->of) != 0)
		forget(s);
	u->s = s;
	u->next = uses;
	uses = u;
	return true;
}

bool
snmp_usm_begin(netsnmp_session *s, const struct snmp_access *a)
{
	if (a->name[0] == '\0')
		return false;
	free(s->securityName);
	s->securityName = strdup(a->name);
	s->securityNameLen = strlen(a->name);
	free(s->contextName);
	s->contextName = strdup(a->context);
	s->contextNameLen = strlen(a->context);
	s->securityLevel = level(a);
	if (s->securityName == NULL || s->contextName == NULL ||
	    !set_protocol(&s->securityAuthProto, &s->securityAuthProtoLen,
	    auth_protocol(a->auth)) ||
	    !set_protocol(&s->securityPrivProto, &s->securityPrivProtoLen,
	    priv_protocol(a->priv)) || !set_keys(s, a) || !use(s, a))
		return false;
	return usm_create_user_from_session(s) == SNMPERR_SUCCESS;
}

void
snmp_usm_end(netsnmp_session *s)
{
	for (struct use **at = &uses; *at != NULL; at = &(*at)->next)
		if ((*at)->s == s) {
			struct use *u = *at;

			*at = u->next;
			free(u);
			if (other_use(s) == NULL)
				forget(s);
			break;
		}
	rel_wipe(s->securityAuthKey, sizeof s->securityAuthKey);
	rel_wipe(s->securityPrivKey, sizeof s->securityPrivKey);
}
