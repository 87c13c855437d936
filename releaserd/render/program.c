/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "releaserd/render/render_priv.h"

#define PATH_BYTES 512

static const char *first_folder;

static const struct {
	const char *name, *path, *from;
} programs[] = {
	[PROG_PAGES] = { "release-pages", REL_LIBEXECDIR "/release-pages",
	    "cups-release itself" },
	[PROG_PDFTOPDF] = { "pdftopdf", REL_CUPS_SERVERBIN "/filter/pdftopdf",
	    "cups-filters" },
	[PROG_GS] = { "gs", REL_GS, "ghostscript" },
	[PROG_PDFTOPPM] = { "pdftoppm", REL_PDFTOPPM, "poppler-utils" },
	[PROG_CUPSFILTER] = { "cupsfilter", REL_CUPSFILTER, "cups" }
};
static char found[sizeof programs / sizeof programs[0]][PATH_BYTES];

void
program_folder(const char *dir)
{
	first_folder = dir;
	memset(found, 0, sizeof found);
}

static const char *
folder(void)
{
#ifdef REL_FAULT_POINTS
	if (first_folder == NULL)
		return getenv("REL_PROGRAMS");
#endif
	return first_folder;
}

/* In the folder of the tests, if there is one and it is there. */
static bool
in_folder(const char *name, char *out, size_t size)
{
	const char *dir = folder();
	int n;

	if (dir == NULL)
		return false;
	n = snprintf(out, size, "%s/%s", dir, name);
	return n > 0 && (size_t)n < size && access(out, X_OK) == 0;
}

const char *
program_path(enum program p, struct rel_err *err)
{
	char *path = found[p];

	if (path[0] != '\0')
		return path;
	if (!in_folder(programs[p].name, path, PATH_BYTES))
		snprintf(path, PATH_BYTES, "%s", programs[p].path);
	if (access(path, X_OK) == 0)
		return path;
	path[0] = '\0';
	rel_err_set(err, REL_E_NOTFOUND, "the program %s (%s) is missing on "
	    "the print server: it belongs to %s", programs[p].name,
	    programs[p].path, programs[p].from);
	return NULL;
}

int
program_filter(const char *name, char *out, size_t size, struct rel_err *err)
{
	int n;

	if (strchr(name, '/') == NULL && in_folder(name, out, size))
		return 0;
	n = name[0] == '/' ? snprintf(out, size, "%s", name) :
	    snprintf(out, size, REL_CUPS_SERVERBIN "/filter/%s", name);
	if (n <= 0 || (size_t)n >= size || access(out, X_OK) < 0)
		return rel_err_set(err, REL_E_NOTFOUND, "the printer's driver "
		    "wants the filter %.80s, which is missing on the print "
		    "server", name);
	return 0;
}
