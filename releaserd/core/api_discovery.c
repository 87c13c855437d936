/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The search for devices in the local API. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/names.h"
#include "lib/price.h"
#include "lib/ranges.h"
#include "releaserd/core/api_priv.h"
#include "releaserd/core/discovery.h"
#include "releaserd/core/snmp_access.h"
#include "releaserd/core/transport.h"

#define RUNS_SHOWN 10
#define ADD_MOST 256

static json_t *
discovery_json(const struct core *c, const struct discovery_run *r)
{
	const struct discovery_run *now = discovery_at_work(c);
	/* What is not at work any more and never ended was cut off. */
	enum discovery_state state = r->state == DISCOVERY_RUNNING &&
	    (now == NULL || now->id != r->id) ? DISCOVERY_FAILED : r->state;

	if (now != NULL && now->id == r->id)
		r = now;
	return json_pack("{s:s,s:s,s:s,s:o,s:o,s:I,s:I,s:I,s:I,s:I,s:I,s:I,"
	    "s:s}",
	    "state", discovery_state_name(state), "by", r->by, "addresses",
	    r->ranges, "began_at", json_time(r->began_ms), "ended_at",
	    json_time(r->ended_ms), "total", (json_int_t)r->total, "done",
	    (json_int_t)r->done, "printers", (json_int_t)r->printers,
	    "others", (json_int_t)r->others, "denied",
	    (json_int_t)r->denied, "known", (json_int_t)r->known, "moved",
	    (json_int_t)r->moved, "unknown", r->unknown);
}

struct discovery_rows {
	struct core *c;
	json_t *rows;
};

static bool
discovery_row(const struct discovery_run *r, void *ctx)
{
	struct discovery_rows *w = ctx;

	json_array_append_new(w->rows, discovery_json(w->c, r));
	return true;
}

static void
discovery_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct discovery_rows w = { c, NULL };
	int rc;

	(void)rq;
	if (api_need(c, a, who, WHO_OPERATOR) < 0)
		return;
	w.rows = json_array();
	if ((rc = store_discovery_runs(c->st, RUNS_SHOWN, discovery_row,
	    &w)) < 0) {
		json_decref(w.rows);
		reply_broken(c, a, rc);
		return;
	}
	reply_json(c, a, 200, json_pack("{s:b,s:o,s:o,s:s}", "running",
	    discovery_at_work(c) != NULL, "next_at",
	    json_time(discovery_next_ms(c)), "runs", w.rows, "addresses",
	    c->role->set.discovery_ranges));
}

void
api_discovery_get(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, discovery_get);
}

static void
discovery_begin(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *text = req_str(rq, F_ADDRESSES);
	struct rel_err err = { 0 };
	int rc;

	if (api_need(c, a, who, WHO_OPERATOR) < 0)
		return;
	rc = discovery_start(c, text != NULL ? text : "", who->name, &err);
	if (rc == -REL_E_EXISTS)
		reply_problem(c, a, "discovery-running", 0, "a search is at "
		    "work: wait for it, or end it");
	else if (rc == -REL_E_FORMAT || rc == -REL_E_LIMIT ||
	    rc == -REL_E_DENIED)
		reply_field(c, a, "bad-request", "addresses", err.text);
	else if (rc < 0)
		reply_broken(c, a, rc);
	else {
		api_audit(c, who, "discovery", discovery_at_work(c)->ranges);
		reply_json(c, a, 202, json_pack("{s:I}", "total",
		    (json_int_t)discovery_at_work(c)->total));
	}
}

void
api_discovery_start(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, discovery_begin);
}

static void
discovery_stop(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	int rc;

	(void)rq;
	if (api_need(c, a, who, WHO_OPERATOR) < 0)
		return;
	if ((rc = discovery_cancel(c)) == 0)
		reply_text(c, a, 204, NULL, 0);
	else if (rc == -REL_E_NOTFOUND)
		reply_problem(c, a, "not-found", 0, "no search is at work");
	else
		reply_broken(c, a, rc);
}

void
api_discovery_cancel(struct core *c, const struct request *rq,
    struct asker *a)
{
	api_who(c, rq, a, discovery_stop);
}

/* ---- what was found */

static json_t *
found_texts(const struct found *f)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s}",
	    "address", f->address, "host", f->host, "vendor", f->vendor,
	    "model", f->model, "serial", f->serial, "mac", f->mac, "name",
	    f->name, "location", f->location, "lpr_queue", f->queue,
	    "description", f->description, "object_id", f->object_id);
}

/* Who said so, and what DNS-SD says besides. */
static json_t *
found_source(const struct found *f)
{
	return json_pack("{s:s,s:s,s:s,s:s}", "source",
	    f->source == FOUND_BY_DNS_SD ? "dnssd" : "snmp", "ipp_uri",
	    f->ipp_uri, "formats", f->formats, "uuid", f->uuid);
}

