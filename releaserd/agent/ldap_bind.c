/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Who logs in at a directory server, and what its answer means. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sasl/sasl.h>

#include "lib/text.h"
#include "releaserd/agent/ldap_priv.h"

/* Of Netscape's successors, FreeIPA among them: the password is expired. */
#define CONTROL_EXPIRED "2.16.840.1.113730.3.4.4"

/* ---- what it means */

/* Active Directory has one result for all; it says "data 52e," behind. */
static enum dir_outcome
bind_ad_code(const char *words)
{
	static const struct {
		unsigned long code;
		enum dir_outcome outcome;
	} codes[] = {
		{ 0x530, DIR_CLOSED },		/* not at this time */
		{ 0x531, DIR_CLOSED },		/* not at this machine */
		{ 0x532, DIR_MUST_CHANGE },	/* password expired */
		{ 0x533, DIR_CLOSED },		/* disabled */
		{ 0x701, DIR_CLOSED },		/* account expired */
		{ 0x773, DIR_MUST_CHANGE },
		{ 0x775, DIR_CLOSED }		/* locked */
	};
	const char *at = strstr(words, ", data ");
	unsigned long code = at != NULL ? strtoul(at + 7, NULL, 16) : 0;

	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (codes[i].code == code)
			return codes[i].outcome;
	return DIR_WRONG;
}

/* draft-behera-ldap-password-policy-10 section 6.2 */
static enum dir_outcome
bind_policy(int policy, enum dir_outcome other)
{
	switch (policy) {
	case PP_passwordExpired:
	case PP_changeAfterReset:
		return DIR_MUST_CHANGE;
	case PP_accountLocked:
		return DIR_CLOSED;
	default:
		return other;
	}
}

enum dir_outcome
bind_outcome(const struct bind_said *s)
{
	switch (s->code) {
	case LDAP_SUCCESS:
		return s->expired ? DIR_MUST_CHANGE :
		    bind_policy(s->policy, DIR_RIGHT);
	case LDAP_INVALID_CREDENTIALS:
		return s->expired ? DIR_MUST_CHANGE :
		    bind_policy(s->policy, bind_ad_code(s->words));
	case LDAP_NO_SUCH_OBJECT:
	case LDAP_INAPPROPRIATE_AUTH:	/* the entry has no password */
		return DIR_WRONG;
	case LDAP_UNWILLING_TO_PERFORM:	/* 389 Directory Server: locked */
	case LDAP_CONSTRAINT_VIOLATION:	/* too many wrong ones */
		return DIR_CLOSED;
	default:
		return link_is_away(s->code) ? DIR_AWAY : DIR_SETTINGS;
	}
}

/* ---- simple (RFC 4513 section 5.1) */

static void
said_controls(struct ldap_link *l, LDAPControl **ctrls, struct bind_said *s)
{
	LDAPControl *c = ldap_control_find(LDAP_CONTROL_PASSWORDPOLICYRESPONSE,
	    ctrls, NULL);
	LDAPPasswordPolicyError error = PP_noError;
	ber_int_t expire, grace;

	s->expired = ldap_control_find(CONTROL_EXPIRED, ctrls, NULL) != NULL;
	if (c != NULL && ldap_parse_passwordpolicy_control(l->ld, c, &expire,
	    &grace, &error) == LDAP_SUCCESS && error != PP_noError)
		s->policy = (int)error;
}

/* 0 with what was said, or a code: nothing was said. */
static int
said_read(struct ldap_link *l, int msgid, struct bind_said *s)
{
	LDAPControl **ctrls = NULL;
	LDAPMessage *res;
	char *words = NULL;
	int rc = link_result(l, msgid, &res);

	if (rc == LDAP_SUCCESS)
		rc = ldap_parse_result(l->ld, res, &s->code, NULL, &words,
		    NULL, &ctrls, 1);
	if (rc == LDAP_SUCCESS) {
		rel_text_clean(s->words, sizeof s->words,
		    words != NULL ? words : "");
		said_controls(l, ctrls, s);
	}
	ldap_controls_free(ctrls);
	ldap_memfree(words);
	return rc;
}

static void
bind_simple(struct ldap_link *l, const char *dn, const uint8_t *pw, size_t n,
    struct bind_said *s)
{
	struct berval cred = { n, (char *)(uintptr_t)pw };
	LDAPControl *policy = NULL, *ctrls[2] = { NULL, NULL };
	int rc = ldap_create_passwordpolicy_control(l->ld, &policy), msgid;

	ctrls[0] = policy;
	if (rc == LDAP_SUCCESS)
		rc = ldap_sasl_bind(l->ld, dn, LDAP_SASL_SIMPLE, &cred, ctrls,
		    NULL, &msgid);
	if (rc == LDAP_SUCCESS)
		rc = said_read(l, msgid, s);
	if (rc != LDAP_SUCCESS)
		s->code = rc;
	ldap_control_free(policy);
}

