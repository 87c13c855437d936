/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/store_item.h"

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
	int rc = store_exec(st, "INSERT OR REPLACE INTO device_item(device_id,"
	    "name,value,source,at_ms) VALUES(?,?,?,?,?)", "tttti", device,
	    i->name, i->value, i->source, i->at_ms);

	return rc < 0 ? rc : 0;
}

int
store_item_del(struct store *st, const char *device, const char *name)
{
	int rc = store_exec(st, "DELETE FROM device_item WHERE device_id=?"
	    " AND name=?", "tt", device, name);

	return rc < 0 ? rc : 0;
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
	int rc = store_exec(st, "INSERT OR REPLACE INTO device_poll(device_id,"
	    "info_ms,kept) VALUES(?,?,?)", "tit", device, info_ms, kept);

	return rc < 0 ? rc : 0;
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
