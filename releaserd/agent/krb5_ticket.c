/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Tickets, in memory: the service account's are kept, people's are not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/text.h"
#include "releaserd/agent/krb5_priv.h"

#define TICKETS_MAX 64		/* more than directories: no question loses
				 * its own while it waits */

/* Of one directory: a new one is got before the old one ends. */
struct ticket {
	uint8_t key[32];		/* of the question; all 0: free */
	time_t renew, end;
};

static struct ticket tickets[TICKETS_MAX];

/* NULL: there is none. */
static struct ticket *
ticket_of(const uint8_t key[32])
{
	for (size_t i = 0; i < TICKETS_MAX; i++)
		if (tickets[i].end > 0 && memcmp(tickets[i].key, key,
		    sizeof tickets[i].key) == 0)
			return &tickets[i];
	return NULL;
}

/* A free place, or that of what ends first. */
static struct ticket *
ticket_place(const uint8_t key[32])
{
	struct ticket *t = &tickets[0];

	for (size_t i = 1; i < TICKETS_MAX; i++)
		if (tickets[i].end < t->end)
			t = &tickets[i];
	memset(t, 0, sizeof *t);
	memcpy(t->key, key, sizeof t->key);
	return t;
}

/* The place in the table is the name: an older one's tickets go. */
static krb5_error_code
cache_of(struct krb *k, const struct ticket *t, krb5_ccache *out)
{
	char name[32];

	snprintf(name, sizeof name, "MEMORY:service%d", (int)(t - tickets));
	return krb5_cc_resolve(k->ctx, name, out);
}

static krb5_error_code
cache_fill(struct krb *k, krb5_ccache cc, krb5_creds *creds)
{
	krb5_error_code rc = krb5_cc_initialize(k->ctx, cc, creds->client);

	return rc == 0 ? krb5_cc_store_cred(k->ctx, cc, creds) : rc;
}

static krb5_error_code
ticket_get(struct krb *k, krb5_creds *out)
{
	krb5_principal who = NULL;
	krb5_error_code rc = krb5_parse_name(k->ctx, k->a->d.bind_name, &who);

	if (rc == 0)
		rc = krb_first_ticket(k, who, NULL, NULL, out);
	krb5_free_principal(k->ctx, who);
	return rc;
}

/* It is kept, in the place of the one before; nobody waits in here. */
static krb5_error_code
ticket_put(struct krb *k, krb5_creds *creds, krb5_ccache *out)
{
	struct ticket *t = ticket_of(k->a->key);
	time_t now = time(NULL);
	krb5_error_code rc;

	if (t == NULL)
		t = ticket_place(k->a->key);
	if ((rc = cache_of(k, t, out)) != 0)
		return rc;
	if ((rc = cache_fill(k, *out, creds)) != 0) {
		krb5_cc_close(k->ctx, *out);
		return rc;
	}
	t->end = (time_t)(uint32_t)creds->times.endtime;
	t->renew = now + (t->end - now) / 4 * 3;
	return 0;
}

static int
ticket_refused(struct krb *k, krb5_error_code rc)
{
	int outcome = krb_failed(k, rc, "ticket of the service account");

	return outcome == DIR_AWAY ? outcome : DIR_SETTINGS;
}

/* From the KDC.  While none answers the old one is good to its end. */
static krb5_error_code
ticket_renew(struct krb *k, krb5_ccache *out)
{
	const struct ticket *t;
	krb5_creds creds;
	krb5_error_code rc = ticket_get(k, &creds);

	if (rc == 0) {
		rc = ticket_put(k, &creds, out);
		krb5_free_cred_contents(k->ctx, &creds);
		return rc;
	}
	t = ticket_of(k->a->key);
	return krb_outcome(rc) == DIR_AWAY && t != NULL &&
	    t->end > time(NULL) ? cache_of(k, t, out) : rc;
}

int
ticket_service(struct krb *k, krb5_ccache *out)
{
	const struct ticket *t = ticket_of(k->a->key);
	krb5_error_code rc;

	if (k->keytab == NULL) {
		ask_say(k->a, "the keytab of the service account is missing");
		return DIR_SETTINGS;
	}
	rc = t != NULL && t->renew > time(NULL) ? cache_of(k, t, out) :
	    ticket_renew(k, out);
	return rc == 0 ? 0 : ticket_refused(k, rc);
}

krb5_error_code
ticket_person(struct krb *k, krb5_creds *creds, krb5_ccache *out)
{
	krb5_error_code rc = krb5_cc_new_unique(k->ctx, "MEMORY", NULL, out);

	if (rc != 0)
		return rc;
	if ((rc = cache_fill(k, *out, creds)) == 0)
		return 0;
	krb5_cc_destroy(k->ctx, *out);
	*out = NULL;
	return rc;
}

krb5_error_code
ticket_for(struct krb *k, krb5_ccache cc, krb5_principal service,
    krb5_creds *out)
{
	krb5_creds want = { .server = service };
	struct kdc_talk t = { NULL, NULL };
	krb5_error_code rc = krb5_cc_get_principal(k->ctx, cc, &want.client);

	if (rc == 0)
		rc = krb5_tkt_creds_init(k->ctx, cc, &want, 0, &t.further);
	if (rc == 0)
		rc = kdc_talk(k, &t);
	if (rc == 0 && out != NULL)
		rc = krb5_tkt_creds_get_creds(k->ctx, t.further, out);
	if (t.further != NULL)
		krb5_tkt_creds_free(k->ctx, t.further);
	krb5_free_principal(k->ctx, want.client);
	return rc;
}

int
ticket_ldap(struct krb *k, krb5_ccache cc)
{
	const char *host = k->a->d.server[k->a->server].host;
	const char *realm = k->a->d.realm;
	krb5_principal ldap = NULL;
	krb5_error_code rc = krb5_build_principal(k->ctx, &ldap,
	    (unsigned)strlen(realm), realm, "ldap", host, NULL);

	if (rc == 0)
		rc = ticket_for(k, cc, ldap, NULL);
	krb5_free_principal(k->ctx, ldap);
	if (rc == 0)
		return 0;
	rc = krb_failed(k, rc, "ticket for ldap/HOST");
	return rc == DIR_AWAY ? rc : DIR_SETTINGS;
}

void
krb_end(void)
{
	krb5_context ctx;

	kdc_end();
	if (krb_context("", &ctx) != 0)
		return;
	for (size_t i = 0; i < TICKETS_MAX; i++) {
		struct krb k = { .ctx = ctx };
		krb5_ccache cc;

		if (tickets[i].end > 0 && cache_of(&k, &tickets[i], &cc) == 0)
			krb5_cc_destroy(ctx, cc);
	}
	memset(tickets, 0, sizeof tickets);
	krb5_free_context(ctx);
}
