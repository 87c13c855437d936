/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What jobs on their way have set aside, and what devices say came out. */
#include <string.h>

#include "lib/media.h"
#include "releaserd/core/store_money.h"
#include "releaserd/core/store_priv.h"

/* ---- reservations */

int
store_reservation_add(struct store *st, const struct reservation *r)
{
	return store_do(st, "INSERT INTO reservation(job_id,at_ms,due_ms,"
	    "price_version,money_account,money,colour_account,colour,"
	    "mono_account,mono) VALUES(?,?,?,?,?,?,?,?,?,?)", "iiiiiiiiii",
	    r->job, r->at_ms, r->due_ms, r->price_version, r->account[0],
	    r->amount[0], r->account[1], r->amount[1], r->account[2],
	    r->amount[2]);
}

int
store_reservation_get(struct store *st, int64_t job, struct reservation *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT at_ms,due_ms,price_version,"
	    "money_account,money,colour_account,colour,mono_account,mono"
	    " FROM reservation WHERE job_id=?", "i", job);
	int rc = store_row(q);

	if (rc == 1) {
		out->job = job;
		out->at_ms = col_int(q, 0);
		out->due_ms = col_int(q, 1);
		out->price_version = col_int(q, 2);
		for (int u = 0; u < MONEY_UNITS; u++) {
			out->account[u] = col_int(q, 3 + 2 * u);
			out->amount[u] = col_int(q, 4 + 2 * u);
		}
	}
	return store_found(q, rc);
}

int
store_reservation_take(struct store *st, int64_t job)
{
	int rc = store_exec(st, "DELETE FROM reservation WHERE job_id=?", "i",
	    job);

	return rc < 0 ? rc : rc == 0 ? -REL_E_NOTHELD : 0;
}

int
store_reservation_due(struct store *st, int64_t now_ms, int64_t *jobs,
    int limit)
{
	sqlite3_stmt *q = store_query(st, "SELECT job_id FROM reservation"
	    " WHERE due_ms<=? ORDER BY due_ms LIMIT ?", "ii", now_ms,
	    (int64_t)limit);
	int rc, n = 0;

	while (n < limit && (rc = store_row(q)) == 1)
		jobs[n++] = col_int(q, 0);
	store_done(q);
	return n < limit && rc < 0 ? rc : n;
}

int
store_reservation_later(struct store *st, int64_t job, int64_t due_ms)
{
	int rc = store_exec(st, "UPDATE reservation SET due_ms=?"
	    " WHERE job_id=?", "ii", due_ms, job);

	return rc < 0 ? rc : rc == 0 ? -REL_E_NOTHELD : 0;
}

int
store_reservation_sum(struct store *st, int64_t amount[MONEY_UNITS],
    int64_t *n)
{
	sqlite3_stmt *q = store_query(st, "SELECT ifnull(sum(money),0),"
	    "ifnull(sum(colour),0),ifnull(sum(mono),0),count(*)"
	    " FROM reservation", "");
	int rc = store_row(q);

	for (int u = 0; u < MONEY_UNITS && rc == 1; u++)
		amount[u] = col_int(q, u);
	if (rc == 1)
		*n = col_int(q, MONEY_UNITS);
	store_done(q);
	return rc == 1 ? 0 : rc == 0 ? -REL_E_IO : rc;
}

/* ---- usage records */

/* The number of a device's epoch; 0: there is none yet. */
static int
epoch_find(struct store *st, const char *device_id, const char *epoch,
    int64_t *id)
{
	return store_number(st, "SELECT id FROM usage_epoch WHERE device_id=?"
	    " AND epoch=?", id, "tt", device_id, epoch);
}

static int
epoch_of(struct store *st, const struct usage_record *r, int64_t *id)
{
	int rc = epoch_find(st, r->device_id, r->epoch, id);

	if (rc < 0 || *id != 0)
		return rc;
	rc = store_exec(st, "INSERT INTO usage_epoch(device_id,epoch)"
	    " VALUES(?,?)", "tt", r->device_id, r->epoch);
	*id = sqlite3_last_insert_rowid(st->db);
	return rc < 0 ? rc : 0;
}

int
store_record_known(struct store *st, const struct usage_record *r)
{
	int64_t epoch, n = 0;
	int rc = epoch_find(st, r->device_id, r->epoch, &epoch);

	if (rc == 0 && epoch != 0)
		rc = store_number(st, "SELECT count(*) FROM usage_record"
		    " WHERE epoch=? AND seq=?", &n, "ii", epoch, r->seq);
	return rc < 0 ? rc : n > 0;
}

