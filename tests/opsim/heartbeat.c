/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/heartbeat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/text.h"
#include "tests/opsim/keys.h"

struct heartbeat {
	struct opsim *sim;
	struct event *timer;
	int every_s;
	int64_t answered_ms;	/* 0 never */
	bool away;		/* said so already */
	struct rel_buf new_key;	/* until its certificate comes */
};

static void
beat_later(struct heartbeat *h)
{
	json_int_t s = h->every_s > 0 ? h->every_s :
	    state_int(&h->sim->st, "config.heartbeat_s", 60);
	struct timeval tv = { .tv_sec = s < 1 ? 1 : s };

	evtimer_add(h->timer, &tv);
}

/* What was fetched takes the place of what is kept under this name. */
static void
take(struct heartbeat *h, const struct https_answer *a, const char *name)
{
	json_t *v = json_read(a->body, a->body_len, NULL);
	struct rel_err err;

	if (a->status == 200 && json_is_object(v)) {
		json_object_set(h->sim->st.doc, name, v);
		if (state_save(&h->sim->st, &err) < 0)
			rel_log(REL_WARN, "configuration not kept",
			    "why=\"%s\"", err.text);
		if (h->sim->tray != NULL)
			tray_device_changed(h->sim->tray);
	}
	json_decref(v);
}

static void
on_config(const struct https_answer *a, void *ctx)
{
	take(ctx, a, "config");
}

static void
on_restrictions(const struct https_answer *a, void *ctx)
{
	take(ctx, a, "restrictions");
}

static void
fetch(struct heartbeat *h, const char *path, https_cb done)
{
	struct https_request rq = { .method = "GET", .path = path };
	struct rel_err err;

	if (https_send(h->sim->net, &rq, done, h, &err) < 0)
		rel_log(REL_WARN, "cannot be fetched", "path=%s why=\"%s\"",
		    path, err.text);
}

/* ---- a certificate that grows old: a new key and a new one */

static void
on_renewed(const struct https_answer *a, void *ctx)
{
	struct heartbeat *h = ctx;
	json_t *v = json_read(a->body, a->body_len, NULL);
	const char *pem = json_str_at(v, "certificate_pem", NULL);
	struct state *st = &h->sim->st;
	struct rel_err err;

	if (a->status == 200 && pem != NULL &&
	    state_write(st, "device.key", h->new_key.data, h->new_key.len,
	    0600, &err) == 0)
		(void)state_write(st, "device.crt", pem, strlen(pem), 0644,
		    &err);
	rel_log(REL_INFO, "certificate renewed", "status=%ld", a->status);
	rel_buf_fini_secret(&h->new_key);
	json_decref(v);
}

static void
renew(struct heartbeat *h)
{
	struct rel_buf csr;
	char pin[KEYS_PIN], idem[37], *text = NULL;
	struct https_request rq = { .method = "POST",
	    .path = "/opdp/v1/device/renew", .idem_key = idem };
	struct rel_err err;
	json_t *v = NULL;

	if (h->new_key.len > 0)
		return;			/* one is on its way */
	rel_buf_init(&csr);
	keys_uuid(idem);
	if (keys_make(state_str(&h->sim->st, "serial", "opsim"), &h->new_key,
	    &csr, pin, &err) == 0) {
		v = json_pack("{s:s%}", "csr_pem", (const char *)csr.data,
		    csr.len);
		text = json_dumps(v, JSON_COMPACT);
	}
	rq.body = text;
	rq.body_len = text != NULL ? strlen(text) : 0;
	if (text == NULL || https_send(h->sim->net, &rq, on_renewed, h,
	    &err) < 0)
		rel_buf_fini_secret(&h->new_key);
	json_decref(v);
	free(text);
	rel_buf_fini(&csr);
}

/* The server asks for something. */
static void
pending(struct heartbeat *h, const char *what)
{
	if (what != NULL && strcmp(what, "config") == 0)
		fetch(h, "/opdp/v1/device/config", on_config);
	if (what != NULL && strcmp(what, "restrictions") == 0)
		fetch(h, "/opdp/v1/device/restrictions", on_restrictions);
	if (what != NULL && strcmp(what, "certificate") == 0)
		renew(h);
	if (what != NULL && strcmp(what, "usage") == 0 &&
	    h->sim->usage != NULL)
		usage_push_now(h->sim->usage);
}

