/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Devices in the local API. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/names.h"
#include "lib/price.h"
#include "releaserd/core/api_priv.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/link.h"
#include "releaserd/core/station.h"
#include "releaserd/core/store_access.h"
#include "releaserd/core/store_item.h"
#include "releaserd/core/store_lock.h"
#include "releaserd/core/store_posture.h"
#include "releaserd/core/direct.h"
#include "releaserd/core/transport.h"

static const char *
state_name(const struct device *d)
{
	static const char *const states[] = {
		"waiting", "registered", "removed"
	};

	return states[d->state < 0 || d->state > 2 ? 2 : d->state];
}

/* What it said it can, or cannot; null: nobody knows. */
static json_t *
can_json(struct core *c, const struct device *d, const char *item)
{
	char value[8];

	return fleet_item(c, d->id, item, value, sizeof value) ?
	    json_boolean(strcmp(value, "1") == 0) : json_null();
}

json_t *
device_json(struct core *c, const struct device *d)
{
	json_t *status = d->status[0] != '\0' ? json_loads(d->status,
	    JSON_DECODE_ANY, NULL) : NULL, *o;

	o = json_pack("{s:o,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:s,s:s,"
	    "s:s,s:s,s:o,s:o,s:o}", "panel_locked_at", json_time(
	    d->locked_ms), "id", d->id, "name", d->name, "serial",
	    d->serial, "vendor", d->vendor, "model", d->model, "firmware",
	    d->firmware, "location", d->location, "state",
	    state_name(d), "lpr_host", d->lpr_host, "lpr_port",
	    (json_int_t)d->lpr_port, "lpr_queue", d->lpr_queue,
	    "lpr_order", d->data_first ? "data-first" :
	    "control-first", "driver", d->driver, "groups", d->groups,
	    "status", status != NULL ? status : json_null(),
	    "registered_at", json_time(d->registered_ms),
	    "last_seen_at", json_time(d->seen_ms));
	json_object_set_new(o, "session_mode", json_string(d->session_push ?
	    "push" : "inline"));
	json_object_set_new(o, "commands", json_boolean(link_can(d,
	    DRIVER_CAN_COMMAND)));
	json_object_set_new(o, "color", can_json(c, d, "color"));
	json_object_set_new(o, "duplex", can_json(c, d, "duplex"));
	device_transport_json(d, o);
	device_fleet_json(c, d, o);
	device_station_json(c, d, o);
	return o;
}

/* Of what a device said of itself, whether it prints, and why not. */
static json_t *
status_short(const char *status)
{
	json_t *all = status[0] != '\0' ? json_loads(status,
	    JSON_DECODE_ANY, NULL) : NULL, *o;

	o = json_is_object(all) ? json_pack("{s:O*,s:O*}", "state",
	    json_object_get(all, "state"), "reasons",
	    json_object_get(all, "reasons")) : json_null();
	json_decref(all);
	return o;
}

/* What choosing one needs, and no more. */
static json_t *
choice_json(struct core *c, const struct device *d)
{
	struct fleet_now f;
	char words[240] = "";

	fleet_now(c, d->id, &f);
	fleet_reason_words(f.reasons, "en", words, sizeof words);
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s?,s:s,s:o,s:o,s:o}", "id",
	    d->id, "name", d->name, "location", d->location, "state",
	    state_name(d), "condition", device_condition(c, d), "problem",
	    f.problem, "trouble", words, "status", status_short(d->status),
	    "color", can_json(c, d, "color"), "duplex", can_json(c, d,
	    "duplex"));
}

json_t *
device_json_for(struct core *c, const struct device *d,
    enum caller_role role)
{
	return role >= WHO_HELPDESK ? device_json(c, d) : choice_json(c, d);
}

int
device_find(struct core *c, struct asker *a, const char *id, struct device *d)
{
	int rc = store_device_get(c->st, id, d);

	if (rc == 0 && d->state == 2)
		rc = -REL_E_NOTFOUND;
	if (rc == -REL_E_NOTFOUND)
		rc = store_device_by_name(c->st, id, d);
	if (rc == -REL_E_NOTFOUND)
		reply_problem(c, a, "device-unknown", 0,
		    "there is no device \"%s\"", id);
	else if (rc < 0)
		reply_broken(c, a, rc);
	return rc;
}

/* ---- list and show */

struct device_rows {
	struct core *c;
	enum caller_role role;
	json_t *rows;
	char last[65];
};

static bool
device_row(const struct device *d, void *ctx)
{
	struct device_rows *w = ctx;

	json_array_append_new(w->rows, device_json_for(w->c, d, w->role));
	snprintf(w->last, sizeof w->last, "%s", d->name);
	return true;
}

