/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl posture ... */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ctl/ctl.h"
#include "lib/csv.h"

#define LOOK_MS 500

static const struct ctl_column fleet_columns[] = {
	{ "DEVICES", "devices", COL_INT }, { "UNKNOWN", "unknown", COL_INT },
	{ "SEVERITY", "severity", COL_TEXT }, { "FINDING", "key", COL_TEXT },
	{ "WHAT", "words", COL_TEXT }, { NULL, NULL, COL_TEXT }
};

static const struct ctl_column finding_columns[] = {
	{ "FOUND", "verdict", COL_TEXT }, { "SEVERITY", "severity", COL_TEXT },
	{ "FINDING", "key", COL_TEXT }, { "WHAT", "words", COL_TEXT },
	{ "SEEN", "evidence", COL_TEXT }, { "DO", "mend", COL_TEXT },
	{ NULL, NULL, COL_TEXT }
};

static const struct ctl_column worst_columns[] = {
	{ "SCORE", "score", COL_INT }, { "DEVICE", "device", COL_TEXT },
	{ "LOOKED AT", "looked_at", COL_TIME }, { NULL, NULL, COL_TEXT }
};

static void
csv_out(struct rel_buf *b)
{
	if (!b->failed)
		(void)fwrite(b->data, 1, b->len, stdout);
	rel_buf_fini(b);
}

static void
csv_row(struct rel_buf *b, const char *const *fields)
{
	for (size_t i = 0; fields[i] != NULL; i++)
		rel_csv_put(b, fields[i], i == 0);
	rel_csv_end(b);
}

static void
score_text(char out[24], const json_t *o)
{
	const json_t *score = json_object_get(o, "score");

	if (json_is_integer(score))
		snprintf(out, 24, "%lld", (long long)json_integer_value(
		    score));
	else
		snprintf(out, 24, "unknown");
}

/* ---- the fleet */

/* One line a device and finding; a device without one has a line, too. */
static void
fleet_csv(const json_t *devices)
{
	static const char *const head[] = { "device", "score", "looked_at",
	    "finding", "problem", NULL };
	struct rel_buf b;
	json_t *d, *key;
	size_t i, k;

	rel_buf_init(&b);
	csv_row(&b, head);
	json_array_foreach((json_t *)(uintptr_t)devices, i, d) {
		json_t *bad = json_object_get(d, "bad");
		char score[24];
		const char *row[] = { ctl_str(d, "device"), score,
		    ctl_str(d, "looked_at"), "", ctl_str(d, "problem"), NULL };

		score_text(score, d);
		if (json_array_size(bad) == 0)
			csv_row(&b, row);
		json_array_foreach(bad, k, key) {
			row[3] = json_string_value(key);
			csv_row(&b, row);
		}
	}
	csv_out(&b);
}

static int
posture_csv(struct ctl *c)
{
	json_t *list;
	int rc = ctl_list(c, "/posture/devices", "", "devices", &list);

	if (rc == 0) {
		fleet_csv(json_object_get(list, "devices"));
		json_decref(list);
	}
	return rc;
}

/* Those that somebody has. */
static json_t *
had(const json_t *findings)
{
	json_t *some = json_array(), *o;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)findings, i, o)
		if (ctl_int(o, "devices") > 0)
			json_array_append(some, o);
	return some;
}

static int
posture_list(struct ctl *c)
{
	json_t *o, *some;
	char score[24];
	int rc;

	if (c->opt[OPT_CSV] != NULL)
		return posture_csv(c);
	if ((rc = ctl_call(c, "GET", "/posture", NULL, NULL, &o)) < 0)
		return rc;
	if (c->opt[OPT_JSON] != NULL) {
		ctl_print_json(o);
	} else {
		some = had(json_object_get(o, "findings"));
		score_text(score, o);
		printf("Score of the fleet: %s of 100; %lld of %lld devices "
		    "were looked at, %lld wait.\n\n", score,
		    (long long)ctl_int(o, "looked"),
		    (long long)ctl_int(o, "devices"),
		    (long long)ctl_int(o, "waiting"));
		ctl_table(some, fleet_columns);
		printf("\n");
		ctl_table(json_object_get(o, "worst"), worst_columns);
		json_decref(some);
	}
	json_decref(o);
	return 0;
}

/* ---- a device */

