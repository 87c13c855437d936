/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Kerberos as far as it takes no KDC; tests/scenario/100-kerberos-client.sh has
 * real ones.
 */
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

#include "releaserd/agent/agent_priv.h"
#include "releaserd/agent/krb5_priv.h"

UNIT(what_an_error_means)
{
	static const struct {
		krb5_error_code code;
		enum dir_outcome outcome;
	} cases[] = {
		{ 0, DIR_RIGHT },
		{ KRB5KDC_ERR_PREAUTH_FAILED, DIR_WRONG },
		{ KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, DIR_WRONG },
		{ KRB5KRB_AP_ERR_BAD_INTEGRITY, DIR_WRONG },
		{ KRB5KDC_ERR_KEY_EXP, DIR_MUST_CHANGE },
		{ KRB5KDC_ERR_CLIENT_REVOKED, DIR_CLOSED },
		{ KRB5KDC_ERR_NAME_EXP, DIR_CLOSED },
		{ KRB5KDC_ERR_POLICY, DIR_CLOSED },
		{ KRB5_KDC_UNREACH, DIR_AWAY },
		{ KRB5KDC_ERR_SVC_UNAVAILABLE, DIR_AWAY },
		{ ENOMEM, DIR_AWAY },
		{ KRB5KRB_AP_ERR_SKEW, DIR_SETTINGS },
		{ KRB5_KDCREP_SKEW, DIR_SETTINGS },
		{ KRB5KDC_ERR_ETYPE_NOSUPP, DIR_SETTINGS },
		{ KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, DIR_SETTINGS },
		{ KRB5_REALM_UNKNOWN, DIR_SETTINGS },
		{ EPERM, DIR_SETTINGS },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(cases[i].outcome, krb_outcome(cases[i].code));
}

static void
profile_is(profile_t p, const char *const *names, const char *want)
{
	char **values = NULL;
	long rc = profile_get_values(p, names, &values);

	if (want == NULL) {
		assert_int_equal(PROF_NO_RELATION, rc);
		return;
	}
	assert_int_equal(0, rc);
	assert_string_equal(want, values[0]);
	assert_null(values[1]);
	profile_free_list(values);
}

UNIT(the_settings_of_the_library_are_ours)
{
	static const struct {
		const char *const names[4];
		const char *want;
	} cases[] = {
		{ { "libdefaults", "default_realm" }, "EXAMPLE.COM" },
		{ { "libdefaults", "dns_lookup_kdc" }, "false" },
		{ { "libdefaults", "kdc_timesync" }, "0" },
		{ { "libdefaults", "default_rcache_name" }, "none:" },
		{ { "libdefaults", "default_keytab_name" }, "MEMORY:" },
		{ { "libdefaults", "no_such" }, NULL },
		{ { "libdefaults", "EXAMPLE.COM", "kdc" }, NULL },
		{ { "realms", "OTHER", "kdc" }, NULL },
		{ { "realms", "EXAMPLE.COM", "kdc" }, NULL },
		{ { "plugins", "clpreauth" }, NULL },
	};
	profile_t p = NULL;

	assert_int_equal(0, krb_profile("EXAMPLE.COM", &p));
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		profile_is(p, cases[i].names, cases[i].want);
	profile_release(p);
}

/* A question to a directory whose KDCs nobody is. */
static struct ldap_ask ask;
static struct dir_where at;
static struct dir_said said;

static void
begin(const void *keytab, size_t n)
{
	static const char conf[] = "UserBind kerberos\nRealm EXAMPLE.COM\n"
	    "Kdc 127.0.0.1:1\nConnectTime 1s\n";
	struct rel_err err;

	memset(&ask, 0, sizeof ask);
	memset(&said, 0, sizeof said);
	assert_int_equal(0, directory_parse(&ask.d, conf, strlen(conf), "d",
	    NULL, &err));
	at.keytab = keytab;
	at.keytab_len = n;
	ask.at = &at;
	ask.said = &said;
}

UNIT(a_realm_that_is_not_ours_is_not_asked)
{
	krb5_data realm = { .data = (char []){ "OTHER.COM" }, .length = 9 };
	krb5_data m = { .data = (char []){ "x" }, .length = 1 };
	krb5_data reply;
	struct krb k;

	begin(NULL, 0);
	assert_int_equal(0, krb_open(&ask, &k));
	assert_int_equal(KRB5_REALM_UNKNOWN, kdc_send(&k, &realm, &m,
	    &reply));
	assert_int_equal(0, said.dead);
	realm.data = (char []){ "EXAMPLE.COM" };
	realm.length = 11;
	assert_int_equal(KRB5_KDC_UNREACH, kdc_send(&k, &realm, &m,
	    &reply));
	assert_int_equal(1u << DIRECTORY_KDC_0, said.dead);
	assert_null(reply.data);
	/* It is asked once in a question. */
	said.words[0] = '\0';
	assert_int_equal(KRB5_KDC_UNREACH, kdc_send(&k, &realm, &m,
	    &reply));
	assert_string_equal("", said.words);
	krb_close(&k);
}

UNIT(what_is_never_asked)
{
	static const uint8_t nul[] = "a\0b";
	static char longer[2000];
	struct dir_login m = { .password = nul, .password_len = 3 };
	krb5_creds creds;
	struct krb k;

	begin(NULL, 0);
	assert_int_equal(0, krb_open(&ask, &k));
	assert_int_equal(DIR_WRONG, krb_person_ticket(&k, "anna", &m, &creds));
	m.password_len = 0;
	assert_int_equal(DIR_WRONG, krb_person_ticket(&k, "anna", &m, &creds));
	m.password = (const uint8_t *)longer;
	m.password_len = sizeof longer;
	memset(longer, 'x', sizeof longer);
	assert_int_equal(DIR_WRONG, krb_person_ticket(&k, "anna", &m, &creds));
	m.password_len = 4;
	assert_int_equal(DIR_WRONG, krb_person_ticket(&k, "", &m, &creds));
	assert_int_equal(0, said.dead);
	assert_int_equal(DIR_AWAY, krb_person_ticket(&k, "anna", &m, &creds));
	assert_true(ask.elsewhere_away);
	krb_close(&k);
}

UNIT(a_keytab_that_is_none)
{
	struct krb k;

	begin("\x05\x02\x00\x00\x00\x09xxxxxxxxx", 15);
	assert_int_equal(DIR_SETTINGS, krb_open(&ask, &k));
	assert_non_null(strstr(said.words, "keytab"));
	begin("junk", 4);
	assert_int_equal(DIR_SETTINGS, krb_open(&ask, &k));
}

UNIT(without_a_keytab_no_password_goes_out)
{
	struct dir_login m = { .password = (const uint8_t *)"x",
		.password_len = 1 };

	begin(NULL, 0);
	assert_int_equal(DIR_SETTINGS, krb_login(&ask, "anna", &m));
	assert_int_equal(0, said.dead);
	assert_non_null(strstr(said.words, "KdcCheck"));
	ask.d.kdc_check = 0;
	assert_int_equal(DIR_AWAY, krb_login(&ask, "anna", &m));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(what_an_error_means),
		UNIT_RUN(the_settings_of_the_library_are_ours),
		UNIT_RUN(a_realm_that_is_not_ours_is_not_asked),
		UNIT_RUN(what_is_never_asked),
		UNIT_RUN(a_keytab_that_is_none),
		UNIT_RUN(without_a_keytab_no_password_goes_out),
	};
	int failed;

	ldap_begin();
	failed = cmocka_run_group_tests_name("krb5", tests, NULL, NULL);
	ldap_end();
	return failed;
}
