/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* OPDP devices: registration, heartbeat, configuration (opdp.md B2). */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "releaserd/core/card.h"
#include "releaserd/core/access.h"
#include "releaserd/core/fleet.h"
#include "releaserd/core/link.h"
#include "releaserd/core/record.h"
#include "releaserd/core/station.h"

#define KEY_DIGITS 20
#define KEY_WRONG_MAX 10
#define HEARTBEAT_S 60
#define CONFIG_REV 1
#define KEPT_DEVICES 4096
#define FRESH_MS 60000

/* Devices as last read, so that a request needs no look-up in the store. */
struct kept_device {
	struct device d;
	bool seen;			/* seen_ms is newer than the store's */
	struct kept_device *next;
};

struct devices {
	void *by_id, *by_token;
	struct kept_device *all;
	unsigned n;
	int64_t flushed_ms;
};

static int
by_id(const void *a, const void *b)
{
	return strcmp(((const struct kept_device *)a)->d.id,
	    ((const struct kept_device *)b)->d.id);
}

static int
by_token(const void *a, const void *b)
{
	return strcmp(((const struct kept_device *)a)->d.token,
	    ((const struct kept_device *)b)->d.token);
}

int
devices_init(struct core *c)
{
	c->devices = calloc(1, sizeof *c->devices);
	return c->devices != NULL ? 0 : -REL_E_NOMEM;
}

/* Let go of one (at: the pointer to it in the list). */
static void
kept_drop(struct devices *all, struct kept_device **at)
{
	struct kept_device *k = *at;

	*at = k->next;
	tdelete(k, &all->by_id, by_id);
	if (k->d.token[0] != '\0')
		tdelete(k, &all->by_token, by_token);
	free(k);
	all->n--;
}

void
devices_forget_all(struct core *c)
{
	c->device_changes++;
	while (c->devices->all != NULL)
		kept_drop(c->devices, &c->devices->all);
}

void
devices_changed(struct core *c, const char *id)
{
	struct kept_device **at = &c->devices->all;

	c->device_changes++;
	while (*at != NULL && strcmp((*at)->d.id, id) != 0)
		at = &(*at)->next;
	if (*at != NULL)
		kept_drop(c->devices, at);
	fleet_changed(c, id);
	links_look(c, id);
}

void
devices_fini(struct core *c)
{
	if (c->devices == NULL)
		return;
	devices_forget_all(c);
	free(c->devices);
	c->devices = NULL;
}

void
devices_flush_seen(struct core *c)
{
	struct rel_err err;

	for (struct kept_device *k = c->devices->all; k != NULL;
	    k = k->next) {
		if (!k->seen)
			continue;
		if (core_write(c, &err) < 0)
			return;
		if (store_device_seen(c->st, k->d.id, k->d.seen_ms) < 0)
			core_spoil(c, 0);
		k->seen = false;
	}
}

void
devices_tick(struct core *c)
{
	if (c->devices->n < KEPT_DEVICES)
		return;
	devices_flush_seen(c);
	devices_forget_all(c);
}

/* For questions to the store that go by minutes. */
void
devices_fresh(struct core *c)
{
	int64_t now = rel_mono_ms();

	if (now - c->devices->flushed_ms < FRESH_MS)
		return;
	c->devices->flushed_ms = now;
	devices_flush_seen(c);
}

static struct kept_device *
kept_find(struct devices *all, const char *name, bool token)
{
	static struct kept_device want;
	struct kept_device **found;

	if (token) {
		snprintf(want.d.token, sizeof want.d.token, "%s", name);
		found = tfind(&want, &all->by_token, by_token);
	} else {
		snprintf(want.d.id, sizeof want.d.id, "%.39s", name);
		found = tfind(&want, &all->by_id, by_id);
	}
	return found != NULL ? *found : NULL;
}

/* By its id, or by the hash of its token. */
static struct kept_device *
device_load(struct core *c, const char *name, bool token)
{
	struct devices *all = c->devices;
	struct kept_device *k = kept_find(all, name, token);

	if (k != NULL)
		return k;
	if ((k = calloc(1, sizeof *k)) == NULL)
		return NULL;
	if ((token ? store_device_by_token(c->st, name, &k->d) :
	    store_device_get(c->st, name, &k->d)) < 0 ||
	    tsearch(k, &all->by_id, by_id) == NULL) {
		free(k);
		return NULL;
	}
	if (k->d.token[0] != '\0')
		(void)tsearch(k, &all->by_token, by_token);
	k->next = all->all;
	all->all = k;
	all->n++;
	return k;
}

