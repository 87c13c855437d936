/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/frame.h"
#include "lib/text.h"

static int sv[2];
static struct rel_framer f;
static struct rel_frame fr;
static struct rel_err err;

static int
open_pair(void **state)
{
	(void)state;
	rel_framer_init(&f);
	return socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
}

static int
close_pair(void **state)
{
	(void)state;
	rel_framer_fini(&f);
	close(sv[0]);
	close(sv[1]);
	return 0;
}

static unsigned
open_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned n = 0;

	if (d == NULL)
		return 0;
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

/* Descriptors that can be told apart: read ends whose writer said "A".. */
static void
make_fds(int *fds, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		int p[2];
		char c = (char)('A' + i);

		assert_int_equal(0, pipe(p));
		assert_int_equal(1, write(p[1], &c, 1));
		close(p[1]);
		fds[i] = p[0];
	}
}

static char
letter(int fd)
{
	char c = '?';

	assert_int_equal(1, read(fd, &c, 1));
	return c;
}

UNIT(a_message_crosses)
{
	struct rel_frame out = {
		.type = 0x181, .id = 77, .body = (const uint8_t *)"hello",
		.len = 5
	};

	assert_int_equal(0, rel_frame_send(sv[0], &out, 1000, &err));
	assert_int_equal(0, rel_frame_recv(sv[1], &f, &fr, 1000, &err));
	assert_int_equal(0x181, fr.type);
	assert_int_equal(77, fr.id);
	assert_int_equal(5, fr.len);
	assert_memory_equal("hello", fr.body, 5);
	assert_int_equal(0, fr.nfds);
}

UNIT(the_wire_is_as_described)
{
	static const uint8_t want[] = {
		3, 0, 0, 0, 0x34, 0x12, 2, 1, 0xef, 0xbe, 0xad, 0xde,
		'a', 'b', 'c'
	};
	struct rel_frame out = {
		.type = 0x1234, .id = 0xdeadbeef, .nfds = 2,
		.body = (const uint8_t *)"abc", .len = 3
	};
	struct rel_buf b;

	rel_buf_init(&b);
	rel_frame_put(&b, &out);
	assert_int_equal(sizeof want, b.len);
	assert_memory_equal(want, b.data, sizeof want);
	rel_buf_fini(&b);
}

UNIT(descriptors_cross_in_order_and_do_not_leak)
{
	unsigned before = open_fds();
	struct rel_frame out = { .type = 1, .nfds = 4 };

	make_fds(out.fds, 4);
	assert_int_equal(0, rel_frame_send(sv[0], &out, 1000, &err));
	rel_frame_drop_fds(&out);
	assert_int_equal(-1, out.fds[3]);
	assert_int_equal(0, rel_frame_recv(sv[1], &f, &fr, 1000, &err));
	assert_int_equal(4, fr.nfds);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal('A' + i, letter(fr.fds[i]));
		assert_int_equal(FD_CLOEXEC, fcntl(fr.fds[i], F_GETFD));
	}
	rel_frame_drop_fds(&fr);
	rel_frame_drop_fds(&fr);		/* twice is fine */
	assert_int_equal(before, open_fds());
}

UNIT(descriptors_stay_with_their_message)
{
	struct rel_frame a = { .type = 1, .nfds = 1 };
	struct rel_frame b = { .type = 2, .nfds = 0 };
	struct rel_frame c = { .type = 3, .nfds = 2 };

	make_fds(a.fds, 1);
	make_fds(c.fds, 2);
	assert_int_equal(0, rel_frame_send(sv[0], &a, 1000, &err));
	assert_int_equal(0, rel_frame_send(sv[0], &b, 1000, &err));
	assert_int_equal(0, rel_frame_send(sv[0], &c, 1000, &err));
	rel_frame_drop_fds(&a);
	rel_frame_drop_fds(&c);
	assert_int_equal(0, rel_frame_recv(sv[1], &f, &fr, 1000, &err));
	assert_int_equal(1, fr.nfds);
	assert_int_equal('A', letter(fr.fds[0]));
	rel_frame_drop_fds(&fr);
	assert_int_equal(0, rel_frame_recv(sv[1], &f, &fr, 1000, &err));
	assert_int_equal(2, fr.type);
	assert_int_equal(0, fr.nfds);
	assert_int_equal(0, rel_frame_recv(sv[1], &f, &fr, 1000, &err));
	assert_int_equal(2, fr.nfds);
	assert_int_equal('A', letter(fr.fds[0]));
	assert_int_equal('B', letter(fr.fds[1]));
	rel_frame_drop_fds(&fr);
}

