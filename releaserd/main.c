/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/log.h"
#include "releaserd/functions.h"
#include "releaserd/agent/prove.h"
#include "releaserd/directory.h"
#include "releaserd/role.h"

#define DEFAULT_CONF REL_SYSCONFDIR "/releaserd.conf"

static int
usage(void)
{
	fputs("usage: releaserd [-c FILE]      run in the foreground\n"
	    "       releaserd -t [-c FILE]   check the configuration and stop\n"
	    "       releaserd -S             the settings, for the manual\n"
	    "       releaserd -D             those of a directory, for the manual\n"
	    "       releaserd -F             the functions, for the manual\n"
	    "       releaserd -V             the version\n", stderr);
	return 2;
}

/* The line of a directive; 0 when the file leaves it at its default. */
static unsigned
line_of(const char *path, const char *directive)
{
	FILE *f = fopen(path, "r");
	char line[1024], word[64];
	unsigned n = 0, found = 0;

	while (f != NULL && found == 0 && fgets(line, sizeof line, f) != NULL) {
		n++;
		if (sscanf(line, "%63s", word) == 1 &&
		    strcasecmp(word, directive) == 0)
			found = n;
	}
	if (f != NULL)
		fclose(f);
	return found;
}

static int
check_conf(const char *path)
{
	const char *directive;
	struct settings set;
	struct rel_err err;
	int rc;

	if (settings_read(&set, path, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	if ((rc = super_check(&set, &directive, &err)) < 0) {
		unsigned line = line_of(path, directive);

		if (line > 0)
			fprintf(stderr, "%s:%u: ", path, line);
		else
			fprintf(stderr, "%s: ", path);
		fprintf(stderr, "%s: %s\n", directive, err.text);
		/* A user may still be made before the start. */
		if (rc != -REL_E_NOTFOUND)
			return 1;
	}
	printf("%s: good\n", path);
	if (set.jail == 0)
		printf("%s: Jail is none: for debugging only\n", path);
	return 0;
}

/* releaserd --role NAME is how super starts the others; not for people. */
static int
run_role(const char *name)
{
	static const struct role_ops *const all[] = {
		&core_role, &net_role, &agent_role, &send_role, &render_role,
		&driver_role
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(ipc_role_name(all[i]->role), name) == 0)
			return role_main(all[i]);
	return usage();
}

int
main(int argc, char **argv)
{
	const char *conf = DEFAULT_CONF;
	int c, test = 0;

	if (argc == 3 && strcmp(argv[1], "--role") == 0)
		return run_role(argv[2]);
	if (argc == 4 && strcmp(argv[1], "--pam") == 0)
		return pam_main(argv[2], argv[3]);
	while ((c = getopt(argc, argv, "c:tDFSV")) != -1) {
		switch (c) {
		case 'c':
			conf = optarg;
			break;
		case 't':
			test = 1;
			break;
		case 'D':
			directory_manual(stdout);
			return 0;
		case 'F':
			functions_manual(stdout);
			return 0;
		case 'S':
			settings_manual(stdout);
			return 0;
		case 'V':
			puts("releaserd " PACKAGE_VERSION);
			return 0;
		default:
			return usage();
		}
	}
	if (optind != argc)
		return usage();
	return test ? check_conf(conf) : super_main(conf);
}
