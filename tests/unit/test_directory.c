/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A directory's settings, and what people type into its filters and DNs. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "releaserd/directory.h"

#define GOOD "Servers ldap.example.com\nBindName cn=release,dc=example\n"

static struct directory d;
static struct rel_err err;
static const char *directive;

static int
parse(const char *text)
{
	memset(&err, 0, sizeof err);
	directive = "untouched";
	return directory_parse(&d, text, strlen(text), "corp", &directive,
	    &err);
}

UNIT(the_least_that_is_needed)
{
	assert_int_equal(0, parse(GOOD));
	assert_null(directive);
	assert_int_equal(1, d.nservers);
	assert_string_equal("ldap.example.com", d.server[0].host);
	assert_int_equal(389, d.server[0].port);
	assert_int_equal(TLS_REQUIRED, d.tls);
	assert_int_equal(1, d.tls_check_name);
	assert_int_equal(3000, d.connect_ms);
	assert_int_equal(5000, d.answer_ms);
	assert_int_equal(30000, d.dead_ms);
	assert_int_equal(GROUPS_NONE, d.group_scheme);
	assert_string_equal("uid", d.attr_login);
}

UNIT(servers_are_taken_apart)
{
	static const struct {
		const char *host;
		uint16_t port;
	} want[] = {
		{ "a.example", 636 }, { "b.example", 1636 },
		{ "192.0.2.1", 636 }, { "192.0.2.2", 1 },
		{ "2001:db8::1", 636 }, { "2001:db8::2", 65535 },
		{ "2001:db8::3", 636 }, { "h", 636 }
	};

	assert_int_equal(0, parse("BindName x\nTls ldaps\nServers a.example  "
	    "b.example:1636 192.0.2.1 192.0.2.2:1 [2001:db8::1] "
	    "[2001:db8::2]:65535 2001:db8::3 h\n"));
	assert_int_equal(8, d.nservers);
	for (size_t i = 0; i < 8; i++) {
		assert_string_equal(want[i].host, d.server[i].host);
		assert_int_equal(want[i].port, d.server[i].port);
	}
}

/* Each is the good text with more; the directive at fault, and its words. */
#ifdef HAVE_KRB5
#define KRB "UserBind kerberos\nRealm EXAMPLE.COM\n"
#define GSS "Servers h\nBind gssapi\nUserBind gssapi\nBindName release\n"

