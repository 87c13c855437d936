/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * PAM, in a program of its own: modules may crash, hang and leak, and have the
 * memory of no other password.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <security/pam_appl.h>

#include "lib/buf.h"
#include "releaserd/agent/prove.h"

struct person {
	char in[256 + PROVE_PASSWORD_MAX + 1];	/* name, NUL, password, NUL */
	const char *name, *password;
	bool told;			/* it has been asked for */
};

/* Password once, name whenever; to what else is asked there is no answer. */
static char *
reply_to(struct person *p, int style)
{
	if (style == PAM_PROMPT_ECHO_ON)
		return strdup(p->name);
	if (style != PAM_PROMPT_ECHO_OFF || p->told)
		return NULL;
	p->told = true;
	return strdup(p->password);
}

static int
converse(int n, const struct pam_message **m, struct pam_response **out,
    void *ctx)
{
	struct pam_response *all;
	struct person *p = ctx;

	if (n <= 0 || n > PAM_MAX_NUM_MSG ||
	    (all = calloc((size_t)n, sizeof *all)) == NULL)
		return PAM_CONV_ERR;
	for (int i = 0; i < n; i++) {
		int style = m[i]->msg_style;

		if (style == PAM_TEXT_INFO || style == PAM_ERROR_MSG)
			continue;
		if ((all[i].resp = reply_to(p, style)) == NULL) {
			while (i-- > 0)
				free(all[i].resp);
			free(all);
			return PAM_CONV_ERR;
		}
	}
	*out = all;
	return PAM_SUCCESS;
}

/* Wrong passwords are counted by core: nobody sleeps here. */
static void
no_delay(int status, unsigned us, void *ctx)
{
	(void)status;
	(void)us;
	(void)ctx;
}

static enum dir_outcome
outcome_of(int status)
{
	switch (status) {
	case PAM_SUCCESS:
		return DIR_RIGHT;
	case PAM_AUTH_ERR:
	case PAM_USER_UNKNOWN:
	case PAM_CONV_ERR:
	case PAM_CRED_INSUFFICIENT:
		return DIR_WRONG;
	case PAM_MAXTRIES:
	case PAM_PERM_DENIED:
	case PAM_ACCT_EXPIRED:
		return DIR_CLOSED;
	case PAM_NEW_AUTHTOK_REQD:
	case PAM_AUTHTOK_EXPIRED:
	case PAM_CRED_EXPIRED:
		return DIR_MUST_CHANGE;
	case PAM_AUTHINFO_UNAVAIL:
		return DIR_AWAY;
	default:
		return DIR_SETTINGS;
	}
}

/* A module that makes somebody else of the person does not prove the name. */
static bool
same_person(pam_handle_t *pam, const struct person *p)
{
	const void *user = NULL;

	return pam_get_item(pam, PAM_USER, &user) == PAM_SUCCESS &&
	    user != NULL && strcasecmp(user, p->name) == 0;
}

static enum dir_outcome
ask(const char *folder, const char *service, struct person *p)
{
	const struct pam_conv conv = { converse, p };
	pam_handle_t *pam = NULL;
	enum dir_outcome outcome;
	int status = pam_start_confdir(service, p->name, &conv, folder, &pam);

	if (status != PAM_SUCCESS)
		return DIR_SETTINGS;
	(void)pam_set_item(pam, PAM_FAIL_DELAY,
	    (const void *)(uintptr_t)no_delay);
	status = pam_authenticate(pam, PAM_SILENT | PAM_DISALLOW_NULL_AUTHTOK);
	outcome = outcome_of(status);
	if (status == PAM_SUCCESS) {
		status = pam_acct_mgmt(pam, PAM_SILENT |
		    PAM_DISALLOW_NULL_AUTHTOK);
		/* The password was right: it is the person who may not. */
		outcome = outcome_of(status);
		if (outcome == DIR_WRONG)
			outcome = DIR_CLOSED;
	}
	if (outcome == DIR_RIGHT && !same_person(pam, p))
		outcome = DIR_WRONG;
	(void)pam_end(pam, status);
	return outcome;
}

/* Without its file PAM would take the service "other". */
static bool
service_there(const char *folder, const char *service)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof path, "%s/%s", folder, service) <
	    (int)sizeof path && access(path, R_OK) == 0;
}

static bool
person_read(struct person *p)
{
	size_t n = 0;
	ssize_t got;

	while (n + 1 < sizeof p->in && (got = read(0, p->in + n,
	    sizeof p->in - 1 - n)) > 0)
		n += (size_t)got;
	p->in[n] = '\0';
	p->name = p->in;
	if (strlen(p->in) >= n)
		return false;
	p->password = p->in + strlen(p->in) + 1;
	return p->name[0] != '\0' && p->password[0] != '\0';
}

int
pam_main(const char *folder, const char *service)
{
	struct person p = { .told = false };
	enum dir_outcome outcome = DIR_WRONG;

	if (!service_there(folder, service))
		outcome = DIR_SETTINGS;
	else if (person_read(&p))
		outcome = ask(folder, service, &p);
	rel_wipe(&p, sizeof p);
	return PAM_EXIT + (int)outcome;
}
