/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a device lets in, seen by the driver: a device of many ports, here. */
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "releaserd/driver/posture.h"
#include "releaserd/fiber.h"
#include "releaserd/super/super.h"

/* ---- the device: a process for each port */

enum way { MUTE, PAGE, MOVED, IPP_CLEAR, IPP_TLS, TLS_OLD, TLS_NEW, NOISE,
    ECHO_UDP, DEAF_UDP, NOBODY };

static struct seat {
	enum way way;
	bool udp;
	int fd;
	uint16_t port;
	pid_t pid;
} seats[] = {
	{ MUTE, false, -1, 0, 0 }, { PAGE, false, -1, 0, 0 },
	{ MOVED, false, -1, 0, 0 }, { IPP_CLEAR, false, -1, 0, 0 },
	{ IPP_TLS, false, -1, 0, 0 }, { TLS_OLD, false, -1, 0, 0 },
	{ TLS_NEW, false, -1, 0, 0 }, { NOISE, false, -1, 0, 0 },
	{ ECHO_UDP, true, -1, 0, 0 }, { DEAF_UDP, true, -1, 0, 0 },
	{ NOBODY, false, -1, 0, 0 }
};
#define SEATS (sizeof seats / sizeof seats[0])

static struct blob cert, key;
static struct event_base *base;

static void
say(int sock, const char *text)
{
	if (write(sock, text, strlen(text)) <= 0)
		_exit(0);
}

static void
serve_tls(int sock, int min, int max)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	BIO *c = BIO_new_mem_buf(cert.data, (int)cert.len);
	BIO *k = BIO_new_mem_buf(key.data, (int)key.len);
	SSL *ssl;

	SSL_CTX_set_security_level(ctx, 0);
	if (SSL_CTX_use_certificate(ctx, PEM_read_bio_X509(c, NULL, NULL,
	    NULL)) != 1 || SSL_CTX_use_PrivateKey(ctx,
	    PEM_read_bio_PrivateKey(k, NULL, NULL, NULL)) != 1 ||
	    SSL_CTX_set_cipher_list(ctx, "ALL:@SECLEVEL=0") != 1 ||
	    SSL_CTX_set_min_proto_version(ctx, min) != 1 ||
	    SSL_CTX_set_max_proto_version(ctx, max) != 1)
		_exit(1);
	ssl = SSL_new(ctx);
	SSL_set_fd(ssl, sock);
	if (SSL_accept(ssl) == 1)
		(void)SSL_read(ssl, (char[64]){ 0 }, 64);
	_exit(0);
}

#define HEAD "Content-Length: 9\r\nConnection: close\r\n"

static void
serve(enum way way, int sock)
{
	char all[4096];

	if (way == TLS_OLD || way == TLS_NEW || way == IPP_TLS)
		serve_tls(sock, way == TLS_OLD ? TLS1_VERSION :
		    TLS1_2_VERSION, way == TLS_OLD ? TLS1_1_VERSION :
		    TLS1_3_VERSION);
	if (way == MUTE)
		pause();
	if (read(sock, all, sizeof all) <= 0)
		_exit(0);
	if (way == PAGE)
		say(sock, "HTTP/1.1 401 No\r\n" HEAD "\r\nwho is it");
	else if (way == MOVED)
		say(sock, "HTTP/1.1 301 Moved\r\nLocation: https://x/\r\n" HEAD
		    "\r\nnot here.");
	else if (way == IPP_CLEAR)
		say(sock, "HTTP/1.1 200 OK\r\nContent-Type: application/ipp"
		    "\r\n" HEAD "\r\n123456789");
	else
		say(sock, "\x15\x03\xff\xff\xff noise \x80\x81\r\n\r\n");
	_exit(0);
}

static void
seat_main(const struct seat *s)
{
	struct sockaddr_in from;
	socklen_t len = sizeof from;
	char byte[512];
	int sock;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGCHLD, SIG_IGN);
	while (s->udp) {
		ssize_t n = recvfrom(s->fd, byte, sizeof byte, 0,
		    (struct sockaddr *)&from, &len);

		if (n >= 0 && s->way == ECHO_UDP)
			(void)sendto(s->fd, "here", 4, 0,
			    (struct sockaddr *)&from, len);
	}
	while ((sock = accept(s->fd, NULL, NULL)) >= 0) {
		if (fork() == 0) {
			(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
			serve(s->way, sock);
		}
		close(sock);
	}
	_exit(0);
}

