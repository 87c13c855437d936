/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <stddef.h>
#include <stdio.h>

#include "station/desk.h"

static const struct rel_conf_item items[] = {
	{ "Reader", REL_CONF_TEXT, offsetof(struct desk_conf, reader), 1,
	    REL_CONF_TEXT_MAX - 1, 0, NULL, "/dev/input/card-reader",
	    "The card reader, an event device: a path below "
	    "/dev/input/by-id or by-path, so that it stays the same one." },
	{ "Keypad", REL_CONF_TEXT, offsetof(struct desk_conf, keypad), 0,
	    REL_CONF_TEXT_MAX - 1, 0, NULL, "",
	    "A keypad for PINs and for the list, an event device; none when "
	    "empty." },
	{ "Screen", REL_CONF_TEXT, offsetof(struct desk_conf, screen), 0,
	    REL_CONF_TEXT_MAX - 1, 0, NULL, "",
	    "The terminal to show things at, such as /dev/tty1; none when "
	    "empty." },
	{ "Tap", REL_CONF_CHOICE, offsetof(struct desk_conf, tap), 0, 0, 0,
	    "all|list", "all",
	    "What a card does: print all that waits, or show it first." },
	{ "Phone", REL_CONF_TEXT, offsetof(struct desk_conf, phone), 0,
	    REL_CONF_TEXT_MAX - 1, 0, NULL, "",
	    "The address of this printer's page, from \"releasectl device "
	    "show\"; shown as a QR code while nobody is logged in." },
	{ "Locale", REL_CONF_TEXT, offsetof(struct desk_conf, locale), 2, 35,
	    0, NULL, "en", "The language, as BCP 47 has it: en, de." },
	{ "Patience", REL_CONF_TIME, offsetof(struct desk_conf, patience_ms),
	    1000, 120000, 0, NULL, "15s",
	    "How long a card is tried while the print server does not "
	    "answer." }
};
const struct rel_conf_table desk_conf_table = { items,
    sizeof items / sizeof items[0] };

int
desk_conf_read(struct desk_conf *out, const char *dir, struct rel_err *err)
{
	char path[STATION_PATH];
	int rc;

	rel_conf_defaults(&desk_conf_table, out);
	if (snprintf(path, sizeof path, "%s/station.conf", dir) >=
	    (int)sizeof path)
		return rel_err_set(err, REL_E_LIMIT,
		    "the name of the folder is too long");
	rc = rel_conf_read(&desk_conf_table, out, path, err);
	return rc == -REL_E_NOTFOUND ? 0 : rc;
}
