/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "releaserd/core/ledger.h"
#include "releaserd/records.h"
#include "tests/unit/usage_fixture.h"

struct device dev;
int net;
json_t *got;

int
usage_begin(void **state)
{
	struct rel_err err;

	if (whole_open(state) < 0)
		return -1;
	net = whole_peer(ROLE_NET);
	whole_device(&dev);
	dev.level = 3;
	assert_int_equal(0, core_write(whole, &err));
	assert_int_equal(0, store_device_set(whole->st, &dev));
	whole_turns();
	whole_book(prices_book(whole), "mono 0.10\ncolour 0.15\n");
	return 0;
}

void
usage_ledger_right(void)
{
	struct ledger_check *lc = ledger_check_new();
	int rc;

	assert_non_null(lc);
	while ((rc = ledger_check_step(lc, whole->st, 1000)) == 1)
		;
	assert_int_equal(0, rc);
	if (ledger_check_told(lc)->wrong > 0)
		fail_msg("%s", ledger_check_told(lc)->text[0]);
	ledger_check_free(&lc);
}

/* Whatever a test did. */
int
usage_end(void **state)
{
	usage_ledger_right();
	return whole_close_asked(state, net, &got);
}

int
ask_as(const struct device *d, struct request *rq)
{
	char problem[40];
	int status;

	json_decref(got);
	rq->caller = CALLER_DEVICE;
	snprintf(rq->caller_id, sizeof rq->caller_id, "%s", d->id);
	memcpy(rq->cert_fp, d->cert_fp, sizeof rq->cert_fp);
	status = whole_ask(net, rq, problem, &got);
	request_fini(rq);
	return status;
}

int
push_from(const struct device *d, const char *epoch, int64_t oldest,
    json_t *list)
{
	struct request rq = { .route = OPDP_USAGE };
	struct rel_err err = { 0 };

	assert_int_equal(0, records_read(&rq.records, &rq.nrecords, list, 100,
	    &err));
	json_decref(list);
	rq.f[F_RECORDS].set = rq.f[F_EPOCH].set = true;
	rq.f[F_RECORDS].num = (int64_t)rq.nrecords;
	rq.f[F_EPOCH].str = epoch;
	rq.f[F_OLDEST_SEQ].set = oldest > 1;
	rq.f[F_OLDEST_SEQ].num = oldest;
	return ask_as(d, &rq);
}

int
push_as(const struct device *d, const char *epoch, json_t *list)
{
	return push_from(d, epoch, 1, list);
}
