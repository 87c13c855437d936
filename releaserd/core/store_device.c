/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/store_priv.h"

#define DEVICE_COLUMNS \
	"id,name,serial,vendor,model,firmware,location,features,status,state," \
	"cert_fp,prev_fp,token,server_token,lpr_host,lpr_port,lpr_queue," \
	"data_first,want_serial,key_hash,key_expires_ms,key_wrong,created_ms," \
	"registered_ms,seen_ms,last_number,driver,level,groups," \
	"address,protocol,api_url,api_pin,snmp,snmp_port,transport,locked_ms," \
	"ipp_uri,ipp_pin,session_push,renew_ms"

static void
device_from_row(sqlite3_stmt *q, struct device *d)
{
	memset(d, 0, sizeof *d);
	col_text(q, 0, d->id, sizeof d->id);
	col_text(q, 1, d->name, sizeof d->name);
	col_text(q, 2, d->serial, sizeof d->serial);
	col_text(q, 3, d->vendor, sizeof d->vendor);
	col_text(q, 4, d->model, sizeof d->model);
	col_text(q, 5, d->firmware, sizeof d->firmware);
	col_text(q, 6, d->location, sizeof d->location);
	col_text(q, 7, d->features, sizeof d->features);
	col_text(q, 8, d->status, sizeof d->status);
	d->state = col_int(q, 9);
	col_text(q, 10, d->cert_fp, sizeof d->cert_fp);
	col_text(q, 11, d->prev_fp, sizeof d->prev_fp);
	col_text(q, 12, d->token, sizeof d->token);
	col_text(q, 13, d->server_token, sizeof d->server_token);
	col_text(q, 14, d->lpr_host, sizeof d->lpr_host);
	d->lpr_port = col_int(q, 15);
	col_text(q, 16, d->lpr_queue, sizeof d->lpr_queue);
	d->data_first = col_int(q, 17);
	col_text(q, 18, d->want_serial, sizeof d->want_serial);
	d->has_key = sqlite3_column_type(q, 19) != SQLITE_NULL;
	col_blob(q, 19, d->key_hash, sizeof d->key_hash);
	d->key_expires_ms = col_int(q, 20);
	d->key_wrong = col_int(q, 21);
	d->created_ms = col_int(q, 22);
	d->registered_ms = col_int(q, 23);
	d->seen_ms = col_int(q, 24);
	d->last_number = col_int(q, 25);
	col_text(q, 26, d->driver, sizeof d->driver);
	d->level = col_int(q, 27);
	col_text(q, 28, d->groups, sizeof d->groups);
	col_text(q, 29, d->address, sizeof d->address);
	col_text(q, 30, d->protocol, sizeof d->protocol);
	col_text(q, 31, d->api_url, sizeof d->api_url);
	col_text(q, 32, d->api_pin, sizeof d->api_pin);
	d->snmp = col_int(q, 33);
	d->snmp_port = col_int(q, 34);
	col_text(q, 35, d->transport, sizeof d->transport);
	d->locked_ms = col_int(q, 36);
	col_text(q, 37, d->ipp_uri, sizeof d->ipp_uri);
	col_text(q, 38, d->ipp_pin, sizeof d->ipp_pin);
	d->session_push = col_int(q, 39);
	d->renew_ms = col_int(q, 40);
}

int
store_device_add(struct store *st, const struct device *d)
{
	return store_do(st, "INSERT INTO device(node," DEVICE_COLUMNS ")"
	    " VALUES(0,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,"
	    "?,?,?,?,?,?,?,?,?,?,?,?)",
	    "tttttttttitt" "ttt" "itit" "biiiiiitit" "ttttiiti" "ttii",
	    d->id, d->name, d->serial, d->vendor, d->model, d->firmware,
	    d->location, d->features, d->status, d->state, d->cert_fp,
	    d->prev_fp, d->token[0] != '\0' ? d->token : NULL,
	    d->server_token, d->lpr_host, d->lpr_port, d->lpr_queue,
	    d->data_first, d->want_serial,
	    (const void *)(d->has_key ? d->key_hash : NULL),
	    sizeof d->key_hash, d->key_expires_ms, d->key_wrong,
	    d->created_ms, d->registered_ms, d->seen_ms, d->last_number,
	    d->driver, d->level, d->groups, d->address, d->protocol,
	    d->api_url, d->api_pin, d->snmp,
	    d->snmp_port > 0 ? d->snmp_port : (int64_t)161,
	    d->transport[0] != '\0' ? d->transport : "lpr", d->locked_ms,
	    d->ipp_uri, d->ipp_pin, d->session_push, d->renew_ms);
}

