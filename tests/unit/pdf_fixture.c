/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/pdf_fixture.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/compat.h"
#include "tests/unit/unit.h"

void
made_begin(struct made *m)
{
	memset(m, 0, sizeof *m);
	rel_buf_init(&m->b);
	rel_put_fmt(&m->b, "%%PDF-1.5\n");
}

static int
next_object(struct made *m)
{
	assert_true(m->n + 1 < MADE_MAX);
	m->at[++m->n] = m->b.len;
	rel_put_fmt(&m->b, "%d 0 obj\n", m->n);
	return m->n;
}

int
made_object(struct made *m, const char *text)
{
	int n = next_object(m);

	rel_put_fmt(&m->b, "%s\nendobj\n", text);
	return n;
}

int
made_stream(struct made *m, const char *entries, const void *data, size_t n)
{
	int id = next_object(m);

	rel_put_fmt(&m->b, "<< %s /Length %zu >>\nstream\n", entries, n);
	rel_put_raw(&m->b, data, n);
	rel_put_fmt(&m->b, "\nendstream\nendobj\n");
	return id;
}

static int
in_memory(const struct rel_buf *b, size_t n)
{
	int fd = rel_compat_memfile();

	assert_int_equal(b->failed, 0);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, b->data, n), n);
	return fd;
}

int
made_end(struct made *m, const char *trailer)
{
	size_t xref = m->b.len;
	int fd;

	rel_put_fmt(&m->b, "xref\n0 %d\n0000000000 65535 f \n", m->n + 1);
	for (int i = 1; i <= m->n; i++)
		rel_put_fmt(&m->b, "%010zu 00000 n \n", m->at[i]);
	rel_put_fmt(&m->b, "trailer\n<< /Size %d /Root 1 0 R %s >>\n"
	    "startxref\n%zu\n%%%%EOF\n", m->n + 1, trailer, xref);
	fd = in_memory(&m->b, m->b.len);
	rel_buf_fini(&m->b);
	return fd;
}

int
made_cut(struct made *m, size_t n)
{
	int fd = in_memory(&m->b, n < m->b.len ? n : m->b.len);

	rel_buf_fini(&m->b);
	return fd;
}

static void
made_either(struct made *m, const char *text)
{
	const char *bar = strchr(text, '|');
	char entries[1024];

	if (bar == NULL) {
		(void)made_object(m, text);
		return;
	}
	assert_true((size_t)(bar - text) < sizeof entries);
	memcpy(entries, text, (size_t)(bar - text));
	entries[bar - text] = '\0';
	(void)made_stream(m, entries, bar + 1, strlen(bar + 1));
}

int
made_page(const struct page_text *t)
{
	struct made m;
	char page[2048];

	made_begin(&m);
	made_object(&m, "<< /Type /Catalog /Pages 2 0 R >>");
	made_object(&m, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
	snprintf(page, sizeof page, "<< /Type /Page /Parent 2 0 R /MediaBox "
	    "[0 0 595 842] /Contents 4 0 R /Resources << %s >> %s >>",
	    t->resources != NULL ? t->resources : "",
	    t->entries != NULL ? t->entries : "");
	made_object(&m, page);
	made_stream(&m, "", t->content, strlen(t->content));
	for (int i = 0; i < 8 && t->more[i] != NULL; i++)
		made_either(&m, t->more[i]);
	return made_end(&m, "");
}

void
made_read(int fd, struct rel_buf *out)
{
	char piece[4096];
	ssize_t n;
	off_t at = 0;

	rel_buf_init(out);
	while ((n = pread(fd, piece, sizeof piece, at)) > 0) {
		rel_put_raw(out, piece, (size_t)n);
		at += n;
	}
	assert_int_equal(out->failed, 0);
}
