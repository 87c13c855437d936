/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Printer attributes as items: RFC 8011 section 5.4, PWG 5100.9 (alerts),
 * 5100.12 and 5100.14 (IPP Everywhere), 5102.4 (raster).
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "releaserd/driver/ipp_priv.h"

#define VALUES_MAX 200		/* of one attribute */
#define DPI_MOST 100000

/* ---- attributes */

const char *
ipp_text(ipp_t *m, const char *name)
{
	ipp_attribute_t *a = ippFindAttribute(m, name, IPP_TAG_ZERO);
	const char *s = a != NULL ? ippGetString(a, 0, NULL) : NULL;

	return s != NULL ? s : "";
}

int64_t
ipp_number(ipp_t *m, const char *name, int64_t otherwise)
{
	ipp_attribute_t *a = ippFindAttribute(m, name, IPP_TAG_ZERO);
	ipp_tag_t tag = a != NULL ? ippGetValueTag(a) : IPP_TAG_ZERO;

	return tag == IPP_TAG_INTEGER || tag == IPP_TAG_ENUM ?
	    ippGetInteger(a, 0) : otherwise;
}

static int
values_of(ipp_attribute_t *a)
{
	int n = a != NULL ? ippGetCount(a) : 0;

	return n < VALUES_MAX ? n : VALUES_MAX;
}

/* One word behind the others, when all of it fits. */
static void
add_word(char *out, size_t size, const char *word)
{
	size_t n = strlen(out), w = strlen(word);

	if (w == 0 || strchr(word, ',') != NULL ||
	    n + w + 2 > size)
		return;
	snprintf(out + n, size - n, "%s%s", n > 0 ? "," : "", word);
}

void
ipp_words(ipp_t *m, const char *name, char *out, size_t size)
{
	ipp_attribute_t *a = ippFindAttribute(m, name, IPP_TAG_ZERO);
	int n = values_of(a);

	out[0] = '\0';
	for (int i = 0; i < n; i++) {
		const char *s = ippGetString(a, i, NULL);

		if (s != NULL)
			add_word(out, size, s);
	}
}

bool
ipp_member(const char *text, size_t len, const char *name, char *out,
    size_t size)
{
	size_t want = strlen(name), at = 0;

	out[0] = '\0';
	while (at < len) {
		size_t n = 0, v;

		while (at + n < len && text[at + n] != ';')
			n++;
		if (n > want && text[at + want] == '=' &&
		    strncasecmp(text + at, name, want) == 0) {
			v = n - want - 1;
			if (v >= size)
				v = size - 1;
			memcpy(out, text + at + want + 1, v);
			out[v] = '\0';
			return true;
		}
		at += n + 1;
	}
	return false;
}

/* ---- identity */

/* IEEE 1284: "MFG:Example;MDL:Printer;SN:1;" */
static bool
device_id(const char *id, const char *key, const char *other, char *out,
    size_t size)
{
	for (const char *p = id; *p != '\0'; p += strcspn(p, ";"),
	    p += *p == ';') {
		size_t k, n;

		while (*p == ' ')
			p++;
		k = strcspn(p, ":;");
		if (p[k] != ':' || ((k != strlen(key) ||
		    strncasecmp(p, key, k) != 0) && (k != strlen(other) ||
		    strncasecmp(p, other, k) != 0)))
			continue;
		n = strcspn(p + k + 1, ";");
		snprintf(out, size, "%.*s", (int)(n < size ? n : size - 1),
		    p + k + 1);
		return out[0] != '\0';
	}
	out[0] = '\0';
	return false;
}

static void
put_maker(struct items *l, ipp_t *m)
{
	const char *id = ipp_text(m, "printer-device-id");
	const char *both = ipp_text(m, "printer-make-and-model");
	size_t first = strcspn(both, " ");
	char out[256];

	items_str(l, "device-id", 0, id);
	if (device_id(id, "MFG", "MANUFACTURER", out, sizeof out))
		items_str(l, "vendor", 0, out);
	else
		items_text(l, "vendor", 0, both, first);
	if (device_id(id, "MDL", "MODEL", out, sizeof out))
		items_str(l, "model", 0, out);
	else if (both[first] == ' ')
		items_str(l, "model", 0, both + first + 1);
	if (device_id(id, "SN", "SERN", out, sizeof out) ||
	    device_id(id, "SERIALNUMBER", "SER", out, sizeof out))
		items_str(l, "serial", 0, out);
	items_str(l, "serial", 0, ipp_text(m, "printer-serial-number"));
}

