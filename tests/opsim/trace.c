/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/trace.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "lib/text.h"
#include "tests/opsim/https.h"

struct trace {
	int fd;
};

int
trace_open(struct trace **out, const char *path, struct rel_err *err)
{
	struct trace *t;

	*out = NULL;
	if (path == NULL)
		return 0;
	if ((t = calloc(1, sizeof *t)) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	t->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (t->fd < 0) {
		free(t);
		return rel_err_sys(err, REL_E_IO, "cannot write %s", path);
	}
	*out = t;
	return 0;
}

void
trace_close(struct trace **tp)
{
	if (*tp == NULL)
		return;
	close((*tp)->fd);
	free(*tp);
	*tp = NULL;
}

/* JSON as it is; other text as a string; nothing as null. */
static json_t *
as_json(const char *s, size_t n)
{
	json_t *v = NULL;

	if (s != NULL && n > 0) {
		v = json_loadb(s, n, JSON_DECODE_ANY, NULL);
		if (v == NULL)
			v = json_stringn(s, n);
	}
	return v != NULL ? v : json_null();
}

void
trace_put(struct trace *t, const char *method, const char *path,
    const char *request, const struct https_answer *a)
{
	char when[32], *line;
	ssize_t w;
	size_t n;
	json_t *v;

	if (t == NULL || strncmp(path, "/opdp/", 6) != 0)
		return;
	rel_time_text(when, rel_now_ms());
	v = json_pack("{s:s, s:s, s:s, s:o, s:i, s:b, s:o}", "at", when,
	    "method", method, "path", path, "request",
	    as_json(request, request != NULL ? strlen(request) : 0),
	    "status", (int)a->status, "replayed", a->replayed,
	    "response", as_json(a->body, a->body_len));
	if (v == NULL || (line = json_dumps(v, JSON_COMPACT)) == NULL) {
		json_decref(v);
		return;
	}
	n = strlen(line);
	line[n] = '\n';			/* the NUL's place: written, not read */
	w = write(t->fd, line, n + 1);	/* one write: lines never mix */
	(void)w;
	free(line);
	json_decref(v);
}
