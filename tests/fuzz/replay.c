/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Runs a fuzz target over every file of its corpus and says so in TAP.  No
 * corpus, or an empty one, is a failure: it would pass for ever.
 */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define SEED_BYTES_MAX (4u << 20)

/* One seed; 0, or -1 when it cannot be read. */
static int
replay_file(const char *folder, const char *name)
{
	char path[4096];
	uint8_t *p, *exact;
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	if ((f = fopen(path, "rb")) == NULL)
		return -1;
	if ((p = malloc(SEED_BYTES_MAX)) == NULL) {
		fclose(f);
		return -1;
	}
	n = fread(p, 1, SEED_BYTES_MAX, f);
	fclose(f);
	/* In a block of its very size, so that one byte too far is seen. */
	if ((exact = malloc(n > 0 ? n : 1)) != NULL) {
		memcpy(exact, p, n);
		LLVMFuzzerTestOneInput(exact, n);
	}
	free(p);
	free(exact);
	return exact != NULL ? 0 : -1;
}

static int
seed_name(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int
replay(const char *folder)
{
	struct dirent **list = NULL;
	int n = scandir(folder, &list, seed_name, alphasort);
	int bad = n <= 0;

	if (bad)
		printf("1..1\nnot ok 1 - no seed in %s\n", folder);
	else
		printf("1..%d\n", n);
	for (int i = 0; i < n; i++) {
		/* Printed after: a crash in between is the missing line. */
		int rc = replay_file(folder, list[i]->d_name);

		printf("%sok %d - %s\n", rc < 0 ? "not " : "", i + 1,
		    list[i]->d_name);
		fflush(stdout);
		bad |= rc < 0;
		free(list[i]);
	}
	free(list);
	return bad;
}

/* The corpus of "…/fuzz_NAME" is $srcdir/tests/fuzz/corpus/NAME. */
static int
replay_own(const char *argv0)
{
	const char *srcdir = getenv("srcdir");
	const char *base = strrchr(argv0, '/');
	char folder[2048];

	base = base != NULL ? base + 1 : argv0;
	if (strncmp(base, "lt-", 3) == 0)
		base += 3;
	if (strncmp(base, "fuzz_", 5) == 0)
		base += 5;
	snprintf(folder, sizeof folder, "%s/tests/fuzz/corpus/%s",
	    srcdir != NULL ? srcdir : ".", base);
	return replay(folder);
}

#ifdef REL_LIBFUZZER
int LLVMFuzzerInitialize(int *argc, char ***argv);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	if (*argc == 1)
		exit(replay_own((*argv)[0]));
	return 0;
}
#else
int
main(int argc, char **argv)
{
	return argc > 1 ? replay(argv[1]) : replay_own(argv[0]);
}
#endif
