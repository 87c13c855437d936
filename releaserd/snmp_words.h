/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef SNMP_WORDS_H
#define SNMP_WORDS_H

/*
 * The words of enum snmp_version ("1", "2c", "3"), snmp_auth ("none", "md5",
 * "sha1" ...), snmp_priv ("none", "des", "aes128" ...), as people and the API
 * write them, and back: -1 when it is none.  "" for what is no such value.
 */
const char *snmp_version_word(int version);
int snmp_version_of(const char *word);
const char *snmp_auth_word(int auth);
int snmp_auth_of(const char *word);
const char *snmp_priv_word(int priv);
int snmp_priv_of(const char *word);

#endif
