/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The address book, as pages and programs ask for it. */
#include "releaserd/core/addresses.h"
#include "releaserd/core/api_priv.h"

static void
say(struct core *c, struct asker *a, const char *asked, const char *locale,
    json_t *found)
{
	(void)asked;
	(void)locale;
	reply_json(c, a, 200, found);
}

static void
addresses(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	int rc = addresses_find(c, a, req_str(rq, F_Q), "", say);

	(void)who;
	if (rc == -REL_E_FORMAT)
		reply_field(c, a, "bad-request", "q",
		    "type two characters or more");
	else if (rc == -REL_E_FULL)
		reply_problem(c, a, "rate-limited", 1,
		    "too many addresses are being looked up");
	else if (rc < 0)
		reply_broken(c, a, rc);
}

void
api_addresses(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, addresses);
}