/* "new", "known", "moved", "denied"; and which device it is. */
static json_t *
found_json(struct core *c, const struct found_row *r)
{
	const struct snmp_row *access = snmp_set_by_id(c, r->access_id);
	struct device *d = malloc(sizeof *d);
	const char *state = r->f.state == FOUND_DENIED ? "denied" : "new";
	json_t *o = found_texts(&r->f), *device = NULL;
	bool sure;

	if (d != NULL && o != NULL && store_found_device(c->st, &r->f, d,
	    &sure) == 0) {
		bool moved = d->address[0] != '\0' && strcmp(d->address,
		    r->f.address) != 0 && strcmp(d->address, r->f.host) != 0;

		if (r->f.state != FOUND_DENIED)
			state = moved ? "moved" : "known";
		device = json_pack("{s:s,s:s,s:s}", "id", d->id, "name",
		    d->name, "address", d->address);
	}
	free(d);
	json_object_update_new(o, found_source(&r->f));
	json_object_set_new(o, "state", json_string(state));
	json_object_set_new(o, "device", device != NULL ? device :
	    json_null());
	json_object_set_new(o, "credentials", json_string(access != NULL ?
	    access->name : r->access_id == 0 && r->f.state == FOUND_PRINTER &&
	    r->f.source == FOUND_BY_SNMP ?
	    "public" : ""));
	json_object_set_new(o, "first_at", json_time(r->first_ms));
	json_object_set_new(o, "last_at", json_time(r->last_ms));
	return o;
}

struct found_rows {
	struct core *c;
	const char *what;
	json_t *rows;
	char last[46];
};

static bool
found_row(const struct found_row *r, void *ctx)
{
	struct found_rows *w = ctx;
	json_t *o = found_json(w->c, r);

	snprintf(w->last, sizeof w->last, "%s", r->f.address);
	if (w->what == NULL || strcmp(json_string_value(json_object_get(o,
	    "state")), w->what) == 0)
		json_array_append(w->rows, o);
	json_decref(o);
	return true;
}

static void
found_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	int limit = (int)req_num(rq, F_LIMIT, API_LIMIT), n;
	const char *after = req_str(rq, F_AFTER);
	struct found_rows w = { .c = c, .what = req_str(rq, F_WHAT) };

	if (api_need(c, a, who, WHO_OPERATOR) < 0)
		return;
	if (w.what != NULL && !settings_word("new known moved denied",
	    w.what)) {
		reply_field(c, a, "bad-request", "what", "one of new, known, "
		    "moved, denied");
		return;
	}
	w.rows = json_array();
	n = store_found_list(c->st, after != NULL ? after : "", limit,
	    found_row, &w);
	api_answer_page(c, a, "found", w.rows, n,
	    n == limit ? w.last : NULL);
}

void
api_found_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, found_list);
}

/* ---- to devices */

/* One address: what became of it into the answer. 0, or the turn is spoilt. */
static int
found_add(struct core *c, const char *address, const struct discovery_wish *w,
    json_t *answer)
{
	struct device *d = calloc(1, sizeof *d);
	struct found_row r;
	const char *list = "refused", *why = "";
	bool sure;
	int rc = d == NULL ? -REL_E_NOMEM : store_found_get(c->st, address,
	    &r);

	if (rc == 0)
		rc = discovery_adopt(c, &r, w, d);
	if (rc == 0)
		list = "added";
	else if (rc == -REL_E_NOTFOUND)
		why = "nothing was found at this address";
	else if (rc == -REL_E_DENIED)
		why = "no SNMP credentials fit it: what it is is not known";
	else if (rc == -REL_E_EXISTS && store_found_device(c->st, &r.f, d,
	    &sure) == 0 && d->address[0] != '\0' && strcmp(d->address,
	    r.f.address) != 0) {
		if ((rc = discovery_move(c, &r, d, w->by)) >= 0)
			list = "moved";
	} else if (rc == -REL_E_EXISTS)
		why = "this device is there already";
	if (rc >= 0 || why[0] != '\0') {
		rc = 0;
		json_array_append_new(json_object_get(answer, list),
		    json_pack("{s:s,s:s,s:s,s:s}", "address", address, "id",
		    d->id, "name", d->name, "why", why));
	}
	free(d);
	return rc;
}

/* The groups as they are kept; 0, or answered. */
static int
wish_groups(struct core *c, struct asker *a, const char *text, char out[512])
{
	static const struct rel_names_max lim = {
		REL_PRICE_GROUPS_MAX, REL_PRICE_NAME_MAX
	};
	struct rel_err err;

	out[0] = '\0';
	if (text == NULL || rel_names_tidy(out, 512, text, &lim, &err) == 0)
		return 0;
	reply_field(c, a, "bad-request", "groups", err.text);
	return -1;
}