static void
put_identity(struct items *l, ipp_t *m)
{
	const char *dns = ipp_text(m, "printer-dns-sd-name");

	put_maker(l, m);
	items_str(l, "firmware", 0,
	    ipp_text(m, "printer-firmware-string-version"));
	items_str(l, "uuid", 0, ipp_text(m, "printer-uuid"));
	items_str(l, "name", 0, dns[0] != '\0' ? dns :
	    ipp_text(m, "printer-name"));
	items_str(l, "location", 0, ipp_text(m, "printer-location"));
	items_str(l, "description", 0, ipp_text(m, "printer-info"));
	items_str(l, "contact", 0, ipp_text(m, "printer-contact"));
}

/* ---- abilities */

static void
put_words(struct items *l, const char *item, ipp_t *m, const char *name)
{
	char out[ITEM_VALUE_MAX];

	ipp_words(m, name, out, sizeof out);
	items_str(l, item, 0, out);
}

/* Dots of an inch; 0: none that a printer has. */
static int
per_inch(int dots, ipp_res_t units)
{
	if (dots <= 0 || dots > DPI_MOST)
		return 0;
	return units == IPP_RES_PER_CM ? (int)(dots * 2.54 + 0.5) : dots;
}

static void
put_resolutions(struct items *l, const char *item, ipp_t *m,
    const char *name)
{
	ipp_attribute_t *a = ippFindAttribute(m, name, IPP_TAG_RESOLUTION);
	char out[ITEM_VALUE_MAX] = "", word[24];
	int n = values_of(a);

	for (int i = 0; i < n; i++) {
		ipp_res_t units;
		int y, x = ippGetResolution(a, i, &y, &units);

		x = per_inch(x, units);
		y = per_inch(y, units);
		if (x == 0 || y == 0)
			continue;
		snprintf(word, sizeof word, x == y ? "%d" : "%dx%d", x, y);
		add_word(out, sizeof out, word);
	}
	items_str(l, item, 0, out);
}

static void
put_finishings(struct items *l, ipp_t *m)
{
	ipp_attribute_t *a = ippFindAttribute(m, "finishings-supported",
	    IPP_TAG_ENUM);
	char out[ITEM_VALUE_MAX] = "";
	int n = values_of(a);

	for (int i = 0; i < n; i++)
		add_word(out, sizeof out, ippEnumString("finishings",
		    ippGetInteger(a, i)));
	items_str(l, "finishings", 0, out);
}

static void
put_yesno(struct items *l, const char *item, ipp_t *m, const char *name)
{
	ipp_attribute_t *a = ippFindAttribute(m, name, IPP_TAG_BOOLEAN);

	if (a != NULL)
		items_number(l, item, 0, ippGetBoolean(a, 0) != 0);
}

static void
put_abilities(struct items *l, ipp_t *m)
{
	char sides[ITEM_VALUE_MAX];
	int64_t speed = ipp_number(m, "pages-per-minute", 0);

	put_yesno(l, "color", m, "color-supported");
	ipp_words(m, "sides-supported", sides, sizeof sides);
	if (sides[0] != '\0')
		items_number(l, "duplex", 0, strstr(sides, "two-sided") !=
		    NULL);
	if (speed > 0)
		items_number(l, "speed", 0, speed);
	items_str(l, "functions", 0, "print");
	put_words(l, "formats", m, "document-format-supported");
	put_words(l, "media-sizes", m, "media-supported");
	put_words(l, "media-types", m, "media-type-supported");
	put_words(l, "raster-types", m, "pwg-raster-document-type-supported");
	put_words(l, "raster-back", m, "pwg-raster-document-sheet-back");
	put_words(l, "urf", m, "urf-supported");
	put_resolutions(l, "resolutions", m, "printer-resolution-supported");
	put_resolutions(l, "raster-resolutions", m,
	    "pwg-raster-document-resolution-supported");
	put_finishings(l, m);
}

/* ---- where it takes documents */

