/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The way from the server to OPDP devices: where they are, what we show, what
 * waits for those that fetch it. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "releaserd/core/access.h"
#include "releaserd/core/link.h"
#include "tests/unit/core_whole.h"

#define PIN "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define PIN_HEX \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static struct device dev;
static int net, driver;

UNIT(an_address_is_taken_or_refused)
{
	static const struct {
		const char *url, *pin;
		int rc;
	} all[] = {
		{ "https://10.0.0.5/opdp/v1", PIN, 0 },
		{ "https://[2001:db8::5]:8443/opdp/v1", PIN, 0 },
		{ "https://mfp", PIN, 0 },
		{ "http://10.0.0.5/opdp/v1", PIN, -REL_E_FORMAT },
		{ "https://", PIN, -REL_E_FORMAT },
		{ "https:///opdp/v1", PIN, -REL_E_FORMAT },
		{ "https://:443/opdp/v1", PIN, -REL_E_FORMAT },
		{ "https://me:pass@10.0.0.5/", PIN, -REL_E_FORMAT },
		{ "https://10.0.0.5/opdp/v1?x=1", PIN, -REL_E_FORMAT },
		{ "https://10.0.0.5/#x", PIN, -REL_E_FORMAT },
		{ "file:///etc/passwd", PIN, -REL_E_FORMAT },
		{ "poll:", PIN, -REL_E_FORMAT },
		{ "https://10.0.0.5/opdp/v1", "", -REL_E_FORMAT },
		{ "https://10.0.0.5/opdp/v1", PIN_HEX, -REL_E_FORMAT },
		{ "https://10.0.0.5/opdp/v1", "sha256/47DEQpj8HBSa+/TImW+5JCe"
		    "uQeRkm5NMpJWZG3hSu===", -REL_E_FORMAT },
		{ "https://10.0.0.5/opdp/v1", "sha1/47DEQpj8HBSa+/TImW+5JCe"
		    "uQeRkm5NMpJWZG3hSuFU=", -REL_E_FORMAT }
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		struct device d = { .state = 1 };
		struct rel_err err;

		if (link_address(&d, all[i].url, all[i].pin, &err) !=
		    all[i].rc)
			fail_msg("%s %s", all[i].url, all[i].pin);
		if (all[i].rc == 0) {
			assert_string_equal(d.api_pin, PIN_HEX);
			assert_string_equal(d.protocol, "opdp");
			assert_true(link_is_open(&d));
		} else {
			assert_false(link_is_open(&d));
		}
	}
}

static EVP_PKEY *
key_of(const struct ca_client *ours)
{
	BIO *b = BIO_new_mem_buf(ours->key, -1);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(b, NULL, NULL, NULL);

	BIO_free(b);
	assert_non_null(key);
	return key;
}

static X509 *
cert_of(const char *pem)
{
	BIO *b = BIO_new_mem_buf(pem, -1);
	X509 *x = PEM_read_bio_X509(b, NULL, NULL, NULL);

	BIO_free(b);
	assert_non_null(x);
	return x;
}

/* An authority as super makes one. */
static void
authority(void)
{
	static char cert[2048], key[2048];
	EVP_PKEY *pk = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	BIO *b = BIO_new(BIO_s_mem());
	struct ipc_start *st = &whole->role->start;
	struct rel_err err;

	assert_true(X509_set_version(x, 2) && ASN1_INTEGER_set(
	    X509_get_serialNumber(x), 1) &&
	    X509_gmtime_adj(X509_getm_notBefore(x), -10) != NULL &&
	    X509_gmtime_adj(X509_getm_notAfter(x), 86400) != NULL &&
	    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN",
	    MBSTRING_UTF8, (const unsigned char *)"ca", -1, -1, 0) &&
	    X509_set_issuer_name(x, X509_get_subject_name(x)) &&
	    X509_set_pubkey(x, pk) && X509_sign(x, pk, EVP_sha256()) > 0 &&
	    PEM_write_bio_X509(b, x));
	st->ca_cert_len = (size_t)BIO_read(b, cert, sizeof cert);
	assert_true(PEM_write_bio_PrivateKey(b, pk, NULL, NULL, 0, NULL,
	    NULL));
	st->ca_key_len = (size_t)BIO_read(b, key, sizeof key);
	st->ca_cert = (const void *)cert;
	st->ca_key = (const void *)key;
	assert_int_equal(ca_init(whole, &err), 0);
	BIO_free(b);
	X509_free(x);
	EVP_PKEY_free(pk);
}

