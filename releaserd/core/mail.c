/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * A job waits for its owner, and nobody has looked: a mail says so.  Who has a
 * program that shows questions (listen.c) has more time to answer.  It waits
 * in the database; an agent hands it over, one at a time, and what fails is
 * tried again, later each time.
 */
#include "releaserd/core/mail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mail.h"
#include "releaserd/core/directories.h"
#include "releaserd/core/policy.h"
#include "releaserd/core/store_backup.h"
#include "releaserd/core/store_mail.h"
#include "releaserd/core/store_sync.h"

#define TRIES_MAX 12
#define AGAIN_MS 60000
#define AGAIN_MAX_MS 3600000
#define PUT_OFF_MAX 100		/* in one second */

int
mail_later(struct core *c, int64_t job)
{
	const struct settings *s = &c->role->set;

	if (s->mail_server[0] == '\0')
		return 0;
	return store_mail_put(c->st, job, rel_now_ms() + s->mail_after_ms, 0);
}

void
mail_seen(struct core *c, int64_t job)
{
	struct rel_err err;
	int rc;

	if (store_mail_has(c->st, job) != 0 || core_write(c, &err) < 0)
		return;
	if ((rc = store_mail_drop(c->st, job)) < 0 && rc != -REL_E_NOTFOUND)
		core_spoil(c, rc);
}

/* ---- what it says */

/* Question and approval, in the language of its owner. */
static bool
mail_words(struct core *c, const struct job *j, const char *locale,
    char *out, size_t size)
{
	struct wait w;
	char pages[300];
	size_t n;

	snprintf(out, size, "%s\n\n    %s\n\n", word(locale, "mail-waits"),
	    j->title[0] != '\0' ? j->title : word(locale, "untitled"));
	n = strlen(out);
	if (question_open(c, j->id, WAIT_QUESTION, &w) == 0)
		snprintf(out + n, size - n, "%s\n\n    %s\n\n", word(locale,
		    "mail-question"), w.text);
	else if (question_open(c, j->id, WAIT_APPROVAL, &w) == 0)
		snprintf(out + n, size - n, "%s %s\n\n", word(locale,
		    "mail-approval"), w.group);
	else
		return false;
	n = strlen(out);
	pages_url(c, pages);
	snprintf(out + n, size - n, "%s\n%s/release/jobs.cgi\n", word(locale,
	    "mail-where"), pages);
	return true;
}

/* A message, ready for an agent. */
static bool
mail_put(const struct core *c, const struct rel_mail *m, struct rel_buf *out)
{
	const struct settings *s = &c->role->set;
	struct rel_buf text;
	bool good;

	rel_buf_init(&text);
	good = rel_mail_write(&text, m) == 0;
	if (good) {
		rel_put_u8(out, (uint8_t)s->mail_tls);
		rel_put_str(out, s->mail_server);
		rel_put_str(out, m->from);
		rel_put_str(out, m->to);
		rel_put_bytes(out, text.data, text.len);
	}
	rel_buf_fini(&text);
	return good && !out->failed;
}

/* To one administrator: a sync by the clock failed, or was stopped. */
static bool
sync_notice_of(struct core *c, const struct notice_mail *n,
    struct rel_buf *out)
{
	const struct directory_row *d;
	char words[2048], pages[300], id[64];
	struct rel_mail m = { .from = c->role->set.mail_from,
	    .to = n->address, .text = words, .id = id,
	    .at_ms = rel_now_ms(), .subject = word("", "mail-sync-subject") };
	struct sync_run r;

	if (store_sync_run_get(c->st, n->use, &r) < 0 ||
	    (d = directories_by_id(c, r.directory)) == NULL)
		return false;
	pages_url(c, pages);
	snprintf(words, sizeof words, "%s\n\n    %s\n\n%s\n\n%s/release/admin/"
	    "directories.cgi\n", word("", "mail-sync"), d->name, r.words,
	    pages);
	snprintf(id, sizeof id, "sync.%lld.%lld", (long long)n->use,
	    (long long)m.at_ms);
	return mail_put(c, &m, out);
}

