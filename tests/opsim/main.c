/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* opsim: a simulated OPDP device; see opsim(1). */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "lib/compat.h"
#include "lib/text.h"
#include "tests/opsim/enroll.h"
#include "tests/opsim/faults.h"
#include "tests/opsim/opsim.h"
#include "tests/opsim/run.h"
#include "tests/opsim/script.h"

enum option_id {
	O_API = 256, O_API_URL, O_CA, O_CARD, O_CONTROL, O_DIR, O_FAULT,
	O_FIRMWARE, O_HEARTBEAT, O_HELP, O_HTTP, O_KEY_FILE, O_LEVEL, O_LOCALE,
	O_LPD, O_AUTH, O_MODEL, O_NATIVE, O_OUT, O_PIN, O_READY, O_READY_FD,
	O_PROFILE, O_SERIAL, O_SERVER, O_SNMP, O_TRACE, O_VENDOR, O_LAST
};

static const struct option options[] = {
	{ "api", required_argument, NULL, O_API },
	{ "api-url", required_argument, NULL, O_API_URL },
	{ "ca", required_argument, NULL, O_CA },
	{ "card", required_argument, NULL, O_CARD },
	{ "control", required_argument, NULL, O_CONTROL },
	{ "dir", required_argument, NULL, O_DIR },
	{ "fault", required_argument, NULL, O_FAULT },
	{ "firmware", required_argument, NULL, O_FIRMWARE },
	{ "heartbeat", required_argument, NULL, O_HEARTBEAT },
	{ "help", no_argument, NULL, O_HELP },
	{ "http", required_argument, NULL, O_HTTP },
	{ "key-file", required_argument, NULL, O_KEY_FILE },
	{ "level", required_argument, NULL, O_LEVEL },
	{ "locale", required_argument, NULL, O_LOCALE },
	{ "lpd", required_argument, NULL, O_LPD },
	{ "model", required_argument, NULL, O_MODEL },
	{ "auth", required_argument, NULL, O_AUTH },
	{ "native", required_argument, NULL, O_NATIVE },
	{ "out", required_argument, NULL, O_OUT },
	{ "pin", required_argument, NULL, O_PIN },
	{ "profile", required_argument, NULL, O_PROFILE },
	{ "ready", required_argument, NULL, O_READY },
	{ "ready-fd", required_argument, NULL, O_READY_FD },
	{ "serial", required_argument, NULL, O_SERIAL },
	{ "server", required_argument, NULL, O_SERVER },
	{ "snmp", required_argument, NULL, O_SNMP },
	{ "trace", required_argument, NULL, O_TRACE },
	{ "vendor", required_argument, NULL, O_VENDOR },
	{ NULL, 0, NULL, 0 }
};

/* All options of all commands; the last one given counts. */
struct given {
	const char *one[O_LAST - 256];
	const char *cards[16], *faults[16];
	int ncards, nfaults;
	char *const *rest;
	int nrest;
};

static const char *
opt(const struct given *g, enum option_id id, const char *dflt)
{
	const char *s = g->one[id - 256];

	return s != NULL ? s : dflt;
}

static int
usage(FILE *to)
{
	const char *name, *help;

	fprintf(to,
	    "opsim: a simulated OPDP device, for tests and for trying out\n"
	    "  opsim register --dir STATE --server URL --ca FILE|--pin PIN\n"
	    "                 [--key-file FILE|-] [--serial S] [--vendor V] "
	    "[--model M]\n"
	    "                 [--auth mtls|token] [--level 1|2|3]\n"
	    "                 [--native copy,scan,fax,usb,...]\n"
	    "  opsim renew    --dir STATE\n"
	    "  opsim run      --dir STATE [--lpd A:P] [--http A:P] [--api A:P]"
	    "\n                 [--out DIR] [--control SOCKET] "
	    "[--card LABEL=VALUE]\n"
	    "                 [--snmp A:P --profile FILE]\n"
	    "                 [--fault [always:]NAME[=ARG]] [--ready FILE]\n"
	    "  opsim panel    --dir STATE|--control SOCKET [--out DIR] "
	    "SCRIPT|-\n"
	    "  each also: [--trace FILE] [--locale LANG]\n"
	    "faults:\n");
	for (unsigned i = 0; faults_known(i, &name, &help); i++)
		fprintf(to, "  %-20s %s\n", name, help);
	return to == stdout ? OPSIM_OK : OPSIM_USAGE;
}

static bool
take(struct given *g, int id)
{
	if (id == O_CARD && g->ncards < 16)
		g->cards[g->ncards++] = optarg;
	else if (id == O_FAULT && g->nfaults < 16)
		g->faults[g->nfaults++] = optarg;
	else if (id >= O_API && id < O_LAST)
		g->one[id - 256] = optarg != NULL ? optarg : "";
	else
		return false;
	return true;
}

