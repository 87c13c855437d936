/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl: the local API on the command line. */
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"

#define DEFAULT_SOCKET REL_RUNDIR "/api.sock"

static const struct ctl_verb *const nouns[] = {
	ctl_status_verbs, ctl_user_verbs, ctl_card_verbs, ctl_device_verbs,
	ctl_posture_verbs,
	ctl_job_verbs, ctl_pages_verbs, ctl_usage_verbs,
	ctl_settings_verbs, ctl_certificate_verbs, ctl_me_verbs,
	ctl_session_verbs, ctl_role_verbs, ctl_backup_verbs,
	ctl_lockout_verbs, ctl_directory_verbs, ctl_address_verbs,
	ctl_template_verbs, ctl_access_verbs, ctl_guest_verbs,
	ctl_price_verbs, ctl_rule_verbs, ctl_station_verbs,
	ctl_account_verbs, ctl_quota_verbs, ctl_group_verbs, ctl_ledger_verbs,
	ctl_book_verbs, ctl_waiting_verbs, ctl_simulate_verbs,
	ctl_report_verbs, ctl_activity_verbs, ctl_snmp_verbs, ctl_discover_verbs
};
#define NOUNS (sizeof nouns / sizeof nouns[0])

static void
print_usage_line(FILE *out, const struct ctl_verb *v)
{
	fprintf(out, "releasectl %s%s%s%s%s", v->noun, v->verb ? " " : "",
	    v->verb ? v->verb : "", v->args[0] != '\0' ? " " : "", v->args);
	for (const enum ctl_opt *o = v->opts; *o != OPT_COUNT; o++)
		fprintf(out, " [--%s%s%s]", ctl_opt_name(*o),
		    ctl_opt_value(*o) ? " " : "",
		    ctl_opt_value(*o) ? ctl_opt_value(*o) : "");
	fputc('\n', out);
}

static void
print_usage(FILE *out)
{
	fputs("usage: releasectl [--json] [--socket PATH] NOUN VERB ...\n\n",
	    out);
	for (size_t i = 0; i < NOUNS; i++)
		for (const struct ctl_verb *v = nouns[i]; v->noun; v++) {
			fputs("  ", out);
			print_usage_line(out, v);
		}
	fputs("\n\"releasectl help NOUN [VERB]\" says more. "
	    "See releasectl(1).\n", out);
}

static void
print_verb_help(const struct ctl_verb *v)
{
	print_usage_line(stdout, v);
	printf("    %s\n", v->help);
	for (const enum ctl_opt *o = v->opts; *o != OPT_COUNT; o++)
		printf("      --%s%s%s: %s\n", ctl_opt_name(*o),
		    ctl_opt_value(*o) ? " " : "",
		    ctl_opt_value(*o) ? ctl_opt_value(*o) : "",
		    ctl_opt_help(*o));
}

/* "help", "help job", "help job release". */
static int
help(int argc, char *argv[])
{
	int found = 0;

	if (argc == 0) {
		print_usage(stdout);
		return CTL_OK;
	}
	for (size_t i = 0; i < NOUNS; i++)
		for (const struct ctl_verb *v = nouns[i]; v->noun; v++) {
			if (strcmp(v->noun, argv[0]) != 0 || (argc > 1 &&
			    (v->verb == NULL || strcmp(v->verb, argv[1]) != 0)))
				continue;
			print_verb_help(v);
			found = 1;
		}
	if (!found)
		fprintf(stderr, "releasectl: no such command: %s%s%s\n",
		    argv[0], argc > 1 ? " " : "", argc > 1 ? argv[1] : "");
	return found ? CTL_OK : CTL_USAGE;
}

int
ctl_misuse(struct ctl *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->err.text, sizeof c->err.text, fmt, ap);
	va_end(ap);
	return CTL_MISUSE;
}

/* argv[i] is "--name", "--name=value" or "--name" "value"; new i or < 0. */
static int
parse_option(struct ctl *c, int i, int argc, char *argv[])
{
	const char *name = argv[i] + 2;
	size_t n = strcspn(name, "=");

	for (int o = 0; o < OPT_COUNT; o++) {
		if (strlen(ctl_opt_name(o)) != n ||
		    strncmp(ctl_opt_name(o), name, n) != 0)
			continue;
		if (ctl_opt_value(o) == NULL && name[n] == '=')
			return ctl_misuse(c, "--%s takes no value",
			    ctl_opt_name(o));
		if (ctl_opt_value(o) == NULL)
			c->opt[o] = "";
		else if (name[n] == '=')
			c->opt[o] = name + n + 1;
		else if (i + 1 < argc)
			c->opt[o] = argv[++i];
		else
			return ctl_misuse(c, "--%s needs a value",
			    ctl_opt_name(o));
		return i;
	}
	return ctl_misuse(c, "there is no option --%.*s", (int)n, name);
}

