/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/fault.h"
#include "lib/log.h"
#include "releaserd/journal.h"
#include "releaserd/role.h"
#include "releaserd/send/transfer.h"

/*
 * The send role: one process, one transfer.  It waits, everything loaded, for
 * its one IPC_SEND_JOB; the transfer blocks the loop, which has nothing else
 * to do; then the result goes to core and the process ends.  When core is gone
 * in the meantime the journal holds the result.
 */
#define LEAVE_LOOK_MS 20
#define LEAVE_MOST_LOOKS 500	/* core has 10 s to take the result */

struct send {
	struct role *r;
	struct ipc_chan *core;
	struct event *leave;
	unsigned looks;
	bool used;		/* the one job has come */
};

static void
send_end(struct send *s)
{
	event_base_loopbreak(s->r->base);
}

static void
send_on_progress(void *ctx, uint8_t stage, uint64_t bytes)
{
	struct send *s = ctx;
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_u8(&b, stage);
	rel_put_u64(&b, bytes);
	/* A core that does not read misses some of these and nothing else. */
	if (!b.failed && ipc_unsent(s->core) == 0)
		(void)ipc_send(s->core, IPC_SEND_PROGRESS, 0, b.data, b.len,
		    NULL, 0);
	rel_buf_fini(&b);
}

/* Once the result is with the kernel, or core takes too long: end. */
static void
send_on_leave(evutil_socket_t fd, short what, void *arg)
{
	struct timeval soon = { 0, LEAVE_LOOK_MS * 1000 };
	struct send *s = arg;

	(void)fd;
	(void)what;
	if (s->core == NULL || ipc_unsent(s->core) == 0 ||
	    ++s->looks > LEAVE_MOST_LOOKS)
		send_end(s);
	else
		event_add(s->leave, &soon);
}

static void
send_tell(struct send *s, uint32_t id, const struct send_result *res)
{
	struct rel_buf b;

	rel_fault("send:before-result");
	rel_buf_init(&b);
	send_result_put(&b, res);
	if (b.failed || ipc_send(s->core, IPC_SEND_RESULT, id, b.data, b.len,
	    NULL, 0) < 0)
		rel_log(REL_WARN, "result left in the journal", "job=%llu",
		    (unsigned long long)res->job_id);
	rel_buf_fini(&b);
	rel_log(REL_INFO, "transfer ended",
	    "job=%llu outcome=%s bytes=%llu why=\"%s\"",
	    (unsigned long long)res->job_id,
	    journal_word((enum rel_lpr_outcome)res->outcome),
	    (unsigned long long)res->bytes, res->reason);
}

static void
send_on_job(struct send *s, struct rel_frame *fr)
{
	struct send_job job;
	struct send_result res;
	struct transfer t = {
		.job = &job, .progress = send_on_progress, .ctx = s
	};

	if (s->used || fr->nfds != 2 ||
	    send_job_get(&job, fr->body, fr->len) < 0) {
		rel_log(REL_ERROR, "bad send message", "len=%zu", fr->len);
		rel_frame_drop_fds(fr);
		send_end(s);
		return;
	}
	s->used = true;
	/* A shutdown waits for us: half a job on paper cannot be taken back. */
	signal(SIGTERM, SIG_IGN);
	t.spool_fd = fr->fds[0];
	t.journal_fd = fr->fds[1];
	transfer_run(&t, &res);
	send_tell(s, fr->id, &res);
	close(t.spool_fd);
	close(t.journal_fd);
	rel_wipe(&job, sizeof job);
	event_active(s->leave, EV_TIMEOUT, 1);
}

static void
send_on_core(struct ipc_chan *ch, struct rel_frame *fr, void *ctx)
{
	struct send *s = ctx;

	(void)ch;
	if (fr->type == IPC_SEND_JOB) {
		send_on_job(s, fr);
		return;
	}
	rel_log(REL_ERROR, "unknown message from core", "type=%u", fr->type);
	rel_frame_drop_fds(fr);
	send_end(s);
}

static void
send_on_core_gone(struct ipc_chan *ch, void *ctx)
{
	struct send *s = ctx;

	(void)ch;
	send_end(s);
}

static int
send_init(struct role *r, struct rel_err *err)
{
	struct send *s = calloc(1, sizeof *s);

	if (s == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	r->own = s;
	s->r = r;
	role_drop_start(r);
	if ((s->leave = event_new(r->base, -1, 0, send_on_leave, s)) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	return 0;
}

static int
send_begin(struct role *r, struct rel_err *err)
{
	(void)r;
	(void)err;
	transfer_warm_up();
	return 0;
}

static void
send_peer(struct role *r, enum ipc_role who, uint32_t index, int fd)
{
	struct send *s = r->own;

	(void)index;
	if (who != ROLE_CORE || s->core != NULL) {
		close(fd);
		return;
	}
	s->core = ipc_chan_new(r->base, fd, "core", send_on_core,
	    send_on_core_gone, s);
	if (s->core == NULL) {
		close(fd);
		send_end(s);
	}
}

static void
send_fini(struct role *r)
{
	struct send *s = r->own;

	if (s == NULL)
		return;
	ipc_chan_free(&s->core);
	if (s->leave != NULL)
		event_free(s->leave);
	free(s);
	r->own = NULL;
}

const struct role_ops send_role = {
	.role = ROLE_SEND, .jail = REL_JAIL_SEND, .chroot = 0,
	.init = send_init, .begin = send_begin, .peer = send_peer,
	.fini = send_fini
};
