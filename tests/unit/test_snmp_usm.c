/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* SNMPv3 with a real agent (snmpd): each pair of authentication, encryption. */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/text.h"
#include "releaserd/driver/snmp_priv.h"
#include "tests/snmp/agent.h"
#include "tests/unit/snmp_fixture.h"

#define SNMPD "/usr/sbin/snmpd"

static const char *const auths[] = { "", "MD5", "SHA", "SHA-224", "SHA-256",
	"SHA-384", "SHA-512" };
static const char *const privs[] = { "", "DES", "AES", "AES-192", "AES-256" };

static struct {
	char dir[64];
	pid_t pid;
	uint16_t port;
} us;

static void
access_of(struct snmp_access *a, unsigned auth, unsigned priv)
{
	memset(a, 0, sizeof *a);
	a->version = SNMP_V3;
	a->auth = (uint8_t)auth;
	a->priv = (uint8_t)priv;
	snprintf(a->name, sizeof a->name, "user%u%u", auth, priv);
	if (auth > 0)
		snprintf(a->auth_secret, sizeof a->auth_secret,
		    "secret-of-auth-%u", auth);
	if (priv > 0)
		snprintf(a->priv_secret, sizeof a->priv_secret,
		    "secret-of-priv-%u", priv);
}

/* A user of each pair, and a printer of three objects. */
static void
write_conf(const char *path)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	for (unsigned i = 0; i < 7; i++)
		for (unsigned k = 0; k < (i > 0 ? 5 : 1); k++) {
			struct snmp_access a;

			access_of(&a, i, k);
			fprintf(f, "createUser %s", a.name);
			if (i > 0)
				fprintf(f, " %s %s", auths[i], a.auth_secret);
			if (k > 0)
				fprintf(f, " %s %s", privs[k], a.priv_secret);
			fprintf(f, "\nrouser %s %s\n", a.name, i == 0 ?
			    "noauth" : k == 0 ? "auth" : "priv");
		}
	fputs("rocommunity public\nsysDescr Example Printer 1000\n"
	    "sysObjectID .1.3.6.1.4.1.32473.1\nsysLocation Third floor\n"
	    "override .1.3.6.1.2.1.43.5.1.1.17.1 octet_str \"EX0001\"\n"
	    "override .1.3.6.1.2.1.43.10.2.1.4.1.1 counter 1234\n", f);
	fclose(f);
}

static pid_t
start(const char *conf)
{
	char at[64];
	pid_t pid = fork();
	int null;

	if (pid != 0)
		return pid;
	if ((null = open("/dev/null", O_RDWR | O_CLOEXEC)) < 0 ||
	    dup2(null, 1) < 0 || dup2(null, 2) < 0)
		_exit(127);
	snprintf(at, sizeof at, "udp:127.0.0.1:%u", us.port);
	setenv("SNMP_PERSISTENT_DIR", us.dir, 1);
	setenv("MIBS", "", 1);
	execl(SNMPD, "snmpd", "-f", "-Ln", "-C", "-c", conf, "-I",
	    "system_mib,snmpEngine,usmUser,usmConf,vacm_conf,override", at,
	    NULL);
	_exit(127);
}

static int
agent_up(void **state)
{
	char path[96];
	struct snmp_access any = { .version = SNMP_V2C, .name = "public" };
	struct snmp_peer peer = { "127.0.0.1", 0, 0 };
	int fd;

	(void)state;
	if (access(SNMPD, X_OK) != 0)
		return 0;
	snprintf(us.dir, sizeof us.dir, "/tmp/test_snmp.XXXXXX");
	assert_non_null(mkdtemp(us.dir));
	assert_true((fd = snmp_agent_bind("127.0.0.1", &us.port)) >= 0);
	close(fd);
	snprintf(path, sizeof path, "%s/conf", us.dir);
	write_conf(path);
	us.pid = start(path);
	peer.port = us.port;
	for (int i = 0; i < 40; i++) {
		peer.until_ms = rel_mono_ms() + 250;
		if (snmp_answers(&peer, &any))
			return 0;
	}
	print_error("snmpd does not come up\n");
	return -1;
}

