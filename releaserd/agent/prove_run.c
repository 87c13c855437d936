/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The second process: a process for each question, and a program in it. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/compat.h"
#include "lib/frame.h"
#include "lib/log.h"
#include "lib/text.h"
#include "releaserd/agent/prove.h"

#define OUT_MAX 4096u
#ifdef REL_SANITIZERS
#define MEMORY_BYTES 0		/* it wants terabytes of addresses */
#else
#define MEMORY_BYTES (1ull << 30)
#endif
#define ANSWER_WAIT_MS 2000

/* A program with what it reads and what it said. */
struct run {
	const char *const *argv;
	struct rel_buf in;		/* less than a pipe holds */
	char out[OUT_MAX];
	struct rel_child_end end;
};

static int
in_pipe(const struct rel_buf *in)
{
	int fds[2];
	ssize_t n;

	if (pipe(fds) < 0)
		return -1;
	n = write(fds[1], in->data, in->len);
	close(fds[1]);
	if (n == (ssize_t)in->len)
		return fds[0];
	close(fds[0]);
	return -1;
}

/* It ran to an end of its own. */
static bool
run(struct run *r, uint32_t wait_ms)
{
	struct rel_child c = { .argv = r->argv, .deadline_ms = wait_ms,
		.memory_bytes = MEMORY_BYTES, .network = true };
	struct rel_err err;
	int out[2], rc = -1;
	ssize_t n;

	if ((c.in_fd = in_pipe(&r->in)) < 0)
		return false;
	c.keep_fd = -1;
	if (pipe(out) == 0) {
		(void)fcntl(out[0], F_SETFL, O_NONBLOCK);
		c.out_fd = out[1];
		rc = rel_child_run(&c, &r->end, &err);
		close(out[1]);
		n = read(out[0], r->out, sizeof r->out - 1);
		r->out[n > 0 ? n : 0] = '\0';
		close(out[0]);
	}
	close(c.in_fd);
	return rc == 0 && !r->end.late && r->end.status < 126;
}

static void
run_failed(const struct run *r, const char *program, struct prove_answer *a)
{
	a->outcome = r->end.status == 127 || r->end.status == 126 ?
	    DIR_SETTINGS : DIR_AWAY;
	snprintf(a->words, sizeof a->words, "%s %s", program,
	    r->end.late ? "did not answer in time" :
	    r->end.status == 127 ? "is not there" : "cannot be run");
}

/* ---- NTLM */

static void
ask_ntlm(const struct prove_question *q, const struct settings *set,
    struct prove_answer *a)
{
	/* What the answer means is told among what it logs. */
	const char *const argv[] = { set->ntlm_helper,
		"--helper-protocol=ntlm-server-1", "-d3", NULL };
	struct run r = { .argv = argv };

	rel_buf_init(&r.in);
	if (!ntlm_request(&r.in, q))
		a->outcome = DIR_WRONG;
	else if (run(&r, q->wait_ms))
		ntlm_said(r.out, r.end.said, a);
	else
		run_failed(&r, "ntlm_auth", a);
	rel_buf_fini_secret(&r.in);
}

/* ---- PAM */

static void
ask_pam(const struct prove_question *q, const struct settings *set,
    struct prove_answer *a)
{
	char self[1024];
	const char *const argv[] = { self, "--pam", set->pam_folder, q->where,
		NULL };
	struct run r = { .argv = argv };
	bool ok;

	if (rel_compat_self(self, sizeof self) < 0)
		return;
	rel_buf_init(&r.in);
	rel_put_raw(&r.in, q->name, strlen(q->name) + 1);
	rel_put_raw(&r.in, q->password, q->password_len);
	ok = run(&r, q->wait_ms) && r.end.status >= PAM_EXIT &&
	    r.end.status < PAM_EXIT + DIR_OUTCOMES;
	rel_buf_fini_secret(&r.in);
	if (!ok) {
		run_failed(&r, "the PAM module", a);
		return;
	}
	a->outcome = (uint8_t)(r.end.status - PAM_EXIT);
	if (a->outcome == DIR_SETTINGS)
		snprintf(a->words, sizeof a->words, "PAM has no service %s "
		    "that works", q->where);
	else if (a->outcome == DIR_AWAY)
		snprintf(a->words, sizeof a->words, "PAM cannot reach who "
		    "checks passwords");
}

/* ---- one question, in its process */

static void
question(const struct rel_frame *fr, const struct settings *set,
    struct prove_answer *a)
{
	struct prove_question q;
	bool allowed;

	if (prove_question_get(&q, fr->body, fr->len) < 0) {
		a->outcome = DIR_WRONG;
		return;
	}
	allowed = q.kind == PROVE_NTLM ? set->ntlm != 0 : set->pam != 0;
	a->outcome = allowed ? DIR_AWAY : DIR_SETTINGS;
	if (!allowed)
		snprintf(a->words, sizeof a->words, "%s", q.kind ==
		    PROVE_NTLM ? NOT_ALLOWED "Ntlm" : NOT_ALLOWED "Pam");
	else if (q.kind == PROVE_NTLM)
		ask_ntlm(&q, set, a);
	else
		ask_pam(&q, set, a);
}

static void __attribute__((noreturn))
answer(const struct rel_frame *fr, const struct settings *set)
{
	struct prove_answer a;
	struct rel_frame said = { .type = 2 };
	struct rel_buf b;
	struct rel_err err;

	memset(&a, 0, sizeof a);
	question(fr, set, &a);
	rel_buf_init(&b);
	prove_answer_put(&b, &a);
	said.body = b.data;
	said.len = b.len;
	(void)rel_frame_send(fr->fds[0], &said, ANSWER_WAIT_MS, &err);
	rel_compat_end_children();
	_exit(0);
}

void
prove_serve(int sock, const struct settings *set)
{
	struct rel_framer in;
	struct rel_frame fr;
	struct rel_err err;

	signal(SIGCHLD, SIG_IGN);
	rel_framer_init(&in);
	while (rel_frame_recv(sock, &in, &fr, -1, &err) == 0) {
		if (fr.nfds == 1 && fork() == 0) {
			signal(SIGCHLD, SIG_DFL);
			close(sock);
			rel_compat_die_with_parent();
			rel_compat_adopt();
			answer(&fr, set);
		}
		rel_wipe((void *)(uintptr_t)fr.body, fr.len);
		rel_frame_drop_fds(&fr);
	}
	_exit(0);
}
