/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The server's certificate and that of the authority of devices, in the local
 * API.  An agent reads certificates, super keeps keys and files; here it is
 * decided what may be installed.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/admin.h"

#define DAY_MS 86400000LL
#define WARN_DAYS 30

struct certs {
	struct cert_facts server, ca;	/* readable false: not known yet */
	bool asking;
	int64_t logged_day;
};

static int64_t
days_left(const struct cert_facts *f)
{
	int64_t left = f->until_ms - rel_now_ms();

	return left < 0 ? -((-left + DAY_MS - 1) / DAY_MS) : left / DAY_MS;
}

static bool
warn(const struct cert_facts *f)
{
	return f->readable && days_left(f) < WARN_DAYS;
}

static json_t *
names_json(const char *names)
{
	json_t *all = json_array();

	while (*names != '\0') {
		size_t n = strcspn(names, " ");

		json_array_append_new(all, json_stringn(names, n));
		names += n + (names[n] == ' ');
	}
	return all;
}

static json_t *
facts_json(const struct cert_facts *f)
{
	if (!f->readable)
		return json_null();
	return json_pack("{s:s,s:o,s:s,s:b,s:o,s:o,s:I,s:b,s:s,s:s,s:i}",
	    "subject", f->subject, "names", names_json(f->names), "issuer",
	    f->issuer, "self_signed", f->self_signed, "not_before",
	    json_time(f->from_ms), "not_after", json_time(f->until_ms),
	    "days_left", (json_int_t)days_left(f), "warn", warn(f),
	    "sha256", f->fp, "key_type", f->key_type, "chain", (int)f->n);
}

/* ---- what is in use: looked at when it changes and each day */

int
certs_init(struct core *c)
{
	c->certs = calloc(1, sizeof *c->certs);
	return c->certs != NULL ? 0 : -REL_E_NOMEM;
}

void
certs_fini(struct core *c)
{
	free(c->certs);
	c->certs = NULL;
}

static int
agent_look(struct core *c, const void *pem, size_t n, const char *host,
    agent_done done, void *ctx)
{
	struct rel_buf b;
	int rc;

	rel_buf_init(&b);
	rel_put_bytes(&b, pem, n);
	rel_put_str(&b, host);
	rc = b.failed ? -b.failed : agent_ask(c, IPC_CERT, &b, done, ctx);
	rel_buf_fini(&b);
	return rc;
}

static bool
facts_take(struct cert_facts *out, const struct rel_frame *fr)
{
	return fr != NULL && fr->type == IPC_CERT_FACTS &&
	    cert_facts_get(out, fr->body, fr->len) == 0;
}

static void
keep_facts(struct cert_facts *to, const struct rel_frame *fr)
{
	struct cert_facts f;

	if (!facts_take(&f, fr))
		return;
	f.pem = NULL;			/* the frame's */
	f.pem_len = 0;
	*to = f;
}

static void
log_expiry(const struct cert_facts *f, const char *which)
{
	char when[32];

	if (!warn(f))
		return;
	rel_time_text(when, f->until_ms);
	rel_log(REL_WARN, days_left(f) < 0 ? "a certificate has expired" :
	    "a certificate expires soon", "which=%s until=%s days=%lld",
	    which, when, (long long)days_left(f));
}

static void
certs_log(struct core *c)
{
	struct certs *cs = c->certs;

	log_expiry(&cs->server, "server");
	log_expiry(&cs->ca, "authority-of-devices");
	if (cs->server.readable && !cs->server.name_ok)
		rel_log(REL_WARN, "the server's certificate does not have "
		    "the server's name", "names=\"%s\"", cs->server.names);
}

static void
on_ca_facts(struct core *c, struct rel_frame *fr, void *ctx)
{
	(void)ctx;
	if (c->certs == NULL || c->ending)
		return;
	keep_facts(&c->certs->ca, fr);
	certs_log(c);
}

static void
on_server_facts(struct core *c, struct rel_frame *fr, void *ctx)
{
	const char *ca;

	(void)ctx;
	if (c->certs == NULL || c->ending)
		return;
	keep_facts(&c->certs->server, fr);
	ca = ca_pem(c);
	(void)agent_look(c, ca, strlen(ca), "", on_ca_facts, NULL);
}

static void
on_certs(struct core *c, const struct admin_said *said, void *ctx)
{
	(void)ctx;
	if (c->certs == NULL || said == NULL)
		return;
	c->certs->asking = false;
	(void)agent_look(c, said->was, said->was_len, said->host,
	    on_server_facts, NULL);
}

