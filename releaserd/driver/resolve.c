/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Names of devices are looked up beside the loop: the resolver of the C
 * library waits as long as it likes, and hundreds of calls must not wait with
 * it.  A thread each, which shares nothing but a socket.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/compat.h"
#include "releaserd/driver/drivers.h"

#define THREADS_MAX 32
#define AGAIN_MS 50		/* until one of them is free */
#define STACK_BYTES (256u << 10)

struct lookup {
	char host[256];
	int fd;
};

struct found {
	int rc;				/* of getaddrinfo() */
	socklen_t len;
	struct sockaddr_storage to;
};

static atomic_int threads;

static void
look_up(const char *host, int flags, struct found *out)
{
	struct addrinfo hints = { .ai_family = AF_UNSPEC,
	    .ai_socktype = SOCK_STREAM, .ai_flags = flags }, *list = NULL;

	memset(out, 0, sizeof *out);
	out->rc = getaddrinfo(host, NULL, &hints, &list);
	if (out->rc != 0)
		return;
	memcpy(&out->to, list->ai_addr, list->ai_addrlen);
	out->len = list->ai_addrlen;
	freeaddrinfo(list);
}

/* Whoever asked may have given up: then nobody reads it. */
static void *
thread(void *arg)
{
	struct lookup *l = arg;
	struct found f;

	look_up(l->host, 0, &f);
	(void)send(l->fd, &f, sizeof f, MSG_NOSIGNAL);
	close(l->fd);
	free(l);
	atomic_fetch_sub(&threads, 1);
	return NULL;
}

static bool
thread_start(struct lookup *l)
{
	pthread_attr_t attr;
	pthread_t id;
	bool ok;

	if (pthread_attr_init(&attr) != 0)
		return false;
	atomic_fetch_add(&threads, 1);
	ok = pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED) ==
	    0 && pthread_attr_setstacksize(&attr, STACK_BYTES) == 0 &&
	    pthread_create(&id, &attr, thread, l) == 0;
	pthread_attr_destroy(&attr);
	if (!ok)
		atomic_fetch_sub(&threads, 1);
	return ok;
}

/* The thread has l and its end of the pair from now on; ours, or -1. */
static int
lookup_begin(const char *host)
{
	struct lookup *l = calloc(1, sizeof *l);
	int pair[2];

	if (l == NULL || strlen(host) >= sizeof l->host ||
	    rel_compat_pair(pair) < 0) {
		free(l);
		return -1;
	}
	snprintf(l->host, sizeof l->host, "%s", host);
	l->fd = pair[1];
	if (thread_start(l))
		return pair[0];
	close(pair[0]);
	close(pair[1]);
	free(l);
	return -1;
}

/* There is room for one more; false: not in time, or all is to end. */
static bool
room(int64_t until_ms)
{
	while (atomic_load(&threads) >= THREADS_MAX) {
		int64_t again = rel_mono_ms() + AGAIN_MS;

		(void)rel_wait(-1, 0, again);
		if (rel_mono_ms() >= until_ms || rel_wait_ends(again))
			return false;
	}
	return true;
}

static int
beside(const char *host, int64_t until_ms, struct found *f,
    struct rel_err *err)
{
	int fd, rc = 0;

	if (!room(until_ms))
		return rel_err_set(err, REL_E_TIMEOUT,
		    "no time is left to look its name up");
	if ((fd = lookup_begin(host)) < 0)
		return rel_err_set(err, REL_E_PEER,
		    "its name cannot be looked up now");
	if (!rel_wait(fd, POLLIN, until_ms) ||
	    recv(fd, f, sizeof *f, MSG_DONTWAIT) != sizeof *f)
		rc = rel_err_set(err, REL_E_TIMEOUT,
		    "the name server does not answer");
	close(fd);
	return rc;
}

int
driver_resolve(const char *host, uint16_t port, int64_t until_ms,
    struct driver_address *out, struct rel_err *err)
{
	struct found f;
	int rc = 0;

	look_up(host, AI_NUMERICHOST, &f);
	if (f.rc != 0 && host[0] != '\0')
		rc = beside(host, until_ms, &f, err);
	if (rc < 0)
		return rc;
	if (f.rc == EAI_AGAIN)
		return rel_err_set(err, REL_E_PEER,
		    "no name server answers now");
	if (f.rc != 0 || f.len > sizeof out->to)
		return rel_err_set(err, REL_E_NOTFOUND,
		    "\"%.100s\" has no address", host);
	memcpy(&out->to, &f.to, sizeof out->to);
	out->len = f.len;
	if (f.to.ss_family == AF_INET6)
		((struct sockaddr_in6 *)&out->to)->sin6_port = htons(port);
	else
		((struct sockaddr_in *)&out->to)->sin_port = htons(port);
	return 0;
}
