/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Names of devices, looked up beside the loop. The resolver is played here. */
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "releaserd/driver/drivers.h"
#include "releaserd/fiber.h"

#define MANY 100

static struct event_base *base;
static atomic_int asked, slow_ms;
static struct addrinfo one;
static struct sockaddr_in there;

/* "slow" takes its time, "none" is nowhere, "later" is for later. */
int
getaddrinfo(const char *host, const char *service,
    const struct addrinfo *hints, struct addrinfo **out)
{
	struct in_addr a;
	struct in6_addr six;
	static struct sockaddr_in6 there6 = { .sin6_family = AF_INET6 };
	static struct addrinfo one6 = { .ai_addr = (void *)&there6,
	    .ai_addrlen = sizeof there6, .ai_family = AF_INET6 };

	(void)service;
	*out = &one;
	if (inet_pton(AF_INET, host, &a) == 1) {
		there.sin_addr = a;
		return 0;
	}
	if (inet_pton(AF_INET6, host, &six) == 1) {
		*out = &one6;
		return 0;
	}
	if ((hints->ai_flags & AI_NUMERICHOST) != 0)
		return EAI_NONAME;
	atomic_fetch_add(&asked, 1);
	if (strcmp(host, "slow") == 0)
		usleep((useconds_t)atomic_load(&slow_ms) * 1000);
	return strcmp(host, "none") == 0 ? EAI_NONAME :
	    strcmp(host, "later") == 0 ? EAI_AGAIN : 0;
}

void
freeaddrinfo(struct addrinfo *list)
{
	(void)list;
}

static int
begin(void **state)
{
	(void)state;
	there.sin_family = AF_INET;
	one = (struct addrinfo){ .ai_addr = (struct sockaddr *)&there,
	    .ai_addrlen = sizeof there, .ai_family = AF_INET };
	atomic_store(&asked, 0);
	if ((base = event_base_new()) == NULL)
		return -1;
	fiber_init(base, MANY);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	fiber_fini();
	event_base_free(base);
	return 0;
}
#define RESOLVE(name) cmocka_unit_test_setup_teardown(name, begin, end)

struct try {
	const char *host;
	int64_t wait_ms;
	int rc;
	bool done;
	struct driver_address at;
	struct rel_err err;
};

static void
work(void *arg)
{
	struct try *t = arg;

	t->rc = driver_resolve(t->host, 161, rel_mono_ms() + t->wait_ms,
	    &t->at, &t->err);
	t->done = true;
}

static struct try
run(const char *host, int64_t wait_ms)
{
	struct try t = { .host = host, .wait_ms = wait_ms };

	assert_true(fiber_go(work, &t));
	while (!t.done)
		assert_int_equal(0, event_base_loop(base, EVLOOP_ONCE));
	return t;
}

UNIT(addresses_ask_nobody)
{
	struct try t = run("192.0.2.7", 1000);

	assert_int_equal(0, t.rc);
	assert_int_equal(161, ntohs(((struct sockaddr_in *)&t.at.to)->
	    sin_port));
	assert_int_equal(inet_addr("192.0.2.7"),
	    ((struct sockaddr_in *)&t.at.to)->sin_addr.s_addr);
	t = run("2001:db8::7", 1000);
	assert_int_equal(0, t.rc);
	assert_int_equal(AF_INET6, t.at.to.ss_family);
	assert_int_equal(161, ntohs(((struct sockaddr_in6 *)&t.at.to)->
	    sin6_port));
	assert_int_equal(0, asked);
}

UNIT(names_are_found_or_not)
{
	assert_int_equal(0, run("printer", 1000).rc);
	assert_int_equal(-REL_E_NOTFOUND, run("none", 1000).rc);
	assert_int_equal(-REL_E_PEER, run("later", 1000).rc);
	assert_int_equal(-REL_E_NOTFOUND, run("", 1000).rc);
	assert_int_equal(3, asked);
}

/* A name server that is away holds up who asks it, and nobody else. */
UNIT(others_go_on)
{
	static struct try t[MANY];
	int64_t began = rel_mono_ms();
	int slow = 0;

	atomic_store(&slow_ms, 300);
	for (size_t i = 0; i < MANY; i++) {
		t[i] = (struct try){ .host = i < 60 ? "slow" : "192.0.2.7",
		    .wait_ms = 5000 };
		assert_true(fiber_go(work, &t[i]));
	}
	assert_true(rel_mono_ms() - began < 250);
	for (size_t i = 60; i < MANY; i++)
		assert_true(t[i].done);
	for (size_t i = 0; i < 60; i++)
		slow += !t[i].done;
	assert_int_equal(60, slow);
	for (size_t i = 0; i < 60; i++) {
		while (!t[i].done)
			assert_int_equal(0, event_base_loop(base,
			    EVLOOP_ONCE));
		assert_int_equal(0, t[i].rc);
	}
	/* 32 at a time. */
	assert_true(rel_mono_ms() - began >= 600);
	assert_true(rel_mono_ms() - began < 4000);
}

UNIT(who_gives_up_is_not_waited_for)
{
	int64_t began = rel_mono_ms();

	atomic_store(&slow_ms, 400);
	assert_int_equal(-REL_E_TIMEOUT, run("slow", 50).rc);
	assert_true(rel_mono_ms() - began < 350);
	usleep(500000);		/* its thread ends by itself */
	assert_int_equal(0, run("printer", 1000).rc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RESOLVE(addresses_ask_nobody),
		RESOLVE(names_are_found_or_not),
		RESOLVE(others_go_on),
		RESOLVE(who_gives_up_is_not_waited_for)
	};

	return cmocka_run_group_tests_name("driver_resolve", tests, NULL,
	    NULL);
}
