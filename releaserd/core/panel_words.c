/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Money at a panel, and what stopped a job, in the words of a person. */
#include <stdio.h>
#include <string.h>

#include "releaserd/core/fleet.h"
#include "releaserd/core/panel_priv.h"

void
money_words(const struct core *c, const char *locale, int unit,
    int64_t amount, char *out, size_t size)
{
	char text[REL_MONEY_TEXT], *point;

	if (unit != UNIT_MONEY) {
		snprintf(out, size, "%lld %s", (long long)amount, word(locale,
		    unit == UNIT_COLOUR ? "colour-sides" : "mono-sides"));
		return;
	}
	rel_money_text_in(text, amount, prices_currency(c));
	if (strcmp(word_locale(locale), "de") == 0 &&
	    (point = strchr(text, '.')) != NULL)
		*point = ',';
	snprintf(out, size, "%s", text);
}

/* ---- what stopped a job */

/* A word of ours with up to two holes "%", filled in turn. */
static void
fill(char *out, size_t size, const char *text, const char *a, const char *b)
{
	size_t n = 0;

	for (; *text != '\0' && n + 1 < size; text++) {
		int more;

		if (*text != '%') {
			out[n++] = *text;
			continue;
		}
		more = snprintf(out + n, size - n, "%s", a);
		n += more > 0 ? (size_t)more : 0;
		a = b;
	}
	out[n < size ? n : size - 1] = '\0';
	rel_text_clean(out, size, out);
}

void
fill_word(char *out, size_t size, const char *text, const char *with)
{
	fill(out, size, text, with, "");
}

/* The words for a code, which need no more than it. */
static const char *
code_word(const char *code)
{
	static const char *const words[][2] = {
		{ "job-not-held", "not-held" },
		{ "job-unknown", "not-held" },
		{ "job-expired", "not-held" },
		{ "pages-not-counted-yet", "not-counted-yet" },
		{ "pages-unknown", "cannot-count" },
		{ "option-not-supported", "option-not-supported" },
		{ "question-waits", "question-waits" },
		{ "confirmation-needed", "confirm-unknown" },
		{ "backend-unavailable", "try-later" },
		{ "account-denied", "cost-unclear" },
		{ "not-allowed-here", "not-open" },
		{ "color-not-allowed", "color-not-allowed" },
		{ "template-needed", "template-needed" }
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(words[i][0], code) == 0)
			return words[i][1];
	return "some-failed";
}

static void
too_little(const struct core *c, const char *locale,
    const struct released *why, char *out, size_t size)
{
	char need[64], left[64], head[200];

	money_words(c, locale, why->unit, why->need, need, sizeof need);
	money_words(c, locale, why->unit, why->left, left, sizeof left);
	if (why->own) {
		fill(out, size, word(locale, "quota-own"), need, left);
		return;
	}
	fill(head, sizeof head, word(locale, "quota-needs"), need, "");
	fill(out, size, word(locale, "quota-account"), why->name, left);
	snprintf(out + strlen(out), size - strlen(out), ". %s", head);
}

/* "This device cannot print now: paper jam. The job stays held" */
static void
device_stopped(const char *locale, const char *code,
    const struct released *why, char *out, size_t size)
{
	bool offline = strcmp(code, "device-offline") == 0;
	char reasons[160];

	fleet_reason_words(why->name, locale, reasons, sizeof reasons);
	if (reasons[0] != '\0')
		fill(out, size, word(locale, "device-trouble"), reasons, "");
	else
		snprintf(out, size, "%s. %s", word(locale, offline ?
		    "device-offline" : "device-stopped"), word(locale,
		    "stays-held"));
}

