/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What comes out of a job, and what is to be made of it (doc/pages.md). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media.h"
#include "lib/options.h"
#include "releaserd/core/direct.h"
#include "releaserd/core/transport.h"

/* ---- what is asked for */

bool
pages_can_change(const struct job *j)
{
	static const char *const formats[] = {
		"application/pdf", "application/postscript", "text/plain",
		"image/jpeg", "image/png", "image/tiff"
	};

	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
		if (strcmp(j->format, formats[i]) == 0)
			return true;
	return false;
}

/* A document nobody can alter is charged to somebody all the same. */
static void
account_only(const struct job *j, struct rel_ticket *t)
{
	struct rel_ticket whole;

	rel_ticket_init(&whole);
	rel_ticket_overlay(&whole, j->options);
	rel_ticket_overlay(&whole, j->changes);
	memcpy(t->account, whole.account, sizeof t->account);
}

void
pages_ticket(const struct job *j, struct rel_ticket *t)
{
	rel_ticket_init(t);
	if (pages_can_change(j)) {
		rel_ticket_overlay(t, j->options);
		rel_ticket_overlay(t, j->changes);
	} else {
		account_only(j, t);
	}
	t->copies = j->copies < 1 ? 1 : (uint32_t)j->copies;
}

static bool
named(const char *value)
{
	return value[0] != '\0' && strcasecmp(value, "auto") != 0;
}

/* Was a size of paper asked for that some page does not have? */
static bool
resized(const struct core *c, const struct job *j, const struct rel_ticket *t)
{
	struct rel_facts f;

	return t->media[0] != '\0' &&
	    store_job_facts(c->st, j->id, &f) == 0 &&
	    rel_ticket_one_paper(t, &f, NULL);
}

/* What a document cannot say by itself, and the device must be told. */
static bool
in_words(const struct rel_ticket *t)
{
	return t->sides == REL_DUPLEX_LONG || t->sides == REL_DUPLEX_SHORT ||
	    named(t->tray) || named(t->output_bin) ||
	    t->finishings[0] != '\0';
}

bool
pages_must_make(struct core *c, const struct job *j,
    const struct rel_ticket *t, const struct device *d)
{
	struct device_format f;
	bool mono = t->colour == REL_COLOUR_MONO &&
	    !(j->count.colour == 0 && j->count.colour_sure == REL_SURE_EXACT);

	if (!pages_can_change(j))
		return false;
	device_format(c, d, j->format, &f);
	return (f.driver[0] != '\0' && strcmp(f.driver, "pdf") != 0) ||
	    f.convert || !rel_ticket_is_plain(t) || mono || resized(c, j, t) ||
	    c->role->set.stamp != 0 || (!device_is_told(d) && in_words(t));
}

/* ---- counting */

void
pages_count_of(const struct rel_facts *f, struct job_count *out)
{
	memset(out, 0, sizeof *out);
	memcpy(out->language, f->language, sizeof out->language);
	if (f->nmedia > 0)
		rel_media_name(out->media, sizeof out->media,
		    f->media[0].width, f->media[0].height);
	out->pages = f->input_pages;
	out->sides = f->sides;
	out->sheets = f->sheets;
	out->colour = f->colour_sides;
	out->pages_sure = f->pages_sure;
	out->colour_sure = f->colour_sure;
	out->duplex = f->duplex;
}

void
pages_papers(struct job_count *n, const struct rel_ticket *t,
    const struct rel_facts *in, const struct rel_facts *counted)
{
	rel_ticket_papers(t, in, counted, &n->papers);
	if (n->papers.n > 0)
		rel_media_name(n->media, sizeof n->media,
		    n->papers.of[0].width, n->papers.of[0].height);
}

void
pages_count_made(const struct rel_facts *f, struct job_count *out)
{
	struct rel_ticket t;

	rel_ticket_init(&t);		/* it is done: nothing more is asked */
	pages_count_of(f, out);
	pages_papers(out, &t, f, f);
}

