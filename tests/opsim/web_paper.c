/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/web_priv.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <event2/buffer.h>

#define SHEETS 30	/* how many the tray shows */

/* What kind of document it is, from its first bytes. */
static void
sniff(const char *path, const char **kind, const char **type)
{
	char head[12] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, head, sizeof head - 1) : 0;

	if (fd >= 0)
		close(fd);
	*kind = "data";
	*type = "application/octet-stream";
	if (n >= 5 && memcmp(head, "%PDF-", 5) == 0) {
		*kind = "PDF";
		*type = "application/pdf";
	} else if (n >= 2 && memcmp(head, "%!", 2) == 0) {
		*kind = "PostScript";
	} else if (n >= 4 && memcmp(head, "RaS", 3) == 0) {
		*kind = "raster";
	} else if (n >= 2 && head[0] == 27) {
		*kind = "printer language";
	}
}

static void
put_size(struct rel_buf *b, json_int_t bytes)
{
	if (bytes < 10000)
		rel_put_fmt(b, "%lld bytes", (long long)bytes);
	else if (bytes < 10000000)
		rel_put_fmt(b, "%lld kB", (long long)(bytes / 1000));
	else
		rel_put_fmt(b, "%lld MB", (long long)(bytes / 1000000));
}

static void
put_sheet(struct web *w, struct rel_buf *b, const json_t *v)
{
	const char *file = json_str_at(v, "file", "");
	const char *title = json_str_at(v, "title", "");
	const char *at = json_str_at(v, "at", "");
	const char *kind, *type;
	json_int_t copies = json_integer_value(json_object_get(v, "copies"));
	char path[STATE_PATH + 40];

	snprintf(path, sizeof path, "%s/%s", tray_dir(w->sim->tray), file);
	sniff(path, &kind, &type);
	rel_put_fmt(b, "<li class=\"sheet\"><a href=\"/paper/");
	web_esc(b, file);
	rel_put_fmt(b, "\" target=\"_blank\" rel=\"noopener\"><b>");
	web_esc(b, title[0] != '\0' ? title : "(no name)");
	rel_put_fmt(b, "</b></a><span class=\"by\">");
	web_esc(b, json_str_at(v, "user", ""));
	rel_put_fmt(b, " &middot; ");
	rel_put_fmt(b, "%.8s UTC</span><span class=\"facts\">%s, ",
	    strlen(at) > 19 ? at + 11 : at, kind);
	put_size(b, json_integer_value(json_object_get(v, "bytes")));
	if (copies > 1)
		rel_put_fmt(b, ", %lld copies", (long long)copies);
	rel_put_fmt(b, "</span><span class=\"ref\">");
	web_esc(b, json_str_at(v, "release_ref", ""));
	rel_put_fmt(b, "</span></li>\n");
}

void
web_paper(struct web *w, struct rel_buf *b)
{
	const json_t *all = tray_printed(w->sim->tray);
	unsigned waiting = tray_waiting(w->sim->tray);
	size_t n = json_array_size(all);

	rel_put_fmt(b, "<!DOCTYPE html><html lang=\"en\"><head>"
	    "<meta charset=\"utf-8\"><meta http-equiv=\"refresh\" "
	    "content=\"2\"><title>Paper</title>"
	    "<link rel=\"stylesheet\" href=\"/style.css\"></head>"
	    "<body class=\"paper\">\n");
	if (waiting > 0)
		rel_put_fmt(b, "<p class=\"waiting\">%u job%s in the device's "
		    "memory, waiting until it can print</p>\n", waiting,
		    waiting == 1 ? "" : "s");
	if (n == 0 && waiting == 0)
		rel_put_fmt(b, "<p class=\"empty\">The tray is empty. "
		    "Nothing comes out before somebody releases it at the "
		    "panel.</p>\n");
	rel_put_fmt(b, "<ul class=\"sheets\">\n");
	for (size_t i = n; i > 0 && n - i < SHEETS; i--)
		put_sheet(w, b, json_array_get(all, i - 1));
	rel_put_fmt(b, "</ul></body></html>\n");
}

/* "007.prn" or "007.cf": digits and one of two ends. */
static bool
name_ok(const char *name)
{
	size_t n = strspn(name, "0123456789");

	return n > 0 && n < 12 && (strcmp(name + n, ".prn") == 0 ||
	    strcmp(name + n, ".cf") == 0);
}

void
web_paper_file(struct web *w, struct evhttp_request *req, const char *name)
{
	struct evkeyvalq *h = evhttp_request_get_output_headers(req);
	char path[STATE_PATH + 40];
	const char *kind, *type;
	struct evbuffer *b;
	struct stat st;
	int fd;

	if (!name_ok(name)) {
		evhttp_send_error(req, 404, "There is no such paper");
		return;
	}
	snprintf(path, sizeof path, "%s/%s", tray_dir(w->sim->tray), name);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0 ||
	    fstat(fd, &st) < 0) {
		if (fd >= 0)
			close(fd);
		evhttp_send_error(req, 404, "There is no such paper");
		return;
	}
	sniff(path, &kind, &type);
	evhttp_add_header(h, "Content-Type",
	    strstr(name, ".cf") != NULL ? "text/plain; charset=utf-8" : type);
	evhttp_add_header(h, "X-Content-Type-Options", "nosniff");
	evhttp_add_header(h, "Content-Security-Policy",
	    "default-src 'none'; style-src 'unsafe-inline'; "
	    "object-src 'self'; plugin-types application/pdf");
	b = evbuffer_new();
	if (st.st_size > 0 && evbuffer_add_file(b, fd, 0, st.st_size) < 0)
		close(fd);
	else if (st.st_size == 0)
		close(fd);
	evhttp_send_reply(req, 200, NULL, b);
	evbuffer_free(b);
}
