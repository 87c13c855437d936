/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef LDAP_PRIV_H
#define LDAP_PRIV_H

#include <ldap.h>
#include <openssl/ssl.h>

#include "releaserd/directory_wire.h"

/*
 * A directory asked by LDAP (RFC 4511), with libldap.  Connections and TLS are
 * our own below it, so that every wait ends when it must, a certificate is
 * judged as everywhere in releaserd, and no file of the host changes anything.
 *
 * Functions that may fail return an enum dir_outcome; DIR_RIGHT, which is 0,
 * is success.  Who finds the fault writes the words, with ask_say().
 */

/* Two connections to a server: what people's passwords are tried on is never
 * used to look anything up for somebody else. */
enum ldap_kind { LDAP_SERVICE, LDAP_PERSON, LDAP_KINDS };

struct ldap_link {
	LDAP *ld;
	SSL *ssl;			/* NULL in clear text */
	int fd;				/* libldap's, once ld is there */
	int64_t until_ms;		/* no read and no write after it */
	bool late;			/* that moment has come */
	bool full;			/* a write must wait */
	bool come;			/* something has, to be read */
	uint8_t in[8192];		/* read and not yet taken */
	size_t in_at, in_len;
	bool sasl;			/* bound so: cannot be bound again */
	struct gss_layer *gss;		/* between libldap and TLS; or NULL */
	uint8_t key[32], server;	/* of the directory; in its Servers */
	enum ldap_kind kind;
	int64_t used_ms;
};

/* One question at work. */
struct ldap_ask {
	const struct dir_where *at;
	struct directory d;
	uint8_t key[32];		/* of all that at says */
	uint8_t server;			/* in use */
	bool fresh;			/* take no connection that was kept */
	bool kept;			/* one that was kept was taken */
	bool up;			/* a connection stood, and was bound */
	bool late;			/* this server took too long */
	bool elsewhere_away;		/* it was no LDAP server that is away */
	int64_t until_ms;		/* for this server's answers */
	int64_t end_ms;			/* for all of it; 0: no such moment */
	struct ldap_link *link[LDAP_KINDS];
	struct dir_said *said;
};

/* ---- ldap.c */

/* Words for the administrator, behind the server's name; behind that of the
 * server at this place of d.server, or, -1, of none. */
