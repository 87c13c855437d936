/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "releaserd/core/access.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/store_access.h"
#include "releaserd/when.h"

#define LINKS_MAX 4096u
#define LOOK_AT_ONCE 8u
#define CLOCK_MS 2000		/* so far off is wrong */
#define CLOCK_AGAIN_MS 600000	/* until it is told once more */

struct links {
	struct link *all;
	unsigned n;
	unsigned open, made;
	bool looking;
	uint64_t access, groups;	/* store_changes_of() as of bring_all() */
};

static struct links *
links_get(struct core *c)
{
	if (c->links == NULL)
		c->links = calloc(1, sizeof *c->links);
	return c->links;
}

struct link *
link_of(struct core *c, const char *device_id, bool make)
{
	struct links *all = links_get(c);
	struct link *l = all != NULL ? all->all : NULL;

	while (l != NULL && strcmp(l->id, device_id) != 0)
		l = l->next;
	if (l != NULL || !make || all == NULL || all->n >= LINKS_MAX ||
	    (l = calloc(1, sizeof *l)) == NULL)
		return l;
	snprintf(l->id, sizeof l->id, "%s", device_id);
	for (int i = 0; i < DOCS; i++)
		l->rev[i] = -1;
	l->number = all->made++;
	l->next = all->all;
	all->all = l;
	all->n++;
	return l;
}

static void
link_free(struct link *l)
{
	json_decref(l->sent);
	poll_fini(l);
	free(l);
}

void
link_forget(struct core *c, const char *device_id)
{
	struct links *all = links_get(c);
	struct link **at = all != NULL ? &all->all : NULL, *l;

	while (at != NULL && *at != NULL && strcmp((*at)->id, device_id) != 0)
		at = &(*at)->next;
	if (at == NULL || (l = *at) == NULL)
		return;
	*at = l->next;
	all->n--;
	link_free(l);
}

void
links_fini(struct core *c)
{
	struct link *l;

	while (c->links != NULL && (l = c->links->all) != NULL) {
		c->links->all = l->next;
		link_free(l);
	}
	free(c->links);
	c->links = NULL;
}

bool
link_is_known(const struct device *d)
{
	return strcmp(d->protocol, "opdp") == 0 && d->api_url[0] != '\0' &&
	    (d->api_pin[0] != '\0' || strcmp(d->api_url, LINK_POLLED) == 0);
}

bool
link_is_open(const struct device *d)
{
	return d->state == 1 && link_is_known(d);
}

bool
link_can(const struct device *d, uint32_t can)
{
	return link_is_open(d) && (fleet_can(d) & can) == can;
}

/* ---- where it is */

static bool
url_ok(const char *url)
{
	const char *host = url + 8;
	size_t n = strlen(url);

	/* A name and a password in it would go to whoever answers there. */
	return n >= 9 && n < 257 && strncmp(url, "https://", 8) == 0 &&
	    host[strcspn(host, "@\\?#%\"<> ")] == '\0' && host[0] != '/' &&
	    host[0] != ':';
}

/* "sha256/BASE64" as hex. */
static bool
pin_hex(char out[65], const char *pin)
{
	unsigned char md[48];
	size_t n = strlen(pin);

	if (strncmp(pin, "sha256/", 7) != 0 || n != 7 + 44 ||
	    pin[n - 1] != '=' || pin[n - 2] == '=' ||
	    EVP_DecodeBlock(md, (const unsigned char *)pin + 7, 44) != 33)
		return false;
	rel_hex(out, md, 32);
	return true;
}

int
link_address(struct device *d, const char *url, const char *pin,
    struct rel_err *err)
{
	char hex[65];

	if (!url_ok(url))
		return rel_err_set(err, REL_E_FORMAT, "api.url must be "
		    "https://HOST[:PORT]/PATH, without user or query");
	if (!pin_hex(hex, pin))
		return rel_err_set(err, REL_E_FORMAT, "api.spki_pin must be "
		    "sha256/ and the base64 of the SHA-256 of the key");
	snprintf(d->api_url, sizeof d->api_url, "%s", url);
	memcpy(d->api_pin, hex, sizeof hex);
	snprintf(d->protocol, sizeof d->protocol, "opdp");
	return 0;
}

void
link_polled(struct device *d, const char *features)
{
	if (features == NULL || strstr(features, "\"command-poll\"") == NULL)
		return;
	snprintf(d->api_url, sizeof d->api_url, "%s", LINK_POLLED);
	snprintf(d->protocol, sizeof d->protocol, "opdp");
}

/* ---- heartbeats */

/* It says that it is elsewhere; who says so has its certificate. */
static void
heard_address(struct core *c, const struct device *known,
    const struct request *rq)
{
	const char *url = req_str(rq, F_API_URL), *pin = req_str(rq,
	    F_API_PIN);
	struct device *d;
	struct rel_err err;

	if (url == NULL || pin == NULL || (d = malloc(sizeof *d)) == NULL)
		return;
	*d = *known;
	if (link_address(d, url, pin, &err) < 0) {
		rel_log(REL_WARN, "the address of a device's API is left out",
		    "device=%s why=\"%s\"", d->id, err.text);
	} else if ((strcmp(d->api_url, known->api_url) != 0 ||
	    strcmp(d->api_pin, known->api_pin) != 0 ||
	    strcmp(d->protocol, known->protocol) != 0) &&
	    core_write(c, &err) == 0) {
		if (store_device_set(c->st, d) < 0)
			core_spoil(c, 0);
		devices_changed(c, d->id);
	}
	free(d);
}

