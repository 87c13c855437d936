/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* HTTP for drivers, against a server that does what it should not. */
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "releaserd/driver/drivers.h"
#include "releaserd/fiber.h"
#include "releaserd/super/super.h"

#define MANY 40

static struct blob cert, key, other_cert, other_key;
static uint16_t plain_port, tls_port, nobody_port;
static pid_t server;
static struct event_base *base;

/* The resolver: every name server is away, for so long. */
#define LOOKUP_MS 2000

int
getaddrinfo(const char *host, const char *service,
    const struct addrinfo *hints, struct addrinfo **out)
{
	(void)host;
	(void)service;
	(void)hints;
	*out = NULL;
	(void)poll(NULL, 0, LOOKUP_MS);
	return EAI_AGAIN;
}

/* ---- the server: a process for each connection */

static void
say(BIO *io, const char *text)
{
	if (BIO_write(io, text, (int)strlen(text)) <= 0)
		_exit(0);
}

static void
say_again(BIO *io, const char *first, const char *text, unsigned n)
{
	say(io, first);
	while (n-- > 0)
		say(io, text);
}

static void
answer_body(BIO *io, const char *type, const char *text)
{
	char head[400];

	snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\n"
	    "X-Process:  %d \r\nContent-Length: %zu\r\n\r\n", type, getpid(),
	    strlen(text));
	say(io, head);
	say(io, text);
}

#define TEN "0123456789"
static void
serve(BIO *io, const char *path, const char *all)
{
	if (strcmp(path, "/plain") == 0) {
		answer_body(io, "Application/JSON; charset=utf-8", "{}");
	} else if (strcmp(path, "/echo") == 0) {
		answer_body(io, "text/plain", all);
	} else if (strcmp(path, "/slow") == 0) {
		usleep(300000);
		answer_body(io, "text/plain", "slow");
	} else if (strcmp(path, "/never") == 0) {
		pause();
	} else if (strcmp(path, "/big") == 0) {
		say_again(io, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
		    TEN, 100);
	} else if (strcmp(path, "/endless") == 0) {
		say_again(io, "HTTP/1.1 200 OK\r\n\r\n", TEN, 100000);
	} else if (strcmp(path, "/heads") == 0) {
		say_again(io, "HTTP/1.1 200 OK\r\n", "X-" TEN ": " TEN "\r\n",
		    100000);
	} else if (strcmp(path, "/moved") == 0) {
		say(io, "HTTP/1.1 302 Found\r\nLocation: /plain\r\n"
		    "Content-Length: 0\r\n\r\n");
	} else if (strcmp(path, "/twice") == 0) {
		say(io, "HTTP/1.1 100 Continue\r\nX-A: 1\r\n\r\n");
		answer_body(io, "text/plain", "twice");
	} else if (strcmp(path, "/noise") == 0) {
		say(io, "\x80\x81 what?\r\n\r\n\r\n");
		_exit(0);
	} else {
		_exit(0);
	}
}

/* Requests of one connection; bodies come with their head, they are short. */
static void
serve_all(BIO *io)
{
	static char all[8192];
	char path[40];
	int n;

	while ((n = BIO_read(io, all, sizeof all - 1)) > 0) {
		all[n] = '\0';
		if (sscanf(all, "%*s %39s", path) == 1)
			serve(io, path, all);
	}
	_exit(0);
}

static SSL_CTX *
tls_context(void)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	BIO *c = BIO_new_mem_buf(cert.data, (int)cert.len);
	BIO *k = BIO_new_mem_buf(key.data, (int)key.len);
	X509 *x = PEM_read_bio_X509(c, NULL, NULL, NULL);
	EVP_PKEY *p = PEM_read_bio_PrivateKey(k, NULL, NULL, NULL);

	if (SSL_CTX_use_certificate(ctx, x) != 1 ||
	    SSL_CTX_use_PrivateKey(ctx, p) != 1)
		_exit(1);
	return ctx;
}

static int
take_any(int ok, X509_STORE_CTX *ctx)
{
	(void)ok;
	(void)ctx;
	return 1;
}

static void
serve_tls(int sock)
{
	SSL_CTX *ctx = tls_context();
	SSL *ssl;
	BIO *io;

	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, take_any);
	io = BIO_new_ssl(ctx, 0);
	BIO_push(io, BIO_new_socket(sock, BIO_CLOSE));
	if (BIO_do_handshake(io) != 1)
		_exit(0);
	BIO_get_ssl(io, &ssl);
	if (SSL_get0_peer_certificate(ssl) != NULL) {
		/* Who is known hears nothing but that. */
		static char all[8192];

		while (BIO_read(io, all, sizeof all) > 0)
			answer_body(io, "text/plain", "known");
		_exit(0);
	}
	serve_all(io);
}

