/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl backup-password ..., and --backup-password of the others. */
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"

static const struct ctl_column show_columns[] = {
	{ "Set", "enabled", COL_YESNO }, { "Since", "set_at", COL_TIME },
	{ "Set by", "set_by", COL_TEXT },
	{ "Uses not looked at", "unseen", COL_INT },
	{ NULL, NULL, COL_TEXT }
};

static const struct ctl_column use_columns[] = {
	{ "AT", "at", COL_TIME }, { "WHERE", "door", COL_TEXT },
	{ "WHO", "who", COL_TEXT }, { "LOOKED AT", "seen_at", COL_TIME },
	{ "BY", "seen_by", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

int
ctl_with_backup(struct ctl *c, const struct ctl_verb *v)
{
	json_t *body = json_object(), *answer;
	struct rel_err err;
	int rc = ctl_put_secret(c, body, "password", "Backup password",
	    false);

	if (rc < 0) {
		ctl_free_secret(body);
		return rc;
	}
	if ((rc = ctl_send(c, "POST", "/backup-password/open", "", body,
	    &answer)) < 0)
		return rc;
	json_decref(answer);
	rc = v->run(c);
	err = c->err;
	if (ctl_call(c, "DELETE", "/backup-password/open", "", NULL,
	    &answer) == 0)
		json_decref(answer);
	c->err = err;
	return rc;
}

static int
backup_show(struct ctl *c)
{
	json_t *o;
	int rc = ctl_call(c, "GET", "/backup-password", "", NULL, &o);

	if (rc < 0)
		return rc;
	json_incref(o);
	ctl_print_one(c, o, show_columns);
	if (c->opt[OPT_JSON] == NULL && json_array_size(json_object_get(o,
	    "uses")) > 0)
		ctl_print_list(c, json_incref(o), "uses", use_columns);
	json_decref(o);
	return 0;
}

static int
backup_set(struct ctl *c)
{
	json_t *answer, *body = json_object();
	int rc = ctl_put_secret(c, body, "password", "New backup password",
	    true);

	if (rc < 0) {
		ctl_free_secret(body);
		return rc;
	}
	rc = ctl_send(c, "POST", "/backup-password", "", body, &answer);
	return rc < 0 ? rc : ctl_told(c, answer, "The backup password is set. "
	    "Keep it where you find it when the directory is away.\n");
}

static int
backup_remove(struct ctl *c)
{
	json_t *answer;
	int rc = ctl_call(c, "DELETE", "/backup-password", "", NULL, &answer);

	return rc < 0 ? rc : ctl_told(c, answer,
	    "There is no backup password any more.\n");
}

static int
backup_seen(struct ctl *c)
{
	json_t *answer;
	int rc = ctl_send(c, "POST", "/backup-password/seen", "",
	    json_object(), &answer);

	return rc < 0 ? rc : ctl_told(c, answer,
	    "Its uses are noted as looked at.\n");
}

static const enum ctl_opt none[] = { OPT_COUNT };
static const enum ctl_opt secret_opts[] = { OPT_STDIN, OPT_COUNT };

const struct ctl_verb ctl_backup_verbs[] = {
	{ "backup-password", "show", 0, 0, "", none,
	    "Is there one, and who used it?", backup_show },
	{ "backup-password", "set", 0, 0, "", secret_opts,
	    "Set it: 8 to 128 characters, at least one letter, one digit and "
	    "one other. It opens the security settings when nobody can log "
	    "in.", backup_set },
	{ "backup-password", "remove", 0, 0, "", none,
	    "Have none.", backup_remove },
	{ "backup-password", "seen", 0, 0, "", none,
	    "Note that you have looked at its uses.", backup_seen },
	{ 0 }
};
