/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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
#define RESULT_WAIT_MS 10000

struct send {
	struct role *r;
	struct ipc_chan *core;
	int core_fd;		/* the channel's; while the loop stands still */
	bool used;		/* the one job has come */
};

static void
send_end(struct send *s)
{
	event_base_loopbreak(s->r->base);
}

/*
 * Tell core at once: nothing else is ever queued on the channel, and the loop
 * that would write it is waiting for us.
 */
static int
send_tell(struct send *s, uint32_t id, const struct rel_buf *b)
{
	struct rel_frame fr = {
		.type = IPC_SEND_RESULT, .id = id, .body = b->data,
		.len = b->len
	};

	return b->failed ? -b->failed :
	    rel_frame_send(s->core_fd, &fr, RESULT_WAIT_MS, NULL);
}

/* Is the core that gave us the job still there? It has nothing more to say. */
static bool
send_wanted(void *ctx)
{
	struct send *s = ctx;
	uint8_t b;

	return recv(s->core_fd, &b, 1, MSG_PEEK | MSG_DONTWAIT) != 0;
}

static void
send_result(struct send *s, uint32_t id, const struct send_result *res)
{
	struct rel_buf b;

	rel_fault("send:before-result");
	rel_buf_init(&b);
	send_result_put(&b, res);
	if (send_tell(s, id, &b) < 0)
		rel_log(REL_WARN, "result left in the journal", "job=%llu",
		    (unsigned long long)res->job_id);
	rel_buf_fini(&b);
	rel_log(REL_INFO, "transfer ended",
	    "job=%llu outcome=%s bytes=%llu why=\"%s\"",
	    (unsigned long long)res->job_id,
	    journal_word((enum rel_send_outcome)res->outcome),
	    (unsigned long long)res->bytes, res->reason);
}

static void
send_on_job(struct send *s, struct rel_frame *fr)
{
	struct send_job job;
	struct send_result res;
	struct transfer t = {
		.job = &job, .wanted = send_wanted, .ctx = s
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
	send_result(s, fr->id, &res);
	close(t.spool_fd);
	close(t.journal_fd);
	rel_wipe(&job, sizeof job);
	send_end(s);
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
	s->core_fd = fd;
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
	free(s);
	r->own = NULL;
}

const struct role_ops send_role = {
	.role = ROLE_SEND, .jail = REL_JAIL_SEND, .chroot = 0,
	.init = send_init, .begin = send_begin, .peer = send_peer,
	.fini = send_fini
};
