/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a device says of a job it has: as a usage record, and in words. */
#include "releaserd/core/follow.h"

#include <stdio.h>
#include <string.h>

#include "lib/text.h"

/* ---- in numbers */

int64_t
follow_sides(const struct job *j)
{
	return j->out_copies > 0 ? j->out.sides * j->out_copies :
	    j->count.sides * (j->copies > 0 ? j->copies : 1);
}

static int64_t
colour_all(const struct job *j)
{
	return j->out_copies > 0 ? j->out.colour * j->out_copies :
	    j->count.colour * (j->copies > 0 ? j->copies : 1);
}

/* Paper for so many sides of it: all of it, or as it is printed. */
static int64_t
sheets_of(const struct job *j, int64_t sides)
{
	int duplex = j->out_copies > 0 ? j->out.duplex : j->count.duplex;
	int64_t whole = j->out_copies > 0 ? j->out.sheets * j->out_copies :
	    j->count.sheets * (j->copies > 0 ? j->copies : 1);

	if (sides == follow_sides(j) && whole > 0)
		return whole;
	return duplex == REL_DUPLEX_LONG || duplex == REL_DUPLEX_SHORT ?
	    (sides + 1) / 2 : sides;
}

/* Its own word, else so much of the job's colour as of its sides. */
static int64_t
colour_of(const struct job *j, const struct driver_job *s, int64_t sides)
{
	int64_t whole = follow_sides(j), colour = s->color;

	if (colour < 0)
		colour = whole > 0 && sides < whole ? colour_all(j) * sides /
		    whole : colour_all(j);
	return colour < sides ? colour : sides;
}

/* A record of a print without its numbers; its own number is the reference. */
static void
record(struct req_record *r, const char *ref, const char *result,
    const char *measure)
{
	uint64_t seq = 0;

	memset(r, 0, sizeof *r);
	if (strlen(ref) == 10 && rel_unb32(&seq, ref, 10))
		r->seq = (int64_t)seq;
	snprintf(r->ref, sizeof r->ref, "%s", ref);
	snprintf(r->function, sizeof r->function, "print");
	snprintf(r->result, sizeof r->result, "%s", result);
	snprintf(r->measure, sizeof r->measure, "%s", measure);
}

void
follow_record(const struct job *j, const struct driver_job *s,
    const char *ref, struct req_record *r)
{
	static const char *const results[] = {
		[DEVICE_JOB_CANCELED] = "canceled",
		[DEVICE_JOB_ABORTED] = "aborted",
		[DEVICE_JOB_COMPLETED] = "completed"
	};

	record(r, ref, results[s->state], "ipp");
	r->sides = s->impressions;
	r->colour = colour_of(j, s, r->sides);
	r->sheets = s->sheets >= 0 ? s->sheets : sheets_of(j, r->sides);
}

bool
follow_counts(const struct driver_job *s)
{
	return s->impressions >= (s->state == DEVICE_JOB_COMPLETED ? 1 : 0) &&
	    s->impressions <= REQ_SIDES_MAX && s->sheets <= REQ_SIDES_MAX;
}

void
follow_as_expected(const struct job *j, const char *measure,
    struct req_record *r)
{
	record(r, j->release_ref, "completed", measure);
	r->sides = follow_sides(j);
	r->colour = colour_all(j);
	r->sheets = sheets_of(j, r->sides);
}

/* ---- in words */

static const char *
state_words(uint8_t state)
{
	static const char *const words[] = {
		"nothing", "nothing", "nothing", "it waits", "it waits",
		"it prints", "it stopped", "canceled at the device",
		"aborted by the device", "completed"
	};

	return state < sizeof words / sizeof words[0] ? words[state] :
	    "nothing";
}

void
follow_story(const struct job *j, const struct driver_job *s, char *out,
    size_t size)
{
	bool reason = s->reasons[0] != '\0' && strcmp(s->reasons, "none") !=
	    0 && strcmp(s->reasons, "job-completed-successfully") != 0 &&
	    strcmp(s->reasons, "job-printing") != 0;
	bool broken_off = s->state == DEVICE_JOB_CANCELED ||
	    s->state == DEVICE_JOB_ABORTED;
	long long whole = (long long)follow_sides(j);
	char so_far[80] = "";

	if (s->impressions > 0 || (s->impressions == 0 && broken_off))
		snprintf(so_far, sizeof so_far, "printed %lld of %lld %s, %s",
		    (long long)s->impressions, whole, whole == 1 ? "side" :
		    "sides", broken_off ? "then " : "");
	snprintf(out, size, "%s%s%s%.120s%s", so_far, state_words(s->state),
	    reason ? " (" : "", reason ? s->reasons : "", reason ? ")" : "");
	rel_text_clean(out, size, out);
}