void
certs_refresh(struct core *c)
{
	if (c->certs == NULL || c->certs->asking)
		return;
	c->certs->logged_day = rel_now_ms() / DAY_MS;
	settings_refresh(c);
	c->certs->asking = super_ask(c, IPC_CERT_GET, NULL, on_certs,
	    NULL) == 0;
}

void
certs_tick(struct core *c)
{
	if (c->certs->logged_day != rel_now_ms() / DAY_MS)
		certs_refresh(c);
}

static void
warning_add(json_t *list, const char *code, const char *text)
{
	json_array_append_new(list, json_pack("{s:s,s:s}", "code", code,
	    "text", text));
}

static void
settings_words(json_t *list, const struct core *c)
{
	char text[320];

	if (c->settings_wait[0] == '\0')
		return;
	snprintf(text, sizeof text, "These settings take effect when "
	    "releaserd is started again: %s", c->settings_wait);
	warning_add(list, "settings-wait", text);
}

static void
expiry_words(json_t *list, const struct cert_facts *f, const char *code,
    const char *what)
{
	char text[200], when[32];

	if (!warn(f))
		return;
	rel_time_text(when, f->until_ms);
	if (days_left(f) < 0)
		snprintf(text, sizeof text, "%s has expired on %.10s", what,
		    when);
	else
		snprintf(text, sizeof text, "%s expires on %.10s, in %lld "
		    "days", what, when, (long long)days_left(f));
	warning_add(list, code, text);
}

json_t *
certs_warnings(const struct core *c)
{
	json_t *list = json_array();
	const struct certs *cs = c->certs;

	if (cs == NULL)
		return list;
	expiry_words(list, &cs->server, "certificate-expires",
	    "The server's certificate");
	expiry_words(list, &cs->ca, "authority-expires",
	    "The certificate of the authority of devices");
	if (cs->server.readable && !cs->server.name_ok)
		warning_add(list, "certificate-name", "The server's "
		    "certificate does not have the server's name: devices "
		    "and browsers refuse it");
	settings_words(list, c);
	return list;
}

/* ---- GET /certificate; also the answer to every change */

/* What has to wait for the facts of another certificate. */
struct cert_view {
	struct asker a;
	json_t *answer;
};

static void
on_undo_facts(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct cert_view *v = ctx;
	struct cert_facts f;

	if (facts_take(&f, fr))
		json_object_set_new(json_object_get(v->answer, "undo"),
		    "certificate", facts_json(&f));
	reply_json(c, &v->a, 200, v->answer);
	free(v);
}

static void
view_undo(struct core *c, struct cert_view *v)
{
	const char *pem = json_string_value(json_object_get(
	    json_object_get(v->answer, "undo"), "certificate"));

	if (pem != NULL && agent_look(c, pem, strlen(pem), "", on_undo_facts,
	    v) == 0)
		return;
	reply_json(c, &v->a, 200, v->answer);
	free(v);
}

/* Right after the start nobody may have looked at it yet. */
static void
on_view_ca(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct cert_view *v = ctx;

	if (c->certs != NULL) {
		keep_facts(&c->certs->ca, fr);
		json_object_set_new(v->answer, "authority",
		    facts_json(&c->certs->ca));
	}
	view_undo(c, v);
}

static void
on_view_facts(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct cert_view *v = ctx;
	const char *ca = ca_pem(c);
	struct cert_facts f;

	if (!facts_take(&f, fr)) {
		reply_problem(c, &v->a, "backend-unavailable", 5,
		    "the certificate cannot be read now");
		json_decref(v->answer);
		free(v);
		return;
	}
	json_object_set_new(v->answer, "certificate", facts_json(&f));
	json_object_set_new(v->answer, "name_ok", json_boolean(f.name_ok));
	if (!json_is_null(json_object_get(v->answer, "authority")) ||
	    agent_look(c, ca, strlen(ca), "", on_view_ca, v) < 0)
		view_undo(c, v);
}

static json_t *
blob_json(const uint8_t *p, size_t n)
{
	return n > 0 ? json_stringn((const char *)p, n) : json_null();
}