static int
seat_begin(struct seat *s)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof in;

	s->fd = socket(AF_INET, s->udp ? SOCK_DGRAM : SOCK_STREAM, 0);
	if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&in, len) < 0 ||
	    getsockname(s->fd, (struct sockaddr *)&in, &len) < 0)
		return -1;
	s->port = ntohs(in.sin_port);
	if (s->way != NOBODY && !s->udp && listen(s->fd, 64) < 0)
		return -1;
	if (s->way != NOBODY && (s->pid = fork()) == 0)
		seat_main(s);
	if (s->way != NOBODY)
		close(s->fd);
	return s->pid < 0 ? -1 : 0;
}

static int
begin_all(void **state)
{
	struct rel_err err;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	if (certs_self_signed("printer.example", &cert, &key, &err) < 0)
		return -1;
	for (size_t i = 0; i < SEATS; i++)
		if (seat_begin(&seats[i]) < 0)
			return -1;
	return 0;
}

static int
end_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < SEATS; i++)
		if (seats[i].pid > 0) {
			kill(seats[i].pid, SIGKILL);
			waitpid(seats[i].pid, NULL, 0);
		}
	blob_fini(&cert);
	blob_fini(&key);
	return 0;
}

static struct look {
	struct driver_ask q;
	struct posture_port ports[8];
	size_t n;
	struct driver_said s;
	struct rel_err err;
	int rc;
	bool done;
} look;

static int
begin(void **state)
{
	(void)state;
	if ((base = event_base_new()) == NULL || driver_http_begin(base) < 0)
		return -1;
	fiber_init(base, 4);
	driver_said_init(&look.s);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	fiber_fini();
	driver_http_end();
	event_base_free(base);
	driver_said_fini(&look.s);
	memset(&look, 0, sizeof look);
	return 0;
}
#define LOOK(name) cmocka_unit_test_setup_teardown(name, begin, end)

/* ---- looking */

static void
want(enum way way, enum posture_kind kind)
{
	const struct seat *s = seats;

	while (s->way != way)
		s++;
	look.ports[look.n++] = (struct posture_port){ s->port, s->udp, kind,
	    "", POSTURE_MORE };
}

static void
work(void *arg)
{
	struct look *l = arg;

	l->rc = posture_look_at(&l->q, l->ports, l->n, &l->s, &l->err);
	l->done = true;
}

static int
run(const char *address)
{
	snprintf(look.q.at.address, sizeof look.q.at.address, "%s", address);
	look.q.deadline_ms = 30000;
	/* No agent of SNMP is at that port. */
	look.q.at.snmp_port = seats[SEATS - 1].port;
	look.done = false;
	assert_true(fiber_go(work, &look));
	while (!look.done)
		assert_int_equal(0, event_base_loop(base, EVLOOP_ONCE));
	return look.rc;
}

static void
forget(void)
{
	driver_said_fini(&look.s);
	memset(&look, 0, sizeof look);
	driver_said_init(&look.s);
}

static void
is(const char *item, const char *value)
{
	const char *v = items_get(&look.s.items, item);

	if (value == NULL)
		assert_null(v);
	else if (v == NULL || strcmp(v, value) != 0)
		fail_msg("%s is %s, not %s", item, v != NULL ? v : "unknown",
		    value);
}

static const char *
at(enum way way)
{
	static char text[4][16];
	static unsigned n;
	const struct seat *s = seats;

	while (s->way != way)
		s++;
	n = (n + 1) % 4;
	snprintf(text[n], sizeof text[n], "%s/%u", s->udp ? "udp" : "tcp",
	    s->port);
	return text[n];
}

