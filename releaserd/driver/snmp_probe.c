/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Who is there? For discovery and posture. */
#include "releaserd/driver/snmp.h"

#include <stdio.h>
#include <string.h>

#include "lib/text.h"
#include "releaserd/driver/snmp_priv.h"

/* An item's value into out, cut at a character. */
static void
item_into(char *out, size_t size, const struct items *l, const char *name)
{
	const char *value = items_get(l, name);

	rel_text_clean(out, size, value != NULL ? value : "");
}

static void
found(struct snmp_tree *t, const char *address, struct snmp_found *out)
{
	struct snmp_device d;
	struct items l;

	items_init(&l);
	snmp_device_init(&d, t, &l);
	snmp_items_identity(&d);
	out->printer = snmp_is_printer(t);
	item_into(out->vendor, sizeof out->vendor, &l, "vendor");
	item_into(out->model, sizeof out->model, &l, "model");
	item_into(out->serial, sizeof out->serial, &l, "serial");
	item_into(out->name, sizeof out->name, &l, "name");
	item_into(out->location, sizeof out->location, &l, "location");
	item_into(out->description, sizeof out->description, &l,
	    "description");
	item_into(out->object_id, sizeof out->object_id, &l, "object-id");
	snmp_device_mac(&d, address, out->mac);
	snmp_device_queue(&d, out->queue, sizeof out->queue);
	items_fini(&l);
}

/* More of what seems to print: where its queue and its MAC stand. */
static int
more(struct snmp_link *link, struct snmp_tree *t, struct rel_err *err)
{
	static const char *const columns[] = { "1.3.6.1.2.1.43.14.1.1.2",
		"1.3.6.1.2.1.43.14.1.1.9", "1.3.6.1.2.1.2.2.1.6",
		"1.3.6.1.2.1.2.2.1.3" };
	int rc = 0;

	if (!snmp_is_printer(t))
		rc = snmp_link_next(link, "1.3.6.1.2.1.43", t, err);
	if (rc < 0 || !snmp_is_printer(t))
		return rc;
	if ((rc = snmp_link_walk(link, columns, 4, t, err)) == 0)
		rc = snmp_gather_quirk(link, t, snmp_quirk_tree(t), err);
	return rc;
}

/* Once it has answered, what it has no time for is no reason to drop it. */
static int
probe(const struct snmp_peer *peer, const struct snmp_access *a,
    struct snmp_found *out, struct rel_err *err)
{
	struct snmp_link *link = NULL;
	struct snmp_tree t;
	int rc = snmp_link_open(&link, peer, a, 2, err);

	snmp_tree_init(&t);
	if (rc == 0)
		rc = snmp_gather_who(link, &t, err);
	if (rc == 0)
		(void)more(link, &t, err);
	if (rc == 0 || t.n > 0) {
		found(&t, peer->address, out);
		rc = 0;
	}
	snmp_tree_fini(&t);
	snmp_link_close(&link);
	return rc;
}

int
snmp_probe(const struct snmp_peer *peer, const struct snmp_access *accesses,
    size_t n, struct snmp_found *out, struct rel_err *err)
{
	struct rel_err why;
	int worst = 0;

	memset(out, 0, sizeof *out);
	rel_err_set(&why, REL_E_FORMAT, "no way in by SNMP is given");
	for (size_t i = 0; i < n; i++) {
		int64_t now = rel_mono_ms();
		struct snmp_peer share = { peer->address, peer->port,
		    now + (peer->until_ms - now) / (int64_t)(n - i) };
		int rc = probe(&share, &accesses[i], out, err);

		if (rc == 0) {
			out->access = (uint8_t)i;
			return 0;
		}
		if (worst == 0 || rc == -REL_E_DENIED) {
			worst = rc;
			why = *err;
		}
	}
	*err = why;
	return worst != 0 ? worst : -REL_E_FORMAT;
}

bool
snmp_answers(const struct snmp_peer *peer, const struct snmp_access *access)
{
	static const char *const descr[] = { "1.3.6.1.2.1.1.1.0" };
	struct snmp_link *link = NULL;
	struct snmp_tree t;
	struct rel_err err;
	int rc = snmp_link_open(&link, peer, access, 2, &err);

	snmp_tree_init(&t);
	if (rc == 0)
		rc = snmp_link_get(link, descr, 1, &t, &err);
	snmp_tree_fini(&t);
	snmp_link_close(&link);
	return rc == 0 || (rc == -REL_E_DENIED &&
	    access->version == SNMP_V3 && access->name[0] == '\0');
}
