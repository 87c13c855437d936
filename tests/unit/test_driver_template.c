/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * A driver of somebody else's, tested as every driver should be: against a
 * device that is well, and against one that answers anything at all.  core is
 * not here and need not be: what comes out is read as core reads it.
 */
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "releaserd/driver/drivers.h"
#include "releaserd/driver/template.h"

/* This takes the place of the list in releaserd/driver/list.c. */
const struct driver_ops *const drivers[] = { &driver_template, NULL };

/* Of the fleet, not of a driver. */
int
driver_discover(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	(void)q;
	(void)s;
	return rel_err_set(err, REL_E_NOTFOUND, "not here");
}

int
driver_posture(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	return driver_discover(q, s, err);
}

/* ---- the device: a process that answers one request with these bytes */

static pid_t device;
static struct driver_ask q;

static void
device_starts(const char *answer, size_t len)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof in;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(0, bind(fd, (struct sockaddr *)&in, sizeof in));
	assert_int_equal(0, getsockname(fd, (struct sockaddr *)&in, &size));
	assert_int_equal(0, listen(fd, 4));
	if ((device = fork()) == 0) {
		char asked[4096];
		int sock = accept(fd, NULL, NULL);

		if (read(sock, asked, sizeof asked) > 0 && len > 0 &&
		    write(sock, answer, len) < 0)
			_exit(1);
		if (len == 0)
			pause();
		_exit(0);
	}
	close(fd);
	memset(&q, 0, sizeof q);
	snprintf(q.at.protocol, sizeof q.at.protocol, "template");
	snprintf(q.at.url, sizeof q.at.url, "http://127.0.0.1:%u/device.json",
	    ntohs(in.sin_port));
	q.deadline_ms = 2000;
}

static void
device_ends(void)
{
	kill(device, SIGKILL);
	waitpid(device, NULL, 0);
}

/* Ask as core does, and read the answer as core does. */
static struct driver_said
ask(enum driver_op op)
{
	struct driver_said s, heard;
	struct rel_buf b;

	q.op = (uint8_t)op;
	driver_said_init(&s);
	driver_call(&q, &s);
	rel_buf_init(&b);
	driver_said_put(&b, &s);
	driver_said_fini(&s);
	driver_said_init(&heard);
	assert_int_equal(0, driver_said_get(&heard, b.data, b.len));
	rel_buf_fini(&b);
	device_ends();
	return heard;
}

static struct driver_said
ask_json(enum driver_op op, const char *kept, const char *json)
{
	static char answer[1 << 20];
	int n = snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\n"
	    "Content-Length: %zu\r\n\r\n%s", strlen(json), json);

	device_starts(answer, (size_t)n);
	snprintf(q.kept, sizeof q.kept, "%s", kept);
	return ask(op);
}

#define WELL "{\"model\": \"W7\", \"serial\": \"A1\", \"colour\": true, " \
	"\"state\": \"busy\", \"sides\": 1234, \"changes\": 5, \"trays\": " \
	"[{\"name\": \"Tray 1\", \"sheets\": 120, \"holds\": 500}, " \
	"{\"name\": \"Tray 2\"}]}"

UNIT(all_it_is_and_has)
{
	struct driver_said s = ask_json(DRIVER_INFO, "", WELL);

	assert_int_equal(0, s.rc);
	assert_string_equal("W7", items_get(&s.items, "model"));
	assert_string_equal("1", items_get(&s.items, "color"));
	assert_int_equal(120, items_get_number(&s.items, "input.1.level", -1));
	assert_string_equal("Tray 2", items_get(&s.items, "input.2.name"));
	assert_null(items_get(&s.items, "input.2.level"));
	assert_int_equal(1u << ITEMS_INPUT, s.items.groups);
	driver_said_fini(&s);
}

UNIT(how_it_is)
{
	struct driver_said s = ask_json(DRIVER_STATUS, "", WELL);

	assert_int_equal(0, s.rc);
	assert_string_equal("processing", items_get(&s.items, "state"));
	assert_int_equal(1234, items_get_number(&s.items,
	    "counter.impressions", 0));
	assert_string_equal("5", s.kept);
	assert_true(s.changed);
	driver_said_fini(&s);
	s = ask_json(DRIVER_STATUS, "5", WELL);
	assert_false(s.changed);
	driver_said_fini(&s);
}

/* What it does not tell is not made up. */
UNIT(what_is_missing_is_missing)
{
	struct driver_said s = ask_json(DRIVER_STATUS, "", "{}");

	assert_int_equal(0, s.rc);
	assert_string_equal("unknown", items_get(&s.items, "state"));
	assert_null(items_get(&s.items, "counter.impressions"));
	driver_said_fini(&s);
}

static void
refused(int rc, const char *answer, size_t len)
{
	struct driver_said s;

	device_starts(answer, len);
	q.deadline_ms = 300;
	s = ask(DRIVER_INFO);
	assert_int_equal(rc, s.rc);
	assert_true(s.words[0] != '\0');
	assert_int_equal(0, s.items.n);
	driver_said_fini(&s);
}
#define REFUSED(rc, answer) refused(rc, answer, sizeof answer - 1)