UNIT(open_ports_are_told_from_closed_and_silent_ones)
{
	char open[64];

	want(MUTE, POSTURE_FTP);
	want(NOBODY, POSTURE_TELNET);
	want(ECHO_UDP, POSTURE_UDP);
	want(DEAF_UDP, POSTURE_MDNS);
	assert_int_equal(0, run("127.0.0.1"));
	snprintf(open, sizeof open, "%s,%s", at(MUTE), at(ECHO_UDP));
	is("posture.open", open);
	is("posture.silent", at(DEAF_UDP));
	is("posture.address", "127.0.0.1");
	is("posture.tls", "none");
	is("posture.certificate", NULL);
	is("posture.plain-pages", "0");
	is("posture.plain-ipp", "0");
	assert_true(items_get_number(&look.s.items, "posture.at", 0) > 0);
	assert_int_equal(1u << ITEMS_POSTURE, look.s.items.groups);
}

UNIT(old_versions_of_tls_are_found_and_the_certificate_is_read)
{
	want(TLS_OLD, POSTURE_TLS);
	assert_int_equal(0, run("127.0.0.1"));
	is("posture.tls", "1.0,1.1");
	is("posture.certificate", "O = cups-release, CN = printer.example");
	is("posture.certificate-issuer", "O = cups-release, CN = printer.example");
	is("posture.self-signed", "1");
	is("posture.certificate-name", "1");
	is("posture.certificate-key", "P-256");
	is("posture.certificate-bits", "256");
	is("posture.certificate-hash", "SHA256");
	assert_true(items_get_number(&look.s.items,
	    "posture.certificate-end", 0) > rel_now_ms());
}

UNIT(new_versions_alone_are_found_alone)
{
	want(TLS_NEW, POSTURE_TLS);
	want(NOISE, POSTURE_TLS);
	want(MUTE, POSTURE_PLAIN);
	assert_int_equal(0, run("127.0.0.1"));
	is("posture.tls", "1.2,1.3");
	is("posture.tls-ports", at(TLS_NEW) + 4);
}

UNIT(pages_and_ipp_without_tls)
{
	want(MOVED, POSTURE_HTTP);
	want(IPP_TLS, POSTURE_IPP);
	assert_int_equal(0, run("127.0.0.1"));
	is("posture.plain-pages", "0");
	is("posture.plain-ipp", "0");
	is("posture.tls", "1.2,1.3");
	forget();
	want(PAGE, POSTURE_HTTP);
	want(IPP_CLEAR, POSTURE_IPP);
	want(NOISE, POSTURE_HTTP);
	assert_int_equal(0, run("127.0.0.1"));
	is("posture.plain-pages", "1");
	is("posture.plain-pages-port", at(PAGE) + 4);
	is("posture.plain-ipp", "1");
	is("posture.tls", "none");
}

/* A name that is none, and a device of which nothing is there. */
UNIT(a_device_that_is_away_says_nothing)
{
	want(DEAF_UDP, POSTURE_UDP);
	assert_int_equal(-REL_E_PEER, run("127.0.0.1"));
	is("posture.open", NULL);
	assert_int_equal(0, look.s.items.groups);
	forget();
	want(MUTE, POSTURE_PLAIN);
	assert_int_equal(-REL_E_NOTFOUND, run(""));
}

UNIT(there_are_28_ports_and_no_port_twice)
{
	const struct posture_port *p;
	size_t n, listed = 0;

	p = posture_ports(&n);
	for (size_t i = 0; i < n; i++) {
		listed += p[i].from != POSTURE_MORE;
		for (size_t k = 0; k < i; k++)
			assert_false(p[k].port == p[i].port &&
			    p[k].udp == p[i].udp);
	}
	assert_int_equal(28, listed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LOOK(open_ports_are_told_from_closed_and_silent_ones),
		LOOK(old_versions_of_tls_are_found_and_the_certificate_is_read),
		LOOK(new_versions_alone_are_found_alone),
		LOOK(pages_and_ipp_without_tls),
		LOOK(a_device_that_is_away_says_nothing),
		UNIT_RUN(there_are_28_ports_and_no_port_twice),
	};

	return cmocka_run_group_tests(tests, begin_all, end_all);
}
