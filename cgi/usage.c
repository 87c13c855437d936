/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "cgi/usage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi/format.h"

/* ---- points of time */

bool
usage_time(time_t *t, const char *text)
{
	struct tm tm = { 0 };

	if (text == NULL || sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d",
	    &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min,
	    &tm.tm_sec) != 6)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	*t = timegm(&tm);
	return true;
}

/* The first moment of what t is in (steps 0), or of the one after it (1). */
static time_t
point(time_t t, const char *by, int steps)
{
	struct tm tm;

	/* An hour has 3600 seconds, also on the day the clocks change. */
	if (strcmp(by, "hour") == 0)
		return t - t % 3600 + steps * 3600;
	if (localtime_r(&t, &tm) == NULL)
		return t;
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_isdst = -1;
	if (strcmp(by, "week") == 0) {
		tm.tm_mday += 7 * steps - (tm.tm_wday + 6) % 7;
	} else if (strcmp(by, "month") == 0) {
		tm.tm_mday = 1;
		tm.tm_mon += steps;
	} else {
		tm.tm_mday += steps;
	}
	return mktime(&tm);
}

static void
label(char out[24], time_t t, const char *by)
{
	const char *kind = strcmp(by, "hour") == 0 ? "hour" :
	    strcmp(by, "month") == 0 ? "month" : "day";
	struct rel_buf b;
	struct tm tm;
	char text[40] = "";
	json_t *v;

	if (gmtime_r(&t, &tm) != NULL)
		strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	v = json_string(text);
	rel_buf_init(&b);
	format_value(&b, v, kind);
	snprintf(out, 24, "%.*s", b.failed ? 0 : (int)b.len,
	    b.data != NULL ? (char *)b.data : "");
	rel_buf_fini(&b);
	json_decref(v);
}

void
usage_axis_init(struct usage_axis *x, const char *by, const char *from,
    const char *to)
{
	time_t t, end;

	x->n = 0;
	if (!usage_time(&t, from) || !usage_time(&end, to))
		return;
	for (t = point(t, by, 0); t < end; t = x->at[x->n]) {
		time_t next = point(t, by, 1);

		if (x->n == USAGE_POINTS || next <= t) {
			x->n = 0;
			return;
		}
		x->at[x->n] = t;
		label(x->label[x->n], t, by);
		x->labels[x->n] = x->label[x->n];
		x->at[++x->n] = next;
	}
}

size_t
usage_axis_find(const struct usage_axis *x, const char *at)
{
	size_t i = 0;
	time_t t;

	if (!usage_time(&t, at) || x->n == 0 || t < x->at[0])
		return x->n;
	while (i < x->n && t >= x->at[i + 1])
		i++;
	return i;
}

/* ---- the plot of black and white and colour */

char
usage_decimal(void)
{
	return tr("decimal point")[0] == ',' ? ',' : '.';
}

static void
fill(const struct usage_axis *x, const json_t *rows, const char *key,
    double *value)
{
	size_t i;
	json_t *row;

	json_array_foreach(rows, i, row) {
		size_t at = usage_axis_find(x, json_string_value(
		    json_object_get(row, "at")));

		if (at < x->n)
			value[at] += json_number_value(json_object_get(row,
			    key));
	}
}

void
usage_two_sided(json_t *totals)
{
	json_int_t sides = json_integer_value(json_object_get(totals,
	    "sides"));
	json_int_t sheets = json_integer_value(json_object_get(totals,
	    "sheets"));

	/* A sheet with two sides has one side more than a sheet. */
	if (json_is_object(totals))
		json_object_set_new(totals, "two_sided", json_integer(
		    sheets > 0 && sides > sheets ?
		    (200 * (sides - sheets) + sheets) / (2 * sheets) : 0));
}

void
usage_job(json_t *job)
{
	const json_t *printed = json_object_get(json_object_get(job,
	    "pages"), "printed");
	json_int_t copies = json_integer_value(json_object_get(printed,
	    "copies"));

	if (!json_is_object(printed))
		return;
	if (copies < 1)
		copies = 1;
	json_object_set_new(job, "out", json_pack("{s:I,s:I,s:I}", "sides",
	    copies * json_integer_value(json_object_get(printed, "sides")),
	    "sheets", copies * json_integer_value(json_object_get(printed,
	    "sheets")), "colour", copies * json_integer_value(
	    json_object_get(printed, "colour_sides"))));
}

static void
draw(struct cgi *c, const char *name, const char *title,
    const struct usage_axis *x, const json_t *rows)
{
	double *mono = calloc(2 * USAGE_POINTS, sizeof *mono), *colour;
	struct plot_series series[2];
	struct plot p = { .title = title, .unit = tr("pages"),
	    .label = x->labels, .n = x->n, .series = series, .nseries = 2,
	    .stacked = true, .tr = tr, .decimal = usage_decimal() };
	struct rel_buf svg;

	if (mono == NULL)
		return;
	colour = mono + USAGE_POINTS;
	series[0].name = tr("black and white");
	series[0].value = mono;
	series[1].name = tr("colour");
	series[1].value = colour;
	fill(x, rows, "mono", mono);
	fill(x, rows, "colour", colour);
	rel_buf_init(&svg);
	plot_svg(&svg, &p);
	cgi_put_svg(c, name, &svg);
	free(mono);
}

void
usage_plot(struct cgi *c, const char *name, const char *title,
    const json_t *report)
{
	struct usage_axis *x = calloc(1, sizeof *x);
	json_t *totals = json_object_get(report, "totals");
	const char *by = json_string_value(json_object_get(report, "by"));
	char key[64];

	if (x == NULL || by == NULL) {
		free(x);
		return;
	}
	usage_axis_init(x, by, json_string_value(json_object_get(report,
	    "from")), json_string_value(json_object_get(report, "to")));
	if (x->n > 0)
		draw(c, name, title, x, json_object_get(report, "rows"));
	usage_two_sided(totals);
	snprintf(key, sizeof key, "%.50s_totals", name);
	json_object_set(c->view, key, totals);
	snprintf(key, sizeof key, "%.50s_any", name);
	cgi_put(c, key, json_boolean(json_integer_value(json_object_get(totals,
	    "jobs")) > 0));
	free(x);
}

int
usage_view(struct cgi *c, const char *name, const char *title,
    const char *path, const char *user)
{
	json_t *report = NULL;
	int rc = cgi_get(c, &report, path, user);

	if (rc == 0)
		usage_plot(c, name, title, report);
	json_decref(report);
	return rc;
}
