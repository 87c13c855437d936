/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Asks a directory as core does: dirask [RELEASERD [USER [LINE...]]].  With
 * RELEASERD it starts that program's agent in its jail (as root), with these
 * lines of releaserd.conf, and asks it over its channel; else in this process.
 * Lines on standard input, fields parted by tabs:
 *
 *	conf|ca|crl|secret|keytab FILE
 *	first|first-kdc NUMBER
 *	login NAME PASSWORD		test [NAME]
 *	find login|card|id-number|mail|part VALUE LIMIT TIME-MS [groups]
 *	bench COUNT NAME PASSWORD [AT-ONCE [DN]]
 *
 * The first ones say nothing; the others a line of NAME=VALUE each, parted by
 * tabs, as directory_wire.h has them.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/frame.h"
#include "lib/text.h"
#include "releaserd/agent/agent_priv.h"
#include "releaserd/directory_wire.h"
#include "releaserd/start.h"

#define WAIT_MS 120000
#define BLOB_MAX 300000u
#define FIELDS 7

static struct blob {
	const char *name;
	uint8_t *p;
	size_t n;
} blobs[] = { { "conf", NULL, 0 }, { "ca", NULL, 0 }, { "crl", NULL, 0 },
	{ "secret", NULL, 0 }, { "keytab", NULL, 0 } };

static uint8_t first, first_kdc;
static int agent = -1;			/* channel; -1 in this process */
static struct rel_framer from_agent;
static struct dir_said said;

static void __attribute__((noreturn))
die(const char *words)
{
	fprintf(stderr, "dirask: %s\n", words);
	exit(2);
}

/* ---- the agent */

static void
send_or_die(int sock, unsigned type, const struct rel_buf *b, int fd)
{
	struct rel_frame fr = { .type = (uint16_t)type, .id = 1,
		.body = b->data, .len = b->len, .fds = { fd },
		.nfds = fd >= 0 };
	struct rel_err err;

	if (rel_frame_send(sock, &fr, WAIT_MS, &err) < 0)
		die(err.text);
}

static void
agent_exec(const char *program, int control)
{
	if (control != 3 && dup2(control, 3) < 0)
		_exit(127);
	execl(program, program, "--role", "agent", (char *)NULL);
	_exit(127);
}

/* What super says at the start, and that core is there. */
static void
agent_told(int control, int channel, char **words)
{
	struct ipc_start start = { .role = ROLE_AGENT };
	struct rel_buf b, conf;

	rel_buf_init(&conf);
	rel_put_fmt(&conf, "NetUser %s\n", words[0] != NULL ? words[0] :
	    "65534:65534");
	for (size_t i = 1; words[0] != NULL && words[i] != NULL; i++)
		rel_put_fmt(&conf, "%s\n", words[i]);
	start.conf = conf.data;
	start.conf_len = conf.len;
	rel_buf_init(&b);
	start_put(&b, &start);
	send_or_die(control, IPC_START, &b, -1);
	rel_buf_reset(&b);
	rel_put_u8(&b, ROLE_CORE);
	rel_put_u32(&b, 0);
	send_or_die(control, IPC_PEER, &b, channel);
	rel_buf_fini(&b);
	rel_buf_fini(&conf);
}

static void
agent_start(const char *program, char **words)
{
	struct rel_framer in;
	struct rel_frame fr;
	struct rel_err err;
	int control[2], channel[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, control) < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel) < 0)
		die("no sockets");
	switch (fork()) {
	case -1:
		die("no process");
	case 0:
		close(control[0]);
		agent_exec(program, control[1]);
		break;
	default:
		close(control[1]);
	}
	agent_told(control[0], channel[1], words);
	close(channel[1]);
	rel_framer_init(&in);
	if (rel_frame_recv(control[0], &in, &fr, WAIT_MS, &err) < 0 ||
	    fr.type != IPC_READY)
		die("the agent did not start");
	rel_framer_fini(&in);
	rel_framer_init(&from_agent);
	agent = channel[0];
}

/* ---- questions */

