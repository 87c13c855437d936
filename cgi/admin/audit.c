/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Who changed what, and when. */
#include <string.h>

#include "cgi/list.h"

static const struct {
	const char *what, *words;
} kinds[] = {
	{ "job-released", N_("printed a job of somebody else") },
	{ "job-deleted", N_("deleted a job of somebody else") },
	{ "job-kept", N_("kept a job of somebody else") },
	{ "job-options", N_("changed a job of somebody else") },
	{ "job-previewed", N_("looked at a job of somebody else") },
	{ "user-added", N_("entered a user") },
	{ "user-changed", N_("changed a user") },
	{ "user-changed-own", N_("changed own data") },
	{ "user-removed", N_("removed a user") },
	{ "user-unlocked", N_("unlocked a user") },
	{ "user-erased", N_("erased the data of a user") },
	{ "data-read", N_("read the data of a user") },
	{ "users-imported", N_("imported users") },
	{ "import-undone", N_("undid an import") },
	{ "locked-out", N_("was locked out") },
	{ "code-made", N_("made a one-time code") },
	{ "card-added", N_("added a card") },
	{ "card-removed", N_("removed a card") },
	{ "device-added", N_("entered a device") },
	{ "device-changed", N_("changed a device") },
	{ "device-group-changed", N_("changed a group of devices") },
	{ "device-group-renamed", N_("renamed a group of devices") },
	{ "device-key", N_("made an activation key") },
	{ "device-registered", N_("registered itself") },
	{ "device-command", N_("had a device do something") },
	{ "panel-locked", N_("locked a panel") },
	{ "panel-unlocked", N_("unlocked a panel") },
	{ "device-removed", N_("removed a device") },
	{ "role-set", N_("gave a role") },
	{ "delegate-added", N_("named a delegate") },
	{ "delegate-removed", N_("removed a delegate") },
	{ "job-approved", N_("approved a job") },
	{ "job-refused", N_("refused a job") },
	{ "prices-set", N_("changed the prices") },
	{ "rules-set", N_("changed the rules") },
	{ "account-added", N_("opened an account") },
	{ "account-changed", N_("changed an account") },
	{ "granted", N_("gave or took back money") },
	{ "refunded", N_("paid back a job") },
	{ "quota-set", N_("set a quota") },
	{ "quota-removed", N_("removed a quota") },
	{ "group-added", N_("made a group") },
	{ "group-changed", N_("changed a group") },
	{ "group-removed", N_("removed a group") },
	{ "settings-changed", N_("changed settings") },
	{ "settings-undone", N_("took settings back") },
	{ "settings-refused", N_("tried settings that cannot be") },
	{ "certificate-requested", N_("made a request for a certificate") },
	{ "certificate-installed", N_("installed a certificate") },
	{ "certificate-refused", N_("tried a certificate that cannot be") },
	{ "certificate-undone", N_("took back the certificate") },
	{ "certificate-self-signed", N_("made a self-signed certificate") },
};
#define KINDS (sizeof kinds / sizeof kinds[0])

static void
entry_words(json_t *row)
{
	const char *what = json_string_value(json_object_get(row, "what"));
	const char *detail = json_string_value(json_object_get(row,
	    "detail"));

	for (size_t i = 0; i < KINDS && what != NULL; i++)
		if (strcmp(kinds[i].what, what) == 0)
			json_object_set_new(row, "words",
			    json_string(tr(kinds[i].words)));
	if (detail != NULL && strncmp(detail, "j-", 2) == 0 &&
	    strspn(detail + 2, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") ==
	    strlen(detail + 2))
		json_object_set_new(row, "job", json_string(detail));
}

static void
choices(struct cgi *c)
{
	const char *now = cgi_text(c, "what");
	json_t *list = json_array();

	for (size_t i = 0; i < KINDS; i++)
		json_array_append_new(list, json_pack("{s:s,s:s,s:b}", "value",
		    kinds[i].what, "words", tr(kinds[i].words), "chosen",
		    strcmp(kinds[i].what, now) == 0));
	cgi_put(c, "kinds", list);
}

static const struct csv_column columns[] = {
	{ .title = "Entry", .path = "id" },
	{ .title = "When", .path = "at", .kind = "time" },
	{ .title = "Who", .path = "who" },
	{ .title = "What", .path = "what" },
	{ .title = "In words", .path = "words" },
	{ .title = "About", .path = "detail" },
	{ .title = NULL }
};

static int
audit_get(struct cgi *c)
{
	static const char *const filters[] = { "who", "what", "from", "to",
	    NULL };
	static const struct list l = {
		.path = "/audit", .key = "audit", .filters = filters,
		.limit = 100, .columns = columns, .each = entry_words
	};
	int rc = list_view(c, &l);

	choices(c);
	return rc;
}

const struct page admin_audit = {
	.path = "admin/audit.cgi",
	.title = "Audit log",
	.need = FOR_ADMIN,
	.menu = "Administration",
	.get = audit_get
};
