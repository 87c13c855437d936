/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What a device said by SNMP, as net-snmp has decoded it: values of any kind
 * at any place become items.  A value is u8 place, u8 row, u8 more, u8 kind,
 * u8 length and octets; more than 0 is another index behind the row.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/text.h"
#include "releaserd/driver/snmp_priv.h"

#define HR "1.3.6.1.2.1.25.3."
#define PRT "1.3.6.1.2.1.43."
#define OID "1.3.6.1.4.1."

/* The printer's index is in those that want one; 100: scalars. */
static const char *const places[] = {
	"1.3.6.1.2.1.1.1", "1.3.6.1.2.1.1.2", "1.3.6.1.2.1.1.4",
	"1.3.6.1.2.1.1.5", "1.3.6.1.2.1.1.6", HR "2.1.2", HR "2.1.3",
	HR "2.1.5", HR "5.1.1", HR "5.1.2", PRT "5.1.1.2", PRT "5.1.1.16",
	PRT "5.1.1.17", PRT "7.1.1.4.1", PRT "8.2.1.2.1", PRT "8.2.1.3.1",
	PRT "8.2.1.4.1", PRT "8.2.1.5.1", PRT "8.2.1.9.1", PRT "8.2.1.10.1",
	PRT "8.2.1.11.1", PRT "8.2.1.12.1", PRT "8.2.1.13.1", PRT "8.2.1.21.1",
	PRT "9.2.1.5.1", PRT "9.2.1.7.1", PRT "10.2.1.2.1", PRT "10.2.1.3.1",
	PRT "10.2.1.4.1", PRT "10.2.1.6.1", PRT "10.2.1.9.1", PRT "10.2.1.10.1",
	PRT "11.1.1.3.1", PRT "11.1.1.5.1", PRT "11.1.1.6.1", PRT "11.1.1.7.1",
	PRT "11.1.1.8.1", PRT "11.1.1.9.1", PRT "12.1.1.3.1", PRT "12.1.1.4.1",
	PRT "13.4.1.4.1", PRT "13.4.1.9.1", PRT "14.1.1.2.1", PRT "14.1.1.9.1",
	PRT "15.1.1.2.1", PRT "15.1.1.5.1", PRT "16.5.1.2.1", PRT "18.1.1.2.1",
	PRT "18.1.1.4.1", PRT "18.1.1.7.1", PRT "18.1.1.8.1", PRT "30.1.1.2.1",
	PRT "30.1.1.10.1", PRT "31.1.1.5.1", PRT "31.1.1.8.1",
	PRT "33.1.1.3.1.1.30", PRT "33.1.1.3.1.1.83", "1.3.6.1.2.1.2.2.1.6",
	"1.3.6.1.2.1.2.2.1.3", "1.3.6.1.2.1.4.20.1.2.10.0.0",
	"1.3.6.1.2.1.4.20.1.3.10.0.0", "1.3.6.1.2.1.4.21.1.7.0.0.0",
	OID "2699.1.2.1.2.1.1.3", OID "2699.1.2.1.3.1.1.4.1",
	OID "11.2.3.9.1.1.7", OID "1248.1.2.2.27.1.1.4.1",
	OID "1248.1.2.2.27.1.1.3.1", OID "2435.2.3.9.4.2.1.5.4.5.2",
	PRT "8.2.1.6.1", PRT "8.2.1.7.1", PRT "8.2.1.8.1", PRT "8.2.1.18.1",
	PRT "8.2.1.22.1", PRT "13.4.1.3.1", PRT "13.4.1.5.1", PRT "13.4.1.6.1",
	PRT "13.4.1.7.1", PRT "13.4.1.8.1", PRT "11.1.1.6.0",
	"1.3.6.1.2.1.4.24.4.1.4.0.0.0.0.0.0.0.0.0.10.0.0",
	"1.3.6.1.2.1.4.24.7.1.7.1.4.0.0.0.0.0.2.0.0.1.4.10.0.0",
	"1.3.6.1.2.1.4.34.1.5.1.4.10.0.0",
	OID "2435.2.3.9.4.2.1.5.5.8", OID "2435.2.3.9.4.2.1.5.5.10",
};

static void
value(struct snmp_tree *t, const uint8_t *p, const uint8_t *octets)
{
	struct snmp_oid o;
	int64_t number = 0;

	if (!snmp_oid_read(&o, places[p[0] %
	    (sizeof places / sizeof places[0])]))
		return;
	o.arc[o.n++] = p[1];
	if (p[2] > 0)
		o.arc[o.n++] = p[2];
	memcpy(&number, octets, p[4] < sizeof number ? p[4] : sizeof number);
	if (p[3] % 3 == 0)
		(void)snmp_tree_number_add(t, o.arc, o.n,
		    p[4] < 8 ? (int32_t)number : number);
	else
		(void)snmp_tree_octets_add(t, o.arc, o.n,
		    p[3] % 3 == 1 ? SNMP_OCTET_STRING : SNMP_OBJECT_ID,
		    octets, p[4]);
}

static void
read_all(struct snmp_tree *t, struct items *l)
{
	char reasons[120], state[16], text[64];
	struct snmp_device d;

	snmp_device_init(&d, t, l);
	snmp_items_identity(&d);
	snmp_items_network(&d, "10.0.0.7");
	snmp_items_ability(&d);
	snmp_items_channels(&d);
	snmp_items_inputs(&d);
	snmp_items_levels(&d);
	snmp_items_outputs(&d);
	snmp_items_finishers(&d);
	snmp_items_supplies(&d);
	snmp_items_alerts(&d, reasons, sizeof reasons);
	FUZZ_MUST(strlen(reasons) < sizeof reasons);
	snmp_items_state(&d, reasons, state);
	FUZZ_MUST(state[0] != '\0');
	snmp_items_counters(&d);
	snmp_device_queue(&d, text, sizeof text);
	FUZZ_MUST(strlen(text) < sizeof text);
	(void)snmp_is_printer(t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct snmp_kept k;
	struct snmp_tree t;
	struct items l;
	char text[256], size[64], kept[DRIVER_KEPT_MAX];

	snmp_tree_init(&t);
	items_init(&l);
	while (n >= 5 && n - 5 >= p[4]) {
		size_t len = 5u + p[4];

		value(&t, p, p + 5);
		p += len;
		n -= len;
	}
	read_all(&t, &l);
	for (size_t i = 0; i < l.n; i++) {
		FUZZ_MUST(item_kind(l.v[i].name) != NULL);
		FUZZ_MUST(rel_utf8_ok(l.v[i].value, strlen(l.v[i].value)));
	}
	items_fini(&l);
	snmp_tree_fini(&t);
	memcpy(text, p, n < sizeof text ? n : sizeof text - 1);
	text[n < sizeof text ? n : sizeof text - 1] = '\0';
	FUZZ_MUST(snmp_media_of_name(size, sizeof size, text) ==
	    (size[0] != '\0'));
	snmp_kept_read(&k, text);
	snmp_kept_write(kept, &k);
	FUZZ_MUST(strlen(kept) < sizeof kept);
	return 0;
}
