/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Does one forbidden thing, chosen by name, so that sanitizers.sh can see
 * whether anybody notices.  Exit status 0: nobody did.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile size_t beyond = 16;
static volatile int large = INT_MAX;
static void *volatile forgotten;

static int
heap_overflow(void)
{
	volatile char *p = malloc(16);

	if (p == NULL)
		return 1;
	p[beyond] = 1;
	free((void *)(size_t)p);
	return 0;
}

static int
use_after_free(void)
{
	volatile char *p = malloc(16);
	char c;

	if (p == NULL)
		return 1;
	p[0] = 1;
	free((void *)(size_t)p);
	c = p[0];
	return c == 77;
}

static int
signed_overflow(void)
{
	large = large + 1;
	return 0;
}

static int
leak(void)
{
	forgotten = malloc(1000);
	forgotten = NULL;
	return 0;
}

static int
nothing(void)
{
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*doit)(void);
	} deeds[] = {
		{ "heap-overflow", heap_overflow },
		{ "use-after-free", use_after_free },
		{ "signed-overflow", signed_overflow },
		{ "leak", leak },
		{ "nothing", nothing },
	};

	for (size_t i = 0; argc == 2 && i < sizeof deeds / sizeof deeds[0]; i++)
		if (strcmp(argv[1], deeds[i].name) == 0)
			return deeds[i].doit();
	fputs("usage: broken DEED\n", stderr);
	return 2;
}
