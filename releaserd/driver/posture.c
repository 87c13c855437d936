/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/driver/drivers.h"

int
driver_posture(const struct driver_ask *q, struct driver_said *s,
    struct rel_err *err)
{
	(void)q;
	(void)s;
	return rel_err_set(err, REL_E_NOTFOUND, "this server cannot do that");
}