static void
cert_answer(struct core *c, const struct asker *a,
    const struct admin_said *said)
{
	struct cert_view *v = calloc(1, sizeof *v);

	if (v == NULL) {
		reply_problem(c, a, "internal", 0, "no memory");
		return;
	}
	v->a = *a;
	v->answer = json_pack("{s:n,s:b,s:s,s:o,s:o,s:o,s:o}", "certificate",
	    "name_ok", 0, "server_name", said->host, "pem",
	    blob_json(said->was, said->was_len), "authority",
	    facts_json(&c->certs->ca), "request", said->now_len > 0 ?
	    json_pack("{s:o,s:o}", "csr", blob_json(said->now,
	    said->now_len), "made_at", json_time(said->now_ms)) :
	    json_null(), "undo", said->undo_len > 0 ? json_pack("{s:o,s:o}",
	    "certificate", blob_json(said->undo, said->undo_len), "at",
	    json_time(said->undo_ms)) : json_null());
	if (v->answer != NULL && agent_look(c, said->was, said->was_len,
	    said->host, on_view_facts, v) == 0)
		return;
	reply_problem(c, a, "backend-unavailable", 5, "try again");
	json_decref(v->answer);
	free(v);
}

static void
on_cert(struct core *c, const struct admin_said *said, void *ctx)
{
	struct admin_call *k = ctx;

	if (said == NULL || said->outcome != ADMIN_DONE)
		admin_refused(c, k, "certificate-refused", said,
		    k->type == IPC_CERT_UNDO ? "nothing-to-undo" :
		    "certificate-refused");
	else
		cert_answer(c, &k->a, said);
	admin_call_free(k);
}

static void
cert_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	(void)rq;
	admin_look(c, a, who, IPC_CERT_GET, on_cert);
}

void
api_cert_get(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, cert_get);
}

/* ---- POST /certificate/csr */

static bool
bad_field(struct core *c, struct asker *a, const char *field,
    const char *words)
{
	reply_field(c, a, "bad-request", field, words);
	return false;
}

static bool
csr_name_add(struct admin_csr *m, const char *name)
{
	for (uint32_t i = 0; i < m->n; i++)
		if (strcasecmp(m->names[i], name) == 0)
			return true;
	if (m->n == ADMIN_NAMES_MAX || !admin_name_ok(name))
		return false;
	snprintf(m->names[m->n++], sizeof m->names[0], "%s", name);
	return true;
}

/* A list of host names and addresses; the common name is one of them. */
static bool
csr_names(struct core *c, const struct request *rq, struct asker *a,
    struct admin_csr *m)
{
	const char *text = req_str(rq, F_NAMES);
	json_t *all = text != NULL ? json_loads(text, JSON_DECODE_ANY, NULL) :
	    NULL, *one;
	bool ok = all == NULL || json_is_array(all);
	size_t i;

	if (admin_name_ok(m->common_name))
		(void)csr_name_add(m, m->common_name);
	json_array_foreach(all, i, one)
		ok = ok && json_is_string(one) &&
		    json_string_length(one) < sizeof m->names[0] &&
		    csr_name_add(m, json_string_value(one));
	json_decref(all);
	if (!ok)
		return bad_field(c, a, "names", "names is a list of at most "
		    "16 host names (print.example.com, *.example.com) and "
		    "addresses");
	return m->n > 0 ? true : bad_field(c, a, "common_name",
	    "give at least one host name: as common_name or in names");
}

static bool
csr_read(struct core *c, const struct request *rq, struct asker *a,
    struct admin_csr *m)
{
	const char *org = req_str(rq, F_ORGANIZATION);
	const char *country = req_str(rq, F_COUNTRY);
	const char *type = req_str(rq, F_KEY_TYPE);

	memset(m, 0, sizeof *m);
	snprintf(m->common_name, sizeof m->common_name, "%s",
	    req_str(rq, F_COMMON_NAME));
	snprintf(m->organization, sizeof m->organization, "%s",
	    org != NULL ? org : "");
	if (country != NULL && country[0] != '\0') {
		if (strlen(country) != 2 ||
		    !isalpha((unsigned char)country[0]) ||
		    !isalpha((unsigned char)country[1]))
			return bad_field(c, a, "country", "country has two "
			    "letters, as DE or US");
		m->country[0] = (char)toupper((unsigned char)country[0]);
		m->country[1] = (char)toupper((unsigned char)country[1]);
	}
	if (type != NULL && type[0] != '\0' && strcmp(type, "ec") != 0 &&
	    strcmp(type, "rsa") != 0)
		return bad_field(c, a, "key_type", "key_type is ec or rsa");
	m->rsa = type != NULL && strcmp(type, "rsa") == 0;
	return csr_names(c, rq, a, m);
}