const struct device *
device_at(struct core *c, const char *id)
{
	const struct kept_device *k = device_load(c, id, false);

	return k != NULL ? &k->d : NULL;
}

void
device_heard(struct core *c, const char *id, const char *status)
{
	struct kept_device *k = device_load(c, id, false);
	struct rel_err err;

	if (k == NULL)
		return;
	k->d.seen_ms = rel_now_ms();
	k->seen = true;
	if (status == NULL || strcmp(k->d.status, status) == 0 ||
	    strlen(status) >= sizeof k->d.status || core_write(c, &err) < 0)
		return;
	snprintf(k->d.status, sizeof k->d.status, "%s", status);
	if (store_device_status(c->st, id, status, k->d.seen_ms) < 0)
		core_spoil(c, 0);
}

const struct device *
device_of(struct core *c, const struct request *rq, const struct asker *a)
{
	struct kept_device *k = rq->caller == CALLER_DEVICE ||
	    rq->caller == CALLER_TOKEN ? device_load(c, rq->caller_id,
	    rq->caller == CALLER_TOKEN) : NULL;
	int64_t now = rel_now_ms();

	if (k == NULL || k->d.state != 1 || (rq->caller == CALLER_DEVICE &&
	    strcmp(k->d.cert_fp, rq->cert_fp) != 0 &&
	    strcmp(k->d.prev_fp, rq->cert_fp) != 0)) {
		reply_problem(c, a, "not-registered", 0,
		    "this device is not registered here, or was removed");
		return NULL;
	}
	if (now - k->d.seen_ms > 1000) {
		k->d.seen_ms = now;
		k->seen = true;
	}
	return &k->d;
}

/* ---- activation keys: 100 random bits, only the hash is kept */

static void
key_hash(uint8_t out[32], const char *digits)
{
	keys_sha256(out, digits, KEY_DIGITS);
}

void
device_new_key(struct core *c, struct device *d, char text[24])
{
	char digits[32];
	uint64_t v[2];

	if (RAND_bytes((unsigned char *)v, sizeof v) != 1)
		abort();
	rel_b32(digits, v[0], 10);
	rel_b32(digits + 10, v[1], 10);
	key_hash(d->key_hash, digits);
	d->has_key = true;
	d->key_wrong = 0;
	d->key_expires_ms = rel_now_ms() + c->role->set.activation_ms;
	snprintf(text, 24, "%.5s-%.5s-%.5s-%.5s", digits, digits + 5,
	    digits + 10, digits + 15);
	rel_wipe(digits, sizeof digits);
	rel_wipe(v, sizeof v);
}

/* The 20 digits of a key as typed; false when it is none. */
static bool
key_digits(char out[KEY_DIGITS + 1], const char *typed)
{
	size_t n = 0;
	uint64_t v;

	for (; *typed != '\0'; typed++) {
		if (*typed == '-' || *typed == ' ')
			continue;
		if (n == KEY_DIGITS || !rel_unb32(&v, typed, 1))
			return false;
		rel_b32(out + n++, v, 1);
	}
	out[n] = '\0';
	return n == KEY_DIGITS;
}

/* ---- what a device is told */

/* Another one whenever something in it is another. */
static json_int_t
config_rev(const json_t *config)
{
	char *text = json_dumps(config, JSON_COMPACT | JSON_SORT_KEYS);
	uint8_t md[32] = { 0 };

	if (text != NULL)
		keys_sha256(md, text, strlen(text));
	free(text);
	return (json_int_t)(md[0] & 0x7f) << 24 | (json_int_t)md[1] << 16 |
	    (json_int_t)md[2] << 8 | md[3];
}

static json_t *
config_json(struct core *c, const struct device *d)
{
	const struct role *r = c->role;
	char panel[340], html[340];
	json_t *o;

	snprintf(panel, sizeof panel, "%s/opdp/v1/panel", r->start.base_url);
	snprintf(html, sizeof html, "%s/panel/", r->start.base_url);
	o = json_pack("{s:s,s:s,s:i,s:s,s:I,s:I,s:{s:I,s:s},"
	    "s:o}", "panel_url", panel, "html_panel_url", html,
	    "heartbeat_s", HEARTBEAT_S, "session_mode", push_is_for(d) ?
	    "push" : "inline",
	    "inactivity_s", (json_int_t)(r->set.panel_timeout_ms / 1000),
	    "session_max_s", (json_int_t)(r->set.session_max_ms / 1000),
	    "lpr", "port", (json_int_t)d->lpr_port, "queue", d->lpr_queue,
	    "card", card_config(c, d));
	json_object_set_new(o, "rev", json_integer(config_rev(o)));
	return o;
}