static void
ask(unsigned type, struct rel_buf *q)
{
	struct rel_frame fr = { .type = (uint16_t)type, .body = q->data,
		.len = q->len };
	struct rel_buf answer;
	struct rel_err err;
	int rc;

	rel_buf_init(&answer);
	if (agent >= 0) {
		send_or_die(agent, type, q, -1);
		if (rel_frame_recv(agent, &from_agent, &fr, WAIT_MS,
		    &err) < 0 || fr.type != IPC_DIR_SAID)
			die("the agent does not answer");
		rc = dir_said_get(&said, fr.body, fr.len);
	} else {
		ldap_answer(&fr, &answer);
		rc = dir_said_get(&said, answer.data, answer.len);
	}
	rel_buf_fini(&answer);
	rel_buf_reset(q);
	if (rc < 0)
		die("the answer cannot be read");
}

static void
say_person(const struct dir_person *p)
{
	printf("\tlogin=%s\tdn=%s\tdisplay=%s\tmail=%s\tdepartment=%s"
	    "\thome=%s\tcard=%s\tcard2=%s\tpin=%s\tid=%s", p->login, p->dn,
	    p->display, p->mail, p->department, p->home, p->card[0],
	    p->card[1], p->pin, p->id_number);
}

static void
say(void)
{
	printf("outcome=%s\ttls=%s\tserver=%d\tkdc=%d"
	    "\tproof=%s\tdead=%u\tms=%u\tn=%u",
	    dir_outcome_word(said.outcome), dir_tls_word(said.tls),
	    said.server == DIR_NO_SERVER ? -1 : said.server,
	    said.kdc == DIR_NO_SERVER ? -1 : said.kdc,
	    dir_proof_word(said.proof), said.dead, said.took_ms, said.n);
	for (uint32_t i = 0; i < said.n; i++)
		say_person(&said.who[i]);
	printf("\tknown=%d\tgroups=", said.groups_known);
	for (uint32_t i = 0; i < said.ngroups; i++)
		printf("%s%s", i > 0 ? "|" : "", said.groups[i]);
	printf("\twords=%s\n", said.words);
}

static void
where(struct dir_where *at)
{
	at->conf = blobs[0].p;
	at->conf_len = blobs[0].n;
	at->ca = blobs[1].p;
	at->ca_len = blobs[1].n;
	at->crl = blobs[2].p;
	at->crl_len = blobs[2].n;
	at->secret = blobs[3].p;
	at->secret_len = blobs[3].n;
	at->keytab = blobs[4].p;
	at->keytab_len = blobs[4].n;
	at->first = first;
	at->first_kdc = first_kdc;
}

static void
login_put(struct rel_buf *b, char **f, const char *dn)
{
	struct dir_login m;

	memset(&m, 0, sizeof m);
	where(&m.at);
	snprintf(m.name, sizeof m.name, "%s", f[0]);
	snprintf(m.dn, sizeof m.dn, "%s", dn);
	m.password = (const uint8_t *)f[1];
	m.password_len = strlen(f[1]);
	rel_buf_init(b);
	dir_login_put(b, &m);
}

static void
login_ask(char **f)
{
	struct rel_buf b;

	login_put(&b, f, "");
	ask(IPC_DIR_LOGIN, &b);
	rel_buf_fini_secret(&b);
}

static void
do_login(char **f)
{
	login_ask(f);
	say();
}

/* So many questions at once; each is answered once. */
static long
bench_at_once(long n, long at_once, char **f)
{
	struct rel_frame fr;
	struct rel_err err;
	struct rel_buf b;
	long right = 0;

	login_put(&b, f, f[3]);
	for (long i = 0; i < n + at_once; i++) {
		if (i < n)
			send_or_die(agent, IPC_DIR_LOGIN, &b, -1);
		if (i < at_once)
			continue;
		if (rel_frame_recv(agent, &from_agent, &fr, WAIT_MS,
		    &err) < 0 || fr.type != IPC_DIR_SAID ||
		    dir_said_get(&said, fr.body, fr.len) < 0)
			die("the agent does not answer");
		right += said.outcome == DIR_RIGHT;
	}
	rel_buf_fini_secret(&b);
	return right;
}

