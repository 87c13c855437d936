/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The commands of opsim(1) that copy, scan and fax. */
#include "tests/opsim/walkup_commands.h"

#include <string.h>

#include "lib/text.h"

static enum run
ended(struct runner *r)
{
	if (walkup_busy(r->sim->walkup) && rel_mono_ms() < r->until_ms)
		return runner_sleep(r, 5, ended);
	if (walkup_busy(r->sim->walkup))
		return runner_unexpected(r, "it is still at it");
	rel_put_fmt(&r->out, "%s\n", walkup_told(r->sim->walkup));
	return RUN_DONE;
}

/* N [color] [two-sided] [to DEST] [&] */
static enum run
start(struct runner *r, struct walkup_order *o)
{
	struct rel_err err = { 0 };
	bool wait = true;

	if (r->sim->walkup == NULL)
		return runner_fail(r, OPSIM_USAGE, "only with opsim run");
	if (!rel_int(&o->sides, r->words[1], 1, 10000))
		return runner_fail(r, OPSIM_USAGE, "how many?");
	for (int i = 2; i < r->nwords; i++) {
		if (strcmp(r->words[i], "color") == 0)
			o->color = true;
		else if (strcmp(r->words[i], "two-sided") == 0)
			o->two_sided = true;
		else if (strcmp(r->words[i], "&") == 0)
			wait = false;
		else
			o->to = r->words[i];
	}
	if (walkup_start(r->sim->walkup, o, &err) < 0)
		return runner_unexpected(r, "%s", err.text);
	r->until_ms = rel_mono_ms() + 60000;
	return wait ? ended(r) : RUN_DONE;
}

enum run
cmd_copy(struct runner *r)
{
	return start(r, &(struct walkup_order){ .function = "copy" });
}

enum run
cmd_scan(struct runner *r)
{
	return start(r, &(struct walkup_order){ .function = "scan" });
}

enum run
cmd_fax(struct runner *r)
{
	return start(r, &(struct walkup_order){ .function = "fax-send" });
}

enum run
cmd_fax_in(struct runner *r)
{
	return start(r, &(struct walkup_order){ .function = "fax-receive" });
}

enum run
cmd_usb_print(struct runner *r)
{
	return start(r, &(struct walkup_order){ .function = "usb-print" });
}

enum run
cmd_wait_done(struct runner *r)
{
	int64_t s = 10;

	if (r->sim->walkup == NULL)
		return runner_fail(r, OPSIM_USAGE, "only with opsim run");
	rel_int(&s, runner_arg(r, 0, "10"), 0, 3600);
	r->until_ms = rel_mono_ms() + s * 1000;
	return ended(r);
}

enum run
cmd_pace(struct runner *r)
{
	int64_t ms;

	if (r->sim->walkup == NULL || !rel_int(&ms, r->words[1], 0, 60000))
		return runner_fail(r, OPSIM_USAGE, "how many ms a side?");
	walkup_pace(r->sim->walkup, ms);
	return RUN_DONE;
}