static int
agent_down(void **state)
{
	char text[96];

	(void)state;
	if (us.pid <= 0)
		return 0;
	kill(us.pid, SIGTERM);
	while (waitpid(us.pid, NULL, 0) < 0 && errno == EINTR)
		;
	snprintf(text, sizeof text, "%s/conf", us.dir);
	unlink(text);
	snprintf(text, sizeof text, "%s/snmpd.conf", us.dir);
	unlink(text);
	snprintf(text, sizeof text, "%s/cert_indexes", us.dir);
	rmdir(text);
	rmdir(us.dir);
	return 0;
}

static void
need_snmpd(void)
{
	if (us.pid <= 0) {
		print_message("# snmpd is missing\n");
		skip();
	}
}

static int
look(const struct snmp_access *a, size_t n, struct snmp_found *f,
    struct rel_err *err)
{
	struct snmp_peer peer = { "127.0.0.1", us.port, rel_mono_ms() + 4000 };

	return snmp_probe(&peer, a, n, f, err);
}

UNIT(each_pair_is_understood)
{
	need_snmpd();
	for (unsigned i = 0; i < 7; i++)
		for (unsigned k = 0; k < (i > 0 ? 5 : 1); k++) {
			struct snmp_access a;
			struct snmp_found f;
			struct rel_err err;

			access_of(&a, i, k);
			if (snmp_cannot(&a) != NULL) {
				print_message("# %s: %s\n", a.name,
				    snmp_cannot(&a));
				continue;
			}
			if (look(&a, 1, &f, &err) != 0)
				fail_msg("%s %s: %s", auths[i], privs[k],
				    err.text);
			assert_string_equal(f.serial, "EX0001");
			assert_string_equal(f.model, "Example Printer 1000");
			assert_true(f.printer);
		}
}

UNIT(what_is_wrong_is_refused_at_once)
{
	struct snmp_access a;
	struct snmp_found f;
	struct rel_err err;
	int64_t from = rel_mono_ms();

	need_snmpd();
	access_of(&a, SNMP_SHA256, SNMP_AES128);
	snprintf(a.auth_secret, sizeof a.auth_secret, "another secret");
	assert_int_equal(look(&a, 1, &f, &err), -REL_E_DENIED);
	access_of(&a, SNMP_SHA256, SNMP_AES128);
	snprintf(a.name, sizeof a.name, "nobody");
	assert_int_equal(look(&a, 1, &f, &err), -REL_E_DENIED);
	assert_true(rel_mono_ms() - from < 3000);
	access_of(&a, SNMP_SHA256, SNMP_AES128);
	a.priv = SNMP_NOPRIV;		/* its rouser line says priv */
	assert_int_not_equal(look(&a, 1, &f, &err), 0);
	/* And the right one of before is no worse for it. */
	access_of(&a, SNMP_SHA256, SNMP_AES128);
	assert_int_equal(look(&a, 1, &f, &err), 0);
}

UNIT(wrong_encryption_is_not_taken)
{
	struct snmp_access a;
	struct snmp_found f;
	struct rel_err err;

	need_snmpd();
	access_of(&a, SNMP_SHA1, SNMP_AES128);
	snprintf(a.priv_secret, sizeof a.priv_secret, "another secret");
	assert_int_not_equal(look(&a, 1, &f, &err), 0);
}

UNIT(ways_in_are_tried_in_their_order)
{
	struct snmp_access a[3];
	struct snmp_found f;
	struct rel_err err;

	need_snmpd();
	access_of(&a[0], SNMP_SHA512, SNMP_AES256);
	snprintf(a[0].name, sizeof a[0].name, "nobody");
	access_of(&a[1], SNMP_MD5, SNMP_DES);
	memset(&a[2], 0, sizeof a[2]);
	a[2].version = SNMP_V2C;
	snprintf(a[2].name, sizeof a[2].name, "public");
	assert_int_equal(look(a, 3, &f, &err), 0);
	assert_int_equal(f.access, 1);
}

UNIT(anybody_hears_that_it_speaks_v3)
{
	struct snmp_access a = { .version = SNMP_V3 };
	struct snmp_peer peer = { "127.0.0.1", us.port, rel_mono_ms() + 2000 };

	need_snmpd();
	assert_true(snmp_answers(&peer, &a));
	a.version = SNMP_V1;
	snprintf(a.name, sizeof a.name, "secret");
	peer.until_ms = rel_mono_ms() + 300;
	assert_false(snmp_answers(&peer, &a));
}