void
pages_count(struct job *j, const struct rel_facts *f, bool applied)
{
	struct rel_facts now = *f;
	struct rel_ticket t;

	pages_ticket(j, &t);
	/* Where the options have been applied nobody need work it out. */
	if (pages_can_change(j) && f->pages_sure != REL_SURE_UNKNOWN &&
	    !(applied && j->changes[0] == '\0'))
		(void)rel_ticket_count(&t, f, &now);
	pages_count_of(&now, &j->count);
	pages_papers(&j->count, &t, f, &now);
}

/* What macOS says of the program that prints: an option of the job. */
static void
client_application(const struct job *j, struct rel_application *a)
{
	char name[256];
	struct rel_option o;

	for (const char *p = j->options; rel_option_next(p, &o); p = o.end)
		if (rel_option_is(&o,
		    "com.apple.print.JobInfo.PMApplicationName")) {
			rel_option_value(&o, name, sizeof name);
			rel_application_set(a, REL_APP_CLIENT, name);
		}
}

/* The document's word before the client's, and that before the title's. */
static void
pages_application(struct job *j, const struct rel_application *said)
{
	rel_application_merge(&j->app, said);
	client_application(j, &j->app);
	rel_application_set_title(&j->app, j->title);
}

int
pages_store(struct core *c, struct job *j, const struct rel_facts *f)
{
	struct rel_facts kept = *f;
	int rc;

	/* It stands in the row, and goes when its owner is forgotten. */
	memset(&kept.app, 0, sizeof kept.app);
	pages_application(j, &f->app);
	rc = store_job_set_facts(c->st, j->id, &kept);
	if (rc == 0)
		rc = store_job_set_application(c->st, j->id, &j->app);
	if (rc == 0)
		rc = store_job_set_count(c->st, j->id, &j->count);
	if (rc == 0)
		rc = store_job_set_look(c->st, j->id, j->look);
	return rc;
}

const char *
pages_unknown_problem(const struct core *c, const struct job *j)
{
	enum { ACCEPT, ASK, REFUSE } policy =
	    (int)c->role->set.unknown_pages;

	if (j->count.pages_sure != REL_SURE_UNKNOWN || policy == ACCEPT ||
	    (policy == ASK && j->confirmed))
		return NULL;
	if (j->look == LOOK_WANTED)
		return "pages-not-counted-yet";
	return policy == ASK ? "confirmation-needed" : "pages-unknown";
}

/* ---- changes */

/* "name=value" up to a blank, into name and value. NULL at the end. */
static const char *
next_pair(const char *p, char *name, char *value, size_t size)
{
	size_t n, v;

	p += strspn(p, " ");
	if (*p == '\0')
		return NULL;
	n = strcspn(p, "= ");
	snprintf(name, size, "%.*s", (int)(n < size ? n : size - 1), p);
	value[0] = '\0';
	p += n;
	if (*p == '=') {
		v = strcspn(++p, " ");
		snprintf(value, size, "%.*s", (int)(v < size ? v : size - 1),
		    p);
		p += v;
	}
	return p;
}

static int
change_one(const struct job *j, struct rel_ticket *t, const char *name,
    const char *value, struct rel_err *err)
{
	if (!pages_can_change(j) && strcmp(name, "copies") != 0 &&
	    strcmp(name, "account") != 0)
		return rel_err_set(err, REL_E_DENIED, "this document is in a "
		    "printer's own language: only its copies can be changed");
	return rel_ticket_change(t, name, value, err);
}

int
pages_change(struct job *j, const char *options, struct rel_err *err)
{
	char name[256], value[256];
	struct rel_ticket t;
	const char *p = options;
	int rc = 0;

	pages_ticket(j, &t);
	while (rc == 0 &&
	    (p = next_pair(p, name, value, sizeof name)) != NULL)
		rc = change_one(j, &t, name, value, err);
	if (rc < 0)
		return rc;
	if (direct_is(j) && t.copies != j->copies)
		return rel_err_set(err, REL_E_DENIED, "the data of this "
		    "document is at the computer it was printed at: the "
		    "number of its copies cannot be changed");
	j->copies = t.copies;
	if (rel_ticket_text(&t, j->changes, sizeof j->changes) < 0)
		return rel_err_set(err, REL_E_LIMIT,
		    "too many options at once");
	return 0;
}

