/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Stations beside printers: what they tell of themselves. */
#include "releaserd/core/station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/access.h"
#include "releaserd/core/api_priv.h"
#include "releaserd/core/direct.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/store_item.h"

#define DAY_MS 86400000
#define CERTIFICATE_END "certificate-end"

static bool
may_be_station(const struct device *d)
{
	return d->state == 1 && strcmp(d->protocol, DIRECT_PROTOCOL) != 0;
}

bool
device_is_station(const struct device *d)
{
	if (!may_be_station(d))
		return false;
	/* The model is that of a station which was enrolled by a program
	 * that did not say what it is. */
	return access_device_does(d, STATION_FEATURE) ||
	    strcmp(d->model, "Kiosk station") == 0;
}

/* ---- what it tells */

static void
put_readers(struct items *l, const json_t *readers)
{
	json_t *one;
	size_t i;

	json_array_foreach(readers, i, one) {
		static const char *const texts[] = { "kind", "name", "usb" };
		json_t *is = json_object_get(one, "present");
		unsigned n = (unsigned)i + 1;

		if (n > STATION_READERS_MAX)
			break;
		for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
			const char *s = json_string_value(json_object_get(
			    one, texts[k]));
			char name[ITEM_NAME_MAX];

			snprintf(name, sizeof name, "station.reader.N.%s",
			    texts[k]);
			if (s != NULL)
				items_str(l, name, n, s);
		}
		if (json_is_boolean(is))
			items_number(l, "station.reader.N.present", n,
			    json_is_true(is));
	}
}

/* One that was enrolled before it could say so is one from now on. */
static void
known_as_station(struct core *c, const struct device *known)
{
	json_t *features = json_loads(known->features, 0, NULL);
	struct device *d = malloc(sizeof *d);
	struct rel_err err;
	char *text;

	if (!json_is_array(features)) {
		json_decref(features);
		features = json_array();
	}
	json_array_append_new(features, json_string(STATION_FEATURE));
	text = json_dumps(features, JSON_COMPACT);
	if (d != NULL && text != NULL && strlen(text) < sizeof d->features &&
	    core_write(c, &err) == 0) {
		*d = *known;
		snprintf(d->features, sizeof d->features, "%s", text);
		if (store_device_set(c->st, d) < 0)
			core_spoil(c, 0);
		devices_changed(c, d->id);
	}
	free(text);
	free(d);
	json_decref(features);
}

void
station_heard(struct core *c, const char *id, const struct request *rq)
{
	const char *told = req_str(rq, F_STATION);
	const struct device *d = device_at(c, id);
	json_t *o = told != NULL ? json_loads(told, 0, NULL) : NULL;
	const char *host = json_string_value(json_object_get(o, "host")),
	    *version = json_string_value(json_object_get(o, "version"));
	struct items l;

	if (json_is_object(o) && d != NULL && may_be_station(d) &&
	    !access_device_does(d, STATION_FEATURE)) {
		known_as_station(c, d);
		d = device_at(c, id);
	}
	if (d == NULL || !device_is_station(d) || (told != NULL &&
	    !json_is_object(o))) {
		json_decref(o);
		return;
	}
	if (version == NULL)
		version = req_str(rq, F_FIRMWARE);
	items_init(&l);
	if (version != NULL)
		items_str(&l, "station.version", 0, version);
	if (host != NULL)
		items_str(&l, "station.host", 0, host);
	items_str(&l, "station.address", 0, rq->addr);
	put_readers(&l, json_object_get(o, "readers"));
	/* Who looks after it says nothing of its readers: they stay. */
	if (o == NULL || json_is_array(json_object_get(o, "readers")))
		l.groups = 1u << ITEMS_STATION;
	(void)fleet_take(c, id, "station", &l);
	items_fini(&l);
	json_decref(o);
}

void
device_certified(struct core *c, const char *id, int64_t end_ms)
{
	struct device_item one = { CERTIFICATE_END, NULL, ITEM_OF_SERVER,
		rel_now_ms() };
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)end_ms);
	one.value = text;
	if (store_item_set(c->st, id, &one) < 0)
		core_spoil(c, 0);
}

/* ---- into DEVICE */

/* Of one that got it before this was written down it follows from when it
 * grows old: two thirds of its time. */
static int64_t
certificate_end(struct core *c, const struct device *d)
{
	char text[24];

	if (d->cert_fp[0] == '\0')
		return 0;
	if (fleet_item(c, d->id, CERTIFICATE_END, text, sizeof text))
		return strtoll(text, NULL, 10);
	return d->renew_ms == 0 ? 0 : d->renew_ms +
	    c->role->set.cert_days * DAY_MS / 3;
}

static bool
told_row(const struct device_item *i, void *ctx)
{
	static const struct {
		const char *item, *member;
	} texts[] = {
		{ "station.version", "version" }, { "station.host", "host" },
		{ "station.address", "address" }
	};
	json_t *told = ctx, *readers = json_object_get(told, "readers"), *one;
	unsigned n = 0;
	int used = 0;

	for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
		if (strcmp(i->name, texts[k].item) == 0)
			json_object_set_new(told, texts[k].member,
			    json_string(i->value));
	if (sscanf(i->name, "station.reader.%2u.%n", &n, &used) != 1 ||
	    used == 0 || n == 0 || n > STATION_READERS_MAX)
		return true;
	while (json_array_size(readers) < n)
		json_array_append_new(readers, json_pack("{s:s,s:s,s:s,s:n}",
		    "kind", "", "name", "", "usb", "", "present"));
	one = json_array_get(readers, n - 1);
	json_object_set_new(one, i->name + used, strcmp(i->name + used,
	    "present") == 0 ? json_boolean(i->value[0] == '1') :
	    json_string(i->value));
	return true;
}

void
device_station_json(struct core *c, const struct device *d, json_t *o)
{
	json_t *told = NULL;

	json_object_set_new(o, "certificate_ends_at",
	    json_time(certificate_end(c, d)));
	if (device_is_station(d)) {
		told = json_pack("{s:s,s:s,s:s,s:[]}", "version", "", "host",
		    "", "address", "", "readers");
		if (store_item_group(c->st, d->id, "station.", told_row,
		    told) < 0)
			json_array_clear(json_object_get(told, "readers"));
	}
	json_object_set_new(o, "station", told != NULL ? told : json_null());
}
