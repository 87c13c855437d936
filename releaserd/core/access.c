/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/access.h"

#include <string.h>

enum access_state
access_may(struct core *c, const struct device *d, const struct session *s,
    enum function f, struct access *out)
{
	(void)c;
	(void)d;
	(void)s;
	(void)f;
	if (out != NULL)
		memset(out, 0, sizeof *out);
	return ACCESS_OPEN;
}

int64_t
access_panel_template(struct core *c, const struct device *d)
{
	(void)c;
	(void)d;
	return 0;
}

json_t *
access_uses(struct core *c, int64_t template_id)
{
	(void)c;
	(void)template_id;
	return json_array();
}
