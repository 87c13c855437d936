/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef KRB5_PRIV_H
#define KRB5_PRIV_H

#include <gssapi/gssapi.h>
#include <krb5.h>
#include <profile.h>

#include "releaserd/agent/ldap_priv.h"
#include "releaserd/keytab.h"

/*
 * MIT Kerberos for one question.  Its settings are in memory, no file and no
 * word of the environment counts; KDCs are those of the directory, over TCP,
 * each wait with its end.  Names of principals that come from people are built
 * from their parts and never read, so that "a@OTHER" is nobody of that name.
 */
struct krb {
	struct ldap_ask *a;
	krb5_context ctx;
	krb5_keytab keytab;		/* in memory; NULL: there is none */
	uint32_t only;			/* this KDC; DIRECTORY_SERVERS_MAX any */
	int64_t until_ms[DIRECTORY_SERVERS_MAX];	/* 0: not asked yet */
	int64_t begin_ms;
	krb5_timestamp kdc_time;	/* as the last error said; 0: none */
	bool away;			/* no KDC has answered */
};

/* 0 with what krb_close() ends, or an outcome. */
int krb_open(struct ldap_ask *a, struct krb *k);
void krb_close(struct krb *k);

/* A context with our settings. */
krb5_error_code krb_context(const char *realm, krb5_context *out);

/* What an error means for a log-in; words go to the answer. */
enum dir_outcome krb_outcome(krb5_error_code code);
int krb_failed(struct krb *k, krb5_error_code code, const char *doing);

/* A ticket of the realm, by password or, NULL, by the keytab. */
krb5_error_code krb_first_ticket(struct krb *k, krb5_principal who,
    const char *password, const char *service, krb5_creds *out);

/* A person's, or an outcome; krb5_free_cred_contents() after DIR_RIGHT. */
int krb_person_ticket(struct krb *k, const char *name,
    const struct dir_login *m, krb5_creds *out);

/* Is there what a KDC must prove itself with, where it must? */
int krb_check_ready(struct krb *k);

/* Does the KDC that gave it know the key of KdcCheckPrincipal? */
int krb_verify(struct krb *k, krb5_creds *creds);

/* ---- krb5_kdc.c */

void kdc_begin(void);
void kdc_end(void);

/* A message to a KDC of ours; reply->data is for free(). */
krb5_error_code kdc_send(struct krb *k, const krb5_data *realm,
    const krb5_data *m, krb5_data *reply);

/*
 * All that one ticket takes, the first one or a further one.  The library
 * sends nothing itself, so that no code of the host that finds KDCs is run.
 */
struct kdc_talk {
	krb5_init_creds_context first;	/* or NULL */
	krb5_tkt_creds_context further;
};
krb5_error_code kdc_talk(struct krb *k, const struct kdc_talk *t);

/* ---- krb5_profile.c */
long krb_profile(const char *realm, profile_t *out);

/* ---- krb5_ticket.c */

/* Tickets of the service account, kept until they end. */
int ticket_service(struct krb *k, krb5_ccache *out);

/* Those of a person, until krb5_cc_destroy(). */
krb5_error_code ticket_person(struct krb *k, krb5_creds *creds,
    krb5_ccache *out);

/* One for a service of the realm, into cc and, unless NULL, out
 * (krb5_free_cred_contents()). */
krb5_error_code ticket_for(struct krb *k, krb5_ccache cc,
    krb5_principal service, krb5_creds *out);

/* One for the LDAP service of the server in use, into cc. */
int ticket_ldap(struct krb *k, krb5_ccache cc);

/* ---- gssapi_layer.c: below LDAP from now on; takes ctx, even when it fails */
int layer_up(struct ldap_link *l, gss_ctx_id_t *ctx, bool conf, uint32_t most);

#endif
