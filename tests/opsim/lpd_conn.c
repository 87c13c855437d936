/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/lpd_conn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <openssl/evp.h>

#include "lib/log.h"
#include "lib/text.h"
#include "tests/opsim/lpdwire.h"

#define CONTROL_MAX (64u * 1024u)
#define LINE_MAX_BYTES 1024u
#define DATA_MAX (1ull << 42)

enum lpd_state {
	ST_FIRST,		/* the command line */
	ST_SUB,			/* a subcommand line */
	ST_CONTROL,		/* the bytes of a control file, and a zero */
	ST_DATA,		/* the bytes of a data file */
	ST_DATA_END,		/* its zero octet */
	ST_MUTE			/* reads, answers nothing more */
};

struct lpd_conn {
	struct lpd_conn *next;
	struct lpd_shared *sh;
	struct bufferevent *bev;
	enum lpd_state state;
	bool closing;		/* close once the answer is out */
	char from[64];
	struct lpd_first first;
	char *cf;		/* control file, or NULL */
	size_t cf_len;
	struct lpd_control control;
	uint64_t want;		/* bytes of the file being received */
	uint64_t got;		/* of the data file, in all */
	int64_t cut_at;		/* drop-mid-data: close there; -1 never */
	int fd;			/* of the data being received; -1 */
	bool have_data;
	char data[512];		/* its name */
	EVP_MD_CTX *sha;
	struct ev_token_bucket_cfg *rate;
	char sha_hex[65];
};

static void
conn_reset_job(struct lpd_conn *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	if (c->data[0] != '\0')
		unlink(c->data);
	c->data[0] = '\0';
	free(c->cf);
	c->cf = NULL;
	c->have_data = false;
	c->got = 0;
}

static void
conn_free(struct lpd_conn *c)
{
	struct lpd_conn **at = &c->sh->conns;

	while (*at != NULL && *at != c)
		at = &(*at)->next;
	if (*at == c)
		*at = c->next;
	conn_reset_job(c);
	EVP_MD_CTX_free(c->sha);
	bufferevent_set_rate_limit(c->bev, NULL);
	bufferevent_free(c->bev);
	if (c->rate != NULL)
		ev_token_bucket_cfg_free(c->rate);
	free(c);
}

void
lpd_conn_free_all(struct lpd_shared *sh)
{
	while (sh->conns != NULL)
		conn_free(sh->conns);
}

/* Close when what was written is out. */
static void
conn_close_later(struct lpd_conn *c)
{
	c->closing = true;
	bufferevent_disable(c->bev, EV_READ);
	if (evbuffer_get_length(bufferevent_get_output(c->bev)) == 0)
		bufferevent_trigger(c->bev, EV_WRITE, BEV_TRIG_DEFER_CALLBACKS);
}

static void
conn_byte(struct lpd_conn *c, uint8_t b)
{
	bufferevent_write(c->bev, &b, 1);
}

/*
 * Answer at a stage; true when all is well and the job may go on.  After
 * false the connection says no more, or closes.
 */
static bool
conn_answer(struct lpd_conn *c, enum lpd_stage stage)
{
	static const char text[] = "opsim: not today\n";
	struct faults *f = c->sh->faults;
	int64_t arg;

	if (faults_take(f, FAULT_NAK, stage, &arg)) {
		conn_byte(c, (uint8_t)arg);
		conn_reset_job(c);
		c->state = stage == AT_QUEUE ? ST_MUTE : ST_SUB;
		return false;
	}
	if (faults_take(f, FAULT_TEXT, stage, NULL)) {
		bufferevent_write(c->bev, text, sizeof text - 1);
		c->state = ST_MUTE;
		return false;
	}
	if (faults_take(f, FAULT_SILENT, stage, NULL)) {
		c->state = ST_MUTE;
		return false;
	}
	if (faults_take(f, FAULT_DROP, stage, NULL)) {
		conn_close_later(c);
		return false;
	}
	conn_byte(c, 0);
	if (faults_take(f, FAULT_DROP_AFTER, stage, NULL)) {
		conn_close_later(c);
		return false;
	}
	return true;
}

/* Text from outside as JSON: whatever the bytes were. */
static json_t *
clean(const char *s)
{
	char text[512];

	rel_text_clean(text, sizeof text, s);
	return json_string(text);
}

