/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The security layer of SASL GSSAPI (RFC 4752 section 3.3, RFC 4422 section
 * 3.7): below LDAP and above our connection, bytes go wrapped, each piece
 * behind its length.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/dial.h"
#include "releaserd/agent/krb5_priv.h"

#define PIECE_MAX (1u << 20)	/* of what comes */

struct gss_layer {
	struct ldap_link *l;
	gss_ctx_id_t ctx;
	bool conf;			/* sealed; else only safe from change */
	uint32_t most;			/* bytes before they are wrapped */
	uint8_t head[4], *in;		/* a piece that is coming */
	size_t nhead, in_len, in_have;
	gss_buffer_desc plain;		/* what came, and how much is read */
	size_t plain_at;
};

/* ---- in */

static size_t
plain_take(struct gss_layer *g, uint8_t *p, size_t n)
{
	size_t left = g->plain.length - g->plain_at;

	if (n > left)
		n = left;
	if (n > 0)
		memcpy(p, (uint8_t *)g->plain.value + g->plain_at, n);
	g->plain_at += n;
	return n;
}

static ber_slen_t
layer_broken(void)
{
	errno = EPROTO;
	return -1;
}

/* A piece is there: 0, or it is not from who it should be. */
static int
piece_open(struct gss_layer *g)
{
	gss_buffer_desc in = { g->in_len, g->in };
	OM_uint32 major, minor;
	int conf = 0;

	gss_release_buffer(&minor, &g->plain);
	g->plain_at = 0;
	major = gss_unwrap(&minor, g->ctx, &in, &g->plain, &conf, NULL);
	free(g->in);
	g->in = NULL;
	g->nhead = g->in_len = g->in_have = 0;
	return major == GSS_S_COMPLETE && (conf || !g->conf) ? 0 : -1;
}

static int
head_done(struct gss_layer *g)
{
	g->in_len = (size_t)g->head[0] << 24 | (size_t)g->head[1] << 16 |
	    (size_t)g->head[2] << 8 | g->head[3];
	if (g->in_len == 0 || g->in_len > PIECE_MAX)
		return -1;
	g->in = malloc(g->in_len);
	return g->in != NULL ? 0 : -1;
}

/* Some bytes of the piece; as read() says it. */
static ber_slen_t
piece_read(struct gss_layer *g, Sockbuf_IO_Desc *io)
{
	bool head = g->nhead < sizeof g->head;
	uint8_t *to = head ? g->head + g->nhead : g->in + g->in_have;
	size_t want = head ? sizeof g->head - g->nhead :
	    g->in_len - g->in_have;
	ber_slen_t n = LBER_SBIOD_READ_NEXT(io, to, want);

	if (n <= 0)
		return n;
	if (!head) {
		g->in_have += (size_t)n;
		return n;
	}
	g->nhead += (size_t)n;
	return g->nhead < sizeof g->head || head_done(g) == 0 ? n :
	    layer_broken();
}

static ber_slen_t
wrapped_read(Sockbuf_IO_Desc *io, void *p, ber_len_t n)
{
	struct gss_layer *g = io->sbiod_pvt;

	while (g->plain_at == g->plain.length) {
		ber_slen_t got = piece_read(g, io);

		if (got <= 0)
			return got;
		if (g->in != NULL && g->in_have == g->in_len &&
		    piece_open(g) < 0)
			return layer_broken();
	}
	return (ber_slen_t)plain_take(g, p, n);
}

/* ---- out */

/* All of it, until the question's end: half a piece is no use to anybody. */
static bool
all_written(struct gss_layer *g, Sockbuf_IO_Desc *io, uint8_t *p, size_t n)
{
	while (n > 0) {
		ber_slen_t put = LBER_SBIOD_WRITE_NEXT(io, p, n);

		if (put < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		if (put <= 0 && !rel_wait(g->l->fd, POLLOUT, g->l->until_ms)) {
			g->l->late = true;
			return false;
		}
		p += put > 0 ? put : 0;
		n -= put > 0 ? (size_t)put : 0;
	}
	return true;
}

static ber_slen_t
wrapped_write(Sockbuf_IO_Desc *io, void *p, ber_len_t n)
{
	struct gss_layer *g = io->sbiod_pvt;
	gss_buffer_desc in = { n < g->most ? n : g->most, p };
	gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
	OM_uint32 minor;
	uint8_t head[4];
	int conf = 0;
	bool ok;

	if (gss_wrap(&minor, g->ctx, g->conf, GSS_C_QOP_DEFAULT, &in, &conf,
	    &out) != GSS_S_COMPLETE || (g->conf && !conf))
		return layer_broken();
	for (unsigned i = 0; i < 4; i++)
		head[i] = (uint8_t)(out.length >> (24 - 8 * i));
	ok = all_written(g, io, head, sizeof head) &&
	    all_written(g, io, out.value, out.length);
	gss_release_buffer(&minor, &out);
	return ok ? (ber_slen_t)in.length : -1;
}

/* ---- up and down */

static int
wrapped_setup(Sockbuf_IO_Desc *io, void *arg)
{
	io->sbiod_pvt = arg;
	return 0;
}

static int
wrapped_remove(Sockbuf_IO_Desc *io)
{
	io->sbiod_pvt = NULL;
	return 0;
}

static int
wrapped_close(Sockbuf_IO_Desc *io)
{
	(void)io;
	return 0;
}

static int
wrapped_ctrl(Sockbuf_IO_Desc *io, int opt, void *arg)
{
	const struct gss_layer *g = io->sbiod_pvt;

	if (opt == LBER_SB_OPT_DATA_READY && g->plain_at < g->plain.length)
		return 1;
	return LBER_SBIOD_CTRL_NEXT(io, opt, arg);
}

int
layer_up(struct ldap_link *l, gss_ctx_id_t *ctx, bool conf, uint32_t most)
{
	static Sockbuf_IO layer = {
		wrapped_setup, wrapped_remove, wrapped_ctrl, wrapped_read,
		wrapped_write, wrapped_close
	};
	struct gss_layer *g = calloc(1, sizeof *g);
	Sockbuf *sb = NULL;
	OM_uint32 minor;

	if (g == NULL) {
		gss_delete_sec_context(&minor, ctx, GSS_C_NO_BUFFER);
		return -1;
	}
	g->l = l;
	g->ctx = *ctx;
	g->conf = conf;
	*ctx = GSS_C_NO_CONTEXT;
	l->gss = g;
	if (gss_wrap_size_limit(&minor, g->ctx, conf, GSS_C_QOP_DEFAULT, most,
	    &g->most) != GSS_S_COMPLETE || g->most == 0 ||
	    ldap_get_option(l->ld, LDAP_OPT_SOCKBUF, &sb) != 0 || sb == NULL)
		return -1;
	return ber_sockbuf_add_io(sb, &layer, LBER_SBIOD_LEVEL_APPLICATION, g);
}

void
gss_layer_free(struct ldap_link *l)
{
	struct gss_layer *g = l->gss;
	OM_uint32 minor;

	l->gss = NULL;
	if (g == NULL)
		return;
	gss_delete_sec_context(&minor, &g->ctx, GSS_C_NO_BUFFER);
	if (g->plain.value != NULL)
		rel_wipe(g->plain.value, g->plain.length);
	gss_release_buffer(&minor, &g->plain);
	free(g->in);
	free(g);
}
