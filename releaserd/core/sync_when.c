/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* When a directory is to be synced by the clock. */
#include <time.h>

#include "releaserd/core/sync.h"
#include "releaserd/directory.h"

/* That minute of the day `days` behind the one ms is in; -1: cannot be said. */
static int64_t
moment(int64_t ms, int days, int minute, int *weekday)
{
	time_t at = (time_t)(ms / 1000);
	struct tm tm;

	if (localtime_r(&at, &tm) == NULL)
		return -1;
	tm.tm_mday += days;
	tm.tm_hour = minute / 60;
	tm.tm_min = minute % 60;
	tm.tm_sec = 0;
	tm.tm_isdst = -1;
	at = mktime(&tm);
	*weekday = tm.tm_wday;
	return at == (time_t)-1 ? -1 : (int64_t)at * 1000;
}

int64_t
sync_at_ms(const char *text, int64_t from_ms)
{
	int weekday, minute, day = 0;

	if (text[0] == '\0' || !directory_sync_at(text, &weekday, &minute))
		return 0;
	for (int i = 0; i <= 8; i++) {
		int64_t ms = moment(from_ms, i, minute, &day);

		if (ms > from_ms && (weekday < 0 || weekday == day))
			return ms;
	}
	return 0;
}

int64_t
sync_due_ms(const struct directory *d, int64_t from_ms)
{
	int64_t at = sync_at_ms(d->sync_at, from_ms);
	int64_t every = d->sync_every_ms > 0 ? from_ms + d->sync_every_ms : 0;

	if (at == 0 || every == 0)
		return at + every;
	return at < every ? at : every;
}
