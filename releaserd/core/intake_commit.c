/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A document is whole: it becomes a held job, or a record of its refusal. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "releaserd/core/intake_priv.h"
#include "releaserd/core/policy.h"

struct commit {
	uint64_t serial;
	struct intake *in;
	int64_t id;
	char user_key[84];
	char jobstate[48], refused[240];	/* recorded, not held */
};

/* The record of a document that will not print is safe: tell why. */
static void
commit_refused(const struct commit *k, struct incoming *i, bool ok)
{
	if (i == NULL)
		return;
	intake_drop_file(i);
	if (ok)
		intake_refuse(i, k->jobstate, k->refused);
	else
		intake_tell(i, REL_IN_AWAY,
		    "the print release system could not write its database");
}

static void
committed(struct core *c, void *arg, bool ok)
{
	struct commit *k = arg;
	struct incoming *i = intake_find(k->in, k->serial);
	char name[40];

	if (i != NULL) {
		i->committing = false;
		if (k->refused[0] == '\0')
			i->has_file = i->has_file && !ok && !c->in_doubt;
	}
	if (k->refused[0] != '\0') {
		commit_refused(k, i, ok);
		free(k);
		return;
	}
	if (ok) {
		lists_forget(c, k->user_key);
		rel_log(REL_INFO, "job held", "job=%s user=%s",
		    ids_text(k->id), k->user_key);
	} else if (!c->in_doubt) {	/* else the sweep sees to it */
		job_file(name, k->id);
		unlinkat(c->spool_dir, name, 0);
	}
	if (i != NULL)
		intake_tell(i, ok ? REL_IN_HELD : REL_IN_AWAY, ok ?
		    "held until its owner releases it" :
		    "the print release system could not write its database");
	free(k);
}

/* Must a render look at it, as nobody could count it on the way in? */
static enum job_look
commit_look(const struct core *c, const struct job *j,
    const struct rel_in_commit *m)
{
	bool more = !m->has_facts || m->facts.more;

	return more && j->bytes <= c->role->set.render_max_bytes ?
	    LOOK_WANTED : LOOK_NONE;
}

/* The pages of a job that is being added. */
static int
commit_pages(struct core *c, struct job *j, const struct rel_in_commit *m)
{
	struct rel_facts none;
	const struct rel_facts *f = &m->facts;

	if (!m->has_facts) {
		rel_facts_init(&none);
		f = &none;
	}
	j->look = commit_look(c, j, m);
	/* pdftorelease, and nobody else, has seen to the options. */
	pages_count(j, f, !f->more && strcmp(f->language, "pdf") == 0);
	return pages_store(c, j, f);
}

/*
 * Why a document will not be held: it cannot be printed, or nobody can count
 * its pages and that is not wanted. "" when it will.
 */
static void
commit_judge(const struct core *c, const struct job *j,
    const struct rel_in_commit *m, struct commit *k)
{
	if (m->has_facts && m->facts.refused[0] != '\0') {
		snprintf(k->jobstate, sizeof k->jobstate, "%s",
		    rel_facts_jobstate(&m->facts));
		snprintf(k->refused, sizeof k->refused, "%s",
		    m->facts.reason[0] != '\0' ? m->facts.reason :
		    "the document cannot be printed");
	} else if (pages_unknown_problem(c, j) != NULL &&
	    j->look != LOOK_WANTED && strcmp(pages_unknown_problem(c, j),
	    "pages-unknown") == 0) {
		snprintf(k->jobstate, sizeof k->jobstate,
		    "document-format-error");
		snprintf(k->refused, sizeof k->refused, "The pages of this "
		    "document cannot be counted, and this print server does "
		    "not take such documents. %.100s", j->count.language[0] !=
		    '\0' ? j->count.language : "");
	}
}

/* The rules, when there is something to hold them against. */
static int
commit_rules(struct core *c, struct job *j, struct commit *k)
{
	struct released said = { .code = NULL };
	int rc = j->look == LOOK_WANTED ? 0 : policy_hold(c, j, &said);

	if (rc != -REL_E_DENIED)
		return rc;
	snprintf(k->jobstate, sizeof k->jobstate, "%s",
	    "account-authorization-failed");
	snprintf(k->refused, sizeof k->refused, "%s", said.text);
	return 0;
}