static bool
parse(struct given *g, int argc, char **argv)
{
	int id;

	while ((id = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (!take(g, id))
			return false;
	g->rest = argv + optind;
	g->nrest = argc - optind;
	return true;
}

static int
said(int rc, const struct rel_err *err)
{
	if (rc == 0)
		return OPSIM_OK;
	fprintf(stderr, "opsim: %s\n", err->text);
	return rc == -REL_E_PEER || rc == -REL_E_DENIED ? OPSIM_TROUBLE :
	    OPSIM_USAGE;
}

static int
number(const struct given *g, enum option_id id, int dflt, int max)
{
	int64_t v = dflt;

	if (opt(g, id, NULL) != NULL && !rel_int(&v, opt(g, id, ""), 0, max))
		return -2;
	return (int)v;
}

static int
do_register(const struct given *g)
{
	struct rel_err err = { .code = 0 };
	struct enroll e = {
		.dir = opt(g, O_DIR, NULL), .server = opt(g, O_SERVER, ""),
		.ca = opt(g, O_CA, NULL), .pin = opt(g, O_PIN, NULL),
		.key_file = opt(g, O_KEY_FILE, "-"),
		.trace = opt(g, O_TRACE, NULL),
		.serial = opt(g, O_SERIAL, "OPSIM-0001"),
		.vendor = opt(g, O_VENDOR, "cups-release"),
		.model = opt(g, O_MODEL, "opsim"),
		.firmware = opt(g, O_FIRMWARE, "1.0"),
		.api_url = opt(g, O_API_URL, NULL),
		.level = number(g, O_LEVEL, 1, 3),
		.native = opt(g, O_NATIVE, ""),
		.token = strcmp(opt(g, O_AUTH, "mtls"), "token") == 0
	};
	int rc;

	if (e.level < 1)
		return usage(stderr);
	rc = said(enroll_register(&e, &err), &err);

	if (rc == OPSIM_OK)
		printf("opsim: registered with %s\n", e.server);
	return rc;
}

static int
do_renew(const struct given *g)
{
	struct rel_err err = { .code = 0 };

	return said(enroll_renew(opt(g, O_DIR, NULL), opt(g, O_TRACE, NULL),
	    &err), &err);
}

static int
do_run(const struct given *g)
{
	struct run_args a = {
		.dir = opt(g, O_DIR, NULL), .trace = opt(g, O_TRACE, NULL),
		.locale = opt(g, O_LOCALE, "en"), .lpd = opt(g, O_LPD, NULL),
		.http = opt(g, O_HTTP, NULL), .api = opt(g, O_API, NULL),
		.snmp = opt(g, O_SNMP, NULL),
		.profile = opt(g, O_PROFILE, NULL),
		.out = opt(g, O_OUT, NULL),
		.control = opt(g, O_CONTROL, NULL),
		.ready_file = opt(g, O_READY, NULL),
		.ready_fd = number(g, O_READY_FD, -1, 1023),
		.heartbeat_s = number(g, O_HEARTBEAT, 0, 86400),
		.ncards = g->ncards, .nfaults = g->nfaults
	};

	if (a.ready_fd == -2 || a.heartbeat_s == -2 ||
	    (a.snmp != NULL && a.profile == NULL))
		return usage(stderr);
	memcpy(a.cards, g->cards, sizeof a.cards);
	memcpy(a.faults, g->faults, sizeof a.faults);
	return run_device(&a);
}

static int
do_panel(const struct given *g)
{
	struct script_args a = {
		.dir = opt(g, O_DIR, NULL),
		.control = opt(g, O_CONTROL, NULL),
		.out = opt(g, O_OUT, NULL), .trace = opt(g, O_TRACE, NULL),
		.locale = opt(g, O_LOCALE, "en"), .nfaults = g->nfaults
	};

	if (g->nrest != 1)
		return usage(stderr);
	a.file = g->rest[0];
	memcpy(a.faults, g->faults, sizeof a.faults);
	return script_run(&a);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(const struct given *g);
	} commands[] = {
		{ "register", do_register }, { "renew", do_renew },
		{ "run", do_run }, { "panel", do_panel }
	};
	struct given g = { .ncards = 0 };
	int rc = -1;

	if (argc < 2 || !parse(&g, argc - 1, argv + 1))
		return usage(stderr);
	if (opt(&g, O_HELP, NULL) != NULL || strcmp(argv[1], "--help") == 0)
		return usage(stdout);
	rel_compat_no_dump();
	curl_global_init(CURL_GLOBAL_DEFAULT);
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(commands[i].name, argv[1]) == 0)
			rc = commands[i].run(&g);
	curl_global_cleanup();
	return rc >= 0 ? rc : usage(stderr);
}