int
store_record_add(struct store *st, const struct usage_record *r)
{
	char papers[REL_PAPERS_TEXT];
	int64_t epoch;
	int rc = epoch_of(st, r, &epoch);

	if (rc < 0)
		return rc;
	rel_papers_text(&r->papers, papers);
	rc = store_exec(st, "INSERT INTO usage_record(epoch,seq,at_ms,job_id,"
	    "sheets,mono,colour,ref,completed,source,rid,corrects,media,"
	    "papers,life_from,life_to)"
	    " VALUES(?,?,?,nullif(?,0),?,?,?,?,?,max(?,1),nullif(?,0),"
	    "nullif(?,0),nullif(?,''),nullif(?,''),nullif(?,-1),"
	    "nullif(?,-1))", "iiiiiiiiiiiittii", epoch, r->seq,
	    r->at_ms, r->job, r->sheets, r->mono, r->colour, r->ref,
	    (int64_t)r->completed, (int64_t)r->source, r->rid, r->corrects,
	    r->media, papers, r->counted ? r->life_from : INT64_C(-1),
	    r->counted ? r->life_to : INT64_C(-1));
	return rc < 0 ? rc : 0;
}

int
store_record_adopt(struct store *st, const char *device_id,
    const char *serial, const char *epoch)
{
	int rc = store_exec(st, "UPDATE usage_epoch SET device_id=?1 WHERE"
	    " epoch=?2 AND device_id IN (SELECT id FROM device WHERE state=2"
	    " AND serial=?3 AND serial<>'') AND NOT EXISTS (SELECT 1 FROM"
	    " usage_epoch WHERE device_id=?1 AND epoch=?2)", "ttt", device_id,
	    epoch, serial);

	return rc < 0 && rc != -REL_E_EXISTS ? rc : 0;
}

int
store_record_epoch(struct store *st, const char *device_id, char *epoch,
    size_t size)
{
	sqlite3_stmt *q = store_query(st, "SELECT epoch FROM usage_epoch"
	    " WHERE device_id=? ORDER BY id DESC LIMIT 1", "t", device_id);
	int rc = store_row(q);

	if (rc == 1)
		col_text(q, 0, epoch, size);
	return store_found(q, rc);
}

/* The end of the unbroken run behind a number. */
static int
run_end(struct store *st, int64_t epoch, int64_t *seq)
{
	sqlite3_stmt *q = store_query(st, "SELECT seq FROM usage_record"
	    " WHERE epoch=? AND seq>? ORDER BY seq", "ii", epoch, *seq);
	int rc;

	while ((rc = store_row(q)) == 1 && col_int(q, 0) == *seq + 1)
		++*seq;
	store_done(q);
	return rc < 0 ? rc : 0;
}

int
store_record_acked(struct store *st, const struct usage_record *oldest,
    bool move, int64_t *acked)
{
	int64_t epoch, was = 0;
	int rc = epoch_find(st, oldest->device_id, oldest->epoch, &epoch);

	*acked = 0;
	if (rc < 0 || epoch == 0)
		return rc;
	rc = store_number(st, "SELECT acked FROM usage_epoch WHERE id=?",
	    &was, "i", epoch);
	if (rc < 0)
		return rc;
	*acked = was < oldest->seq - 1 ? oldest->seq - 1 : was;
	if ((rc = run_end(st, epoch, acked)) < 0 || *acked == was || !move)
		return rc;
	rc = store_exec(st, "UPDATE usage_epoch SET acked=? WHERE id=?", "ii",
	    *acked, epoch);
	return rc < 0 ? rc : 0;
}

/* ---- what a log has lost */

/* From the counter at `from`, to that at `to`; -1: one does not tell. */
static int64_t
between(int64_t from, int64_t to)
{
	return from < 0 || to < from ? -1 : to - from;
}

