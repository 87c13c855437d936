/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/render_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/compat.h"
#include "lib/pdl/pdl.h"
#include "lib/spool.h"
#include "releaserd/render/tmpdir.h"

const uint8_t render_key[32] = { 5, 4, 3, 2, 1 };
const uint8_t render_out_key[32] = { 1, 2, 3, 4, 5 };
static char base[200], tmp[220], fakes[220], ppds[220];

/* ---- documents */

void
doc_fini(struct doc *d)
{
	free(d->p);
	d->p = NULL;
	d->n = 0;
}

void
doc_put(struct doc *d, const void *p, size_t n)
{
	d->p = realloc(d->p, d->n + n + 1);
	assert_non_null(d->p);
	memcpy(d->p + d->n, p, n);
	d->n += n;
	d->p[d->n] = '\0';
}

void
doc_text(struct doc *d, const char *fmt, ...)
{
	char text[2000];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	doc_put(d, text, strlen(text));
}

static void
put_page(struct doc *d, unsigned i, bool colour)
{
	char content[400];

	snprintf(content, sizeof content, "BT /F1 40 Tf 100 700 Td (Page %u) "
	    "Tj ET 0.5 g 100 300 50 50 re f %s", i, colour ?
	    "1 0 0 rg 100 400 200 200 re f" : "0 0 0 rg 100 400 9 9 re f");
	doc_text(d, "%u 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
	    "/Resources<</Font<</F1 3 0 R>>>>/Contents %u 0 R>> endobj\n",
	    2 + 2 * i, 3 + 2 * i);
	doc_text(d, "%u 0 obj <</Length %zu>> stream\n%s\nendstream endobj\n",
	    3 + 2 * i, strlen(content), content);
}

/* Without a table of objects: every reader rebuilds it. */
void
doc_pdf(struct doc *d, unsigned n, unsigned colour)
{
	doc_text(d, "%%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n"
	    "3 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj\n"
	    "2 0 obj <</Type/Pages/Count %u/Kids[", n);
	for (unsigned i = 1; i <= n; i++)
		doc_text(d, "%u 0 R ", 2 + 2 * i);
	doc_text(d, "]>> endobj\n");
	for (unsigned i = 1; i <= n; i++)
		put_page(d, i, i == colour);
	doc_text(d, "trailer <</Root 1 0 R/Size %u>>\n%%%%EOF\n", 4 + 2 * n);
}

bool
doc_has(const struct doc *d, const char *text)
{
	return d->n > 0 && memmem(d->p, d->n, text, strlen(text)) != NULL;
}

static int
nameless(void)
{
	char path[240];
	int fd;

	snprintf(path, sizeof path, "%s/f.XXXXXX", base);
	assert_true((fd = mkstemp(path)) >= 0);
	unlink(path);
	return fd;
}

int
doc_spool(const struct doc *d)
{
	struct rel_spool_writer *w;
	struct rel_err err;
	int fd = nameless();

	assert_int_equal(0, rel_spool_writer_new(&w, fd, render_key,
	    RENDER_JOB_ID, &err));
	if (d->n > 0)
		assert_int_equal(0, rel_spool_write(w, d->p, d->n, &err));
	assert_int_equal(0, rel_spool_finish(w, NULL, &err));
	rel_spool_writer_free(&w);
	return fd;
}

static void
read_spool(struct doc *d, int fd)
{
	struct rel_spool_reader *r;
	struct rel_err err;
	const uint8_t *p;
	size_t n;
	int rc;

	assert_int_equal(0, rel_spool_reader_new(&r, fd, render_out_key,
	    RENDER_JOB_ID, &err));
	while ((rc = rel_spool_read(r, &p, &n, &err)) == 1)
		doc_put(d, p, n);
	assert_int_equal(0, rc);
	rel_spool_reader_free(&r);
}

static unsigned
each_file(const char *dir, bool remove_it)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	unsigned n = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		n++;
		if (remove_it)
			unlinkat(dirfd(d), e->d_name, 0);
	}
	closedir(d);
	return n;
}

