/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What rules ask about a job: its owner, or who approves it. */
#include <stdio.h>
#include <string.h>

#include "cgi/money.h"
#include "cgi/user/user.h"

static int
answer(struct cgi *c, const char *path, const char *word)
{
	const char *text = cgi_text(c, "text");
	json_t *body = json_pack("{s:s}", "answer", word);

	if (text[0] != '\0')
		json_object_set_new(body, "text", json_string(text));
	return cgi_call(c, "POST", body, NULL, path, cgi_text(c, "job"));
}

int
ask_changed(struct cgi *c)
{
	return answer(c, "/jobs/*/answer", "changed");
}

int
ask_as_is(struct cgi *c)
{
	return answer(c, "/jobs/*/answer", "as-is");
}

int
ask_cancel(struct cgi *c)
{
	return answer(c, "/jobs/*/answer", "cancel");
}

/* Whoever approves for a group sees the job no more afterwards. */
static int
approval(struct cgi *c, const char *word)
{
	if (c->role < FOR_OPERATOR)
		snprintf(c->go, sizeof c->go, "approvals.cgi");
	return answer(c, "/jobs/*/approval", word);
}

int
ask_approve(struct cgi *c)
{
	return approval(c, "approve");
}

int
ask_refuse(struct cgi *c)
{
	return approval(c, "refuse");
}

void
ask_words(json_t *job)
{
	json_t *waiting = json_object_get(job, "waiting");
	json_t *q = json_object_get(waiting, "question");
	const char *change = json_string_value(json_object_get(q, "change"));
	struct rel_buf b;

	if (change == NULL || change[0] == '\0')
		return;
	rel_buf_init(&b);
	money_change_words(&b, change);
	rel_put_u8(&b, 0);
	if (!b.failed)
		json_object_set_new(q, "changes", json_string((char *)b.data));
	rel_buf_fini(&b);
}

/* ---- approvals.cgi: all that the visitor may approve */

static int
approvals_get(struct cgi *c)
{
	static const struct list l = {
		.path = "/waiting?kind=approval", .key = "jobs", .limit = 50
	};

	return list_view(c, &l);
}

static const struct action approvals_actions[] = {
	{ "approve", ask_approve, "Approved: its owner can print it now." },
	{ "refuse", ask_refuse, "Refused: its owner is told." },
	{ NULL, NULL, NULL }
};

const struct page user_approvals = {
	.path = "approvals.cgi",
	.title = "Approvals",
	.menu = "Printing",
	.menu_if = "approves",
	.get = approvals_get,
	.actions = approvals_actions
};
