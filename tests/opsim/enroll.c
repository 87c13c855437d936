/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/enroll.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "tests/opsim/https.h"
#include "tests/opsim/keys.h"
#include "tests/opsim/state.h"

/* One request, waited for. */
struct waiting {
	struct event_base *base;
	json_t *body;		/* owned */
	int rc;
	struct rel_err *err;
};

static void
on_answer(const struct https_answer *a, void *ctx)
{
	struct waiting *w = ctx;

	if (a->status == 0) {
		w->rc = rel_err_set(w->err, REL_E_PEER, "%s", a->trouble);
	} else if ((w->body = json_read(a->body, a->body_len, w->err)) ==
	    NULL) {
		w->rc = rel_err_set(w->err, REL_E_PEER,
		    "the server answered %ld, and no JSON", a->status);
	} else if (a->status != 200 && a->status != 201) {
		w->rc = rel_err_set(w->err, REL_E_DENIED,
		    "the server said no: %ld %s %s", a->status,
		    json_str_at(w->body, "code", ""),
		    json_str_at(w->body, "detail", ""));
	}
	event_base_loopbreak(w->base);
}

/* POST a body and wait; *out is owned by the caller when 0 is returned. */
static int
post(struct https *h, struct event_base *base, const char *path,
    const json_t *body, json_t **out, struct rel_err *err)
{
	struct waiting w = { .base = base, .err = err };
	char *text = json_dumps(body, JSON_COMPACT), idem[37];
	struct https_request rq = {
		.method = "POST", .path = path, .body = text, .idem_key = idem
	};
	int rc;

	if (text == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	keys_uuid(idem);
	rq.body_len = strlen(text);
	if ((rc = https_send(h, &rq, on_answer, &w, err)) == 0) {
		event_base_dispatch(base);
		rc = w.rc;
	}
	rel_wipe(text, rq.body_len);
	free(text);
	if (rc == 0)
		*out = w.body;
	else
		json_decref(w.body);
	return rc;
}

/* The activation key, from a file or standard input, without blanks. */
static int
read_key(const char *path, char *out, size_t size, struct rel_err *err)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	int ok;

	if (f == NULL)
		return rel_err_sys(err, REL_E_NOTFOUND, "cannot open %s",
		    path);
	ok = fgets(out, (int)size, f) != NULL;
	if (f != stdin)
		fclose(f);
	out[ok ? strcspn(out, " \t\r\n") : 0] = '\0';
	return out[0] != '\0' ? 0 : rel_err_set(err, REL_E_FORMAT,
	    "there is no activation key in %s", path);
}

/* Each of "copy,scan". */
static void
put_features(json_t *features, const char *list)
{
	while (*list != '\0') {
		size_t n = strcspn(list, ",");

		if (n > 0)
			json_array_append_new(features, json_stringn(list,
			    n));
		list += n + (list[n] == ',');
	}
}

/* The key and certificate of the device's HTTPS service; its pin. */
static int
make_api(struct state *st, const char *serial, char pin[KEYS_PIN],
    struct rel_err *err)
{
	struct rel_buf key, cert;
	int rc;

	rel_buf_init(&key);
	rel_buf_init(&cert);
	if ((rc = keys_self(serial, &key, &cert, pin, err)) == 0 &&
	    (rc = state_write(st, "api.key", key.data, key.len, 0600,
	    err)) == 0)
		rc = state_write(st, "api.crt", cert.data, cert.len, 0644,
		    err);
	rel_buf_fini_secret(&key);
	rel_buf_fini(&cert);
	return rc;
}

static json_t *
register_body(const struct enroll *e, const char *activation,
    const struct rel_buf *csr, const char *pin)
{
	json_t *v = json_pack("{s:s, s:{s:s, s:[], s:s, s:s, s:s, s:[s], s:i,"
	    " s:[s, s]}, s:s, s:s%}", "activation_key", activation,
	    "device", "serial", e->serial, "mac", "vendor", e->vendor,
	    "model", e->model, "firmware", e->firmware, "opdp", "1.0",
	    "level", e->level, "features", "card-reader", "html-panel",
	    "auth", "mtls", "csr_pem", (const char *)csr->data, csr->len);

	put_features(json_at(v, "device.features"), e->native);
	if (e->token) {
		json_object_set_new(v, "auth", json_string("token"));
		json_object_del(v, "csr_pem");
	}
	if (v != NULL && e->api_url != NULL)
		json_object_set_new(v, "api", json_pack("{s:s, s:s}",
		    "url", e->api_url, "spki_pin", pin));
	return v;
}

static int
write_pem(struct state *st, const json_t *answer, const char *member,
    const char *name, struct rel_err *err)
{
	const char *pem = json_str_at(answer, member, NULL);

	if (pem == NULL || strncmp(pem, "-----BEGIN CERTIFICATE", 22) != 0)
		return rel_err_set(err, REL_E_FORMAT,
		    "the server's answer has no %s", member);
	return state_write(st, name, pem, strlen(pem), 0644, err);
}

/* Who the server is: its certificate or CA, as the administrator gave it. */
static int
keep_server(struct state *st, const struct enroll *e, struct rel_err *err)
{
	struct rel_buf b;
	int rc;

	if (e->ca == NULL)
		return 0;
	rel_buf_init(&b);
	rc = file_read(e->ca, 1u << 20, &b, err);
	if (rc == 0)
		rc = state_write(st, "server.pem", b.data, b.len, 0644, err);
	rel_buf_fini(&b);
	return rc;
}

