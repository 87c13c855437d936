/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * A sync by the clock that failed or was stopped: administrators with an
 * account here and a mail address are told.  Kept in memory only; the page of
 * the directory says it, too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mail.h"
#include "releaserd/core/sync.h"

#define NOTICES_MAX 64
#define TRIES_MAX 5
#define AGAIN_MS 60000

struct notice_mail {
	char to[255], locale[16], directory[84], words[1100];
	int64_t next_ms;
	int tries;
	struct notice_mail *next;
};

static struct notice_mail *notices;
static int nnotices;
static bool on_its_way;

static void
notice_add(const struct user *u, const char *directory, const char *words)
{
	struct notice_mail *n;

	if (nnotices == NOTICES_MAX || u->disabled ||
	    !rel_mail_address_ok(u->mail) ||
	    (n = calloc(1, sizeof *n)) == NULL)
		return;
	snprintf(n->to, sizeof n->to, "%s", u->mail);
	snprintf(n->locale, sizeof n->locale, "%s", u->locale);
	snprintf(n->directory, sizeof n->directory, "%s", directory);
	snprintf(n->words, sizeof n->words, "%s", words);
	n->next = notices;
	notices = n;
	nnotices++;
}

struct telling {
	struct core *c;
	const char *directory, *words;
};

static bool
tell_row(const struct role_row *r, void *ctx)
{
	struct telling *t = ctx;
	struct user u;

	if (r->role == WHO_ADMIN && store_user_get(t->c->st, r->key, &u) == 0)
		notice_add(&u, t->directory, t->words);
	return true;
}

void
sync_notice(struct core *c, const char *directory, const struct sync_run *r)
{
	struct telling t = { c, directory, r->words };

	if (c->role->set.mail_server[0] != '\0')
		(void)store_role_list(c->st, tell_row, &t);
}

static void
notice_drop(void)
{
	struct notice_mail *n = notices;

	notices = n->next;
	free(n);
	nnotices--;
}

/* The first has gone, or goes to the end of the line. */
static void
on_mailed(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct notice_mail *n = notices, **at = &notices;

	(void)c;
	(void)ctx;
	on_its_way = false;
	if (n == NULL)
		return;
	if ((fr != NULL && fr->type == IPC_MAILED && fr->len == 1 &&
	    ((const uint8_t *)fr->body)[0] != MAIL_LATER) ||
	    ++n->tries == TRIES_MAX) {
		notice_drop();
		return;
	}
	n->next_ms = rel_mono_ms() + AGAIN_MS * n->tries;
	notices = n->next;
	n->next = NULL;
	while (*at != NULL)
		at = &(*at)->next;
	*at = n;
}

static bool
notice_write(struct core *c, const struct notice_mail *n, struct rel_buf *out)
{
	const struct settings *s = &c->role->set;
	char text[1800], id[64], pages[300];
	struct rel_mail m = { .from = s->mail_from, .to = n->to,
	    .subject = word(n->locale, "mail-sync-subject"), .text = text,
	    .id = id, .at_ms = rel_now_ms() };
	struct rel_buf b;
	bool good;

	pages_url(c, pages);
	snprintf(text, sizeof text, "%s\n\n    %s\n\n%s\n\n%s\n%s/release/"
	    "admin/directories.cgi\n", word(n->locale, "mail-sync"),
	    n->directory, n->words, word(n->locale, "mail-where"), pages);
	snprintf(id, sizeof id, "sync.%lld", (long long)ids_next(c));
	rel_buf_init(&b);
	good = rel_mail_write(&b, &m) == 0;
	if (good) {
		rel_put_u8(out, (uint8_t)s->mail_tls);
		rel_put_str(out, s->mail_server);
		rel_put_str(out, m.from);
		rel_put_str(out, m.to);
		rel_put_bytes(out, b.data, b.len);
	}
	rel_buf_fini(&b);
	return good && !out->failed;
}

void
sync_notices_tick(struct core *c)
{
	struct notice_mail *n = notices;
	struct rel_buf body;

	if (n == NULL || on_its_way || n->next_ms > rel_mono_ms())
		return;
	rel_buf_init(&body);
	if (!notice_write(c, n, &body))
		notice_drop();
	else
		on_its_way = agent_ask(c, IPC_MAIL, &body, on_mailed, NULL) ==
		    0;
	rel_buf_fini(&body);
}
