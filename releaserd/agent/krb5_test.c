/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What `releasectl directory test` says of KDCs. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/text.h"
#include "releaserd/agent/krb5_priv.h"

#define SKEW_MAX_S 300		/* clockskew, krb5_profile.c */

static bool
clocks_differ(const struct krb *k)
{
	int64_t there = (uint32_t)k->kdc_time, here = time(NULL);

	return k->kdc_time != 0 && llabs(there - here) > SKEW_MAX_S;
}

/* The KDC says of somebody it cannot know that it does not know him. */
static int
kdc_asked(struct krb *k)
{
	krb5_creds creds;
	krb5_principal who;
	const char *realm = k->a->d.realm;
	krb5_error_code rc = krb5_build_principal(k->ctx, &who,
	    (unsigned)strlen(realm), realm, "no such person", NULL);

	if (rc == 0) {
		rc = krb_first_ticket(k, who, "none", NULL, &creds);
		krb5_free_principal(k->ctx, who);
	}
	if (rc == 0)
		krb5_free_cred_contents(k->ctx, &creds);
	if (krb_outcome(rc) == DIR_WRONG && clocks_differ(k))
		rc = KRB5KRB_AP_ERR_SKEW;
	return krb_outcome(rc) == DIR_WRONG ? DIR_RIGHT :
	    krb_failed(k, rc, "KDC");
}

static int
kdc_test(struct ldap_ask *a, uint32_t i)
{
	int64_t begin = rel_mono_ms();
	krb5_ccache cc;
	struct krb k;
	int rc = krb_open(a, &k);

	if (rc != 0)
		return rc;
	k.only = i;
	rc = kdc_asked(&k);
	if (rc == DIR_RIGHT && a->d.bind == BIND_GSSAPI &&
	    (rc = ticket_service(&k, &cc)) == 0)
		krb5_cc_close(k.ctx, cc);
	if (rc == DIR_RIGHT && directory_needs_kdc(&a->d))
		rc = krb_check_ready(&k);
	if (rc == DIR_RIGHT)
		ask_say_of(a, (int)(DIRECTORY_KDC_0 + i),
		    "KDC: good, %lld ms", (long long)(rel_mono_ms() - begin));
	krb_close(&k);
	return rc;
}

int
krb_test(struct ldap_ask *a)
{
	int worst = DIR_RIGHT;

	for (uint32_t i = 0; i < a->d.nkdcs; i++) {
		int rc = kdc_test(a, i);

		if (rc != DIR_RIGHT && worst == DIR_RIGHT)
			worst = rc;
	}
	return worst;
}