/* The pin that devices got outlives every certificate and every start. */
UNIT(what_we_show_is_of_our_authority_and_stays)
{
	const struct ca_client *ours;
	EVP_PKEY *key, *ca_key;
	X509 *x, *ca;
	char pin[sizeof ours->pin], first[sizeof ours->cert];

	authority();
	ca = cert_of(ca_pem(whole));
	ca_key = X509_get_pubkey(ca);
	ours = ca_client(whole);
	assert_non_null(ours);
	x = cert_of(ours->cert);
	key = key_of(ours);
	assert_int_equal(X509_check_private_key(x, key), 1);
	assert_int_equal(X509_verify(x, ca_key), 1);
	memcpy(pin, ours->pin, sizeof pin);
	memcpy(first, ours->cert, sizeof first);
	assert_int_equal(strlen(pin), 51);
	/* not anew while it is good, and anew with the same key after that */
	assert_string_equal(ca_client(whole)->cert, first);
	whole->server_client->renew_after_ms = 1;
	assert_string_not_equal(ca_client(whole)->cert, first);
	assert_string_equal(ca_client(whole)->pin, pin);
	ca_client_fini(whole);
	ca_fini(whole);
	whole_restart();
	authority();
	assert_string_equal(ca_client(whole)->pin, pin);
	ca_client_fini(whole);
	ca_fini(whole);
	X509_free(x);
	X509_free(ca);
	EVP_PKEY_free(key);
	EVP_PKEY_free(ca_key);
}

UNIT(each_device_has_its_own_token_of_us)
{
	struct device a = { .id = "a", .registered_ms = 1 }, b = a;
	char one[65], two[65];

	device_server_token(whole, &a, one);
	device_server_token(whole, &b, two);
	assert_string_equal(one, two);
	b.registered_ms = 2;
	device_server_token(whole, &b, two);
	assert_string_not_equal(one, two);
	b = a;
	b.id[0] = 'b';
	device_server_token(whole, &b, two);
	assert_string_not_equal(one, two);
}

/* ---- what a device fetches */

static int
polled_open(void **state)
{
	if (whole_open(state) < 0)
		return -1;
	net = whole_peer(ROLE_NET);
	driver = whole_peer(ROLE_DRIVER);
	whole_device(&dev);
	whole_write();
	snprintf(dev.token, sizeof dev.token, "%064d", 7);
	link_polled(&dev, "[\"copy\",\"command-poll\"]");
	dev.state = 1;
	assert_int_equal(store_device_set(whole->st, &dev), 0);
	whole_turns();
	devices_changed(whole, dev.id);
	return 0;
}

static int
polled_close(void **state)
{
	close(net);
	close(driver);
	return whole_close(state);
}

/* As the role `driver` hands it over. */
static void
driver_calls(const char *device, const char *method, const char *path,
    const char *body, uint32_t ms)
{
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_str(&b, device);
	rel_put_u32(&b, ms);
	rel_put_str(&b, method);
	rel_put_str(&b, path);
	rel_put_str(&b, "\"7\"");
	rel_put_str(&b, "");
	rel_put_bytes(&b, body, strlen(body));
	whole_say(driver, IPC_DRIVER_CALL, &b);
	rel_buf_fini(&b);
	whole_turns();
}

static json_t *
fetched(void)
{
	static const struct request rq = { .route = OPDP_COMMANDS,
	    .caller = CALLER_TOKEN };
	struct request mine = rq;
	char problem[40];
	json_t *body = NULL;

	memcpy(mine.caller_id, dev.token, sizeof mine.caller_id);
	mine.f[F_WAIT_S].set = true;
	assert_int_equal(whole_ask(net, &mine, problem, &body), 200);
	return body;
}

static int
result(const char *id, int status, const char *said)
{
	struct request rq = { .route = OPDP_COMMAND_RESULT,
	    .caller = CALLER_TOKEN };
	char problem[40];
	json_t *body = NULL;
	int rc;

	memcpy(rq.caller_id, dev.token, sizeof rq.caller_id);
	rq.f[F_ID].set = rq.f[F_STATUS].set = true;
	rq.f[F_ID].str = id;
	rq.f[F_STATUS].num = status;
	if (said != NULL) {
		rq.f[F_BODY].set = true;
		rq.f[F_BODY].str = said;
	}
	rc = whole_ask(net, &rq, problem, &body);
	json_decref(body);
	return rc;
}