UNIT(failures_are_told_apart)
{
	struct driver_said s;

	REFUSED(-REL_E_TIMEOUT, "");
	REFUSED(-REL_E_PEER, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
	REFUSED(-REL_E_DENIED, "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n");
	REFUSED(-REL_E_NOTFOUND, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n"
	    "\r\n");
	REFUSED(-REL_E_FORMAT, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
	    "[]");
	REFUSED(-REL_E_FORMAT, "\x01\x02\x03\xff\r\n\r\n");
	REFUSED(-REL_E_LIMIT, "HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n"
	    "\r\n{");
	/* No address, or one that is none. */
	device_starts("", 0);
	q.at.url[0] = '\0';
	snprintf(q.at.address, sizeof q.at.address, "no host/../");
	s = ask(DRIVER_INFO);
	assert_int_equal(-REL_E_FORMAT, s.rc);
	driver_said_fini(&s);
}

UNIT(lies_are_bounded)
{
	static char json[60000] = "{\"model\": 7, \"serial\": \"\\u0007A\\n1\", "
	    "\"trays\": [";
	struct driver_said s;
	size_t n = strlen(json);

	while (n < sizeof json - 100)
		n += (size_t)snprintf(json + n, sizeof json - n,
		    "{\"name\": \"\\u202eT\", \"sheets\": -5},");
	snprintf(json + n - 1, sizeof json - n, "]}");
	s = ask_json(DRIVER_INFO, "", json);
	/* More members than there may be: none is taken. */
	assert_int_equal(-REL_E_FORMAT, s.rc);
	driver_said_fini(&s);
	s = ask_json(DRIVER_INFO, "", "{\"model\": 7, \"serial\": "
	    "\"\\u0007A\\n1\", \"trays\": [{\"name\": \"\\u202eT\", "
	    "\"sheets\": -5, \"holds\": 1e99}, 7, null]}");
	assert_int_equal(0, s.rc);
	assert_null(items_get(&s.items, "model"));
	assert_string_equal("A 1", items_get(&s.items, "serial"));
	assert_string_equal("T", items_get(&s.items, "input.1.name"));
	assert_null(items_get(&s.items, "input.1.level"));
	assert_null(items_get(&s.items, "input.1.capacity"));
	driver_said_fini(&s);
}

static struct driver_said
called(const char *what, const char *json)
{
	struct driver_said s;

	device_starts("", 0);
	snprintf(q.id, sizeof q.id, "%s", what);
	q.text = json;
	q.text_len = strlen(json);
	s = ask(DRIVER_INBOUND);
	q.text_len = 0;
	return s;
}

/* It speaks up by itself. */
UNIT(what_it_calls_is_heard_and_answered)
{
	struct driver_said s = called("state", "{\"state\":\"error\"}");

	assert_int_equal(0, s.rc);
	assert_string_equal("stopped", items_get(&s.items, "state"));
	assert_int_equal(14, s.text.len);
	assert_memory_equal("{\"heard\":true}", s.text.data, 14);
	driver_said_fini(&s);
	s = called("state", "[]");
	assert_int_equal(-REL_E_FORMAT, s.rc);
	driver_said_fini(&s);
	s = called("../state", "{}");
	assert_int_equal(-REL_E_NOTFOUND, s.rc);
	driver_said_fini(&s);
}

UNIT(what_it_cannot_do_is_said)
{
	struct driver_said s;

	device_starts("", 0);
	s = ask(DRIVER_SESSION_OPEN);
	assert_int_equal(-REL_E_NOTFOUND, s.rc);
	assert_string_equal("the driver \"template\" cannot do that "
	    "(session-open)", s.words);
	driver_said_fini(&s);
}

/* ---- sending a document */

/* A device that reads `takes` bytes (-1: to the end of what is announced) and
 * says this. */
static uint16_t
taker_starts(int takes, const char *answer)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof in;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(0, bind(fd, (struct sockaddr *)&in, sizeof in));
	assert_int_equal(0, getsockname(fd, (struct sockaddr *)&in, &size));
	assert_int_equal(0, listen(fd, 4));
	if ((device = fork()) == 0) {
		static char got[65536];
		int sock = accept(fd, NULL, NULL), n = 0;
		const char *all = "PRINT 20 2\n0123456789abcdefghij";
		int want = takes < 0 ? (int)strlen(all) : takes;

		while (n < want) {
			ssize_t r = read(sock, got + n,
			    (size_t)(want - n));

			if (r <= 0)
				_exit(1);
			n += (int)r;
		}
		if (takes < 0 && memcmp(got, all, (size_t)want) != 0)
			answer = "NO that is not what was to come\n";
		while (answer == NULL)
			pause();
		if (write(sock, answer, strlen(answer)) < 0)
			_exit(1);
		_exit(0);
	}
	close(fd);
	return ntohs(in.sin_port);
}

