/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/text.h"
#include "releaserd/render/render_priv.h"

#define DEADLINE_MS 60000u
#define ROOM_BYTES (64ull << 20)
#define PX_MIN 64u
#define PX_USUAL 600u

/* ---- count */

static int
count_run(const struct shop *s, struct render_result *res,
    struct rel_err *err)
{
	int fd = -1, rc = document_open(s, &fd, err);

	if (rc == 0)
		rc = document_look(s, fd, true, &res->facts, err);
	/* That it cannot be printed is an answer, too. */
	if (rc == -REL_E_DENIED && res->facts.refused[0] != '\0')
		rc = 0;
	if (fd >= 0)
		close(fd);
	return rc;
}

/* ---- preview */

static int
draw(const struct shop *s, int fd, unsigned px, int *out,
    struct rel_err *err)
{
	bool mono = s->work->job->ticket.colour == REL_COLOUR_MONO;
	char size[16];
	const char *argv[] = {
		program_path(PROG_PDFTOPPM, err), "-q", "-png", "-f", "1",
		"-l", "1", "-scale-to", size, "/proc/self/fd/0",
		NULL, NULL
	};
	struct step st = { .what = "pdftoppm", .argv = argv, .in_fd = fd,
	    .keep_fd = -1 };

	if (argv[0] == NULL)
		return -REL_E_NOTFOUND;
	if (mono) {
		argv[10] = argv[9];
		argv[9] = "-gray";
	}
	snprintf(size, sizeof size, "%u", px);
	return step_run(s, &st, out, NULL, err);
}

/* Take the picture over, if it fits into a message. */
static int
keep(const struct shop *s, int fd, struct render_result *res)
{
	struct work *w = s->work;
	uint64_t n = document_bytes(fd);

	if (n > RENDER_PNG_MAX)
		return 0;
	if ((w->png = malloc(n)) == NULL ||
	    pread(fd, w->png, n, 0) != (ssize_t)n)
		return -REL_E_NOMEM;
	res->png = w->png;
	res->png_len = n;
	return 1;
}

static int
picture(const struct shop *s, int fd, struct render_result *res,
    struct rel_err *err)
{
	unsigned px = s->work->job->preview_px;
	int out, rc = 0;

	if (px == 0)
		px = PX_USUAL;
	for (px = px < PX_MIN ? PX_MIN : px; rc == 0 && px >= PX_MIN;
	    px = px * 2 / 3) {
		if ((rc = draw(s, fd, px, &out, err)) < 0)
			return rc;
		rc = keep(s, out, res);
		close(out);
	}
	if (rc < 0)
		return rel_err_set(err, -rc, "no memory for the picture");
	return rc == 1 ? 0 : rel_err_set(err, REL_E_LIMIT,
	    "no picture of this page is small enough");
}

static int
preview_pdf(const struct shop *s, int *fd, struct render_result *res,
    struct rel_err *err)
{
	const struct rel_ticket *t = &s->work->job->ticket;
	uint32_t sides;
	struct rel_facts in;
	char mime[64];
	enum kind kind = document_kind(s, *fd, mime);
	int rc = 0;

	if (kind == KIND_NATIVE)
		return rel_err_set(err, REL_E_DENIED, "this document is in "
		    "the printer's own language; it cannot be shown here");
	if (kind != KIND_PDF)
		rc = convert_to_pdf(s, fd, mime, err);
	rel_facts_init(&in);
	if (rc == 0 && (!rel_ticket_is_plain(t) || t->media[0] != '\0'))
		rc = document_look(s, *fd, false, &in, err);
	if (rc == 0 && rel_ticket_one_paper(t, &in, NULL))
		rc = convert_pages(s, fd, &in, &sides, err);
	return rc < 0 ? rc : picture(s, *fd, res, err);
}

static int
preview_run(const struct shop *s, struct render_result *res,
    struct rel_err *err)
{
	int fd = -1, rc = document_open(s, &fd, err);

	if (rc == 0)
		rc = preview_pdf(s, &fd, res, err);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* ---- any */

static enum render_outcome
outcome_of(int rc)
{
	switch (-rc) {
	case 0:
		return RENDER_DONE;
	case REL_E_DENIED:
	case REL_E_FORMAT:
	case REL_E_LIMIT:
	case REL_E_AUTH:
		return RENDER_REFUSED;
	default:
		return RENDER_LATER;
	}
}

void
work_run(struct work *w, struct render_result *res)
{
	struct render_job *job = w->job;
	unsigned wait_ms = job->deadline_ms > 0 ? job->deadline_ms :
	    DEADLINE_MS;
	struct shop s = {
		.work = w, .until_ms = rel_mono_ms() + wait_ms,
		.most_bytes = 2 * job->plain_bytes + ROOM_BYTES
	};
	struct rel_err err = { 0 };
	int rc;

	memset(res, 0, sizeof *res);
	rel_facts_init(&res->facts);
	res->job_id = job->job_id;
	res->op = job->op;
	if (job->max_bytes > 0 && job->max_bytes < UINT64_MAX / 4)
		s.most_bytes = 2 * job->max_bytes + ROOM_BYTES;
	if (job->op == RENDER_COUNT)
		rc = count_run(&s, res, &err);
	else if (job->op == RENDER_MAKE)
		rc = make_run(&s, res, &err);
	else
		rc = preview_run(&s, res, &err);
	rel_wipe(job->key, sizeof job->key);
	rel_wipe(job->out_key, sizeof job->out_key);
	res->outcome = (uint8_t)outcome_of(rc);
	if (rc < 0)
		rel_text_clean(res->reason, sizeof res->reason, err.text);
	if (rc < 0)
		res->out_bytes = 0;
}

void
work_fini(struct work *w)
{
	free(w->png);
	w->png = NULL;
}
