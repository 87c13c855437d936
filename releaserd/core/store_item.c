/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/store_item.h"

#include <stdio.h>
#include <string.h>

#include "releaserd/core/store_priv.h"

static const char *
text_of(sqlite3_stmt *q, int col)
{
	const char *s = (const char *)sqlite3_column_text(q, col);

	return s != NULL ? s : "";
}

static int
item_rows(sqlite3_stmt *q, store_item_row row, void *ctx)
{
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		struct device_item i = { text_of(q, 0), text_of(q, 1),
		    text_of(q, 2), col_int(q, 3) };

		n++;
		if (!row(&i, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_item_list(struct store *st, const char *device, store_item_row row,
    void *ctx)
{
	return item_rows(store_query(st, "SELECT name,value,source,at_ms"
	    " FROM device_item WHERE device_id=? ORDER BY name", "t", device),
	    row, ctx);
}

int
store_item_group(struct store *st, const char *device, const char *prefix,
    store_item_row row, void *ctx)
{
	return item_rows(store_query(st, "SELECT name,value,source,at_ms"
	    " FROM device_item WHERE device_id=?1 AND name>?2 AND name<?2||'~'"
	    " ORDER BY name", "tt", device, prefix), row, ctx);
}

/* ---- supplies of all devices */

/* As the index device_item_left has it; 1000 is STORE_SUPPLY_UNKNOWN. */
#define LEFT "CASE WHEN p.value+0<0 THEN 1000 ELSE p.value+0 END"
#define PERCENTS " p.name GLOB 'supply.*.percent'"
/* Another item of the supply whose "supply.N.percent" is p. */
#define BESIDE(word) "coalesce((SELECT i.value FROM device_item i WHERE" \
	" i.device_id=p.device_id AND i.name=substr(p.name,1," \
	"length(p.name)-7)||'" word "'),'')"

int
store_supply_list(struct store *st, const struct supply_after *after,
    int below, int limit, store_supply_row row, void *ctx)
{
	sqlite3_stmt *q;
	char name[32];
	int rc, n = 0;

	snprintf(name, sizeof name, "supply.%u.percent", after->n);
	q = store_query(st, "SELECT p.device_id,d.name,d.location,d.groups,"
	    BESIDE("name") "," BESIDE("kind") "," BESIDE("color") ","
	    BESIDE("unit") "," BESIDE("level") "," BESIDE("capacity") ","
	    "p.source,p.name,p.value,p.at_ms," LEFT " FROM device_item p"
	    " INDEXED BY device_item_left CROSS JOIN device d ON"
	    " d.id=p.device_id WHERE" PERCENTS " AND " LEFT ">=?1 AND (" LEFT
	    ",p.device_id,p.name)>(?1,?2,?3) AND " LEFT "<?4 AND d.state<2"
	    " ORDER BY " LEFT ",p.device_id,p.name LIMIT ?5", "ittii",
	    (int64_t)after->left, after->device, name, (int64_t)(below > 0 ?
	    below : STORE_SUPPLY_UNKNOWN + 1), (int64_t)limit);
	while ((rc = store_row(q)) == 1) {
		struct supply s = { text_of(q, 0), text_of(q, 1),
		    text_of(q, 2), text_of(q, 3), text_of(q, 4),
		    text_of(q, 5), text_of(q, 6), text_of(q, 7),
		    text_of(q, 8), text_of(q, 9), text_of(q, 10), 0,
		    (int)col_int(q, 12), (int)col_int(q, 14), col_int(q, 13) };

		(void)sscanf(text_of(q, 11), "supply.%2u", &s.n);
		n++;
		if (!row(&s, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_supply_low(struct store *st, int below, int64_t *n)
{
	return store_number(st, "SELECT count(*) FROM device_item p INDEXED BY"
	    " device_item_left WHERE" PERCENTS " AND " LEFT "<?", n, "i",
	    (int64_t)below);
}

int
store_item_get(struct store *st, const char *device, const char *name,
    char *out, size_t size)
{
	sqlite3_stmt *q = store_query(st, "SELECT value FROM device_item"
	    " WHERE device_id=? AND name=?", "tt", device, name);
	int rc = store_row(q);

	if (rc == 1)
		col_text(q, 0, out, size);
	return store_found(q, rc);
}

int
store_item_set(struct store *st, const char *device,
    const struct device_item *i)
{
	return store_do(st, "INSERT OR REPLACE INTO device_item(device_id,"
	    "name,value,source,at_ms) VALUES(?,?,?,?,?)", "tttti", device,
	    i->name, i->value, i->source, i->at_ms);
}

int
store_item_del(struct store *st, const char *device, const char *name)
{
	return store_do(st, "DELETE FROM device_item WHERE device_id=?"
	    " AND name=?", "tt", device, name);
}

int
store_item_device_gone(struct store *st, const char *device)
{
	int rc = store_exec(st, "DELETE FROM device_item WHERE device_id=?",
	    "t", device);

	if (rc >= 0)
		rc = store_exec(st, "DELETE FROM device_event WHERE"
		    " device_id=?", "t", device);
	if (rc >= 0)
		rc = store_exec(st, "DELETE FROM device_poll WHERE"
		    " device_id=?", "t", device);
	return rc < 0 ? rc : 0;
}

int
store_device_event_add(struct store *st, const char *device,
    const struct device_event *e)
{
	int rc = store_exec(st, "INSERT INTO device_event(device_id,at_ms,"
	    "kind,text) VALUES(?,?,?,?)", "titt", device, e->at_ms, e->kind,
	    e->text);

	if (rc >= 0)
		rc = store_exec(st, "DELETE FROM device_event WHERE"
		    " device_id=?1 AND id<=(SELECT id FROM device_event WHERE"
		    " device_id=?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)", "ti",
		    device, (int64_t)DEVICE_EVENTS_MAX);
	return rc < 0 ? rc : 0;
}

int
store_device_event_list(struct store *st, const char *device, int limit,
    store_device_event_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT kind,text,at_ms FROM"
	    " device_event WHERE device_id=? ORDER BY id DESC LIMIT ?", "ti",
	    device, (int64_t)limit);
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		struct device_event e = { text_of(q, 0), text_of(q, 1),
		    col_int(q, 2) };

		n++;
		if (!row(&e, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_poll_get(struct store *st, const char *device, int64_t *info_ms,
    char *kept, size_t size)
{
	sqlite3_stmt *q = store_query(st, "SELECT info_ms,kept FROM"
	    " device_poll WHERE device_id=?", "t", device);
	int rc = store_row(q);

	*info_ms = rc == 1 ? col_int(q, 0) : 0;
	kept[0] = '\0';
	if (rc == 1)
		col_text(q, 1, kept, size);
	store_done(q);
	return rc < 0 ? rc : 0;
}

int
store_poll_set(struct store *st, const char *device, int64_t info_ms,
    const char *kept)
{
	return store_do(st, "INSERT OR REPLACE INTO device_poll(device_id,"
	    "info_ms,kept) VALUES(?,?,?)", "tit", device, info_ms, kept);
}

int
store_device_ids(struct store *st, store_device_id_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT id FROM device WHERE"
	    " state<2 ORDER BY id", "");
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		n++;
		if (!row(text_of(q, 0), ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}