int
store_record_hole(struct store *st, const struct usage_record *e,
    int64_t behind, int64_t before, struct record_hole *out)
{
	int64_t epoch, next = before, from = -1, to = -1;
	int rc = epoch_find(st, e->device_id, e->epoch, &epoch);

	if (rc == 0)
		rc = run_end(st, epoch, &behind);
	if (rc == 0)
		rc = store_number(st, "SELECT ifnull(min(seq),?3) FROM"
		    " usage_record WHERE epoch=?1 AND seq>?2", &next, "iii",
		    epoch, behind, before);
	if (rc == 0)
		rc = store_number(st, "SELECT ifnull(max(life_to),-1) FROM"
		    " usage_record WHERE epoch=? AND seq=?", &from, "ii",
		    epoch, behind);
	if (rc == 0)
		rc = store_number(st, "SELECT ifnull(max(life_from),-1) FROM"
		    " usage_record WHERE epoch=? AND seq=?", &to, "ii", epoch,
		    next);
	out->first = behind + 1;
	out->last = (next < before ? next : before) - 1;
	out->sides = between(from, to);
	return rc;
}

int
store_record_logs(struct store *st, const struct usage_record *e,
    int64_t *sides)
{
	int64_t epoch, old = 0, before = -1, after = -1;
	int rc = epoch_find(st, e->device_id, e->epoch, &epoch);

	if (rc == 0)
		rc = store_number(st, "SELECT ifnull(max(id),0) FROM"
		    " usage_epoch WHERE device_id=? AND id<?", &old, "ti",
		    e->device_id, epoch);
	if (rc == 0 && old != 0)
		rc = store_number(st, "SELECT life_to FROM usage_record"
		    " WHERE epoch=? AND life_to IS NOT NULL ORDER BY seq DESC"
		    " LIMIT 1", &before, "i", old);
	if (rc == 0 && old != 0)
		rc = store_number(st, "SELECT life_from FROM usage_record"
		    " WHERE epoch=? AND life_from IS NOT NULL ORDER BY seq"
		    " LIMIT 1", &after, "i", epoch);
	*sides = between(before, after);
	return rc < 0 ? rc : old == 0 ? -REL_E_NOTFOUND : 0;
}

int
store_record_skip(struct store *st, const struct usage_record *e,
    int64_t upto)
{
	int64_t epoch;
	int rc = epoch_of(st, e, &epoch);

	if (rc == 0)
		rc = store_exec(st, "UPDATE usage_epoch SET acked=max(acked,?)"
		    " WHERE id=?", "ii", upto, epoch);
	return rc < 0 ? rc : 0;
}

#define NOT_REPLACED \
	" FROM usage_record r WHERE job_id=?1 AND (?2=0 OR ref=?2) AND NOT" \
	" EXISTS (SELECT 1 FROM usage_record x WHERE x.job_id=?1 AND" \
	" x.corrects=r.rid)"

/* By size of paper; 0x0 for what does not say it. */
static int
sum_papers(struct store *st, int64_t job, int64_t ref, struct rel_papers *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT ifnull(papers,''),"
	    "ifnull(media,''),mono+colour,colour,sheets" NOT_REPLACED, "ii",
	    job, ref);
	int rc;

	while ((rc = store_row(q)) == 1) {
		struct rel_paper one = { .sides = (uint32_t)col_int(q, 2),
		    .colour = (uint32_t)col_int(q, 3),
		    .sheets = (uint32_t)col_int(q, 4) };
		char text[REL_PAPERS_TEXT], media[48];
		struct rel_papers some;

		col_text(q, 0, text, sizeof text);
		col_text(q, 1, media, sizeof media);
		if (!rel_papers_read(&some, text) || some.n == 0) {
			(void)rel_media_size(media, &one.width, &one.height);
			some.of[0] = one;
			some.n = 1;
		}
		for (unsigned i = 0; i < some.n; i++)
			rel_papers_add(out, &some.of[i]);
	}
	store_done(q);
	return rc;
}

int
store_record_sum(struct store *st, int64_t job, int64_t ref,
    struct record_sum *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT ifnull(sum(sheets),0),"
	    "ifnull(sum(mono),0),ifnull(sum(colour),0),"
	    "ifnull(max(completed),0),ifnull(max(source),1),(SELECT count(*)"
	    " FROM usage_record WHERE job_id=?1 AND (?2=0 OR ref=?2)),"
	    "(SELECT media FROM usage_record WHERE job_id=?1 AND"
	    " (?2=0 OR ref=?2) ORDER BY mono+colour DESC LIMIT 1),"
	    "ifnull(max(papers IS NOT NULL),0)" NOT_REPLACED, "ii", job,
	    ref);
	int rc = store_row(q);
	bool papers = false;

	memset(out, 0, sizeof *out);
	if (rc == 1) {
		out->sheets = col_int(q, 0);
		out->mono = col_int(q, 1);
		out->colour = col_int(q, 2);
		out->completed = col_int(q, 3) != 0;
		out->source = (enum settle_source)col_int(q, 4);
		out->n = col_int(q, 5);
		col_text(q, 6, out->media, sizeof out->media);
		papers = col_int(q, 7) != 0;
	}
	store_done(q);
	if (rc >= 0 && papers)
		rc = sum_papers(st, job, ref, &out->papers);
	return rc < 0 ? rc : 0;
}

