/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "filter/pages.h"
#include "lib/compat.h"
#include "lib/pdl/pdl.h"

#define PIECE 65536u

/* Something that can be read twice; a pipe is copied into memory. */
static int
seekable(int fd, struct rel_err *err)
{
	static uint8_t buf[PIECE];
	struct stat st;
	ssize_t n;
	int copy;

	if (fstat(fd, &st) < 0 || S_ISDIR(st.st_mode))
		return rel_err_set(err, REL_E_IO, "is no document");
	if (S_ISREG(st.st_mode))
		return dup(fd);
	if ((copy = rel_compat_memfile()) < 0)
		return rel_err_sys(err, REL_E_NOMEM, "no memory");
	while ((n = read(fd, buf, sizeof buf)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || write(copy, buf, (size_t)n) != n) {
			close(copy);
			return rel_err_sys(err, REL_E_IO, "cannot be read");
		}
	}
	return copy;
}

static int
count(int fd, struct rel_facts *f, struct rel_err *err)
{
	static uint8_t buf[PIECE];
	struct rel_pdl *p = rel_pdl_new();
	off_t at = 0;
	ssize_t n;

	if (p == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	while ((n = pread(fd, buf, sizeof buf, at)) > 0) {
		rel_pdl_feed(p, buf, (size_t)n);
		at += n;
	}
	if (n == 0)
		rel_pdl_end(p, f);
	rel_pdl_free(&p);
	if (n < 0)
		return rel_err_sys(err, REL_E_IO, "cannot be read");
	if (at == 0)
		(void)rel_facts_refuse(f, REL_REFUSED_EMPTY,
		    "the document is empty");
	return 0;
}

static bool
begins_with(int fd, const char *head)
{
	char buf[16];
	size_t n = strlen(head);

	return pread(fd, buf, n, 0) == (ssize_t)n && memcmp(buf, head, n) == 0;
}

/* What is wrapped around it (PJL) says how often and on which sides. */
static int
look_pdf(int fd, const struct rel_pdf_how *how, struct rel_facts *f,
    struct rel_err *err)
{
	struct rel_application app = f->app;
	uint32_t copies = f->copies;
	uint8_t duplex = f->duplex;
	int rc = rel_pdf_look(fd, how, f, err);

	if (rc < 0)
		return rc == -REL_E_DENIED ? 0 : rc;
	rel_application_merge(&f->app, &app);
	f->copies = copies > 0 ? copies : 1;
	f->duplex = duplex;
	if (duplex > REL_DUPLEX_NONE)
		f->sheets = f->sides / 2 + f->sides % 2;
	f->impressions = f->sides * f->copies;
	return 0;
}

static bool
no_language(const struct rel_facts *f)
{
	return f->language[0] == '\0' || strcmp(f->language, "text") == 0;
}

static int
look(int fd, bool named_pdf, const struct rel_pdf_how *how,
    struct rel_facts *f, struct rel_err *err)
{
	int rc = 0;

	rel_facts_init(f);
	if (begins_with(fd, "%PDF-"))
		return look_pdf(fd, how, f, err);
	if ((rc = count(fd, f, err)) < 0 || f->refused[0] != '\0')
		return rc;
	if (strcmp(f->language, "pdf") == 0 || (named_pdf && no_language(f)))
		return look_pdf(fd, how, f, err);
	if (how->no_render || (!f->more && !how->coverage))
		return 0;
	if (strcmp(f->language, "postscript") == 0)
		pages_postscript(fd, how, f);
	else if (strcmp(f->language, "jpeg") == 0)
		pages_jpeg(fd, how, f);
	return 0;
}

int
pages_look(int fd, bool named_pdf, const struct rel_pdf_how *how,
    struct rel_facts *f, struct rel_err *err)
{
	int doc = seekable(fd, err), rc;

	if (doc < 0)
		return doc;
	rc = look(doc, named_pdf, how, f, err);
	close(doc);
	return rc;
}