/* Both files are here: paper comes out. */
static void
conn_print(struct lpd_conn *c)
{
	const struct lpd_control *k = &c->control;
	json_t *v;

	v = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:i, s:I, s:s}",
	    "from", c->from, "queue", clean(c->first.queue),
	    "user", clean(k->user), "host", clean(k->host),
	    "name", clean(k->name), "title", clean(k->title),
	    "release_ref", k->ref, "copies", (int)k->copies,
	    "bytes", (json_int_t)c->got, "sha256", c->sha_hex);
	tray_put(c->sh->tray, v != NULL ? v : json_object(), c->data, c->cf,
	    c->cf_len);
	c->data[0] = '\0';		/* the tray's now */
	conn_reset_job(c);
}

static void
conn_maybe_print(struct lpd_conn *c)
{
	if (c->have_data && c->cf != NULL)
		conn_print(c);
}

/* lpq and lprm, politely: nothing is ever in this queue. */
static void
conn_short_talk(struct lpd_conn *c)
{
	struct evbuffer *out = bufferevent_get_output(c->bev);

	if (c->first.command == LPD_SHORT || c->first.command == LPD_LONG)
		evbuffer_add_printf(out, "%s is ready\nno entries\n",
		    c->first.queue);
	else
		conn_byte(c, 0);
	conn_close_later(c);
}

static void
conn_first(struct lpd_conn *c, const char *line, size_t n)
{
	lpd_first_parse(&c->first, line, n);
	switch (c->first.command) {
	case LPD_RECEIVE:
		if (conn_answer(c, AT_QUEUE))
			c->state = ST_SUB;
		break;
	case LPD_BAD:
		conn_byte(c, 1);
		conn_close_later(c);
		break;
	default:
		conn_short_talk(c);
	}
}

static void
conn_refuse(struct lpd_conn *c, uint8_t why)
{
	conn_byte(c, why);
	conn_close_later(c);
}

static void
conn_begin_data(struct lpd_conn *c, const struct lpd_second *s)
{
	struct rel_err err;

	if (c->have_data || s->bytes == 0 || s->bytes > DATA_MAX) {
		conn_refuse(c, 2);
		return;
	}
	if (!conn_answer(c, AT_DATA))
		return;
	if ((c->fd = tray_receive(c->sh->tray, c->data, &err)) < 0) {
		rel_log(REL_ERROR, "data not kept", "why=\"%s\"", err.text);
		conn_close_later(c);
		return;
	}
	c->want = s->bytes;
	c->got = 0;
	c->cut_at = -1;
	faults_take(c->sh->faults, FAULT_MID_DATA, AT_NONE, &c->cut_at);
	EVP_DigestInit_ex(c->sha, EVP_sha256(), NULL);
	c->state = ST_DATA;
}

static void
conn_second(struct lpd_conn *c, const char *line, size_t n)
{
	struct lpd_second s;

	lpd_second_parse(&s, line, n);
	switch (s.sub) {
	case LPD_SUB_CONTROL:
		if (c->cf != NULL || s.bytes == 0 || s.bytes > CONTROL_MAX) {
			conn_refuse(c, 2);
		} else if (conn_answer(c, AT_CONTROL)) {
			c->want = s.bytes;
			c->state = ST_CONTROL;
		}
		break;
	case LPD_SUB_DATA:
		conn_begin_data(c, &s);
		break;
	case LPD_SUB_ABORT:
		conn_reset_job(c);
		conn_byte(c, 0);
		break;
	default:
		conn_refuse(c, 1);
	}
}

/* A whole control file and its zero octet; false when more must come. */
static bool
conn_control(struct lpd_conn *c, struct evbuffer *in)
{
	char zero;

	if (evbuffer_get_length(in) < c->want + 1)
		return false;
	c->cf_len = (size_t)c->want;
	if ((c->cf = malloc(c->cf_len + 1)) == NULL) {
		conn_refuse(c, 2);
		return false;
	}
	evbuffer_remove(in, c->cf, c->cf_len);
	c->cf[c->cf_len] = '\0';
	evbuffer_remove(in, &zero, 1);
	if (zero != '\0' ||
	    !lpd_control_parse(&c->control, c->cf, c->cf_len)) {
		conn_refuse(c, 1);
		return false;
	}
	c->state = ST_SUB;
	if (conn_answer(c, AT_CONTROL_FILE))
		conn_maybe_print(c);
	return true;
}

/* One piece of the data file to disk; false when it cannot be. */
static bool
data_piece(struct lpd_conn *c, const char *p, size_t n)
{
	EVP_DigestUpdate(c->sha, p, n);
	c->got += n;
	while (n > 0) {
		ssize_t w = write(c->fd, p, n);

		if (w <= 0)
			return false;
		p += w;
		n -= (size_t)w;
	}
	return true;
}

