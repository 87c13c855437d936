/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/store_discovery.h"

#include <ctype.h>
#include <string.h>

#include "lib/ranges.h"
#include "lib/text.h"
#include "releaserd/core/store_priv.h"

#define RUN_COLUMNS "id,began_ms,ended_ms,state,by,ranges,total,done," \
	"printers,others,denied,known,moved,unknown"
#define FOUND_COLUMNS "address,state,host,vendor,model,serial,mac,name," \
	"location,queue,description,object_id,access,first_ms,last_ms,place," \
	"source,ipp_uri,formats,uuid"

const char *
discovery_state_name(enum discovery_state state)
{
	static const char *const names[] = {
		"", "running", "done", "cancelled", "failed"
	};

	return state > DISCOVERY_FAILED ? "" : names[state];
}

int
store_discovery_set(struct store *st, const struct discovery_run *r)
{
	int rc = store_exec(st, "INSERT OR REPLACE INTO discovery_run("
	    RUN_COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	    "iiiittiiiiiiit", r->id, r->began_ms, r->ended_ms,
	    (int64_t)r->state, r->by, r->ranges, r->total, r->done,
	    r->printers, r->others, r->denied, r->known, r->moved,
	    r->unknown);

	/* A hundred of them are enough of a history. */
	if (rc >= 0)
		rc = store_exec(st, "DELETE FROM discovery_run WHERE id<="
		    "(SELECT id FROM discovery_run ORDER BY id DESC LIMIT 1"
		    " OFFSET 100)", "");
	return rc < 0 ? rc : 0;
}

static void
run_from_row(sqlite3_stmt *q, struct discovery_run *r)
{
	memset(r, 0, sizeof *r);
	r->id = col_int(q, 0);
	r->began_ms = col_int(q, 1);
	r->ended_ms = col_int(q, 2);
	r->state = (enum discovery_state)col_int(q, 3);
	col_text(q, 4, r->by, sizeof r->by);
	col_text(q, 5, r->ranges, sizeof r->ranges);
	r->total = col_int(q, 6);
	r->done = col_int(q, 7);
	r->printers = col_int(q, 8);
	r->others = col_int(q, 9);
	r->denied = col_int(q, 10);
	r->known = col_int(q, 11);
	r->moved = col_int(q, 12);
	col_text(q, 13, r->unknown, sizeof r->unknown);
}

