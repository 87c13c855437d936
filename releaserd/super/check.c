/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Settings that are good words and yet would not do on this machine. */
#include <string.h>

#include "releaserd/super/super.h"

static int
check_path(const char *path, struct rel_err *err)
{
	return path[0] == '/' ? 0 : rel_err_set(err, REL_E_FORMAT,
	    "\"%.100s\" must begin with /", path);
}

static int
check_user(const char *user, struct rel_err *err)
{
	uid_t uid;
	gid_t gid;

	return jail_ids(user, &uid, &gid, err);
}

/* What QR codes begin with: nothing that a page or a PDF would have to mind. */
static int
check_url(const char *url, struct rel_err *err)
{
	const char *host = strncmp(url, "https://", 8) == 0 ? url + 8 :
	    strncmp(url, "http://", 7) == 0 ? url + 7 : "";

	for (const char *p = url; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || strchr("\"'<>\\?#", *p) != NULL)
			host = "";
	return url[0] == '\0' || (host[0] != '\0' && host[0] != '/') ? 0 :
	    rel_err_set(err, REL_E_FORMAT, "\"%.100s\" is no address such "
	    "as https://print.example.com:631", url);
}

int
super_check(const struct settings *set, const char **directive,
    struct rel_err *err)
{
	const struct {
		const char *name, *value;
		int (*check)(const char *value, struct rel_err *err);
	} all[] = {
		{ "RunDir", set->run_dir, check_path },
		{ "StateDir", set->state_dir, check_path },
		{ "SpoolDir", set->spool_dir, check_path },
		{ "KeyFile", set->key_file, check_path },
		{ "Listen", set->listen, listen_check },
		{ "PagesUrl", set->pages_url, check_url },
		{ "CoreUser", set->core_user, check_user },
		{ "NetUser", set->net_user, check_user }
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		int rc;

		if (all[i].check == check_user && set->jail == 0)
			continue;
		if ((rc = all[i].check(all[i].value, err)) < 0) {
			*directive = all[i].name;
			return rc;
		}
	}
	return 0;
}
