/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What is known of devices (doc/fleet.md): who said what of itself is kept in
 * the store; when it was said last, in memory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/fleet_priv.h"
#include "releaserd/core/store_item.h"

/* ---- who there is */

/* Where it is, or would be. */
static size_t
fleet_at(const struct fleet *all, const char *id, bool *found)
{
	size_t from = 0, to = all->n;

	*found = false;
	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int diff = strcmp(all->v[mid]->id, id);

		if (diff == 0) {
			*found = true;
			return mid;
		}
		if (diff < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static struct fleet_one *
fleet_add(struct core *c, const char *id)
{
	struct fleet *all = c->fleet;
	struct fleet_one *f;
	bool found;
	size_t at = fleet_at(all, id, &found);

	if (found) {
		all->v[at]->gone = false;
		return all->v[at];
	}
	if (all->n == all->room) {
		size_t room = all->room > 0 ? 2 * all->room : 64;
		struct fleet_one **v = reallocarray(all->v, room, sizeof *v);

		if (v == NULL)
			return NULL;
		all->v = v;
		all->room = room;
	}
	if ((f = calloc(1, sizeof *f)) == NULL)
		return NULL;
	snprintf(f->id, sizeof f->id, "%s", id);
	memmove(all->v + at + 1, all->v + at, (all->n - at) * sizeof f);
	all->v[at] = f;
	all->n++;
	return f;
}

static bool
id_row(const char *id, void *ctx)
{
	return fleet_add(ctx, id) != NULL;
}

/* Those that are gone go, but for one whose answer is still to come. */
void
fleet_load(struct core *c)
{
	struct fleet *all = c->fleet;
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		all->v[i]->gone = true;
	all->stale = false;
	if (store_device_ids(c->st, id_row, c) < 0) {
		all->stale = true;
		return;
	}
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i]->gone && !all->v[i]->asking)
			free(all->v[i]);
		else
			all->v[n++] = all->v[i];
	all->n = n;
}

struct fleet_one *
fleet_find(struct core *c, const char *device)
{
	bool found;
	size_t at;

	if (c->fleet == NULL)
		return NULL;
	if (c->fleet->stale && !c->fleet->looking)
		fleet_load(c);
	at = fleet_at(c->fleet, device, &found);
	return found ? c->fleet->v[at] : NULL;
}

void
fleet_changed(struct core *c, const char *device)
{
	struct fleet_one *f;
	bool found;
	size_t at;

	if (c->fleet == NULL)
		return;
	at = fleet_at(c->fleet, device, &found);
	f = found ? c->fleet->v[at] : NULL;
	if (f == NULL)
		c->fleet->stale = true;
	else
		f->known = false;
	fleet_wake(c);
}

/* What was thought to be written is not. */
void
fleet_undone(struct core *c)
{
	struct fleet *all = c->fleet;

	if (all == NULL)
		return;
	all->stale = true;
	for (size_t i = 0; i < all->n; i++) {
		all->v[i]->known = false;
		for (size_t k = 0; k < FLEET_KINDS; k++)
			all->v[i]->heard[k].print = 0;
	}
	fleet_wake(c);
}

/* ---- what is written */

struct kept_item {
	char name[ITEM_NAME_MAX], source[8];
	char *value;
};

struct kept_items {
	struct kept_item *v;		/* by name */
	size_t n, room;
};

static bool
kept_row(const struct device_item *i, void *ctx)
{
	struct kept_items *k = ctx;
	struct kept_item *one;

	if (k->n == k->room) {
		size_t room = k->room > 0 ? 2 * k->room : 64;

		one = reallocarray(k->v, room, sizeof *k->v);
		if (one == NULL)
			return false;
		k->v = one;
		k->room = room;
	}
	one = &k->v[k->n];
	snprintf(one->name, sizeof one->name, "%s", i->name);
	snprintf(one->source, sizeof one->source, "%s", i->source);
	if ((one->value = strdup(i->value)) == NULL)
		return false;
	k->n++;
	return true;
}

static void
kept_free(struct kept_items *k)
{
	for (size_t i = 0; i < k->n; i++)
		free(k->v[i].value);
	free(k->v);
}