/* To one administrator: the backup password was used. */
static bool
notice_of(struct core *c, const struct notice_mail *n, struct rel_buf *out)
{
	char words[1024], pages[300], id[64], at[40];
	struct rel_mail m = { .from = c->role->set.mail_from,
	    .to = n->address, .text = words, .id = id,
	    .at_ms = rel_now_ms(), .subject = word("", "backup-subject") };
	struct backup_use u;

	if (c->role->set.mail_server[0] == '\0')
		return false;
	if (store_backup_use(c->st, n->use, &u) < 0)
		return sync_notice_of(c, n, out);
	pages_url(c, pages);
	rel_time_text(at, u.at_ms);
	snprintf(words, sizeof words, "%s\n\n    %s  %s  %s\n\n%s\n"
	    "%s/release/admin/index.cgi\n", word("", "backup-mail"), at,
	    u.door, u.who, word("", "backup-mail-do"), pages);
	snprintf(id, sizeof id, "backup.%lld.%lld", (long long)n->use,
	    (long long)m.at_ms);
	return mail_put(c, &m, out);
}

/* The mail of a job, ready for an agent; false: there is none to write. */
static bool
mail_of(struct core *c, int64_t job, struct rel_buf *out)
{
	const struct settings *s = &c->role->set;
	struct job j;
	struct user u;
	char words[2048], id[64];
	struct rel_mail m = { .from = s->mail_from, .to = u.mail,
	    .text = words, .id = id, .at_ms = rel_now_ms() };

	if (s->mail_server[0] == '\0' || store_job_get(c->st, job, &j) < 0 ||
	    j.state != JOB_HELD || store_user_get(c->st, j.user_key, &u) < 0 ||
	    u.disabled || !mail_words(c, &j, u.locale, words, sizeof words))
		return false;
	m.subject = word(u.locale, "mail-subject");
	snprintf(id, sizeof id, "%s.%lld", ids_text(job),
	    (long long)m.at_ms);
	return mail_put(c, &m, out);
}

/* ---- and what became of it */

struct sending {
	int64_t job, tries;
	struct notice_mail notice;	/* its use is 0: of a job */
};

static int64_t
wait_ms(int64_t tries)
{
	int64_t wait = AGAIN_MS;

	for (int64_t i = 0; i < tries && wait < AGAIN_MAX_MS; i++)
		wait *= 2;
	return wait < AGAIN_MAX_MS ? wait : AGAIN_MAX_MS;
}

static void
later(struct core *c, const struct sending *s)
{
	int rc = store_mail_put(c->st, s->job, rel_now_ms() +
	    wait_ms(s->tries), s->tries + 1);

	if (rc < 0)
		core_spoil(c, rc);
}

static void
drop(struct core *c, int64_t job)
{
	int rc = store_mail_drop(c->st, job);

	if (rc < 0 && rc != -REL_E_NOTFOUND)
		core_spoil(c, rc);
}

static void
notice_mailed(struct core *c, struct notice_mail *m, enum ipc_mail said)
{
	struct rel_err err;
	int rc;

	if (core_write(c, &err) < 0)
		return;
	if (said == MAIL_LATER && m->tries < TRIES_MAX) {
		int64_t next = rel_now_ms() + wait_ms(m->tries);

		m->tries++;
		rc = store_notice_put(c->st, m, next);
	} else {
		if (said != MAIL_SENT)
			rel_log(REL_WARN, "an administrator could not be told "
			    "by mail", "try=%lld", (long long)m->tries);
		rc = store_notice_drop(c->st, m);
	}
	if (rc < 0 && rc != -REL_E_NOTFOUND)
		core_spoil(c, rc);
}