static void
found_add_all(struct core *c, struct asker *a, const char *text,
    const struct discovery_wish *w)
{
	json_t *answer = json_pack("{s:[],s:[],s:[]}", "added", "moved",
	    "refused");
	struct rel_ranges *r = malloc(sizeof *r);
	struct rel_ranges_at at = { 0 };
	char one[REL_HOST_NAME_MAX];
	struct rel_err err = { 0 };
	int rc = r == NULL ? -REL_E_NOMEM : rel_ranges_read(r, text, false,
	    &err);

	if (rc == -REL_E_FORMAT || rc == -REL_E_LIMIT || (rc == 0 &&
	    rel_ranges_size(r) > ADD_MOST)) {
		reply_field(c, a, "bad-request", "addresses", rc < 0 ?
		    err.text : "these are more than 256 addresses");
		rc = 1;
	}
	if (rc == 0 && (rc = core_write(c, &err)) == 0)
		while (rc == 0 && rel_ranges_next(r, &at, one))
			rc = found_add(c, one, w, answer);
	if (rc < 0)
		reply_broken(c, a, core_spoil(c, rc));
	if (rc == 0)
		reply_json(c, a, 200, json_incref(answer));
	json_decref(answer);
	if (r != NULL)
		rel_ranges_fini(r);
	free(r);
}

static void
found_adopt(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	char groups[512];
	struct discovery_wish w = {
		.name = req_str(rq, F_NAME),
		.location = req_str(rq, F_LOCATION),
		.driver = req_str(rq, F_DRIVER),
		.groups = groups, .by = who->name
	};

	if (api_need(c, a, who, WHO_OPERATOR) < 0 ||
	    wish_groups(c, a, req_str(rq, F_GROUPS), groups) < 0)
		return;
	if (w.driver != NULL && !device_driver_ok(w.driver)) {
		reply_field(c, a, "bad-request", "driver", "driver is "
		    "auto, pdf, pjl, ps, pwg, urf, pclxl, pcl or the absolute "
		    "path of a PPD file on the print server");
		return;
	}
	found_add_all(c, a, req_str(rq, F_ADDRESSES), &w);
}

void
api_found_add(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, found_adopt);
}

/* ---- releasectl snmp test */

static void
on_looked(struct core *c, const struct found *f,
    const struct snmp_row *access, void *ctx)
{
	static const char *const states[] = {
		"answers", "printer", "other", "denied"
	};
	struct asker *a = ctx;
	json_t *o = f != NULL ? found_texts(f) : json_object();

	json_object_set_new(o, "outcome", json_string(f != NULL ?
	    states[f->state & 3] : "silent"));
	json_object_set_new(o, "credentials", json_string(access != NULL ?
	    access->name : f != NULL && f->state != FOUND_DENIED ? "public" :
	    ""));
	reply_json(c, a, 200, o);
	free(a);
}

/* The one address or name that the text is. */
static int
one_address(const char *text, char out[REL_HOST_NAME_MAX],
    struct rel_err *err)
{
	struct rel_ranges *r = malloc(sizeof *r);
	struct rel_ranges_at at = { 0 };
	int rc = r == NULL ? -REL_E_NOMEM : rel_ranges_read(r, text, true,
	    err);

	if (rc == 0) {
		if (rel_ranges_size(r) != 1 || !rel_ranges_next(r, &at, out))
			rc = rel_err_set(err, REL_E_FORMAT, "this is not one "
			    "address or host name");
		rel_ranges_fini(r);
	}
	free(r);
	return rc;
}

static void
snmp_try(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct asker *later = malloc(sizeof *later);
	char address[REL_HOST_NAME_MAX];
	struct rel_err err = { 0 };
	int rc = -REL_E_NOMEM;

	if (api_admin(c, a, who) < 0)
		rc = 1;
	else if (later != NULL)
		rc = one_address(req_str(rq, F_ADDRESS), address, &err);
	if (rc == 0) {
		*later = *a;
		rc = discovery_look(c, address, on_looked, later);
		if (rc == 0)
			later = NULL;
	}
	if (rc == -REL_E_FORMAT || rc == -REL_E_LIMIT)
		reply_field(c, a, "bad-request", "address", err.text);
	else if (rc == -REL_E_FULL)
		reply_problem(c, a, "rate-limited", 5, "devices are being "
		    "asked: try again");
	else if (rc < 0)
		reply_broken(c, a, rc);
	free(later);
}

void
api_snmp_test(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, snmp_try);
}
