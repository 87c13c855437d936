/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What is to be brought to devices: begun when one can be asked, again and
 * again until it is there. */
#include <stdio.h>

#include "releaserd/core/fleet_priv.h"

void
fleet_bringer(struct core *c, uint32_t what, fleet_bring fn)
{
	for (unsigned i = 0; i < FLEET_PUSHES; i++)
		if ((what & 1u << i) != 0)
			c->fleet->bring[i] = fn;
}

void
fleet_push(struct core *c, const char *device, uint32_t what)
{
	struct fleet_one *f = fleet_find(c, device);

	if (f == NULL)
		return;
	if ((what & FLEET_PULL_INFO) != 0) {
		f->want_info = true;
		f->info_due_ms = 0;
		f->due_ms = rel_mono_ms();
	}
	f->push |= what & ~FLEET_PULL_INFO;
	f->push_ms = 0;
	fleet_wake(c);
}

/* Again after a while that grows. */
static void
push_again(struct fleet_one *f, uint32_t what)
{
	f->push |= what;
	f->push_failed++;
	f->push_ms = rel_mono_ms() + fleet_pause_ms(f->push_failed);
}

void
fleet_brought(struct core *c, const char *device, uint32_t what, bool ok)
{
	struct fleet_one *f = fleet_find(c, device);

	if (f == NULL)
		return;
	f->bringing &= ~what;
	if (ok)
		f->push_failed = 0;
	else
		push_again(f, what);
	fleet_wake(c);
}

int64_t
fleet_push_due(struct core *c, struct fleet_one *f, int64_t now)
{
	const struct device *d;

	for (unsigned i = 0; i < FLEET_PUSHES && f->push_ms <= now; i++) {
		uint32_t bit = 1u << i;
		int rc;

		if ((f->push & ~f->bringing & bit) == 0)
			continue;
		f->push &= ~bit;
		d = device_at(c, f->id);
		if (d == NULL || d->state == 2 || c->fleet->bring[i] == NULL)
			continue;
		f->bringing |= bit;
		if ((rc = c->fleet->bring[i](c, d)) == 0)
			continue;
		f->bringing &= ~bit;
		if (rc != -REL_E_NOTFOUND)
			push_again(f, bit);
	}
	return (f->push & ~f->bringing) != 0 ? f->push_ms : INT64_MAX;
}