static void
clock_told(struct core *c, const struct driver_said *s, void *ctx)
{
	(void)c;
	(void)ctx;
	if (s != NULL && s->rc < 0)
		rel_log(REL_WARN, "a device does not set its clock",
		    "why=\"%s\"", s->words);
}

/* The way here took a moment; whole seconds are what matters. */
static void
heard_clock(struct core *c, const struct device *d, struct link *l,
    const char *time)
{
	struct items items;
	int64_t ms, now = rel_mono_ms();
	json_t *body;

	if (time == NULL || !when_parse(&ms, time, false))
		return;
	ms = (ms - rel_now_ms()) / 1000 * 1000;
	items_init(&items);
	items_number(&items, "clock-skew", 0, ms);
	(void)fleet_take(c, d->id, "opdp", &items);
	items_fini(&items);
	if ((ms < CLOCK_MS && ms > -CLOCK_MS) || (l->clock_ms != 0 &&
	    l->clock_ms > now - CLOCK_AGAIN_MS))
		return;
	l->clock_ms = now;
	rel_log(REL_WARN, "the clock of a device is wrong",
	    "device=%s ahead_ms=%lld", d->id, (long long)ms);
	if (!link_can(d, DRIVER_CAN_COMMAND))
		return;
	body = json_pack("{s:s,s:o}", "command", "sync-time", "time",
	    json_time(rel_now_ms()));
	(void)command_send(c, d, body, clock_told, NULL);
	json_decref(body);
}

void
link_heard(struct core *c, const struct device *d, const struct request *rq)
{
	struct link *l = link_of(c, d->id, true);
	const char *boot = req_str(rq, F_BOOT_ID), *session;

	if (l == NULL)
		return;
	l->rev[DOC_CONFIG] = req_num(rq, F_CONFIG_REV, -1);
	l->rev[DOC_RESTRICTIONS] = req_num(rq, F_RESTRICTIONS_REV, -1);
	if (boot != NULL && l->boot[0] != '\0' && strcmp(boot, l->boot) != 0) {
		rel_log(REL_NOTICE, "a device has started anew: its session "
		    "is over", "device=%s", d->id);
		push_forget(l);
		sessions_close_device(c, d->id);
	}
	if (boot != NULL)
		snprintf(l->boot, sizeof l->boot, "%s", boot);
	heard_clock(c, d, l, req_str(rq, F_TIME));
	if ((session = req_str(rq, F_SESSION_ID)) != NULL)
		push_seen(c, l, session);
	heard_address(c, d, rq);
}

/* ---- the clock */

void
links_look(struct core *c, const char *device_id)
{
	for (struct link *l = c->links != NULL ? c->links->all : NULL;
	    l != NULL; l = l->next)
		if (device_id == NULL || strcmp(l->id, device_id) == 0)
			l->look = true;
}

/* The table of functions, or who belongs to a group. */
static bool
access_changed(struct core *c)
{
	struct store_changes now = store_changes_of(c->st);
	bool is = now.access != c->links->access ||
	    now.groups != c->links->groups;

	c->links->access = now.access;
	c->links->groups = now.groups;
	return is;
}

/* Those that are to be looked at, some of them at a time. */
static bool
look_slice(struct core *c, void *arg, bool go_on)
{
	unsigned n = 0;

	(void)arg;
	for (struct link *l = c->links != NULL ? c->links->all : NULL;
	    go_on && l != NULL; l = l->next) {
		if (!l->look)
			continue;
		if (n++ == LOOK_AT_ONCE)
			return true;
		l->look = false;
		bring_look(c, l);
	}
	if (c->links != NULL)
		c->links->looking = false;
	return false;
}

unsigned
links_open(const struct core *c)
{
	return c->links != NULL ? c->links->open : 0;
}

/* Its device was removed, and nothing is open there. */
static bool
link_is_over(struct core *c, const struct link *l)
{
	const struct device *d = device_at(c, l->id);

	return !l->busy && l->have[0] == '\0' && (d == NULL ||
	    d->state == 2);
}

void
links_tick(struct core *c)
{
	struct link *next;
	bool look = false;

	if (c->links == NULL)
		return;
	if (access_changed(c) || c->ticks % 60 == 7)
		links_look(c, NULL);
	c->links->open = 0;
	for (struct link *l = c->links->all; l != NULL; l = l->next)
		c->links->open += l->sent != NULL;
	for (struct link *l = c->links->all; l != NULL; l = next) {
		next = l->next;
		if (link_is_over(c, l)) {
			link_forget(c, l->id);
			continue;
		}
		push_tick(c, l);
		poll_tick(c, l);
		look = look || l->look;
	}
	if (look && !c->links->looking) {
		c->links->looking = true;
		if (core_slices(c, look_slice, NULL) < 0)
			c->links->looking = false;
	}
}
