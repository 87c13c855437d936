/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A person's password at a KDC, and whether that KDC is the right one. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/text.h"
#include "releaserd/agent/krb5_priv.h"

#define PASSWORD_MAX 1024u
#define PERSON_LIFE_S 600

/* ---- what it means */

enum dir_outcome
krb_outcome(krb5_error_code code)
{
	switch (code) {
	case 0:
		return DIR_RIGHT;
	case KRB5KDC_ERR_PREAUTH_FAILED:
	case KRB5KRB_AP_ERR_BAD_INTEGRITY:
	case KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN:
	case KRB5_PREAUTH_FAILED:
		return DIR_WRONG;
	case KRB5KDC_ERR_KEY_EXP:
		return DIR_MUST_CHANGE;
	case KRB5KDC_ERR_CLIENT_REVOKED:
	case KRB5KDC_ERR_NAME_EXP:
	case KRB5KDC_ERR_CLIENT_NOTYET:
	case KRB5KDC_ERR_POLICY:
		return DIR_CLOSED;
	case KRB5_KDC_UNREACH:
	case KRB5KDC_ERR_SVC_UNAVAILABLE:
	case KRB5_REALM_CANT_RESOLVE:
	case ENOMEM:
		return DIR_AWAY;
	default:
		return DIR_SETTINGS;
	}
}

/* Words of the library, without the names it would put into them. */
int
krb_failed(struct krb *k, krb5_error_code code, const char *doing)
{
	enum dir_outcome outcome = krb_outcome(code);
	const char *words;

	if (outcome == DIR_AWAY) {
		k->a->elsewhere_away = true;
		if (k->away)
			return DIR_AWAY;	/* each KDC has said why */
	}
	krb5_clear_error_message(k->ctx);
	words = krb5_get_error_message(k->ctx, code);
	if (code == KRB5KRB_AP_ERR_SKEW || code == KRB5_KDCREP_SKEW)
		ask_say(k->a, "%s: the clocks of this machine and of the KDC "
		    "differ by more than five minutes", doing);
	else
		ask_say(k->a, "%s: %s", doing, words);
	krb5_free_error_message(k->ctx, words);
	return outcome;
}

/* ---- one question */

static krb5_error_code
keytab_add(struct krb *k, const struct keytab_entry *e)
{
	krb5_keytab_entry to = { .vno = e->kvno };
	char name[1024];
	krb5_error_code rc;

	keytab_name(e, name, sizeof name);
	if ((rc = krb5_parse_name(k->ctx, name, &to.principal)) != 0)
		return rc;
	to.key.enctype = e->enctype;
	to.key.length = (unsigned)e->key.n;
	to.key.contents = (krb5_octet *)(uintptr_t)e->key.p;
	rc = krb5_kt_add_entry(k->ctx, k->keytab, &to);
	krb5_free_principal(k->ctx, to.principal);
	return rc;
}

static krb5_error_code
keytab_load(struct krb *k)
{
	static unsigned questions;
	const struct dir_where *at = k->a->at;
	struct keytab_entry e;
	krb5_error_code rc;
	struct rel_cur c;
	char name[32];
	int more;

	if (at->keytab_len == 0)
		return 0;
	if (keytab_begin(&c, at->keytab, at->keytab_len) < 0)
		return KRB5_KEYTAB_BADVNO;
	/* Several questions are at work: each has its own. */
	snprintf(name, sizeof name, "MEMORY:%u", ++questions);
	rc = krb5_kt_resolve(k->ctx, name, &k->keytab);
	while (rc == 0 && (more = keytab_next(&c, &e)) != 0)
		rc = more < 0 ? KRB5_KT_FORMAT : keytab_add(k, &e);
	return rc;
}

krb5_error_code
krb_context(const char *realm, krb5_context *out)
{
	profile_t profile = NULL;
	krb5_error_code rc = (krb5_error_code)krb_profile(realm, &profile);

	if (rc == 0)
		rc = krb5_init_context_profile(profile,
		    KRB5_INIT_CONTEXT_SECURE, out);
	if (profile != NULL)
		profile_release(profile);
	return rc;
}