static void
put_channels(struct items *l, ipp_t *m)
{
	ipp_attribute_t *a = ippFindAttribute(m, "printer-uri-supported",
	    IPP_TAG_URI);
	int n = values_of(a);

	for (int i = 0; i < n && i < (int)ITEM_N_MAX; i++) {
		char scheme[16], user[64], host[256], path[300];
		const char *uri = ippGetString(a, i, NULL);
		unsigned at = (unsigned)i + 1;
		int port;

		if (uri == NULL || httpSeparateURI(HTTP_URI_CODING_MOST, uri,
		    scheme, sizeof scheme, user, sizeof user, host,
		    sizeof host, &port, path, sizeof path) <
		    HTTP_URI_STATUS_OK)
			continue;
		items_str(l, "channel.N.kind", at, scheme);
		items_str(l, "channel.N.uri", at, uri);
		items_number(l, "channel.N.port", at, port);
	}
}

void
ipp_items_info(struct items *l, ipp_t *m)
{
	put_identity(l, m);
	put_abilities(l, m);
	put_channels(l, m);
	ipp_items_trays(l, m);
	ipp_items_supplies(l, m);
	l->groups |= 1u << ITEMS_IDENTITY | 1u << ITEMS_ABILITY |
	    1u << ITEMS_NETWORK | 1u << ITEMS_INPUT | 1u << ITEMS_OUTPUT |
	    1u << ITEMS_SUPPLY;
}

/* ---- how it is */

static const char *
state_word(int64_t state, const char *reasons)
{
	static const char *const asleep[] = {
		"hibernate", "standby", "suspend", "sleep"
	};

	if (strstr(reasons, "shutdown") != NULL ||
	    strncmp(reasons, "offline", 7) == 0)
		return "offline";
	for (size_t i = 0; i < sizeof asleep / sizeof asleep[0]; i++)
		if (state == IPP_PSTATE_IDLE &&
		    strstr(reasons, asleep[i]) != NULL)
			return "sleep";
	return state == IPP_PSTATE_IDLE ? "idle" :
	    state == IPP_PSTATE_PROCESSING ? "processing" :
	    state == IPP_PSTATE_STOPPED ? "stopped" : "unknown";
}

static void
put_alerts(struct items *l, ipp_t *m)
{
	ipp_attribute_t *a = ippFindAttribute(m, "printer-alert",
	    IPP_TAG_STRING);
	ipp_attribute_t *words = ippFindAttribute(m,
	    "printer-alert-description", IPP_TAG_TEXT);
	int n = values_of(a);

	for (int i = 0; i < n && i < (int)ITEM_N_MAX; i++) {
		int len = 0;
		const char *p = ippGetOctetString(a, i, &len);
		unsigned at = (unsigned)i + 1;
		char out[64];

		if (p == NULL || len <= 0)
			continue;
		if (ipp_member(p, (size_t)len, "severity", out, sizeof out))
			items_str(l, "alert.N.severity", at,
			    strncmp(out, "crit", 4) == 0 ? "critical" :
			    strncmp(out, "warn", 4) == 0 ? "warning" :
			    "note");
		if (ipp_member(p, (size_t)len, "group", out, sizeof out))
			items_str(l, "alert.N.group", at, out);
		if (ipp_member(p, (size_t)len, "code", out, sizeof out))
			items_str(l, "alert.N.reason", at, out);
		if (i < values_of(words))
			items_str(l, "alert.N.text", at,
			    ippGetString(words, i, NULL));
	}
}

static void
put_count(struct items *l, const char *item, ipp_t *m, const char *name)
{
	int64_t n = ipp_number(m, name, -1);

	if (n >= 0)
		items_number(l, item, 0, n);
}

void
ipp_items_status(struct items *l, ipp_t *m)
{
	char reasons[ITEM_VALUE_MAX];

	ipp_words(m, "printer-state-reasons", reasons, sizeof reasons);
	items_str(l, "state", 0, state_word(ipp_number(m, "printer-state",
	    0), reasons));
	items_str(l, "reasons", 0, reasons);
	items_str(l, "panel-text", 0, ipp_text(m, "printer-state-message"));
	put_alerts(l, m);
	put_count(l, "counter.impressions", m,
	    "printer-impressions-completed");
	put_count(l, "counter.sheets", m, "printer-media-sheets-completed");
	l->groups |= 1u << ITEMS_STATE | 1u << ITEMS_ALERT |
	    1u << ITEMS_COUNTER;
}