static json_t *
restrictions_json(struct core *c, const struct device *d)
{
	int64_t rev;

	return access_restrictions(c, d, &rev);
}

json_t *
device_document(struct core *c, const struct device *d, enum document what)
{
	return what == DOC_CONFIG ? config_json(c, d) :
	    restrictions_json(c, d);
}

static int64_t
restrictions_rev(struct core *c, const struct device *d)
{
	int64_t rev;

	json_decref(access_restrictions(c, d, &rev));
	return rev;
}

/* ---- registration */

/* A try failed: count it for the address. */
static void
register_failed(struct core *c, const struct request *rq, struct asker *a,
    const char *code, const char *detail)
{
	char subject[80];

	snprintf(subject, sizeof subject, "a:%s", rq->addr);
	if (lockout_failed(c, subject) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	rel_log(REL_WARN, "registration refused", "from=%s why=%s", rq->addr,
	    code);
	reply_problem(c, a, code, 0, "%s", detail);
}

static void
key_used_wrongly(struct core *c, struct device *d)
{
	struct rel_err err;

	if (core_write(c, &err) < 0)
		return;
	if (++d->key_wrong >= KEY_WRONG_MAX)
		d->has_key = false;
	if (store_device_set(c->st, d) < 0)
		core_spoil(c, 0);
}

/* The device a key stands for; 0, or an answer has been given. */
static int
register_find(struct core *c, const struct request *rq, struct asker *a,
    struct device *d)
{
	char digits[KEY_DIGITS + 1], subject[80];
	const char *serial = req_str(rq, F_SERIAL);
	uint8_t hash[32];
	int rc, wait_s;

	snprintf(subject, sizeof subject, "a:%s", rq->addr);
	if ((wait_s = lockout_state(c, subject)) > 0) {
		reply_problem(c, a, "rate-limited", (unsigned)wait_s,
		    "too many wrong activation keys from this address");
		return -1;
	}
	if (!key_digits(digits, req_str(rq, F_ACTIVATION_KEY))) {
		register_failed(c, rq, a, "activation-invalid",
		    "this is not an activation key");
		return -1;
	}
	key_hash(hash, digits);
	rel_wipe(digits, sizeof digits);
	rc = store_device_by_key(c->st, hash, d);
	if (rc < 0 && rc != -REL_E_NOTFOUND) {
		reply_broken(c, a, rc);
		return -1;
	}
	if (rc < 0) {
		register_failed(c, rq, a, "activation-invalid",
		    "the activation key is wrong or was used already");
		return -1;
	}
	if (d->key_expires_ms <= rel_now_ms()) {
		register_failed(c, rq, a, "activation-expired",
		    "the activation key is too old: make a new one");
		return -1;
	}
	if (d->want_serial[0] != '\0' && strcmp(d->want_serial, serial) != 0) {
		key_used_wrongly(c, d);
		register_failed(c, rq, a, "activation-invalid",
		    "the activation key is for a device with another serial");
		return -1;
	}
	return 0;
}

/* Where the server may call it; none: it only calls us. 0, or answered. */
static int
register_address(struct core *c, const struct request *rq, struct asker *a,
    struct device *d)
{
	const char *url = req_str(rq, F_API_URL), *pin = req_str(rq,
	    F_API_PIN);
	struct rel_err err = { 0 };

	if (strcmp(d->protocol, "opdp") == 0)
		d->protocol[0] = '\0';
	d->api_url[0] = d->api_pin[0] = '\0';
	if (url == NULL || url[0] == '\0') {
		link_polled(d, req_str(rq, F_FEATURES));
		return 0;
	}
	if (link_address(d, url, pin != NULL ? pin : "", &err) == 0)
		return 0;
	reply_problem(c, a, "bad-request", 0, "%s", err.text);
	return -1;
}

static void
register_fill(const struct request *rq, struct device *d)
{
	static const struct {
		enum req_field field;
		size_t offset, size;
	} map[] = {
#define MEMBER(m) offsetof(struct device, m), sizeof ((struct device *)0)->m
		{ F_SERIAL, MEMBER(serial) }, { F_VENDOR, MEMBER(vendor) },
		{ F_MODEL, MEMBER(model) }, { F_FIRMWARE, MEMBER(firmware) },
		{ F_FEATURES, MEMBER(features) }
#undef MEMBER
	};

	for (size_t i = 0; i < sizeof map / sizeof map[0]; i++) {
		const char *s = req_str(rq, map[i].field);

		if (s != NULL && strlen(s) < map[i].size)
			rel_text_clean((char *)d + map[i].offset, map[i].size,
			    s);
	}
	d->level = req_num(rq, F_LEVEL, 1);
	d->state = 1;
	d->has_key = false;
	if (access_device_does(d, "session-push") &&
	    !access_device_does(d, "session-inline"))
		d->session_push = 1;
	d->registered_ms = d->seen_ms = rel_now_ms();
}

/* A certificate, or a token for a device that cannot do certificates. */
static json_t *
register_credential(struct core *c, const struct request *rq,
    struct device *d, int64_t *end_ms, struct rel_err *err)
{
	const char *auth = req_str(rq, F_AUTH), *spki = req_str(rq, F_SPKI);
	struct ca_cert *cert;
	const struct ca_client *ours = ca_client(c);
	uint8_t md[32];
	char token[65], server[65];
	json_t *o = NULL;

	if (auth != NULL && strcmp(auth, "token") == 0) {
		ids_token(token, 32);
		keys_sha256(md, token, strlen(token));
		rel_hex(d->token, md, sizeof md);
		device_server_token(c, d, server);
		o = json_pack("{s:s,s:s,s:s}", "device_id", d->id, "token",
		    token, "server_token", server);
		rel_wipe(server, sizeof server);
		return o;
	}
	if (spki == NULL) {
		rel_err_set(err, REL_E_FORMAT, "csr_pem is missing");
		return NULL;
	}
	if ((cert = calloc(1, sizeof *cert)) == NULL)
		return NULL;
	if (ca_sign(c, spki, d->id, cert, err) == 0) {
		memcpy(d->cert_fp, cert->fp, sizeof d->cert_fp);
		d->prev_fp[0] = '\0';
		d->renew_ms = cert->renew_after_ms;
		*end_ms = cert->end_ms;
		o = json_pack("{s:s,s:s,s:s,s:s*,s:o}", "device_id", d->id,
		    "certificate_pem", cert->pem, "ca_pem", ca_pem(c),
		    "server_client_spki_pin", ours != NULL ? ours->pin : NULL,
		    "renew_after", json_time(cert->renew_after_ms));
	}
	free(cert);
	return o;
}

void
device_register(struct core *c, const struct request *rq, struct asker *a)
{
	struct device *d = calloc(1, sizeof *d), *other = calloc(1,
	    sizeof *other);
	struct rel_err err = { 0 };
	json_t *o = NULL;
	int64_t end_ms = 0;

	if (d == NULL || other == NULL) {
		reply_problem(c, a, "internal", 0, "no memory");
	} else if (register_find(c, rq, a, d) == 0) {
		if (store_device_by_serial(c->st, req_str(rq, F_SERIAL),
		    other) == 0 && strcmp(other->id, d->id) != 0) {
			reply_problem(c, a, "serial-in-use", 0, "a device "
			    "with this serial number is registered already; "
			    "remove it first");
		} else if (register_address(c, rq, a, d) < 0) {
			;		/* answered */
		} else if (core_write(c, &err) < 0) {
			reply_broken(c, a, -REL_E_PEER);
		} else if (register_fill(rq, d), (o = register_credential(c,
		    rq, d, &end_ms, &err)) == NULL) {
			reply_problem(c, a, "bad-request", 0, "%s",
			    err.text);
		} else if (store_device_set(c->st, d) < 0 ||
		    store_audit(c->st, rel_now_ms(), d->id,
		    "device-registered", rq->addr) < 0) {
			json_decref(o);
			core_spoil(c, 0);
			reply_broken(c, a, -REL_E_IO);
		} else {
			json_object_set_new(o, "config", config_json(c, d));
			json_object_set_new(o, "restrictions",
			    restrictions_json(c, d));
			devices_changed(c, d->id);
			if (end_ms != 0)
				device_certified(c, d->id, end_ms);
			station_heard(c, d->id, rq);
			rel_log(REL_NOTICE, "device registered",
			    "device=%s name=%s from=%s", d->id, d->name,
			    rq->addr);
			reply_json(c, a, 201, o);
		}
	}
	free(d);
	free(other);
}

void
device_renew(struct core *c, const struct request *rq, struct asker *a)
{
	const struct device *known = device_of(c, rq, a);
	struct ca_cert *cert = calloc(1, sizeof *cert);
	struct device *d = calloc(1, sizeof *d);
	const char *spki = req_str(rq, F_SPKI);
	struct rel_err err = { 0 };

	if (known == NULL) {
		free(cert);
		free(d);
		return;
	}
	if (cert == NULL || d == NULL || spki == NULL ||
	    ca_sign(c, spki, known->id, cert, &err) < 0) {
		reply_problem(c, a, "bad-request", 0, "%s", err.text);
	} else if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
	} else {
		*d = *known;
		memcpy(d->prev_fp, d->cert_fp, sizeof d->prev_fp);
		memcpy(d->cert_fp, cert->fp, sizeof d->cert_fp);
		d->renew_ms = cert->renew_after_ms;
		if (store_device_set(c->st, d) < 0)
			core_spoil(c, 0);
		devices_changed(c, d->id);
		device_certified(c, d->id, cert->end_ms);
		reply_json(c, a, 200, json_pack("{s:s,s:s,s:o}",
		    "certificate_pem", cert->pem, "ca_pem", ca_pem(c),
		    "renew_after", json_time(cert->renew_after_ms)));
	}
	free(cert);
	free(d);
}

