/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* How a question finds its function. */
#include <stdio.h>
#include <string.h>

#include "releaserd/driver/drivers.h"

const struct driver_ops *
driver_find(const char *name)
{
	size_t i = 0;

	while (drivers[i] != NULL && strcmp(drivers[i]->name, name) != 0)
		i++;
	return drivers[i];
}

int64_t
driver_until(const struct driver_ask *q)
{
	if (q->until_ms != 0)
		return q->until_ms;
	return rel_mono_ms() + (q->deadline_ms != 0 ? q->deadline_ms :
	    DRIVER_USUAL_MS);
}

void
driver_sleep(int64_t until_ms)
{
	while (rel_mono_ms() < until_ms && rel_wait(-1, 0, until_ms))
		;
}

bool
driver_url(char *out, size_t size, const char *scheme, const char *host,
    unsigned port, const char *path)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-_";
	size_t n = strlen(host);
	char at[8] = "";
	bool v6;
	int len;

	if (n > 2 && host[0] == '[' && host[n - 1] == ']') {
		host++;
		n -= 2;
	}
	if (n == 0 || strspn(host, good) < n || port > 65535)
		return false;
	v6 = memchr(host, ':', n) != NULL;
	if (port != 0)
		snprintf(at, sizeof at, ":%u", port);
	len = snprintf(out, size, "%s://%s%.*s%s%s%s", scheme, v6 ? "[" : "",
	    (int)n, host, v6 ? "]" : "", at, path);
	return len > 0 && (size_t)len < size;
}

/* ---- one question */

typedef int (*driver_fn)(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err);

static driver_fn
function_of(const struct driver_ops *o, unsigned op)
{
	const driver_fn fns[] = {
		[DRIVER_INFO] = o->info,
		[DRIVER_STATUS] = o->status,
		[DRIVER_SESSION_OPEN] = o->session_open,
		[DRIVER_SESSION_UPDATE] = o->session_update,
		[DRIVER_SESSION_CLOSE] = o->session_close,
		[DRIVER_RESTRICTIONS_GET] = o->restrictions_get,
		[DRIVER_RESTRICTIONS_PUT] = o->restrictions_put,
		[DRIVER_CONFIG_PUT] = o->config_put,
		[DRIVER_USAGE_FETCH] = o->usage_fetch,
		[DRIVER_USAGE_ACK] = o->usage_ack,
		[DRIVER_COMMAND] = o->command,
		[DRIVER_JOB_STATE] = o->job_state,
		[DRIVER_JOB_CANCEL] = o->job_cancel,
		[DRIVER_INBOUND] = o->inbound
	};

	return op < sizeof fns / sizeof fns[0] ? fns[op] : NULL;
}

static int
call(const struct driver_ask *q, struct driver_said *s, struct rel_err *err)
{
	const struct driver_ops *o;
	driver_fn fn;

	if (q->op == DRIVER_DISCOVER)
		return driver_discover(q, s, err);
	if (q->op == DRIVER_POSTURE)
		return driver_posture(q, s, err);
	if ((o = driver_find(q->at.protocol)) == NULL)
		return rel_err_set(err, REL_E_NOTFOUND,
		    "there is no driver \"%s\"", q->at.protocol);
	if ((fn = function_of(o, q->op)) == NULL)
		return rel_err_set(err, REL_E_NOTFOUND,
		    "the driver \"%s\" cannot do that (%s)", o->name,
		    driver_op_name(q->op));
	return fn(q, s, err);
}

void
driver_call(const struct driver_ask *q, struct driver_said *s)
{
	struct rel_err err = { .code = 0 };
	int rc = call(q, s, &err);

	if (rc == 0 && (s->items.failed || s->text.failed))
		rc = rel_err_set(&err, REL_E_NOMEM, "no memory");
	else if (rc == 0 && s->text.len > DRIVER_TEXT_MAX)
		rc = rel_err_set(&err, REL_E_LIMIT, "it said too much");
	s->rc = (int8_t)rc;
	if (rc < 0)
		snprintf(s->words, sizeof s->words, "%s", err.text);
}