static void
device_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	int limit = (int)req_num(rq, F_LIMIT, API_LIMIT), n;
	const char *after = req_str(rq, F_AFTER);
	const char *station = req_str(rq, F_STATION);
	struct device_rows w = { c, who->role, NULL, "" };

	/* Which groups and stations there are is the help desk's to know. */
	if ((req_str(rq, F_DEVICE_GROUP) != NULL || station != NULL) &&
	    api_need(c, a, who, WHO_HELPDESK) < 0)
		return;
	if (station != NULL && strcmp(station, "yes") != 0 &&
	    strcmp(station, "no") != 0) {
		reply_field(c, a, "bad-request", "station",
		    "station is yes or no");
		return;
	}
	if (api_seek(c, rq, a, SEEK_DEVICES, who->role))
		return;
	w.rows = json_array();
	n = store_device_list(c->st, after != NULL ? after : "", limit,
	    device_row, &w);
	api_answer_page(c, a, "devices", w.rows, n,
	    n == limit ? w.last : NULL);
}

void
api_device_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, device_list);
}

static void
device_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct device d;

	if (api_need(c, a, who, WHO_HELPDESK) < 0)
		return;
	if (device_find(c, a, req_str(rq, F_ID), &d) == 0)
		reply_json(c, a, 200, device_json(c, &d));
}

void
api_device_get(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, device_get);
}

/* ---- add and change */

/* The groups it belongs to; 0, or it has been answered. */
static int
groups_fill(struct core *c, const struct request *rq, struct asker *a,
    struct device *d)
{
	static const struct rel_names_max lim = {
		REL_PRICE_GROUPS_MAX, REL_PRICE_NAME_MAX
	};
	const char *s = req_str(rq, F_GROUPS);
	char groups[sizeof d->groups];
	struct rel_err err;

	if (s == NULL)
		return 0;
	if (rel_names_tidy(groups, sizeof groups, s, &lim, &err) < 0) {
		reply_field(c, a, "bad-request", "groups", err.text);
		return -1;
	}
	snprintf(d->groups, sizeof d->groups, "%s", groups);
	return 0;
}

static int
device_fill(struct core *c, const struct request *rq, struct asker *a,
    struct device *d)
{
	const char *order = req_str(rq, F_LPR_ORDER);
	const char *queue = req_str(rq, F_LPR_QUEUE);
	const char *s = req_str(rq, F_DRIVER), *wrong;
	const char *mode = req_str(rq, F_SESSION_MODE);
	struct rel_err err;

	if (s != NULL && !device_driver_ok(s)) {
		reply_problem(c, a, "bad-request", 0, "driver is auto, pdf, "
		    "pjl, ps, pwg, urf, pclxl, pcl or the absolute path of a "
		    "PPD file on the print server");
		return -1;
	}
	if (mode != NULL && strcmp(mode, "push") != 0 &&
	    strcmp(mode, "inline") != 0) {
		reply_field(c, a, "bad-request", "session_mode",
		    "session_mode is inline or push");
		return -1;
	}
	if (mode != NULL)
		d->session_push = strcmp(mode, "push") == 0;
	if (device_transport_fill(rq, d, &err) < 0) {
		reply_problem(c, a, "bad-request", 0, "%s", err.text);
		return -1;
	}
	if ((wrong = device_fleet_fill(rq, d)) != NULL) {
		reply_problem(c, a, "bad-request", 0, "%s", wrong);
		return -1;
	}
	if (s != NULL)
		snprintf(d->driver, sizeof d->driver, "%s", s);
	if (queue != NULL)
		for (const char *p = queue; *p != '\0'; p++)
			if (*p <= ' ' || *p > '~') {
				reply_problem(c, a, "bad-request", 0,
				    "lpr_queue must be printable ASCII "
				    "without blanks");
				return -1;
			}
	if (order != NULL && strcmp(order, "control-first") != 0 &&
	    strcmp(order, "data-first") != 0) {
		reply_problem(c, a, "bad-request", 0,
		    "lpr_order is control-first or data-first");
		return -1;
	}
	if (order != NULL)
		d->data_first = strcmp(order, "data-first") == 0;
	if ((s = req_str(rq, F_NAME)) != NULL)
		snprintf(d->name, sizeof d->name, "%s", s);
	if ((s = req_str(rq, F_LOCATION)) != NULL)
		snprintf(d->location, sizeof d->location, "%s", s);
	if ((s = req_str(rq, F_LPR_HOST)) != NULL)
		snprintf(d->lpr_host, sizeof d->lpr_host, "%s", s);
	if (queue != NULL)
		snprintf(d->lpr_queue, sizeof d->lpr_queue, "%s", queue);
	d->lpr_port = req_num(rq, F_LPR_PORT, d->lpr_port);
	return groups_fill(c, rq, a, d);
}

