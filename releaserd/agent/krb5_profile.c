/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What krb5.conf(5) would say, from memory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/agent/krb5_priv.h"

static const char *const defaults[][2] = {
	{ "dns_lookup_kdc", "false" }, { "dns_lookup_realm", "false" },
	{ "dns_uri_lookup", "false" }, { "rdns", "false" },
	{ "dns_canonicalize_hostname", "false" },
	{ "allow_weak_crypto", "false" },
	/* The clocks must agree: who sets ours by its answer is not asked. */
	{ "kdc_timesync", "0" }, { "clockskew", "300" },
	/* Requests are our own, and each is looked at once. */
	{ "default_rcache_name", "none:" },
	{ "default_ccache_name", "MEMORY:" },
	{ "default_keytab_name", "MEMORY:" },
	{ "default_client_keytab_name", "MEMORY:" }
};

static long
one_value(const char *value, char ***out)
{
	char **list = calloc(2, sizeof *list);

	if (list == NULL || (list[0] = strdup(value)) == NULL) {
		free(list);
		return ENOMEM;
	}
	*out = list;
	return 0;
}

static long
values_get(void *ctx, const char *const *names, char ***out)
{
	const char *realm = ctx;

	/* That there is no such section the library takes for a fault. */
	if (names[0] == NULL || strcmp(names[0], "libdefaults") != 0)
		return PROF_NO_RELATION;
	if (names[1] == NULL || names[2] != NULL)
		return PROF_NO_RELATION;
	if (strcmp(names[1], "default_realm") == 0)
		return one_value(realm, out);
	for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++)
		if (strcmp(names[1], defaults[i][0]) == 0)
			return one_value(defaults[i][1], out);
	return PROF_NO_RELATION;
}

static void
values_free(void *ctx, char **values)
{
	(void)ctx;
	for (size_t i = 0; values[i] != NULL; i++)
		free(values[i]);
	free(values);
}

static long
realm_copy(void *ctx, void **out)
{
	*out = strdup(ctx);
	return *out != NULL ? 0 : ENOMEM;
}

long
krb_profile(const char *realm, profile_t *out)
{
	struct profile_vtable table = { .minor_ver = 1,
		.get_values = values_get, .free_values = values_free,
		.cleanup = free, .copy = realm_copy };
	char *own = strdup(realm);
	long rc = own != NULL ? profile_init_vtable(&table, own, out) :
	    ENOMEM;

	if (rc != 0)
		free(own);
	return rc;
}