/* Of what core says to the driver: the next answer to a call. */
static bool
answer_heard(struct rel_frame *fr)
{
	while (whole_heard(driver, fr))
		if (fr->type == IPC_DRIVER_CALL)
			return true;
	return false;		/* and not what core asks by its clock */
}

/* What the driver hears: 1 and the status with the body, or 0. */
static int
driver_hears(uint16_t *status, char *body, size_t size)
{
	struct rel_frame fr;
	struct rel_cur c;
	const uint8_t *p;
	char etag[40];
	size_t n;

	whole_turns();
	if (!answer_heard(&fr))
		return 0;
	rel_cur_init(&c, fr.body, fr.len);
	assert_int_equal(rel_get_u8(&c), 0);
	*status = rel_get_u16(&c);
	rel_get_str(&c, etag, sizeof etag);
	p = rel_get_bytes(&c, &n);
	snprintf(body, size, "%.*s", (int)n, (const char *)p);
	assert_int_equal(rel_cur_end(&c), 0);
	return 1;
}

UNIT(what_is_asked_is_fetched_and_answered_once)
{
	json_t *all, *one;
	char id[40], body[100];
	uint16_t status;

	all = fetched();
	assert_int_equal(json_array_size(json_object_get(all, "commands")), 0);
	json_decref(all);
	driver_calls(dev.id, "PUT", "/restrictions", "{\"rev\":9}", 10000);
	assert_true(poll_pending(whole, dev.id));
	all = fetched();
	one = json_array_get(json_object_get(all, "commands"), 0);
	assert_string_equal(json_string_value(json_object_get(one, "method")),
	    "PUT");
	assert_string_equal(json_string_value(json_object_get(one,
	    "if_match")), "\"7\"");
	assert_int_equal(json_integer_value(json_object_get(json_object_get(
	    one, "body"), "rev")), 9);
	snprintf(id, sizeof id, "%s", json_string_value(json_object_get(one,
	    "id")));
	json_decref(all);
	/* not again at once: it may be at it */
	all = fetched();
	assert_int_equal(json_array_size(json_object_get(all, "commands")), 0);
	json_decref(all);
	assert_int_equal(result(id, 200, "{\"rev\":9}"), 204);
	assert_int_equal(driver_hears(&status, body, sizeof body), 1);
	assert_int_equal(status, 200);
	assert_string_equal(body, "{\"rev\":9}");
	/* said twice: taken, and nobody hears it twice */
	assert_int_equal(result(id, 200, "{\"rev\":9}"), 204);
	assert_int_equal(driver_hears(&status, body, sizeof body), 0);
	assert_false(poll_pending(whole, dev.id));
}

/* ---- what it asks its driver */

static void
driver_is(const char *name, uint32_t can)
{
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_u32(&b, 1);
	rel_put_str(&b, name);
	rel_put_str(&b, "somebody else's");
	rel_put_u32(&b, can);
	whole_say(driver, IPC_DRIVER_LIST, &b);
	rel_buf_fini(&b);
	whole_turns();
	whole_write();
	snprintf(dev.protocol, sizeof dev.protocol, "%s", name);
	assert_int_equal(store_device_set(whole->st, &dev), 0);
	whole_turns();
	devices_changed(whole, dev.id);
}

/* The driver says rc and this to what it is asked; what it was asked. */
static struct driver_ask
driver_says(int rc, const char *text)
{
	static struct rel_frame fr;
	struct driver_ask q = { .op = 0 };
	struct driver_said s;
	struct rel_err err;
	struct rel_buf b;

	while (q.op != DRIVER_INBOUND && whole_heard(driver, &fr))
		if (fr.type == IPC_DRIVER_ASK)
			assert_int_equal(driver_ask_get(&q, fr.body, fr.len),
			    0);
	assert_int_equal(q.op, DRIVER_INBOUND);
	driver_said_init(&s);
	s.rc = (int8_t)rc;
	rel_put_raw(&s.text, text, strlen(text));
	items_str(&s.items, "state", 0, "stopped");
	rel_buf_init(&b);
	driver_said_put(&b, &s);
	assert_int_equal(rel_frame_send(driver, &(struct rel_frame){ .type =
	    IPC_DRIVER_SAID, .id = fr.id, .body = b.data, .len = b.len },
	    1000, &err), 0);
	rel_buf_fini(&b);
	driver_said_fini(&s);
	whole_turns();
	return q;
}

