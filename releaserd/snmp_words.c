/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/snmp_words.h"

#include <string.h>
#include <strings.h>

#include "releaserd/driver_wire.h"

static const char *const versions[] = {
	[SNMP_NONE] = "", [SNMP_V1] = "1", [SNMP_V2C] = "2c", [SNMP_V3] = "3",
	NULL
};
static const char *const auths[] = {
	[SNMP_NOAUTH] = "none", [SNMP_MD5] = "md5", [SNMP_SHA1] = "sha1",
	[SNMP_SHA224] = "sha224", [SNMP_SHA256] = "sha256",
	[SNMP_SHA384] = "sha384", [SNMP_SHA512] = "sha512", NULL
};
static const char *const privs[] = {
	[SNMP_NOPRIV] = "none", [SNMP_DES] = "des", [SNMP_AES128] = "aes128",
	[SNMP_AES192] = "aes192", [SNMP_AES256] = "aes256", NULL
};

static const char *
word_at(const char *const *words, int i)
{
	for (int n = 0; words[n] != NULL; n++)
		if (n == i)
			return words[n];
	return "";
}

static int
word_of(const char *const *words, const char *word)
{
	for (int n = 0; word[0] != '\0' && words[n] != NULL; n++)
		if (strcasecmp(words[n], word) == 0)
			return n;
	return -1;
}

const char *
snmp_version_word(int version)
{
	return word_at(versions, version);
}

int
snmp_version_of(const char *word)
{
	return word_of(versions, word);
}

const char *
snmp_auth_word(int auth)
{
	return word_at(auths, auth);
}

int
snmp_auth_of(const char *word)
{
	return word_of(auths, word);
}

const char *
snmp_priv_word(int priv)
{
	return word_at(privs, priv);
}

int
snmp_priv_of(const char *word)
{
	return word_of(privs, word);
}