int
store_record_last(struct store *st, const char *device_id, const char *epoch,
    int64_t *seq)
{
	int64_t id;
	int rc = epoch_find(st, device_id, epoch, &id);

	*seq = 0;
	if (rc < 0 || id == 0)
		return rc;
	return store_number(st, "SELECT ifnull(max(seq),0) FROM usage_record"
	    " WHERE epoch=?", seq, "i", id);
}

int
store_record_of_job(struct store *st, int64_t job, struct usage_record *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT e.device_id,e.epoch,r.seq,"
	    "r.at_ms,r.sheets,r.mono,r.colour FROM usage_record r"
	    " JOIN usage_epoch e ON e.id=r.epoch WHERE r.job_id=?"
	    " ORDER BY r.at_ms DESC,r.seq DESC LIMIT 1", "i", job);
	int rc = store_row(q);

	if (rc == 1) {
		col_text(q, 0, out->device_id, sizeof out->device_id);
		col_text(q, 1, out->epoch, sizeof out->epoch);
		out->seq = col_int(q, 2);
		out->at_ms = col_int(q, 3);
		out->job = job;
		out->sheets = col_int(q, 4);
		out->mono = col_int(q, 5);
		out->colour = col_int(q, 6);
	}
	return store_found(q, rc);
}

/* ---- price lists and rules */

int
store_policy_add(struct store *st, enum policy_kind kind,
    struct policy_text *p)
{
	int rc = kind == POLICY_PRICES ?
	    store_exec(st, "INSERT INTO price_list(at_ms,by,text)"
	    " VALUES(?,?,?)", "itt", p->at_ms, p->by, p->text) :
	    store_exec(st, "INSERT INTO rule_set(at_ms,by,text)"
	    " VALUES(?,?,?)", "itt", p->at_ms, p->by, p->text);

	if (rc < 0)
		return rc;
	p->version = sqlite3_last_insert_rowid(st->db);
	return 0;
}

static void
policy_from_row(sqlite3_stmt *q, struct policy_text *p)
{
	p->version = col_int(q, 0);
	p->at_ms = col_int(q, 1);
	col_text(q, 2, p->by, sizeof p->by);
	p->text = NULL;
}

int
store_policy_get(struct store *st, enum policy_kind kind, int64_t version,
    struct policy_text *out)
{
	sqlite3_stmt *q = kind == POLICY_PRICES ?
	    store_query(st, "SELECT version,at_ms,by,text FROM price_list"
	    " WHERE (?1=0 OR version=?1) ORDER BY version DESC LIMIT 1", "i",
	    version) :
	    store_query(st, "SELECT version,at_ms,by,text FROM rule_set"
	    " WHERE (?1=0 OR version=?1) ORDER BY version DESC LIMIT 1", "i",
	    version);
	int rc = store_row(q);

	if (rc == 1) {
		const unsigned char *text = sqlite3_column_text(q, 3);

		policy_from_row(q, out);
		out->text = text != NULL ? strdup((const char *)text) : NULL;
		if (out->text == NULL)
			rc = -REL_E_NOMEM;
	}
	return store_found(q, rc);
}

int
store_policy_list(struct store *st, enum policy_kind kind, int64_t before,
    int limit, store_policy_row row, void *ctx)
{
	int64_t end = before > 0 ? before : INT64_MAX;
	sqlite3_stmt *q = kind == POLICY_PRICES ?
	    store_query(st, "SELECT version,at_ms,by FROM price_list"
	    " WHERE version<? ORDER BY version DESC LIMIT ?", "ii", end,
	    (int64_t)limit) :
	    store_query(st, "SELECT version,at_ms,by FROM rule_set"
	    " WHERE version<? ORDER BY version DESC LIMIT ?", "ii", end,
	    (int64_t)limit);
	struct policy_text p;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		policy_from_row(q, &p);
		n++;
		if (!row(&p, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}
