/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/web_priv.h"

#include <string.h>

/* Lines on a 24 x 24 grid, drawn for this page. */
static const struct {
	const char *name, *path;
} icons[] = {
	{ "print", "M6 9V3h12v6M6 18H3v-7h18v7h-3M6 14h12v7H6z" },
	{ "user", "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 4-6 8-6s8 2 "
	    "8 6" },
	{ "ok", "M4 13l5 5L20 6" },
	{ "back", "M20 12H5M11 5l-7 7 7 7" },
	{ "logout", "M10 4H4v16h6M9 12h11M16 7l5 5-5 5" },
	{ "delete", "M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6M14 11v6" },
	{ "card", "M2 6h20v13H2zM2 10h20M6 15h5" },
	{ "lock", "M5 11h14v10H5zM8 11V8a4 4 0 0 1 8 0v3" },
	{ "unlock", "M5 11h14v10H5zM8 11V8a4 4 0 0 1 7-2.6" },
	{ "copy", "M8 8h12v13H8zM4 16V3h12" },
	{ "copies", "M8 8h12v13H8zM4 16V3h12" },
	{ "scan", "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M3 12h18" },
	{ "fax", "M7 9V3h10v6M3 9h18v11H3zM7 13h4v4H7zM15 13h2M15 17h2" },
	{ "number", "M5 9h15M4 15h15M10 4L8 20M16 4l-2 16" },
	{ "settings", "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v3M12 18v3M3 "
	    "12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M18.4 5.6l-2.2 "
	    "2.2M7.8 16.2l-2.2 2.2" },
	{ "paper", "M6 3h9l4 4v14H6zM14 3v5h5" },
	{ "warn", "M12 3l10 18H2zM12 10v5M12 18v.5" },
	{ "power", "M12 3v9M6 7a8 8 0 1 0 12 0" },
	{ "door", "M5 21V4l10-1v18zM15 5h4v16M12 12v1M3 21h18" },
	{ "info", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 8v.01" },
	{ "code", "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 "
	    "18h2v2h-2zM18 14h2M14 18v2" },
	{ "next", "M12 4v15M5 12l7 7 7-7" },
	{ "more", "M12 4v15M5 12l7 7 7-7" },
};

void
web_icon(struct rel_buf *b, const char *name)
{
	const char *path = "M12 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2z";

	for (size_t i = 0; i < sizeof icons / sizeof icons[0]; i++)
		if (strcmp(icons[i].name, name) == 0)
			path = icons[i].path;
	rel_put_fmt(b, "<svg viewBox=\"0 0 24 24\" aria-hidden=\"true\">"
	    "<path d=\"%s\"/></svg>", path);
}