int
store_discovery_runs(struct store *st, int limit, store_discovery_row row,
    void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT " RUN_COLUMNS
	    " FROM discovery_run ORDER BY id DESC LIMIT ?", "i",
	    (int64_t)limit);
	struct discovery_run r;
	int rc;

	while ((rc = store_row(q)) == 1) {
		run_from_row(q, &r);
		if (!row(&r, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : 0;
}

/* ---- what was found */

/* Where an address stands in their order; "" before all. */
static void
place_of(char out[33], const char *address)
{
	uint8_t addr[16];

	if (rel_address_read(addr, address))
		rel_hex(out, addr, sizeof addr);
	else
		out[0] = '\0';
}

int
store_found_set(struct store *st, const struct found_row *r)
{
	const struct found *f = &r->f;
	char place[33];
	int rc;

	place_of(place, f->address);
	rc = store_exec(st, "INSERT INTO found(" FOUND_COLUMNS ")"
	    " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(address) DO"
	    " UPDATE SET state=excluded.state,host=excluded.host,"
	    "vendor=excluded.vendor,model=excluded.model,"
	    "serial=excluded.serial,mac=excluded.mac,name=excluded.name,"
	    "location=excluded.location,queue=excluded.queue,"
	    "description=excluded.description,object_id=excluded.object_id,"
	    "access=excluded.access,last_ms=excluded.last_ms,"
	    "source=excluded.source,ipp_uri=excluded.ipp_uri,"
	    "formats=excluded.formats,uuid=excluded.uuid",
	    "tittttttttttiiitittt", f->address, (int64_t)f->state, f->host,
	    f->vendor, f->model, f->serial, f->mac, f->name, f->location,
	    f->queue, f->description, f->object_id, r->access_id, r->first_ms,
	    r->last_ms, place, (int64_t)f->source, f->ipp_uri, f->formats,
	    f->uuid);

	return rc < 0 ? rc : 0;
}

int
store_found_del(struct store *st, const char *address)
{
	return store_do(st, "DELETE FROM found WHERE address=?", "t",
	    address);
}

static void
found_from_row(sqlite3_stmt *q, struct found_row *r)
{
	struct found *f = &r->f;

	memset(r, 0, sizeof *r);
	col_text(q, 0, f->address, sizeof f->address);
	f->state = (uint8_t)col_int(q, 1);
	col_text(q, 2, f->host, sizeof f->host);
	col_text(q, 3, f->vendor, sizeof f->vendor);
	col_text(q, 4, f->model, sizeof f->model);
	col_text(q, 5, f->serial, sizeof f->serial);
	col_text(q, 6, f->mac, sizeof f->mac);
	col_text(q, 7, f->name, sizeof f->name);
	col_text(q, 8, f->location, sizeof f->location);
	col_text(q, 9, f->queue, sizeof f->queue);
	col_text(q, 10, f->description, sizeof f->description);
	col_text(q, 11, f->object_id, sizeof f->object_id);
	r->access_id = col_int(q, 12);
	r->first_ms = col_int(q, 13);
	r->last_ms = col_int(q, 14);
	f->source = (uint8_t)col_int(q, 16);
	col_text(q, 17, f->ipp_uri, sizeof f->ipp_uri);
	col_text(q, 18, f->formats, sizeof f->formats);
	col_text(q, 19, f->uuid, sizeof f->uuid);
}

int
store_found_get(struct store *st, const char *address, struct found_row *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT " FOUND_COLUMNS
	    " FROM found WHERE address=?", "t", address);
	int rc = store_row(q);

	if (rc == 1)
		found_from_row(q, out);
	return store_found(q, rc);
}

int
store_found_list(struct store *st, const char *after, int limit,
    store_found_row row, void *ctx)
{
	sqlite3_stmt *q;
	struct found_row r;
	char place[33];
	int rc, n = 0;

	place_of(place, after);
	q = store_query(st, "SELECT " FOUND_COLUMNS " FROM found WHERE"
	    " place>? ORDER BY place LIMIT ?", "ti", place, (int64_t)limit);

	while ((rc = store_row(q)) == 1) {
		found_from_row(q, &r);
		n++;
		if (!row(&r, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

/* ---- is it one that we have? */

#define TELLS_LEAST 4u			/* letters and digits */

bool
identity_tells(const char *s)
{
	unsigned n = 0, same = 0, run = 0, digits = 0;
	unsigned char last = 0;

	for (; *s != '\0'; s++) {
		unsigned char b = (unsigned char)toupper((unsigned char)*s);

		if (isalnum(b) == 0)
			continue;
		same += n > 0 && b == last;
		run += n > 0 && (b == last + 1 || b + 1 == last ||
		    (b == '0' && last == '9') || (b == '9' && last == '0'));
		digits += isdigit(b) != 0;
		last = b;
		n++;
	}
	return n >= TELLS_LEAST && digits > 0 && same + 1 < n && run + 1 < n;
}

/* The id of the only row; 0 or -REL_E_NOTFOUND. */
static int
id_of(sqlite3_stmt *q, char id[40])
{
	int rc = store_row(q), more = 0;

	if (rc == 1) {
		col_text(q, 0, id, 40);
		more = store_row(q);
	}
	if (more != 0) {		/* two of them: it says nothing */
		id[0] = '\0';
		rc = more < 0 ? more : 0;
	}
	return store_found(q, rc);
}

static int
by_serial(struct store *st, const struct found *f, char id[40])
{
	return f->vendor[0] == '\0' || !identity_tells(f->serial) ?
	    -REL_E_NOTFOUND : id_of(store_query(st, "SELECT id FROM device"
	    " WHERE serial=? AND vendor=? COLLATE NOCASE AND state<2 LIMIT 2",
	    "tt", f->serial, f->vendor), id);
}

static int
by_mac(struct store *st, const char *mac, char id[40])
{
	/* In this order: there are a hundred items for each device. */
	return !identity_tells(mac) ? -REL_E_NOTFOUND : id_of(store_query(st,
	    "SELECT d.id FROM device d CROSS JOIN device_item i"
	    " ON i.device_id=d.id WHERE i.name='mac' AND d.state<2 AND"
	    " instr(','||lower(i.value)||',',','||lower(?)||',')>0 LIMIT 2",
	    "t", mac), id);
}

static int
by_address(struct store *st, const char *address, char id[40])
{
	return id_of(store_query(st, "SELECT id FROM device WHERE"
	    " (address=?1 OR lpr_host=?1) AND state<2 LIMIT 1", "t", address),
	    id);
}

int
store_found_device(struct store *st, const struct found *f,
    struct device *out, bool *sure)
{
	char serial_id[40] = "", mac_id[40] = "", id[40] = "";
	int rc = by_serial(st, f, serial_id);

	if (rc == 0 || rc == -REL_E_NOTFOUND)
		rc = by_mac(st, f->mac, mac_id);
	if (rc < 0 && rc != -REL_E_NOTFOUND)
		return rc;
	*sure = serial_id[0] != '\0' && strcmp(serial_id, mac_id) == 0;
	if (serial_id[0] == '\0' && mac_id[0] == '\0' &&
	    (rc = by_address(st, f->address, id)) < 0)
		return rc;
	return store_device_get(st, serial_id[0] != '\0' ? serial_id :
	    mac_id[0] != '\0' ? mac_id : id, out);
}
