/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "backend/hold.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "lib/fault.h"
#include "lib/frame.h"
#include "lib/pdl/pdl.h"
#include "lib/spool.h"
#include "lib/text.h"

#define LOOK_MS 200		/* so often a wait looks at hold_stop */
#define ANSWER_MS 60000		/* releaserd counts as away after this */
#define TAIL_BYTES 1024u
#define READ_BYTES 65536u

#define GO (-1)			/* a step is done: on with the next */

volatile int hold_stop;

struct hold {
	struct hold_doc *doc;
	int sock;
	struct rel_framer in;
	struct rel_in_spool spool;
	int spool_fd;
	bool used;			/* bytes were taken from the input */
	struct rel_in_commit commit;	/* what is known of the pages */
	struct rel_pdl *count;		/* counts while the bytes pass by */
	struct rel_err err;
};

void
hold_say(const char *level, const char *fmt, ...)
{
	char text[1024], clean[1024], line[1100];
	va_list ap;
	ssize_t ignored;
	int n;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	rel_text_clean(clean, sizeof clean, text);
	n = snprintf(line, sizeof line, "%s: %s\n", level, clean);
	ignored = write(STDERR_FILENO, line, (size_t)n);
	(void)ignored;			/* nowhere to complain */
}

/* releaserd did not answer, or went away. */
static int
hold_lost(const struct hold *h)
{
	if (hold_stop)
		return HOLD_STOPPED;
	hold_say("DEBUG", "releaserd: %s", h->err.text);
	return h->used ? HOLD_BROKEN : HOLD_AWAY;
}

/* The next answer; GO, or an enum hold_status when none came. */
static int
hold_answer(struct hold *h, struct rel_frame *fr)
{
	int64_t until = rel_mono_ms() + ANSWER_MS;
	int rc;

	do
		rc = rel_frame_recv(h->sock, &h->in, fr, LOOK_MS, &h->err);
	while (rc == -REL_E_TIMEOUT && !hold_stop && rel_mono_ms() < until);
	return rc == 0 ? GO : hold_lost(h);
}

/* What to do with a refusal: cupsd keeps what can still become possible. */
static int
hold_refused(const struct rel_frame *fr)
{
	struct rel_in_refused no;

	if (rel_in_refused_get(&no, fr->body, fr->len) < 0) {
		hold_say("WARNING", "The release server refused the job.");
		return HOLD_KEEP;
	}
	/*
	 * Not ERROR: it would stay on the printer's page for everyone.  As a
	 * warning it stays with the job and leaves the printer.
	 */
	hold_say("WARNING", "%s", no.reason[0] != '\0' ? no.reason :
	    "The release server refused the job.");
	if (strncmp(no.jobstate, "account-", 8) == 0) {
		hold_say("JOBSTATE", "%s", no.jobstate);
		return HOLD_KEEP;
	}
	if (no.jobstate[0] != '\0')
		hold_say("JOBSTATE", "%s", no.jobstate);
	return HOLD_CANCEL;
}

/* The answers both BEGIN and COMMIT may get. */
static int
hold_common_answer(struct hold *h, const struct rel_frame *fr)
{
	switch (fr->type) {
	case REL_IN_KNOWN:
		hold_say("INFO", "This document is held already.");
		return HOLD_OK;
	case REL_IN_REFUSED:
		return hold_refused(fr);
	case REL_IN_AWAY:
		rel_err_set(&h->err, REL_E_PEER, "it asks to try again later");
		return hold_lost(h);
	default:
		rel_err_set(&h->err, REL_E_FORMAT, "an answer nobody "
		    "understands");
		return hold_lost(h);
	}
}

/* GO, or an enum hold_status. */
static int
hold_send(struct hold *h, unsigned type, const struct rel_buf *body)
{
	struct rel_frame fr = {
		.type = (uint16_t)type, .id = 1,
		.body = body->data, .len = body->len
	};

	if (body->failed)
		rel_err_set(&h->err, body->failed, "no memory");
	else if (rel_frame_send(h->sock, &fr, ANSWER_MS, &h->err) == 0)
		return GO;
	return hold_lost(h);
}

/*
 * Ready the cipher while releaserd makes the spool file.  Without OpenSSL's
 * configuration file and its list of old names, which would cost as much as
 * all the rest.
 */
static void
hold_warm_cipher(void)
{
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG |
	    OPENSSL_INIT_NO_ATEXIT | OPENSSL_INIT_NO_ADD_ALL_CIPHERS |
	    OPENSSL_INIT_NO_ADD_ALL_DIGESTS, NULL);
	EVP_CIPHER_free(EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL));
}