static int
keep_credential(struct state *st, json_t *answer, const struct rel_buf *key,
    struct rel_err *err)
{
	int rc;

	if ((rc = write_pem(st, answer, "certificate_pem", "device.crt",
	    err)) < 0 ||
	    (rc = write_pem(st, answer, "ca_pem", "ca.pem", err)) < 0 ||
	    (rc = state_write(st, "device.key", key->data, key->len, 0600,
	    err)) < 0)
		return rc;
	json_object_del(answer, "certificate_pem");
	json_object_del(answer, "ca_pem");
	return 0;
}

static json_t *
features_of(const char *list)
{
	json_t *all = json_array();

	put_features(all, list);
	return all;
}

static int
keep_answer(struct state *st, const struct enroll *e, json_t *answer,
    const char *api_pin, const char *tail, struct rel_err *err)
{
	json_object_set_new(answer, "api_pin", json_string(api_pin));
	json_object_set_new(answer, "native", features_of(e->native));
	json_object_set_new(answer, "server", json_string(e->server));
	json_object_set_new(answer, "serial", json_string(e->serial));
	json_object_set_new(answer, "vendor", json_string(e->vendor));
	json_object_set_new(answer, "model", json_string(e->model));
	json_object_set_new(answer, "firmware", json_string(e->firmware));
	json_object_set_new(answer, "level", json_integer(e->level));
	json_object_set_new(answer, "key_tail", json_string(tail));
	if (e->pin != NULL)
		json_object_set_new(answer, "server_pin",
		    json_string(e->pin));
	st->doc = json_incref(answer);
	return state_save(st, err);
}

/* Send the request with a client made for it; see post(). */
static int
ask_register(const struct enroll *e, const json_t *body, json_t **answer,
    struct rel_err *err)
{
	struct https_setup how = {
		.server = e->server, .ca_file = e->ca, .pin = e->pin,
		.trace = e->trace
	};
	struct event_base *base = event_base_new();
	struct https *h = NULL;
	int rc = https_new(&h, base, &how, err);

	if (rc == 0)
		rc = post(h, base, "/opdp/v1/device/register", body, answer,
		    err);
	https_free(&h);
	event_base_free(base);
	return rc;
}

/* The end of a key, as a device may show it; the key is of no use any more. */
static const char *
tail_of(const char *activation)
{
	size_t n = strlen(activation);

	return activation + (n > 5 ? n - 5 : n);
}

int
enroll_register(const struct enroll *e, struct rel_err *err)
{
	char activation[64] = "", pin[KEYS_PIN], api_pin[KEYS_PIN];
	struct rel_buf key, csr;
	json_t *body = NULL, *answer = NULL;
	struct state st;
	int rc;

	if (e->ca == NULL && e->pin == NULL)
		return rel_err_set(err, REL_E_DENIED,
		    "who is the server? give --ca FILE or --pin sha256/...");
	rel_buf_init(&key);
	rel_buf_init(&csr);
	if ((rc = state_open(&st, e->dir, 1, err)) == 0 &&
	    (rc = read_key(e->key_file, activation, sizeof activation,
	    err)) == 0 &&
	    (rc = keys_make(e->serial, &key, &csr, pin, err)) == 0 &&
	    (rc = make_api(&st, e->serial, api_pin, err)) == 0 &&
	    (rc = keep_server(&st, e, err)) == 0) {
		body = register_body(e, activation, &csr, api_pin);
		rc = ask_register(e, body, &answer, err);
	}
	if (rc == 0 && (e->token || (rc = keep_credential(&st, answer, &key,
	    err)) == 0))
		rc = keep_answer(&st, e, answer, api_pin,
		    tail_of(activation), err);
	json_decref(body);
	json_decref(answer);
	state_fini(&st);
	rel_wipe(activation, sizeof activation);
	rel_buf_fini_secret(&key);
	rel_buf_fini(&csr);
	return rc;
}

static int
renew_at(struct state *st, const char *trace, const json_t *body,
    json_t **answer, struct rel_err *err)
{
	struct event_base *base = event_base_new();
	struct https *h = NULL;
	int rc = https_of_device(&h, base, st, trace, NULL, err);

	if (rc == 0)
		rc = post(h, base, "/opdp/v1/device/renew", body, answer,
		    err);
	https_free(&h);
	event_base_free(base);
	return rc;
}

int
enroll_renew(const char *dir, const char *trace, struct rel_err *err)
{
	struct rel_buf key, csr;
	json_t *body = NULL, *answer = NULL;
	char pin[KEYS_PIN];
	struct state st;
	int rc;

	rel_buf_init(&key);
	rel_buf_init(&csr);
	if ((rc = state_open(&st, dir, 0, err)) == 0 &&
	    (rc = state_load(&st, err)) == 0 &&
	    (rc = keys_make(state_str(&st, "serial", "opsim"), &key, &csr,
	    pin, err)) == 0) {
		body = json_pack("{s:s%}", "csr_pem", (const char *)csr.data,
		    csr.len);
		rc = renew_at(&st, trace, body, &answer, err);
	}
	if (rc == 0 && (rc = write_pem(&st, answer, "certificate_pem",
	    "device.crt", err)) == 0)
		rc = state_write(&st, "device.key", key.data, key.len, 0600,
		    err);
	json_decref(body);
	json_decref(answer);
	state_fini(&st);
	rel_buf_fini_secret(&key);
	rel_buf_fini(&csr);
	return rc;
}
