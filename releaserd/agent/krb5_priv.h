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

/* ---- krb5_kdc.c: as krb5_set_kdc_send_hook() wants it; data: struct krb */
krb5_error_code kdc_send(krb5_context ctx, void *data, const krb5_data *realm,
    const krb5_data *message, krb5_data **new_message, krb5_data **reply);

/* ---- krb5_profile.c */
long krb_profile(const char *realm, profile_t *out);

/* ---- krb5_ticket.c */

/* Tickets of the service account, kept until they end. */
int ticket_service(struct krb *k, krb5_ccache *out);

/* Those of a person, until krb5_cc_destroy(). */
int ticket_person(struct krb *k, krb5_creds *creds, krb5_ccache *out);

/* One for the LDAP service of the server in use, into cc. */
int ticket_ldap(struct krb *k, krb5_ccache cc);

/* ---- gssapi_layer.c: below LDAP from now on; takes ctx, even when it fails */
int layer_up(struct ldap_link *l, gss_ctx_id_t *ctx, bool conf, uint32_t most);

#endif
