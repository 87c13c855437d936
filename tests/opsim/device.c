/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/device.h"

#include <string.h>

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
	else
		return false;
	return true;
}

json_t *
device_status(const struct device *d)
{
	json_t *reasons = json_array();

	if (d->jam)
		json_array_append_new(reasons, json_string("media-jam-error"));
	if (d->door)
		json_array_append_new(reasons, json_string("door-open-error"));
	return json_pack("{s:s, s:o}", "state",
	    device_ready(d) ? "idle" : "stopped", "reasons", reasons);
}

json_t *
device_status_full(const struct device *d, const char *session)
{
	json_t *v = device_status(d);

	json_object_set_new(v, "alerts", json_array());
	json_object_set_new(v, "life", json_pack("{s:I, s:i}",
	    "impressions", (json_int_t)d->printed, "color", 0));
	json_object_set_new(v, "session", session[0] != '\0' ?
	    json_string(session) : json_null());
	return v;
}

json_t *
device_info(const struct device *d, const struct state *st)
{
	(void)d;
	return json_pack("{s:[s], s:i, s:s, s:s, s:s, s:[], s:s, s:s,"
	    " s:{s:b, s:s}, s:b, s:[s, s, s], s:[s],"
	    " s:{s:i, s:i, s:i, s:i}, s:{s:b}}",
	    "opdp", "1.0", "level", (int)state_int(st, "level", 1),
	    "vendor", state_str(st, "vendor", ""),
	    "model", state_str(st, "model", ""),
	    "serial", state_str(st, "serial", ""),
	    "mac", "location", "simulated",
	    "firmware", state_str(st, "firmware", ""),
	    "type", "color", 1, "marking", "simulated",
	    "duplex", 1,
	    "formats", "application/pdf", "application/vnd.hp-pcl",
	    "image/pwg-raster",
	    "functions", "print",
	    "limits", "user_id_max", 83, "display_max", 32, "rows_max", 50,
	    "sessions", 1,
	    "reader", "present", 1);
}