static int
listen_at(uint16_t *port)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof in;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&in, sizeof in) < 0 ||
	    getsockname(fd, (struct sockaddr *)&in, &len) < 0)
		return -1;
	*port = ntohs(in.sin_port);
	return fd;
}

static void
accept_all(int fd, bool tls)
{
	int sock;

	while ((sock = accept(fd, NULL, NULL)) >= 0) {
		if (fork() == 0) {
			(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
			if (tls)
				serve_tls(sock);
			serve_all(BIO_new_socket(sock, BIO_CLOSE));
		}
		close(sock);
	}
	_exit(0);
}

static void
server_main(int plain, int tls)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_DFL);
	if (fork() == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		accept_all(tls, true);
	}
	accept_all(plain, false);
}

static int
begin_all(void **state)
{
	int plain = listen_at(&plain_port), tls = listen_at(&tls_port);
	int nobody = listen_at(&nobody_port);
	struct rel_err err;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	if (plain < 0 || tls < 0 || nobody < 0 || listen(plain, 64) < 0 ||
	    listen(tls, 64) < 0 ||
	    certs_self_signed("localhost", &cert, &key, &err) < 0 ||
	    certs_self_signed("us", &other_cert, &other_key, &err) < 0)
		return -1;
	if ((server = fork()) == 0)
		server_main(plain, tls);
	close(plain);
	close(tls);
	close(nobody);
	return server > 0 ? 0 : -1;
}

static int
end_all(void **state)
{
	(void)state;
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	blob_fini(&cert);
	blob_fini(&key);
	blob_fini(&other_cert);
	blob_fini(&other_key);
	return 0;
}

static int
begin(void **state)
{
	(void)state;
	if ((base = event_base_new()) == NULL || driver_http_begin(base) < 0)
		return -1;
	fiber_init(base, MANY);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	fiber_fini();
	driver_http_end();
	event_base_free(base);
	return 0;
}
#define HTTP(name) cmocka_unit_test_setup_teardown(name, begin, end)

/* ---- asking */

struct try {
	struct driver_http h;
	struct driver_reply r;
	struct rel_err err;
	char url[80];
	int rc;
	bool done;
};

static struct try
to(const char *scheme, uint16_t port, const char *path)
{
	struct try t = { .h = { .method = "GET", .limit = 100000,
	    .until_ms = rel_mono_ms() + 5000 }, .rc = 1 };

	snprintf(t.url, sizeof t.url, "%s://127.0.0.1:%u%s", scheme, port,
	    path);
	driver_reply_init(&t.r);
	return t;
}

static void
work(void *arg)
{
	struct try *t = arg;

	t->h.url = t->url;
	t->rc = driver_http(&t->h, &t->r, &t->err);
	t->done = true;
}

static int
run(struct try *t)
{
	assert_true(fiber_go(work, t));
	while (!t->done)
		assert_int_equal(0, event_base_loop(base, EVLOOP_ONCE));
	return t->rc;
}

static int
run_once(struct try t)
{
	int rc = run(&t);

	driver_reply_fini(&t.r);
	return rc;
}

static bool
body_has(const struct try *t, const char *text)
{
	return t->r.body.data != NULL && memmem(t->r.body.data, t->r.body.len,
	    text, strlen(text)) != NULL;
}

UNIT(an_answer_comes_whole)
{
	struct try t = to("http", plain_port, "/plain");
	char value[40];

	assert_int_equal(0, run(&t));
	assert_int_equal(200, t.r.status);
	assert_string_equal("application/json", t.r.type);
	assert_string_equal("", t.r.pin);
	assert_true(body_has(&t, "{}") && t.r.body.len == 2);
	assert_true(driver_header(&t.r, "x-process", value, sizeof value));
	assert_true(atoi(value) > 1);
	assert_false(driver_header(&t.r, "X-Other", value, sizeof value));
	assert_string_equal("", value);
	assert_false(driver_header(&t.r, "content-type", value, 10));
	driver_reply_fini(&t.r);
}

