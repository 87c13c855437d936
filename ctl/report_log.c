/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Lines of page_log, as cupsd.conf(5) has them under PageLogFormat. */
#include <stdio.h>
#include <string.h>

#include "ctl/report.h"
#include "lib/facts.h"
#include "lib/text.h"

#define DEFAULT "%p %u %j %T %P %C %{job-billing} " \
	"%{job-originating-host-name} %{job-name} %{media} %{sides}"

/* "-" for nothing; no control character, and without blanks where one part
 * of a line ends at the next. */
static void
put(struct rel_buf *b, const char *s, bool one_word)
{
	char text[1100];

	rel_text_clean(text, sizeof text, s[0] != '\0' ? s : "-");
	for (char *p = text; one_word && *p != '\0'; p++)
		if (*p == ' ')
			*p = '_';
	rel_put_raw(b, text, strlen(text));
}

/* [20/May/1999:19:21:05 +0000], in any locale. */
static void
put_time(struct rel_buf *b, int64_t ms)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
	    "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t t = (time_t)(ms / 1000);
	char zone[8] = "+0000";
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL) {
		rel_put_fmt(b, "-");
		return;
	}
	strftime(zone, sizeof zone, "%z", &tm);
	rel_put_fmt(b, "[%02d/%s/%04d:%02d:%02d:%02d %s]", tm.tm_mday,
	    months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
	    tm.tm_sec, zone);
}

static const char *
sides_word(int duplex)
{
	return duplex == REL_DUPLEX_LONG ? "two-sided-long-edge" :
	    duplex == REL_DUPLEX_SHORT ? "two-sided-short-edge" :
	    duplex == REL_DUPLEX_NONE ? "one-sided" : "";
}

/* An IPP attribute of the job, as far as it is recorded. */
static void
put_attribute(struct rel_buf *b, const char *name, size_t n,
    const struct rel_recorded *job)
{
	const struct {
		const char *name, *value;
	} known[] = {
		{ "job-billing", strcmp(job->account, job->j.user) == 0 ?
		    "" : job->account },
		{ "job-originating-host-name", job->host },
		{ "job-originating-user-name", job->j.user },
		{ "job-name", job->j.title }, { "media", job->j.media },
		{ "sides", sides_word(job->j.duplex) },
		{ "job-printer-uri", job->j.queue },
		{ "finishings", job->j.finishings },
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strlen(known[i].name) == n &&
		    memcmp(known[i].name, name, n) == 0) {
			put(b, known[i].value, false);
			return;
		}
	if (n == 6 && memcmp(name, "copies", 6) == 0)
		rel_put_fmt(b, "%lld", (long long)job->j.copies);
	else
		rel_put_fmt(b, "-");
}

/* A letter behind %. */
static void
put_letter(struct rel_buf *b, char letter, const struct rel_recorded *job)
{
	const struct rel_replay_job *j = &job->j;

	switch (letter) {
	case 'p': put(b, j->device, true); break;
	case 'u': put(b, j->user, true); break;
	case 'j': rel_put_fmt(b, "%lld", (long long)job->cups_job); break;
	case 'T': put_time(b, j->ended_ms); break;
	case 'P': rel_put_fmt(b, "total"); break;
	case 'C': rel_put_fmt(b, "%lld", (long long)(j->sides * j->copies));
		break;
	case '%': rel_put_u8(b, '%'); break;
	default: rel_put_u8(b, '%'); rel_put_u8(b, (uint8_t)letter); break;
	}
}

void
page_log_line(struct rel_buf *b, const char *format,
    const struct rel_recorded *job)
{
	const char *p = format != NULL ? format : DEFAULT;

	for (; *p != '\0'; p++) {
		size_t n;

		if (*p != '%' || p[1] == '\0') {
			rel_put_u8(b, (uint8_t)*p);
		} else if (p[1] != '{') {
			put_letter(b, *++p, job);
		} else {
			n = strcspn(p + 2, "}");
			put_attribute(b, p + 2, n, job);
			p += n + 1 + (p[n + 2] == '}');
		}
	}
}