/* BEGIN; GO once there is a spool file. */
static int
hold_begin(struct hold *h)
{
	struct rel_in_begin *m = &h->doc->begin;
	struct rel_frame fr;
	struct rel_buf b;
	int rc;

	m->copies = args_copies(&h->doc->copies);
	if (h->doc->head != NULL)
		args_check_format(m->format, sizeof m->format, h->doc->head,
		    h->doc->head_len);
	rel_buf_init(&b);
	rel_in_begin_put(&b, m);
	rc = hold_send(h, REL_IN_BEGIN, &b);
	rel_buf_fini_secret(&b);
	rel_wipe(m->pin, sizeof m->pin);
	if (rc != GO)
		return rc;
	hold_warm_cipher();
	if ((rc = hold_answer(h, &fr)) != GO)
		return rc;
	if (fr.type == REL_IN_SPOOL && fr.nfds == 1 &&
	    rel_in_spool_get(&h->spool, fr.body, fr.len) == 0) {
		h->spool_fd = fr.fds[0];
		return GO;
	}
	rel_frame_drop_fds(&fr);
	return hold_common_answer(h, &fr);
}

/* What a failure to take in the document means. */
static int
hold_write_failed(struct hold *h, int rc)
{
	switch (-rc) {
	case REL_E_CLOSED:
		return HOLD_STOPPED;
	case REL_E_LIMIT:
		hold_say("WARNING", "The document is too large: %llu bytes are "
		    "allowed.", (unsigned long long)h->spool.limit_bytes);
		return HOLD_CANCEL;
	case REL_E_FULL:
		hold_say("WARNING", "The disk of held jobs is full. The job "
		    "waits here until it is resumed.");
		return HOLD_KEEP;
	default:
		hold_say("WARNING", "The job could not be held (%s). It waits "
		    "here until it is resumed.", h->err.text);
		return HOLD_KEEP;
	}
}

/* Keep the last bytes of the input: tail holds up to TAIL_BYTES. */
static void
tail_keep(uint8_t *tail, size_t *len, const uint8_t *p, size_t n)
{
	if (n >= TAIL_BYTES) {
		memcpy(tail, p + n - TAIL_BYTES, TAIL_BYTES);
		*len = TAIL_BYTES;
		return;
	}
	if (*len + n > TAIL_BYTES) {
		size_t drop = *len + n - TAIL_BYTES;

		memmove(tail, tail + drop, *len - drop);
		*len -= drop;
	}
	memcpy(tail + *len, p, n);
	*len += n;
}

/*
 * A filter that dies leaves a cut document and no other sign in a pipe: a PDF
 * must have its end, and there must be something at all.
 */
static bool
pipe_is_whole(const struct hold_doc *doc, const uint8_t *tail, size_t len)
{
	if (doc->head_len == 0)
		return false;
	if (doc->head_len < 5 || memcmp(doc->head, "%PDF-", 5) != 0)
		return true;
	for (size_t i = 0; i + 5 <= len; i++)
		if (memcmp(tail + i, "%%EOF", 5) == 0)
			return true;
	return false;
}

/* The next bytes of a pipe: > 0, 0 at its end, or a REL_E_*. */
static ssize_t
pipe_read(struct hold *h, uint8_t *p, size_t n)
{
	ssize_t got;

	do {
		if (hold_stop)
			return -REL_E_CLOSED;
		got = read(h->doc->in_fd, p, n);
	} while (got < 0 && (errno == EINTR || errno == EAGAIN));
	return got >= 0 ? got :
	    rel_err_sys(&h->err, REL_E_IO, "cannot read the document");
}

/* What filters make, through a pipe. GO or an enum hold_status. */
static int
hold_pipe(struct hold *h, struct rel_spool_writer *w)
{
	static uint8_t piece[READ_BYTES];
	uint8_t tail[TAIL_BYTES];
	size_t tail_len = 0;
	uint64_t total = h->doc->head_len;
	ssize_t n = (ssize_t)h->doc->head_len;
	int rc;

	tail_keep(tail, &tail_len, h->doc->head, h->doc->head_len);
	rc = rel_spool_write(w, h->doc->head, h->doc->head_len, &h->err);
	h->used = true;
	while (rc == 0 && (n = pipe_read(h, piece, sizeof piece)) > 0) {
		tail_keep(tail, &tail_len, piece, (size_t)n);
		total += (uint64_t)n;
		if (h->spool.limit_bytes > 0 && total > h->spool.limit_bytes)
			rc = -REL_E_LIMIT;
		else
			rc = rel_spool_write(w, piece, (size_t)n, &h->err);
		rel_fault("backend:mid-data");
	}
	if (rc == 0 && n < 0)
		rc = (int)n;
	if (rc < 0)
		return hold_write_failed(h, rc);
	if (!pipe_is_whole(h->doc, tail, tail_len)) {
		hold_say("WARNING", "The filters of this queue made no whole "
		    "document. The job waits here until it is resumed.");
		return HOLD_KEEP;
	}
	return GO;
}

/* A file, which is whole as it lies there. GO or an enum hold_status. */
static int
hold_file(struct hold *h, struct rel_spool_writer *w)
{
	int rc;

	rel_fault("backend:mid-data");
	rc = rel_spool_write_from(w, h->doc->in_fd, h->spool.limit_bytes,
	    &hold_stop, &h->err);
	return rc < 0 ? hold_write_failed(h, rc) : GO;
}

static void
count_bytes(void *ctx, const void *p, size_t n)
{
	rel_pdl_feed(ctx, p, n);
}

