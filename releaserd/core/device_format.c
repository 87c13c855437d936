/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* In which format a device gets its documents, by what it said of itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "releaserd/core/fleet.h"
#include "releaserd/core/transport.h"
#include "releaserd/items.h"

#define LEAST_DPI 300
#define MOST_DPI 1200

/* Is the word one of "a,b,c"? */
static bool
has(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; *p != '\0'; p += strcspn(p, ","),
	    p += *p == ',')
		if (strcspn(p, ",") == n && strncasecmp(p, word, n) == 0)
			return true;
	return false;
}

/* The first word that begins so; NULL. */
static const char *
begins(const char *list, const char *with)
{
	size_t n = strlen(with);

	for (const char *p = list; *p != '\0'; p += strcspn(p, ","),
	    p += *p == ',')
		if (strncmp(p, with, n) == 0)
			return p;
	return NULL;
}

/* Does it say that it cannot? Nothing said is no such word. */
static bool
lacks(struct core *c, const struct device *d, const char *item)
{
	char value[8];

	return fleet_item(c, d->id, item, value, sizeof value) &&
	    strcmp(value, "0") == 0;
}

/* ---- which */

static const char *
suits(const char *formats)
{
	static const struct {
		const char *mime, *driver;
	} all[] = {
		{ "application/pdf", "" }, { "application/postscript", "ps" },
		{ "image/pwg-raster", "pwg" }, { "image/urf", "urf" },
		{ "application/vnd.hp-PCLXL", "pclxl" },
		{ "application/vnd.hp-PCL", "pcl" }
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (has(formats, all[i].mime))
			return all[i].driver;
	return "";
}

/* ---- raster */

/* The least that looks good, of "300,600" or "RS300-600". */
static uint16_t
dpi_of(const char *list, const char *between)
{
	long best = 0;

	for (const char *p = list; *p >= '0' && *p <= '9';) {
		char *end;
		long n = strtol(p, &end, 10);

		/* "600x300" is none that both directions have. */
		if (*end != 'x' && n <= MOST_DPI && (best == 0 ||
		    (best < LEAST_DPI ? n > best : n >= LEAST_DPI &&
		    n < best)))
			best = n;
		p = end + strcspn(end, between);
		p += *p != '\0' && strchr(between, *p) != NULL;
		if (strchr(between, '-') != NULL && *end != '-')
			break;
	}
	return (uint16_t)best;
}

static void
how_pwg(struct core *c, const struct device *d, struct render_how *how)
{
	char value[ITEM_VALUE_MAX];

	if (fleet_item(c, d->id, "raster-resolutions", value, sizeof value) ||
	    fleet_item(c, d->id, "resolutions", value, sizeof value))
		how->dpi = dpi_of(value, ",");
	if (fleet_item(c, d->id, "raster-types", value, sizeof value) &&
	    !has(value, "srgb_8"))
		how->gray = 1;
	if (fleet_item(c, d->id, "raster-back", value, sizeof value) &&
	    strlen(value) < sizeof how->back)
		memcpy(how->back, value, strlen(value) + 1);
}

static void
how_urf(struct core *c, const struct device *d, struct render_how *how)
{
	static const char *const backs[] = {
		"normal", "flipped", "rotated", "manual-tumble"
	};
	char value[ITEM_VALUE_MAX];
	const char *p;

	if (!fleet_item(c, d->id, "urf", value, sizeof value))
		return;
	if ((p = begins(value, "RS")) != NULL)
		how->dpi = dpi_of(p + 2, "-");
	if (begins(value, "SRGB24") == NULL)
		how->gray = 1;
	if ((p = begins(value, "DM")) != NULL && p[2] >= '1' && p[2] <= '4')
		snprintf(how->back, sizeof how->back, "%s",
		    backs[p[2] - '1']);
}

/* Colour only for a device that says that it has any: not each PCL has. */
static void
how_pcl(struct core *c, const struct device *d, struct render_how *how)
{
	char value[ITEM_VALUE_MAX];

	if (!fleet_item(c, d->id, "color", value, sizeof value) ||
	    strcmp(value, "1") != 0)
		how->gray = 1;
	if (fleet_item(c, d->id, "resolutions", value, sizeof value) &&
	    !has(value, "600"))
		how->dpi = dpi_of(value, ",");
}

void
device_format(struct core *c, const struct device *d, const char *format,
    struct device_format *out)
{
	char formats[ITEM_VALUE_MAX] = "";
	bool choose = strcmp(d->driver, "auto") == 0 ||
	    (d->driver[0] == '\0' && device_by_ipp(d));

	memset(out, 0, sizeof *out);
	out->how.told = device_is_told(d);
	snprintf(out->driver, sizeof out->driver, "%s", choose ? "" :
	    d->driver);
	if (choose && fleet_item(c, d->id, "formats", formats,
	    sizeof formats)) {
		snprintf(out->driver, sizeof out->driver, "%s",
		    suits(formats));
		/* It says what it takes, and this is not among it. */
		if (out->driver[0] == '\0' && device_by_ipp(d) &&
		    has(formats, "application/pdf") && !has(formats, format)) {
			snprintf(out->driver, sizeof out->driver, "pdf");
			out->convert = true;
		}
	}
	if (lacks(c, d, "color"))
		out->how.gray = 1;
	if (strcmp(out->driver, "pwg") == 0)
		how_pwg(c, d, &out->how);
	else if (strcmp(out->driver, "urf") == 0)
		how_urf(c, d, &out->how);
	else if (strncmp(out->driver, "pcl", 3) == 0)
		how_pcl(c, d, &out->how);
}

/* ---- what it cannot do */

static void
limit_finishings(struct core *c, const struct device *d,
    struct rel_ticket *t)
{
	char can[ITEM_VALUE_MAX], kept[sizeof t->finishings] = "", one[64];

	if (t->finishings[0] == '\0' ||
	    !fleet_item(c, d->id, "finishings", can, sizeof can))
		return;
	for (const char *p = t->finishings; *p != '\0';
	    p += strcspn(p, ","), p += *p == ',') {
		size_t n = strlen(kept);

		snprintf(one, sizeof one, "%.*s", (int)strcspn(p, ","), p);
		if (has(can, one))
			snprintf(kept + n, sizeof kept - n, "%s%s",
			    n > 0 ? "," : "", one);
	}
	memcpy(t->finishings, kept, sizeof kept);
}

void
device_limit(struct core *c, const struct device *d, struct rel_ticket *t)
{
	if (lacks(c, d, "duplex") && t->sides > REL_DUPLEX_NONE)
		t->sides = REL_DUPLEX_NONE;
	if (lacks(c, d, "color") && t->colour == REL_COLOUR_COLOUR)
		t->colour = REL_COLOUR_UNSAID;
	limit_finishings(c, d, t);
}

void
device_limit_tell(struct core *c, const struct device *d, int64_t job,
    const struct rel_ticket *t)
{
	struct rel_ticket can = *t;

	if (!device_by_ipp(d))
		return;
	device_limit(c, d, &can);
	if (can.sides != t->sides)
		job_event(c, job, "limits", "%.64s says that it does not "
		    "print on both sides: it is asked for one", d->name);
	if (strcmp(can.finishings, t->finishings) != 0)
		job_event(c, job, "limits", "%.64s says that it cannot do "
		    "all of the finishing: %s; it is asked for: %s", d->name,
		    t->finishings, can.finishings[0] != '\0' ?
		    can.finishings : "none");
}
