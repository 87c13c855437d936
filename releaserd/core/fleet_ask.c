/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Questions about a device to the drivers, and devices that are left alone
 * for a while because drivers died over them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/fleet.h"
#include "releaserd/core/link.h"
#include "releaserd/core/snmp_access.h"
#include "releaserd/core/transport.h"

#define SHUNNED_MAX 1000u
#define SHUN_MS 60000		/* the first time; each further one twice */
#define SHUN_MAX_MS 3600000
#define SNMP_PORT 161
#define KNOWN_MAX 32u

struct fleet_question {
	fleet_done done;
	void *ctx;
	char device[40];
	bool never;			/* not asked: it is left alone */
};

struct shunned {
	char device[40];
	unsigned times;
	int64_t until_ms;		/* monotonic */
	struct shunned *next;
};

static struct shunned *shunned;
static unsigned nshunned;
static struct fleet_driver known[KNOWN_MAX];
static unsigned nknown;

/* ---- the drivers there are */

/* A driver process came and says which drivers it has. */
void
fleet_drivers_take(const struct rel_frame *fr)
{
	struct fleet_driver list[KNOWN_MAX];
	struct rel_cur c;
	uint32_t n;

	rel_cur_init(&c, fr->body, fr->len);
	if ((n = rel_get_u32(&c)) > KNOWN_MAX)
		n = 0;
	memset(list, 0, sizeof list);
	for (uint32_t i = 0; i < n; i++) {
		rel_get_str(&c, list[i].name, sizeof list[i].name);
		rel_get_str(&c, list[i].words, sizeof list[i].words);
		list[i].can = rel_get_u32(&c);
	}
	if (rel_cur_end(&c) < 0) {
		rel_log(REL_WARN, "bad message from a driver", "type=%s",
		    ipc_type_name(fr->type));
		return;
	}
	memcpy(known, list, sizeof known);
	nknown = n;
}

const struct fleet_driver *
fleet_drivers(unsigned *n)
{
	*n = nknown;
	return known;
}

const struct fleet_driver *
fleet_driver(const char *name)
{
	for (unsigned i = 0; i < nknown; i++)
		if (strcmp(known[i].name, name) == 0)
			return &known[i];
	return NULL;
}

/* ---- devices that are left alone */

static struct shunned **
shunned_find(const char *device)
{
	struct shunned **at = &shunned;

	while (*at != NULL && strcmp((*at)->device, device) != 0)
		at = &(*at)->next;
	return at;
}

static void
shun_end(struct shunned **at)
{
	struct shunned *gone = *at;

	if (gone == NULL)
		return;
	*at = gone->next;
	nshunned--;
	free(gone);
}

int64_t
fleet_alone_after(unsigned times)
{
	int64_t ms = SHUN_MS;

	for (unsigned i = 1; i < times && ms < SHUN_MAX_MS; i++)
		ms *= 2;
	return ms < SHUN_MAX_MS ? ms : SHUN_MAX_MS;
}

/*
 * Of those that nobody asks any more, as devices that were removed, nothing
 * stays; when all are asked, whose time is over first goes.
 */
static void
shunned_tidy(void)
{
	struct shunned **first = &shunned, **at = &shunned;
	int64_t now = rel_mono_ms();

	while (*at != NULL)
		if (now - (*at)->until_ms > SHUN_MAX_MS)
			shun_end(at);
		else
			at = &(*at)->next;
	if (nshunned < SHUNNED_MAX)
		return;
	for (at = &shunned; *at != NULL; at = &(*at)->next)
		if ((*at)->until_ms < (*first)->until_ms)
			first = at;
	shun_end(first);
}

void
fleet_shun(const char *device)
{
	struct shunned **at = shunned_find(device), *s = *at;
	int64_t ms;

	if (s == NULL) {
		shunned_tidy();
		at = shunned_find(device);
	}
	if (s == NULL &&
	    (s = calloc(1, sizeof *s)) != NULL) {
		snprintf(s->device, sizeof s->device, "%s", device);
		*at = s;
		nshunned++;
	}
	if (s == NULL)
		return;
	ms = fleet_alone_after(++s->times);
	s->until_ms = rel_mono_ms() + ms;
	rel_log(REL_ERROR, "drivers died over a device: it is left alone",
	    "device=%s times=%u for_s=%lld", device, s->times,
	    (long long)(ms / 1000));
}

int64_t
fleet_alone_ms(const char *device)
{
	const struct shunned *s = *shunned_find(device);
	int64_t left = s == NULL ? 0 : s->until_ms - rel_mono_ms();

	return left > 0 ? left : 0;
}

/* Those whose time is not over. */
static unsigned
alone_count(void)
{
	unsigned n = 0;

	for (const struct shunned *s = shunned; s != NULL; s = s->next)
		n += s->until_ms > rel_mono_ms();
	return n;
}