/* ---- a run */

void
run_init(struct run *r, enum render_op op)
{
	memset(r, 0, sizeof *r);
	r->m.job_id = RENDER_JOB_ID;
	r->m.op = (uint8_t)op;
	memcpy(r->m.key, render_key, 32);
	memcpy(r->m.out_key, render_out_key, 32);
	snprintf(r->m.format, sizeof r->m.format, "application/pdf");
	rel_ticket_init(&r->m.ticket);
	rel_facts_init(&r->m.facts);
	r->m.deadline_ms = 60000;
	r->m.max_bytes = 64u << 20;
	r->m.preview_px = 300;
}

void
run_fini(struct run *r)
{
	doc_fini(&r->in);
	doc_fini(&r->out);
	doc_fini(&r->png);
}

void
render_run(struct run *r)
{
	static const uint8_t zero[32];
	struct tmpdir t;
	struct rel_err err;
	struct work w = { .job = &r->m, .tmp = t.path, .stop = &r->stop,
	    .out_fd = -1 };

	tmpdir_init(&t, base, 0, 0, 0);
	assert_int_equal(0, tmpdir_open(&t, &err));
	w.spool_fd = doc_spool(&r->in);
	if (r->m.plain_bytes == 0)
		r->m.plain_bytes = r->in.n;
	if (r->m.op == RENDER_MAKE)
		w.out_fd = nameless();
	doc_fini(&r->out);
	work_run(&w, &r->res);
	assert_int_equal(RENDER_JOB_ID, r->res.job_id);
	assert_int_equal(r->m.op, r->res.op);
	assert_memory_equal(zero, r->m.key, 32);
	assert_memory_equal(zero, r->m.out_key, 32);
	if (r->res.outcome == RENDER_DONE)
		assert_string_equal("", r->res.reason);
	else
		assert_true(r->res.reason[0] != '\0');
	if (r->m.op == RENDER_MAKE && r->res.outcome == RENDER_DONE) {
		read_spool(&r->out, w.out_fd);
		assert_int_equal(r->out.n, r->res.out_bytes);
	}
	if (r->res.png != NULL)
		doc_put(&r->png, r->res.png, r->res.png_len);
	work_fini(&w);
	close(w.spool_fd);
	if (w.out_fd >= 0)
		close(w.out_fd);
	tmpdir_fini(&t);
	assert_int_equal(0, each_file(tmp, false));
}

void
must_be_done(const struct run *r)
{
	if (r->res.outcome != RENDER_DONE)
		fail_msg("outcome %d: %s", r->res.outcome, r->res.reason);
}

void
must_be_refused(const struct run *r, const char *words)
{
	if (r->res.outcome != RENDER_REFUSED ||
	    strstr(r->res.reason, words) == NULL)
		fail_msg("outcome %d: \"%s\", not \"%s\"", r->res.outcome,
		    r->res.reason, words);
	assert_int_equal(0, r->res.out_bytes);
}

/* ---- judges */

static void
judge(const struct doc *pdf, const char *const *argv, struct doc *said)
{
	struct rel_child_end end;
	struct rel_err err;
	uint8_t buf[65536];
	int in = rel_compat_memfile(), out = rel_compat_memfile();
	struct rel_child c = { .argv = argv, .in_fd = in, .out_fd = out,
	    .keep_fd = -1, .dir = base };
	ssize_t n;

	assert_true(in >= 0 && out >= 0);
	assert_int_equal(pdf->n, write(in, pdf->p, pdf->n));
	lseek(in, 0, SEEK_SET);
	assert_int_equal(0, rel_child_run(&c, &end, &err));
	if (end.status != 0)
		fail_msg("%s: %d: %s", argv[0], end.status, end.said);
	lseek(out, 0, SEEK_SET);
	while ((n = read(out, buf, sizeof buf)) > 0)
		doc_put(said, buf, (size_t)n);
	close(in);
	close(out);
}

