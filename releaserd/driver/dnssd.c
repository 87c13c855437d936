/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Who says by DNS-SD that it prints: RFC 6762 section 5.1, a question from any
 * port, which is answered to that port alone (section 6.7), once for each kind
 * of service.  An answer is taken as it is; what it leaves out is not asked for.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "lib/dial.h"
#include "lib/dns_read.h"
#include "lib/ranges.h"
#include "lib/text.h"
#include "releaserd/driver/discover.h"
#include "releaserd/driver/drivers.h"

#define LISTEN_MS 2000
#define ANSWERS_MOST 1024u
#define MESSAGE_MAX 9000u		/* RFC 6762 section 17 */
#define TEXT_BYTES (128u << 10)		/* of an answer to core */
#define RP_MAX 200u

enum service { IPPS, IPP, PRINTER, PDL_STREAM, SERVICES };
static const char *const names[SERVICES] = {
	[IPPS] = "_ipps._tcp.local", [IPP] = "_ipp._tcp.local",
	[PRINTER] = "_printer._tcp.local",
	[PDL_STREAM] = "_pdl-datastream._tcp.local"
};

/* One printer that a message tells of. */
struct instance {
	enum service service;
	const struct rel_dns_record *txt;	/* or NULL */
	char target[REL_DNS_NAME_MAX];
	uint16_t port;
	char rp[RP_MAX];
};

/* ---- a message */

static bool
is_of(const char *name, enum service *s)
{
	size_t len = strlen(name), n;

	for (int i = 0; i < SERVICES; i++) {
		n = strlen(names[i]);
		if (len >= n && strcasecmp(name + len - n, names[i]) == 0 &&
		    (len == n || name[len - n - 1] == '.')) {
			*s = (enum service)i;
			return true;
		}
	}
	return false;
}

/* A queue of a print server is no device. */
static bool
is_queue(const char *rp)
{
	return strncasecmp(rp, "printers/", 9) == 0 ||
	    strncasecmp(rp, "classes/", 8) == 0;
}

static bool
instance_get(const struct rel_dns *m, const struct rel_dns_record *srv,
    struct instance *in)
{
	memset(in, 0, sizeof *in);
	if (!is_of(srv->name, &in->service) || !rel_dns_srv(m, srv, in->target,
	    &in->port))
		return false;
	for (size_t i = 0; i < m->n && in->txt == NULL; i++)
		if (m->v[i].type == REL_DNS_TXT && strcasecmp(m->v[i].name,
		    srv->name) == 0)
			in->txt = &m->v[i];
	if (in->txt != NULL)
		(void)rel_dns_txt(in->txt, "rp", in->rp, sizeof in->rp);
	return true;
}

/* Nobody sends us to ourselves, or to all. */
static bool
may_be_asked(const uint8_t a[16], const uint8_t from[16])
{
	struct in6_addr v6;

	memcpy(&v6, a, sizeof v6);
	if (IN6_IS_ADDR_V4MAPPED(&v6))
		return a[12] != 0 && a[12] < 224 && (a[12] != 127 ||
		    from[12] == 127);
	return !IN6_IS_ADDR_UNSPECIFIED(&v6) && !IN6_IS_ADDR_LOOPBACK(&v6) &&
	    !IN6_IS_ADDR_MULTICAST(&v6) && !IN6_IS_ADDR_LINKLOCAL(&v6);
}

/* Whoever sent it, when that is one of the host's addresses or none is named;
 * else its first one, IPv4 before IPv6. */
static void
address_get(const struct rel_dns *m, const char *target,
    const uint8_t from[16], uint8_t out[16])
{
	uint8_t one[16];
	uint16_t best = 0;

	memcpy(out, from, 16);
	for (size_t i = 0; i < m->n; i++) {
		const struct rel_dns_record *r = &m->v[i];

		if (strcasecmp(r->name, target) != 0 ||
		    !rel_dns_address(r, one) || !may_be_asked(one, from))
			continue;
		if (memcmp(one, from, 16) == 0) {
			memcpy(out, one, 16);
			return;
		}
		if (best == 0 || (best == REL_DNS_AAAA && r->type ==
		    REL_DNS_A)) {
			memcpy(out, one, 16);
			best = r->type;
		}
	}
}