UNIT(descriptors_nobody_took_are_closed_with_the_framer)
{
	unsigned before = open_fds();
	struct rel_frame out = { .type = 1, .nfds = 3 };

	make_fds(out.fds, 3);
	assert_int_equal(0, rel_frame_send(sv[0], &out, 1000, &err));
	rel_frame_drop_fds(&out);
	assert_true(rel_framer_fill(&f, sv[1], &err) > 0);
	assert_int_equal(before + 3, open_fds());
	rel_framer_fini(&f);
	assert_int_equal(before, open_fds());
	rel_framer_init(&f);
}

UNIT(byte_by_byte)
{
	struct rel_frame out = {
		.type = 5, .id = 6, .body = (const uint8_t *)"0123456789",
		.len = 10
	};
	struct rel_buf b;

	rel_buf_init(&b);
	rel_frame_put(&b, &out);
	rel_frame_put(&b, &out);
	for (size_t i = 0; i < b.len; i++) {
		assert_int_equal(1, write(sv[0], b.data + i, 1));
		assert_int_equal(1, rel_framer_fill(&f, sv[1], &err));
		if (i + 1 != b.len / 2 && i + 1 != b.len) {
			assert_int_equal(0, rel_framer_next(&f, &fr, &err));
			continue;
		}
		assert_int_equal(1, rel_framer_next(&f, &fr, &err));
		assert_int_equal(10, fr.len);
		assert_memory_equal("0123456789", fr.body, 10);
	}
	assert_int_equal(0, rel_framer_next(&f, &fr, &err));
	rel_buf_fini(&b);
}

/* A head with these fields, fed: what does next() say? */
static int
fed(uint32_t len, uint8_t nfds, uint8_t version)
{
	struct rel_buf b;
	int rc;

	rel_buf_init(&b);
	rel_put_u32(&b, len);
	rel_put_u16(&b, 1);
	rel_put_u8(&b, nfds);
	rel_put_u8(&b, version);
	rel_put_u32(&b, 1);
	rel_framer_fini(&f);
	rel_framer_init(&f);
	rel_framer_feed(&f, b.data, b.len);
	rel_buf_fini(&b);
	err.text[0] = '\0';
	rc = rel_framer_next(&f, &fr, &err);
	if (rc < 0)
		assert_string_not_equal("", err.text);
	return rc;
}

UNIT(malformed_heads)
{
	assert_int_equal(1, fed(0, 0, 1));
	assert_int_equal(-REL_E_FORMAT, fed(0, 0, 0));
	assert_int_equal(-REL_E_FORMAT, fed(0, 0, 2));
	assert_int_equal(-REL_E_FORMAT, fed(0, 1, 1));	/* none came */
	assert_int_equal(-REL_E_FORMAT, fed(0, 5, 1));
	assert_int_equal(-REL_E_FORMAT, fed(0, 255, 1));
	assert_int_equal(0, fed(REL_FRAME_BODY_MAX, 0, 1));
	assert_int_equal(-REL_E_LIMIT, fed(REL_FRAME_BODY_MAX + 1, 0, 1));
	assert_int_equal(-REL_E_LIMIT, fed(UINT32_MAX, 0, 1));
	/* It stays refused. */
	assert_int_equal(-REL_E_LIMIT, rel_framer_next(&f, &fr, &err));
}

