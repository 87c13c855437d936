/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What is said to ntlm_auth(1), and what it says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "lib/buf.h"
#include "releaserd/agent/prove.h"

static void
line_put(struct rel_buf *b, const char *key, const void *p, size_t n)
{
	uint8_t text[4 * (PROVE_PASSWORD_MAX / 3 + 2)];
	int len = EVP_EncodeBlock(text, p, (int)n);

	rel_put_fmt(b, "%s:: ", key);
	rel_put_raw(b, text, (size_t)len);
	rel_put_u8(b, '\n');
	rel_wipe(text, sizeof text);
}

bool
ntlm_request(struct rel_buf *b, const struct prove_question *q)
{
	/* No account of a domain has one of these, and some part a name. */
	if (strpbrk(q->name, "\"/\\[]:;|=,+*?<>@") != NULL)
		return false;
	line_put(b, "NT-Domain", q->where, strlen(q->where));
	line_put(b, "Username", q->name, strlen(q->name));
	line_put(b, "Password", q->password, q->password_len);
	rel_put_raw(b, ".\n", 2);
	return !b->failed;
}

/* NTSTATUS, [MS-ERREF] section 2.3.1 */
static enum dir_outcome
status_outcome(unsigned long status)
{
	switch (status) {
	case 0xc0000064:		/* no such user */
	case 0xc000006a:		/* wrong password */
	case 0xc000006d:		/* logon failure */
		return DIR_WRONG;
	case 0xc0000071:		/* password expired */
	case 0xc0000224:		/* password must change */
		return DIR_MUST_CHANGE;
	case 0xc000006e:		/* account restriction */
	case 0xc000006f:		/* not at this time */
	case 0xc0000070:		/* not at this machine */
	case 0xc0000072:		/* disabled */
	case 0xc0000193:		/* account expired */
	case 0xc0000234:		/* locked */
		return DIR_CLOSED;
	case 0xc000005e:		/* no logon servers */
	case 0xc00000b5:		/* time-out */
	case 0xc00000dc:		/* winbind has not started */
	case 0xc0000192:		/* netlogon has not started */
	case 0xc0000233:		/* domain controller not found */
		return DIR_AWAY;
	default:
		return DIR_SETTINGS;
	}
}

/* "NT_STATUS_LOGON_FAILURE: ... (0xc000006d)", the last one; 0: none. */
static unsigned long
status_of(const char *log)
{
	unsigned long status = 0;

	for (const char *p = strstr(log, "(0x"); p != NULL;
	    p = strstr(p + 1, "(0x"))
		if (strtoul(p + 3, NULL, 16) >= 0xc0000000)
			status = strtoul(p + 3, NULL, 16);
	return status;
}

void
ntlm_said(const char *out, const char *log, struct prove_answer *a)
{
	unsigned long status = status_of(log);

	a->words[0] = '\0';
	if (strncmp(out, "Authenticated: Yes\n", 19) == 0) {
		a->outcome = DIR_RIGHT;
		return;
	}
	if (strncmp(out, "Authenticated: No\n", 18) != 0) {
		a->outcome = DIR_AWAY;
		snprintf(a->words, sizeof a->words,
		    "ntlm_auth gave no answer: is winbind running?");
		return;
	}
	a->outcome = (uint8_t)(status != 0 ? status_outcome(status) :
	    strstr(log, "winbind reply failed") != NULL ? DIR_AWAY :
	    DIR_WRONG);
	if (a->outcome == DIR_AWAY)
		snprintf(a->words, sizeof a->words, "winbind does not answer, "
		    "or no domain controller does (0x%08lx)", status);
	else if (a->outcome == DIR_SETTINGS)
		snprintf(a->words, sizeof a->words, "winbind refuses the "
		    "question (0x%08lx)", status);
}
