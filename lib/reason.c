/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/reason.h"

#include <stddef.h>
#include <string.h>

/* Marks words that are translated where they are shown. */
#define N_(text) text

/* Without -error, -warning and -report. */
static const struct {
	const char *reason, *words;
	char level;			/* 'b'ad, 'w'arn, or what the ending says */
	bool paper;
} reasons[] = {
	{ "media-empty", N_("out of paper"), 0, true },
	{ "media-needed", N_("out of paper"), 0, true },
	{ "media-low", N_("little paper left"), 'w', false },
	{ "media-jam", N_("paper jam"), 'b', false },
	{ "door-open", N_("a door is open"), 'b', false },
	{ "cover-open", N_("a cover is open"), 'b', false },
	{ "interlock-open", N_("a cover is open"), 'b', false },
	{ "input-tray-missing", N_("a tray is missing"), 0, true },
	{ "output-tray-missing", N_("a tray is missing"), 0, false },
	{ "output-area-full", N_("the output tray is full"), 0, false },
	{ "output-area-almost-full", N_("the output tray is almost full"),
	    'w', false },
	{ "toner-empty", N_("out of toner"), 0, false },
	{ "toner-low", N_("little toner left"), 'w', false },
	{ "marker-supply-empty", N_("out of ink or toner"), 0, false },
	{ "marker-supply-missing", N_("ink or toner is missing"), 0, false },
	{ "marker-supply-low", N_("little ink or toner left"), 'w', false },
	{ "marker-waste-full", N_("the waste box is full"), 0, false },
	{ "marker-waste-almost-full", N_("the waste box is almost full"),
	    'w', false },
	{ "fuser-over-temp", N_("the fuser is too hot"), 0, false },
	{ "service-needed", N_("needs a technician"), 'w', false },
	{ "maintenance-needed", N_("maintenance is due"), 'w', false },
	{ "paused", N_("paused"), 'b', false },
	{ "moving-to-paused", N_("paused"), 'b', false },
	{ "stopped-partly", N_("partly stopped"), 'w', false },
	{ "shutdown", N_("switched off"), 'b', false },
	{ "power-down", N_("switched off"), 'b', false },
	{ "timed-out", N_("does not answer"), 'b', false },
	{ "connecting-to-device", N_("does not answer"), 'b', false },
	{ "spool-area-full", N_("its memory is full"), 'b', false },
};
#define REASONS (sizeof reasons / sizeof reasons[0])

/* "media-jam-error": the length without its ending, and what that says. */
static size_t
ending(const char *s, char *level)
{
	static const struct {
		const char *text;
		char level;
	} endings[] = {
		{ "-error", 'b' }, { "-warning", 'w' }, { "-report", 'o' }
	};
	size_t n = strlen(s);

	*level = 'b';
	for (size_t i = 0; i < 3; i++) {
		size_t e = strlen(endings[i].text);

		if (n > e && strcmp(s + n - e, endings[i].text) == 0) {
			*level = endings[i].level;
			return n - e;
		}
	}
	return n;
}

static enum rel_reason_level
level_of(char c)
{
	return c == 'b' ? REL_REASON_ERROR : c == 'w' ? REL_REASON_WARNING :
	    REL_REASON_NOTE;
}

/* What a maker invented: its words are better than none. */
static void
invented(struct rel_reason *out, const char *s, size_t n, char level)
{
	if (n >= sizeof out->plain)
		n = sizeof out->plain - 1;
	memcpy(out->plain, s, n);
	out->plain[n] = '\0';
	for (char *p = out->plain; *p != '\0'; p++)
		if (*p == '-')
			*p = ' ';
	out->words = out->plain;
	out->level = level_of(level == 'b' ? 'w' : level);
}

bool
rel_reason(struct rel_reason *out, const char *s)
{
	char level;
	size_t n;

	memset(out, 0, sizeof *out);
	s += strspn(s, "-");
	n = ending(s, &level);
	if (n == 0 || strcmp(s, "none") == 0)
		return false;
	for (size_t i = 0; i < REASONS; i++) {
		if (strlen(reasons[i].reason) != n ||
		    strncmp(reasons[i].reason, s, n) != 0)
			continue;
		out->known = true;
		out->words = reasons[i].words;
		out->paper = reasons[i].paper;
		out->level = level_of(level != 'b' || reasons[i].level == 0 ?
		    level : reasons[i].level);
		return true;
	}
	invented(out, s, n, level);
	return true;
}