/* What comes back to it: the status, or that of the problem. */
static int
answered(char *body, size_t size)
{
	struct response rs;
	struct rel_frame fr;

	assert_int_equal(whole_heard(net, &fr), 1);
	assert_int_equal(response_get(&rs, fr.body, fr.len), 0);
	snprintf(body, size, "%.*s", (int)rs.body_len, rs.body);
	return rs.status != 0 ? rs.status : problem_status(rs.problem);
}

UNIT(what_it_asks_its_driver_is_answered)
{
	struct request rq = { .route = OPDP_INBOUND, .caller = CALLER_TOKEN };
	char problem[40], body[200], state[16];
	struct driver_ask q;
	json_t *none;

	memcpy(rq.caller_id, dev.token, sizeof rq.caller_id);
	rq.f[F_ID].set = rq.f[F_BODY].set = true;
	rq.f[F_ID].str = "state";
	rq.f[F_BODY].str = "{\"state\":\"error\"}";
	driver_is("theirs", DRIVER_CAN_INFO);
	assert_int_equal(whole_ask(net, &rq, problem, &none), 501);
	json_decref(none);
	driver_is("theirs", DRIVER_CAN_INBOUND);
	assert_int_equal(whole_ask(net, &rq, problem, &none), -1);
	q = driver_says(0, "{\"heard\":true}");
	assert_string_equal(q.id, "state");
	assert_string_equal(q.at.protocol, "theirs");
	assert_int_equal(answered(body, sizeof body), 200);
	assert_non_null(strstr(body, "heard"));
	assert_true(fleet_item(whole, dev.id, "state", state, sizeof state));
	assert_string_equal(state, "stopped");
	assert_int_equal(whole_ask(net, &rq, problem, &none), -1);
	driver_says(0, "");
	assert_int_equal(answered(body, sizeof body), 204);
	assert_int_equal(whole_ask(net, &rq, problem, &none), -1);
	driver_says(0, "no JSON");
	assert_int_equal(answered(body, sizeof body), 500);
	assert_int_equal(whole_ask(net, &rq, problem, &none), -1);
	driver_says(-REL_E_NOTFOUND, "");
	assert_int_equal(answered(body, sizeof body), 404);
}

/* ---- what it holds while nobody is logged in */

/* The device is asked, and says rc, this and the revision: the status, with
 * the answer or the words of the problem. */
static int
holds(int rc, const char *text, int64_t rev, json_t **body)
{
	struct request rq = { .route = API_DEVICE_RESTRICTIONS,
	    .caller = CALLER_LOCAL };
	char problem[40];
	struct driver_said s;
	struct driver_ask q;
	struct rel_frame fr;
	struct response rs;
	int status;

	rq.f[F_ID].set = rq.f[F_AT].set = true;
	rq.f[F_ID].str = dev.id;
	rq.f[F_AT].str = "device";
	if ((status = whole_ask(net, &rq, problem, body)) >= 0)
		return status;
	do
		assert_int_equal(whole_heard(driver, &fr), 1);
	while (fr.type != IPC_DRIVER_ASK || driver_ask_get(&q, fr.body,
	    fr.len) < 0 || q.op != DRIVER_RESTRICTIONS_GET);
	driver_said_init(&s);
	s.rc = (int8_t)rc;
	s.number = rev;
	snprintf(s.words, sizeof s.words, "no way there");
	rel_put_raw(&s.text, text, strlen(text));
	whole_said(driver, fr.id, &s);
	whole_turns();
	assert_int_equal(whole_heard(net, &fr), 1);
	assert_int_equal(response_get(&rs, fr.body, fr.len), 0);
	*body = rs.status != 0 ? json_loadb(rs.body, rs.body_len, 0, NULL) :
	    json_string(rs.detail);
	assert_non_null(*body);
	return rs.status != 0 ? rs.status : problem_status(rs.problem);
}

/* The device says what it should, but for a change: the differences, in one
 * line. */