int
krb_open(struct ldap_ask *a, struct krb *k)
{
	krb5_error_code rc;

	memset(k, 0, sizeof *k);
	k->a = a;
	k->only = DIRECTORY_SERVERS_MAX;
	k->begin_ms = rel_mono_ms();
	if ((rc = krb_context(a->d.realm, &k->ctx)) != 0) {
		ask_say(a, "Kerberos cannot be used (%d)", (int)rc);
		a->elsewhere_away = true;
		return DIR_AWAY;
	}
	if ((rc = keytab_load(k)) == 0)
		return 0;
	ask_say(a, "the keytab cannot be read");
	krb_close(k);
	return DIR_SETTINGS;
}

void
krb_close(struct krb *k)
{
	if (k->keytab != NULL)
		krb5_kt_close(k->ctx, k->keytab);
	if (k->ctx != NULL)
		krb5_free_context(k->ctx);
	memset(k, 0, sizeof *k);
}

/* ---- tickets of the realm */

static krb5_error_code
ticket_get(struct krb *k, krb5_init_creds_context icc, const char *password,
    const char *service)
{
	const struct kdc_talk t = { icc, NULL };
	krb5_error_code rc = 0;

	if (service != NULL)
		rc = krb5_init_creds_set_service(k->ctx, icc, service);
	if (rc == 0)
		rc = password != NULL ?
		    krb5_init_creds_set_password(k->ctx, icc, password) :
		    krb5_init_creds_set_keytab(k->ctx, icc, k->keytab);
	return rc == 0 ? kdc_talk(k, &t) : rc;
}

krb5_error_code
krb_first_ticket(struct krb *k, krb5_principal who, const char *password,
    const char *service, krb5_creds *out)
{
	krb5_get_init_creds_opt *opt = NULL;
	krb5_init_creds_context icc = NULL;
	krb5_error_code rc = krb5_get_init_creds_opt_alloc(k->ctx, &opt);

	if (rc == 0) {
		krb5_get_init_creds_opt_set_forwardable(opt, 0);
		krb5_get_init_creds_opt_set_proxiable(opt, 0);
		if (password != NULL)
			krb5_get_init_creds_opt_set_tkt_life(opt,
			    PERSON_LIFE_S);
		rc = krb5_init_creds_init(k->ctx, who, NULL, NULL, 0, opt,
		    &icc);
	}
	if (rc == 0)
		rc = ticket_get(k, icc, password, service);
	memset(out, 0, sizeof *out);
	if (rc == 0)
		rc = krb5_init_creds_get_creds(k->ctx, icc, out);
	if (icc != NULL)
		krb5_init_creds_free(k->ctx, icc);
	krb5_get_init_creds_opt_free(k->ctx, opt);
	return rc;
}

/* That it must be changed is told to who knows it. */
static krb5_error_code
expired(struct krb *k, krb5_principal who, const char *password)
{
	krb5_creds creds;
	krb5_error_code rc = krb_first_ticket(k, who, password,
	    "kadmin/changepw", &creds);

	if (rc == 0)
		krb5_free_cred_contents(k->ctx, &creds);
	return rc != 0 && krb_outcome(rc) == DIR_WRONG ? rc :
	    KRB5KDC_ERR_KEY_EXP;
}

static krb5_error_code
person_get(struct krb *k, const char *name, const char *password,
    krb5_creds *out)
{
	const char *realm = k->a->d.realm;
	krb5_principal who;
	krb5_error_code rc = krb5_build_principal_ext(k->ctx, &who,
	    (unsigned)strlen(realm), realm, (unsigned)strlen(name), name, 0);

	if (rc != 0)
		return rc;
	rc = krb_first_ticket(k, who, password, NULL, out);
	if (rc == KRB5KDC_ERR_KEY_EXP)
		rc = expired(k, who, password);
	krb5_free_principal(k->ctx, who);
	return rc;
}

int
krb_person_ticket(struct krb *k, const char *name, const struct dir_login *m,
    krb5_creds *out)
{
	char password[PASSWORD_MAX];
	enum dir_outcome outcome;
	krb5_error_code rc;

	if (name[0] == '\0' || m->password_len == 0 ||
	    m->password_len >= sizeof password ||
	    memchr(m->password, '\0', m->password_len) != NULL)
		return DIR_WRONG;
	memcpy(password, m->password, m->password_len);
	password[m->password_len] = '\0';
	rc = person_get(k, name, password, out);
	rel_wipe(password, sizeof password);
	outcome = krb_outcome(rc);
	return outcome == DIR_AWAY || outcome == DIR_SETTINGS ?
	    krb_failed(k, rc, "ticket of a person") : (int)outcome;
}

/* ---- is it the right KDC? */

