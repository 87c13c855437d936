/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/fault.h"
#include "lib/log.h"
#include "releaserd/render/tmpdir.h"
#include "releaserd/render/work.h"
#include "releaserd/role.h"
#include "releaserd/start.h"

/*
 * The render role: one process, one document.  It waits, everything loaded,
 * for its one IPC_RENDER_JOB; the work blocks the loop, which has nothing
 * else to do; then the result goes to core and the process ends.
 */
#define RESULT_WAIT_MS 10000
#define TMP_MIN_BYTES (64ull << 20)
#define TMP_MAX_BYTES (4ull << 30)

struct render {
	struct role *r;
	struct ipc_chan *core;
	int core_fd;		/* the channel's; while the loop stands still */
	bool used;		/* the one job has come */
	struct tmpdir tmp;
};

/* super ends a render whose work nobody wants any more. */
static volatile int stop;

static void
on_term(int sig)
{
	(void)sig;
	stop = 1;
}

static void
render_end(struct render *s)
{
	event_base_loopbreak(s->r->base);
}

/* At once: the loop that would write it is waiting for us. */
static void
render_tell(struct render *s, uint32_t id, const struct render_result *res)
{
	struct rel_frame fr = { .type = IPC_RENDER_RESULT, .id = id };
	struct rel_buf b;

	rel_fault("render:before-result");
	rel_buf_init(&b);
	render_result_put(&b, res);
	fr.body = b.data;
	fr.len = b.len;
	if (b.failed || rel_frame_send(s->core_fd, &fr, RESULT_WAIT_MS,
	    NULL) < 0)
		rel_log(REL_WARN, "core does not hear the result", "job=%llu",
		    (unsigned long long)res->job_id);
	rel_buf_fini_secret(&b);
}

static void
render_log(const struct render_result *res)
{
	static const char *const ops[] = { "", "count", "make", "preview" };
	static const char *const ends[] = { "done", "refused", "later" };

	rel_log(REL_INFO, "render ended",
	    "job=%llu op=%s outcome=%s bytes=%llu why=\"%s\"",
	    (unsigned long long)res->job_id, ops[res->op],
	    ends[res->outcome], (unsigned long long)res->out_bytes,
	    res->reason);
}

static void
render_on_job(struct render *s, struct rel_frame *fr)
{
	struct render_job *job = calloc(1, sizeof *job);
	struct render_result *res = calloc(1, sizeof *res);
	struct work w = { .job = job, .spool_fd = -1, .out_fd = -1,
	    .tmp = s->tmp.path, .stop = &stop };

	if (job == NULL || res == NULL || s->used || fr->nfds < 1 ||
	    render_job_get(job, fr->body, fr->len) < 0 ||
	    fr->nfds != (job->op == RENDER_MAKE ? 2u : 1u)) {
		rel_log(REL_ERROR, "bad render message", "len=%zu", fr->len);
		rel_frame_drop_fds(fr);
	} else {
		s->used = true;
		w.spool_fd = fr->fds[0];
		if (fr->nfds == 2)
			w.out_fd = fr->fds[1];
		work_run(&w, res);
		tmpdir_fini(&s->tmp);
		render_tell(s, fr->id, res);
		render_log(res);
		work_fini(&w);
		close(w.spool_fd);
		if (w.out_fd >= 0)
			close(w.out_fd);
	}
	if (job != NULL)
		rel_wipe(job, sizeof *job);
	free(job);
	free(res);
	render_end(s);
}

static void
render_on_core(struct ipc_chan *ch, struct rel_frame *fr, void *ctx)
{
	struct render *s = ctx;

	(void)ch;
	if (fr->type == IPC_RENDER_JOB) {
		render_on_job(s, fr);
		return;
	}
	rel_log(REL_ERROR, "unknown message from core", "type=%u", fr->type);
	rel_frame_drop_fds(fr);
	render_end(s);
}

static void
render_on_core_gone(struct ipc_chan *ch, void *ctx)
{
	struct render *s = ctx;

	(void)ch;
	render_end(s);
}

/* Pages in pieces take more room than the document; never all memory. */
static uint64_t
tmp_bytes(const struct settings *set)
{
	uint64_t most = (uint64_t)set->render_max_bytes;

	return most > TMP_MAX_BYTES / 2 ? TMP_MAX_BYTES :
	    2 * most + TMP_MIN_BYTES;
}

/* Still root: what only root may take away. */
static int
render_init(struct role *r, struct rel_err *err)
{
	struct render *s = calloc(1, sizeof *s);
	uid_t uid = geteuid();
	gid_t gid = getegid();
	bool jail = r->set.jail != 0;

	if (s == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	r->own = s;
	s->r = r;
	role_drop_start(r);
	if (jail && jail_ids(r->set.net_user, &uid, &gid, err) < 0)
		return -err->code;
	if (jail && rel_compat_no_network() < 0)
		rel_log(REL_DEBUG, "no network name space", "why=\"%s\"",
		    strerror(errno));
	tmpdir_init(&s->tmp, r->set.run_dir, jail ? tmp_bytes(&r->set) : 0,
	    uid, gid);
	return 0;
}

static int
render_begin(struct role *r, struct rel_err *err)
{
	struct render *s = r->own;
	struct sigaction sa = { .sa_handler = on_term };

	sigaction(SIGTERM, &sa, NULL);
	return tmpdir_open(&s->tmp, err);
}

static void
render_peer(struct role *r, enum ipc_role who, uint32_t index, int fd)
{
	struct render *s = r->own;

	(void)index;
	if (who != ROLE_CORE || s->core != NULL) {
		close(fd);
		return;
	}
	s->core_fd = fd;
	s->core = ipc_chan_new(r->base, fd, "core", render_on_core,
	    render_on_core_gone, s);
	if (s->core == NULL) {
		close(fd);
		render_end(s);
	}
}

static void
render_fini(struct role *r)
{
	struct render *s = r->own;

	if (s == NULL)
		return;
	tmpdir_fini(&s->tmp);
	ipc_chan_free(&s->core);
	free(s);
	r->own = NULL;
}

const struct role_ops render_role = {
	.role = ROLE_RENDER, .jail = REL_JAIL_RENDER, .chroot = 0,
	.init = render_init, .begin = render_begin, .peer = render_peer,
	.fini = render_fini
};
