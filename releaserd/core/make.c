/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Between the tap and the transfer: a document that cannot go out as it is
 * held.  A render makes a new file under a key that stands nowhere but here;
 * when core ends before the transfer does, nothing has printed and the held
 * document is still there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/fault.h"
#include "lib/send.h"
#include "releaserd/core/core.h"
#include "releaserd/core/transport.h"

struct making *
make_find(const struct core *c, int64_t job)
{
	struct making *m = c->makings;

	while (m != NULL && m->job != job)
		m = m->next;
	return m;
}

void
make_drop(struct core *c, int64_t job)
{
	struct making **at = &c->makings, *m = make_find(c, job);
	char name[40];

	if (m == NULL)
		return;
	while (*at != m)
		at = &(*at)->next;
	*at = m->next;
	rel_wipe(m, sizeof *m);
	free(m);
	made_file(name, job);
	unlinkat(c->spool_dir, name, 0);
}

void
make_fini(struct core *c)
{
	while (c->makings != NULL)
		make_drop(c, c->makings->job);
}

/* ---- the stamp */

static void
put_text(char *out, size_t size, size_t *len, const char *text)
{
	size_t n = rel_utf8_cut(text, size - 1 - *len);

	memcpy(out + *len, text, n);
	*len += n;
	out[*len] = '\0';
}

/* StampText with its words filled in. */
static void
stamp_fill(const struct core *c, const struct job *j, struct rel_ticket *t)
{
	const struct settings *s = &c->role->set;
	char id[24], when[32];
	const struct {
		const char *mark, *text;
	} marks[] = {
		{ "{user}", j->user }, { "{job}", id }, { "{time}", when },
		{ "{classification}", s->classification }
	};
	const char *p = s->stamp_text;
	size_t len = 0;

	ids_job_text(id, j->id);
	rel_time_text(when, rel_now_ms());
	t->stamp_text[0] = '\0';
	while (*p != '\0') {
		char one[8] = "";
		size_t i = 0, n = sizeof marks / sizeof marks[0];

		while (i < n && strncmp(p, marks[i].mark,
		    strlen(marks[i].mark)) != 0)
			i++;
		if (i == n)
			snprintf(one, sizeof one, "%c", *p);
		put_text(t->stamp_text, sizeof t->stamp_text, &len,
		    i < n ? marks[i].text : one);
		p += i < n ? strlen(marks[i].mark) : 1;
	}
	rel_text_clean(t->stamp_text, sizeof t->stamp_text, t->stamp_text);
}

/* ---- making */

/* What a render's answer means for the release. */
static bool
make_good(struct making *m, const struct render_result *r,
    const uint8_t key[32])
{
	if (r == NULL || r->outcome != RENDER_DONE || r->out_bytes == 0)
		return false;
	memcpy(m->key, key, sizeof m->key);
	m->bytes = r->out_bytes;
	snprintf(m->format, sizeof m->format, "%s",
	    transport_format(r->facts.language));
	pages_count_made(&r->facts, &m->out);
	/* Copies the data makes need not be asked of the device again. */
	m->copies = r->facts.copies > 1 ? 1 : m->wanted;
	m->ready = true;
	return true;
}

static void
make_done(struct core *c, const struct render_result *r,
    const uint8_t key[32], void *ctx)
{
	int64_t *job = ctx;
	struct making *m = make_find(c, *job);
	struct send_result no = { .job_id = (uint64_t)*job,
	    .outcome = REL_SEND_REFUSED };

	rel_fault("core:made");
	if (c->ending) {
		make_drop(c, *job);
	} else if (m != NULL && make_good(m, r, key)) {
		release_made(c, *job);
	} else {
		snprintf(no.reason, sizeof no.reason, "%s",
		    r != NULL && r->reason[0] != '\0' ? r->reason :
		    "The document could not be prepared for this device: the "
		    "program that does it died.");
		make_drop(c, *job);
		release_settle(c, &no);
	}
	free(job);
}

int
make_start(struct core *c, const struct job *j, struct rel_ticket *t,
    const char *driver, const struct render_how *how)
{
	struct work_order o = { .op = RENDER_MAKE, .job = j->id,
	    .ticket = t, .driver = driver, .how = *how };
	struct making *m = calloc(1, sizeof *m);
	int64_t *job = malloc(sizeof *job);
	int rc;

	if (m == NULL || job == NULL) {
		free(m);
		free(job);
		return -REL_E_NOMEM;
	}
	t->stamp = (uint8_t)c->role->set.stamp;
	if (t->stamp != REL_STAMP_NONE)
		stamp_fill(c, j, t);
	*job = m->job = j->id;
	m->wanted = t->copies;
	m->next = c->makings;
	c->makings = m;
	if ((rc = work_ask(c, &o, make_done, job)) < 0) {
		make_drop(c, j->id);
		free(job);
	}
	return rc;
}
