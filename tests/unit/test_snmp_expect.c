/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What comes out of recordings of printers (tests/snmp/expect.txt), by way of
 * a socket.  With a profile as argument all of its items are printed.
 */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/text.h"
#include "releaserd/driver/snmp.h"
#include "tests/unit/snmp_fixture.h"

/* All of one profile: info, status, and what a look from outside says. */
struct told {
	char file[128];
	struct driver_said said;
	struct items status;
	struct snmp_found found;
	int rc;
	struct rel_err err;
};

static void
tell(struct told *t, const char *path)
{
	struct driver_ask q;
	struct driver_said s;
	struct played p;
	struct snmp_peer peer = { "127.0.0.1", 0, rel_mono_ms() + 8000 };
	struct rel_err err;

	if (!play(&p, path))
		fail_msg("%s cannot be played", path);
	ask_init(&q, &p);
	peer.port = p.port;
	driver_said_init(&t->said);
	driver_said_init(&s);
	t->rc = driver_snmp_lpr.info(&q, &t->said, &t->err);
	snprintf(q.kept, sizeof q.kept, "%s", t->said.kept);
	if (t->rc == 0)
		t->rc = driver_snmp_lpr.status(&q, &s, &t->err);
	t->status = s.items;
	memset(&s.items, 0, sizeof s.items);
	driver_said_fini(&s);
	if (snmp_probe(&peer, q.at.snmp, 1, &t->found, &err) < 0)
		snprintf(t->found.model, sizeof t->found.model, "?%.100s",
		    err.text);
	play_end(&p);
}

static void
told_end(struct told *t)
{
	driver_said_fini(&t->said);
	items_fini(&t->status);
}

static const char *
told_item(const struct told *t, const char *item)
{
	const char *v;

	if (strcmp(item, "printer") == 0)
		return t->found.printer ? "yes" : "no";
	if (strcmp(item, "queue") == 0)
		return t->found.queue;
	if (strncmp(item, "found.", 6) == 0)
		return strcmp(item + 6, "model") == 0 ? t->found.model :
		    strcmp(item + 6, "serial") == 0 ? t->found.serial :
		    strcmp(item + 6, "vendor") == 0 ? t->found.vendor :
		    t->found.mac;
	if ((v = items_get(&t->status, item)) == NULL)
		v = items_get(&t->said.items, item);
	return v != NULL ? v : "-";
}

static void
path_of(char out[512], const char *file)
{
	const char *src = getenv("srcdir"), *shared = getenv("REL_SHARED");

	if (strncmp(file, "own/", 4) == 0)
		snprintf(out, 512, "%s/tests/snmp/%s", src != NULL ? src : ".",
		    file);
	else
		snprintf(out, 512, "%s/data/snmp/%s",
		    shared != NULL ? shared : "../shared", file);
}

/* "a | b | c" into three texts without blanks at their ends. */
static bool
fields(char *line, char *field[3])
{
	for (int i = 0; i < 3; i++) {
		char *end = i < 2 ? strstr(line, " | ") : line + strlen(line);

		if (end == NULL)
			return false;
		field[i] = line;
		line = end + (*end != '\0' ? 3 : 0);
		*end = '\0';
	}
	return true;
}

/* Lines of one file stand together. */
static int
check_lines(FILE *f, bool own)
{
	char line[1024], path[512], *field[3];
	struct told t = { .file = "" };
	int wrong = 0, checked = 0;

	while (fgets(line, sizeof line, f) != NULL) {
		const char *got;

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || !fields(line, field) ||
		    (strncmp(field[0], "own/", 4) == 0) != own)
			continue;
		if (strcmp(t.file, field[0]) != 0) {
			if (t.file[0] != '\0')
				told_end(&t);
			memset(&t, 0, sizeof t);
			snprintf(t.file, sizeof t.file, "%s", field[0]);
			path_of(path, field[0]);
			tell(&t, path);
		}
		checked++;
		got = told_item(&t, field[1]);
		if (strcmp(got, field[2]) != 0 && ++wrong > 0)
			print_error("%s: %s is \"%s\", not \"%s\" (%s)\n",
			    field[0], field[1], got, field[2], t.err.text);
	}
	if (t.file[0] != '\0')
		told_end(&t);
	assert_true(checked > 20);
	return wrong;
}

static int
check(bool own)
{
	const char *src = getenv("srcdir");
	char path[512];
	FILE *f;
	int wrong;

	snprintf(path, sizeof path, "%s/tests/snmp/expect.txt",
	    src != NULL ? src : ".");
	f = fopen(path, "re");
	assert_non_null(f);
	wrong = check_lines(f, own);
	fclose(f);
	return wrong;
}

UNIT(made_up_agents)
{
	assert_int_equal(check(true), 0);
}

UNIT(recordings_of_printers)
{
	char path[512];

	path_of(path, "README.md");
	if (access(path, R_OK) != 0) {
		print_message("# the recordings are not here: %s\n", path);
		skip();
	}
	assert_int_equal(check(false), 0);
}

static int
dump(const char *path)
{
	struct told t = { .file = "" };

	tell(&t, path);
	printf("rc=%d %s\nprinter=%d found=%s|%s|%s|%s queue=%s\nkept=%s\n",
	    t.rc, t.err.text, t.found.printer, t.found.vendor, t.found.model,
	    t.found.serial, t.found.mac, t.found.queue, t.said.kept);
	for (size_t i = 0; i < t.said.items.n; i++)
		printf("%s | %s\n", t.said.items.v[i].name,
		    t.said.items.v[i].value);
	puts("--");
	for (size_t i = 0; i < t.status.n; i++)
		printf("%s | %s\n", t.status.v[i].name, t.status.v[i].value);
	told_end(&t);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(made_up_agents),
		UNIT_RUN(recordings_of_printers),
	};

	if (argc > 1)
		return dump(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
