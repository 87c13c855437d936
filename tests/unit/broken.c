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

/* Volatile, so that no compiler can foresee or leave out what comes. */
static volatile size_t beyond = 16;
static volatile int large = INT_MAX;
static char *volatile block;

static int
heap_overflow(void)
{
	if ((block = malloc(16)) == NULL)
		return 1;
	block[beyond] = 1;
	free(block);
	return 0;
}

static int
use_after_free(void)
{
	if ((block = malloc(16)) == NULL)
		return 1;
	block[0] = 1;
	free(block);
	return block[0] == 77;
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
	block = malloc(1000);
	block = NULL;
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