static int
kept_cmp(const void *key, const void *one)
{
	return strcmp(key, ((const struct kept_item *)one)->name);
}

/* A complete group without it: it is gone; what was noted here is not heard
 * from any device. */
static int
take_missing(struct core *c, const char *device, const struct items *l,
    const struct kept_items *kept)
{
	int rc = 0;

	for (size_t i = 0; i < kept->n && rc == 0; i++) {
		const struct item_kind *kind = item_kind(kept->v[i].name);

		if (strcmp(kept->v[i].source, ITEM_OF_SERVER) != 0 &&
		    (kind == NULL || (l->groups & 1u << kind->group) != 0) &&
		    items_get(l, kept->v[i].name) == NULL)
			rc = store_item_del(c->st, device, kept->v[i].name);
	}
	return rc;
}

/* Only what differs is written. */
static int
take_store(struct core *c, const char *device, const char *source,
    const struct items *l, int64_t now)
{
	struct kept_items kept = { NULL, 0, 0 };
	struct rel_err err;
	int rc = store_item_list(c->st, device, kept_row, &kept);

	rc = rc < 0 ? rc : core_write(c, &err);
	for (size_t i = 0; i < l->n && rc == 0; i++) {
		const struct kept_item *was = kept.n == 0 ? NULL :
		    bsearch(l->v[i].name, kept.v, kept.n, sizeof *kept.v,
		    kept_cmp);
		struct device_item one = { l->v[i].name, l->v[i].value,
		    source, now };

		if (was == NULL || strcmp(was->value, one.value) != 0 ||
		    strcmp(was->source, source) != 0)
			rc = store_item_set(c->st, device, &one);
	}
	if (rc == 0)
		rc = take_missing(c, device, l, &kept);
	kept_free(&kept);
	if (rc < 0 && store_is_open(c->st))
		core_spoil(c, rc);
	return rc;
}

/* Names and values as one number (FNV-1a), never 0; and of what they are. */
static uint64_t
items_print(const struct items *l, uint32_t *said)
{
	uint64_t h = 14695981039346656037u;

	*said = l->groups;
	for (size_t i = 0; i < l->n; i++) {
		const struct item_kind *kind = item_kind(l->v[i].name);

		*said |= kind != NULL ? 1u << kind->group : 0;
		for (const char *p = l->v[i].name; *p != '\0'; p++)
			h = (h ^ (uint8_t)*p) * 1099511628211u;
		h = (h ^ '=') * 1099511628211u;
		for (const char *p = l->v[i].value; *p != '\0'; p++)
			h = (h ^ (uint8_t)*p) * 1099511628211u;
		h = (h ^ '\n') * 1099511628211u;
	}
	return h != 0 ? h : 1;
}

/* The one of this kind; else the oldest takes its place. */
static struct fleet_heard *
heard_of(struct fleet_one *f, const char *source, uint32_t groups)
{
	struct fleet_heard *old = &f->heard[0];

	for (size_t i = 0; i < FLEET_KINDS; i++) {
		struct fleet_heard *h = &f->heard[i];

		if (h->at_ms != 0 && h->groups == groups &&
		    strcmp(h->source, source) == 0)
			return h;
		if (h->at_ms < old->at_ms)
			old = h;
	}
	memset(old, 0, sizeof *old);
	snprintf(old->source, sizeof old->source, "%s", source);
	old->groups = groups;
	return old;
}

/* ---- its state */

void
fleet_event(struct core *c, const char *device, const char *kind,
    const char *text)
{
	struct device_event e = { kind, text, rel_now_ms() };
	struct rel_err err;

	if (core_write(c, &err) == 0 &&
	    store_device_event_add(c->st, device, &e) < 0)
		core_spoil(c, 0);
}

/* As pages and searches know it: {"state":"idle","reasons":[]}. */
static char *
state_text(const struct fleet_one *f)
{
	json_t *o = json_pack("{s:s}", "state", f->state), *list =
	    json_array();
	char *text;

	for (const char *p = f->reasons; *p != '\0'; p += *p == ',') {
		size_t n = strcspn(p, ",");

		json_array_append_new(list, json_stringn(p, n));
		p += n;
	}
	json_object_set_new(o, "reasons", list);
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return text;
}

