/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* How a device is: state, reasons, panel, alerts, counters. */
#include "releaserd/driver/snmp_priv.h"

#include <stdio.h>
#include <string.h>

#define HR "1.3.6.1.2.1.25.3."
#define PRT "1.3.6.1.2.1.43."
#define ALERT PRT "18.1.1"
#define MARKER PRT "10.2.1"
#define ALERTS_MAX 40u

/* ---- reasons */

/*
 * A reason to a list.  Of the same word with another severity the stronger
 * one stays: "media-empty-error" is that the tray is empty, too.
 */
static void
reason_add(char *list, size_t size, const char *reason)
{
	static const char *const weaker[] = { "-error", "-warning", "-report" };
	size_t n = strrchr(reason, '-') != NULL ?
	    (size_t)(strrchr(reason, '-') - reason) : strlen(reason);
	unsigned mine = 0;

	while (mine < 2 && strcmp(reason + n, weaker[mine]) != 0)
		mine++;
	for (char *p = list; *p != '\0';) {
		size_t len = strcspn(p, ",");
		unsigned its = 0;

		if (len > n && strncmp(p, reason, n) == 0 && p[n] == '-' &&
		    memchr(p + n + 1, '-', len - n - 1) == NULL) {
			while (its < 2 && strncmp(p + n, weaker[its],
			    len - n) != 0)
				its++;
			if (its <= mine)
				return;
			memmove(p, p + len + (p[len] == ','),
			    strlen(p + len + (p[len] == ',')) + 1);
			continue;
		}
		p += len + (p[len] == ',');
	}
	n = strlen(list);
	if (n > 0 && list[n - 1] == ',')
		list[--n] = '\0';
	snmp_list_add(list, size, reason);
}

/* hrPrinterDetectedErrorState: bit 0 is the top one of the first octet. */
static void
error_bits(struct snmp_device *d, char *list, size_t size, int64_t device)
{
	const struct snmp_var *v = snmp_tree_get(d->t, HR "5.1.2", d->hr,
	    SNMP_ANY);
	char word[64];

	if (v == NULL || v->kind != SNMP_OCTET_STRING)
		return;
	for (unsigned bit = 0; bit < 8u * v->len && bit < 16; bit++)
		if (((uint8_t)v->octets[bit / 8] & 0x80 >> bit % 8) != 0 &&
		    snmp_reason_bit(word, sizeof word, bit, device, d->ink))
			reason_add(list, size, word);
}

/* ---- state */

static bool
has(const char *list, const char *part)
{
	return strstr(list, part) != NULL;
}

/*
 * RFC 2790 and RFC 3805 2.2.13.2: a printer that sleeps is "other" while its
 * device runs.
 */
static const char *
state_of(int64_t printer, int64_t device, const char *reasons)
{
	bool stopped = has(reasons, "-error");

	if (has(reasons, "offline-error"))
		return "offline";
	if (device == 5 || (stopped && printer != 4))
		return "stopped";
	switch (printer) {
	case 3:
		return "idle";
	case 4:
		return "processing";
	case 5:
		return "warmup";
	case 1:
		return device == 2 || device == 3 ? "sleep" : "unknown";
	default:
		return device == 2 || device == 3 ? "idle" : "unknown";
	}
}

/* The lines of the panel, with blanks between them. */
static void
panel(struct snmp_device *d)
{
	uint32_t rows[SNMP_ROWS];
	size_t lines = snmp_tree_rows(d->t, PRT "16.5.1", d->h, rows);
	char all[512] = "", one[256];

	for (size_t i = 0; i < lines; i++) {
		size_t n = strlen(all);

		snmp_device_text(d, PRT "16.5.1.2", rows[i], one, sizeof one);
		if (one[0] != '\0')
			snprintf(all + n, sizeof all - n, "%s%s",
			    n > 0 ? " " : "", one);
	}
	if (all[0] == '\0')
		snmp_device_quirk(d, "panel-text", all, sizeof all);
	items_str(d->l, "panel-text", 0, all);
}

void
snmp_items_state(struct snmp_device *d, const char *reasons, char state[16])
{
	int64_t printer = snmp_tree_number(d->t, HR "5.1.1", d->hr, SNMP_ANY, 0);
	int64_t device = snmp_tree_number(d->t, HR "2.1.5", d->hr, SNMP_ANY, 0);
	char list[512] = "", one[80];

	error_bits(d, list, sizeof list, device);
	snprintf(state, 16, "%s", state_of(printer, device, list));
	for (const char *p = reasons; *p != '\0'; p += *p == ',') {
		size_t n = strcspn(p, ",");

		snprintf(one, sizeof one, "%.*s", (int)n, p);
		if (n > 0)
			reason_add(list, sizeof list, one);
		p += n;
	}
	items_str(d->l, "state", 0, state);
	items_str(d->l, "reasons", 0, list[0] != '\0' ? list : "none");
	panel(d);
}

/* ---- alerts */

static void
alert(struct snmp_device *d, uint32_t row, unsigned n, char *reasons,
    size_t size)
{
	int64_t severity = snmp_tree_number(d->t, ALERT ".2", d->h, row, 1);
	int64_t group = snmp_tree_number(d->t, ALERT ".4", d->h, row, 1);
	int64_t code = snmp_tree_number(d->t, ALERT ".7", d->h, row, 2);
	const char *part = snmp_word_group(group);
	char reason[96];

	items_str(d->l, "alert.N.severity", n, severity == 3 ? "critical" :
	    severity == 4 || severity == 5 ? "warning" : "note");
	items_number(d->l, "alert.N.code", n, code);
	items_str(d->l, "alert.N.group", n, part);
	snmp_reason_alert(reason, sizeof reason, code, severity == 5 ? 4 :
	    severity, group);
	items_str(d->l, "alert.N.reason", n, reason);
	snmp_item_text(d, "alert.N.text", n,
	    snmp_tree_get(d->t, ALERT ".8", d->h, row));
	if (strncmp(reason, "other-", 6) != 0 && severity != 1)
		reason_add(reasons, size, reason);
}