static void
do_bench(char **f)
{
	long n = strtol(f[0], NULL, 10), right = 0;
	long at_once = strtol(f[3], NULL, 10);
	int64_t begin = rel_mono_ms(), ms;

	if (at_once > 1 && agent >= 0) {
		right = bench_at_once(n, at_once, f + 1);
	} else {
		for (long i = 0; i < n; i++) {
			login_ask(f + 1);
			right += said.outcome == DIR_RIGHT;
		}
	}
	ms = rel_mono_ms() - begin;
	printf("right=%ld\tms=%lld\tper-second=%lld\n", right, (long long)ms,
	    (long long)(ms > 0 ? n * 1000 / ms : 0));
}

static void
do_find(char **f)
{
	static const char *const by[] = {
		"login", "card", "id-number", "mail", "part"
	};
	struct dir_find m;
	struct rel_buf b;

	memset(&m, 0, sizeof m);
	where(&m.at);
	while (m.by < 5 && strcmp(by[m.by], f[0]) != 0)
		m.by++;
	snprintf(m.value, sizeof m.value, "%s", f[1]);
	m.limit = (uint8_t)strtol(f[2], NULL, 10);
	m.time_ms = (uint32_t)strtol(f[3], NULL, 10);
	m.groups = strcmp(f[4], "groups") == 0;
	rel_buf_init(&b);
	dir_find_put(&b, &m);
	ask(IPC_DIR_FIND, &b);
	rel_buf_fini(&b);
	say();
}

static void
do_test(char **f)
{
	struct dir_test m;
	struct rel_buf b;

	memset(&m, 0, sizeof m);
	where(&m.at);
	snprintf(m.name, sizeof m.name, "%s", f[0]);
	rel_buf_init(&b);
	dir_test_put(&b, &m);
	ask(IPC_DIR_TEST, &b);
	rel_buf_fini(&b);
	say();
}

/* ---- lines */

static void
blob_read(struct blob *to, const char *path)
{
	FILE *f = path[0] != '\0' ? fopen(path, "r") : NULL;

	free(to->p);
	to->p = malloc(BLOB_MAX);
	to->n = f != NULL && to->p != NULL ?
	    fread(to->p, 1, BLOB_MAX, f) : 0;
	if (path[0] != '\0' && f == NULL)
		die(strerror(errno));
	if (f != NULL)
		fclose(f);
}

static void
do_line(char **f)
{
	static const struct {
		const char *verb;
		void (*fn)(char **f);
	} verbs[] = { { "login", do_login }, { "find", do_find },
		{ "test", do_test }, { "bench", do_bench } };

	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(verbs[i].verb, f[0]) == 0) {
			verbs[i].fn(f + 1);
			fflush(stdout);
			return;
		}
	for (size_t i = 0; i < sizeof blobs / sizeof blobs[0]; i++)
		if (strcmp(blobs[i].name, f[0]) == 0) {
			blob_read(&blobs[i], f[1]);
			return;
		}
	if (strcmp(f[0], "first") == 0)
		first = (uint8_t)strtol(f[1], NULL, 10);
	else if (strcmp(f[0], "first-kdc") == 0)
		first_kdc = (uint8_t)strtol(f[1], NULL, 10);
	else
		die("no such verb");
}

int
main(int argc, char **argv)
{
	char line[4096];

	signal(SIGPIPE, SIG_IGN);
	if (argc > 1)
		agent_start(argv[1], argv + 2);
	else
		ldap_begin();
	while (fgets(line, sizeof line, stdin) != NULL) {
		char *f[FIELDS] = { NULL }, *at = line, empty[1] = "";

		line[strcspn(line, "\n")] = '\0';
		for (int i = 0; i < FIELDS; i++)
			f[i] = at != NULL ? strsep(&at, "\t") : empty;
		do_line(f);
	}
	if (agent < 0)
		ldap_end();
	else
		rel_framer_fini(&from_agent);
	for (size_t i = 0; i < sizeof blobs / sizeof blobs[0]; i++)
		free(blobs[i].p);
	return 0;
}