/* It stopped, or goes on: that belongs to its story. */
static void
state_event(struct core *c, struct fleet_one *f)
{
	const char *now = fleet_trouble(c, f);
	char words[240];

	if ((now == NULL) == (f->problem == NULL)) {
		f->problem = now;
		return;
	}
	fleet_reason_words(f->reasons, "en", words, sizeof words);
	if (now != NULL || f->state_ms != 0)
		fleet_event(c, f->id, now == NULL ? "ready" :
		    strcmp(now, "device-offline") == 0 ? "offline" : "stopped",
		    words);
	f->problem = now;
}

static void
state_take(struct core *c, struct fleet_one *f, const struct items *l,
    int64_t now)
{
	const char *state = items_get(l, "state");
	const char *reasons = items_get(l, "reasons");
	char was_state[sizeof f->state], was_reasons[sizeof f->reasons];
	char *text;

	if (state == NULL && reasons == NULL)
		return;
	if (state == NULL)
		state = "unknown";
	if (reasons == NULL || strcmp(reasons, "none") == 0)
		reasons = "";
	memcpy(was_state, f->state, sizeof was_state);
	memcpy(was_reasons, f->reasons, sizeof was_reasons);
	snprintf(f->state, sizeof f->state, "%s", state);
	snprintf(f->reasons, sizeof f->reasons, "%s", reasons);
	if (strcmp(f->state, was_state) != 0 ||
	    strcmp(f->reasons, was_reasons) != 0) {
		state_event(c, f);
		if ((text = state_text(f)) != NULL)
			device_heard(c, f->id, text);
		free(text);
	}
	f->state_ms = now;
}

/* What it is, for lists and searches; the administrator's words stay. */
static void
identity_take(struct core *c, const char *device, const struct items *l)
{
	static const struct {
		const char *item;
		size_t offset, size;
		bool always;
	} map[] = {
#define MEMBER(m) offsetof(struct device, m), sizeof ((struct device *)0)->m
		{ "vendor", MEMBER(vendor), true },
		{ "model", MEMBER(model), true },
		{ "firmware", MEMBER(firmware), true },
		{ "serial", MEMBER(serial), false },
		{ "location", MEMBER(location), false },
		{ "network.key", MEMBER(ipp_pin), false }
#undef MEMBER
	};
	const struct device *known = device_at(c, device);
	struct device *d;
	bool changed = false;
	struct rel_err err;

	if (known == NULL || (d = malloc(sizeof *d)) == NULL)
		return;
	*d = *known;
	for (size_t i = 0; i < sizeof map / sizeof map[0]; i++) {
		const char *s = items_get(l, map[i].item);
		char *to = (char *)d + map[i].offset;

		if (s == NULL || (!map[i].always && to[0] != '\0') ||
		    strlen(s) >= map[i].size || strcmp(to, s) == 0)
			continue;
		snprintf(to, map[i].size, "%s", s);
		changed = true;
	}
	if (changed && core_write(c, &err) == 0) {
		if (store_device_set(c->st, d) < 0)
			core_spoil(c, 0);
		devices_changed(c, device);
	}
	free(d);
}

/* ---- from outside */

int
fleet_take(struct core *c, const char *device, const char *source,
    const struct items *l)
{
	struct fleet_one *f = fleet_find(c, device);
	uint32_t said;
	uint64_t print = items_print(l, &said);
	int64_t now = rel_now_ms();
	struct fleet_heard *h;
	int rc;

	if (f == NULL)
		return -REL_E_NOTFOUND;
	h = heard_of(f, source, l->groups);
	if (h->print != print) {
		if ((rc = take_store(c, device, source, l, now)) < 0)
			return rc;
		h->print = print;
		identity_take(c, device, l);
	}
	h->at_ms = now;
	h->said = said;
	state_take(c, f, l, now);
	device_heard(c, device, NULL);
	fleet_answers(c, f);
	return 0;
}

