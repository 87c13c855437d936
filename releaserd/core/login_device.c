/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * The password and the PIN of a device: who knows one may use the device, and
 * nobody learns who it was.
 */
#include <stdio.h>
#include <string.h>

#include "releaserd/core/login_priv.h"

void
login_by_device(struct core *c, const struct request *rq,
    struct pending_login *p)
{
	const char *value = req_str(rq, F_VALUE);
	bool pin = strcmp(p->method, "device-pin") == 0;
	struct device_secret s = { .verifier = "" };
	int rc;

	p->proof.block = pin ? BLOCK_DEVICE_PIN : BLOCK_DEVICE_PASSWORD;
	snprintf(p->subjects[1], sizeof p->subjects[1], "d:%s", p->from);
	if (login_locked_s(c, p) > 0) {
		login_undecided(c, p, "locked-out");
		return;
	}
	rc = store_secret_for(c->st, p->from, (int)p->proof.block, &s);
	if (rc < 0 && rc != -REL_E_NOTFOUND) {
		reply_broken(c, &p->a, rc);
		login_free(c, p);
		return;
	}
	p->nobody = rc == 0;
	login_verify(c, p, value != NULL ? value : "", s.verifier);
	rel_wipe(&s, sizeof s);
}
