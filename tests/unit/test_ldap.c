/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What the agent makes of what directory servers say, as far as it takes no
 * server; tests/scenario/95-ldap-client.sh has real ones.
 */
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/text.h"
#include "releaserd/agent/agent_priv.h"
#include "releaserd/agent/ldap_priv.h"

#define SET(to, text) snprintf(to, sizeof to, "%s", text)

static struct dir_said said;
static char conf[400];

UNIT(what_a_bind_came_to)
{
#define AD(code) "80090308: LdapErr: DSID-0C09, comment: " \
	"AcceptSecurityContext error, data " code ", v4563"
	static const struct {
		enum dir_outcome outcome;
		int code, policy;
		bool expired;
		const char *words;
	} cases[] = {
		{ DIR_RIGHT, LDAP_SUCCESS, -1, false, "" },
		{ DIR_MUST_CHANGE, LDAP_SUCCESS, PP_changeAfterReset, false,
		    "" },
		{ DIR_MUST_CHANGE, LDAP_SUCCESS, PP_passwordExpired, false,
		    "" },
		{ DIR_MUST_CHANGE, LDAP_SUCCESS, -1, true, "" },
		{ DIR_WRONG, LDAP_INVALID_CREDENTIALS, -1, false, "" },
		{ DIR_CLOSED, LDAP_INVALID_CREDENTIALS, PP_accountLocked,
		    false, "" },
		{ DIR_MUST_CHANGE, LDAP_INVALID_CREDENTIALS,
		    PP_passwordExpired, false, "" },
		{ DIR_MUST_CHANGE, LDAP_INVALID_CREDENTIALS, -1, true, "" },
		{ DIR_WRONG, LDAP_INVALID_CREDENTIALS, -1, false, AD("52e") },
		{ DIR_WRONG, LDAP_INVALID_CREDENTIALS, -1, false, AD("525") },
		{ DIR_CLOSED, LDAP_INVALID_CREDENTIALS, -1, false,
		    AD("530") },
		{ DIR_CLOSED, LDAP_INVALID_CREDENTIALS, -1, false,
		    AD("531") },
		{ DIR_MUST_CHANGE, LDAP_INVALID_CREDENTIALS, -1, false,
		    AD("532") },
		{ DIR_CLOSED, LDAP_INVALID_CREDENTIALS, -1, false,
		    AD("533") },
		{ DIR_CLOSED, LDAP_INVALID_CREDENTIALS, -1, false,
		    AD("701") },
		{ DIR_MUST_CHANGE, LDAP_INVALID_CREDENTIALS, -1, false,
		    AD("773") },
		{ DIR_CLOSED, LDAP_INVALID_CREDENTIALS, -1, false,
		    AD("775") },
		{ DIR_WRONG, LDAP_INVALID_CREDENTIALS, -1, false,
		    AD("99999999999999999999") },
		{ DIR_WRONG, LDAP_INVALID_CREDENTIALS, -1, false, ", data " },
		{ DIR_WRONG, LDAP_NO_SUCH_OBJECT, -1, false, "" },
		{ DIR_WRONG, LDAP_INAPPROPRIATE_AUTH, -1, false, "" },
		{ DIR_CLOSED, LDAP_UNWILLING_TO_PERFORM, -1, false,
		    "Account inactivated. Contact system administrator." },
		{ DIR_CLOSED, LDAP_CONSTRAINT_VIOLATION, -1, false,
		    "Exceed password retry limit." },
		{ DIR_SETTINGS, LDAP_CONFIDENTIALITY_REQUIRED, -1, false,
		    "" },
		{ DIR_SETTINGS, LDAP_STRONG_AUTH_REQUIRED, -1, false, "" },
		{ DIR_SETTINGS, LDAP_AUTH_METHOD_NOT_SUPPORTED, -1, false,
		    "" },
		{ DIR_SETTINGS, LDAP_REFERRAL, -1, false, "" },
		{ DIR_AWAY, LDAP_SERVER_DOWN, -1, false, "" },
		{ DIR_AWAY, LDAP_TIMEOUT, -1, false, "" },
		{ DIR_AWAY, LDAP_BUSY, -1, false, "" },
		{ DIR_AWAY, LDAP_UNAVAILABLE, -1, false, "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bind_said s = { .code = cases[i].code,
			.policy = cases[i].policy,
			.expired = cases[i].expired };

		SET(s.words, cases[i].words);
		assert_int_equal(cases[i].outcome, bind_outcome(&s));
	}
}

UNIT(filters_of_look_ups)
{
	static const struct {
		enum dir_by by;
		const char *value, *want;
	} cases[] = {
		{ DIR_BY_LOGIN, "a*", "(&(o=x)(uid=a\\2a))" },
		{ DIR_BY_CARD, "04A1", "(&(&(o=x)(uid=*))(card=04A1))" },
		{ DIR_BY_ID_NUMBER, "1)(a=*",
		    "(&(&(o=x)(uid=*))(employeeNumber=1\\29\\28a\\3d\\2a))" },
		{ DIR_BY_MAIL, "a@b", "(&(&(o=x)(uid=*))(mail=a@b))" },
		{ DIR_BY_PART, "an*", "(&(&(o=x)(uid=*))(|(uid=*an\\2a*)"
		    "(cn=*an\\2a*)(mail=*an\\2a*)))" },
	};
	static struct directory d;
	struct rel_err err;
	char out[400];
	const char *text = "Servers h\nBindName x\nAttrCard card\n"
	    "UserFilter (&(o=x)(uid=%u))\n";

	assert_int_equal(0, directory_parse(&d, text, strlen(text), "t", NULL,
	    &err));
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct dir_find m = { .by = (uint8_t)cases[i].by };

		SET(m.value, cases[i].value);
		assert_true(find_filter(out, sizeof out, &d, &m));
		assert_string_equal(cases[i].want, out);
		assert_true(directory_filter_ok(out));
		assert_false(find_filter(out, strlen(cases[i].want), &d, &m));
	}
	d.attr_card[0] = '\0';
	assert_false(find_filter(out, sizeof out, &d,
	    &(struct dir_find){ .by = DIR_BY_CARD, .value = "1" }));
	d.attr_display[0] = d.attr_mail[0] = '\0';
	assert_true(find_filter(out, sizeof out, &d,
	    &(struct dir_find){ .by = DIR_BY_PART, .value = "a" }));
	assert_string_equal("(&(&(o=x)(uid=*))(|(uid=*a*)))", out);
}

