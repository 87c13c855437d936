/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Passwords that others than LDAP servers check. */
#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>

#include "lib/buf.h"
#include "lib/text.h"
#include "releaserd/agent/ldap_priv.h"
#include "releaserd/agent/prove.h"

/* By a program of this machine: winbind's, or PAM. */
static int
prove_local(struct ldap_ask *a, const char *name, const struct dir_login *m)
{
	bool ntlm = a->d.user_bind == USER_BIND_NTLM;
	struct prove_question q = { .password = m->password,
		.password_len = m->password_len };
	struct prove_answer said;
	int64_t begin = rel_mono_ms();

	if (m->password_len == 0 || m->password_len > PROVE_PASSWORD_MAX ||
	    memchr(m->password, '\0', m->password_len) != NULL)
		return DIR_WRONG;
	q.kind = ntlm ? PROVE_NTLM : PROVE_PAM;
	q.wait_ms = (uint32_t)a->d.answer_ms;
	snprintf(q.where, sizeof q.where, "%.64s", ntlm ? a->d.nt_domain :
	    a->d.pam_service);
	snprintf(q.name, sizeof q.name, "%s", name);
	prove_ask(&q, &said);
	ask_waited(a, begin);
	if (said.outcome == DIR_AWAY)
		a->elsewhere_away = true;
	if (said.words[0] != '\0')
		ask_say_of(a, -1, "%s", said.words);
	return said.outcome;
}

int
prove_person(struct ldap_ask *a, const char *name, const struct dir_login *m)
{
	return a->d.user_bind == USER_BIND_KERBEROS ? krb_login(a, name, m) :
	    prove_local(a, name, m);
}

/* Somebody who cannot be, with a password nobody has, must be refused. */
int
prove_test(struct ldap_ask *a)
{
	struct dir_login m = { .password_len = 32 };
	const char *what = a->d.user_bind == USER_BIND_NTLM ? "NTLM" : "PAM";
	int64_t begin = rel_mono_ms();
	uint8_t random[16];
	char password[33];
	int rc;

	if (a->d.user_bind != USER_BIND_NTLM && a->d.user_bind != USER_BIND_PAM)
		return DIR_RIGHT;
	if (RAND_bytes(random, sizeof random) != 1)
		return DIR_AWAY;
	rel_hex(password, random, sizeof random);
	m.password = (const uint8_t *)password;
	rc = prove_local(a, "nobody-of-cups-release", &m);
	if (rc == DIR_RIGHT)
		ask_say_of(a, -1, "%s lets in anybody with any password: do not use "
		    "it", what);
	else if (rc == DIR_WRONG || rc == DIR_CLOSED)
		ask_say_of(a, -1, "%s: good, %lld ms", what, (long long)(
		    rel_mono_ms() - begin));
	return rc == DIR_RIGHT ? DIR_SETTINGS : rc == DIR_WRONG ||
	    rc == DIR_CLOSED ? DIR_RIGHT : rc;
}