/* ---- DIGEST-MD5, by libsasl; GSSAPI is our own */

struct sasl_who {
	const char *name;
	const uint8_t *pw;
	size_t n;
};

static int
sasl_fill(LDAP *ld, unsigned flags, void *ctx, void *wanted)
{
	const struct sasl_who *who = ctx;

	(void)ld;
	(void)flags;
	for (sasl_interact_t *i = wanted; i->id != SASL_CB_LIST_END; i++) {
		const char *value = i->defresult != NULL ? i->defresult : "";

		i->len = (unsigned)strlen(value);
		if (i->id == SASL_CB_AUTHNAME) {
			value = who->name;
			i->len = (unsigned)strlen(value);
		} else if (i->id == SASL_CB_PASS) {
			value = (const char *)who->pw;
			i->len = (unsigned)who->n;
		}
		i->result = value;
	}
	return LDAP_SUCCESS;
}

/*
 * Below TLS no second protection: Active Directory refuses it.  Without TLS
 * integrity, which it may want; DIGEST-MD5's ciphers are of the last century,
 * and libsasl loses memory with each connection that has one.
 */
static int
sasl_options(struct ldap_link *l)
{
	char props[64];

	snprintf(props, sizeof props, "noanonymous,noplain,maxssf=%d",
	    l->ssl != NULL ? 0 : 1);
	return ldap_set_option(l->ld, LDAP_OPT_X_SASL_SECPROPS, props) == 0 ?
	    LDAP_SUCCESS : LDAP_LOCAL_ERROR;
}

static void
bind_digest(struct ldap_link *l, struct sasl_who *who, struct bind_said *s)
{
	LDAPMessage *res = NULL;
	const char *mech = NULL;
	char *words = NULL;
	int rc = sasl_options(l), msgid;

	l->sasl = true;
	if (rc == LDAP_SUCCESS)
		rc = LDAP_SASL_BIND_IN_PROGRESS;
	while (rc == LDAP_SASL_BIND_IN_PROGRESS) {
		rc = ldap_sasl_interactive_bind(l->ld, NULL, "DIGEST-MD5",
		    NULL, NULL, LDAP_SASL_QUIET, sasl_fill, who, res, &mech,
		    &msgid);
		ldap_msgfree(res);
		res = NULL;
		if (rc == LDAP_SASL_BIND_IN_PROGRESS &&
		    (s->code = link_result(l, msgid, &res)) != LDAP_SUCCESS)
			return;
	}
	s->code = rc;
	if (ldap_get_option(l->ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &words) == 0)
		rel_text_clean(s->words, sizeof s->words,
		    words != NULL ? words : "");
	ldap_memfree(words);
}

/* ---- who */

static int
service_refused(struct ldap_ask *a, struct ldap_link *l,
    const struct bind_said *s)
{
	if (link_is_away(s->code))
		return link_failed(a, l, s->code, "log-in of the service account");
	ask_say(a, "log-in of the service account: %s%s%s",
	    ldap_err2string(s->code), s->words[0] != '\0' ? ": " : "",
	    s->words);
	return DIR_SETTINGS;
}

int
bind_service(struct ldap_ask *a, struct ldap_link *l)
{
	const struct dir_where *at = a->at;
	struct bind_said s = { .policy = -1 };
	struct sasl_who who = { a->d.bind_name, at->secret, at->secret_len };

	if (a->d.bind == BIND_ANONYMOUS)
		return 0;		/* as every connection begins */
	if (a->d.bind == BIND_GSSAPI)
		return gss_bind_service(a, l);
	if (at->secret_len == 0) {
		ask_say(a, "the password of the service account is missing");
		return DIR_SETTINGS;
	}
	if (a->d.bind == BIND_DIGEST_MD5)
		bind_digest(l, &who, &s);
	else
		bind_simple(l, a->d.bind_name, at->secret, at->secret_len, &s);
	return s.code == LDAP_SUCCESS ? 0 : service_refused(a, l, &s);
}

int
bind_person(struct ldap_ask *a, struct ldap_link *l, const char *who,
    const struct dir_login *m)
{
	struct bind_said s = { .policy = -1 };
	struct sasl_who sasl = { who, m->password, m->password_len };
	enum dir_outcome outcome;

	/* Without one of them it would be a bind of nobody, which succeeds. */
	if (who[0] == '\0' || m->password_len == 0)
		return DIR_WRONG;
	if (a->d.user_bind == USER_BIND_GSSAPI)
		return gss_bind_person(a, l, who, m);
	if (a->d.user_bind == USER_BIND_DIGEST_MD5)
		bind_digest(l, &sasl, &s);
	else
		bind_simple(l, who, m->password, m->password_len, &s);
	outcome = bind_outcome(&s);
	if (outcome == DIR_AWAY || outcome == DIR_SETTINGS)
		return link_failed(a, l, s.code, "log-in of a person");
	return outcome;
}