json_t *
fleet_drivers_json(const struct core *c)
{
	json_t *names = json_array();
	struct ask_tally t;

	ask_count(c, ROLE_DRIVER, &t);
	for (unsigned i = 0; i < nknown; i++)
		json_array_append_new(names, json_string(known[i].name));
	return json_pack("{s:i,s:i,s:i,s:i,s:o}", "processes", (int)t.peers,
	    "asked", (int)t.asked, "waiting", (int)t.waiting, "left_alone",
	    (int)alone_count(), "names", names);
}

/* ---- asking */

/* FNV-1a: the same device, the same driver process. */
static uint32_t
place_of(const char *device)
{
	uint32_t h = 2166136261u;

	for (; *device != '\0'; device++)
		h = (h ^ (uint8_t)*device) * 16777619u;
	return h;
}

static void
said_failed(struct core *c, const struct fleet_question *f, int rc,
    const char *words)
{
	struct driver_said s;

	driver_said_init(&s);
	s.rc = (int8_t)rc;
	snprintf(s.words, sizeof s.words, "%s", words);
	f->done(c, &s, f->ctx);
	driver_said_fini(&s);
}

static void
said_nothing(struct core *c, const struct fleet_question *f)
{
	if (!f->never && f->device[0] != '\0')
		fleet_shun(f->device);
	said_failed(c, f, -REL_E_TIMEOUT, f->never ? "it is left alone, as "
	    "drivers died over it" : "the driver died over it");
}

static void
said(struct core *c, const struct fleet_question *f,
    const struct rel_frame *fr)
{
	struct driver_said s;

	driver_said_init(&s);
	if (fr->type == IPC_DRIVER_SAID &&
	    driver_said_get(&s, fr->body, fr->len) == 0) {
		shun_end(shunned_find(f->device));
		f->done(c, &s, f->ctx);
	} else {
		rel_log(REL_WARN, "bad message from a driver", "type=%s",
		    ipc_type_name(fr->type));
		said_failed(c, f, -REL_E_FORMAT,
		    "the driver's answer is none");
	}
	driver_said_fini(&s);
}

static void
on_said(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct fleet_question *f = ctx;

	if (c->ending)
		f->done(c, NULL, f->ctx);
	else if (fr == NULL)
		said_nothing(c, f);
	else
		said(c, f, fr);
	free(f);
}

/* What became of a document is asked by the way it went. */
static bool
by_ipp(const struct driver_ask *q, const struct device *d)
{
	return strcmp(d->protocol, "ipp") == 0 || (device_by_ipp(d) &&
	    (q->op == DRIVER_JOB_STATE || q->op == DRIVER_JOB_CANCEL));
}

/* How the device is reached, as it is kept. */
static void
at_fill(struct core *c, struct driver_ask *q, const struct device *d)
{
	struct driver_at *at = &q->at;

	snprintf(at->device, sizeof at->device, "%s", d->id);
	snprintf(at->protocol, sizeof at->protocol, "%s", d->protocol);
	snprintf(at->address, sizeof at->address, "%s",
	    d->address[0] != '\0' ? d->address : d->lpr_host);
	snprintf(at->url, sizeof at->url, "%s", d->api_url);
	snprintf(at->pin, sizeof at->pin, "%s", d->api_pin);
	if (by_ipp(q, d)) {
		snprintf(at->protocol, sizeof at->protocol, "ipp");
		device_ipp_uri(d, at->url);
		snprintf(at->pin, sizeof at->pin, "%s", d->ipp_pin);
	} else if (link_is_known(d)) {
		link_show(c, at, d);
	}
	at->snmp_port = d->snmp_port > 0 ? (uint16_t)d->snmp_port : SNMP_PORT;
	if (at->nsnmp == 0)
		snmp_access_for(c, at->address, d->snmp, at->snmp, &at->nsnmp);
}

int
fleet_ask(struct core *c, const struct device *d, struct driver_ask *q,
    fleet_done done, void *ctx)
{
	struct fleet_question *f = calloc(1, sizeof *f);
	struct ask_for a = { .role = ROLE_DRIVER, .type = IPC_DRIVER_ASK };
	struct rel_buf b;
	int rc;

	if (f == NULL)
		return -REL_E_FULL;
	if (d != NULL)
		at_fill(c, q, d);
	if (q->deadline_ms == 0)
		q->deadline_ms = DRIVER_USUAL_MS;
	*f = (struct fleet_question){ .done = done, .ctx = ctx };
	snprintf(f->device, sizeof f->device, "%s", q->at.device);
	f->never = a.never = fleet_alone_ms(f->device) > 0;
	a.deadline_ms = q->deadline_ms;
	a.place = place_of(f->device);
	rel_buf_init(&b);
	driver_ask_put(&b, q);
	rel_wipe(q->at.snmp, sizeof q->at.snmp);
	rel_wipe(q->at.token, sizeof q->at.token);
	q->at.nsnmp = 0;
	rc = b.failed ? -REL_E_FULL : ask_peer(c, &a, &b, on_said, f);
	rel_buf_fini_secret(&b);
	if (rc < 0)
		free(f);
	return rc;
}

void
fleet_ask_fini(void)
{
	while (shunned != NULL)
		shun_end(&shunned);
	nknown = 0;
}