/* Options anywhere; "--" ends them; "-" is --stdin. Words go to c->arg. */
static int
parse_words(struct ctl *c, int argc, char *argv[])
{
	bool only_words = false;

	for (int i = 1; i < argc; i++) {
		if (!only_words && strcmp(argv[i], "--") == 0) {
			only_words = true;
		} else if (!only_words && strcmp(argv[i], "-") == 0) {
			c->opt[OPT_STDIN] = "";
		} else if (!only_words && strncmp(argv[i], "--", 2) == 0) {
			if ((i = parse_option(c, i, argc, argv)) < 0)
				return i;
		} else if (c->nargs == ARGS_MAX) {
			return ctl_misuse(c, "too many words");
		} else {
			c->arg[c->nargs++] = argv[i];
		}
	}
	return 0;
}

/* Take the noun and the verb away from the words; NULL when there is none. */
static const struct ctl_verb *
find_verb(struct ctl *c)
{
	for (size_t i = 0; i < NOUNS; i++)
		for (const struct ctl_verb *v = nouns[i]; v->noun; v++) {
			int take = v->verb == NULL ? 1 : 2;

			if (c->nargs < take || strcmp(v->noun, c->arg[0]) != 0 ||
			    (take == 2 && strcmp(v->verb, c->arg[1]) != 0))
				continue;
			c->nargs -= take;
			memmove(c->arg, c->arg + take,
			    (size_t)c->nargs * sizeof c->arg[0]);
			return v;
		}
	return NULL;
}

/* Does the verb know the options that were given, and so many words? */
static int
check_use(struct ctl *c, const struct ctl_verb *v)
{
	for (int o = OPT_STDIN; o < OPT_COUNT; o++) {
		const enum ctl_opt *k = v->opts;

		if (c->opt[o] == NULL || (o == OPT_STDIN &&
		    c->opt[OPT_BACKUP] != NULL))
			continue;
		while (*k != OPT_COUNT && *k != (enum ctl_opt)o)
			k++;
		if (*k == OPT_COUNT)
			return ctl_misuse(c, "%s%s%s does not take --%s",
			    v->noun, v->verb ? " " : "",
			    v->verb ? v->verb : "", ctl_opt_name(o));
	}
	if (c->nargs < v->min_args)
		return ctl_misuse(c, "something is missing");
	if (c->nargs > v->max_args)
		return ctl_misuse(c, "too many words: %s",
		    c->arg[v->max_args]);
	return 0;
}

static int
exit_status(int rc)
{
	if (rc >= 0)
		return CTL_OK;
	if (rc == CTL_MISUSE)
		return CTL_USAGE;
	return rc == -REL_E_PEER ? CTL_AWAY : CTL_REFUSED;
}

static int
run(struct ctl *c, const struct ctl_verb *v)
{
	const char *path = c->opt[OPT_SOCKET];
	int rc;

	if (path == NULL)
		path = getenv("RELEASECTL_SOCKET");
	if (path == NULL || path[0] == '\0')
		path = DEFAULT_SOCKET;
	if ((rc = rel_api_new(&c->api, path, &c->err)) == 0)
		rc = c->opt[OPT_BACKUP] != NULL ? ctl_with_backup(c, v) :
		    v->run(c);
	rel_api_free(&c->api);
	return rc;
}

int
main(int argc, char *argv[])
{
	static struct ctl c;
	const struct ctl_verb *v = NULL;
	int rc;

	setlocale(LC_ALL, "");
	if (argc > 1 && (strcmp(argv[1], "help") == 0 ||
	    strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return help(argc - 2, argv + 2);
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		printf("releasectl %s\n", REL_VERSION);
		return CTL_OK;
	}
	if ((rc = parse_words(&c, argc, argv)) == 0 &&
	    (v = find_verb(&c)) == NULL) {
		print_usage(stderr);
		return CTL_USAGE;
	}
	if (rc == 0 && (rc = check_use(&c, v)) == 0)
		rc = run(&c, v);
	if (rc < 0)
		fprintf(stderr, "releasectl: %s\n", c.err.text);
	if (rc == CTL_MISUSE && v != NULL) {
		fputs("usage: ", stderr);
		print_usage_line(stderr, v);
	}
	return exit_status(rc);
}