int
pages_charge(struct job *j, const char *account)
{
	struct rel_ticket t;
	struct rel_err err;

	pages_ticket(j, &t);
	if (strcmp(t.account, account) == 0)
		return 0;
	if (rel_ticket_change(&t, "account", account, &err) < 0 ||
	    rel_ticket_text(&t, j->changes, sizeof j->changes) < 0)
		return -REL_E_LIMIT;
	return 1;
}

int
pages_save(struct core *c, const struct job *was, struct job *j,
    const char *by)
{
	struct rel_facts f;
	char now[120];
	int rc;

	if (store_job_facts(c->st, j->id, &f) == 0)
		pages_count(j, &f, true);
	if ((rc = store_job_set_changes(c->st, j->id, j->changes)) < 0)
		return rc == -REL_E_NOTHELD ? rc : core_spoil(c, rc);
	if ((j->copies != was->copies &&
	    (rc = store_job_set_copies(c->st, j->id, j->copies)) < 0) ||
	    (rc = store_job_set_count(c->st, j->id, &j->count)) < 0)
		return core_spoil(c, rc);
	pages_words(now, sizeof now, &j->count);
	job_event(c, j->id, "options", "changed by %.83s to %lld %s, %s: "
	    "%.200s", by, (long long)j->copies, j->copies == 1 ? "copy" :
	    "copies", now, j->changes);
	lists_forget(c, j->user_key);
	return 0;
}

/* ---- words */

void
pages_words(char *out, size_t size, const struct job_count *n)
{
	const char *about = n->pages_sure == REL_SURE_BOUND ? "at most " : "";
	char colour[40] = "";

	if (n->pages_sure == REL_SURE_UNKNOWN) {
		snprintf(out, size, "pages unknown");
		return;
	}
	if (n->colour_sure != REL_SURE_UNKNOWN)
		snprintf(colour, sizeof colour, ", %s%lld in colour",
		    n->colour_sure == REL_SURE_BOUND && n->colour > 0 ?
		    "at most " : "", (long long)n->colour);
	snprintf(out, size, "%s%lld %s on %lld %s%s", about,
	    (long long)n->sides, n->sides == 1 ? "side" : "sides",
	    (long long)n->sheets, n->sheets == 1 ? "sheet" : "sheets",
	    colour);
}

void
pages_application_words(char *out, size_t size,
    const struct rel_application *a)
{
	bool both = a->name[0] != '\0' && a->producer[0] != '\0';

	out[0] = '\0';
	if (a->name[0] == '\0' && a->producer[0] == '\0')
		return;
	snprintf(out, size, "made with %s%s%s%s", a->name, both ? " (" : "",
	    a->producer, both ? ")" : "");
	if (a->from != REL_APP_NOBODY)
		snprintf(out + strlen(out), size - strlen(out), ", as %s says",
		    rel_application_from_text(a->from));
}

const char *
pages_colour_word(const struct job *j)
{
	if (j->count.colour_sure == REL_SURE_UNKNOWN)
		return NULL;
	return j->count.colour > 0 ? "color" : "mono";
}

const char *
pages_sides_word(const struct job *j)
{
	static const char *const words[] = {
		[REL_DUPLEX_UNSAID] = NULL, [REL_DUPLEX_NONE] = "one-sided",
		[REL_DUPLEX_LONG] = "two-sided-long-edge",
		[REL_DUPLEX_SHORT] = "two-sided-short-edge",
		[REL_DUPLEX_MIXED] = NULL
	};
	int d = j->count.duplex;

	return d >= 0 && d <= REL_DUPLEX_MIXED ? words[d] : NULL;
}
