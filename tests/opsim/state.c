/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
state_open(struct state *st, const char *dir, int make, struct rel_err *err)
{
	*st = (struct state){ .doc = NULL };
	if (dir == NULL || dir[0] == '\0')
		return rel_err_set(err, REL_E_NOTFOUND,
		    "which device? give --dir STATE");
	if (strlen(dir) >= sizeof st->dir)
		return rel_err_set(err, REL_E_LIMIT,
		    "the name of the folder is too long");
	snprintf(st->dir, sizeof st->dir, "%s", dir);
	if (make && mkdir(dir, 0700) < 0 && errno != EEXIST)
		return rel_err_sys(err, REL_E_IO, "cannot make %s", dir);
	return 0;
}

void
state_fini(struct state *st)
{
	json_decref(st->doc);
	st->doc = NULL;
}

void
state_path(const struct state *st, const char *name, char *out)
{
	snprintf(out, STATE_PATH, "%s/%s", st->dir, name);
}

int
file_read(const char *path, size_t max, struct rel_buf *out,
    struct rel_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t part[8192];
	ssize_t n;

	if (fd < 0)
		return rel_err_sys(err, errno == ENOENT ? REL_E_NOTFOUND :
		    REL_E_IO, "cannot open %s", path);
	while ((n = read(fd, part, sizeof part)) > 0) {
		rel_put_raw(out, part, (size_t)n);
		if (out->len > max)
			break;
	}
	close(fd);
	rel_wipe(part, sizeof part);
	if (n < 0)
		return rel_err_sys(err, REL_E_IO, "cannot read %s", path);
	if (out->len > max)
		return rel_err_set(err, REL_E_LIMIT, "%s is too large", path);
	return out->failed != 0 ?
	    rel_err_set(err, REL_E_NOMEM, "no memory") : 0;
}

static int
write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t w = write(fd, p, n);

		if (w < 0)
			return -1;
		p += w;
		n -= (size_t)w;
	}
	return 0;
}

int
state_write(const struct state *st, const char *name, const void *p, size_t n,
    mode_t mode, struct rel_err *err)
{
	char to[STATE_PATH], tmp[STATE_PATH + 8];
	int fd, rc = 0;

	state_path(st, name, to);
	snprintf(tmp, sizeof tmp, "%s.new", to);
	unlink(tmp);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return rel_err_sys(err, REL_E_IO, "cannot write %s", tmp);
	if (write_all(fd, p, n) < 0 || fsync(fd) < 0)
		rc = rel_err_sys(err, REL_E_IO, "cannot write %s", tmp);
	close(fd);
	if (rc == 0 && rename(tmp, to) < 0)
		rc = rel_err_sys(err, REL_E_IO, "cannot write %s", to);
	if (rc < 0)
		unlink(tmp);
	return rc;
}

json_t *
json_read(const void *p, size_t n, struct rel_err *err)
{
	json_error_t why;
	json_t *v = json_loadb(p, n, JSON_REJECT_DUPLICATES, &why);

	if (v == NULL)
		rel_err_set(err, REL_E_FORMAT, "no JSON: %s (line %d)",
		    why.text, why.line);
	return v;
}

int
state_load(struct state *st, struct rel_err *err)
{
	char path[STATE_PATH];
	struct rel_buf b;
	int rc;

	state_path(st, "device.json", path);
	rel_buf_init(&b);
	rc = file_read(path, 1u << 20, &b, err);
	if (rc == 0) {
		json_decref(st->doc);
		st->doc = json_read(b.data, b.len, err);
		rc = st->doc == NULL ? -REL_E_FORMAT : 0;
	} else if (rc == -REL_E_NOTFOUND) {
		rel_err_set(err, REL_E_NOTFOUND, "%s holds no device yet: "
		    "run \"opsim register\" first", st->dir);
	}
	rel_buf_fini(&b);
	return rc;
}

int
state_save(const struct state *st, struct rel_err *err)
{
	char *text = json_dumps(st->doc, JSON_INDENT(2));
	int rc;

	if (text == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	rc = state_write(st, "device.json", text, strlen(text), 0600, err);
	free(text);
	return rc;
}

json_t *
json_at(const json_t *v, const char *path)
{
	char name[64];

	while (v != NULL) {
		size_t n = strcspn(path, ".");

		if (n >= sizeof name)
			return NULL;
		memcpy(name, path, n);
		name[n] = '\0';
		v = json_object_get(v, name);
		if (path[n] == '\0')
			return (json_t *)v;
		path += n + 1;
	}
	return NULL;
}

const char *
json_str_at(const json_t *v, const char *path, const char *dflt)
{
	const char *s = json_string_value(json_at(v, path));

	return s != NULL ? s : dflt;
}

const char *
state_str(const struct state *st, const char *path, const char *dflt)
{
	return json_str_at(st->doc, path, dflt);
}

json_int_t
state_int(const struct state *st, const char *path, json_int_t dflt)
{
	const json_t *v = json_at(st->doc, path);

	return json_is_integer(v) ? json_integer_value(v) : dflt;
}
