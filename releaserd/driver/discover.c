/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/driver/discover.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "lib/dial.h"
#include "lib/ranges.h"
#include "lib/text.h"
#include "releaserd/discovery_wire.h"
#include "releaserd/driver/drivers.h"
#include "releaserd/driver/snmp.h"

#define SWEEP_TRIES 3			/* of a device that sleeps */
#define SWEEP_TRY_MS 700
#define HEAR_MOST 256u

/* One address of a sweep. */
struct target {
	struct sockaddr_storage to;
	socklen_t to_len;
	char host[DISCOVER_LINE_MAX];	/* the name it was found by; "" */
	bool answered;
};

struct sweep {
	const struct driver_ask *q;
	struct target t[DISCOVER_CHUNK];
	size_t n, left;			/* left: those that did not answer yet */
	int fd[2];			/* IPv4, IPv6; -1 not wanted */
	uint32_t id;
	bool anybody;			/* broadcast: whoever answers counts */
	struct found *found;		/* DISCOVER_FOUND_MAX */
	size_t nfound;
};

/* ---- whom to ask */

/* An address, or a name's first one: 0, or as driver_resolve() has it. */
static int
target_set(struct target *t, const char *line, uint16_t port,
    int64_t until_ms, struct rel_err *err)
{
	struct driver_address at;
	uint8_t addr[16];
	int rc;

	memset(t, 0, sizeof *t);
	if (!rel_address_read(addr, line))
		snprintf(t->host, sizeof t->host, "%s", line);
	if ((rc = driver_resolve(line, port, until_ms, &at, err)) < 0)
		return rc;
	memcpy(&t->to, &at.to, sizeof t->to);
	t->to_len = at.len;
	return 0;
}