/* The facts, unless they came in front of the document. */
static void
count_end(struct hold *h)
{
	if (h->count == NULL)
		return;
	rel_pdl_end(h->count, &h->commit.facts);
	rel_pdl_free(&h->count);
	h->commit.has_facts = true;
	/* A raw queue's device may print what we cannot read. */
	if (strcmp(h->commit.facts.refused, REL_REFUSED_EMPTY) != 0)
		h->commit.facts.refused[0] = '\0';
}

/* Encrypt and write everything; GO or an enum hold_status. */
static int
hold_data(struct hold *h, uint64_t *plain)
{
	struct rel_spool_writer *w = NULL;
	int rc, status;

	rc = rel_spool_writer_new(&w, h->spool_fd, h->spool.key,
	    h->spool.job_id, &h->err);
	rel_wipe(h->spool.key, sizeof h->spool.key);
	if (rc < 0)
		return hold_write_failed(h, rc);
	if (!h->commit.has_facts && (h->count = rel_pdl_new()) != NULL)
		rel_spool_watch(w, count_bytes, h->count);
	status = h->doc->seekable ? hold_file(h, w) : hold_pipe(h, w);
	count_end(h);
	if (status == GO && (rc = rel_spool_finish(w, plain, &h->err)) < 0)
		status = hold_write_failed(h, rc);
	rel_spool_writer_free(&w);
	return status;
}

/* COMMIT, and wait until the job is held. */
static int
hold_commit(struct hold *h, uint64_t plain)
{
	struct rel_frame fr;
	struct rel_buf b;
	int rc;

	if (hold_stop)
		return HOLD_STOPPED;
	rel_buf_init(&b);
	h->commit.bytes = plain;
	rel_in_commit_put(&b, &h->commit);
	rc = hold_send(h, REL_IN_COMMIT, &b);
	rel_buf_fini(&b);
	rel_fault("backend:after-commit");
	if (rc != GO || (rc = hold_answer(h, &fr)) != GO)
		return rc;
	rel_frame_drop_fds(&fr);
	if (fr.type == REL_IN_HELD) {
		hold_say("INFO", "Held for %s until released at a device.",
		    h->doc->begin.user);
		return HOLD_OK;
	}
	return hold_common_answer(h, &fr);
}

/* ---- what pdftorelease says in front of the document */

#define FRONT_BYTES (sizeof REL_FACTS_MAGIC - 1 + 4)

/* Take n bytes off the head. */
static void
head_drop(struct hold_doc *doc, size_t n)
{
	memmove(doc->head, doc->head + n, doc->head_len - n);
	doc->head_len -= n;
	doc->copies.head_len = doc->head_len;
}

/* 0 and the facts taken off the head; -1 when they are not there whole. */
static int
facts_take(struct hold *h)
{
	struct hold_doc *doc = h->doc;
	const uint8_t *p = doc->head;
	size_t n;

	if (p == NULL || doc->head_len < FRONT_BYTES ||
	    memcmp(p, REL_FACTS_MAGIC, FRONT_BYTES - 4) != 0)
		return -1;
	p += FRONT_BYTES - 4;
	n = (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 |
	    (size_t)p[3] << 24;
	if (n < 1 || n > REL_FACTS_WIRE_MAX ||
	    n > doc->head_len - FRONT_BYTES ||
	    rel_facts_get(&h->commit.facts, p + 4, n - 1) < 0 ||
	    (p[4 + n - 1] == 0) != (h->commit.facts.refused[0] != '\0'))
		return -1;
	h->commit.has_facts = true;
	head_drop(doc, FRONT_BYTES + n);
	return 0;
}

/* GO, or an enum hold_status. */
static int
hold_facts(struct hold *h)
{
	rel_facts_init(&h->commit.facts);
	if (!h->doc->facts_first)
		return GO;
	if (facts_take(h) == 0) {
		snprintf(h->doc->begin.format, sizeof h->doc->begin.format,
		    "application/pdf");
		return GO;
	}
	hold_say("WARNING", "The filters of this queue made no whole "
	    "document. The job waits here until it is resumed.");
	return HOLD_KEEP;
}

int
hold_run(struct hold_doc *doc, int sock)
{
	struct hold h = { .doc = doc, .sock = sock, .spool_fd = -1 };
	uint64_t plain = 0;
	int rc;

	rel_framer_init(&h.in);
	if ((rc = hold_facts(&h)) == GO && (rc = hold_begin(&h)) == GO) {
		rel_fault("backend:after-begin");
		if (h.commit.facts.refused[0] != '\0') {
			rc = hold_commit(&h, 0);	/* to be recorded */
		} else if ((rc = hold_data(&h, &plain)) == GO) {
			rel_fault("backend:after-fsync");
			rc = hold_commit(&h, plain);
		}
	}
	rel_wipe(&h.spool, sizeof h.spool);
	rel_framer_fini(&h.in);
	if (h.spool_fd >= 0)
		close(h.spool_fd);
	close(sock);
	return rc;
}
