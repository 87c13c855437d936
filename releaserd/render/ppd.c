/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * How a PPD calls "gray".  There is no common word for it, and a driver that
 * is told a word it does not know prints in colour and says nothing.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "releaserd/render/render_priv.h"

#define LINE_BYTES 1024
#define LINES_MAX 200000u

static const char *const options[] = {
	"ColorModel", "ColorMode", "CNColorMode", "HPColorMode",
	"Color", "PrintoutMode", "Ink", "SelectColor",
	"BRMonoColor", "OKColorMode", "XRXColor", "KCColorMode"
};
static const char *const choices[] = {
	"Gray", "Grayscale", "KGray", "GrayScale", "DeviceGray", "Mono",
	"Monochrome", "Black", "BlackWhite", "BlackAndWhite", "BW", "K",
	"FastGray"
};

static size_t
rank(const char *word, const char *const *list, size_t n)
{
	size_t i = 0;

	while (i < n && strcasecmp(word, list[i]) != 0)
		i++;
	return i;
}

#define RANK(word, list) rank(word, list, sizeof (list) / sizeof (list)[0])
#define NONE(list) (sizeof (list) / sizeof (list)[0])

int
ppd_gray(const char *path, struct ppd_gray *out, struct rel_err *err)
{
	char line[LINE_BYTES], option[42], choice[42];
	size_t best = NONE(options) * (NONE(choices) + 1);
	unsigned n = 0;
	FILE *f = fopen(path, "re");

	out->option[0] = out->choice[0] = '\0';
	if (f == NULL)
		return rel_err_set(err, REL_E_NOTFOUND, "the driver %.120s "
		    "cannot be read: %s", path, strerror(errno));
	while (n++ < LINES_MAX && fgets(line, sizeof line, f) != NULL) {
		size_t o, c, now;

		if (sscanf(line, "*%41[A-Za-z0-9] %41[^/: \t\r\n]", option,
		    choice) != 2)
			continue;
		o = RANK(option, options);
		c = RANK(choice, choices);
		now = o * (NONE(choices) + 1) + c;
		if (o == NONE(options) || c == NONE(choices) || now >= best)
			continue;
		best = now;
		snprintf(out->option, sizeof out->option, "%s", option);
		snprintf(out->choice, sizeof out->choice, "%s", choice);
	}
	fclose(f);
	return 0;
}

/*
 * *cupsFilter2: "application/vnd.cups-raster image/urf 0 rastertopwg"
 * The filter "-" stands for: as CUPS's own filters make it.
 */
void
ppd_final(const char *path, const char *filter, char *out, size_t size)
{
	char line[LINE_BYTES], type[100], name[200];
	unsigned n = 0;
	FILE *f = fopen(path, "re");

	snprintf(out, size, "printer/release");
	while (f != NULL && n++ < LINES_MAX &&
	    fgets(line, sizeof line, f) != NULL)
		if (sscanf(line, "*cupsFilter2 : \"%*s %99[A-Za-z0-9./+_-] "
		    "%*d %199[^ \"]", type, name) == 2 &&
		    (strcmp(name, filter) == 0 || strcmp(name, "-") == 0))
			snprintf(out, size, "%s", type);
	if (f != NULL)
		fclose(f);
}