static int
commit_row(struct incoming *i, const struct rel_in_commit *m,
    struct commit *k)
{
	struct core *c = i->in->c;
	uint64_t bytes = m->bytes;
	struct job *j = i->job;
	char words[120], made[400];
	int rc;

	j->bytes = (int64_t)bytes;
	if ((rc = store_job_add(c->st, j)) == -REL_E_EXISTS) {
		int64_t id;

		/* The document; or, after trouble with the clock, the id. */
		return store_job_known(c->st, j->queue, j->uuid, j->document,
		    &id) == 1 ? rc : -REL_E_PEER;
	}
	if (rc < 0 || (rc = commit_pages(c, j, m)) < 0)
		return core_spoil(c, rc);
	commit_judge(c, j, m, k);
	if (k->refused[0] == '\0' && (rc = commit_rules(c, j, k)) < 0)
		return core_spoil(c, rc);
	if (k->refused[0] != '\0') {
		job_event(c, j->id, "refused", "printed by %.100s to %.100s: "
		    "%.200s", j->user, j->queue, k->refused);
		rc = store_job_end(c->st, j->id, JOB_REFUSED, k->refused,
		    j->created_ms);
		return rc < 0 ? core_spoil(c, rc) : 0;
	}
	pages_words(words, sizeof words, &j->count);
	pages_application_words(made, sizeof made, &j->app);
	job_event(c, j->id, "held", "printed by %.100s on %.100s to %.100s, "
	    "%" PRIu64 " bytes, %s, document %lld of CUPS job %lld%s%s%s", j->user,
	    j->host, j->queue, bytes, j->look == LOOK_WANTED ?
	    "pages still to be counted" : words, (long long)j->document,
	    (long long)j->cups_job, j->pin_scheme[0] != '\0' ?
	    ", confidential" : "", made[0] != '\0' ? ", " : "", made);
	return 0;
}

/* 0, or an answer was given. */
static int
commit_check(struct incoming *i, const struct rel_in_commit *m)
{
	struct core *c = i->in->c;
	struct rel_err err;
	uint64_t limit = intake_limit(c);

	/* Others may have come in since; the cap holds for all together. */
	if (limit > 0 && m->bytes > limit) {
		intake_drop_file(i);
		intake_refuse(i, "account-limit-reached",
		    "the document is larger than the print server has room "
		    "for");
		return -REL_E_LIMIT;
	}
	if (core_write(c, &err) < 0) {
		intake_drop_file(i);
		intake_tell(i, REL_IN_AWAY, "the database is busy");
		return -REL_E_PEER;
	}
	return 0;
}

/* The row is written (or not); k is the commit's or gone. */
static void
commit_follow(struct incoming *i, struct commit *k, int rc)
{
	struct core *c = i->in->c;

	if (rc == -REL_E_EXISTS || rc == -REL_E_PEER) {
		intake_drop_file(i);
		free(k);
		if (rc == -REL_E_EXISTS)
			intake_tell_known(i);
		else
			intake_tell(i, REL_IN_AWAY,
			    "the print release system is busy");
		return;
	}
	c->spool_dirty = true;
	i->committing = true;
	k->serial = i->serial;
	k->in = i->in;
	k->id = i->job->id;
	memcpy(k->user_key, i->job->user_key, sizeof k->user_key);
	core_defer(c, committed, k);
}

void
intake_commit(struct incoming *i, const struct rel_frame *fr)
{
	struct rel_in_commit *m = calloc(1, sizeof *m);
	struct commit *k = calloc(1, sizeof *k);

	if (m == NULL || k == NULL || !i->has_file || i->committing ||
	    rel_in_commit_get(m, fr->body, fr->len) < 0 ||
	    m->bytes > INT64_MAX) {
		intake_refuse(i, "", "the backend sent a malformed request");
		free(k);
	} else if (commit_check(i, m) < 0) {
		free(k);
	} else {
		commit_follow(i, k, commit_row(i, m, k));
	}
	free(m);
}