UNIT(what_is_asked_goes_out)
{
	static const char *const lines[] = { "X-Our: one", NULL };
	struct try t = to("http", plain_port, "/echo");

	t.h.method = "PATCH";
	t.h.headers = lines;
	t.h.body = "abc\0d";
	t.h.body_len = 5;
	assert_int_equal(0, run(&t));
	assert_true(body_has(&t, "PATCH /echo HTTP/1.1\r\n"));
	assert_true(body_has(&t, "X-Our: one\r\n"));
	assert_true(body_has(&t, "Content-Length: 5\r\n"));
	assert_true(body_has(&t, "\r\n\r\nabc"));
	assert_false(body_has(&t, "Expect"));
	assert_false(body_has(&t, "urlencoded"));
	driver_reply_fini(&t.r);
}

UNIT(no_header_of_ours_has_two_lines)
{
	static const char *const lines[] = { "X-Our: one\r\nX-Two: 2", NULL };
	struct try t = to("http", plain_port, "/echo");

	t.h.headers = lines;
	assert_int_equal(-REL_E_FORMAT, run_once(t));
}

static void
keeps_one(struct try *a, struct try *b, bool same)
{
	char first[40], second[40];

	assert_int_equal(0, run(a));
	assert_int_equal(0, run(b));
	assert_true(driver_header(&a->r, "X-Process", first, sizeof first));
	assert_true(driver_header(&b->r, "X-Process", second, sizeof second));
	assert_int_equal(same, strcmp(first, second) == 0);
	driver_reply_fini(&a->r);
	driver_reply_fini(&b->r);
}

UNIT(a_connection_is_kept)
{
	struct try a = to("http", plain_port, "/plain"), b = a;

	keeps_one(&a, &b, true);
}

UNIT(many_wait_together)
{
	static struct try t[MANY];
	int64_t began = rel_mono_ms();

	for (size_t i = 0; i < MANY; i++) {
		t[i] = to("http", plain_port, "/slow");
		assert_true(fiber_go(work, &t[i]));
	}
	for (size_t i = 0; i < MANY; i++) {
		while (!t[i].done)
			assert_int_equal(0, event_base_loop(base,
			    EVLOOP_ONCE));
		assert_int_equal(0, t[i].rc);
		driver_reply_fini(&t[i].r);
	}
	assert_true(rel_mono_ms() - began < 300 * MANY / 3);
}

UNIT(an_answer_has_its_bound)
{
	struct try t = to("http", plain_port, "/big");

	t.h.limit = 1000;
	assert_int_equal(0, run_once(t));
	t.h.limit = 999;
	assert_int_equal(-REL_E_LIMIT, run_once(t));
	t = to("http", plain_port, "/endless");
	assert_int_equal(-REL_E_LIMIT, run_once(t));
	t = to("http", plain_port, "/heads");
	assert_int_equal(-REL_E_LIMIT, run_once(t));
}

UNIT(who_does_not_answer_is_left)
{
	struct try t = to("http", plain_port, "/never");
	int64_t began = rel_mono_ms();

	t.h.until_ms = began + 200;
	assert_int_equal(-REL_E_TIMEOUT, run_once(t));
	assert_true(rel_mono_ms() - began >= 190);
	assert_true(rel_mono_ms() - began < 3000);
	t.h.until_ms = began;
	assert_int_equal(-REL_E_TIMEOUT, run_once(t));
	assert_int_equal(-REL_E_PEER, run_once(to("http", nobody_port, "/")));
	assert_int_equal(-REL_E_PEER, run_once(to("http", plain_port, "/x")));
}

/* The others go on meanwhile. */
UNIT(a_name_server_that_is_away_is_left)
{
	struct try t = to("http", plain_port, "/plain");
	int64_t began = rel_mono_ms();

	snprintf(t.url, sizeof t.url, "http://slow.test/plain");
	t.h.until_ms = began + 200;
	assert_int_equal(-REL_E_TIMEOUT, run_once(t));
	assert_true(rel_mono_ms() - began < LOOKUP_MS / 2);
}

UNIT(what_is_no_answer)
{
	struct try t = to("http", plain_port, "/noise");

	assert_int_equal(-REL_E_FORMAT, run_once(t));
	t = to("http", plain_port, "/twice");
	assert_int_equal(0, run(&t));
	assert_true(body_has(&t, "twice"));
	assert_null(t.r.head.data == NULL ? NULL : memmem(t.r.head.data,
	    t.r.head.len, "X-A", 3));
	driver_reply_fini(&t.r);
}

UNIT(nobody_is_followed_anywhere)
{
	struct try t = to("http", plain_port, "/moved");

	assert_int_equal(0, run(&t));
	assert_int_equal(302, t.r.status);
	driver_reply_fini(&t.r);
	assert_int_equal(-REL_E_FORMAT, run_once(to("file", 1, "/etc/passwd")));
	assert_int_equal(-REL_E_FORMAT, run_once(to("ftp", plain_port, "/")));
	assert_int_equal(-REL_E_FORMAT, run_once(to("", plain_port, "/")));
}

