/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef DIRECTORY_WIRE_H
#define DIRECTORY_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/cursor.h"
#include "releaserd/directory.h"

/*
 * What core asks an agent of a directory, and what the agent says.  The agent
 * keeps nothing but open connections: all it needs is in the question.  Blobs
 * are borrowed: from core's memory, or from the frame.
 */
#define DIR_TEXT_MAX 16384u	/* bytes of settings */
#define DIR_PEM_MAX 262144u	/* bytes of a list of certificates, or revoked */
#define DIR_KEYTAB_MAX 16384u	/* bytes of a keytab */
#define DIR_FOUND_MAX 50u	/* people in one answer */
#define DIR_GROUPS_MAX 256u
#define DIR_GROUP_MAX 129u
#define DIR_NO_SERVER 0xffu

/* A directory, in each question. */
struct dir_where {
	const uint8_t *conf, *ca, *crl;	/* settings; PEM or nothing */
	size_t conf_len, ca_len, crl_len;
	const uint8_t *secret;		/* the service account's password */
	size_t secret_len;
	const uint8_t *keytab;		/* a file of keys, or nothing */
	size_t keytab_len;
	uint8_t first;			/* server to begin with, 0.. */
	uint8_t first_kdc;		/* KDC to begin with, 0.. */
};

/* IPC_DIR_LOGIN */
struct dir_login {
	struct dir_where at;
	char name[256];			/* without its domain */
	char dn[512];			/* known: is not looked up; or "" */
	const uint8_t *password;
	size_t password_len;
};

/* IPC_DIR_FIND */
enum dir_by { DIR_BY_LOGIN, DIR_BY_CARD, DIR_BY_ID_NUMBER, DIR_BY_MAIL,
	DIR_BY_PART,			/* of login, display or mail */
	DIR_IN_BOOK };			/* AddressBookFilter: what was typed */
struct dir_find {
	struct dir_where at;
	uint8_t by;			/* enum dir_by */
	bool groups;			/* of the one who is found, too */
	uint8_t limit;			/* 1..DIR_FOUND_MAX people */
	uint32_t time_ms;		/* for all of it; 0: AnswerTime */
	char value[256];
};

/* IPC_DIR_TEST: every server is tried, whatever the one before said. */
struct dir_test {
	struct dir_where at;
	char name[256];			/* looked up with groups; or "" */
};

enum dir_outcome {
	DIR_RIGHT,			/* or: found, all servers are good */
	DIR_WRONG,			/* name or password */
	DIR_CLOSED,			/* locked, disabled, expired there */
	DIR_MUST_CHANGE,		/* right, but the password is no more */
	DIR_NOBODY,			/* no entry fits */
	DIR_SEVERAL,			/* more than one fits where one must */
	DIR_AWAY,			/* no server answers */
	DIR_TLS,			/* no server passes; enum dir_tls says why */
	DIR_SETTINGS,			/* these settings do not work */
	DIR_LIMIT,			/* found, and there are more */
	DIR_OUTCOMES
};
const char *dir_outcome_word(unsigned outcome);

enum dir_tls {
	DIR_TLS_GOOD, DIR_TLS_HOST, DIR_TLS_TIME, DIR_TLS_AUTHORITY,
	DIR_TLS_REVOKED, DIR_TLS_CRL, DIR_TLS_NO_STARTTLS, DIR_TLS_OTHER,
	DIR_TLS_REASONS
};
/* "wrong-host", for logs and JSON. */
const char *dir_tls_word(unsigned reason);

/* How a password was found to be right. */
enum dir_proof {
	DIR_PROOF_NONE, DIR_PROOF_LDAP, DIR_PROOF_GSSAPI, DIR_PROOF_KERBEROS,
	DIR_PROOF_NTLM, DIR_PROOF_PAM, DIR_PROOFS
};
/* By a right password of this directory. */
enum dir_proof dir_proof_of(const struct directory *d);
/* "kerberos", for logs and JSON. */
const char *dir_proof_word(unsigned proof);

struct dir_person {
	char login[256];		/* as the directory writes it */
	char dn[512];			/* "" when it is longer */
	char display[129], mail[255], department[65], home[256];
	char card[2][128], pin[64], id_number[64];
	char fax[65];			/* DIR_IN_BOOK, with display and mail */
};

/* IPC_DIR_SAID: the answer to all of them. */
struct dir_said {
	uint8_t outcome;		/* enum dir_outcome */
	uint8_t tls;			/* enum dir_tls */
	uint8_t server;			/* that answered, or DIR_NO_SERVER */
	uint8_t kdc;			/* that answered, or DIR_NO_SERVER */
	uint8_t proof;			/* enum dir_proof, of DIR_RIGHT */
	uint16_t dead;			/* bit n: server[n] did not answer */
	uint32_t took_ms;
	char words[1024];		/* for the administrator; no secret and no
					 * person's name */
	uint32_t n;			/* people; none for who is known */
	struct dir_person who[DIR_FOUND_MAX];
	bool groups_known;		/* groups of who[0] were looked up */
	uint32_t ngroups;
	char groups[DIR_GROUPS_MAX][DIR_GROUP_MAX];
};

/* A directory, as the first part of a question; end: nothing is left over. */
void dir_where_put(struct rel_buf *b, const struct dir_where *m);
void dir_where_get(struct rel_cur *c, struct dir_where *m);
int dir_where_end(struct rel_cur *c, const struct dir_where *m);

void dir_login_put(struct rel_buf *b, const struct dir_login *m);
int dir_login_get(struct dir_login *m, const void *p, size_t n);
void dir_find_put(struct rel_buf *b, const struct dir_find *m);
int dir_find_get(struct dir_find *m, const void *p, size_t n);
void dir_test_put(struct rel_buf *b, const struct dir_test *m);
int dir_test_get(struct dir_test *m, const void *p, size_t n);
/* Forget what it says of people; all of it.  What was not filled is left. */
void dir_said_wipe_people(struct dir_said *m);
void dir_said_wipe(struct dir_said *m);
void dir_said_put(struct rel_buf *b, const struct dir_said *m);
int dir_said_get(struct dir_said *m, const void *p, size_t n);

#endif