static bool
value(char out[8], const char *bytes, size_t n)
{
	struct berval v = { n, (char *)(uintptr_t)bytes };

	return find_value(out, 8, &v);
}

UNIT(values_of_attributes)
{
	char out[8];

	assert_true(value(out, "anna", 4));
	assert_string_equal("anna", out);
	assert_true(value(out, "1234567", 7));
	assert_false(value(out, "12345678", 8));
	assert_false(value(out, "", 0));
	assert_false(value(out, "a\0b", 3));
	assert_false(value(out, "a\xff", 2));
	assert_true(value(out, "a\nb", 3));
	assert_string_equal("a b", out);
}

/* ---- whole questions */

static void
ask(unsigned type, const struct rel_buf *q)
{
	struct rel_frame fr = { .type = (uint16_t)type, .body = q->data,
		.len = q->len };
	struct rel_buf b;

	rel_buf_init(&b);
	ldap_answer(&fr, &b);
	assert_int_equal(0, dir_said_get(&said, b.data, b.len));
	rel_buf_fini(&b);
}

static void
ask_login(const char *name, const char *password, uint8_t first)
{
	struct dir_login m = { .at = { .conf = (const uint8_t *)conf,
		.conf_len = strlen(conf), .secret = (const uint8_t *)"x",
		.secret_len = 1, .first = first } };
	struct rel_buf b;

	SET(m.name, name);
	m.password = (const uint8_t *)password;
	m.password_len = strlen(password);
	rel_buf_init(&b);
	dir_login_put(&b, &m);
	ask(IPC_DIR_LOGIN, &b);
	rel_buf_fini(&b);
}

/* A port where nobody listens; *sock holds it. */
static unsigned
port_unused(int *sock)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof sin;

	*sock = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(0, bind(*sock, (struct sockaddr *)&sin, len));
	assert_int_equal(0, getsockname(*sock, (struct sockaddr *)&sin,
	    &len));
	return ntohs(sin.sin_port);
}

UNIT(servers_that_are_not_there)
{
	unsigned a, b;
	int sa, sb;

	a = port_unused(&sa);
	b = port_unused(&sb);
	snprintf(conf, sizeof conf, "Servers 127.0.0.1:%u 127.0.0.1:%u "
	    "127.0.0.1:%u\nBindName x\n", a, b, a);
	ask_login("anna", "secret", 2);
	assert_int_equal(DIR_AWAY, said.outcome);
	assert_int_equal(DIR_NO_SERVER, said.server);
	assert_int_equal(7, said.dead);
	assert_int_equal(0, said.n);
	assert_null(strstr(said.words, "anna"));
	assert_non_null(strstr(said.words, "127.0.0.1:"));
	assert_non_null(strstr(said.words, "Connection refused"));
	/* A number that is none of theirs begins somewhere, too. */
	ask_login("anna", "secret", 250);
	assert_int_equal(7, said.dead);
	close(sa);
	close(sb);
}

UNIT(what_is_never_asked)
{
	snprintf(conf, sizeof conf, "Servers 127.0.0.1:1\nBindName x\n");
	ask_login("anna", "", 0);
	assert_int_equal(DIR_WRONG, said.outcome);
	assert_int_equal(0, said.dead);
	ask_login("", "secret", 0);
	assert_int_equal(DIR_WRONG, said.outcome);
	ask_login("an\na", "secret", 0);
	assert_int_equal(DIR_WRONG, said.outcome);
	assert_int_equal(0, said.dead);
}

UNIT(settings_that_do_not_work)
{
	static const char junk[] = "junk";
	struct rel_buf b = { .data = (uint8_t *)(uintptr_t)junk, .len = 4 };

	snprintf(conf, sizeof conf, "Servers ldap://h\nBindName x\n");
	ask_login("anna", "secret", 0);
	assert_int_equal(DIR_SETTINGS, said.outcome);
	assert_non_null(strstr(said.words, "Servers"));
	for (unsigned type = IPC_DIR_LOGIN; type < IPC_DIR_SAID; type++) {
		ask(type, &b);
		assert_int_equal(DIR_SETTINGS, said.outcome);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(what_a_bind_came_to),
		UNIT_RUN(filters_of_look_ups),
		UNIT_RUN(values_of_attributes),
		UNIT_RUN(servers_that_are_not_there),
		UNIT_RUN(what_is_never_asked),
		UNIT_RUN(settings_that_do_not_work),
	};
	int failed;

	ldap_begin();
	failed = cmocka_run_group_tests_name("ldap", tests, NULL, NULL);
	ldap_end();
	return failed;
}