static void
device_csv(const json_t *o)
{
	static const char *const head[] = { "device", "finding", "severity",
	    "found", "words", "evidence", "mend", NULL };
	struct rel_buf b;
	json_t *f;
	size_t i;

	rel_buf_init(&b);
	csv_row(&b, head);
	json_array_foreach(json_object_get(o, "findings"), i, f) {
		const char *const row[] = { ctl_str(o, "device"), ctl_str(f,
		    "key"), ctl_str(f, "severity"), ctl_str(f, "verdict"),
		    ctl_str(f, "words"), ctl_str(f, "evidence"), ctl_str(f,
		    "mend"), NULL };

		csv_row(&b, row);
	}
	csv_out(&b);
}

static void
device_print(const json_t *o)
{
	static const char *const verdicts[] = { "bad", "unknown" };
	json_t *all = json_array(), *f;
	char score[24], when[64];
	size_t i;

	for (size_t v = 0; v < 2; v++)
		json_array_foreach(json_object_get(o, "findings"), i, f)
			if (strcmp(ctl_str(f, "verdict"), verdicts[v]) == 0)
				json_array_append(all, f);
	score_text(score, o);
	ctl_text(when, sizeof when, json_object_get(o, "looked_at"), COL_TIME);
	printf("%s: score %s of 100, looked at: %s\n", ctl_str(o, "device"),
	    score, json_is_null(json_object_get(o, "looked_at")) ? "never" :
	    when);
	if (ctl_str(o, "problem")[0] != '\0')
		printf("The last look failed: %s\n", ctl_str(o, "problem"));
	if (json_is_true(json_object_get(o, "waits")))
		printf("It will be looked at soon.\n");
	printf("\n");
	ctl_table(all, finding_columns);
	json_decref(all);
}

static void
device_out(struct ctl *c, json_t *o)
{
	if (c->opt[OPT_JSON] != NULL)
		ctl_print_json(o);
	else if (c->opt[OPT_CSV] != NULL)
		device_csv(o);
	else
		device_print(o);
	json_decref(o);
}

static int
posture_show(struct ctl *c)
{
	json_t *o;
	int rc = ctl_call(c, "GET", "/devices/*/posture", c->arg[0], NULL,
	    &o);

	if (rc == 0)
		device_out(c, o);
	return rc;
}

/* ---- looking */

static void
pause_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&t, NULL);
}

static int
wait_device(struct ctl *c, json_t **o)
{
	int rc = 0;

	while (rc == 0 && json_is_true(json_object_get(*o, "waits"))) {
		json_decref(*o);
		pause_ms(LOOK_MS);
		rc = ctl_call(c, "GET", "/devices/*/posture", c->arg[0], NULL,
		    o);
	}
	return rc;
}

static int
run_all(struct ctl *c)
{
	json_t *o;
	int rc = ctl_call(c, "POST", "/posture", NULL, NULL, &o);

	if (rc < 0)
		return rc;
	if (c->opt[OPT_WAIT] == NULL)
		return ctl_told(c, o, "%lld devices will be looked at.\n",
		    (long long)ctl_int(o, "waiting"));
	while (rc == 0 && ctl_int(o, "waiting") > 0) {
		json_decref(o);
		pause_ms(LOOK_MS);
		rc = ctl_call(c, "GET", "/posture", NULL, NULL, &o);
	}
	if (rc < 0)
		return rc;
	json_decref(o);
	return posture_list(c);
}

static int
posture_run(struct ctl *c)
{
	json_t *o;
	int rc;

	if (strcmp(c->arg[0], "all") == 0)
		return run_all(c);
	rc = ctl_call(c, "POST", "/devices/*/posture", c->arg[0], NULL, &o);
	if (rc < 0)
		return rc;
	if (c->opt[OPT_WAIT] == NULL)
		return ctl_told(c, o, json_is_true(json_object_get(o,
		    "waits")) ? "It will be looked at: releasectl posture "
		    "show %s\n" : "It was looked at within the last minute: "
		    "releasectl posture show %s\n", c->arg[0]);
	if ((rc = wait_device(c, &o)) == 0)
		device_out(c, o);
	return rc;
}

static const enum ctl_opt csv[] = { OPT_CSV, OPT_COUNT };
static const enum ctl_opt run_opts[] = { OPT_WAIT, OPT_CSV, OPT_COUNT };

const struct ctl_verb ctl_posture_verbs[] = {
	{ "posture", "list", 0, 0, "", csv,
	    "How safe the fleet is: what was found at how many devices.",
	    posture_list },
	{ "posture", "show", 1, 1, "DEVICE", csv,
	    "What was found at a device, what is not known, and what to do.",
	    posture_show },
	{ "posture", "run", 1, 1, "DEVICE|all", run_opts,
	    "Look at a device, or at all of them.", posture_run },
	{ 0 }
};
