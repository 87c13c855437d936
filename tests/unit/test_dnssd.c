/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Messages of DNS-SD, made by hand, also such as nobody honest sends. */
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/dns_read.h"
#include "lib/text.h"
#include "releaserd/driver/discover.h"

/* ---- a message */

static uint8_t msg[9000];
static size_t len;

static void
raw(const void *p, size_t n)
{
	assert_true(len + n <= sizeof msg);
	memcpy(msg + len, p, n);
	len += n;
}

static void
u16(unsigned v)
{
	raw((const uint8_t[]){ (uint8_t)(v >> 8), (uint8_t)v }, 2);
}

/* "a.b.local", or "*12" in the end for a pointer. */
static void
name(const char *s)
{
	while (*s != '\0' && *s != '*') {
		size_t n = strcspn(s, ".*");

		raw((const uint8_t[]){ (uint8_t)n }, 1);
		raw(s, n);
		s += n + (s[n] == '.');
	}
	if (*s == '*')
		u16(0xc000u | (unsigned)atoi(s + 1));
	else
		raw("", 1);
}

static void
begin(unsigned id, unsigned flags, unsigned records)
{
	len = 0;
	u16(id);
	u16(flags);
	u16(0);
	u16(records);
	u16(0);
	u16(0);
}

static void
record(const char *of, unsigned type, const void *data, size_t n)
{
	name(of);
	u16(type);
	u16(0x8001);
	u16(0);
	u16(10);
	u16((unsigned)n);
	raw(data, n);
}

static void
srv(const char *of, unsigned port, const char *target)
{
	uint8_t data[300];
	size_t n, at = len;

	u16(0);
	u16(0);
	u16(port);
	name(target);
	n = len - at;
	memcpy(data, msg + at, n);
	len = at;
	record(of, REL_DNS_SRV, data, n);
}

static void
txt(const char *of, const char *const *pairs)
{
	uint8_t data[1000];
	size_t n = 0;

	for (; *pairs != NULL; pairs++) {
		data[n++] = (uint8_t)strlen(*pairs);
		memcpy(data + n, *pairs, strlen(*pairs));
		n += strlen(*pairs);
	}
	record(of, REL_DNS_TXT, data, n);
}
#define TXT(of, ...) txt(of, (const char *const[]){ __VA_ARGS__, NULL })

#define ONE "Hall 2._ipps._tcp.local"

/* What a printer answers; its address is the last byte of 10.9.0.x. */
static void
printer(unsigned id, uint8_t x)
{
	begin(id, 0x8400, 4);
	record("_ipps._tcp.local", REL_DNS_PTR, "\4Hall\0", 6);
	srv(ONE, 443, "NPI12.local");
	TXT(ONE, "txtvers=1", "ty=Maker\x1b[1m M 1", "NOTE=Hall", "note=no",
	    "pdl=application/pdf,image/pwg-raster", "usb_MFG=Maker", "rp=",
	    "UUID=4509a320-00a0-008f-00b6-002507510eca", "empty");
	record("npi12.local", REL_DNS_A, (uint8_t[]){ 10, 9, 0, x }, 4);
}

static struct rel_dns m;
static struct dnssd d;
static struct found found[DISCOVER_FOUND_MAX];
static const uint8_t sender[16] = { [10] = 0xff, 0xff, 10, 9, 0, 1 };

static void
heard(void)
{
	uint8_t *copy = malloc(len);	/* exactly: who reads on is caught */

	assert_non_null(copy);
	memcpy(copy, msg, len);
	d.v = found;
	d.id = 77;
	dnssd_read(&d, copy, len, sender);
	free(copy);
}

static void
forget(void)
{
	memset(&d, 0, sizeof d);
}

/* ---- the reader */

UNIT(a_question_is_as_the_standard_says)
{
	static const uint8_t want[] = { 0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0,
	    0, 4, '_', 'i', 'p', 'p', 4, '_', 't', 'c', 'p', 5, 'l', 'o', 'c',
	    'a', 'l', 0, 0, 12, 0, 1 };
	uint8_t p[REL_DNS_QUERY_MAX];
	char far[400];

	assert_int_equal(sizeof want, rel_dns_query(p, 0x1234,
	    "_ipp._tcp.local"));
	assert_memory_equal(want, p, sizeof want);
	memset(far, 'x', sizeof far - 1);
	far[sizeof far - 1] = '\0';
	assert_int_equal(0, rel_dns_query(p, 1, far));
}

