/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The usage log of a device that speaks OPDP: fetch and acknowledge. */
#include "releaserd/driver/opdp_priv.h"

#include <stdio.h>
#include <string.h>

#include "releaserd/records.h"

/* What may stand in a query as it is. */
static bool
epoch_ok(const char *epoch)
{
	return epoch[strspn(epoch, "0123456789abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ-._")] == '\0';
}

int
opdp_usage_fetch(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	char path[200];
	const struct opdp_call call = { .method = "GET", .path = path };
	bool named = q->id[0] != '\0' && epoch_ok(q->id);
	struct usage_page page = { .n = 0 };
	struct opdp_answer a;
	int rc;

	snprintf(path, sizeof path, "/usage?after=%lld&limit=%u&wait_s=0%s%s",
	    (long long)(q->id[0] == '\0' || named ? q->number : 0),
	    q->limit > 0 && q->limit <= REQ_RECORDS_MAX ? q->limit :
	    REQ_RECORDS_MAX, named ? "&epoch=" : "", named ? q->id : "");
	opdp_answer_init(&a);
	if ((rc = opdp_ask(q, &call, &a, err)) == 0 &&
	    (rc = usage_page_read(&page, a.body, err)) == 0)
		usage_page_put(&s->text, &page);
	usage_page_fini(&page);
	opdp_answer_fini(&a);
	return rc;
}

int
opdp_usage_ack(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	char text[160], key[100];
	struct opdp_call call = { .method = "POST", .path = "/usage/ack",
	    .text = text, .key = key };
	struct opdp_answer a;
	int n, rc;

	(void)s;
	if (!epoch_ok(q->id))
		return rel_err_set(err, REL_E_NOTFOUND,
		    "its log has no name that can be said");
	n = snprintf(text, sizeof text, "{\"epoch\":\"%s\",\"upto_seq\":%lld}",
	    q->id, (long long)q->number);
	call.text_len = n > 0 ? (size_t)n : 0;
	snprintf(key, sizeof key, "ack-%.63s-%lld", q->id,
	    (long long)q->number);
	opdp_answer_init(&a);
	rc = opdp_ask(q, &call, &a, err);
	opdp_answer_fini(&a);
	return rc;
}
