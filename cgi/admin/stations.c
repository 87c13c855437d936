/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Stations: the small computers that are the panels of printers. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cgi/admin/admin.h"
#include "cgi/device_words.h"
#include "cgi/list.h"
#include "cgi/usage.h"

#define DAY_S 86400
#define SOON_DAYS 30

static const struct csv_column columns[] = {
	{ .title = "Name", .path = "name" },
	{ .title = "Place", .path = "location" },
	{ .title = "Computer", .path = "station.host" },
	{ .title = "Address", .path = "station.address" },
	{ .title = "Version", .path = "station.version" },
	{ .title = "Readers", .path = "readers_text" },
	{ .title = "Printer", .path = "lpr_host" },
	{ .title = "Last seen", .path = "last_seen_at", .kind = "time" },
	{ .title = "End of the certificate", .path = "certificate_ends_at",
	    .kind = "time" },
	{ .title = "State", .path = "words" },
	{ .title = "Problem", .path = "problems_text" },
	{ .title = "Identifier", .path = "id" },
	{ .title = NULL }
};

/* "a; b" is one text of a table. */
static void
put_joined(json_t *d, const char *key, const json_t *list)
{
	char text[600] = "";
	json_t *one;
	size_t i, n = 0;

	json_array_foreach(list, i, one) {
		const char *s = admin_str(one, "words");

		if (n + strlen(s) + 3 < sizeof text)
			n += (size_t)snprintf(text + n, sizeof text - n,
			    "%s%s", n > 0 ? "; " : "", s);
	}
	json_object_set_new(d, key, json_string(text));
}

/* Its readers in words; those that are not there are problems. */
static void
put_readers(json_t *d, json_t *problems)
{
	json_t *list = json_array(), *one;
	size_t i;

	json_array_foreach(json_object_get(json_object_get(d, "station"),
	    "readers"), i, one) {
		bool keys = strcmp(admin_str(one, "kind"), "keypad") == 0;
		bool gone = json_is_false(json_object_get(one, "present"));
		const char *name = admin_str(one, "usb")[0] != '\0' ?
		    admin_str(one, "usb") : admin_str(one, "name");
		char words[120];

		snprintf(words, sizeof words, "%s%s%.60s", keys ?
		    tr("Keypad") : tr("Card reader"), name[0] != '\0' ? " " :
		    "", name);
		json_array_append_new(list, json_pack("{s:s,s:b}", "words",
		    words, "gone", gone));
		if (gone)
			json_array_append_new(problems, json_pack("{s:s,s:b}",
			    "words", keys ? tr("the keypad is not there") :
			    tr("the card reader is not there"), "bad", true));
	}
	put_joined(d, "readers_text", list);
	json_object_set_new(d, "readers", list);
}

static void
put_certificate(json_t *d, json_t *problems)
{
	time_t end, now = time(NULL);
	bool soon = usage_time(&end, admin_str(d, "certificate_ends_at")) &&
	    end - now < (time_t)SOON_DAYS * DAY_S;

	json_object_set_new(d, "soon", json_boolean(soon));
	json_object_set_new(d, "days", json_integer(soon && end > now ?
	    (json_int_t)(end - now) / DAY_S : 0));
	if (soon)
		json_array_append_new(problems, json_pack("{s:s,s:b}",
		    "words", end <= now ? tr("its certificate has ended") :
		    tr("its certificate ends soon"), "bad", end <= now));
}

static void
station_row(json_t *d)
{
	json_t *problems = json_array();

	device_words(d);
	device_maker(d);
	json_object_set_new(d, "ago", admin_ago(json_object_get(d,
	    "last_seen_at")));
	put_readers(d, problems);
	put_certificate(d, problems);
	put_joined(d, "problems_text", problems);
	json_object_set_new(d, "problems", problems);
}

static int
stations_get(struct cgi *c)
{
	static const char *const filters[] = { "q", "condition", NULL };
	const struct list l = { .path = "/devices?station=yes",
	    .key = "devices", .filters = filters, .limit = 100,
	    .columns = columns, .each = station_row };
	int rc = list_view(c, &l);

	if (rc == 0)
		rc = cgi_view(c, "server", NULL, "/status");
	if (rc != 0)
		return rc;
	admin_conditions(c);
	admin_may_change(c, FOR_OPERATOR);
	return 0;
}

const struct page admin_stations = {
	.path = "admin/stations.cgi",
	.title = "Stations",
	.need = FOR_HELPDESK,
	.menu = "Devices",
	.get = stations_get
};
