/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
/*
 * seed DB HOSTKEY USERS JOBS DEVICES LPR-PORT: fill a database while releaserd
 * is stopped, with its own code.  The jobs are held and evenly spread over the
 * users; their documents are not in the spool, so they can be listed and not
 * be printed.  Each user has a card, each device a token.  Prints a line a
 * device: its token and the card of a user who may stand there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "releaserd/core/core.h"

#define JOB_LIFE_MS 86400000
#define JOBS_A_TURN 20000

static struct role role;
static struct core core = { .role = &role };

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "seed: %s\n", what);
	exit(1);
}

static void
card_text(char out[17], long i)
{
	snprintf(out, 17, "04BE%012X", (unsigned)i);
}

static void
add_user(long i)
{
	struct user u = { .created_ms = rel_now_ms() };
	struct card k = { .created_ms = u.created_ms };
	uint8_t raw[8];
	char card[17];

	u.id = ids_next(&core);
	snprintf(u.key, sizeof u.key, "user%05ld", i);
	memcpy(u.name, u.key, sizeof u.key);
	snprintf(u.display, sizeof u.display, "Person Number %ld", i);
	snprintf(u.mail, sizeof u.mail, "user%05ld@example.org", i);
	snprintf(u.department, sizeof u.department, "D%ld", i % 40);
	k.id = ids_next(&core);
	k.user_id = u.id;
	card_text(card, i);
	if (!rel_unhex(raw, sizeof raw, card, 16))
		die("card");
	keys_mac(k.mac, core.card_key, raw, sizeof raw);
	memcpy(k.tail, card + 12, 4);
	if (store_user_add(core.st, &u) < 0 || store_card_add(core.st, &k) < 0)
		die("a user cannot be added");
}

static void
add_job(long i, long users)
{
	static struct job j;
	char text[200];

	memset(&j, 0, sizeof j);
	j.id = ids_next(&core);
	snprintf(j.queue, sizeof j.queue, "FollowMe");
	snprintf(j.uuid, sizeof j.uuid, "urn:uuid:be000000-0000-4000-8000-"
	    "%012lx", i);
	j.document = 1;
	j.cups_job = i + 1;
	snprintf(j.user_key, sizeof j.user_key, "user%05ld", i % users);
	memcpy(j.user, j.user_key, sizeof j.user_key);
	snprintf(j.host, sizeof j.host, "pc%ld.example.org", i % 500);
	snprintf(j.title, sizeof j.title, "Report %ld for the meeting.pdf", i);
	snprintf(j.format, sizeof j.format, "application/pdf");
	snprintf(j.options, sizeof j.options, "media=iso_a4_210x297mm "
	    "sides=two-sided-long-edge print-color-mode=auto");
	j.bytes = 20000 + i % 900000;
	j.copies = 1 + i % 3;
	j.state = JOB_HELD;
	j.created_ms = rel_now_ms();
	j.expires_ms = j.created_ms + JOB_LIFE_MS;
	snprintf(text, sizeof text, "printed by %.84s on %.40s to FollowMe",
	    j.user_key, j.host);
	if (store_job_add(core.st, &j) < 0 || store_event_add(core.st, j.id,
	    j.created_ms, "held", text) < 0)
		die("a job cannot be added");
}

static void
add_device(long i, long users, const char *lpr_port)
{
	static struct device d;
	uint8_t md[32];
	char token[65], card[17];

	memset(&d, 0, sizeof d);
	ids_uuid(d.id);
	snprintf(d.name, sizeof d.name, "Bench %ld", i);
	snprintf(d.serial, sizeof d.serial, "BENCH-%ld", i);
	snprintf(d.lpr_host, sizeof d.lpr_host, "127.0.0.1");
	snprintf(d.lpr_queue, sizeof d.lpr_queue, "bench");
	d.lpr_port = strtol(lpr_port, NULL, 10);
	d.state = 1;
	d.created_ms = d.registered_ms = d.seen_ms = rel_now_ms();
	ids_token(token, 32);
	keys_sha256(md, token, strlen(token));
	rel_hex(d.token, md, sizeof md);
	if (store_device_add(core.st, &d) < 0)
		die("a device cannot be added");
	card_text(card, i * 97 % users);
	printf("%s %s\n", token, card);
}

static void
load_key(const char *path)
{
	static uint8_t key[32];
	FILE *f = fopen(path, "r");
	struct rel_err err;

	if (f == NULL || fread(key, 1, sizeof key, f) != sizeof key)
		die("the host key cannot be read");
	fclose(f);
	role.start.host_key = key;
	role.start.host_key_len = sizeof key;
	if (keys_init(&core, &err) < 0)
		die(err.text);
}

static void
turn(void (*step)(struct store *, struct rel_err *))
{
	struct rel_err err = { 0 };

	step(core.st, &err);
	if (err.code != 0)
		die(err.text);
}

static void
turn_begin(struct store *st, struct rel_err *err)
{
	(void)store_begin(st, err);
}

static void
turn_end(struct store *st, struct rel_err *err)
{
	(void)store_commit(st, err);
}

int
main(int argc, char **argv)
{
	struct rel_err err = { 0 };
	long users, jobs, devices;

	if (argc != 7) {
		fprintf(stderr, "usage: seed DB HOSTKEY USERS JOBS DEVICES "
		    "LPR-PORT\n");
		return 2;
	}
	users = strtol(argv[3], NULL, 10);
	jobs = strtol(argv[4], NULL, 10);
	devices = strtol(argv[5], NULL, 10);
	load_key(argv[2]);
	if (store_open(&core.st, argv[1], &err) < 0)
		die(err.text);
	turn(turn_begin);
	for (long i = 0; i < users; i++)
		add_user(i);
	for (long i = 0; i < devices; i++)
		add_device(i, users, argv[6]);
	for (long i = 0; i < jobs; i++) {
		if (i % JOBS_A_TURN == 0) {
			turn(turn_end);
			turn(turn_begin);
		}
		add_job(i, users);
	}
	turn(turn_end);
	store_close(&core.st);
	keys_fini(&core);
	return 0;
}
