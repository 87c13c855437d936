/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What a device may answer, and what a job may be called.  A byte of flags
 * (1 data first, 2 close early), then five texts with a length byte before
 * each: the title, and what the device says at the stages queue, control,
 * data and final.  Whatever it says, the outcome must be one that is true.
 */
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/compat.h"
#include "lib/lpr.h"
#include "lib/lpr_priv.h"
#include "lib/text.h"

#define DOC_BYTES 600u

struct device {
	const uint8_t *p, *end;
	int sock;		/* its side */
	bool close_early;
	bool given;		/* the document was asked for */
	bool no_return;
	bool said_no;		/* some byte that is no acknowledgement */
};

/* The next text with its length byte; shorter when the input ends. */
static size_t
take(struct device *d, const uint8_t **p)
{
	size_t n;

	*p = d->p;
	if (d->p == d->end)
		return 0;
	n = *d->p++;
	if (n > (size_t)(d->end - d->p))
		n = (size_t)(d->end - d->p);
	*p = d->p;
	d->p += n;
	return n;
}

static void
device_speaks(void *ctx, enum rel_send_stage stage, uint64_t bytes)
{
	struct device *d = ctx;
	const uint8_t *p;
	size_t n;

	(void)bytes;
	if (stage == REL_SEND_DONE || d->sock < 0 || (stage == REL_SEND_DATA &&
	    d->given))
		return;		/* told again while the data goes out */
	n = take(d, &p);
	for (size_t i = 0; i < n; i++)
		d->said_no |= p[i] != 0;
	(void)!send(d->sock, p, n, MSG_NOSIGNAL);
	if (d->close_early && n == 0) {
		close(d->sock);
		d->sock = -1;
	}
}

static int
document(void *ctx, const uint8_t **p, size_t *n, struct rel_err *err)
{
	static const uint8_t doc[DOC_BYTES];
	struct device *d = ctx;

	(void)err;
	if (d->given)
		return 0;
	d->given = true;
	*p = doc;
	*n = sizeof doc;
	return 1;
}

static int
no_return(void *ctx, struct rel_err *err)
{
	struct device *d = ctx;

	(void)err;
	d->no_return = true;
	return 0;
}

static void
check_result(const struct device *d, const struct rel_send_result *res)
{
	size_t n = strlen(res->reason);

	FUZZ_MUST(res->outcome <= REL_SEND_UNCONFIRMED);
	FUZZ_MUST((res->outcome == REL_SEND_SENT) == (n == 0));
	FUZZ_MUST(res->outcome != REL_SEND_SENT || res->bytes == DOC_BYTES);
	FUZZ_MUST(res->outcome != REL_SEND_AWAY || res->bytes == 0);
	FUZZ_MUST(res->outcome != REL_SEND_REFUSED || d->said_no);
	FUZZ_MUST(res->outcome != REL_SEND_UNCONFIRMED || res->bytes > 0);
	FUZZ_MUST(res->bytes == 0 || d->no_return);
	FUZZ_MUST(rel_utf8_ok(res->reason, n));
	for (size_t i = 0; i < n; i++)
		FUZZ_MUST((unsigned char)res->reason[i] >= ' ');
}

/* Six lines and no control byte, whatever the names were. */
static void
check_control(const struct rel_lpr_job *job)
{
	char out[4096];
	int n = rel_lpr_control(job, out, sizeof out), lines = 0;

	FUZZ_MUST(n > 0);
	for (int i = 0; i < n; i++) {
		lines += out[i] == '\n';
		FUZZ_MUST(out[i] == '\n' || (unsigned char)out[i] >= ' ');
	}
	FUZZ_MUST(lines == 6 && rel_utf8_ok(out, (size_t)n));
}

static void
one_job(struct device *d, bool data_first)
{
	struct rel_send_source src = {
		.bytes = DOC_BYTES, .next = document,
		.point_of_no_return = no_return, .progress = device_speaks,
		.ctx = d
	};
	struct rel_send_result res;
	const uint8_t *p;
	char title[256];
	int pair[2];

	size_t n = take(d, &p);

	memcpy(title, p, n);
	title[n] = '\0';
	struct rel_lpr_job job = {
		.host = "fuzz", .port = 515, .queue = "q", .user = title,
		.client_host = title, .title = title, .ref = "OP1",
		.copies = 1, .format = 'l', .data_first = data_first,
		.connect_ms = 5, .reply_ms = 5
	};

	check_control(&job);
	if (rel_compat_pair(pair) < 0)
		return;
	(void)fcntl(pair[0], F_SETFL, O_NONBLOCK);
	(void)fcntl(pair[1], F_SETFL, O_NONBLOCK);
	d->sock = pair[1];
	rel_lpr_send_on(pair[0], &job, &src, &res);
	if (d->sock >= 0)
		close(d->sock);
	check_result(d, &res);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct device d = { .p = p, .end = p + n };
	uint8_t flags;

	if (n == 0)
		return 0;
	flags = *d.p++;
	d.close_early = (flags & 2) != 0;
	one_job(&d, (flags & 1) != 0);
	return 0;
}
