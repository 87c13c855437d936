/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Requests to a KDC, over TCP (RFC 4120 section 7.2.2), one after the other. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/dial.h"
#include "lib/text.h"
#include "releaserd/agent/krb5_priv.h"

#define AT_ONCE 4
#define TRIES_MAX 3
#define TURNS_MAX 16		/* of one ticket */
#define REPLY_MAX (256u << 10)
#define KRB_ERROR_TAG 0x7e	/* APPLICATION 30 */

/* All n bytes out, or in; false with errno. */
static bool
all_out(int fd, const uint8_t *p, size_t n, int64_t until_ms)
{
	while (n > 0) {
		ssize_t put = send(fd, p, n, MSG_NOSIGNAL);

		if (put < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		if (put < 0 && !rel_wait(fd, POLLOUT, until_ms)) {
			errno = ETIMEDOUT;
			return false;
		}
		p += put > 0 ? put : 0;
		n -= put > 0 ? (size_t)put : 0;
	}
	return true;
}

static bool
all_in(int fd, uint8_t *p, size_t n, int64_t until_ms)
{
	while (n > 0) {
		ssize_t got;

		if (!rel_wait(fd, POLLIN, until_ms)) {
			errno = ETIMEDOUT;
			return false;
		}
		got = recv(fd, p, n, 0);
		if (got == 0)
			errno = ECONNRESET;
		if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
			return false;
		p += got > 0 ? got : 0;
		n -= got > 0 ? (size_t)got : 0;
	}
	return true;
}

/* A length of four bytes and so many; *out is malloc()ed. */
static bool
reply_read(int fd, uint8_t **out, size_t *n, int64_t until_ms)
{
	uint8_t head[4];

	if (!all_in(fd, head, sizeof head, until_ms))
		return false;
	*n = (size_t)head[0] << 24 | (size_t)head[1] << 16 |
	    (size_t)head[2] << 8 | head[3];
	errno = EPROTO;
	if (*n == 0 || *n > REPLY_MAX || (*out = malloc(*n)) == NULL)
		return false;
	if (all_in(fd, *out, *n, until_ms))
		return true;
	free(*out);
	return false;
}

static void
kdc_say(struct krb *k, uint32_t i, const char *what, const char *why)
{
	ask_say_of(k->a, (int)(DIRECTORY_KDC_0 + i), "KDC: %s (%s)", what,
	    why);
}

/* ---- not all at once */

/*
 * A KDC takes few connections at a time (MIT's has a backlog of five) and
 * resets what is more: so many questions of an agent have one.  Each byte in
 * the pipe is the leave for one.
 */
static int leave[2] = { -1, -1 };

void
kdc_begin(void)
{
	static const char all[AT_ONCE];

	if (pipe(leave) < 0) {
		leave[0] = leave[1] = -1;
		return;
	}
	for (int i = 0; i < 2; i++) {
		(void)fcntl(leave[i], F_SETFD, FD_CLOEXEC);
		(void)fcntl(leave[i], F_SETFL, O_NONBLOCK);
	}
	(void)!write(leave[1], all, sizeof all);
}

void
kdc_end(void)
{
	for (int i = 0; i < 2; i++) {
		if (leave[i] >= 0)
			close(leave[i]);
		leave[i] = -1;
	}
}

static bool
leave_take(int64_t until_ms)
{
	char one;

	if (leave[0] < 0)
		return true;
	while (read(leave[0], &one, 1) != 1)
		if (!rel_wait(leave[0], POLLIN, until_ms)) {
			errno = ETIMEDOUT;
			return false;
		}
	return true;
}

static void
leave_give(void)
{
	if (leave[1] >= 0)
		(void)!write(leave[1], "", 1);
}

/* ---- one KDC */

/* unknown: the words of the resolver, or NULL and errno says why. */
static bool
kdc_once(struct krb *k, uint32_t i, const krb5_data *m, uint8_t **reply,
    size_t *n, const char **unknown)
{
	const struct directory *d = &k->a->d;
	const struct directory_server *s = &d->server[DIRECTORY_KDC_0 + i];
	uint8_t head[4] = { (uint8_t)(m->length >> 24),
		(uint8_t)(m->length >> 16), (uint8_t)(m->length >> 8),
		(uint8_t)m->length };
	int64_t left = k->until_ms[i] - rel_mono_ms();
	int fd, cause;
	bool ok;

	fd = rel_dial(s->host, s->port, left < d->connect_ms ? left :
	    d->connect_ms, unknown);
	if (fd < 0)
		return false;
	ok = all_out(fd, head, sizeof head, k->until_ms[i]) &&
	    all_out(fd, (uint8_t *)m->data, m->length, k->until_ms[i]) &&
	    reply_read(fd, reply, n, k->until_ms[i]);
	cause = errno;
	close(fd);
	errno = cause;
	return ok;
}

/* It has so long for all it is asked in a question. */
static bool
kdc_ask(struct krb *k, uint32_t i, const krb5_data *m, uint8_t **reply,
    size_t *n)
{
	const struct directory *d = &k->a->d;
	const char *unknown = NULL;
	bool ok = false;
	int cause;

	if (k->until_ms[i] == 0)
		k->until_ms[i] = ask_until(k->a, d->connect_ms + d->answer_ms);
	if (leave_take(k->until_ms[i])) {
		/* One that has too much to do is not away. */
		for (int tries = 0; !ok && tries < TRIES_MAX; tries++) {
			ok = kdc_once(k, i, m, reply, n, &unknown);
			if (!ok && (unknown != NULL || errno != ECONNRESET))
				break;
		}
		cause = errno;
		leave_give();
		errno = cause;
	}
	if (!ok && unknown != NULL)
		kdc_say(k, i, "the host has no address", unknown);
	else if (!ok)
		kdc_say(k, i, "no answer", strerror(errno));
	return ok;
}

/* An error says what time it is there (RFC 4120 section 5.9.1). */
static void
time_read(struct krb *k, const krb5_data *reply)
{
	krb5_error *e = NULL;

	if ((uint8_t)reply->data[0] != KRB_ERROR_TAG ||
	    krb5_rd_error(k->ctx, reply, &e) != 0)
		return;
	k->kdc_time = e->stime;
	krb5_free_error(k->ctx, e);
}

static krb5_error_code
kdc_any(struct krb *k, const krb5_data *m, krb5_data *reply)
{
	const struct directory *d = &k->a->d;

	for (uint32_t n = 0; n < d->nkdcs; n++) {
		uint32_t i = (k->a->at->first_kdc + n) % d->nkdcs;
		uint16_t bit = (uint16_t)(1u << (DIRECTORY_KDC_0 + i));
		uint8_t *p;
		size_t len;

		if ((k->only < DIRECTORY_SERVERS_MAX && k->only != i) ||
		    (k->a->said->dead & bit) != 0)
			continue;
		if (!kdc_ask(k, i, m, &p, &len)) {
			k->a->said->dead |= bit;
			continue;
		}
		k->a->said->kdc = (uint8_t)i;
		reply->data = (char *)p;
		reply->length = (unsigned)len;
		time_read(k, reply);
		return 0;
	}
	k->away = true;
	return KRB5_KDC_UNREACH;
}

krb5_error_code
kdc_send(struct krb *k, const krb5_data *realm, const krb5_data *m,
    krb5_data *reply)
{
	const char *own = k->a->d.realm;

	memset(reply, 0, sizeof *reply);
	/* Into another realm nobody is led. */
	if (realm->length != strlen(own) ||
	    memcmp(realm->data, own, realm->length) != 0)
		return KRB5_REALM_UNKNOWN;
	return kdc_any(k, m, reply);
}

/* ---- the library says what to send, and reads what comes */

struct step {
	krb5_data in, out, realm;
	bool more;
};

static krb5_error_code
step(struct krb *k, const struct kdc_talk *t, struct step *s)
{
	unsigned flags = 0;
	krb5_error_code rc = t->first != NULL ?
	    krb5_init_creds_step(k->ctx, t->first, &s->in, &s->out, &s->realm,
	    &flags) : krb5_tkt_creds_step(k->ctx, t->further, &s->in, &s->out,
	    &s->realm, &flags);

	s->more = rc == 0 && (flags & 1u) != 0;	/* ..._FLAG_CONTINUE */
	return rc;
}

krb5_error_code
kdc_talk(struct krb *k, const struct kdc_talk *t)
{
	krb5_error_code rc = KRB5_GET_IN_TKT_LOOP;
	struct step s;

	memset(&s, 0, sizeof s);
	for (int i = 0; i < TURNS_MAX; i++) {
		rc = step(k, t, &s);
		free(s.in.data);
		memset(&s.in, 0, sizeof s.in);
		if (s.more)
			rc = kdc_send(k, &s.realm, &s.out, &s.in);
		krb5_free_data_contents(k->ctx, &s.out);
		krb5_free_data_contents(k->ctx, &s.realm);
		if (rc != 0 || !s.more)
			return rc;
		rc = KRB5_GET_IN_TKT_LOOP;
	}
	free(s.in.data);
	return rc;
}