UNIT(every_cut_of_a_message_is_refused)
{
	char target[REL_DNS_NAME_MAX];
	uint16_t port;

	printer(77, 1);
	assert_int_equal(0, rel_dns_read(&m, msg, len));
	assert_int_equal(4, m.n);
	assert_int_equal(77, m.id);
	assert_true(rel_dns_srv(&m, &m.v[1], target, &port));
	assert_string_equal("NPI12.local", target);
	assert_int_equal(443, port);
	assert_false(rel_dns_srv(&m, &m.v[2], target, &port));
	for (size_t n = 0; n < len; n++) {
		uint8_t *copy = malloc(n + 1);

		memcpy(copy, msg, n);
		if (rel_dns_read(&m, copy, n) == 0)
			fail_msg("%zu bytes of it were taken", n);
		free(copy);
	}
}

/* Each byte in turn is anything: no reading beyond, and an end. */
UNIT(messages_that_lie)
{
	static const uint8_t wrong[] = { 0, 0x01, 0x3f, 0x40, 0x80, 0xc0,
	    0xff };

	for (size_t w = 0; w < sizeof wrong; w++) {
		printer(77, 1);
		for (size_t i = 2; i < len; i++) {
			uint8_t was = msg[i];

			msg[i] = wrong[w];
			heard();
			forget();
			msg[i] = was;
		}
	}
}

UNIT(names_that_point_in_a_circle)
{
	begin(77, 0x8400, 1);
	record("a.b*12", REL_DNS_A, "\1\2\3\4", 4);	/* at itself */
	assert_true(rel_dns_read(&m, msg, len) < 0);
	begin(77, 0x8400, 2);
	record("*28", REL_DNS_A, "\1\2\3\4", 4);	/* at the next, */
	record("*12", REL_DNS_A, "\1\2\3\4", 4);	/* at the one before */
	assert_true(rel_dns_read(&m, msg, len) < 0);
	begin(77, 0x8400, 1);
	record("*8000", REL_DNS_A, "\1\2\3\4", 4);	/* behind the end */
	assert_true(rel_dns_read(&m, msg, len) < 0);
}

UNIT(data_is_not_read_beyond_its_length)
{
	char target[REL_DNS_NAME_MAX], value[40];
	uint8_t addr[16];
	uint16_t port;

	begin(77, 0x8400, 6);
	record("a.local", REL_DNS_SRV, "\0\0\0\0\0\1", 6);
	record("a.local", REL_DNS_SRV, "\0\0\0\0\0\1\7abc", 10);
	record("a.local", REL_DNS_A, "\1\2\3", 3);
	record("a.local", REL_DNS_AAAA, "\1\2\3\4", 4);
	record("a.local", REL_DNS_TXT, "\5ty=", 4);
	record("a.local", REL_DNS_TXT, "\3ty=\4ty=x", 9);
	assert_int_equal(0, rel_dns_read(&m, msg, len));
	assert_false(rel_dns_srv(&m, &m.v[0], target, &port));
	assert_false(rel_dns_srv(&m, &m.v[1], target, &port));
	assert_false(rel_dns_address(&m.v[2], addr));
	assert_false(rel_dns_address(&m.v[3], addr));
	assert_false(rel_dns_txt(&m.v[4], "ty", value, sizeof value));
	assert_false(rel_dns_txt(&m.v[5], "ty", value, sizeof value));
}

/* More than are read: those that are read count, and the rest harms nobody. */
UNIT(more_records_than_are_read)
{
	begin(77, 0x8400, 400);
	for (int i = 0; i < 400; i++)
		record("*0", REL_DNS_A, "\1\2\3\4", 4);
	msg[0] = 0;				/* the root at 0 ... */
	assert_int_equal(0, rel_dns_read(&m, msg, len));
	assert_int_equal(REL_DNS_RECORDS_MAX, m.n);
}

UNIT(what_is_no_answer)
{
	static const unsigned flags[] = { 0, 0x0400, 0x8403, 0x8c00 };

	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
		printer(77, 1);
		msg[2] = (uint8_t)(flags[i] >> 8);
		msg[3] = (uint8_t)flags[i];
		heard();
		assert_int_equal(0, d.n);
	}
	printer(78, 1);				/* nobody asked that */
	heard();
	assert_int_equal(0, d.n);
}

/* ---- what comes of it */

UNIT(a_printer_says_what_it_is)
{
	printer(77, 1);
	heard();
	heard();
	assert_int_equal(1, d.n);
	assert_int_equal(FOUND_ANSWERS, found[0].state);
	assert_int_equal(FOUND_BY_DNS_SD, found[0].source);
	assert_string_equal("10.9.0.1", found[0].address);
	assert_string_equal("NPI12", found[0].name);
	assert_string_equal("Maker [1m M 1", found[0].model);
	assert_string_equal("Maker", found[0].vendor);
	assert_string_equal("Hall", found[0].location);
	assert_string_equal("application/pdf,image/pwg-raster",
	    found[0].formats);
	assert_string_equal("ipps://10.9.0.1:443/ipp/print",
	    found[0].ipp_uri);
	assert_string_equal("4509a320-00a0-008f-00b6-002507510eca",
	    found[0].uuid);
	forget();
}

