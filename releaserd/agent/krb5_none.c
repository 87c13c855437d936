/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Built without MIT Kerberos: directory_parse() refuses what would come here. */
#include "releaserd/agent/ldap_priv.h"

static int
none(struct ldap_ask *a)
{
	ask_say(a, "built without MIT Kerberos");
	return DIR_SETTINGS;
}

int
gss_bind_service(struct ldap_ask *a, struct ldap_link *l)
{
	(void)l;
	return none(a);
}

int
gss_bind_person(struct ldap_ask *a, struct ldap_link *l, const char *who,
    const struct dir_login *m)
{
	(void)l;
	(void)who;
	(void)m;
	return none(a);
}

int
krb_login(struct ldap_ask *a, const char *name, const struct dir_login *m)
{
	(void)name;
	(void)m;
	return none(a);
}

int
krb_test(struct ldap_ask *a)
{
	return none(a);
}

void
gss_layer_free(struct ldap_link *l)
{
	(void)l;
}

void
krb_begin(void)
{
}

void
krb_end(void)
{
}
