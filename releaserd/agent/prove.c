/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/agent/prove.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/compat.h"
#include "lib/cursor.h"
#include "lib/dial.h"
#include "lib/frame.h"
#include "lib/log.h"
#include "lib/text.h"
#include "releaserd/start.h"

#define GRACE_MS 1000		/* behind the deadline of who is asked */

static int other = -1;		/* the second process */

/* ---- on the wire */

void
prove_question_put(struct rel_buf *b, const struct prove_question *q)
{
	rel_put_u8(b, q->kind);
	rel_put_str(b, q->where);
	rel_put_str(b, q->name);
	rel_put_bytes(b, q->password, q->password_len);
	rel_put_u32(b, q->wait_ms);
}

int
prove_question_get(struct prove_question *q, const void *p, size_t n)
{
	struct rel_cur c;

	memset(q, 0, sizeof *q);
	rel_cur_init(&c, p, n);
	q->kind = rel_get_u8(&c);
	rel_get_str(&c, q->where, sizeof q->where);
	rel_get_str(&c, q->name, sizeof q->name);
	q->password = rel_get_bytes(&c, &q->password_len);
	q->wait_ms = rel_get_u32(&c);
	if (rel_cur_end(&c) < 0)
		return rel_cur_end(&c);
	return q->kind < PROVE_KINDS && q->where[0] != '\0' &&
	    directory_name_ok(q->name, strlen(q->name)) &&
	    q->password_len > 0 && q->password_len <= PROVE_PASSWORD_MAX &&
	    memchr(q->password, '\0', q->password_len) == NULL ? 0 :
	    -REL_E_FORMAT;
}

void
prove_answer_put(struct rel_buf *b, const struct prove_answer *a)
{
	rel_put_u8(b, a->outcome);
	rel_put_str(b, a->words);
}

int
prove_answer_get(struct prove_answer *a, const void *p, size_t n)
{
	struct rel_cur c;

	memset(a, 0, sizeof *a);
	rel_cur_init(&c, p, n);
	a->outcome = rel_get_u8(&c);
	rel_get_str(&c, a->words, sizeof a->words);
	return a->outcome >= DIR_OUTCOMES ? -REL_E_FORMAT : rel_cur_end(&c);
}

/* ---- beginning and end */

/* What an agent's jail gives up it gives up as well, but for programs. */
static int
serve_jail(const struct settings *set, struct rel_err *err)
{
	uid_t uid;
	gid_t gid;
	int rc;

	if (set->jail == 0)
		return 0;
	if ((rc = jail_ids(set->net_user, &uid, &gid, err)) < 0)
		return rc;
	if (chdir("/") < 0 || rel_compat_become(uid, gid) < 0 ||
	    rel_compat_no_new_privs() < 0 || rel_compat_no_dump() < 0)
		return rel_err_sys(err, REL_E_IO, "cannot give up privileges");
	return rel_compat_syscall_filter(REL_JAIL_PROVE, err);
}

static void __attribute__((noreturn))
serve(int sock, const struct settings *set)
{
	struct rel_err err = { 0 };

	if (dup2(sock, 3) < 0)
		_exit(1);
	rel_compat_close_from(4);
	if (serve_jail(set, &err) < 0) {
		rel_log(REL_ERROR, "passwords cannot be checked by programs",
		    "why=\"%s\"", err.text);
		_exit(1);
	}
	rel_compat_die_with_parent();
	prove_serve(3, set);
}

int
prove_begin(const struct settings *set, int *fd, struct rel_err *err)
{
	int pair[2];
	pid_t pid;

	*fd = -1;
	if (!set->ntlm && !set->pam)
		return 0;
	if (rel_compat_pair(pair) < 0)
		return rel_err_sys(err, REL_E_FULL, "cannot make a socket");
	if ((pid = fork()) < 0) {
		close(pair[0]);
		close(pair[1]);
		return rel_err_sys(err, REL_E_FULL, "cannot fork");
	}
	if (pid == 0)
		serve(pair[1], set);
	close(pair[1]);
	*fd = other = pair[0];
	return 0;
}

void
prove_end(void)
{
	if (other >= 0)
		close(other);
	other = -1;
}

/* ---- a question */

static bool
ask_send(const struct prove_question *q, int back)
{
	struct rel_buf body, all;
	struct rel_frame fr = { .type = 1 };
	struct rel_err err;
	bool ok;

	rel_buf_init(&body);
	rel_buf_init(&all);
	prove_question_put(&body, q);
	fr.body = body.data;
	fr.len = body.len;
	fr.nfds = 1;
	rel_frame_put(&all, &fr);
	/* It reads at once, and starts a process: the socket is never full. */
	ok = !body.failed && !all.failed && rel_frame_write(other, all.data,
	    all.len, &back, 1, &err) == (long)all.len;
	rel_buf_fini_secret(&body);
	rel_buf_fini_secret(&all);
	return ok;
}

static bool
ask_wait(int sock, int64_t until_ms, struct prove_answer *a)
{
	struct rel_framer in;
	struct rel_frame fr;
	struct rel_err err;
	bool got = false;
	int rc = 0;

	rel_framer_init(&in);
	while (!got && rc >= 0 && rel_wait(sock, POLLIN, until_ms) &&
	    (rc = rel_framer_fill(&in, sock, &err)) >= 0 &&
	    (rc = rel_framer_next(&in, &fr, &err)) >= 0)
		if (rc == 1) {
			got = prove_answer_get(a, fr.body, fr.len) == 0;
			rel_frame_drop_fds(&fr);
			rc = -1;
		}
	rel_framer_fini(&in);
	return got;
}

void
prove_ask(const struct prove_question *q, struct prove_answer *a)
{
	int64_t until = rel_mono_ms() + q->wait_ms + GRACE_MS;
	bool ok = false;
	int pair[2];

	memset(a, 0, sizeof *a);
	if (other >= 0 && rel_compat_pair(pair) == 0) {
		ok = ask_send(q, pair[1]);
		close(pair[1]);
		ok = ok && ask_wait(pair[0], until, a);
		close(pair[0]);
	}
	if (ok)
		return;
	a->outcome = other >= 0 ? DIR_AWAY : DIR_SETTINGS;
	snprintf(a->words, sizeof a->words, "%s", other >= 0 ?
	    "the program that should check it does not answer" :
	    q->kind == PROVE_NTLM ? NOT_ALLOWED "Ntlm" : NOT_ALLOWED "Pam");
}
