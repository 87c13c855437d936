/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/driver/posture.h"

#include <stdio.h>
#include <string.h>

#define STEP_MS 1000
#define LOOK_MS 40000		/* core waits for longer */
#define LIST_MAX 600

static const struct posture_port all_ports[] = {
#define TCP false
#define UDP true
#define PORT(port, udp, kind, words, from) \
	{ port, udp, POSTURE_##kind, words, POSTURE_##from },
#include "releaserd/driver/posture_ports.def"
#undef PORT
#undef TCP
#undef UDP
};
_Static_assert(sizeof all_ports / sizeof all_ports[0] < POSTURE_PORTS_MAX - 4,
    "there is room for a device's own ports");

const struct posture_port *
posture_ports(size_t *n)
{
	*n = sizeof all_ports / sizeof all_ports[0];
	return all_ports;
}

/* One address of the device. */
static int
resolve(struct posture *p, struct rel_err *err)
{
	struct driver_address at;
	int rc = driver_resolve(p->q->at.address, 0, p->until_ms, &at, err);

	if (rc < 0)
		return rc;
	p->to = at.to;
	p->to_len = at.len;
	return 0;
}

/* "tcp/21,udp/161": the ports in that state. */
static void
put_ports(struct posture *p, const char *name, enum posture_state state)
{
	char text[LIST_MAX] = "";
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		if (p->state[i] == state && n + 12 < sizeof text)
			n += (size_t)snprintf(text + n, sizeof text - n,
			    "%s%s/%u", n > 0 ? "," : "", p->ports[i].udp ?
			    "udp" : "tcp", p->ports[i].port);
	items_str(p->items, name, 0, n > 0 ? text : "none");
}

static bool
answered(const struct posture *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->state[i] != POSTURE_SILENT)
			return true;
	return false;
}

int
posture_look_at(const struct driver_ask *q, const struct posture_port *ports,
    size_t n, struct driver_said *s, struct rel_err *err)
{
	struct posture p = { .q = q, .ports = ports, .n = n, .step_ms =
	    STEP_MS, .until_ms = rel_mono_ms() + LOOK_MS,
	    .items = &s->items };
	int rc = resolve(&p, err);

	if (rc < 0)
		return rc;
	if (p.until_ms > driver_until(q))
		p.until_ms = driver_until(q);
	posture_sweep(&p);
	posture_snmp(&p);
	if (!answered(&p))
		return rel_err_set(err, REL_E_PEER, "nothing at \"%.100s\" "
		    "answers: it is off, or a filter is in between",
		    q->at.address);
	posture_tls(&p);
	posture_plain(&p);
	if (rel_mono_ms() >= p.until_ms)
		return rel_err_set(err, REL_E_TIMEOUT,
		    "it answers too slowly to be looked at");
	put_ports(&p, "posture.open", POSTURE_OPEN);
	put_ports(&p, "posture.silent", POSTURE_SILENT);
	items_str(&s->items, "posture.address", 0, q->at.address);
	items_number(&s->items, "posture.at", 0, rel_now_ms());
	s->items.groups |= 1u << ITEMS_POSTURE;
	return 0;
}

/* The port of its API, "https://10.0.0.5:8443/opdp/v1"; 0: a usual one. */
static uint16_t
own_port(const char *url)
{
	const char *at = strstr(url, "://");
	char host[300], *colon;
	int64_t port;

	if (at == NULL || strncmp(url, "https", 5) != 0)
		return 0;
	snprintf(host, sizeof host, "%.*s", (int)strcspn(at + 3, "/"), at +
	    3);
	colon = strrchr(host, ':');
	return colon != NULL && rel_int(&port, colon + 1, 1, 65535) ?
	    (uint16_t)port : 0;
}

int
driver_posture(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	struct posture_port ports[POSTURE_PORTS_MAX];
	uint16_t own = own_port(q->at.url);
	size_t n = sizeof all_ports / sizeof all_ports[0];

	memcpy(ports, all_ports, sizeof all_ports);
	for (size_t i = 0; i < n; i++)
		if (!ports[i].udp && ports[i].port == own)
			own = 0;
	if (own != 0)
		ports[n++] = (struct posture_port){ own, false, POSTURE_TLS,
		    "OPDP", POSTURE_MORE };
	return posture_look_at(q, ports, n, s, err);
}
