/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/text.h"
#include "releaserd/render/render_priv.h"

#ifdef REL_SANITIZERS
#define MEMORY_BYTES 0		/* they want terabytes of addresses */
#else
#define MEMORY_BYTES (2ull << 30)
#endif
#define ENV_MAX 24

/* What the end of a program says about the document. */
static int
judge(const struct step *st, const struct rel_child_end *end,
    struct rel_err *err)
{
	if (end->stopped)
		return rel_err_set(err, REL_E_PEER,
		    "the print server is stopping");
	if (end->late)
		return rel_err_set(err, REL_E_LIMIT,
		    "%s took longer than RenderTimeout allows", st->what);
	if (end->status == 0)
		return 0;
	rel_log(REL_DEBUG, "a program failed", "program=%s status=%d "
	    "said=\"%s\"", st->argv[0], end->status, end->said);
	if (end->status > 128)
		return rel_err_set(err, REL_E_LIMIT, "%s was ended by signal "
		    "%d: the document wants too much of it", st->what,
		    end->status - 128);
	return rel_err_set(err, REL_E_FORMAT,
	    "%s cannot work on this document (exit status %d)", st->what,
	    end->status);
}

static void
env_of(const struct shop *s, const struct step *st, char tmp[400],
    const char *env[ENV_MAX])
{
	unsigned n = 0;

	snprintf(tmp, 400, "TMPDIR=%s", s->work->tmp);
	env[n++] = "PATH=/usr/bin:/bin";
	env[n++] = "LANG=C.UTF-8";
	env[n++] = "HOME=/nonexistent";
	env[n++] = tmp;
	for (unsigned i = 0; st->more_env != NULL &&
	    st->more_env[i] != NULL && n < ENV_MAX - 1; i++)
		env[n++] = st->more_env[i];
	env[n] = NULL;
}

int
step_run_to(const struct shop *s, const struct step *st, int out_fd,
    struct rel_child_end *end, struct rel_err *err)
{
	struct rel_child_end own;
	const char *env[ENV_MAX];
	char tmp[400];
	struct rel_child c = {
		.argv = st->argv, .env = env, .in_fd = st->in_fd,
		.out_fd = out_fd, .keep_fd = st->keep_fd,
		.memory_bytes = MEMORY_BYTES, .file_bytes = s->most_bytes,
		.dir = s->work->tmp, .stop = s->work->stop
	};
	int64_t left = s->until_ms - rel_mono_ms();
	int rc;

	if (end == NULL)
		end = &own;
	memset(end, 0, sizeof *end);
	if (left <= 0)
		return rel_err_set(err, REL_E_LIMIT,
		    "the document took longer than RenderTimeout allows");
	c.deadline_ms = (unsigned)left;
	env_of(s, st, tmp, env);
	if (st->in_fd >= 0)
		(void)lseek(st->in_fd, 0, SEEK_SET);
	if ((rc = rel_child_run(&c, end, err)) < 0)
		return rel_err_set(err, REL_E_FULL,
		    "%s cannot be started on the print server", st->what);
	return judge(st, end, err);
}

int
step_run(const struct shop *s, const struct step *st, int *out_fd,
    struct rel_child_end *end, struct rel_err *err)
{
	int fd = rel_compat_memfile(), rc;

	if (fd < 0)
		return rel_err_sys(err, REL_E_FULL, "no memory");
	if ((rc = step_run_to(s, st, fd, end, err)) == 0 &&
	    document_bytes(fd) == 0)
		rc = rel_err_set(err, REL_E_FORMAT,
		    "%s made nothing of this document", st->what);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	rel_compat_memfile_seal(fd);
	*out_fd = fd;
	return 0;
}