/* ---- what it says of itself */

/* The way to it; "" when its path has signs that no path of a printer has. */
static void
uri_put(struct found *f, const struct instance *in)
{
	static const char fine[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~/";
	bool v6 = strchr(f->address, ':') != NULL, tls = in->service == IPPS;

	if ((!tls && in->service != IPP) || in->port == 0 ||
	    in->rp[strspn(in->rp, fine)] != '\0' ||
	    (f->ipp_uri[0] != '\0' && !tls))
		return;
	snprintf(f->ipp_uri, sizeof f->ipp_uri, "%s://%s%s%s:%u/%s",
	    tls ? "ipps" : "ipp", v6 ? "[" : "", f->address, v6 ? "]" : "",
	    in->port, in->rp[0] == '\0' ? "ipp/print" :
	    in->rp + (in->rp[0] == '/'));
}

static void
text_put(char *out, size_t size, const struct instance *in, const char *key)
{
	if (out[0] == '\0')
		(void)rel_dns_txt(in->txt, key, out, size);
}

static void
texts_put(struct found *f, const struct instance *in)
{
	if (f->name[0] == '\0')
		snprintf(f->name, sizeof f->name, "%.*s", (int)strcspn(
		    in->target, "."), in->target);
	rel_text_clean(f->name, sizeof f->name, f->name);
	if (in->service == PRINTER && f->queue[0] == '\0')
		rel_text_clean(f->queue, sizeof f->queue, in->rp);
	if (in->txt == NULL)
		return;
	text_put(f->vendor, sizeof f->vendor, in, "usb_MFG");
	text_put(f->model, sizeof f->model, in, "ty");
	text_put(f->model, sizeof f->model, in, "usb_MDL");
	text_put(f->location, sizeof f->location, in, "note");
	text_put(f->formats, sizeof f->formats, in, "pdl");
	text_put(f->uuid, sizeof f->uuid, in, "UUID");
}

static struct found *
found_at(struct dnssd *d, const uint8_t addr[16])
{
	char text[REL_ADDRESS_MAX];
	struct found *f;

	rel_address_text(text, addr);
	for (size_t i = 0; i < d->n; i++)
		if (strcmp(d->v[i].address, text) == 0)
			return &d->v[i];
	if (d->n == DISCOVER_FOUND_MAX)
		return NULL;
	f = &d->v[d->n++];
	memset(f, 0, sizeof *f);
	f->state = FOUND_ANSWERS;
	snprintf(f->address, sizeof f->address, "%s", text);
	return f;
}

/* It named services, but not where they are. */
static void
names_only(struct dnssd *d, const uint8_t from[16])
{
	enum service s;

	for (size_t i = 0; i < d->m.n; i++)
		if (d->m.v[i].type == REL_DNS_PTR && is_of(d->m.v[i].name,
		    &s)) {
			(void)found_at(d, from);
			return;
		}
}

void
dnssd_read(struct dnssd *d, const uint8_t *p, size_t len,
    const uint8_t from[16])
{
	struct instance *in = malloc(sizeof *in);
	bool any = false;
	uint8_t addr[16];

	if (in == NULL || rel_dns_read(&d->m, p, len) < 0 || d->m.id != d->id) {
		free(in);
		return;
	}
	for (size_t i = 0; i < d->m.n; i++) {
		struct found *f;

		if (!instance_get(&d->m, &d->m.v[i], in))
			continue;
		any = true;
		if (is_queue(in->rp))
			continue;
		address_get(&d->m, in->target, from, addr);
		if ((f = found_at(d, addr)) == NULL)
			continue;
		f->source = FOUND_BY_DNS_SD;
		texts_put(f, in);
		uri_put(f, in);
	}
	free(in);
	if (!any)
		names_only(d, from);
}

/* ---- the question */

static bool
to_read(const char *text, struct sockaddr_in *to)
{
	const char *colon = strrchr(text, ':');
	char host[REL_ADDRESS_MAX], *end;
	unsigned long port;

	if (colon == NULL || (size_t)(colon - text) >= sizeof host)
		return false;
	snprintf(host, sizeof host, "%.*s", (int)(colon - text), text);
	port = strtoul(colon + 1, &end, 10);
	*to = (struct sockaddr_in){ .sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port) };
	return *end == '\0' && port > 0 && port < 65536 &&
	    inet_pton(AF_INET, host, &to->sin_addr) == 1;
}