UNIT(ways_to_it)
{
	static const struct {
		const char *of, *rp, *uri, *queue;
		unsigned port;
	} t[] = {
		{ "P._ipp._tcp.local", "rp=ipp/x", "ipp://10.9.0.1:631/ipp/x",
		    "", 631 },
		{ "P._ipp._tcp.local", "rp=/ipp/x",
		    "ipp://10.9.0.1:631/ipp/x", "", 631 },
		{ "P._ipp._tcp.local", "rp=a b", "", "", 631 },
		{ "P._ipp._tcp.local", "rp=a@b", "", "", 631 },
		{ "P._ipp._tcp.local", "rp=a", "", "", 0 },
		{ "P._printer._tcp.local", "rp=auto", "", "auto", 515 },
		{ "P._pdl-datastream._tcp.local", "rp=x", "", "", 9100 }
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		begin(77, 0x8400, 2);
		srv(t[i].of, t[i].port, "p.local");
		TXT(t[i].of, t[i].rp);
		heard();
		assert_int_equal(1, d.n);
		assert_string_equal(t[i].uri, found[0].ipp_uri);
		assert_string_equal(t[i].queue, found[0].queue);
		forget();
	}
	/* A print server's queue is none; nor is another service. */
	begin(77, 0x8400, 4);
	srv("Q._ipp._tcp.local", 631, "server.local");
	TXT("Q._ipp._tcp.local", "rp=printers/q");
	srv("Q._http._tcp.local", 80, "server.local");
	srv("Q_ipp._tcp.local", 80, "server.local");
	heard();
	assert_int_equal(0, d.n);
}

/* Who answers is asked, whatever else it names; nobody sends us to ourselves. */
UNIT(whose_address_is_taken)
{
	static const struct {
		uint8_t a[4], b[4];
		const char *address;
	} t[] = {
		{ { 10, 9, 0, 7 }, { 10, 9, 0, 1 }, "10.9.0.1" },
		{ { 10, 9, 0, 7 }, { 10, 9, 0, 8 }, "10.9.0.7" },
		{ { 127, 0, 0, 1 }, { 10, 9, 0, 8 }, "10.9.0.8" },
		{ { 224, 0, 0, 1 }, { 255, 255, 255, 255 }, "10.9.0.1" },
		{ { 0, 0, 0, 0 }, { 127, 0, 0, 1 }, "10.9.0.1" }
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		begin(77, 0x8400, 3);
		srv("P._ipp._tcp.local", 631, "p.local");
		record("p.local", REL_DNS_A, t[i].a, 4);
		record("p.local", REL_DNS_A, t[i].b, 4);
		heard();
		assert_int_equal(1, d.n);
		assert_string_equal(t[i].address, found[0].address);
		forget();
	}
	begin(77, 0x8400, 3);
	srv("P._ipp._tcp.local", 631, "p.local");
	record("p.local", REL_DNS_AAAA, "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\7",
	    16);
	record("p.local", REL_DNS_AAAA, "\xfd\1\0\0\0\0\0\0\0\0\0\0\0\0\0\7",
	    16);
	heard();
	assert_string_equal("fd01::7", found[0].address);
	assert_string_equal("ipp://[fd01::7]:631/ipp/print",
	    found[0].ipp_uri);
	forget();
	/* Only named: it is asked what it is, and no more. */
	begin(77, 0x8400, 1);
	record("_ipp._tcp.local", REL_DNS_PTR, "\1P\0", 3);
	heard();
	assert_int_equal(1, d.n);
	assert_int_equal(FOUND_BY_SNMP, found[0].source);
	forget();
}

UNIT(no_more_than_there_is_room_for)
{
	for (unsigned i = 0; i < DISCOVER_FOUND_MAX + 9; i++) {
		begin(77, 0x8400, 2);
		srv("P._ipp._tcp.local", 631, "p.local");
		record("p.local", REL_DNS_A, (uint8_t[]){ 10, 1,
		    (uint8_t)(i >> 8), (uint8_t)i }, 4);
		heard();
	}
	assert_int_equal(DISCOVER_FOUND_MAX, d.n);
	forget();
}

