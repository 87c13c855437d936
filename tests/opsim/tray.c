/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/tray.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/text.h"

#define RECALL_MAX (4u << 20)

struct paper {
	struct paper *next;
	json_t *record;
	char data[512];
	char *cf;
	size_t cf_len;
};

struct tray {
	char dir[400];
	struct device *dev;	/* borrowed */
	json_t *printed;
	struct paper *waiting, **tail;
	unsigned n, parts, nwaiting;
	const struct state *st;		/* borrowed; whose restrictions hold */
	tray_cb watch;
	void *watch_ctx;
};

unsigned
tray_count(const char *dir)
{
	char path[512], part[4096];
	unsigned n = 0;
	ssize_t got;
	int fd;

	snprintf(path, sizeof path, "%s/jobs.jsonl", dir);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return 0;
	while ((got = read(fd, part, sizeof part)) > 0)
		for (ssize_t i = 0; i < got; i++)
			n += part[i] == '\n';
	close(fd);
	return n;
}

/* What came out in earlier runs, as far as it fits. */
static void
tray_recall(struct tray *t)
{
	char path[512];
	struct rel_buf b;
	char *line, *lf;

	rel_buf_init(&b);
	snprintf(path, sizeof path, "%s/jobs.jsonl", t->dir);
	if (file_read(path, RECALL_MAX, &b, NULL) == 0 && b.len > 0) {
		rel_put_u8(&b, 0);
		line = (char *)b.data;
		while (b.failed == 0 && (lf = strchr(line, '\n')) != NULL) {
			json_t *v = json_read(line, (size_t)(lf - line), NULL);

			if (v != NULL)
				json_array_append_new(t->printed, v);
			line = lf + 1;
		}
	}
	rel_buf_fini(&b);
}

int
tray_new(struct tray **out, const char *dir, struct device *dev,
    struct rel_err *err)
{
	char *real;
	struct tray *t;

	if (mkdir(dir, 0700) < 0 && errno != EEXIST)
		return rel_err_sys(err, REL_E_IO, "cannot make %s", dir);
	if ((real = realpath(dir, NULL)) == NULL)
		return rel_err_sys(err, REL_E_IO, "cannot find %s", dir);
	if (strlen(real) >= sizeof t->dir ||
	    (t = calloc(1, sizeof *t)) == NULL) {
		free(real);
		return rel_err_set(err, REL_E_LIMIT, "%.60s... is too long",
		    dir);
	}
	snprintf(t->dir, sizeof t->dir, "%s", real);
	free(real);
	t->dev = dev;
	t->tail = &t->waiting;
	t->n = tray_count(t->dir);
	t->printed = json_array();
	tray_recall(t);
	*out = t;
	return 0;
}

static void
paper_free(struct paper *p)
{
	json_decref(p->record);
	free(p->cf);
	free(p);
}

static void
tray_forget(struct tray *t)
{
	struct paper *p;

	while ((p = t->waiting) != NULL) {
		t->waiting = p->next;
		unlink(p->data);
		paper_free(p);
	}
	t->tail = &t->waiting;
	t->nwaiting = 0;
}

void
tray_free(struct tray **tp)
{
	if (*tp == NULL)
		return;
	tray_forget(*tp);
	json_decref((*tp)->printed);
	free(*tp);
	*tp = NULL;
}

void
tray_watch(struct tray *t, tray_cb cb, void *ctx)
{
	t->watch = cb;
	t->watch_ctx = ctx;
}

int
tray_receive(struct tray *t, char *name, struct rel_err *err)
{
	int fd;

	snprintf(name, 512, "%s/.part-%d-%u", t->dir, (int)getpid(),
	    t->parts++);
	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	return fd >= 0 ? fd :
	    rel_err_sys(err, REL_E_IO, "cannot write %s", name);
}

/* Append to a file with one write, so that readers see whole lines. */
static int
append(const char *path, const char *p, size_t n, int flags)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
	ssize_t w;

	if (fd < 0)
		return -1;
	w = write(fd, p, n);
	close(fd);
	return w == (ssize_t)n ? 0 : -1;
}

static void
tray_log(struct tray *t, json_t *record)
{
	char path[512];
	char *line = json_dumps(record, JSON_COMPACT);
	size_t n;

	if (line == NULL)
		return;
	n = strlen(line);
	line[n] = '\n';			/* in the NUL's place */
	snprintf(path, sizeof path, "%s/jobs.jsonl", t->dir);
	if (append(path, line, n + 1, O_APPEND) < 0)
		rel_log(REL_ERROR, "job not recorded", "file=%s", path);
	free(line);
}

static void
tray_print(struct tray *t, struct paper *p)
{
	char name[32], path[512], when[32];

	t->n++;
	t->dev->printed++;
	snprintf(name, sizeof name, "%03u.prn", t->n);
	snprintf(path, sizeof path, "%s/%s", t->dir, name);
	if (rename(p->data, path) < 0)
		rel_log(REL_ERROR, "job not kept", "file=%s", path);
	snprintf(path, sizeof path, "%s/%03u.cf", t->dir, t->n);
	if (append(path, p->cf, p->cf_len, O_TRUNC) < 0)
		rel_log(REL_ERROR, "control file not kept", "file=%s", path);
	rel_time_text(when, rel_now_ms());
	json_object_set_new(p->record, "n", json_integer(t->n));
	json_object_set_new(p->record, "at", json_string(when));
	json_object_set_new(p->record, "file", json_string(name));
	tray_log(t, p->record);
	json_array_append(t->printed, p->record);
	if (t->watch != NULL)
		t->watch(p->record, t->watch_ctx);
	paper_free(p);
}

void
tray_put(struct tray *t, json_t *record, const char *data, const char *cf,
    size_t cf_len)
{
	struct paper *p = calloc(1, sizeof *p);

	if (p == NULL || (p->cf = malloc(cf_len + 1)) == NULL) {
		free(p);
		json_decref(record);
		unlink(data);
		return;
	}
	memcpy(p->cf, cf, cf_len);
	p->cf_len = cf_len;
	p->record = record;
	snprintf(p->data, sizeof p->data, "%s", data);
	*t->tail = p;
	t->tail = &p->next;
	t->nwaiting++;
	tray_device_changed(t);
}

void
tray_obeys(struct tray *t, const struct state *st)
{
	t->st = st;
}

/* It came from elsewhere, and such documents are to be stored. */
static bool
stored(const struct tray *t, const struct paper *p)
{
	return t->st != NULL && json_str_at(p->record, "release_ref",
	    "")[0] == '\0' && strcmp(state_str(t->st,
	    "restrictions.unauthenticated.print", ""), "hold") == 0;
}

void
tray_device_changed(struct tray *t)
{
	struct paper *all = t->waiting, *p;

	if (t->dev->off) {
		tray_forget(t);
		return;
	}
	t->waiting = NULL;
	t->tail = &t->waiting;
	while ((p = all) != NULL) {
		all = p->next;
		p->next = NULL;
		if (device_ready(t->dev) && !stored(t, p)) {
			t->nwaiting--;
			tray_print(t, p);
			continue;
		}
		*t->tail = p;
		t->tail = &p->next;
	}
}

const json_t *
tray_printed(const struct tray *t)
{
	return t->printed;
}

unsigned
tray_waiting(const struct tray *t)
{
	return t->nwaiting;
}

const char *
tray_dir(const struct tray *t)
{
	return t->dir;
}