static void
on_mailed(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct sending *s = ctx;
	enum ipc_mail said = fr != NULL && fr->type == IPC_MAILED &&
	    fr->len == 1 ? (enum ipc_mail)((const uint8_t *)fr->body)[0] :
	    MAIL_LATER;
	struct rel_err err;

	c->mailing = false;
	if (s->notice.use != 0) {
		notice_mailed(c, &s->notice, said);
		free(s);
		return;
	}
	/* Somebody may have looked, or the job gone, in the meantime. */
	if (store_mail_has(c->st, s->job) == 0 && core_write(c, &err) == 0) {
		if (said == MAIL_LATER && s->tries < TRIES_MAX) {
			later(c, s);
		} else {
			drop(c, s->job);
			job_event(c, s->job, "mail", "%s", said == MAIL_SENT ?
			    "its owner was told by mail" :
			    "the mail to its owner could not be handed over");
		}
	}
	free(s);
}

/* Ask an agent to hand it over; false: not now. */
static bool
hand_over(struct core *c, const struct sending *what,
    const struct rel_buf *body)
{
	struct sending *s = malloc(sizeof *s);

	if (s == NULL)
		return false;
	*s = *what;
	c->mailing = true;
	if (agent_ask(c, IPC_MAIL, body, on_mailed, s) == 0)
		return true;
	c->mailing = false;
	free(s);
	return false;
}

/*
 * A question that a program of its owner shows: until when is it waited for
 * an answer?  Half of the time there is for one, at most.  0: no longer.
 */
static int64_t
listens_until(struct core *c, int64_t job)
{
	const struct settings *s = &c->role->set;
	struct wait w;
	struct job j;
	int64_t until;

	if (store_job_get(c->st, job, &j) < 0 ||
	    !listen_now(c, j.user_key) ||
	    question_open(c, job, WAIT_QUESTION, &w) != 0)
		return 0;
	until = w.asked_ms + s->mail_after_ms + s->mail_listen_ms;
	if (w.due_ms > 0 && until > w.asked_ms + (w.due_ms - w.asked_ms) / 2)
		until = w.asked_ms + (w.due_ms - w.asked_ms) / 2;
	return until > rel_now_ms() ? until : 0;
}

/* The next mail that is due and need not wait: 0, or there is none. */
static int
mail_due(struct core *c, struct sending *s)
{
	struct rel_err err;
	int64_t until;
	int rc;

	for (int i = 0; i < PUT_OFF_MAX; i++) {
		if (store_mail_due(c->st, rel_now_ms(), &s->job,
		    &s->tries) != 0)
			return -REL_E_NOTFOUND;
		if ((until = listens_until(c, s->job)) == 0)
			return 0;
		if ((rc = core_write(c, &err)) < 0)
			return rc;
		if ((rc = store_mail_put(c->st, s->job, until, s->tries)) < 0)
			return core_spoil(c, rc);
	}
	return -REL_E_NOTFOUND;
}

/* About the backup password: these are few, and go first. */
static bool
notices_tick(struct core *c)
{
	struct sending s = { .job = 0 };
	struct rel_err err;
	struct rel_buf body;

	if (store_notice_due(c->st, rel_now_ms(), &s.notice) < 0)
		return false;
	rel_buf_init(&body);
	if (notice_of(c, &s.notice, &body))
		(void)hand_over(c, &s, &body);
	else if (core_write(c, &err) == 0)
		(void)store_notice_drop(c->st, &s.notice);
	rel_buf_fini(&body);
	return true;
}

void
mails_tick(struct core *c)
{
	struct sending s = { .job = 0 };
	struct rel_err err;
	struct rel_buf body;

	if (c->mailing || notices_tick(c) || mail_due(c, &s) < 0)
		return;
	rel_buf_init(&body);
	if (mail_of(c, s.job, &body))
		(void)hand_over(c, &s, &body);
	else if (core_write(c, &err) == 0)
		drop(c, s.job);
	rel_buf_fini(&body);
}
