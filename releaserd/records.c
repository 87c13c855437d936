/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/records.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cursor.h"
#include "lib/media.h"
#include "lib/text.h"

#define LINES_MAX 50		/* of one record */
#define COUNT_MAX 1000000	/* sides or sheets of one line */

_Static_assert((int64_t)LINES_MAX * COUNT_MAX <= REQ_SIDES_MAX,
    "the sum of a record's lines fits");

/* Not this one: false, so that a caller can return it. */
static bool refuse(struct req_record *r, const char *code, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

static bool
refuse(struct req_record *r, const char *code, const char *fmt, ...)
{
	int64_t seq = r->seq;
	va_list ap;

	memset(r, 0, sizeof *r);
	r->seq = seq;
	snprintf(r->code, sizeof r->code, "%s", code);
	va_start(ap, fmt);
	vsnprintf(r->why, sizeof r->why, fmt, ap);
	va_end(ap);
	return false;
}

/* A member that may be missing or null, as a word of size - 1 bytes. */
static bool
word(struct req_record *r, const json_t *v, const char *name, char *out,
    size_t size)
{
	const json_t *s = json_object_get(v, name);
	size_t n = json_string_length(s);

	out[0] = '\0';
	if (s == NULL || json_is_null(s))
		return true;
	if (!json_is_string(s) || n >= size)
		return refuse(r, "bad-record",
		    "%s must be a text of at most %zu bytes", name, size - 1);
	for (size_t i = 0; i < n; i++) {
		unsigned char ch = (unsigned char)json_string_value(s)[i];

		if (ch <= ' ' || ch >= 0x7f)
			return refuse(r, "bad-record",
			    "%s has blanks or characters beyond ASCII", name);
	}
	memcpy(out, json_string_value(s), n + 1);
	return true;
}

/* The same, and it has to be there. */
static bool
must(struct req_record *r, const json_t *v, const char *name, char *out,
    size_t size)
{
	if (!word(r, v, name, out, size))
		return false;
	return out[0] != '\0' ? true : refuse(r, "bad-record",
	    "%s is missing", name);
}

/* A count of a line; dflt -1: it has to be there. */
static bool
count(struct req_record *r, const json_t *line, const char *name,
    int64_t dflt, int64_t *out)
{
	const json_t *v = json_object_get(line, name);

	*out = dflt;
	if (v == NULL || json_is_null(v))
		return dflt >= 0 ? true : refuse(r, "bad-record",
		    "lines: %s is missing", name);
	if (!json_is_integer(v) || json_integer_value(v) < 0)
		return refuse(r, "bad-record",
		    "lines: %s must be a whole number, 0 or more", name);
	*out = json_integer_value(v);
	return *out <= COUNT_MAX ? true : refuse(r, "too-large",
	    "lines: %s is more than %d", name, COUNT_MAX);
}

/* Sides of one line, added up; *most are those of the largest so far. */
static bool
line_add(struct req_record *r, const json_t *line, int64_t *most)
{
	char colour[16], sides[24], media[sizeof r->media];
	struct rel_paper paper = { .width = 0 };
	int64_t n, sheets;

	if (!json_is_object(line))
		return refuse(r, "bad-record", "a line must be an object");
	if (!word(r, line, "color", colour, sizeof colour) ||
	    !word(r, line, "sides", sides, sizeof sides) ||
	    !word(r, line, "media", media, sizeof media) ||
	    !count(r, line, "impressions", -1, &n) ||
	    !count(r, line, "sheets", strncmp(sides, "two", 3) == 0 ?
	    (n + 1) / 2 : n, &sheets))
		return false;
	r->sides += n;
	r->sheets += sheets;
	if (strcmp(colour, "color") == 0)
		r->colour += n;
	(void)rel_media_size(media, &paper.width, &paper.height);
	paper.sides = (uint32_t)n;
	paper.colour = strcmp(colour, "color") == 0 ? (uint32_t)n : 0;
	paper.sheets = (uint32_t)sheets;
	rel_papers_add(&r->papers, &paper);
	if (n > *most) {
		*most = n;
		memcpy(r->media, media, sizeof media);
	}
	return true;
}

static bool
lines_read(struct req_record *r, const json_t *v)
{
	size_t n = json_array_size(v);
	int64_t most = 0;

	if (v == NULL || json_is_null(v))
		return strcmp(r->function, "print") != 0 ? true :
		    refuse(r, "bad-record", "lines is missing");
	if (!json_is_array(v))
		return refuse(r, "bad-record", "lines must be a list");
	if (n > LINES_MAX)
		return refuse(r, "too-large", "more than %d lines",
		    LINES_MAX);
	for (size_t i = 0; i < n; i++)
		if (!line_add(r, json_array_get(v, i), &most))
			return false;
	return true;
}

/* {"pages": n, "color": n}: what was read for a scan or a fax. */
static bool
pages_of(struct req_record *r, const json_t *v)
{
	int64_t n, colour;

	if (v == NULL || json_is_null(v))
		return true;
	if (!json_is_object(v))
		return refuse(r, "bad-record", "scan and fax are objects");
	if (!count(r, v, "pages", -1, &n) || !count(r, v, "color", 0, &colour))
		return false;
	if (colour > n)
		return refuse(r, "bad-record", "more color than pages");
	if (r->sides == 0) {
		r->sides = n;
		r->colour = colour;
	}
	return true;
}

/* A name: what is too long for one of ours, or has controls, is none. */
static void
name_of(const json_t *v, const char *name, char *out, size_t size)
{
	const json_t *s = json_object_get(v, name);
	size_t n = json_string_length(s);

	out[0] = '\0';
	if (json_is_string(s) && n < size && rel_utf8_ok(json_string_value(s),
	    n) && strlen(json_string_value(s)) == n)
		rel_text_clean(out, size, json_string_value(s));
}

/* Its counter of sides, if it tells. */
static int64_t
life_of(const json_t *v)
{
	const json_t *n = json_object_get(v, "impressions");

	return json_is_integer(n) && json_integer_value(n) > 0 ?
	    json_integer_value(n) : 0;
}

/* What is no reference of ours at all is none. */
static bool
job_of(struct req_record *r, const json_t *v)
{
	const json_t *ref = json_object_get(v, "release_ref");
	uint64_t number;

	if (v == NULL || json_is_null(v))
		return true;
	if (!json_is_object(v) || (ref != NULL && !json_is_null(ref) &&
	    !json_is_string(ref)))
		return refuse(r, "bad-record",
		    "job must be an object, its release_ref a text");
	(void)word(r, v, "device_job_id", r->device_job,
	    sizeof r->device_job);
	if (r->code[0] == '\0' && json_string_length(ref) == 10 &&
	    rel_unb32(&number, json_string_value(ref), 10))
		rel_b32(r->ref, number, 10);
	return true;
}

void
record_read(struct req_record *r, const json_t *v)
{
	const json_t *seq = json_object_get(v, "seq");

	memset(r, 0, sizeof *r);
	if (!json_is_object(v)) {
		refuse(r, "bad-record", "a record must be an object");
		return;
	}
	if (!json_is_integer(seq) || json_integer_value(seq) < 1) {
		refuse(r, "bad-record",
		    "seq must be a whole number, 1 or more");
		return;
	}
	r->seq = json_integer_value(seq);
	if (!word(r, v, "record_id", r->record_id, sizeof r->record_id) ||
	    !word(r, v, "corrects", r->corrects, sizeof r->corrects) ||
	    !word(r, v, "cause", r->cause, sizeof r->cause) ||
	    !word(r, v, "measure", r->measure, sizeof r->measure) ||
	    !must(r, v, "function", r->function, sizeof r->function) ||
	    !must(r, v, "result", r->result, sizeof r->result) ||
	    !word(r, v, "session_id", r->session_id, sizeof r->session_id) ||
	    !word(r, v, "grant_id", r->grant_id, sizeof r->grant_id) ||
	    !job_of(r, json_object_get(v, "job")) ||
	    !lines_read(r, json_object_get(v, "lines")) ||
	    !pages_of(r, json_object_get(v, "scan")) ||
	    !pages_of(r, json_object_get(v, "fax")))
		return;
	r->life = life_of(json_object_get(v, "life_after"));
	name_of(v, "account_id", r->account, sizeof r->account);
	name_of(v, "time_quality", r->ended_at, sizeof r->ended_at);
	if (strcmp(r->ended_at, "synced") == 0)
		name_of(v, "ended_at", r->ended_at, sizeof r->ended_at);
	else
		r->ended_at[0] = '\0';
	if (r->corrects[0] != '\0' && strcmp(r->corrects, r->record_id) == 0)
		refuse(r, "bad-record", "it corrects itself");
}

int
records_read(struct req_record **out, size_t *count, const json_t *v,
    size_t max, struct rel_err *why)
{
	size_t n = json_array_size(v);

	if (!json_is_array(v) || n < 1 || n > max)
		return rel_err_set(why, REL_E_FORMAT,
		    "records must be a list of 1 to %zu", max);
	if ((*out = calloc(n, sizeof **out)) == NULL)
		return rel_err_set(why, REL_E_NOMEM, "no memory");
	*count = n;
	for (size_t i = 0; i < n; i++)
		record_read(&(*out)[i], json_array_get(v, i));
	return 0;
}

/* ---- a page of a device's log */

static int64_t
number_of(const json_t *v, const char *name, int64_t dflt)
{
	const json_t *n = json_object_get(v, name);

	return json_is_integer(n) && json_integer_value(n) >= 0 ?
	    json_integer_value(n) : dflt;
}

int
usage_page_read(struct usage_page *p, const json_t *v, struct rel_err *why)
{
	const json_t *all = json_object_get(v, "records");
	int64_t last = 0;
	int rc = 0;

	memset(p, 0, sizeof *p);
	name_of(v, "epoch", p->epoch, sizeof p->epoch);
	if (p->epoch[0] == '\0' || !json_is_array(all))
		return rel_err_set(why, REL_E_FORMAT,
		    "its usage log has no epoch or no records");
	if (json_array_size(all) > 0)
		rc = records_read(&p->records, &p->n, all, REQ_RECORDS_MAX,
		    why);
	for (size_t i = 0; i < p->n; i++)
		if (p->records[i].seq > last)
			last = p->records[i].seq;
	p->next = number_of(v, "next", last);
	p->oldest = number_of(v, "oldest_seq", 1);
	p->more = json_is_true(json_object_get(v, "more"));
	if (rc == 0 && p->next == INT64_MAX)
		rc = rel_err_set(why, REL_E_FORMAT,
		    "its usage log ends where no number is left");
	return rc;
}

void
usage_page_put(struct rel_buf *b, const struct usage_page *p)
{
	rel_put_str(b, p->epoch);
	rel_put_i64(b, p->next);
	rel_put_i64(b, p->oldest);
	rel_put_u8(b, p->more);
	req_records_put(b, p->records, p->n);
}

int
usage_page_get(struct usage_page *p, const void *bytes, size_t n)
{
	struct rel_cur c;

	memset(p, 0, sizeof *p);
	rel_cur_init(&c, bytes, n);
	rel_get_str(&c, p->epoch, sizeof p->epoch);
	p->next = rel_get_i64(&c);
	p->oldest = rel_get_i64(&c);
	p->more = rel_get_u8(&c) != 0;
	req_records_get(&c, &p->records, &p->n);
	if (rel_cur_end(&c) == 0 && p->epoch[0] != '\0' && p->next >= 0 &&
	    p->next < INT64_MAX && p->oldest >= 0)
		return 0;
	usage_page_fini(p);
	return -REL_E_FORMAT;
}

void
usage_page_fini(struct usage_page *p)
{
	free(p->records);
	p->records = NULL;
	p->n = 0;
}
