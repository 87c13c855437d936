/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The passwords and PINs of devices in the local API; nobody reads them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/api_priv.h"

#define PIN_MIN 4u
#define PIN_MAX 16u

static const char *
kind_name(int kind)
{
	return kind == BLOCK_DEVICE_PIN ? "pin" : "password";
}

static bool
secret_row(const struct device_secret *s, void *ctx)
{
	json_t **rows = ctx;

	json_array_append_new(*rows, json_pack("{s:s,s:s,s:o,s:s}",
	    "device_id", s->device, "kind", kind_name(s->kind), "changed_at",
	    json_time(s->changed_ms), "changed_by", s->by));
	return true;
}

/* The name of each device beside its id; null: of every other device. */
static void
put_names(struct core *c, json_t *rows)
{
	json_t *o;
	size_t i;

	json_array_foreach(rows, i, o) {
		const struct device *d = device_at(c, json_string_value(
		    json_object_get(o, "device_id")));

		json_object_set_new(o, "device", d != NULL ?
		    json_string(d->name) : json_null());
		if (d == NULL)
			json_object_set_new(o, "device_id", json_null());
	}
}

static void
secret_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	json_t *rows;
	int rc;

	(void)rq;
	if (api_admin(c, a, who) < 0)
		return;
	rows = json_array();
	if ((rc = store_secret_list(c->st, secret_row, &rows)) < 0) {
		json_decref(rows);
		reply_broken(c, a, rc);
		return;
	}
	put_names(c, rows);
	api_answer_list(c, a, "secrets", rows, NULL);
}

void
api_secret_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, secret_list);
}

/* ---- a change waits for an agent's hash */

struct secret_change {
	struct asker a;
	struct caller who;
	struct device_secret s;
	char name[128];			/* of the device, for the audit */
};

static void
secret_write(struct core *c, struct secret_change *ch)
{
	bool gone = ch->s.verifier[0] == '\0';
	struct rel_err err;
	char detail[160];
	int rc;

	if (core_write(c, &err) < 0) {
		reply_broken(c, &ch->a, -REL_E_PEER);
	} else if ((rc = store_secret_set(c->st, &ch->s)) < 0) {
		reply_broken(c, &ch->a, core_spoil(c, rc));
	} else {
		snprintf(detail, sizeof detail, "%s of %s", kind_name(
		    ch->s.kind), ch->name);
		api_audit(c, &ch->who, gone ? "device-secret-removed" :
		    "device-secret-set", detail);
		reply_text(c, &ch->a, 204, NULL, 0);
	}
	rel_wipe(ch, sizeof *ch);
	free(ch);
}

static void
on_secret_hashed(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct secret_change *ch = ctx;
	struct rel_cur cur;

	if (fr == NULL || fr->type != IPC_HASHED) {
		reply_problem(c, &ch->a, "backend-unavailable", 2,
		    "passwords cannot be hashed now");
		free(ch);
		return;
	}
	rel_cur_init(&cur, fr->body, fr->len);
	rel_get_str(&cur, ch->s.verifier, sizeof ch->s.verifier);
	secret_write(c, ch);
}

static void
secret_hash(struct core *c, struct secret_change *ch, const char *value)
{
	struct rel_buf b;
	int rc;

	rel_buf_init(&b);
	rel_put_str(&b, value);
	rc = b.failed ? -b.failed : agent_ask(c, IPC_HASH, &b,
	    on_secret_hashed, ch);
	rel_buf_fini_secret(&b);
	if (rc == 0)
		return;
	reply_problem(c, &ch->a, "rate-limited", 5,
	    "too many passwords are being hashed");
	free(ch);
}

/* Of which device: its id, or "" for every other one. 0, or answered. */
static int
secret_device(struct core *c, const struct request *rq, struct asker *a,
    struct secret_change *ch)
{
	const char *name = req_str(rq, F_DEVICE);
	int rc = 0;

	snprintf(ch->name, sizeof ch->name, "every other device");
	if (name == NULL || name[0] == '\0')
		return 0;
	if ((rc = api_of_device(c, rq, a, ch->s.device)) <= 0)
		return -1;
	snprintf(ch->name, sizeof ch->name, "%.100s", name);
	return 0;
}

static bool
secret_ok(int kind, const char *value)
{
	size_t n = strlen(value);

	return kind == BLOCK_DEVICE_PASSWORD || n == 0 || (n >= PIN_MIN &&
	    n <= PIN_MAX && strspn(value, "0123456789") == n);
}

static void
secret_set(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *kind = req_str(rq, F_KIND), *value = req_str(rq, F_CARD);
	struct secret_change *ch;

	if (api_admin(c, a, who) < 0)
		return;
	if (strcmp(kind, "pin") != 0 && strcmp(kind, "password") != 0) {
		reply_field(c, a, "bad-request", "kind",
		    "kind is password or pin");
		return;
	}
	if ((ch = calloc(1, sizeof *ch)) == NULL) {
		reply_broken(c, a, -REL_E_NOMEM);
		return;
	}
	ch->a = *a;
	ch->who = *who;
	ch->s.kind = strcmp(kind, "pin") == 0 ? BLOCK_DEVICE_PIN :
	    BLOCK_DEVICE_PASSWORD;
	ch->s.changed_ms = rel_now_ms();
	snprintf(ch->s.by, sizeof ch->s.by, "%s", who->name);
	if (!secret_ok(ch->s.kind, value)) {
		reply_field(c, a, "bad-request", "value",
		    "the PIN of a device has 4 to 16 digits");
		free(ch);
	} else if (secret_device(c, rq, a, ch) < 0) {
		free(ch);
	} else if (value[0] == '\0') {
		secret_write(c, ch);
	} else {
		secret_hash(c, ch, value);
	}
}

void
api_secret_set(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, secret_set);
}