struct pieces {
	const char *left;
	bool broken, refused;
	int no_returns;
};

static int
next_piece(void *ctx, const uint8_t **p, size_t *n, struct rel_err *err)
{
	struct pieces *d = ctx;

	if (d->broken && strlen(d->left) <= 10)
		return rel_err_set(err, REL_E_IO, "the stored document "
		    "is damaged");
	if (*d->left == '\0')
		return 0;
	*p = (const uint8_t *)d->left;
	*n = 5;
	d->left += 5;
	return 1;
}

static int
no_return(void *ctx, struct rel_err *err)
{
	struct pieces *d = ctx;

	d->no_returns++;
	return d->refused ? rel_err_set(err, REL_E_IO, "the disk is full") : 0;
}

static struct driver_sent
sent(struct pieces *d, uint16_t port)
{
	struct send_job m = { .host = "127.0.0.1", .port = port, .copies = 2,
		.connect_ms = 2000, .reply_ms = 300 };
	struct rel_send_source src = { .bytes = 20, .next = next_piece,
		.point_of_no_return = no_return, .ctx = d };
	struct driver_sent out;

	d->left = "0123456789abcdefghij";
	driver_template.job_send(&m, &src, &out);
	device_ends();
	return out;
}

UNIT(a_document_is_sent)
{
	struct pieces d = { 0 };
	struct driver_sent out = sent(&d, taker_starts(-1, "OK\n"));

	assert_int_equal(REL_SEND_SENT, out.r.outcome);
	assert_string_equal("", out.r.reason);
	assert_int_equal(20, out.r.bytes);
	assert_int_equal(REL_SEND_DONE, out.r.stage);
	assert_int_equal(1, d.no_returns);
}

UNIT(each_way_of_failing_has_its_outcome)
{
	struct pieces d = { 0 }, broken = { .broken = true },
		full = { .refused = true };
	struct driver_sent out = sent(&d, taker_starts(-1, "NO paper\n"));

	assert_int_equal(REL_SEND_REFUSED, out.r.outcome);
	assert_non_null(strstr(out.r.reason, "paper"));
	/* Silence, or half a word, behind the whole of it: who knows? */
	out = sent(&d, taker_starts(-1, NULL));
	assert_int_equal(REL_SEND_UNCONFIRMED, out.r.outcome);
	out = sent(&d, taker_starts(-1, "OK"));
	assert_int_equal(REL_SEND_UNCONFIRMED, out.r.outcome);
	/* The stored document turns out to be damaged after some bytes. */
	out = sent(&broken, taker_starts(-1, NULL));
	assert_int_equal(REL_SEND_UNCONFIRMED, out.r.outcome);
	assert_int_equal(10, out.r.bytes);
	/* Nobody may begin while it cannot be written down. */
	out = sent(&full, taker_starts(-1, NULL));
	assert_int_equal(REL_SEND_AWAY, out.r.outcome);
	assert_int_equal(0, out.r.bytes);
	/* Nobody is there. */
	taker_starts(0, "");
	device_ends();
	out = sent(&d, 1);
	assert_int_equal(REL_SEND_AWAY, out.r.outcome);
	assert_true(out.r.reason[0] != '\0');
}

UNIT(addresses_become_urls)
{
	char url[64];

	assert_true(driver_url(url, sizeof url, "http", "192.0.2.7", 0, "/a"));
	assert_string_equal("http://192.0.2.7/a", url);
	assert_true(driver_url(url, sizeof url, "https", "2001:db8::7", 8443,
	    "/"));
	assert_string_equal("https://[2001:db8::7]:8443/", url);
	assert_true(driver_url(url, sizeof url, "ipp", "[::1]", 631, ""));
	assert_string_equal("ipp://[::1]:631", url);
	assert_true(driver_url(url, sizeof url, "http", "a-b_c.example", 80,
	    ""));
	assert_false(driver_url(url, sizeof url, "http", "", 0, "/"));
	assert_false(driver_url(url, sizeof url, "http", "[]", 0, "/"));
	assert_false(driver_url(url, sizeof url, "http", "u@h", 0, "/"));
	assert_false(driver_url(url, sizeof url, "http", "h/x", 0, "/"));
	assert_false(driver_url(url, sizeof url, "http", "h#", 0, "/"));
	assert_false(driver_url(url, sizeof url, "http", "h", 65536, "/"));
	assert_false(driver_url(url, 12, "http", "a.example", 0, "/"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(all_it_is_and_has),
		UNIT_RUN(how_it_is),
		UNIT_RUN(what_is_missing_is_missing),
		UNIT_RUN(failures_are_told_apart),
		UNIT_RUN(lies_are_bounded),
		UNIT_RUN(what_it_calls_is_heard_and_answered),
		UNIT_RUN(what_it_cannot_do_is_said),
		UNIT_RUN(a_document_is_sent),
		UNIT_RUN(each_way_of_failing_has_its_outcome),
		UNIT_RUN(addresses_become_urls)
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("driver_template", tests, NULL,
	    NULL);
}