void ask_say(struct ldap_ask *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void ask_say_of(struct ldap_ask *a, int place, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The question's settings are read; false: said->outcome says why not. */
bool ask_init(struct ldap_ask *a, const struct dir_where *at,
    struct dir_said *said);

/* What is asked of one server, and of one after the other until one answers;
 * message is the question's own struct. */
typedef int (*ask_work)(struct ldap_ask *a, const void *message);
int ask_servers(struct ldap_ask *a, ask_work work, const void *message);

/* The moment ms from now, but not behind the end of the question. */
int64_t ask_until(const struct ldap_ask *a, int64_t ms);

/* The servers' time goes on where it was at `begin`, when others were asked. */
void ask_waited(struct ldap_ask *a, int64_t begin_ms);

/* ---- ldap_tls.c */

/* TLS on l->fd; in LDAP's stream when l->ld is there. */
int tls_up(struct ldap_ask *a, struct ldap_link *l);

/* Between libldap and the socket: TLS or not, and no wait. */
int tls_layer(struct ldap_link *l);

/* ---- ldap_conn.c */

/* The connection of this kind to the server in use, bound for LDAP_SERVICE. */
int link_get(struct ldap_ask *a, enum ldap_kind kind, struct ldap_link **out);

/* It is broken, or will not be used again. */
void link_drop(struct ldap_ask *a, enum ldap_kind kind);

/* Close one that is nobody's. */
void link_free(struct ldap_link **lp);

/* Both go back to those that are kept, for the next question. */
void link_keep(struct ldap_ask *a);

/* Close what nobody has used for a while; all of it. */
void link_idle(void);
void link_fini(void);

/* Wait for an answer; LDAP_SUCCESS and it (ldap_msgfree()), or a code. */
int link_result(struct ldap_link *l, int msgid, LDAPMessage **res);

/* The same for the next message of an answer: an entry, say. */
int link_next(struct ldap_link *l, int msgid, LDAPMessage **res);

/* An operation ended with this code: say so; away drops the connection. */
int link_failed(struct ldap_ask *a, struct ldap_link *l, int code,
    const char *doing);

/* Does this code mean that another server should be asked? */
bool link_is_away(int code);

/* ---- ldap_bind.c */

/* What a server said to a bind. */
struct bind_said {
	int code;			/* LDAP result */
	int policy;			/* LDAPPasswordPolicyError, or -1 */
	bool expired;			/* Netscape's control says so */
	char words[200];		/* diagnostic message */
};
enum dir_outcome bind_outcome(const struct bind_said *s);

/* The service account, as Bind says. */
int bind_service(struct ldap_ask *a, struct ldap_link *l);

/*
 * A person: who is a DN or user@domain (simple), or a SASL name.  An empty who
 * or password is DIR_WRONG, and nothing is sent.
 */
int bind_person(struct ldap_ask *a, struct ldap_link *l, const char *who,
    const struct dir_login *m);

/* ---- gssapi.c, gssapi_layer.c: outcomes, said already */

/* The service account with a ticket of the keytab; a person with one of the
 * password.  A KDC that is away sets elsewhere_away. */
int gss_bind_service(struct ldap_ask *a, struct ldap_link *l);
int gss_bind_person(struct ldap_ask *a, struct ldap_link *l, const char *who,
    const struct dir_login *m);

/* What lay between libldap and the connection; before SSL and socket go. */
void gss_layer_free(struct ldap_link *l);

/* ---- krb5.c, krb5_ticket.c, krb5_test.c */

/* Before any other use of Kerberos; tickets are forgotten. */
void krb_begin(void);
void krb_end(void);

/* Is this the password of the principal called name? */
int krb_login(struct ldap_ask *a, const char *name,
    const struct dir_login *m);

/* Each KDC is tried, and what is said of it. */
int krb_test(struct ldap_ask *a);

/* ---- dir_prove.c */

/* A password that is checked by somebody else than the LDAP servers. */
int prove_person(struct ldap_ask *a, const char *name,
    const struct dir_login *m);

/* Does who is asked by NTLM or PAM answer, and refuse? */
int prove_test(struct ldap_ask *a);

/* ---- ldap_find.c */

struct find_query {
	const char *base, *filter;
	int scope;			/* LDAP_SCOPE_... */
	const char *const *attrs;	/* NULL behind the last */
	int limit;
	const char *doing;		/* for words: "search for people" */
};

struct find_found {
	LDAPMessage *res;		/* ldap_msgfree(), whatever came of it */
	int n;				/* entries */
	bool more;			/* a limit ended it */
};

int find_search(struct ldap_ask *a, struct ldap_link *l,
    const struct find_query *q, struct find_found *f);

/* Where people are searched for: LDAP_SCOPE_... */
int find_people_scope(const struct directory *d);

/* Text of bytes (cleaned) into out; false when it is none or does not fit. */
bool find_value(char *out, size_t size, const struct berval *v);

/*
 * The one person whom name means into said->who[0]: by UserFilter, or, where
 * dn is given, that entry.  *res holds the entry for groups_read().
 * DIR_NOBODY, DIR_SEVERAL.
 */
int find_person(struct ldap_ask *a, struct ldap_link *l, const char *name,
    const char *dn, LDAPMessage **res);

/* IPC_DIR_FIND */
int find_people(struct ldap_ask *a, const struct dir_find *m);

/* A filter for it; false when the attribute is not mapped or it is too long. */
bool find_filter(char *out, size_t size, const struct directory *d,
    const struct dir_find *m);

/* The first values of an attribute that will do, of size bytes each. */
void find_attr(struct ldap_link *l, LDAPMessage *e, const char *attr,
    char *out, size_t size, int most);

/* ---- ldap_book.c: DIR_IN_BOOK; what comes in time, however much it is */
int book_find(struct ldap_ask *a, const struct dir_find *m);

/* ---- ldap_groups.c */

/* Groups of said->who[0], whose entry is entry, into said. */
int groups_read(struct ldap_ask *a, struct ldap_link *l, LDAPMessage *entry);

#endif