UNIT(the_longest_message_crosses_a_small_socket)
{
	struct rel_frame out = { .type = 9, .len = REL_FRAME_BODY_MAX };
	uint8_t *body = malloc(REL_FRAME_BODY_MAX);
	int status;
	pid_t pid;

	assert_non_null(body);
	for (size_t i = 0; i < REL_FRAME_BODY_MAX; i++)
		body[i] = (uint8_t)(i * 7);
	out.body = body;
	if ((pid = fork()) == 0)
		_exit(rel_frame_send(sv[0], &out, 5000, &err) == 0 ? 0 : 1);
	assert_int_equal(0, rel_frame_recv(sv[1], &f, &fr, 5000, &err));
	assert_int_equal(REL_FRAME_BODY_MAX, fr.len);
	assert_memory_equal(body, fr.body, fr.len);
	assert_int_equal(pid, waitpid(pid, &status, 0));
	assert_int_equal(0, status);
	out.len++;
	assert_int_equal(-REL_E_LIMIT, rel_frame_send(sv[0], &out, 0, &err));
	free(body);
}

UNIT(who_does_not_read_does_not_hold_us)
{
	struct rel_frame out = { .type = 9, .len = REL_FRAME_BODY_MAX };
	uint8_t *body = calloc(1, REL_FRAME_BODY_MAX);
	int64_t from = rel_mono_ms();

	assert_non_null(body);
	out.body = body;
	/* A blocking socket, on purpose. */
	assert_int_equal(-REL_E_TIMEOUT,
	    rel_frame_send(sv[0], &out, 100, &err));
	assert_true(rel_mono_ms() - from >= 100);
	assert_int_equal(0, rel_frame_write(sv[0], body, 4096, NULL, 0, &err));
	free(body);
}

UNIT(who_does_not_answer_does_not_hold_us)
{
	int64_t from = rel_mono_ms();

	assert_int_equal(-REL_E_TIMEOUT,
	    rel_frame_recv(sv[1], &f, &fr, 50, &err));
	assert_true(rel_mono_ms() - from >= 50);
	assert_int_equal(0, rel_framer_fill(&f, sv[1], &err));
	assert_int_equal(3, write(sv[0], "\0\0\0", 3));
	assert_int_equal(-REL_E_TIMEOUT,
	    rel_frame_recv(sv[1], &f, &fr, 0, &err));
	/* Half a message came in time and is not lost. */
	assert_int_equal(9, write(sv[0], "\0\x07\0\0\1\0\0\0\0", 9));
	assert_int_equal(0, rel_frame_recv(sv[1], &f, &fr, 0, &err));
	assert_int_equal(7, fr.type);
}

UNIT(the_other_side_goes)
{
	struct rel_frame out = { .type = 1 };

	assert_int_equal(3, write(sv[0], "\0\0\0", 3));
	close(sv[0]);
	assert_int_equal(-REL_E_CLOSED,
	    rel_frame_recv(sv[1], &f, &fr, 1000, &err));
	/* No SIGPIPE either. */
	assert_int_equal(-REL_E_CLOSED,
	    rel_frame_send(sv[1], &out, 1000, &err));
	sv[0] = open("/dev/null", O_RDWR);
}

UNIT(the_other_side_goes_with_our_words_unread)
{
	struct rel_frame out = { .type = 1 };
	unsigned before = open_fds();

	assert_int_equal(0, rel_frame_send(sv[1], &out, 1000, &err));
	close(sv[0]);			/* ECONNRESET for us */
	assert_int_equal(-REL_E_CLOSED, rel_framer_fill(&f, sv[1], &err));
	assert_int_equal(0, f.nfds);
	assert_int_equal(before - 1, open_fds());
	sv[0] = open("/dev/null", O_RDWR);
}