/* host/NAME of the keytab, else what has a slash; false: none. */
static bool
check_name(const struct krb *k, char *out, size_t size)
{
	const struct dir_where *at = k->a->at;
	struct keytab_entry e;
	struct rel_cur c;
	bool found = false;

	snprintf(out, size, "%s", k->a->d.kdc_principal);
	if (out[0] != '\0')
		return true;
	if (keytab_begin(&c, at->keytab, at->keytab_len) < 0)
		return false;
	while (keytab_next(&c, &e) == 1) {
		bool host = e.nparts == 2 && e.part[0].n == 4 &&
		    memcmp(e.part[0].p, "host", 4) == 0;

		if (e.nparts < 2 || (found && !host))
			continue;
		keytab_name(&e, out, size);
		found = true;
		if (host)
			break;
	}
	return found;
}

static int
verify_failed(struct krb *k, krb5_error_code rc)
{
	if (krb_outcome(rc) == DIR_AWAY || rc == KRB5KRB_AP_ERR_SKEW)
		return krb_failed(k, rc, "check of the KDC");
	(void)krb_failed(k, rc, "the KDC did not prove that it is the right "
	    "one: it is a false one, or the keytab is not of today");
	return DIR_SETTINGS;
}

static int
check_by(struct krb *k, char *name, size_t size)
{
	if (k->keytab != NULL && check_name(k, name, size))
		return DIR_RIGHT;
	ask_say(k->a, "no keytab with a key for host/NAME is kept: whether "
	    "the KDC is the right one cannot be seen (KdcCheck)");
	return DIR_SETTINGS;
}

int
krb_check_ready(struct krb *k)
{
	bool clear = k->a->d.user_bind == USER_BIND_KERBEROS ||
	    k->a->d.tls == TLS_NONE;
	char name[512];

	return k->a->d.kdc_check && clear ? check_by(k, name, sizeof name) :
	    DIR_RIGHT;
}

/* A ticket for ourselves must open with our key. */
static krb5_error_code
ticket_opens(struct krb *k, krb5_principal us, krb5_creds *ticket)
{
	krb5_auth_context out = NULL, in = NULL;
	krb5_data request = { 0 };
	krb5_error_code rc = krb5_mk_req_extended(k->ctx, &out, 0, NULL,
	    ticket, &request);

	if (rc == 0)
		rc = krb5_rd_req(k->ctx, &in, &request, us, k->keytab, NULL,
		    NULL);
	krb5_free_data_contents(k->ctx, &request);
	krb5_auth_con_free(k->ctx, in);
	krb5_auth_con_free(k->ctx, out);
	return rc;
}

static krb5_error_code
verify(struct krb *k, krb5_creds *person, const char *name)
{
	krb5_principal us = NULL;
	krb5_ccache cc = NULL;
	krb5_creds ticket;
	krb5_error_code rc = krb5_parse_name(k->ctx, name, &us);

	memset(&ticket, 0, sizeof ticket);
	if (rc == 0)
		rc = ticket_person(k, person, &cc);
	if (rc == 0)
		rc = ticket_for(k, cc, us, &ticket);
	if (rc == 0)
		rc = ticket_opens(k, us, &ticket);
	krb5_free_cred_contents(k->ctx, &ticket);
	if (cc != NULL)
		krb5_cc_destroy(k->ctx, cc);
	krb5_free_principal(k->ctx, us);
	return rc;
}

int
krb_verify(struct krb *k, krb5_creds *creds)
{
	krb5_error_code rc;
	char name[512];
	int ready;

	if (!k->a->d.kdc_check)
		return DIR_RIGHT;
	if ((ready = check_by(k, name, sizeof name)) != DIR_RIGHT)
		return ready;
	rc = verify(k, creds, name);
	return rc == 0 ? DIR_RIGHT : verify_failed(k, rc);
}

int
krb_login(struct ldap_ask *a, const char *name, const struct dir_login *m)
{
	krb5_creds creds;
	struct krb k;
	int rc = krb_open(a, &k);

	if (rc != 0)
		return rc;
	rc = krb_check_ready(&k);
	if (rc == DIR_RIGHT)
		rc = krb_person_ticket(&k, name, m, &creds);
	if (rc == DIR_RIGHT) {
		rc = krb_verify(&k, &creds);
		krb5_free_cred_contents(k.ctx, &creds);
	}
	ask_waited(a, k.begin_ms);
	krb_close(&k);
	return rc;
}
