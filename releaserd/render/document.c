/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/spool.h"
#include "lib/text.h"
#include "releaserd/render/render_priv.h"

#define HEAD 1024u

uint64_t
document_bytes(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_size > 0 ?
	    (uint64_t)st.st_size : 0;
}

/* ---- into memory */

static int
put_all(int fd, const uint8_t *p, size_t n, struct rel_err *err)
{
	while (n > 0) {
		ssize_t put = write(fd, p, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return rel_err_sys(err, REL_E_FULL,
			    "no memory for the document");
		p += put;
		n -= (size_t)put;
	}
	return 0;
}

static int
decrypt(const struct shop *s, struct rel_spool_reader *r, int fd,
    struct rel_err *err)
{
	const uint8_t *p;
	size_t n;
	int rc;

	while ((rc = rel_spool_read(r, &p, &n, err)) == 1)
		if ((rc = put_all(fd, p, n, err)) < 0)
			return rc;
		else if (s->work->stop != NULL && *s->work->stop)
			return rel_err_set(err, REL_E_PEER,
			    "the print server is stopping");
	return rc;
}

static int
open_reader(const struct shop *s, struct rel_spool_reader **r,
    struct rel_err *err)
{
	struct render_job *job = s->work->job;
	int rc = rel_spool_reader_new(r, s->work->spool_fd, job->key,
	    job->job_id, err);

	rel_wipe(job->key, sizeof job->key);
	if (rc < 0)
		return rc;
	if (rel_spool_plain_bytes(*r) != job->plain_bytes)
		return rel_err_set(err, REL_E_AUTH, "the stored document has "
		    "not the length it should have");
	if (job->plain_bytes == 0)
		return rel_err_set(err, REL_E_FORMAT,
		    "the document is empty");
	if (job->max_bytes > 0 && job->plain_bytes > job->max_bytes)
		return rel_err_set(err, REL_E_LIMIT, "the document is larger "
		    "than RenderMaxSize (%llu MB)",
		    (unsigned long long)(job->max_bytes >> 20));
	return 0;
}

int
document_open(const struct shop *s, int *fd, struct rel_err *err)
{
	struct rel_spool_reader *r = NULL;
	int to = -1, rc = open_reader(s, &r, err);

	if (rc == 0 && (to = rel_compat_memfile()) < 0)
		rc = rel_err_sys(err, REL_E_FULL, "no memory");
	if (rc == 0)
		rc = decrypt(s, r, to, err);
	rel_spool_reader_free(&r);
	if (rc < 0) {
		if (to >= 0)
			close(to);
		return rc;
	}
	rel_compat_memfile_seal(to);
	*fd = to;
	return 0;
}

/* ---- what it is */

static const struct {
	const char *magic;
	size_t n;
	enum kind kind;
	const char *mime;
} magics[] = {
	{ "%!", 2, KIND_POSTSCRIPT, "application/postscript" },
	{ "\004%!", 3, KIND_POSTSCRIPT, "application/postscript" },
	{ "\xff\xd8\xff", 3, KIND_IMAGE, "image/jpeg" },
	{ "\x89PNG\r\n\x1a\n", 8, KIND_IMAGE, "image/png" },
	{ "GIF87a", 6, KIND_IMAGE, "image/gif" },
	{ "GIF89a", 6, KIND_IMAGE, "image/gif" },
	{ "II*\0", 4, KIND_IMAGE, "image/tiff" },
	{ "MM\0*", 4, KIND_IMAGE, "image/tiff" }
};

static bool
is_plain_text(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] < ' ' && strchr("\t\n\v\f\r", p[i]) == NULL)
			return false;
	return n > 0;
}

enum kind
document_kind(const struct shop *s, int fd, char mime[64])
{
	uint8_t head[HEAD];
	ssize_t got = pread(fd, head, sizeof head, 0);
	size_t n = got > 0 ? (size_t)got : 0;
	const char *format = s->work->job->format;

	snprintf(mime, 64, "application/pdf");
	/* A printer's wrapping comes first: what is in it is not altered. */
	if (n > 0 && head[0] != 0x1b && memmem(head, n, "%PDF-", 5) != NULL)
		return KIND_PDF;
	for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
		if (n >= magics[i].n &&
		    memcmp(head, magics[i].magic, magics[i].n) == 0) {
			snprintf(mime, 64, "%s", magics[i].mime);
			return magics[i].kind;
		}
	/* What calls itself PDF is looked at as one, and then refused. */
	if (strcmp(format, "application/pdf") == 0 && n > 0 &&
	    head[0] != 0x1b)
		return KIND_PDF;
	snprintf(mime, 64, "text/plain");
	if (strncasecmp(format, "text/", 5) == 0 && is_plain_text(head, n))
		return KIND_TEXT;
	snprintf(mime, 64, "application/octet-stream");
	return KIND_NATIVE;
}

/* ---- a closer look, by our own program in a process of its own */

static int
look_parse(int fd, struct rel_facts *f, struct rel_err *err)
{
	uint8_t buf[REL_FACTS_WIRE_MAX];
	ssize_t n = pread(fd, buf, sizeof buf, 0);

	if (n < 0 || rel_facts_get(f, buf, (size_t)n) < 0)
		return rel_err_set(err, REL_E_FULL,
		    "release-pages speaks another language than releaserd");
	if (f->refused[0] == '\0')
		return 0;
	return rel_err_set(err, REL_E_DENIED, "%s", f->reason);
}

int
document_look(const struct shop *s, int fd, bool colour, struct rel_facts *f,
    struct rel_err *err)
{
	const char *argv[] = {
		program_path(PROG_PAGES, err), "look",
		colour ? NULL : "--no-colour", NULL
	};
	struct step st = { .what = "the program that counts pages",
	    .argv = argv, .in_fd = fd, .keep_fd = -1 };
	int out, rc;

	rel_facts_init(f);
	if (argv[0] == NULL)
		return -REL_E_NOTFOUND;
	if ((rc = step_run(s, &st, &out, NULL, err)) < 0)
		return rc;
	rc = look_parse(out, f, err);
	close(out);
	return rc;
}