/* More descriptors in one go than a message may carry. */
UNIT(too_many_descriptors_at_once)
{
	unsigned before = open_fds();
	int fds[REL_FRAME_FDS_MAX + 3];
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof fds)];
	} ctl;
	char byte = 'x';
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = ctl.room,
		.msg_controllen = sizeof ctl.room
	};
	struct cmsghdr *c;

	memset(&ctl, 0, sizeof ctl);
	make_fds(fds, REL_FRAME_FDS_MAX + 3);
	c = CMSG_FIRSTHDR(&msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof fds);
	memcpy(CMSG_DATA(c), fds, sizeof fds);
	assert_int_equal(1, sendmsg(sv[0], &msg, 0));
	for (unsigned i = 0; i < REL_FRAME_FDS_MAX + 3; i++)
		close(fds[i]);
	assert_int_equal(-REL_E_FORMAT, rel_framer_fill(&f, sv[1], &err));
	rel_framer_fini(&f);
	rel_framer_init(&f);
	assert_int_equal(before, open_fds());
}

/* Descriptors that no message asks for may not pile up without end. */
UNIT(too_many_descriptors_in_sum)
{
	unsigned before = open_fds();
	int fds[REL_FRAME_FDS_MAX], rc = 0;
	unsigned turns = 0;

	make_fds(fds, REL_FRAME_FDS_MAX);
	while (rc >= 0 && turns < 20) {
		assert_int_equal(1, rel_frame_write(sv[0], (const uint8_t *)"",
		    1, fds, REL_FRAME_FDS_MAX, &err));
		rc = rel_framer_fill(&f, sv[1], &err);
		turns++;
	}
	assert_int_equal(-REL_E_FORMAT, rc);
	assert_int_equal(5, turns);
	for (unsigned i = 0; i < REL_FRAME_FDS_MAX; i++)
		close(fds[i]);
	rel_framer_fini(&f);
	rel_framer_init(&f);
	assert_int_equal(before, open_fds());
}

UNIT(connecting)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	char folder[] = "/tmp/test_frame.XXXXXX", path[64], big[200];
	int sock, back;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/s", folder);
	assert_int_equal(-REL_E_PEER, rel_unix_connect(path, &err));
	assert_non_null(strstr(err.text, path));
	memcpy(sun.sun_path, path, strlen(path) + 1);
	sock = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(0, bind(sock, (struct sockaddr *)&sun, sizeof sun));
	assert_int_equal(0, listen(sock, 1));
	back = rel_unix_connect(path, &err);
	assert_true(back >= 0);
	assert_int_equal(FD_CLOEXEC, fcntl(back, F_GETFD));
	close(back);
	close(sock);
	assert_int_equal(-REL_E_PEER, rel_unix_connect(path, &err));
	unlink(path);
	rmdir(folder);
	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	assert_int_equal(-REL_E_LIMIT, rel_unix_connect(big, &err));
}

#define PAIRED(name) \
	cmocka_unit_test_setup_teardown(name, open_pair, close_pair)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PAIRED(a_message_crosses),
		PAIRED(the_wire_is_as_described),
		PAIRED(descriptors_cross_in_order_and_do_not_leak),
		PAIRED(descriptors_stay_with_their_message),
		PAIRED(descriptors_nobody_took_are_closed_with_the_framer),
		PAIRED(byte_by_byte),
		PAIRED(malformed_heads),
		PAIRED(the_longest_message_crosses_a_small_socket),
		PAIRED(who_does_not_read_does_not_hold_us),
		PAIRED(who_does_not_answer_does_not_hold_us),
		PAIRED(the_other_side_goes),
		PAIRED(the_other_side_goes_with_our_words_unread),
		PAIRED(too_many_descriptors_at_once),
		PAIRED(too_many_descriptors_in_sum),
		UNIT_RUN(connecting),
	};

	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
