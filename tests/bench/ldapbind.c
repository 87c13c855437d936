/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * How many log-ins a directory server can do: ldapbind URL SLOTS SECONDS
 * bind|login FILE [BASE SERVICE-DN GROUP-BASE], the service account's password
 * on standard input.  FILE has lines "name TAB password TAB dn".  Each slot has
 * connections that are kept and does one log-in after the other: a bind, or
 * what a log-in by search takes - the entry, the bind, the groups.  Prints
 * log-ins/s, the median and the 99th of 100 in ms, how many, how many failed.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ldap.h>

#include "tests/bench/bench.h"

#define SLOTS_MAX 256
#define PEOPLE_MAX 20000
#define TIMES_MAX 4000000

enum step { SEARCH, BIND, GROUPS };

struct person {
	char *name, *password, *dn;
};

struct slot {
	LDAP *service, *people;		/* service: NULL when only binds */
	enum step step;
	int msgid;
	const struct person *who;
	int64_t begin_ns;
};

static struct slot slots[SLOTS_MAX];
static struct pollfd fds[SLOTS_MAX];
static struct person person[PEOPLE_MAX];
static size_t npeople, next, ntimes, failed;
static float *times_ms;
static const char *base, *group_base;

static LDAP *
conn_open(const char *url, const char *dn, char *password)
{
	struct berval cred = { password != NULL ? strlen(password) : 0,
	    password };
	int version = LDAP_VERSION3;
	LDAP *ld = NULL;

	if (ldap_initialize(&ld, url) != LDAP_SUCCESS || ldap_set_option(ld,
	    LDAP_OPT_PROTOCOL_VERSION, &version) != 0 ||
	    ldap_sasl_bind_s(ld, dn, LDAP_SASL_SIMPLE, &cred, NULL, NULL,
	    NULL) != LDAP_SUCCESS)
		bench_die("connect to the directory");
	return ld;
}

static LDAP *
slot_ld(const struct slot *s)
{
	return s->step == BIND ? s->people : s->service;
}

static void
slot_send(struct slot *s)
{
	static char *none[] = { (char *)"cn", NULL };
	static char *attrs[] = { (char *)"uid", (char *)"cn", (char *)"mail",
	    (char *)"departmentNumber", (char *)"employeeNumber", NULL };
	struct berval cred = { strlen(s->who->password), s->who->password };
	char filter[1024];
	int rc;

	if (s->step == BIND) {
		rc = ldap_sasl_bind(s->people, s->who->dn, LDAP_SASL_SIMPLE,
		    &cred, NULL, NULL, &s->msgid);
	} else {
		snprintf(filter, sizeof filter, s->step == SEARCH ?
		    "(&(objectClass=person)(uid=%s))" :
		    "(&(objectClass=*)(|(member=%s)))", s->step == SEARCH ?
		    s->who->name : s->who->dn);
		rc = ldap_search_ext(s->service, s->step == SEARCH ? base :
		    group_base, LDAP_SCOPE_SUBTREE, filter, s->step ==
		    SEARCH ? attrs : none, 0, NULL, NULL, NULL, 256,
		    &s->msgid);
	}
	if (rc != LDAP_SUCCESS)
		bench_die("ask the directory");
}

static void
slot_begin(struct slot *s)
{
	s->who = &person[next++ % npeople];
	s->step = s->service != NULL ? SEARCH : BIND;
	s->begin_ns = bench_ns();
	slot_send(s);
}

static void
slot_done(struct slot *s, LDAPMessage *res)
{
	int code = LDAP_OTHER;
	bool last = s->step == (s->service != NULL ? GROUPS : BIND);
	bool found = s->step != SEARCH ||
	    ldap_count_entries(s->service, res) == 1;

	if (ldap_parse_result(slot_ld(s), res, &code, NULL, NULL, NULL, NULL,
	    1) != LDAP_SUCCESS || code != LDAP_SUCCESS || !found)
		failed++;
	if (last && ntimes < TIMES_MAX)
		times_ms[ntimes++] = (float)(bench_ns() - s->begin_ns) / 1e6f;
	if (last) {
		slot_begin(s);
	} else {
		s->step++;
		slot_send(s);
	}
}

static void
slot_look(struct slot *s)
{
	struct timeval now = { 0, 0 };
	LDAPMessage *res = NULL;
	int rc = ldap_result(slot_ld(s), s->msgid, LDAP_MSG_ALL, &now, &res);

	if (rc < 0)
		bench_die("answer of the directory");
	if (rc > 0)
		slot_done(s, res);
}

static void
people_read(const char *path)
{
	FILE *f = fopen(path, "r");
	char line[2048];

	if (f == NULL)
		bench_die(path);
	while (npeople < PEOPLE_MAX && fgets(line, sizeof line, f) != NULL) {
		char *at = line;
		struct person *p = &person[npeople++];

		line[strcspn(line, "\n")] = '\0';
		p->name = strdup(strsep(&at, "\t"));
		p->password = strdup(at != NULL ? strsep(&at, "\t") : "");
		p->dn = strdup(at != NULL ? strsep(&at, "\t") : "");
		if (p->name == NULL || p->password == NULL || p->dn == NULL)
			bench_die("no memory");
	}
	fclose(f);
	if (npeople == 0)
		bench_die("nobody to log in");
}

static int
by_time(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static void
run(size_t n, double seconds)
{
	int64_t begin = bench_ns(), end = begin + (int64_t)(seconds * 1e9);

	for (size_t i = 0; i < n; i++)
		slot_begin(&slots[i]);
	while (bench_ns() < end) {
		for (size_t i = 0; i < n; i++) {
			int fd = -1;

			ldap_get_option(slot_ld(&slots[i]), LDAP_OPT_DESC,
			    &fd);
			fds[i] = (struct pollfd){ fd, POLLIN, 0 };
		}
		if (poll(fds, n, 1000) < 0)
			bench_die("poll");
		for (size_t i = 0; i < n; i++)
			if (fds[i].revents != 0)
				slot_look(&slots[i]);
	}
	seconds = (double)(bench_ns() - begin) / 1e9;
	qsort(times_ms, ntimes, sizeof *times_ms, by_time);
	if (ntimes == 0)
		bench_die("nobody has logged in");
	printf("%.0f %.2f %.2f %zu %zu\n", (double)ntimes / seconds,
	    (double)times_ms[ntimes / 2], (double)times_ms[ntimes * 99 / 100],
	    ntimes, failed);
}

int
main(int argc, char **argv)
{
	char secret[256] = "";
	size_t n;

	if (argc < 6 || (n = strtoul(argv[2], NULL, 10)) < 1 || n > SLOTS_MAX)
		bench_die("usage: ldapbind URL SLOTS SECONDS bind|login FILE "
		    "[BASE SERVICE-DN GROUP-BASE]");
	people_read(argv[5]);
	if (strcmp(argv[4], "login") == 0 && argc == 9 &&
	    fgets(secret, sizeof secret, stdin) != NULL) {
		secret[strcspn(secret, "\n")] = '\0';
		base = argv[6];
		group_base = argv[8];
	}
	if ((times_ms = calloc(TIMES_MAX, sizeof *times_ms)) == NULL)
		bench_die("no memory");
	for (size_t i = 0; i < n; i++) {
		slots[i].people = conn_open(argv[1], NULL, NULL);
		if (base != NULL)
			slots[i].service = conn_open(argv[1], argv[7],
			    secret);
	}
	run(n, strtod(argv[3], NULL));
	return 0;
}
