/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Several stations at one computer, each a process. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "station/desk.h"

/* Start those that do not run; false: one could not be started. */
static bool
start_all(const struct desks *d, pid_t *pids)
{
	bool all = true;

	for (int i = 0; i < d->n && *d->stop == 0; i++) {
		if (pids[i] <= 0)
			pids[i] = d->start(d->dirs[i]);
		all = all && pids[i] > 0;
	}
	return all;
}

/* Has one ended? With wait, not before one has, or a signal came. */
static bool
reap(const struct desks *d, pid_t *pids, bool wait)
{
	pid_t gone = waitpid(-1, NULL, wait ? 0 : WNOHANG);

	for (int i = 0; gone > 0 && i < d->n; i++)
		if (pids[i] == gone)
			pids[i] = 0;
	return gone > 0;
}

void
desks_watch(const struct desks *d)
{
	pid_t pids[DESKS_MAX] = { 0 };

	while (*d->stop == 0) {
		bool all = start_all(d, pids);

		/* Who is started again at once would end again at once. */
		if (*d->stop == 0 && (reap(d, pids, all) || !all))
			(void)sleep(d->again_s);
	}
	for (int i = 0; i < d->n; i++)
		if (pids[i] > 0)
			kill(pids[i], SIGTERM);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
}