void
snmp_items_alerts(struct snmp_device *d, char *reasons, size_t size)
{
	uint32_t rows[SNMP_ROWS];
	size_t n = snmp_tree_rows(d->t, ALERT, d->h, rows);
	unsigned at = 0;

	reasons[0] = '\0';
	for (size_t i = 0; i < n && at < ALERTS_MAX; i++)
		if (snmp_tree_number(d->t, ALERT ".7", d->h, rows[i], 0) > 0 ||
		    snmp_tree_number(d->t, ALERT ".2", d->h, rows[i], 0) > 0)
			alert(d, rows[i], ++at, reasons, size);
}

/* ---- counters */

/* The sum of the quirk's reads of an item (NULL: the first of what is only
 * read); -1: there is none of them. */
static int64_t
own_counter(struct snmp_device *d, const char *item)
{
	int64_t sum = -1;

	for (size_t i = 0; i < SNMP_Q_READS && d->quirk->reads[i].oid != NULL;
	    i++) {
		const struct snmp_quirk_read *r = &d->quirk->reads[i];
		int64_t v = snmp_tree_number(d->t, r->oid, SNMP_ANY, SNMP_ANY,
		    -1);

		if (v < 0 || v > UINT32_MAX || (item == NULL) !=
		    (r->item == NULL) || (item != NULL &&
		    strcmp(item, r->item) != 0))
			continue;
		if (item == NULL && v > 0)
			return v;
		sum = v + (sum > 0 ? sum : 0);
	}
	return sum;
}

/* Can it be of so many? With a little for what was counted in between. */
static bool
can_be_of(int64_t n, int64_t total)
{
	return total > 0 && n * 100 <= total * 102;
}

/*
 * The vendor's own counters of colours and functions, when they can be true:
 * together not more than the whole.
 */
static void
own_counters(struct snmp_device *d, int64_t life)
{
	static const char *const of_all[] = { "counter.copies",
		"counter.faxes" };
	int64_t color = own_counter(d, "counter.color");
	int64_t mono = own_counter(d, "counter.mono");
	int64_t total = life > 0 ? life : own_counter(d, NULL);
	int64_t scans = own_counter(d, "counter.scans");
	bool any = scans > 0;

	if (life == 0 && snmp_tagged_counter(d, SNMP_TAGGED_ALL) > 0) {
		total = snmp_tagged_counter(d, SNMP_TAGGED_ALL);
		items_number(d->l, "counter.impressions", 0, total);
		any = true;
	}
	if (color < 0 && mono < 0) {
		color = snmp_tagged_counter(d, SNMP_TAGGED_COLOR);
		mono = snmp_tagged_counter(d, SNMP_TAGGED_MONO);
	}
	if ((d->quirk->flags & SNMP_Q_MONO_REST) != 0 && mono < 0 &&
	    color >= 0 && total >= color)
		mono = total - color;
	if (color >= 0 && mono >= 0 && can_be_of(color + mono, total)) {
		items_number(d->l, "counter.color", 0, color);
		items_number(d->l, "counter.mono", 0, mono);
		any = true;
	}
	for (size_t i = 0; i < sizeof of_all / sizeof of_all[0]; i++) {
		int64_t n = own_counter(d, of_all[i]);

		if (n < 0 || !can_be_of(n, total))
			continue;
		items_number(d->l, of_all[i], 0, n);
		any = true;
	}
	if (scans > 0)
		items_number(d->l, "counter.scans", 0, scans);
	if (any)
		items_str(d->l, "counter.source", 0, "vendor-mib");
}

/* The life count of a marker, 0: it does not count (so), or not this unit. */
static int64_t
life_of(struct snmp_device *d, uint32_t marker, int64_t unit)
{
	int64_t v = snmp_tree_number(d->t, MARKER ".4", d->h, marker, 0);

	return v > 0 && v <= UINT32_MAX && unit ==
	    snmp_tree_number(d->t, MARKER ".3", d->h, marker, 7) ? v : 0;
}

/* A side that two of them mark is one side: the counts do not add up. */
uint32_t
snmp_device_marker(struct snmp_device *d)
{
	uint32_t rows[SNMP_ROWS], found;
	size_t n = snmp_tree_rows(d->t, MARKER, d->h, rows);
	int64_t most = 0;

	found = n > 0 ? rows[0] : 1;
	for (int64_t unit = 7; unit <= 8 && most == 0; unit++)
		for (size_t i = 0; i < n; i++)
			if (life_of(d, rows[i], unit) > most) {
				most = life_of(d, rows[i], unit);
				found = rows[i];
			}
	return found;
}

void
snmp_items_counters(struct snmp_device *d)
{
	uint32_t marker = snmp_device_marker(d);
	int64_t sides = life_of(d, marker, 7);
	int64_t sheets = life_of(d, marker, 8);

	if (sides > 0)
		items_number(d->l, "counter.impressions", 0, sides);
	if (sheets > 0)
		items_number(d->l, "counter.sheets", 0, sheets);
	own_counters(d, sides);
}
