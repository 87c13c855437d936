/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/simulate.h"

#include <stdio.h>
#include <string.h>

#include "lib/group_sets.h"
#include "lib/recorded.h"
#include "lib/text.h"

/* ---- rules and prices: proposed ones, else those in force */

/* GET path into *book; its text and how long it is. */
static int
in_force(struct rel_simulate *s, const char *path, json_t **book,
    const char **text, size_t *len, struct rel_err *err)
{
	const char *currency;
	int rc = rel_api_call(s->api, "GET", path, NULL, book, err);

	if (rc < 0)
		return rc;
	currency = json_string_value(json_object_get(*book, "currency"));
	snprintf(s->currency, sizeof s->currency, "%s", currency != NULL ?
	    currency : "");
	if (*text == NULL) {
		*text = json_string_value(json_object_get(*book, "text"));
		*len = *text != NULL ? strlen(*text) : 0;
	}
	if (*text == NULL)
		*text = "";
	return 0;
}

static int
wrong(struct rel_simulate *s, const char *what, struct rel_err *err)
{
	char text[320];

	s->wrong = what;
	rel_place_text(&s->place, text, sizeof text);
	return rel_err_set(err, REL_E_FORMAT, "%s", text);
}

static int
rules_get(struct rel_simulate *s, struct rel_err *err)
{
	const char *text = s->rules;
	size_t len = s->rules_len;
	json_t *book = NULL;
	int rc = in_force(s, "/api/v1/rules", &book, &text, &len, err);

	if (rc == 0) {
		s->rules_read = rel_rules_read(text, len, &s->place);
		if (s->rules_read == NULL)
			rc = wrong(s, "rules", err);
	}
	json_decref(book);
	return rc;
}

/* What was paid is in the currency of the server: another cannot be compared
 * with it. */
static bool
currency_fits(struct rel_simulate *s)
{
	const char *said = rel_prices_currency(s->prices_read);

	if (said[0] == '\0' || strcmp(said, s->currency) == 0)
		return true;
	rel_place_set(&s->place, 0, said, "the currency of this server is %s "
	    "(setting Currency)", s->currency);
	return false;
}

static int
prices_get(struct rel_simulate *s, struct rel_err *err)
{
	const char *text = s->prices;
	size_t len = s->prices_len;
	json_t *book = NULL;
	int rc = in_force(s, "/api/v1/prices", &book, &text, &len, err);

	/* None in force: nothing has a price. A proposed list has to be one. */
	if (rc == 0 && (s->prices != NULL || len > 0)) {
		s->prices_read = rel_prices_read(text, len, &s->place);
		if (s->prices_read == NULL || !currency_fits(s))
			rc = wrong(s, "prices", err);
	}
	json_decref(book);
	return rc;
}

/* ---- the jobs */

static size_t
groups_of(void *ctx, const char *user, const char **names)
{
	return rel_group_sets_of(ctx, user, names, REL_REPLAY_GROUPS_MAX);
}

/* May there be another one? */
static bool
go_on(struct rel_simulate *s)
{
	if (s->jobs_max > 0 && s->replay.total.jobs >= s->jobs_max)
		s->end = REL_SIMULATE_JOBS;
	else if (s->until_ms > 0 && s->replay.total.jobs % 64 == 0 &&
	    rel_mono_ms() >= s->until_ms)
		s->end = REL_SIMULATE_TIME;
	return s->end == REL_SIMULATE_ALL;
}

static int
on_job(const struct rel_recorded *job, void *ctx)
{
	struct rel_simulate *s = ctx;

	if (!go_on(s))
		return REL_RECORDED_STOP;
	s->last_ms = job->j.ended_ms;
	return rel_replay_job(&s->replay, &job->j);
}

int
rel_simulate_run(struct rel_simulate *s, struct rel_err *err)
{
	struct rel_recorded_span span = { s->from, s->to };
	int rc;

	s->until_ms = s->ms_max > 0 ? rel_mono_ms() + s->ms_max : 0;
	if ((rc = rules_get(s, err)) < 0 || (rc = prices_get(s, err)) < 0 ||
	    (rc = rel_group_sets_get(s->api, &s->sets, err)) < 0)
		return rc;
	s->replay.rules = s->rules_read;
	s->replay.prices = s->prices_read;
	s->replay.groups_of = groups_of;
	s->replay.ctx = s->sets;
	if ((rc = rel_replay_init(&s->replay)) == 0)
		rc = rel_recorded_all(s->api, &span, on_job, s, err);
	if (rc == -REL_E_NOMEM)
		rel_err_set(err, REL_E_NOMEM, "no memory");
	return rc;
}

void
rel_simulate_fini(struct rel_simulate *s)
{
	rel_replay_fini(&s->replay);
	rel_rules_free(&s->rules_read);
	rel_prices_free(&s->prices_read);
	rel_group_sets_free(&s->sets);
}