static int
device_save(struct core *c, struct asker *a, const struct device *d,
    bool is_new)
{
	struct rel_err err;
	int rc;

	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return -1;
	}
	rc = is_new ? store_device_add(c->st, d) : store_device_set(c->st, d);
	if (rc == -REL_E_EXISTS) {
		reply_problem(c, a, "device-name-in-use", 0,
		    "there is a device \"%s\" already", d->name);
		return -1;
	}
	if (rc < 0) {
		core_spoil(c, rc);
		reply_broken(c, a, rc);
		return -1;
	}
	devices_changed(c, d->id);
	lists_forget_all(c);		/* what jobs cost there */
	return 0;
}

static void
device_add(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct device d = { .lpr_port = 515, .lpr_queue = "lp" };
	const char *serial = req_str(rq, F_DEVICE_SERIAL);
	char key[24];
	json_t *o;

	if (api_need(c, a, who, WHO_OPERATOR) < 0)
		return;
	if (req_str(rq, F_LPR_HOST) == NULL && (req_str(rq, F_PROTOCOL) ==
	    NULL || strcmp(req_str(rq, F_PROTOCOL), DIRECT_PROTOCOL) != 0)) {
		reply_problem(c, a, "bad-request", 0,
		    "lpr_host is missing: where does the device take jobs?");
		return;
	}
	ids_uuid(d.id);
	d.created_ms = rel_now_ms();
	if (serial != NULL && strcmp(serial, "any") != 0)
		snprintf(d.want_serial, sizeof d.want_serial, "%s", serial);
	snprintf(d.serial, sizeof d.serial, "%s", d.want_serial);
	device_new_key(c, &d, key);
	if (device_fill(c, rq, a, &d) < 0 || device_save(c, a, &d, true) < 0)
		return;
	api_audit(c, who, "device-added", d.name);
	o = device_json(c, &d);
	json_object_set_new(o, "activation_key", json_string(key));
	json_object_set_new(o, "activation_expires_at",
	    json_time(d.key_expires_ms));
	rel_wipe(key, sizeof key);
	reply_json(c, a, 201, o);
}

void
api_device_add(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, device_add);
}

static void
device_set(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct device d;

	if (api_need(c, a, who, WHO_OPERATOR) < 0)
		return;
	if (device_find(c, a, req_str(rq, F_ID), &d) < 0 ||
	    device_fill(c, rq, a, &d) < 0 || device_save(c, a, &d, false) < 0)
		return;
	api_audit(c, who, "device-changed", d.name);
	reply_json(c, a, 200, device_json(c, &d));
}

void
api_device_set(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, device_set);
}

static void
device_key(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct device d;
	char key[24];

	if (api_need(c, a, who, WHO_OPERATOR) < 0 ||
	    device_find(c, a, req_str(rq, F_ID), &d) < 0)
		return;
	device_new_key(c, &d, key);
	if (device_save(c, a, &d, false) < 0)
		return;
	api_audit(c, who, "device-key", d.name);
	reply_json(c, a, 201, json_pack("{s:s,s:o}", "activation_key", key,
	    "activation_expires_at", json_time(d.key_expires_ms)));
	rel_wipe(key, sizeof key);
}

void
api_device_key(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, device_key);
}

static void
device_del(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct device d;

	if (api_need(c, a, who, WHO_OPERATOR) < 0 ||
	    device_find(c, a, req_str(rq, F_ID), &d) < 0)
		return;
	d.state = 2;
	d.has_key = false;
	d.cert_fp[0] = d.prev_fp[0] = d.token[0] = '\0';
	if (device_save(c, a, &d, false) < 0)
		return;
	if (store_secret_forget(c->st, d.id) < 0 ||
	    store_item_device_gone(c->st, d.id) < 0 ||
	    store_access_device_gone(c->st, d.id) < 0 ||
	    store_lock_device_gone(c->st, d.id) < 0 ||
	    store_posture_gone(c->st, d.id) < 0) {
		reply_broken(c, a, core_spoil(c, -REL_E_IO));
		return;
	}
	sessions_close_device(c, d.id);
	api_audit(c, who, "device-removed", d.name);
	reply_text(c, a, 204, NULL, 0);
}

void
api_device_del(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, device_del);
}