static void
ask_all(const struct dnssd *d, int fd, const struct sockaddr_in *to)
{
	uint8_t packet[REL_DNS_QUERY_MAX];
	const int ttl = 255;

	(void)setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof ttl);
	for (int i = 0; i < SERVICES; i++) {
		size_t n = rel_dns_query(packet, d->id, names[i]);

		/* What cannot be sent is as if nobody was there. */
		(void)sendto(fd, packet, n, 0, (const struct sockaddr *)to,
		    sizeof *to);
	}
}

/* Answers come from the port that was asked (section 6.7). */
static void
hear_all(struct dnssd *d, int fd, uint16_t port, int64_t until_ms)
{
	uint8_t *p = malloc(MESSAGE_MAX), addr[16];
	struct sockaddr_storage from;
	unsigned n = 0;

	while (p != NULL && n < ANSWERS_MOST && rel_mono_ms() < until_ms &&
	    rel_wait(fd, POLLIN, until_ms)) {
		socklen_t len = sizeof from;
		ssize_t got = recvfrom(fd, p, MESSAGE_MAX, 0,
		    (struct sockaddr *)(void *)&from, &len);

		if (got < 0 && errno != EINTR && errno != EAGAIN)
			break;
		if (got < 0)
			continue;
		n++;
		if (discover_address(&from, addr) && ((struct sockaddr_in *)
		    (void *)&from)->sin_port == port)
			dnssd_read(d, p, (size_t)got, addr);
	}
	free(p);
}

void
dnssd_fit(struct found *v, size_t n)
{
	size_t left = TEXT_BYTES;

	for (size_t i = 0; i < n; i++) {
		struct found *f = &v[i];
		size_t size = strlen(f->vendor) + strlen(f->model) +
		    strlen(f->name) + strlen(f->location) +
		    strlen(f->queue) + strlen(f->ipp_uri) +
		    strlen(f->formats) + strlen(f->uuid);

		if (size <= left) {
			left -= size;
			continue;
		}
		memset(f->vendor, 0, sizeof *f - offsetof(struct found,
		    vendor));
		f->source = FOUND_BY_SNMP;
	}
}

int
dnssd_ask(const char *text, struct found *v, size_t *n, int64_t until_ms)
{
	struct dnssd *d = calloc(1, sizeof *d);
	int64_t end = rel_mono_ms() + LISTEN_MS;
	struct sockaddr_in to;
	int fd = -1, rc = 0;

	if (d == NULL)
		return -REL_E_NOMEM;
	d->v = v;
	if (!to_read(text, &to))
		rc = -REL_E_FORMAT;
	else if (RAND_bytes((unsigned char *)&d->id, sizeof d->id) != 1 ||
	    (fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    0)) < 0)
		rc = -REL_E_IO;
	else {
		ask_all(d, fd, &to);
		hear_all(d, fd, to.sin_port, end < until_ms ? end : until_ms);
		close(fd);
	}
	dnssd_fit(v, d->n);
	*n = d->n;
	free(d);
	return rc;
}