/* ---- TLS */

static void
server_pin(char pin[65])
{
	struct try t = to("https", tls_port, "/plain");

	t.h.any_server = true;
	assert_int_equal(0, run(&t));
	assert_int_equal(64, strlen(t.r.pin));
	memcpy(pin, t.r.pin, 65);
	driver_reply_fini(&t.r);
}

UNIT(a_server_must_be_known)
{
	struct try t = to("https", tls_port, "/plain");
	char pin[65], wrong[65];

	assert_int_equal(-REL_E_DENIED, run_once(t));
	server_pin(pin);
	t.h.pin = pin;
	assert_int_equal(0, run_once(t));
	/* Also where a connection is open already. */
	memcpy(wrong, pin, sizeof wrong);
	wrong[0] = wrong[0] == '0' ? '1' : '0';
	t.h.pin = wrong;
	assert_int_equal(-REL_E_DENIED, run_once(t));
	t.h.pin = "";
	assert_int_equal(-REL_E_DENIED, run_once(t));
	t.h.pin = "no hash";
	assert_int_equal(-REL_E_FORMAT, run_once(t));
}

UNIT(who_it_was_is_told_each_time)
{
	struct try a = to("https", tls_port, "/plain"), b;
	char first[40], second[40], pin[65];

	a.h.any_server = true;
	b = a;
	server_pin(pin);
	assert_int_equal(0, run(&a));
	assert_int_equal(0, run(&b));
	assert_true(driver_header(&a.r, "X-Process", first, sizeof first));
	assert_true(driver_header(&b.r, "X-Process", second, sizeof second));
	assert_string_equal(first, second);
	assert_string_equal(pin, a.r.pin);
	assert_string_equal(pin, b.r.pin);
	driver_reply_fini(&a.r);
	driver_reply_fini(&b.r);
}

UNIT(we_show_our_certificate)
{
	struct try t = to("https", tls_port, "/plain"), known;
	char pin[65];

	server_pin(pin);
	t.h.pin = pin;
	known = t;
	known.h.cert = other_cert.data;
	known.h.cert_len = other_cert.len;
	/* A key that does not belong to it. */
	known.h.key = key.data;
	known.h.key_len = key.len;
	assert_int_equal(-REL_E_DENIED, run_once(known));
	known.h.key = other_key.data;
	known.h.key_len = other_key.len;
	assert_int_equal(0, run(&known));
	assert_true(body_has(&known, "known"));
	driver_reply_fini(&known.r);
	/* A connection is nobody else's. */
	assert_int_equal(0, run(&t));
	assert_true(body_has(&t, "{}"));
	driver_reply_fini(&t.r);
	known.done = false;
	known.h.cert = (const uint8_t *)"no PEM";
	known.h.cert_len = 6;
	assert_int_equal(-REL_E_DENIED, run_once(known));
}

/* ---- beginning and end */

UNIT(the_end_ends_all_questions)
{
	static struct try t[3];

	for (size_t i = 0; i < 3; i++) {
		t[i] = to("http", plain_port, "/never");
		assert_true(fiber_go(work, &t[i]));
	}
	fiber_fini();
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(-REL_E_TIMEOUT, t[i].rc);
		driver_reply_fini(&t[i].r);
	}
}

UNIT(it_works_without_a_loop)
{
	struct try t = to("http", plain_port, "/plain");

	work(&t);
	assert_int_equal(0, t.rc);
	t.url[strlen(t.url) - 5] = '\0';
	t.h.until_ms = rel_mono_ms() + 100;
	work(&t);
	assert_int_equal(-REL_E_PEER, t.rc);
	driver_reply_fini(&t.r);
	driver_http_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HTTP(an_answer_comes_whole),
		HTTP(what_is_asked_goes_out),
		HTTP(no_header_of_ours_has_two_lines),
		HTTP(a_connection_is_kept),
		HTTP(many_wait_together),
		HTTP(an_answer_has_its_bound),
		HTTP(who_does_not_answer_is_left),
		HTTP(a_name_server_that_is_away_is_left),
		HTTP(what_is_no_answer),
		HTTP(nobody_is_followed_anywhere),
		HTTP(a_server_must_be_known),
		HTTP(who_it_was_is_told_each_time),
		HTTP(we_show_our_certificate),
		HTTP(the_end_ends_all_questions),
		UNIT_RUN(it_works_without_a_loop)
	};

	return cmocka_run_group_tests_name("driver_http", tests, begin_all,
	    end_all);
}