static void
differs(json_t *has, int64_t rev, const char *words)
{
	char *text = json_dumps(has, 0), line[300] = "";
	const json_t *at, *one;
	json_t *body;
	size_t i;

	assert_int_equal(holds(0, text, rev, &body), 200);
	at = json_object_get(body, "at_device");
	assert_true(json_equal(json_object_get(at, "restrictions"), has));
	assert_int_equal(json_integer_value(json_object_get(at, "rev")), rev);
	assert_int_equal(json_is_true(json_object_get(at, "same")),
	    words[0] == '\0');
	json_array_foreach(json_object_get(at, "differences"), i, one) {
		const char *is = json_string_value(json_object_get(one,
		    "has"));

		snprintf(line + strlen(line), sizeof line - strlen(line),
		    "%s %s %s;", json_string_value(json_object_get(one,
		    "name")), json_string_value(json_object_get(one,
		    "should")), is != NULL ? is : "none");
	}
	assert_string_equal(line, words);
	json_decref(body);
	free(text);
}

UNIT(what_it_holds_is_asked_of_itself)
{
	int64_t rev;
	json_t *has, *open;

	driver_is("theirs", DRIVER_CAN_RESTRICT);
	has = access_restrictions(whole, device_at(whole, dev.id), &rev);
	differs(has, rev, "");
	/* what it has besides is its own affair */
	json_object_set_new(has, "theirs", json_true());
	differs(has, rev, "");
	open = json_object_get(has, "unauthenticated");
	json_object_set_new(open, "copy", json_string("al\x1blow"));
	json_object_del(has, "on_server_loss");
	differs(has, rev, "unauthenticated.copy \"deny\" \"al\\u001Blow\";"
	    "on_server_loss \"deny\" none;");
	json_decref(has);
}

UNIT(what_it_does_not_say_is_said_in_words)
{
	static const struct {
		int rc;
		const char *text;
		int status;
		const char *words;
	} all[] = {
		{ -REL_E_TIMEOUT, "", 503, "does not answer: no way there" },
		{ -REL_E_PEER, "", 503, "does not answer: no way there" },
		{ -REL_E_NOTFOUND, "", 501, "knows no restrictions" },
		{ -REL_E_DENIED, "", 501, "does not say what it has: no way" },
		{ 0, "", 501, "are no restrictions" },
		{ 0, "[1]", 501, "are no restrictions" }
	};
	char *large;
	json_t *body;

	driver_is("theirs", DRIVER_CAN_RESTRICT);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		assert_int_equal(holds(all[i].rc, all[i].text, 1, &body),
		    all[i].status);
		assert_non_null(strstr(json_string_value(body),
		    all[i].words));
		json_decref(body);
	}
	large = malloc(20000);
	assert_non_null(large);
	snprintf(large, 20000, "{\"a\":\"%*s\"}", 17000, "");
	assert_int_equal(holds(0, large, 1, &body), 501);
	json_decref(body);
	free(large);
	/* one that has no such thing is not asked */
	driver_is("theirs", DRIVER_CAN_INFO);
	assert_int_equal(holds(0, "", 1, &body), 501);
	json_decref(body);
}

UNIT(what_waits_is_bounded_and_ends)
{
	struct rel_frame fr;
	json_t *all;

	for (int i = 0; i < 16; i++)
		driver_calls(dev.id, "GET", "/status", "", 10000);
	assert_false(answer_heard(&fr));
	driver_calls(dev.id, "GET", "/status", "", 10000);
	assert_true(answer_heard(&fr));
	assert_int_equal(fr.body[0], REL_E_FULL);
	/* what is no JSON is not handed on */
	driver_calls("another", "PUT", "/config", "{", 10000);
	assert_true(answer_heard(&fr));
	driver_calls("another", "PUT", "/config", "{}", 0);
	poll_tick(whole, link_of(whole, "another", false));
	assert_false(poll_pending(whole, "another"));
	all = fetched();
	assert_int_equal(json_array_size(json_object_get(all, "commands")),
	    16);
	json_decref(all);
}

/* ---- what a heartbeat says of sessions */

static struct session *
anna_at_it(struct link *l)
{
	struct user anna;
	struct session *s;

	whole_user(&anna, 1, "anna");
	s = session_open(whole, dev.id, &anna, "card", "en");
	assert_non_null(s);
	memcpy(l->want, s->id, sizeof l->want);
	memcpy(l->have, s->id, sizeof l->have);
	l->sent = json_object();
	l->sent_ms = rel_mono_ms();
	return s;
}