static void
on_beat(const struct https_answer *a, void *ctx)
{
	struct heartbeat *h = ctx;
	json_t *v = json_read(a->body, a->body_len, NULL);
	const json_t *what;
	size_t i;

	if (a->status == 200) {
		h->answered_ms = rel_mono_ms();
		h->away = false;
		json_array_foreach(json_object_get(v, "pending"), i, what)
			pending(h, json_string_value(what));
	} else if (!h->away) {
		rel_log(REL_WARN, "heartbeat not answered",
		    "status=%ld why=\"%s\"", a->status, a->trouble);
		h->away = true;
	}
	json_decref(v);
	beat_later(h);
}

/* Where its HTTPS service is now. */
static json_t *
api_json(const struct opsim *sim)
{
	char url[64];

	snprintf(url, sizeof url, "https://127.0.0.1:%u/opdp/v1",
	    sim->api_port);
	return json_pack("{s:s, s:s}", "url", url, "spki_pin", state_str(
	    &sim->st, "api_pin", ""));
}

static json_t *
beat_body(const struct heartbeat *h)
{
	const struct opsim *sim = h->sim;
	char now[32];
	json_t *v;

	rel_time_text(now, device_now_ms(&sim->dev));
	v = json_pack("{s:o, s:I, s:s?, s:I, s:I, s:{s:I, s:i}, s:s, s:s,"
	    " s:s}",
	    "status", device_status(&sim->dev), "usage_last_seq",
	    (json_int_t)usage_last(sim->usage), "usage_epoch",
	    usage_epoch(sim->usage),
	    "config_rev", state_int(&sim->st, "config.rev", 0),
	    "restrictions_rev", state_int(&sim->st, "restrictions.rev", 0),
	    "life", "impressions", (json_int_t)sim->dev.printed, "color", 0,
	    "boot_id", sim->dev.boot, "time", now, "session_id",
	    sim->panel->session);
	if (sim->api_port != 0)
		json_object_set_new(v, "api", api_json(sim));
	if (sim->usage != NULL && usage_life(sim->usage) != NULL)
		json_object_set(v, "life", (json_t *)(uintptr_t)usage_life(
		    sim->usage));
	return v;
}

static void
on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct heartbeat *h = ctx;
	char idem[37], *text;
	struct https_request rq = {
		.method = "POST", .path = "/opdp/v1/device/heartbeat",
		.idem_key = idem
	};
	struct rel_err err;
	json_t *v;

	(void)fd;
	(void)what;
	if (h->sim->dev.off) {
		beat_later(h);
		return;
	}
	keys_uuid(idem);
	v = beat_body(h);
	text = json_dumps(v, JSON_COMPACT);
	json_decref(v);
	rq.body = text;
	rq.body_len = text != NULL ? strlen(text) : 0;
	if (text == NULL || https_send(h->sim->net, &rq, on_beat, h, &err) < 0)
		beat_later(h);
	free(text);
}

int
heartbeat_new(struct heartbeat **out, struct opsim *sim, int every_s,
    struct rel_err *err)
{
	struct heartbeat *h = calloc(1, sizeof *h);
	struct timeval now = { 0, 0 };

	if (h == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	h->sim = sim;
	h->every_s = every_s;
	h->timer = evtimer_new(sim->base, on_timer, h);
	evtimer_add(h->timer, &now);
	*out = h;
	return 0;
}

void
heartbeat_free(struct heartbeat **hp)
{
	if (*hp == NULL)
		return;
	event_free((*hp)->timer);
	rel_buf_fini_secret(&(*hp)->new_key);
	free(*hp);
	*hp = NULL;
}

void
heartbeat_now(struct heartbeat *h)
{
	struct timeval now = { 0, 0 };

	evtimer_add(h->timer, &now);
}

int64_t
heartbeat_age_s(const struct heartbeat *h)
{
	if (h->answered_ms == 0)
		return -1;
	return (rel_mono_ms() - h->answered_ms) / 1000;
}
