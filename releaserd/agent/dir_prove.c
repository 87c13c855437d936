/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Passwords that others than LDAP servers check. */
#include "releaserd/agent/ldap_priv.h"

int
prove_person(struct ldap_ask *a, const char *name, const struct dir_login *m)
{
	if (a->d.user_bind == USER_BIND_KERBEROS)
		return krb_login(a, name, m);
	ask_say(a, "this cannot be asked yet");
	return DIR_SETTINGS;
}