/* ---- the rest of its life */

/* One that does not say which it has, is left alone. */
static bool
config_is_old(struct core *c, const char *id, int64_t rev)
{
	const struct device *d = device_at(c, id);
	json_t *now;
	bool old;

	if (rev < 0 || d == NULL || (now = config_json(c, d)) == NULL)
		return false;
	old = json_integer_value(json_object_get(now, "rev")) != rev;
	json_decref(now);
	return old;
}

void
device_heartbeat(struct core *c, const struct request *rq, struct asker *a)
{
	const struct device *known = device_of(c, rq, a);
	const char *status = req_str(rq, F_STATUS);
	json_t *pending;
	char id[sizeof known->id];

	if (known == NULL)
		return;
	memcpy(id, known->id, sizeof id);
	fleet_heartbeat(c, id, status);
	if ((known = device_at(c, id)) != NULL)
		link_heard(c, known, rq);
	if (req_str(rq, F_STATION) != NULL)
		station_heard(c, id, rq);
	pending = json_array();
	if ((known = device_at(c, id)) != NULL && known->renew_ms != 0 &&
	    known->renew_ms <= rel_now_ms())
		json_array_append_new(pending, json_string("certificate"));
	if (poll_pending(c, id))
		json_array_append_new(pending, json_string("commands"));
	if (config_is_old(c, id, req_num(rq, F_CONFIG_REV, -1)))
		json_array_append_new(pending, json_string("config"));
	if ((known = device_at(c, id)) != NULL &&
	    rq->f[F_RESTRICTIONS_REV].set && req_num(rq, F_RESTRICTIONS_REV,
	    0) != restrictions_rev(c, known))
		json_array_append_new(pending, json_string("restrictions"));
	if (usage_wanted(c, id, req_str(rq, F_USAGE_EPOCH),
	    req_num(rq, F_USAGE_LAST_SEQ, 0))) {
		json_array_append_new(pending, json_string("usage"));
		fleet_push(c, id, FLEET_PULL_USAGE);
	}
	reply_json(c, a, 200, json_pack("{s:o,s:o}", "pending", pending,
	    "server_time", json_time(rel_now_ms())));
}

void
device_config(struct core *c, const struct request *rq, struct asker *a)
{
	const struct device *d = device_of(c, rq, a);

	if (d != NULL)
		reply_json(c, a, 200, config_json(c, d));
}

void
device_restrictions(struct core *c, const struct request *rq, struct asker *a)
{
	const struct device *d = device_of(c, rq, a);

	if (d != NULL)
		reply_json(c, a, 200, restrictions_json(c, d));
}

void
device_unregister(struct core *c, const struct request *rq, struct asker *a)
{
	const struct device *known = device_of(c, rq, a);
	struct device *d = malloc(sizeof *d);
	struct rel_err err;

	if (known == NULL || d == NULL) {
		free(d);
		return;
	}
	*d = *known;
	d->state = 0;
	d->cert_fp[0] = d->prev_fp[0] = d->token[0] = '\0';
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
	} else {
		if (store_device_set(c->st, d) < 0)
			core_spoil(c, 0);
		sessions_close_device(c, d->id);
		devices_changed(c, d->id);
		reply_text(c, a, 204, NULL, 0);
	}
	free(d);
}