int
store_device_set(struct store *st, const struct device *d)
{
	int rc = store_exec(st, "UPDATE device SET name=?,serial=?,vendor=?,"
	    "model=?,firmware=?,location=?,features=?,status=?,state=?,"
	    "cert_fp=?,prev_fp=?,token=?,server_token=?,lpr_host=?,lpr_port=?,"
	    "lpr_queue=?,data_first=?,want_serial=?,key_hash=?,"
	    "key_expires_ms=?,key_wrong=?,registered_ms=?,seen_ms=?,"
	    "last_number=?,driver=?,level=?,groups=?,address=?,protocol=?,"
	    "api_url=?,api_pin=?,snmp=?,snmp_port=?,transport=?,"
	    "ipp_uri=?,ipp_pin=?,session_push=?,renew_ms=? WHERE id=?",
	    "ttttttttitt" "ttt" "itit" "biiiiitit" "ttttiittt" "iit",
	    d->name, d->serial, d->vendor, d->model, d->firmware, d->location,
	    d->features, d->status, d->state, d->cert_fp, d->prev_fp,
	    d->token[0] != '\0' ? d->token : NULL, d->server_token,
	    d->lpr_host, d->lpr_port, d->lpr_queue, d->data_first,
	    d->want_serial, (const void *)(d->has_key ? d->key_hash : NULL),
	    sizeof d->key_hash, d->key_expires_ms, d->key_wrong,
	    d->registered_ms, d->seen_ms, d->last_number, d->driver, d->level,
	    d->groups, d->address, d->protocol, d->api_url, d->api_pin,
	    d->snmp, d->snmp_port, d->transport, d->ipp_uri, d->ipp_pin,
	    d->session_push, d->renew_ms, d->id);

	return store_changed(rc);
}

int
store_device_seen(struct store *st, const char *id, int64_t seen_ms)
{
	return store_do(st, "UPDATE device SET seen_ms=? WHERE id=?",
	    "it", seen_ms, id);
}

int
store_device_ipp_pin(struct store *st, const char *id, const char *pin)
{
	return store_do(st, "UPDATE device SET ipp_pin=? WHERE id=?"
	    " AND ipp_pin=''", "tt", pin, id);
}

int
store_device_status(struct store *st, const char *id, const char *status,
    int64_t seen_ms)
{
	return store_do(st, "UPDATE device SET status=?,seen_ms=?"
	    " WHERE id=?", "tit", status, seen_ms, id);
}

static int
device_one(sqlite3_stmt *q, struct device *out)
{
	int rc = store_row(q);

	if (rc == 1)
		device_from_row(q, out);
	return store_found(q, rc);
}

int
store_device_get(struct store *st, const char *id, struct device *out)
{
	return device_one(store_query(st, "SELECT " DEVICE_COLUMNS
	    " FROM device WHERE id=?", "t", id), out);
}

int
store_device_name(struct store *st, const char *id, char name[65])
{
	sqlite3_stmt *q = store_query(st, "SELECT name FROM device WHERE id=?",
	    "t", id);
	int rc = store_row(q);

	if (rc == 1)
		col_text(q, 0, name, 65);
	return store_found(q, rc);
}

int
store_device_by_name(struct store *st, const char *name, struct device *out)
{
	return device_one(store_query(st, "SELECT " DEVICE_COLUMNS
	    " FROM device WHERE name=? AND state<2", "t", name), out);
}

int
store_device_by_key(struct store *st, const uint8_t hash[32],
    struct device *out)
{
	return device_one(store_query(st, "SELECT " DEVICE_COLUMNS
	    " FROM device WHERE key_hash=? AND state<2", "b",
	    (const void *)hash, (size_t)32), out);
}

int
store_device_by_serial(struct store *st, const char *serial,
    struct device *out)
{
	return device_one(store_query(st, "SELECT " DEVICE_COLUMNS
	    " FROM device WHERE serial=? AND state=1", "t", serial), out);
}

int
store_device_by_token(struct store *st, const char *token, struct device *out)
{
	return device_one(store_query(st, "SELECT " DEVICE_COLUMNS
	    " FROM device WHERE token=? AND token IS NOT NULL", "t", token),
	    out);
}

int
store_device_list(struct store *st, const char *after_name, int limit,
    store_device_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT " DEVICE_COLUMNS
	    " FROM device WHERE name>? AND state<2 ORDER BY name LIMIT ?", "ti",
	    after_name, (int64_t)limit);
	struct device d;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		device_from_row(q, &d);
		n++;
		if (!row(&d, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}

int
store_device_groups(struct store *st, store_device_groups_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT groups,count(*) FROM device"
	    " WHERE state<2 AND groups<>'' GROUP BY groups", "");
	char groups[512];
	int rc;

	while ((rc = store_row(q)) == 1) {
		col_text(q, 0, groups, sizeof groups);
		row(groups, col_int(q, 1), ctx);
	}
	store_done(q);
	return rc < 0 ? rc : 0;
}