static bool
conn_data(struct lpd_conn *c, struct evbuffer *in)
{
	while (c->got < c->want && evbuffer_get_length(in) > 0) {
		size_t n = evbuffer_get_contiguous_space(in);

		if (n > c->want - c->got)
			n = (size_t)(c->want - c->got);
		if (!data_piece(c, (const char *)evbuffer_pullup(in,
		    (ssize_t)n), n)) {
			conn_close_later(c);
			return false;
		}
		evbuffer_drain(in, n);
		if (c->cut_at >= 0 && c->got >= (uint64_t)c->cut_at) {
			conn_close_later(c);
			return false;
		}
	}
	if (c->got < c->want)
		return false;
	c->state = ST_DATA_END;
	return true;
}

static bool
conn_data_end(struct lpd_conn *c, struct evbuffer *in)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	struct faults *f = c->sh->faults;
	unsigned n = 0;
	char zero;
	bool no;

	if (evbuffer_remove(in, &zero, 1) != 1)
		return false;
	if (zero != '\0') {
		conn_refuse(c, 2);
		return false;
	}
	EVP_DigestFinal_ex(c->sha, md, &n);
	rel_hex(c->sha_hex, md, 32);
	close(c->fd);
	c->fd = -1;
	c->state = ST_SUB;
	no = false;
	for (unsigned i = 0; i < f->n; i++)
		no |= f->set[i].stage == AT_FINAL &&
		    (f->set[i].kind == FAULT_NAK ||
		    f->set[i].kind == FAULT_TEXT);
	if (!no) {
		c->have_data = true;
		conn_maybe_print(c);	/* even when no answer will go out */
	}
	conn_answer(c, AT_FINAL);
	return true;
}

/* One step with what has arrived; false when nothing more can be done. */
static bool
conn_step(struct lpd_conn *c, struct evbuffer *in)
{
	size_t n;
	char *line;

	switch (c->state) {
	case ST_CONTROL:
		return conn_control(c, in);
	case ST_DATA:
		return conn_data(c, in);
	case ST_DATA_END:
		return conn_data_end(c, in);
	case ST_MUTE:
		evbuffer_drain(in, evbuffer_get_length(in));
		return false;
	default:
		break;
	}
	line = evbuffer_readln(in, &n, EVBUFFER_EOL_LF);
	if (line == NULL) {
		if (evbuffer_get_length(in) > LINE_MAX_BYTES)
			conn_refuse(c, 1);
		return false;
	}
	if (c->state == ST_FIRST)
		conn_first(c, line, n);
	else
		conn_second(c, line, n);
	free(line);
	return true;
}

static void
on_read(struct bufferevent *bev, void *ctx)
{
	struct lpd_conn *c = ctx;

	while (!c->closing && conn_step(c, bufferevent_get_input(bev)))
		;
}

static void
on_written(struct bufferevent *bev, void *ctx)
{
	struct lpd_conn *c = ctx;

	if (c->closing &&
	    evbuffer_get_length(bufferevent_get_output(bev)) == 0)
		conn_free(c);
}

static void
on_end(struct bufferevent *bev, short what, void *ctx)
{
	struct lpd_conn *c = ctx;

	(void)bev;
	if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT))
		conn_free(c);
}

/* slow: read no more than so many bytes a second. */
static void
conn_slow(struct lpd_conn *c)
{
	static const struct timeval tenth = { 0, 100000 };
	int64_t rate;
	size_t part;

	if (!faults_take(c->sh->faults, FAULT_SLOW, AT_NONE, &rate))
		return;
	part = rate < 10 ? 1 : (size_t)rate / 10;
	c->rate = ev_token_bucket_cfg_new(part, part, EV_RATE_LIMIT_MAX,
	    EV_RATE_LIMIT_MAX, &tenth);
	if (c->rate != NULL)
		bufferevent_set_rate_limit(c->bev, c->rate);
}

void
lpd_conn_new(struct lpd_shared *sh, int fd, const char *from)
{
	struct lpd_conn *c = calloc(1, sizeof *c);

	if (c == NULL) {
		close(fd);
		return;
	}
	c->bev = bufferevent_socket_new(sh->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (c->bev == NULL || (c->sha = EVP_MD_CTX_new()) == NULL) {
		if (c->bev != NULL)
			bufferevent_free(c->bev);
		else
			close(fd);
		free(c);
		return;
	}
	c->sh = sh;
	c->fd = -1;
	snprintf(c->from, sizeof c->from, "%s", from);
	c->next = sh->conns;
	sh->conns = c;
	bufferevent_setcb(c->bev, on_read, on_written, on_end, c);
	bufferevent_set_max_single_read(c->bev, 256 * 1024);
	conn_slow(c);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
}
