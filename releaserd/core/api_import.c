/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Users as a table: out, in, and the last import taken back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/api_priv.h"
#include "releaserd/core/import.h"
#include "releaserd/core/quota.h"

/* Of one answer; as JSON it may become twice as long. */
#define EXPORT_BYTES (3u << 20)

struct export {
	struct core *c;
	struct rel_buf csv, cards;
	char last[84];
	bool more;
};

/* ---- out */

static bool
export_card(const struct card *k, void *ctx)
{
	struct export *e = ctx;

	rel_put_fmt(&e->cards, "%s*%s", e->cards.len > 0 ? " " : "", k->tail);
	return true;
}

static const char *
export_cards(struct export *e, const struct user *u)
{
	rel_buf_reset(&e->cards);
	if (u->cards > 0 && store_card_list(e->c->st, u->id, 0, INT32_MAX,
	    export_card, e) < 0)
		e->cards.failed = REL_E_IO;
	rel_put_u8(&e->cards, 0);
	return e->cards.failed ? "" : (const char *)e->cards.data;
}

static bool
export_row(const struct user *u, void *ctx)
{
	struct export *e = ctx;
	struct rel_buf *b = &e->csv;

	if (b->len > EXPORT_BYTES) {
		e->more = true;
		return false;
	}
	rel_csv_put(b, u->name, 1);
	rel_csv_put(b, u->display, 0);
	rel_csv_put(b, u->mail, 0);
	rel_csv_put(b, u->department, 0);
	rel_csv_put(b, u->locale, 0);
	rel_csv_put(b, u->disabled ? "yes" : "no", 0);
	rel_csv_put(b, export_cards(e, u), 0);
	rel_csv_put(b, "", 0);			/* secrets stay here */
	rel_csv_put(b, "", 0);
	rel_csv_end(b);
	snprintf(e->last, sizeof e->last, "%s", u->key);
	return true;
}

static void
export_header(struct rel_buf *b)
{
	for (size_t i = 0; i < IMPORT_COLUMNS; i++)
		rel_csv_put(b, import_columns[i], i == 0);
	rel_csv_end(b);
}

static void
user_export(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *after = req_str(rq, F_AFTER);
	struct export e = { .c = c };
	int rc;

	if (api_admin(c, a, who) < 0)
		return;
	rel_buf_init(&e.csv);
	rel_buf_init(&e.cards);
	if (after == NULL || after[0] == '\0')
		export_header(&e.csv);
	rc = store_user_list(c->st, after != NULL ? after : "", INT32_MAX,
	    export_row, &e);
	if (rc < 0 || e.csv.failed || e.cards.failed)
		reply_broken(c, a, rc < 0 ? rc : -REL_E_NOMEM);
	else
		reply_json(c, a, 200, json_pack("{s:s%,s:s?}", "csv",
		    e.csv.len > 0 ? (const char *)e.csv.data : "", e.csv.len,
		    "next", e.more ? e.last : NULL));
	rel_buf_fini(&e.csv);
	rel_buf_fini(&e.cards);
}

void
api_user_export(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, user_export);
}

/* ---- in */

static void
import_answer(struct core *c, const struct import *im, struct asker *a)
{
	reply_json(c, a, 200, json_pack("{s:I,s:I,s:I,s:I,s:I,s:O,s:O}",
	    "rows", (json_int_t)im->rows, "new", (json_int_t)im->fresh,
	    "changed", (json_int_t)im->changed, "unchanged",
	    (json_int_t)im->unchanged, "deleted", (json_int_t)im->deleted,
	    "problems", im->problems, "preview", im->preview));
}

static void
import_audit(struct core *c, const struct import *im,
    const struct caller *who, const char *what)
{
	char detail[100];

	snprintf(detail, sizeof detail, "new=%u changed=%u deleted=%u",
	    im->fresh, im->changed, im->deleted);
	api_audit(c, who, what, detail);
	quota_changed(c);
	rel_log(REL_NOTICE, what, "%s", detail);
}

static void
user_import(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct import im = { .c = c, .delete_missing = req_num(rq,
	    F_DELETE_MISSING, 0) != 0 };
	bool dry = req_num(rq, F_DRY_RUN, 0) != 0;
	size_t len = strlen(req_str(rq, F_CSV));
	struct rel_err err;
	char *csv;
	int rc;

	if (api_admin(c, a, who) < 0)
		return;
	if ((csv = malloc(len + 1)) == NULL) {
		reply_problem(c, a, "internal", 0, "no memory");
		return;
	}
	memcpy(csv, req_str(rq, F_CSV), len + 1);
	if ((rc = core_write(c, &err)) == 0 &&
	    (rc = import_run(&im, csv, len, dry)) < 0)
		core_spoil(c, rc);
	rel_wipe(csv, len);
	free(csv);
	if (rc < 0) {
		reply_broken(c, a, rc);
	} else {
		if (!dry && im.nproblems == 0)
			import_audit(c, &im, who, "users-imported");
		import_answer(c, &im, a);
	}
	import_fini(&im);
}

void
api_user_import(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, user_import);
}

/* ---- back */

static void
user_undo(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct import im = { .c = c };
	struct rel_err err;
	int rc;

	(void)rq;
	if (api_admin(c, a, who) < 0)
		return;
	if ((rc = core_write(c, &err)) == 0 && (rc = import_undo(&im)) < 0 &&
	    rc != -REL_E_NOTFOUND)
		core_spoil(c, rc);
	if (rc == -REL_E_NOTFOUND) {
		reply_problem(c, a, "nothing-to-undo", 0,
		    "there is no import that could be taken back");
	} else if (rc < 0) {
		reply_broken(c, a, rc);
	} else {
		if (im.nproblems == 0)
			import_audit(c, &im, who, "import-undone");
		import_answer(c, &im, a);
	}
	import_fini(&im);
}

void
api_user_undo(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, user_undo);
}