int
store_device_groups_moved(struct store *st, const char *from, const char *to)
{
	return store_do(st, "UPDATE device SET groups=? WHERE groups=?",
	    "tt", to, from);
}

int
store_device_groups_set(struct store *st, const char *id, const char *groups)
{
	return store_changed(store_exec(st, "UPDATE device SET groups=?"
	    " WHERE id=?", "tt", groups, id));
}

int
store_device_total(struct store *st, int64_t *n)
{
	return store_number(st, "SELECT count(*) FROM device WHERE state<2",
	    n, "");
}

/* ---- kept answers */

int
store_answer_get(struct store *st, const char *peer, const char *key,
    struct kept_answer *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT body_mac,at_ms,status,"
	    "problem,body FROM answer WHERE peer=? AND key=?", "tt", peer,
	    key);
	int rc = store_row(q);

	memset(out, 0, sizeof *out);
	if (rc == 1) {
		col_blob(q, 0, out->body_mac, sizeof out->body_mac);
		out->at_ms = col_int(q, 1);
		out->status = (int)col_int(q, 2);
		col_text(q, 3, out->problem, sizeof out->problem);
		out->body_len = (size_t)sqlite3_column_bytes(q, 4);
		if ((out->body = malloc(out->body_len + 1)) == NULL)
			rc = -REL_E_NOMEM;
		else if (out->body_len > 0)
			memcpy(out->body, sqlite3_column_blob(q, 4),
			    out->body_len);
	}
	return store_found(q, rc);
}

int
store_answer_add(struct store *st, const char *peer, const char *key,
    const struct kept_answer *a)
{
	return store_do(st, "INSERT OR REPLACE INTO answer(peer,key,"
	    "body_mac,at_ms,status,problem,body) VALUES(?,?,?,?,?,?,?)",
	    "ttbiitb", peer, key, (const void *)a->body_mac,
	    sizeof a->body_mac, a->at_ms, (int64_t)a->status, a->problem,
	    (const void *)(a->body != NULL ? a->body : ""), a->body_len);
}

int
store_answer_forget(struct store *st, int64_t before_ms)
{
	return store_exec(st, "DELETE FROM answer WHERE at_ms<?", "i",
	    before_ms);
}

int
store_audit(struct store *st, int64_t at_ms, const char *who,
    const char *what, const char *detail)
{
	return store_do(st, "INSERT INTO audit(at_ms,who,what,detail)"
	    " VALUES(?,?,?,?)", "ittt", at_ms, who, what, detail);
}

/* ---- which need somebody */

/* Devices of which something is heard; and since when it must be: of those
 * that call by themselves ?1, of those that are asked ?2. */
#define HEARD "(state=1 OR (state=0 AND protocol<>''))"
#define SINCE "(CASE WHEN state=1 AND protocol IN ('','opdp') THEN ?1" \
	" ELSE ?2 END)"
#define SILENT "(" HEARD " AND max(seen_ms,created_ms)<" SINCE ")"
#define TROUBLE "(" HEARD " AND seen_ms>=" SINCE \
	" AND (status LIKE '%\"stopped\"%'" \
	" OR status LIKE '%\"offline\"%' OR (status LIKE '%\"reasons\":[\"%'" \
	" AND status NOT LIKE '%\"reasons\":[\"none\"]%')))"

int
store_device_tally(struct store *st, const struct device_since *since,
    struct device_tally *out)
{
	sqlite3_stmt *q = store_query(st, "SELECT count(*),"
	    "coalesce(sum(NOT " HEARD "),0),coalesce(sum(" SILENT "),0),"
	    "coalesce(sum(" TROUBLE "),0) FROM device WHERE state<2", "ii",
	    since->called_ms, since->asked_ms);
	int rc = store_row(q);

	memset(out, 0, sizeof *out);
	if (rc == 1) {
		out->all = col_int(q, 0);
		out->without_panel = col_int(q, 1);
		out->silent = col_int(q, 2);
		out->trouble = col_int(q, 3);
	}
	store_done(q);
	return rc < 0 ? rc : 0;
}

int
store_device_attention(struct store *st, const struct device_since *since,
    int limit, store_device_row row, void *ctx)
{
	sqlite3_stmt *q = store_query(st, "SELECT " DEVICE_COLUMNS " FROM"
	    " device WHERE " SILENT " OR " TROUBLE " ORDER BY name LIMIT ?3",
	    "iii", since->called_ms, since->asked_ms, (int64_t)limit);
	struct device d;
	int rc, n = 0;

	while ((rc = store_row(q)) == 1) {
		device_from_row(q, &d);
		n++;
		if (!row(&d, ctx))
			break;
	}
	store_done(q);
	return rc < 0 ? rc : n;
}