/* A device that speaks OPDP does what its level says. */
uint32_t
fleet_can(const struct device *d)
{
	const struct fleet_driver *t = fleet_driver(d->protocol);
	uint32_t can = t != NULL ? t->can : 0;

	if (strcmp(d->protocol, "opdp") == 0 && d->level < 3)
		can &= ~DRIVER_CAN_USAGE;
	if (strcmp(d->protocol, "opdp") == 0 && d->level < 2)
		can &= ~(DRIVER_CAN_SESSION | DRIVER_CAN_RESTRICT |
		    DRIVER_CAN_CONFIG | DRIVER_CAN_COMMAND);
	return can;
}

bool
fleet_item(struct core *c, const char *device, const char *name, char *out,
    size_t size)
{
	return store_item_get(c->st, device, name, out, size) == 0;
}

void
fleet_heartbeat(struct core *c, const char *device, const char *status)
{
	json_t *o = status != NULL ? json_loads(status, 0, NULL) : NULL, *one;
	const char *state = json_string_value(json_object_get(o, "state"));
	char reasons[1024] = "";
	struct items l;
	size_t i, n = 0;

	items_init(&l);
	json_array_foreach(json_object_get(o, "reasons"), i, one) {
		const char *s = json_string_value(one);

		if (s != NULL && s[0] != '\0' && strchr(s, ',') == NULL &&
		    n + strlen(s) + 2 < sizeof reasons)
			n += (size_t)snprintf(reasons + n, sizeof reasons - n,
			    "%s%s", n > 0 ? "," : "", s);
	}
	if (state != NULL)
		items_str(&l, "state", 0, state);
	if (state != NULL || n > 0)
		items_str(&l, "reasons", 0, n > 0 ? reasons : "none");
	(void)fleet_take(c, device, "opdp", &l);
	/* With all else it told: its page shows that. */
	if (json_object_size(o) > 2)
		device_heard(c, device, status);
	items_fini(&l);
	json_decref(o);
}

void
fleet_now(struct core *c, const char *device, struct fleet_now *out)
{
	const struct fleet_one *f = fleet_find(c, device);
	const struct device *d = device_at(c, device);
	char words[240];

	memset(out, 0, sizeof *out);
	out->state = out->reasons = out->why = "";
	if (f == NULL)
		return;
	out->polled = f->polled;
	out->state = f->state;
	out->reasons = f->reasons;
	out->state_ms = f->state_ms;
	out->info_ms = f->info_ms;
	out->down_ms = f->down_ms;
	out->why = f->failed > 0 ? f->why : "";
	out->trouble = fleet_trouble(c, f);
	out->problem = d != NULL ? fleet_problem(c, d, words) : NULL;
}

int64_t
fleet_heard_ms(struct core *c, const char *device, const char *source,
    const char *name)
{
	const struct item_kind *kind = item_kind(name);
	const struct fleet_one *f = fleet_find(c, device);
	int64_t at = 0;

	for (size_t i = 0; f != NULL && kind != NULL && i < FLEET_KINDS; i++)
		if ((f->heard[i].said & 1u << kind->group) != 0 &&
		    strcmp(f->heard[i].source, source) == 0 &&
		    f->heard[i].at_ms > at)
			at = f->heard[i].at_ms;
	return at;
}

int
fleet_init(struct core *c)
{
	if ((c->fleet = calloc(1, sizeof *c->fleet)) == NULL)
		return -REL_E_NOMEM;
	fleet_load(c);
	return fleet_poll_init(c);
}

void
fleet_fini(struct core *c)
{
	struct fleet *all = c->fleet;

	if (all == NULL)
		return;
	fleet_poll_fini(c);
	for (size_t i = 0; i < all->n; i++)
		free(all->v[i]);
	free(all->v);
	free(all);
	c->fleet = NULL;
}

void
fleet_flush_one(struct core *c, struct fleet_one *f)
{
	struct rel_err err;

	if (!f->kept_changed || core_write(c, &err) < 0)
		return;
	if (store_poll_set(c->st, f->id, f->info_ms, f->kept) < 0)
		core_spoil(c, 0);
	f->kept_changed = false;
}

void
fleet_flush(struct core *c)
{
	for (size_t i = 0; c->fleet != NULL && i < c->fleet->n; i++)
		fleet_flush_one(c, c->fleet->v[i]);
}

void
fleet_tick(struct core *c)
{
	if (c->ticks % 3600 == 0)
		fleet_flush(c);
}