/* All that there can be still is one answer to core. */
UNIT(texts_that_are_too_much_are_left_out)
{
	struct found *last = &found[DISCOVER_FOUND_MAX - 1];
	struct rel_buf b;
	size_t n;

	for (size_t i = 0; i < DISCOVER_FOUND_MAX; i++) {
		memset(&found[i], 0, sizeof found[i]);
		found[i].source = FOUND_BY_DNS_SD;
		snprintf(found[i].address, sizeof found[i].address,
		    "fd01:1111:2222:3333:4444:5555:6666:%zx", i + 1);
		memset(found[i].model, 'x', sizeof found[i].model - 1);
		memset(found[i].formats, 'x', sizeof found[i].formats - 1);
	}
	dnssd_fit(found, DISCOVER_FOUND_MAX);
	rel_buf_init(&b);
	found_list_put(&b, found, DISCOVER_FOUND_MAX);
	assert_true(b.len < DRIVER_TEXT_MAX);
	assert_int_equal(FOUND_BY_DNS_SD, found[300].source);
	assert_int_equal(255, strlen(found[300].formats));
	assert_int_equal(FOUND_BY_SNMP, last->source);
	assert_string_equal("", last->model);
	assert_string_equal("fd01:1111:2222:3333:4444:5555:6666:400",
	    last->address);
	assert_int_equal(0, found_list_get(found, &n, b.data, b.len));
	rel_buf_fini(&b);
}

/* ---- asked over loopback */

/* A responder: rubbish for each question, and more answers to that for _ipp
 * than are listened to. */
static void
responder(int fd)
{
	struct sockaddr_in from;
	uint8_t q[600];

	for (;;) {
		socklen_t n = sizeof from;
		ssize_t got = recvfrom(fd, q, sizeof q, 0,
		    (struct sockaddr *)&from, &n);

		if (got < 13)
			continue;
		(void)sendto(fd, "rubbish", 7, 0, (struct sockaddr *)&from, n);
		for (unsigned i = 0; i < 1200 && q[12] == 4; i++) {
			begin((unsigned)q[0] << 8 | q[1], 0x8400, 3);
			srv("P._ipp._tcp.local", 631, "p.local");
			TXT("P._ipp._tcp.local", "note=Hall", "ty=M");
			record("p.local", REL_DNS_A, (uint8_t[]){ 127, 9,
			    (uint8_t)(i >> 8), (uint8_t)i }, 4);
			(void)sendto(fd, msg, len, 0,
			    (struct sockaddr *)&from, n);
		}
	}
}

UNIT(one_that_answers_much_is_bounded)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof at;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int64_t began = rel_mono_ms();
	char text[60];
	struct driver_said s;
	struct rel_err err;
	struct driver_ask q = { .text = text, .deadline_ms = 3000 };
	size_t found_n;
	pid_t pid;

	assert_int_equal(0, bind(fd, (struct sockaddr *)&at, n));
	assert_int_equal(0, getsockname(fd, (struct sockaddr *)&at, &n));
	snprintf(text, sizeof text, "dns-sd\n127.0.0.1:%u\n",
	    ntohs(at.sin_port));
	q.text_len = strlen(text);
	if ((pid = fork()) == 0)
		responder(fd);
	driver_said_init(&s);
	assert_int_equal(0, driver_discover(&q, &s, &err));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(fd);
	assert_true(rel_mono_ms() - began < 2900);
	assert_true(s.text.len < DRIVER_TEXT_MAX);
	assert_int_equal(0, found_list_get(found, &found_n, s.text.data,
	    s.text.len));
	driver_said_fini(&s);
	assert_true(found_n >= 100 && found_n <= DISCOVER_FOUND_MAX);
	assert_string_equal("127.9.0.0", found[0].address);
	assert_string_equal("M", found[0].model);
	assert_string_equal("ipp://127.9.0.0:631/ipp/print",
	    found[0].ipp_uri);
}

UNIT(nobody_can_be_asked_there)
{
	static const char *const t[] = { "", "224.0.0.251", ":1", "a:1",
	    "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:1x",
	    "[::1]:5353" };
	size_t n;

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		if (dnssd_ask(t[i], found, &n, rel_mono_ms() + 10) !=
		    -REL_E_FORMAT)
			fail_msg("\"%s\" was taken", t[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_question_is_as_the_standard_says),
		cmocka_unit_test(every_cut_of_a_message_is_refused),
		cmocka_unit_test(messages_that_lie),
		cmocka_unit_test(names_that_point_in_a_circle),
		cmocka_unit_test(data_is_not_read_beyond_its_length),
		cmocka_unit_test(more_records_than_are_read),
		cmocka_unit_test(what_is_no_answer),
		cmocka_unit_test(a_printer_says_what_it_is),
		cmocka_unit_test(ways_to_it),
		cmocka_unit_test(whose_address_is_taken),
		cmocka_unit_test(no_more_than_there_is_room_for),
		cmocka_unit_test(texts_that_are_too_much_are_left_out),
		cmocka_unit_test(one_that_answers_much_is_bounded),
		cmocka_unit_test(nobody_can_be_asked_there),
	};

	return cmocka_run_group_tests_name("dnssd", tests, NULL, NULL);
}