UNIT(kerberos_needs_a_realm_and_kdcs)
{
	static const struct {
		const char *text, *directive, *words;
	} cases[] = {
		{ "UserBind kerberos\nKdc k\n", "Realm", "missing" },
		{ KRB, "Kdc", "at least one" },
		{ KRB "Kdc k:0\n", "Kdc", "host:port" },
		{ KRB "Kdc a b c d e f g h i\n", "Kdc", "eight" },
		{ "UserBind kerberos\nKdc k\nRealm A@B\n", "Realm",
		    "no realm" },
		{ "UserBind kerberos\nKdc k\nRealm A/B\n", "Realm",
		    "no realm" },
		{ KRB "Kdc k\nUserName %u\n", "UserName", "leave it empty" },
		{ GOOD "Kdc k\n", "Kdc", "nobody asks" },
		{ GSS "Domain d.example\nUserName uid=%u,dc=x\n", "UserName",
		    "not a DN" },
		{ "Servers h\nBind gssapi\nBindName cn=x,dc=y\nRealm R\n",
		    "BindName", "not a DN" },
		{ "Servers 192.0.2.1\nBind gssapi\nBindName x\nRealm R\n",
		    "Servers", "by its name" },
		{ "Servers [::1]\nUserBind gssapi\nBindName x\nRealm R\n",
		    "Servers", "by its name" },
		{ "UserBind gssapi\nKdc k\nRealm R\n", "Servers",
		    "at least one" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(-REL_E_FORMAT, parse(cases[i].text));
		assert_string_equal(cases[i].directive, directive);
		assert_non_null(strstr(err.text, cases[i].words));
	}
	assert_int_equal(0, parse(KRB "Kdc k [::1]:1088\n"));
	assert_int_equal(0, d.nservers);
	assert_int_equal(2, d.nkdcs);
	assert_string_equal("k", d.server[DIRECTORY_KDC_0].host);
	assert_int_equal(88, d.server[DIRECTORY_KDC_0].port);
	assert_int_equal(1088, d.server[DIRECTORY_KDC_0 + 1].port);
	assert_false(directory_server_there(&d, 0));
	assert_true(directory_server_there(&d, DIRECTORY_KDC_0 + 1));
	assert_false(directory_server_there(&d, DIRECTORY_KDC_0 + 2));
	assert_true(directory_proves_elsewhere(&d));
	assert_true(directory_needs_kdc(&d));
}

UNIT(where_realm_and_kdcs_are_not_written)
{
	assert_int_equal(0, parse("Servers a:1389 b\nBind gssapi\n"
	    "BindName x\nDomain corp.example\n"));
	assert_string_equal("CORP.EXAMPLE", d.realm);
	assert_int_equal(2, d.nkdcs);
	assert_string_equal("a", d.server[DIRECTORY_KDC_0].host);
	assert_int_equal(88, d.server[DIRECTORY_KDC_0].port);
	assert_false(directory_proves_elsewhere(&d));
	assert_false(directory_needs_kdc(&d));
	assert_int_equal(0, parse(GOOD));
	assert_int_equal(0, d.nkdcs);
}
#else
UNIT(kerberos_needs_a_realm_and_kdcs)
{
	assert_int_equal(-REL_E_FORMAT, parse("UserBind kerberos\nKdc k\n"));
	assert_string_equal("UserBind", directive);
	assert_non_null(strstr(err.text, "built without"));
}

UNIT(where_realm_and_kdcs_are_not_written)
{
	assert_int_equal(-REL_E_FORMAT, parse("Servers h\nBind gssapi\n"));
	assert_string_equal("Bind", directive);
}
#endif

UNIT(ntlm_and_pam_have_a_domain_and_a_service)
{
	assert_int_equal(-REL_E_FORMAT, parse("UserBind ntlm\n"));
	assert_string_equal("NtDomain", directive);
	assert_int_equal(-REL_E_FORMAT, parse("UserBind ntlm\nNtDomain A\\B\n"));
	assert_string_equal("NtDomain", directive);
	assert_int_equal(0, parse("UserBind ntlm\nDomain corp.example.com\n"));
	assert_string_equal("CORP", d.nt_domain);
	assert_int_equal(0, d.nservers);
	assert_int_equal(-REL_E_FORMAT, parse("UserBind pam\n"));
	assert_int_equal(-REL_E_FORMAT, parse("UserBind pam\n"
	    "PamService ../other\n"));
#ifdef HAVE_PAM
	assert_string_equal("PamService", directive);
	assert_int_equal(0, parse("UserBind pam\nPamService cups-release\n"));
#else
	assert_string_equal("UserBind", directive);
#endif
}

UNIT(what_makes_no_sense_is_refused)
{
	static const struct {
		const char *text, *directive, *words;
	} cases[] = {
		{ "BindName x\n", "Servers", "at least one" },
		{ "BindName x\nServers ldap://h\n", "Servers", "ldap://" },
		{ "BindName x\nServers h:0\n", "Servers", "host:port" },
		{ "BindName x\nServers h:65536\n", "Servers", "host:port" },
		{ "BindName x\nServers h:\n", "Servers", "host:port" },
		{ "BindName x\nServers *.example\n", "Servers", "host" },
		{ "BindName x\nServers [::1\n", "Servers", "host" },
		{ "BindName x\nServers [::1]x\n", "Servers", "host" },
		{ "BindName x\nServers :389\n", "Servers", "host" },
		{ "BindName x\nServers a b c d e f g h i\n", "Servers",
		    "eight" },
		{ "BindName x\nServers h:636\n", "Tls", "ldaps" },
		{ "BindName x\nServers h:3269\nTls none\n", "Tls", "ldaps" },
		{ "BindName x\nServers h:389\nTls ldaps\n", "Tls",
		    "required" },
		{ GOOD "Tls none\nTlsCa corp\n", "TlsCa", "without TLS" },
		{ GOOD "Tls none\nTlsCrl corp\n", "TlsCrl", "without TLS" },
		{ GOOD "Bind anonymous\n", "BindName", "anonymous" },
		{ "Servers h\n", "BindName", "missing" },
		{ "Servers h\nBind digest-md5\n", "BindName", "missing" },
		{ GOOD "Bind digest-md5\n", "BindName", "not a DN" },
		{ GOOD "UserName uid=anna,dc=example\n", "UserName", "%u" },
		{ GOOD "UserName uid=%u,,dc=example\n", "UserName", "DN" },
		{ GOOD "UserName %u=x,dc=example\n", "UserName", "DN" },
		{ GOOD "UserName uid=%u,dc=x\nUserBind digest-md5\n",
		    "UserName", "not a DN" },
		{ GOOD "UserBase people\n", "UserBase", "DN" },
		{ GOOD "UserBase ou=%u,dc=x\n", "UserBase", "DN" },
		{ GOOD "GroupBase ou=a;dc=b\n", "GroupBase", "DN" },
		{ GOOD "UserFilter (uid=anna)\n", "UserFilter", "%u" },
		{ GOOD "UserFilter (uid=%u\n", "UserFilter", "RFC 4515" },
		{ GOOD "UserFilter (%u=x)\n", "UserFilter", "RFC 4515" },
		{ GOOD "GroupFilter cn=x\n", "GroupFilter", "RFC 4515" },
		{ GOOD "GroupFilter (cn=%u)\n", "GroupFilter", "no %u" },
		{ GOOD "AttrCard card number\n", "AttrCard", "attribute" },
		{ GOOD "AttrGroup c*n\n", "AttrGroup", "attribute" },
		{ GOOD "Domain a@b\n", "Domain", "without blanks" },
		{ GOOD "BareNames no\n", "BareNames", "nobody" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(-REL_E_FORMAT, parse(cases[i].text));
		assert_non_null(directive);
		assert_string_equal(cases[i].directive, directive);
		assert_ptr_equal(err.text, strstr(err.text, directive));
		assert_non_null(strstr(err.text, cases[i].words));
	}
}

UNIT(a_bad_line_is_named)
{
	assert_int_equal(-REL_E_FORMAT, parse(GOOD "Tls maybe\n"));
	assert_null(directive);
	assert_non_null(strstr(err.text, "corp:3: Tls"));
	assert_int_equal(-REL_E_FORMAT, parse(GOOD "AttrLogin\n"));
	assert_int_equal(-REL_E_FORMAT, parse(GOOD "Password secret\n"));
}

UNIT(all_that_the_manual_shows_is_good)
{
	assert_int_equal(0, parse("Servers dc1.example.com\nTls ldaps\n"
	    "BindName release@example.com\nUserBase dc=example,dc=com\n"
	    "UserFilter (&(objectCategory=person)(objectClass=user)"
	    "(sAMAccountName=%u)(!(userAccountControl:1.2.840.113556.1.4.803:"
	    "=2)))\nAttrLogin sAMAccountName\nGroupScheme ad-chain\n"
	    "GroupFilter (objectClass=group)\nDomain example.com\n"));
	assert_int_equal(0, parse("Servers h\nBind digest-md5\n"
	    "BindName release\nUserBind digest-md5\nUserName %u\n"));
	assert_int_equal(0, parse("Servers h\nBind anonymous\n"
	    "UserName uid=%u,ou=people,dc=example,dc=com\n"));
	assert_int_equal(0, parse(GOOD "UserName %u@example.com\n"
	    "BareNames no\nDomain example.com\n"));
}

UNIT(filters)
{
	static const char *const good[] = {
		"(uid=%u)", "(cn=*)", "(cn=a*b*)", "(cn=)",
		"(&(a=b)(|(c>=d)(e<=f)(g~=h)))", "(!(a=b))",
		"(cn:dn:2.4.6.8.10:=D)", "(cn:caseExactMatch:=Fred)",
		"(:1.2.3:=Wilma)", "(cn:=x)", "(1.2.840.1=x)",
		"(cn;lang-de=x)", "(cn=Lu\\c4\\8di\\c4\\87)", "(o=Müller)",
		"(cn= a b )"
	};
	static const char *const bad[] = {
		"", "uid=x", "(uid=x", "uid=x)", "(uid=x))", "(uid=x)(uid=y)",
		"(&)", "(!)", "(!(a=b)(c=d))", "(=x)", "(a)", "(a b=c)",
		"(cn=\\)", "(cn=\\4)", "(cn=\\zz)", "(cn=(x))", "(:=x)",
		"(a>=*)", "(a:=*)", "(1=x)", "(1.=x)", "(01.2=x)", "(cn;=x)",
		"(cn=x\xff)", "( cn=x)", "(%u=x)", "(a%u=x)"
	};
	char deep[200] = "";

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(directory_filter_ok(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(directory_filter_ok(bad[i]));
	memset(deep, '(', sizeof deep - 1);
	assert_false(directory_filter_ok(deep));
	for (size_t i = 1; i < sizeof deep - 1; i += 2)
		deep[i] = '!';
	assert_false(directory_filter_ok(deep));
}

UNIT(dns)
{
	static const char *const good[] = {
		"dc=com", "uid=a,dc=com", "uid=a, dc=com", "uid=a+cn=b,dc=com",
		"cn=a\\,b,dc=com", "cn=a\\2cb,dc=com", "cn=#04024869,dc=x",
		"1.3.6.1=x", "cn=", "cn=Müller,dc=x", "CN=a\\\\b"
	};
	static const char *const bad[] = {
		"", "com", "uid=a,", ",uid=a", "uid=a,,dc=b", "uid=a;dc=b",
		"cn=\"a\"", "cn=a<b", "cn=a\\", "cn=a\\zb", "=a", "u d=a",
		"cn=\xff"
	};

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(directory_dn_ok(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(directory_dn_ok(bad[i]));
}

UNIT(names_that_may_be_asked_for)
{
	char longest[257];

	assert_true(directory_name_ok("anna", 4));
	assert_true(directory_name_ok("Änne Müller", 13));
	assert_true(directory_name_ok("*)(uid=*", 8));
	assert_false(directory_name_ok("", 0));
	assert_false(directory_name_ok("an\0na", 5));
	assert_false(directory_name_ok("an\nna", 5));
	assert_false(directory_name_ok("an\x7fna", 5));
	assert_false(directory_name_ok("an\xc2\x85na", 6));
	assert_false(directory_name_ok("an\xffna", 5));
	memset(longest, 'a', sizeof longest);
	assert_true(directory_name_ok(longest, 255));
	assert_false(directory_name_ok(longest, 256));
}

UNIT(what_was_typed_has_no_meaning_in_filters_and_dns)
{
	char out[200];

	assert_true(directory_fill(out, sizeof out, "(&(o=x)(uid=%u))",
	    "*)(uid=*"));
	assert_string_equal("(&(o=x)(uid=\\2a\\29\\28uid\\3d\\2a))", out);
	assert_true(directory_filter_ok(out));
	assert_true(directory_fill(out, sizeof out, "uid=%u,dc=x",
	    " #a,b+c=\"d\\e<f>;"));
	assert_string_equal("uid=\\20\\23a\\2cb\\2bc\\3d\\22d\\5ce\\3cf\\3e"
	    "\\3b,dc=x", out);
	assert_true(directory_dn_ok(out));
	assert_true(directory_fill(out, sizeof out, "%u-%u%", "ü"));
	assert_string_equal("ü-ü%", out);
	/* A %u that somebody types is no pattern. */
	assert_true(directory_fill(out, sizeof out, "(uid=%u)", "%u"));
	assert_string_equal("(uid=\\25u)", out);
	assert_true(directory_fill_plain(out, sizeof out, "%u@x", "a%ub"));
	assert_string_equal("a%ub@x", out);
}

UNIT(what_does_not_fit_is_refused)
{
	char out[12];

	assert_true(directory_fill(out, sizeof out, "(uid=%u)", "anna"));
	assert_false(directory_fill(out, 10, "(uid=%u)", "anna"));
	assert_false(directory_fill(out, sizeof out, "(uid=%u)", "***"));
	assert_false(directory_fill(out, sizeof out, "(aaaaaaaaaa=%u)", "x"));
	assert_false(directory_fill_plain(out, sizeof out, "%u%u%u", "anna"));
}

UNIT(the_manual_names_every_directive)
{
	char *text = NULL, want[100];
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	assert_non_null(f);
	directory_manual(f);
	fclose(f);
	for (size_t i = 0; i < directory_table.n; i++) {
		snprintf(want, sizeof want, ".It Ic %s Ar ",
		    directory_table.items[i].name);
		assert_non_null(strstr(text, want));
	}
	assert_true(rel_utf8_ok(text, n));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(the_least_that_is_needed),
		UNIT_RUN(servers_are_taken_apart),
		UNIT_RUN(kerberos_needs_a_realm_and_kdcs),
		UNIT_RUN(where_realm_and_kdcs_are_not_written),
		UNIT_RUN(ntlm_and_pam_have_a_domain_and_a_service),
		UNIT_RUN(what_makes_no_sense_is_refused),
		UNIT_RUN(a_bad_line_is_named),
		UNIT_RUN(all_that_the_manual_shows_is_good),
		UNIT_RUN(filters),
		UNIT_RUN(dns),
		UNIT_RUN(names_that_may_be_asked_for),
		UNIT_RUN(what_was_typed_has_no_meaning_in_filters_and_dns),
		UNIT_RUN(what_does_not_fit_is_refused),
		UNIT_RUN(the_manual_names_every_directive),
	};

	return cmocka_run_group_tests_name("directory", tests, NULL, NULL);
}