static bool
is_coloured(const uint8_t *p, size_t pixels)
{
	for (size_t i = 0; i < pixels; i++, p += 3)
		if (abs(p[0] - p[1]) > 2 || abs(p[1] - p[2]) > 2 ||
		    abs(p[0] - p[2]) > 2)
			return true;
	return false;
}

void
look_at(const struct doc *pdf, unsigned *pages, unsigned *coloured)
{
	const char *argv[] = { REL_PDFTOPPM, "-r", "40", "/proc/self/fd/0",
	    NULL };
	struct doc ppm = { NULL, 0 };
	size_t at = 0;

	*pages = *coloured = 0;
	judge(pdf, argv, &ppm);
	while (at < ppm.n) {
		unsigned w, h;
		int head;

		assert_int_equal(2, sscanf((char *)ppm.p + at,
		    "P6 %u %u 255%n", &w, &h, &head));
		at += (size_t)head + 1;
		assert_true(at + 3ul * w * h <= ppm.n);
		(*pages)++;
		*coloured += is_coloured(ppm.p + at, (size_t)w * h);
		at += 3ul * w * h;
	}
	doc_fini(&ppm);
}

unsigned
text_count(const struct doc *pdf, const char *text)
{
	const char *argv[] = { "/usr/bin/pdftotext", "/proc/self/fd/0", "-",
	    NULL };
	struct doc said = { NULL, 0 };
	const char *p;
	unsigned n = 0;

	judge(pdf, argv, &said);
	p = said.n > 0 ? (const char *)said.p : "";
	while ((p = strstr(p, text)) != NULL) {
		n++;
		p += strlen(text);
	}
	doc_fini(&said);
	return n;
}

/* ---- folders */

void
fake_program(const char *name, const char *script)
{
	char path[300];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", fakes, name);
	assert_non_null(f = fopen(path, "w"));
	fprintf(f, "#!/bin/sh\n%s\n", script);
	fclose(f);
	assert_int_equal(0, chmod(path, 0755));
	program_folder(fakes);
}

/* Our own program is not installed yet: the one of this build is meant. */
static void
link_pages(void)
{
	char here[400], path[300];

	size_t n;

	assert_non_null(getcwd(here, 300));
	n = strlen(here);
	snprintf(here + n, sizeof here - n, "/filter/release-pages");
	snprintf(path, sizeof path, "%s/release-pages", fakes);
	assert_int_equal(0, symlink(here, path));
	program_folder(fakes);
}

void
no_fake_programs(void)
{
	each_file(fakes, true);
	link_pages();
}

const char *
render_base(void)
{
	return base;
}

bool
have_program(const char *path)
{
	if (access(path, X_OK) == 0)
		return true;
	print_message("# SKIP: %s is missing\n", path);
	return false;
}

int
render_set_up(void **state)
{
	size_t n;

	(void)state;
	assert_non_null(getcwd(base, 150));
	n = strlen(base);
	snprintf(base + n, sizeof base - n, "/test_render.XXXXXX");
	if (mkdtemp(base) == NULL)
		return -1;
	snprintf(tmp, sizeof tmp, "%s/render", base);
	snprintf(fakes, sizeof fakes, "%s/fakes", base);
	snprintf(ppds, sizeof ppds, "%s/ppds", base);
	if (mkdir(tmp, 0700) < 0 || mkdir(fakes, 0755) < 0 ||
	    mkdir(ppds, 0755) < 0)
		return -1;
	link_pages();
	return 0;
}

int
render_tear_down(void **state)
{
	(void)state;
	each_file(fakes, true);
	each_file(tmp, true);
	each_file(ppds, true);
	rmdir(ppds);
	rmdir(tmp);
	rmdir(fakes);
	each_file(base, true);
	return rmdir(base);
}

void
doc_count(const struct doc *d, struct rel_facts *f)
{
	struct rel_pdl *p = rel_pdl_new();

	assert_non_null(p);
	rel_pdl_feed(p, d->p, d->n);
	rel_pdl_end(p, f);
	rel_pdl_free(&p);
}