static int *
socket_for(struct sweep *w, const struct target *t)
{
	int *fd = &w->fd[t->to.ss_family == AF_INET6], on = 1;

	if (*fd < 0 && (*fd = socket(t->to.ss_family, SOCK_DGRAM |
	    SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) >= 0 && w->anybody)
		(void)setsockopt(*fd, SOL_SOCKET, SO_BROADCAST, &on,
		    sizeof on);
	return fd;
}

bool
discover_address(const struct sockaddr_storage *sa, uint8_t out[16])
{
	static const uint8_t v4_mapped[12] = { [10] = 0xff, [11] = 0xff };

	memcpy(out, v4_mapped, sizeof v4_mapped);
	if (sa->ss_family == AF_INET)
		memcpy(out + 12, &((const struct sockaddr_in *)(const void *)
		    sa)->sin_addr, 4);
	else if (sa->ss_family == AF_INET6)
		memcpy(out, &((const struct sockaddr_in6 *)(const void *)
		    sa)->sin6_addr, 16);
	else
		return false;
	return true;
}

static void
ask_one(struct sweep *w, const struct target *t)
{
	uint8_t packet[SWEEP_PACKET_MAX];
	int fd = *socket_for(w, t);

	for (unsigned i = 0; fd >= 0 && i < w->q->at.nsnmp; i++) {
		size_t n = sweep_packet(packet, &w->q->at.snmp[i], w->id);

		/* What cannot be sent is as if nobody was there. */
		if (n > 0)
			(void)sendto(fd, packet, n, 0, (const struct sockaddr *)
			    (const void *)&t->to, t->to_len);
	}
	rel_wipe(packet, sizeof packet);
}

/* ---- who answers */

static void
found_note(struct sweep *w, const uint8_t addr[16], const char *host)
{
	struct found *f = &w->found[w->nfound];
	char text[REL_ADDRESS_MAX];

	rel_address_text(text, addr);
	for (size_t i = 0; i < w->nfound; i++)
		if (strcmp(w->found[i].address, text) == 0)
			return;
	if (w->nfound == DISCOVER_FOUND_MAX)
		return;
	memset(f, 0, sizeof *f);
	f->state = FOUND_ANSWERS;
	snprintf(f->address, sizeof f->address, "%s", text);
	snprintf(f->host, sizeof f->host, "%s", host);
	w->nfound++;
}

static void
heard_from(struct sweep *w, const struct sockaddr_storage *from)
{
	uint8_t addr[16], other[16];

	if (!discover_address(from, addr))
		return;
	if (w->anybody)
		found_note(w, addr, "");
	for (size_t i = 0; !w->anybody && i < w->n; i++) {
		struct target *t = &w->t[i];

		if (t->answered || !discover_address(&t->to, other) ||
		    memcmp(addr, other, 16) != 0)
			continue;
		t->answered = true;
		w->left--;
		found_note(w, addr, t->host);
	}
}

static void
hear(struct sweep *w, int fd)
{
	uint8_t p[1500];
	struct sockaddr_storage from;

	/* Whoever sends without end does not keep us from the clock. */
	for (unsigned i = 0; i < HEAR_MOST; i++) {
		socklen_t len = sizeof from;
		ssize_t n = recvfrom(fd, p, sizeof p, 0, (struct sockaddr *)
		    (void *)&from, &len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return;
		if (sweep_is_answer(p, (size_t)n, w->id))
			heard_from(w, &from);
	}
}

/* Until that moment, or until all have answered. */
static void
listen_until(struct sweep *w, int64_t until_ms)
{
	/* Both kinds of address in one sweep are rare: they share the time. */
	int64_t step = w->fd[0] >= 0 && w->fd[1] >= 0 ? 20 : INT64_MAX;

	while (w->left > 0 && rel_mono_ms() < until_ms)
		for (size_t i = 0; i < 2; i++) {
			int64_t end = until_ms - rel_mono_ms() < step ?
			    until_ms : rel_mono_ms() + step;

			if (w->fd[i] >= 0 && rel_wait(w->fd[i], POLLIN, end))
				hear(w, w->fd[i]);
			else if (w->fd[i] >= 0 && rel_wait_ends(end))
				return;
		}
}

static int
sweep_run(struct sweep *w, int64_t until_ms)
{
	if (RAND_bytes((unsigned char *)&w->id, sizeof w->id) != 1)
		return -REL_E_IO;
	w->left = w->n;
	for (int i = 0; i < SWEEP_TRIES && w->left > 0; i++) {
		int64_t end = rel_mono_ms() + SWEEP_TRY_MS;

		for (size_t k = 0; k < w->n; k++)
			if (!w->t[k].answered)
				ask_one(w, &w->t[k]);
		if (w->fd[0] < 0 && w->fd[1] < 0)
			return 0;
		listen_until(w, end < until_ms ? end : until_ms);
	}
	return 0;
}

/* Whoever of them has an address is asked; that of a name that is alone and
 * has none: whoever asks is to hear of it. */
static int
targets_set(struct sweep *w, const char *p, size_t len, int64_t until_ms,
    struct rel_err *err)
{
	char line[DISCOVER_LINE_MAX];
	int rc = 0;

	while (w->n < DISCOVER_CHUNK && discover_next(&p, &len, line)) {
		int one = target_set(&w->t[w->n], line, w->q->at.snmp_port,
		    until_ms, err);

		if (one == 0)
			w->n++;
		else		/* core takes a timeout for a driver's death */
			rc = one == -REL_E_NOTFOUND ? one : -REL_E_PEER;
	}
	return w->n > 0 ? 0 : rc;
}

static int
sweep(const struct driver_ask *q, struct found *found, size_t *n,
    const char *p, size_t len, struct rel_err *err)
{
	struct sweep *w = calloc(1, sizeof *w);
	int64_t until = rel_mono_ms() + q->deadline_ms - SWEEP_TRY_MS / 2;
	int rc;

	if (w == NULL)
		return -REL_E_NOMEM;
	w->q = q;
	w->fd[0] = w->fd[1] = -1;
	w->found = found;
	w->anybody = strncmp(q->text, "broadcast", 9) == 0;
	rc = targets_set(w, p, len, until, err);
	if (rc == 0)
		rc = sweep_run(w, until);
	for (size_t i = 0; i < 2; i++)
		if (w->fd[i] >= 0)
			close(w->fd[i]);
	*n = w->nfound;
	free(w);
	return rc;
}

/* ---- what it is */

static void
found_fill(struct found *f, const struct snmp_found *s)
{
	f->state = s->printer ? FOUND_PRINTER : FOUND_OTHER;
	f->access = s->access;
	rel_text_clean(f->vendor, sizeof f->vendor, s->vendor);
	rel_text_clean(f->model, sizeof f->model, s->model);
	rel_text_clean(f->serial, sizeof f->serial, s->serial);
	rel_text_clean(f->mac, sizeof f->mac, s->mac);
	rel_text_clean(f->name, sizeof f->name, s->name);
	rel_text_clean(f->location, sizeof f->location, s->location);
	rel_text_clean(f->queue, sizeof f->queue, s->queue);
	rel_text_clean(f->description, sizeof f->description, s->description);
	rel_text_clean(f->object_id, sizeof f->object_id, s->object_id);
}

/* A name's first address; an address as it is. */
static bool
numeric_of(const char *line, char out[REL_ADDRESS_MAX], int64_t until_ms)
{
	struct target *t = malloc(sizeof *t);
	uint8_t addr[16];
	bool ok = t != NULL && target_set(t, line, 0, until_ms, NULL) == 0 &&
	    discover_address(&t->to, addr);

	if (ok)
		rel_address_text(out, addr);
	free(t);
	return ok;
}

/* Nobody there is no failure: the list is empty. */
static int
probe(const struct driver_ask *q, struct found *f, size_t *n,
    const char *line, struct rel_err *err)
{
	struct snmp_found *s = calloc(1, sizeof *s);
	struct snmp_peer peer = { .address = f->address,
	    .port = q->at.snmp_port,
	    .until_ms = rel_mono_ms() + q->deadline_ms * 9 / 10 };
	int rc = -REL_E_NOMEM;

	if (s != NULL && !numeric_of(line, f->address, peer.until_ms))
		rc = -REL_E_TIMEOUT;
	else if (s != NULL)
		rc = snmp_probe(&peer, q->at.snmp, q->at.nsnmp, s, err);
	*n = rc == 0 || rc == -REL_E_DENIED;
	if (rc == 0)
		found_fill(f, s);
	else if (rc == -REL_E_DENIED) {
		f->state = FOUND_DENIED;
		f->access = DISCOVER_DENIED;
	}
	free(s);
	return rc == -REL_E_TIMEOUT || rc == -REL_E_DENIED ? 0 : rc;
}

int
driver_discover(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	struct found *found = calloc(DISCOVER_FOUND_MAX, sizeof *found);
	const char *p = q->text;
	char line[DISCOVER_LINE_MAX];
	size_t len = q->text_len, n = 0;
	enum discover_kind kind;
	int rc;

	if (found == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	if (discover_kind_get(&p, &len, &kind) < 0)
		rc = rel_err_set(err, REL_E_FORMAT, "this is no search");
	else if (kind == DISCOVER_SWEEP || kind == DISCOVER_BROADCAST)
		rc = sweep(q, found, &n, p, len, err);
	else if (!discover_next(&p, &len, line))
		rc = rel_err_set(err, REL_E_FORMAT, "no address");
	else if (kind == DISCOVER_DNS_SD)
		rc = dnssd_ask(line, found, &n, rel_mono_ms() +
		    q->deadline_ms * 9 / 10);
	else
		rc = probe(q, found, &n, line, err);
	if (rc == 0)
		found_list_put(&s->text, found, n);
	free(found);
	return rc;
}