UNIT(a_heartbeat_says_which_session_is_open)
{
	static const char stranger[] = "11111111-2222-4333-8444-555555555555";
	struct link *l = link_of(whole, dev.id, true);
	struct session *s = anna_at_it(l);

	/* as it is: it counts the time */
	s->touched_ms = 5;
	push_seen(whole, l, s->id);
	assert_true(s->touched_ms > 5);
	/* none, sent before it was opened: that means nothing */
	push_seen(whole, l, "");
	assert_ptr_equal(session_at(whole, dev.id), s);
	/* none, and long after: nobody stands there any more */
	l->sent_ms -= 60000;
	push_seen(whole, l, "");
	assert_null(session_at(whole, dev.id));
	assert_string_equal(l->have, "");
	assert_null(l->sent);
	/* one that nobody here knows is to be closed */
	push_seen(whole, l, stranger);
	assert_string_equal(l->have, stranger);
	assert_true(l->busy);
	/* what is no id at all changes nothing */
	l->busy = false;
	push_seen(whole, l, "this is far too long for an id of a session");
	assert_string_equal(l->have, stranger);
}

/* What is asked of the device next; false: nothing. */
static bool
asks(struct rel_frame *fr, struct driver_ask *q)
{
	whole_turns();
	while (whole_heard(driver, fr) == 1)
		if (fr->type == IPC_DRIVER_ASK) {
			assert_int_equal(driver_ask_get(q, fr->body, fr->len),
			    0);
			return true;
		}
	return false;
}

/* The same but for how it is, which is asked by the clock. */
static bool
asks_more(struct rel_frame *fr, struct driver_ask *q)
{
	while (asks(fr, q))
		if (q->op != DRIVER_STATUS && q->op != DRIVER_INFO)
			return true;
	return false;
}

static void
does(uint32_t question)
{
	struct driver_said s;

	driver_said_init(&s);
	whole_said(driver, question, &s);
}

static struct session *
logs_in(void)
{
	struct session *s;
	struct user anna;

	whole_user(&anna, 1, "anna");
	whole_write();
	s = session_open(whole, dev.id, &anna, "card", "en");
	assert_non_null(s);
	push_open(whole, s);
	return s;
}

/* It has started anew while a session was being opened at it. */
UNIT(a_late_answer_is_none_about_the_next_session)
{
	struct link *l = link_of(whole, dev.id, true);
	struct session *s = logs_in();
	struct driver_ask q;
	struct rel_frame fr;
	char first[37];

	assert_true(asks_more(&fr, &q));
	assert_int_equal(q.op, DRIVER_SESSION_OPEN);
	snprintf(first, sizeof first, "%s", s->id);
	assert_string_equal(q.id, first);
	push_forget(l);
	session_close(whole, s);
	s = logs_in();
	does(fr.id);
	assert_true(asks_more(&fr, &q));
	assert_int_equal(q.op, DRIVER_SESSION_CLOSE);
	assert_string_equal(q.id, first);
	does(fr.id);
	assert_true(asks_more(&fr, &q));
	assert_int_equal(q.op, DRIVER_SESSION_OPEN);
	assert_string_equal(q.id, s->id);
	does(fr.id);
	whole_turns();
	assert_string_equal(l->have, s->id);
	assert_non_null(l->sent);
}

static void
nothing_said(struct core *c, const struct driver_said *s, void *ctx)
{
	(void)c;
	(void)s;
	(void)ctx;
}

UNIT(what_we_show_it_does_not_stay_with_who_asks)
{
	struct driver_ask q = { .op = DRIVER_STATUS, .text = "" }, heard;
	static const char none[sizeof q.at.token];
	struct rel_frame fr;

	assert_int_equal(fleet_ask(whole, &dev, &q, nothing_said, NULL), 0);
	assert_memory_equal(q.at.token, none, sizeof none);
	assert_true(asks(&fr, &heard));
	assert_true(heard.at.token[0] != '\0');
}

#define POLLED(name) \
	cmocka_unit_test_setup_teardown(name, polled_open, polled_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(an_address_is_taken_or_refused),
		WHOLE(what_we_show_is_of_our_authority_and_stays),
		WHOLE(each_device_has_its_own_token_of_us),
		POLLED(what_is_asked_is_fetched_and_answered_once),
		POLLED(what_it_asks_its_driver_is_answered),
		POLLED(what_it_holds_is_asked_of_itself),
		POLLED(what_it_does_not_say_is_said_in_words),
		POLLED(what_waits_is_bounded_and_ends),
		POLLED(a_heartbeat_says_which_session_is_open),
		POLLED(what_we_show_it_does_not_stay_with_who_asks),
		POLLED(a_late_answer_is_none_about_the_next_session)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
