/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "tests/opsim/keys.h"

void
device_boot(struct device *d)
{
	keys_uuid(d->boot);
}

int64_t
device_now_ms(const struct device *d)
{
	return rel_now_ms() + d->skew_ms;
}

bool
device_ready(const struct device *d)
{
	return !d->jam && !d->door && !d->off;
}

bool
device_do(struct device *d, const char *what)
{
	if (strcmp(what, "jam") == 0)
		d->jam = true;
	else if (strcmp(what, "clear") == 0)
		d->jam = d->door = false;
	else if (strcmp(what, "door-open") == 0)
		d->door = true;
	else if (strcmp(what, "door-close") == 0)
		d->door = false;
	else if (strcmp(what, "power-off") == 0)
		d->off = true;
	else if (strcmp(what, "power-on") == 0)
		d->off = false;
	else if (strcmp(what, "reboot") == 0)
		device_boot(d);
	else
		return false;
	return true;
}

/* ---- what is wrong */

const struct device_alert *
device_alert(const struct device *d, unsigned n)
{
	static const struct device_alert jam = { "media-jam-error",
	    "media-path", "Paper jam", 13, 8 };
	static const struct device_alert door = { "door-open-error", "cover",
	    "Cover open", 6, 501 };

	if (d->jam && n-- == 0)
		return &jam;
	return d->door && n == 0 ? &door : NULL;
}

/* ---- paper */

static bool
size_of(const char *name, int64_t *width, int64_t *height)
{
	const char *at = strrchr(name, '_');
	double w, h, unit;
	char *end;

	if (at == NULL || strlen(name) >= 64)
		return false;
	w = strtod(at + 1, &end);
	if (end == at + 1 || *end != 'x')
		return false;
	h = strtod(end + 1, &end);
	unit = strcmp(end, "mm") == 0 ? 1000 : strcmp(end, "in") == 0 ? 25400 :
	    0;
	if (unit == 0 || !(w > 0 && w < 2000) || !(h > 0 && h < 2000))
		return false;
	*width = (int64_t)(w * unit + .5);
	*height = (int64_t)(h * unit + .5);
	return true;
}

bool
device_load(struct device *d, const char *size)
{
	int64_t width, height;

	if (!size_of(size, &width, &height))
		return false;
	snprintf(d->loaded, sizeof d->loaded, "%s", size);
	d->loads++;
	return true;
}

const char *
device_loaded(const struct device *d, int64_t *width, int64_t *height)
{
	const char *name = d->loaded[0] != '\0' ? d->loaded :
	    "iso_a4_210x297mm";

	(void)size_of(name, width, height);
	return name;
}

/* ---- as OPDP says it */

json_t *
device_status(const struct device *d)
{
	const struct device_alert *one;
	json_t *reasons = json_array();

	for (unsigned n = 0; (one = device_alert(d, n)) != NULL; n++)
		json_array_append_new(reasons, json_string(one->reason));
	return json_pack("{s:s, s:o}", "state",
	    device_ready(d) ? "idle" : "stopped", "reasons", reasons);
}

static json_t *
alerts_json(const struct device *d)
{
	const struct device_alert *one;
	json_t *all = json_array();

	for (unsigned n = 0; (one = device_alert(d, n)) != NULL; n++)
		json_array_append_new(all, json_pack("{s:s, s:i, s:s, s:s,"
		    " s:s}", "severity", "critical", "code", one->code,
		    "group", one->group, "reason", one->reason, "text",
		    one->text));
	return all;
}

json_t *
device_status_full(const struct device *d, const char *session)
{
	json_t *v = device_status(d);
	char now[32];

	rel_time_text(now, device_now_ms(d));
	json_object_set_new(v, "alerts", alerts_json(d));
	json_object_set_new(v, "life", json_pack("{s:I, s:I, s:I, s:i}",
	    "impressions", (json_int_t)d->printed, "color", (json_int_t)0,
	    "mono", (json_int_t)d->printed, "scans", 0));
	json_object_set_new(v, "session", session[0] != '\0' ?
	    json_string(session) : json_null());
	json_object_set_new(v, "boot_id", json_string(d->boot));
	json_object_set_new(v, "time", json_string(now));
	return v;
}

static json_t *
feeders(const struct device *d)
{
	int64_t width, height;

	return json_pack("[{s:s, s:s, s:s, s:[s, s], s:[s, s], s:{s:s, s:s},"
	    " s:i, s:i}]", "id", "tray-1", "name", "Cassette 1", "kind",
	    "auto", "sizes", "iso_a4_210x297mm", "na_letter_8.5x11in",
	    "types", "stationery", "stationery-heavyweight", "loaded",
	    "size", device_loaded(d, &width, &height), "type", "stationery", "capacity", 500,
	    "level", 220);
}

static json_t *
functions(const struct state *st)
{
	const json_t *native = json_at(st->doc, "native"), *one;
	json_t *all = json_pack("[s]", "print");
	size_t i;

	/* "session-push" and the like are no functions */
	json_array_foreach((json_t *)native, i, one)
		if (strchr(json_string_value(one), '-') == NULL)
			json_array_append(all, (json_t *)one);
	return all;
}

json_t *
device_info(const struct device *d, const struct state *st)
{
	json_t *v = json_pack("{s:[s], s:I, s:s, s:s, s:s, s:[s], s:s, s:s,"
	    " s:{s:b, s:s}, s:b, s:[s, s, s], s:o, s:o,"
	    " s:[{s:s, s:[s, s]}], s:{s:i, s:i, s:i, s:i, s:i},"
	    " s:{s:s, s:s, s:[s], s:s, s:s}, s:{s:b, s:s, s:s},"
	    " s:{s:s, s:s}}",
	    "opdp", "1.0", "level", state_int(st, "level", 1),
	    "vendor", state_str(st, "vendor", ""),
	    "model", state_str(st, "model", ""),
	    "serial", state_str(st, "serial", ""),
	    "mac", "02:00:5e:10:00:01", "location", "simulated",
	    "firmware", state_str(st, "firmware", ""),
	    "type", "color", 1, "marking", "inkjet",
	    "duplex", 1,
	    "formats", "application/pdf", "application/vnd.hp-pcl",
	    "image/pwg-raster",
	    "functions", functions(st), "feeders", feeders(d), "finishers",
	    "kind", "staple", "positions", "top-left", "dual-left",
	    "limits", "user_id_max", 83, "display_max", 32, "rows_max", 50,
	    "usage_log", 5000, "sessions", 1,
	    "network", "ipv4", "127.0.0.1", "hostname", "opsim",
	    "filter", "127.0.0.0/8", "ieee_802_1x", "off", "ipsec", "off",
	    "reader", "present", 1, "vid", "09d8", "pid", "0410",
	    "activation", "state", "active", "key_tail",
	    state_str(st, "key_tail", ""));

	return v;
}
