/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/fault.h"

#ifdef REL_FAULT_POINTS
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
rel_fault(const char *name)
{
	const char *path = getenv("REL_FAULT_FILE");
	char want[64] = "", what[16] = "";
	int ms = 0, n;
	FILE *f;

	if (path == NULL || (f = fopen(path, "r")) == NULL)
		return;
	n = fscanf(f, "%63s %15s %d", want, what, &ms);
	fclose(f);
	if (n < 2 || strcmp(want, name) != 0)
		return;
	/* Once only: the file is in a folder everyone of the test may write. */
	if (truncate(path, 0) < 0)
		unlink(path);
	if (strcmp(what, "kill") == 0)
		raise(SIGKILL);
	if (strcmp(what, "sleep") == 0)
		usleep((useconds_t)ms * 1000u);
}
#else
struct rel_fault_is_off;	/* ISO C wants something in every file */
#endif