static void
cert_csr(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	struct admin_call *k;
	struct admin_csr m;

	if (api_admin(c, a, who) < 0 || !csr_read(c, rq, a, &m))
		return;
	if ((k = admin_call_new(a, who, IPC_CERT_CSR)) == NULL) {
		reply_problem(c, a, "internal", 0, "no memory");
		return;
	}
	admin_csr_put(&k->body, &m);
	admin_order(c, k, "certificate-requested", m.common_name, on_cert);
}

void
api_cert_csr(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, cert_csr);
}

/* ---- POST /certificate/install */

/* Words against it, or NULL; super looks whether it fits the key. */
static const char *
cert_wrong(const struct cert_facts *f, const char *host, char why[240])
{
	int64_t now = rel_now_ms();
	char when[32];

	if (!f->readable || !f->usable) {
		snprintf(why, 240, "the certificate is refused: %.180s",
		    f->why);
	} else if (now < f->from_ms) {
		rel_time_text(when, f->from_ms);
		snprintf(why, 240, "the certificate is not good before %s: "
		    "look at this server's clock, or wait", when);
	} else if (now >= f->until_ms) {
		rel_time_text(when, f->until_ms);
		snprintf(why, 240, "the certificate has expired on %s: have "
		    "a new one made", when);
	} else if (!f->name_ok) {
		snprintf(why, 240, "the certificate is for \"%.100s\" and "
		    "not for this server, \"%.80s\"", f->names[0] != '\0' ?
		    f->names : f->subject, host);
	} else if (f->pem_len == 0) {
		snprintf(why, 240, "the certificate with its chain is larger "
		    "than %u bytes", ADMIN_PEM_MAX);
	} else {
		return NULL;
	}
	return why;
}

static void
on_install_facts(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct admin_call *k = ctx;
	struct cert_facts f;
	char why[240], words[320];

	if (!facts_take(&f, fr)) {
		reply_problem(c, &k->a, "backend-unavailable", 5,
		    "the certificate cannot be looked at now");
		admin_call_free(k);
		return;
	}
	if (cert_wrong(&f, k->host, why) != NULL) {
		reply_field(c, &k->a, "certificate-refused", "pem", why);
		admin_call_free(k);
		return;
	}
	rel_buf_reset(&k->body);
	rel_put_bytes(&k->body, f.pem, f.pem_len);
	snprintf(words, sizeof words, "%.200s sha256 %s", f.subject, f.fp);
	admin_order(c, k, "certificate-installed", words, on_cert);
}

/* Our name is known now: look at what was sent. */
static void
on_install_host(struct core *c, const struct admin_said *said, void *ctx)
{
	struct admin_call *k = ctx;

	if (said != NULL) {
		snprintf(k->host, sizeof k->host, "%s", said->host);
		if (agent_look(c, k->body.data, k->body.len, k->host,
		    on_install_facts, k) == 0)
			return;
	}
	reply_problem(c, &k->a, "backend-unavailable", 5, "try again");
	admin_call_free(k);
}

static void
cert_install(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *pem = req_str(rq, F_PEM);
	struct admin_call *k;

	if (api_admin(c, a, who) < 0)
		return;
	if (strstr(pem, "PRIVATE KEY-----") != NULL) {
		reply_field(c, a, "certificate-refused", "pem", "the text "
		    "holds a private key: only certificates belong here. The "
		    "key for a new certificate is made by a request (csr) and "
		    "never leaves this server");
		return;
	}
	k = admin_call_new(a, who, IPC_CERT_INSTALL);
	if (k != NULL) {
		k->field = "pem";
		rel_put_raw(&k->body, pem, strlen(pem));
	}
	if (k == NULL || k->body.failed || super_ask(c, IPC_CERT_GET, NULL,
	    on_install_host, k) < 0) {
		reply_problem(c, a, "backend-unavailable", 2, "try again");
		admin_call_free(k);
	}
}

void
api_cert_install(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, cert_install);
}

/* ---- POST /certificate/undo, /certificate/self-signed */

static void
cert_order(struct core *c, struct asker *a, const struct caller *who,
    unsigned type, const char *what)
{
	struct admin_call *k;

	if (api_admin(c, a, who) < 0)
		return;
	if ((k = admin_call_new(a, who, type)) == NULL)
		reply_problem(c, a, "internal", 0, "no memory");
	else
		admin_order(c, k, what, "", on_cert);
}

static void
cert_undo(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	(void)rq;
	cert_order(c, a, who, IPC_CERT_UNDO, "certificate-undone");
}

void
api_cert_undo(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, cert_undo);
}

static void
cert_self(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	(void)rq;
	cert_order(c, a, who, IPC_CERT_SELF, "certificate-self-signed");
}

void
api_cert_self(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, cert_self);
}