void
stopped_words(const struct core *c, const char *locale, const char *code,
    const struct released *why, char *out, size_t size)
{
	static const char *const named[][2] = {
		{ "approval-needed", "approval-needed" },
		{ "account-closed", "charge-closed" },
		{ "other-device", "other-device" },
		{ "account-denied", "charge-denied" },
		{ "account-info-needed", "charge-unknown" }
	};

	for (size_t i = 0; why != NULL && why->name[0] != '\0' && i <
	    sizeof named / sizeof named[0]; i++)
		if (strcmp(code, named[i][0]) == 0) {
			fill(out, size, word(locale, named[i][1]), why->name,
			    "");
			return;
		}
	if (why != NULL && strncmp(code, "device-", 7) == 0)
		device_stopped(locale, code, why, out, size);
	else if (why != NULL && strcmp(code, "quota-exceeded") == 0)
		too_little(c, locale, why, out, size);
	else if (why != NULL && strcmp(code, "refused-by-rule") == 0)
		rel_text_clean(out, size, why->text);
	else
		snprintf(out, size, "%s", word(locale, code_word(code)));
}

void
account_words(const char *locale, const char *name, char *out, size_t size)
{
	fill(out, size, word(locale, "account-chosen"), name, "");
}

/* ---- what a question would change */

static void
add(char *out, size_t size, const char *text)
{
	size_t n = strlen(out);

	snprintf(out + n, size - n, "%s%s", n > 0 ? ", " : "", text);
}

void
change_words(const char *locale, const struct rel_rule_change *change,
    char *out, size_t size)
{
	char number[16], one[120];

	out[0] = '\0';
	if (change->mono)
		add(out, size, word(locale, "mono"));
	if (change->sides != 0)
		add(out, size, word(locale, "two-sided"));
	if (change->number_up > 1) {
		snprintf(number, sizeof number, "%d", change->number_up);
		fill(one, sizeof one, word(locale, "pages-a-side"), number,
		    "");
		add(out, size, one);
	}
	if (change->copies_max > 0) {
		snprintf(number, sizeof number, "%d", change->copies_max);
		fill(one, sizeof one, word(locale, "copies-at-most"), number,
		    "");
		add(out, size, one);
	}
}

/* ---- what is left */

static bool
quota_row(const struct quota *q, void *ctx)
{
	(void)q;
	(void)ctx;
	return false;
}

/* A log-in where nobody has a quota asks no more than this. */
static bool
any_quota(struct core *c)
{
	static const struct quota first;

	return store_quota_list(c->st, &first, 1, quota_row, NULL) > 0;
}

static bool
limited(struct core *c, const struct session *s, enum money_unit unit,
    struct quota_room *room)
{
	return quota_room(c->st, ACCOUNT_USER, s->user.key, unit,
	    rel_now_ms(), room) == 0 && room->limited;
}

json_t *
balance_text(struct core *c, const struct session *s)
{
	struct quota_room room;
	char text[64];

	if (!any_quota(c) || !limited(c, s, UNIT_MONEY, &room))
		return json_null();
	money_words(c, s->locale, UNIT_MONEY, room.left, text, sizeof text);
	return json_string(text);
}

json_t *
quota_list(struct core *c, const struct session *s)
{
	static const struct {
		enum money_unit unit;
		const char *name;
	} kinds[] = { { UNIT_COLOUR, "color" }, { UNIT_MONO, "mono" } };
	json_t *all = json_array();
	struct quota_room room;

	if (!any_quota(c))
		return all;
	/* Whatever puts sides on paper takes from it (doc/money.md). */
	for (size_t i = 0; i < 2; i++)
		if (limited(c, s, kinds[i].unit, &room))
			json_array_append_new(all, json_pack(
			    "{s:s,s:[s,s,s,s],s:s,s:s,s:I}", "bucket",
			    kinds[i].name, "functions", "print", "copy",
			    "usb", "storage", "color", kinds[i].name, "unit",
			    "impressions", "remaining",
			    (json_int_t)room.left));
	return all;
}

void
balance_words(const char *locale, const json_t *left, char *out, size_t size)
{
	out[0] = '\0';
	if (json_is_string(left))
		fill(out, size, word(locale, "balance"),
		    json_string_value(left), "");
}