UNIT(the_driver_knows_what_worked)
{
	struct driver_ask q = { .deadline_ms = 10000, .text = "" };
	struct driver_said s;
	struct rel_err err;

	need_snmpd();
	snprintf(q.at.address, sizeof q.at.address, "127.0.0.1");
	q.at.snmp_port = us.port;
	q.at.nsnmp = 2;
	access_of(&q.at.snmp[0], SNMP_SHA1, SNMP_AES128);
	snprintf(q.at.snmp[0].auth_secret, sizeof q.at.snmp[0].auth_secret,
	    "wrong wrong");
	access_of(&q.at.snmp[1], SNMP_SHA384, SNMP_AES192);
	driver_said_init(&s);
	assert_int_equal(driver_snmp_lpr.info(&q, &s, &err), 0);
	assert_string_equal(items_get(&s.items, "location"), "Third floor");
	assert_non_null(strstr(s.kept, "a=1 "));
	snprintf(q.kept, sizeof q.kept, "%s", s.kept);
	driver_said_fini(&s);
	driver_said_init(&s);
	assert_int_equal(driver_snmp_lpr.status(&q, &s, &err), 0);
	assert_string_equal(items_get(&s.items, "counter.impressions"),
	    "1234");
	driver_said_fini(&s);
}

/* Two at once with one user: the one that ends leaves it to the other. */
UNIT(a_user_is_shared)
{
	static const char *const oid[] = { "1.3.6.1.2.1.1.1.0" };
	struct snmp_peer peer = { "127.0.0.1", us.port, rel_mono_ms() + 3000 };
	struct snmp_link *one = NULL, *two = NULL;
	struct snmp_access a;
	struct snmp_tree t;
	struct rel_err err;

	need_snmpd();
	access_of(&a, SNMP_SHA256, SNMP_AES128);
	snmp_tree_init(&t);
	assert_int_equal(snmp_link_open(&one, &peer, &a, 2, &err), 0);
	assert_int_equal(snmp_link_open(&two, &peer, &a, 2, &err), 0);
	assert_int_equal(snmp_link_get(one, oid, 1, &t, &err), 0);
	assert_int_equal(snmp_link_get(two, oid, 1, &t, &err), 0);
	snmp_link_close(&one);
	assert_int_equal(snmp_link_get(two, oid, 1, &t, &err), 0);
	snmp_link_close(&two);
	assert_int_equal(t.n, 3);
	snmp_tree_fini(&t);
}

UNIT(what_cannot_be_is_said)
{
	struct snmp_access a;

	access_of(&a, SNMP_NOAUTH, SNMP_NOPRIV);
	assert_null(snmp_cannot(&a));
	a.priv = SNMP_AES128;
	assert_non_null(strstr(snmp_cannot(&a), "without authentication"));
	access_of(&a, SNMP_SHA1, SNMP_NOPRIV);
	snprintf(a.auth_secret, sizeof a.auth_secret, "short");
	assert_non_null(strstr(snmp_cannot(&a), "8 characters"));
	access_of(&a, 99, SNMP_NOPRIV);
	assert_non_null(strstr(snmp_cannot(&a), "authentication"));
	access_of(&a, SNMP_SHA1, 99);
	assert_non_null(strstr(snmp_cannot(&a), "encryption"));
	a.version = 9;
	assert_non_null(strstr(snmp_cannot(&a), "version"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(each_pair_is_understood),
		UNIT_RUN(what_is_wrong_is_refused_at_once),
		UNIT_RUN(wrong_encryption_is_not_taken),
		UNIT_RUN(ways_in_are_tried_in_their_order),
		UNIT_RUN(anybody_hears_that_it_speaks_v3),
		UNIT_RUN(the_driver_knows_what_worked),
		UNIT_RUN(a_user_is_shared),
		UNIT_RUN(what_cannot_be_is_said),
	};

	return cmocka_run_group_tests(tests, agent_up, agent_down);
}
