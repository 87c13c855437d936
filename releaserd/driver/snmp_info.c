/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a device is, and its network: identity, network, channels. */
#include "releaserd/driver/snmp_priv.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/text.h"

#define COUNT(table) (sizeof (table) / sizeof (table)[0])
#define SYS "1.3.6.1.2.1.1."
#define HR "1.3.6.1.2.1.25.3."
#define PRT "1.3.6.1.2.1.43."
#define HR_PRINTER "1.3.6.1.2.1.25.3.1.5"

/* ---- the device */

/* Does the printer have rows in the Printer MIB, or a state? */
static bool
has_rows(struct snmp_tree *t, uint32_t h)
{
	uint32_t rows[SNMP_ROWS];

	return snmp_tree_get(t, PRT "5.1.1.17", h, SNMP_ANY) != NULL ||
	    snmp_tree_get(t, HR "5.1.1", h, SNMP_ANY) != NULL ||
	    snmp_tree_get(t, HR "5.1.2", h, SNMP_ANY) != NULL ||
	    snmp_tree_rows(t, PRT "10.2.1", h, rows) > 0 ||
	    snmp_tree_rows(t, PRT "8.2.1", h, rows) > 0;
}

/* By a row that only printers have: its first index is the printer's. */
static uint32_t
index_of_rows(struct snmp_tree *t)
{
	static const char *const where[] = { HR "5.1.1", PRT "5.1.1.1",
		PRT "5.1.1.17", PRT "10.2.1.4", PRT "11.1.1.6", PRT "8.2.1.10" };

	for (size_t i = 0; i < COUNT(where); i++) {
		const struct snmp_var *v = snmp_tree_below(t, where[i], 0);
		struct snmp_oid o;

		if (v != NULL && snmp_oid_read(&o, where[i]) && v->n > o.n)
			return v->oid[o.n];
	}
	return 1;
}

uint32_t
snmp_printer_index(struct snmp_tree *t)
{
	const struct snmp_var *v;
	uint32_t first = SNMP_ANY;

	for (size_t i = 0; (v = snmp_tree_below(t, HR "2.1.2", i)) != NULL;
	    i++) {
		uint32_t h = v->oid[v->n - 1];

		if (v->kind != SNMP_OBJECT_ID ||
		    strcmp(v->octets, HR_PRINTER) != 0)
			continue;
		if (has_rows(t, h))
			return h;
		if (first == SNMP_ANY)
			first = h;
	}
	return first != SNMP_ANY ? first : index_of_rows(t);
}

bool
snmp_is_printer(struct snmp_tree *t)
{
	const struct snmp_quirk *q = snmp_quirk_tree(t);
	const struct snmp_var *v;
	char text[32];

	if ((q->flags & SNMP_Q_NOT_PRINTER) != 0)
		return false;
	for (size_t i = 0; (q->flags & SNMP_Q_HOST) == 0 &&
	    (v = snmp_tree_below(t, HR "2.1.2", i)) != NULL; i++)
		if (v->kind == SNMP_OBJECT_ID &&
		    strcmp(v->octets, HR_PRINTER) == 0)
			return true;
	if (snmp_tree_below(t, "1.3.6.1.2.1.43", 0) != NULL ||
	    ((q->flags & SNMP_Q_HOST) == 0 &&
	    snmp_tree_below(t, HR "5.1", 0) != NULL))
		return true;
	if (snmp_id_key(snmp_id_of(t), "CLS", text, sizeof text))
		return strncasecmp(text, "PRINTER", 7) == 0;
	return (q->flags & SNMP_Q_PRINTER) != 0;
}

/*
 * Some number their printer otherwise in the Printer MIB than in hrDevice: h
 * when anything is there, else the first index of its tables.
 */
static uint32_t
rows_index(struct snmp_tree *t, uint32_t h)
{
	static const char *const where[] = { PRT "11.1.1", PRT "10.2.1",
		PRT "8.2.1" };
	uint32_t rows[SNMP_ROWS], first = h;

	for (size_t i = 0; i < COUNT(where); i++) {
		const struct snmp_var *v = snmp_tree_below(t, where[i], 0);
		struct snmp_oid o;

		if (snmp_tree_rows(t, where[i], h, rows) > 0)
			return h;
		if (first == h && v != NULL && snmp_oid_read(&o, where[i]) &&
		    v->n == o.n + 3)
			first = v->oid[o.n + 1];
	}
	return first;
}

void
snmp_device_init(struct snmp_device *d, struct snmp_tree *t, struct items *l)
{
	const struct snmp_var *v;
	uint32_t language;
	int64_t tech;
	char model[64];

	*d = (struct snmp_device){ .t = t, .l = l,
	    .hr = snmp_printer_index(t), .quirk = snmp_quirk_tree(t) };
	d->h = rows_index(t, d->hr);
	language = (uint32_t)snmp_tree_number(t, PRT "5.1.1.2", d->h, SNMP_ANY,
	    1);
	d->charset = (uint32_t)snmp_tree_number(t, PRT "7.1.1.4", d->h,
	    language, 0);
	for (size_t i = 0; (v = snmp_tree_below(t, PRT "10.2.1.2", i)) != NULL;
	    i++) {
		tech = v->kind == SNMP_NUMBER ? v->number : 0;
		d->ink = d->ink || (tech >= 12 && tech <= 14);
	}
	if (snmp_tree_below(t, PRT "10.2.1.2", 0) == NULL) {
		const char *marks = snmp_marking_by_supplies(t);

		/* Brother's names of those with ink: DCP-J, MFC-T ... */
		if (marks == NULL && (d->quirk->flags & SNMP_Q_TAGGED) != 0 &&
		    snmp_id_key(snmp_id_of(t), "MDL", model, sizeof model) &&
		    (strstr(model, "-J") != NULL ||
		    strstr(model, "-T") != NULL))
			marks = "inkjet";
		d->ink = marks != NULL && strcmp(marks, "inkjet") == 0;
	}
}

void
snmp_device_quirk(struct snmp_device *d, const char *item, char *out,
    size_t size)
{
	out[0] = '\0';
	for (size_t i = 0; i < SNMP_Q_READS && out[0] == '\0' &&
	    d->quirk->reads[i].oid != NULL; i++)
		if (d->quirk->reads[i].item != NULL &&
		    strcmp(d->quirk->reads[i].item, item) == 0)
			snmp_tree_text(d->t, d->quirk->reads[i].oid, SNMP_ANY,
			    SNMP_ANY, out, size);
}

/* ---- identity */

/* The first of some that says something. */
static void
first_of(char *out, size_t size, const char *const *from, size_t n)
{
	out[0] = '\0';
	for (size_t i = 0; i < n && out[0] == '\0'; i++)
		if (from[i] != NULL)
			snprintf(out, size, "%.*s", (int)size - 1, from[i]);
}

/* "....1.3.7.65.76.45.67.88.49.49" is "AL-CX11"; "" when it is no name. */
static void
model_of_id(struct snmp_device *d, char out[128])
{
	const struct snmp_var *v = snmp_tree_get(d->t, SYS "2.0", SNMP_ANY,
	    SNMP_ANY);
	struct snmp_oid o;
	unsigned n = 0;

	out[0] = '\0';
	if ((d->quirk->flags & SNMP_Q_MODEL_ID) == 0 || v == NULL ||
	    v->kind != SNMP_OBJECT_ID || !snmp_oid_read(&o, v->octets))
		return;
	while (n < o.n && o.arc[o.n - 1 - n] > ' ' &&
	    o.arc[o.n - 1 - n] < 0x7f)
		n++;
	if (n < 3 || n >= o.n || o.arc[o.n - 1 - n] != n)
		return;
	snprintf(out, 128, "%s ", d->quirk->vendor);
	for (unsigned i = 0; i < n; i++)
		snprintf(out + strlen(out), 128 - strlen(out), "%c",
		    (int)o.arc[o.n - n + i]);
	if (strstr(out, " EEPS") != NULL)
		out[0] = '\0';		/* a network card's */
}

static void
model_and_firmware(struct snmp_device *d, char model[128], char firmware[64])
{
	char descr[512], hr[128], own[128], mdl[128], split[128], fw[64];
	char id[128];

	snmp_tree_text(d->t, SYS "1.0", SNMP_ANY, SNMP_ANY, descr,
	    sizeof descr);
	snmp_tree_text(d->t, HR "2.1.3", d->hr, SNMP_ANY, hr, sizeof hr);
	snmp_device_quirk(d, "model", own, sizeof own);
	snmp_id_key(snmp_id_of(d->t), "MDL", mdl, sizeof mdl);
	snmp_descr_split(descr, split, fw);
	model_of_id(d, id);
	first_of(model, 128, (const char *const[]){ hr, mdl, own, id, split },
	    5);
	if ((d->quirk->flags & SNMP_Q_MODEL_CUT) != 0)
		snmp_model_cut(model);
	snmp_device_quirk(d, "firmware", own, sizeof own);
	if (strncmp(own, "Firmware Ver.", 13) == 0)
		memmove(own, own + 13, strlen(own + 13) + 1);
	first_of(firmware, 64, (const char *const[]){ own, fw }, 2);
}

static void
serial_of(struct snmp_device *d, char serial[64])
{
	const char *descr = "";
	const struct snmp_var *v = snmp_tree_get(d->t, SYS "1.0", SNMP_ANY,
	    SNMP_ANY);

	snmp_tree_text(d->t, PRT "5.1.1.17", d->h, SNMP_ANY, serial, 64);
	if (serial[0] == '\0')
		snmp_tree_text(d->t, PRT "5.1.1.17", d->hr, SNMP_ANY, serial,
		    64);
	if (serial[0] == '\0')
		snmp_device_quirk(d, "serial", serial, 64);
	if (serial[0] == '\0' &&
	    snmp_id_key(snmp_id_of(d->t), "SN", serial, 64) &&
	    (d->quirk->flags & SNMP_Q_SERIAL_HEX) != 0)
		snmp_id_unhex(serial);
	if (v != NULL && v->kind == SNMP_OCTET_STRING)
		descr = v->octets;
	if (serial[0] == '\0' && (descr = strstr(descr, ",SN:")) != NULL)
		snprintf(serial, 64, "%.*s", (int)strcspn(descr + 4, ",;"),
		    descr + 4);
}

static void
vendor_of(struct snmp_device *d, const char *model, char vendor[64])
{
	char descr[128], mfg[64];

	snmp_tree_text(d->t, SYS "1.0", SNMP_ANY, SNMP_ANY, descr,
	    sizeof descr);
	snmp_id_key(snmp_id_of(d->t), "MFG", mfg, sizeof mfg);
	first_of(vendor, 64, (const char *const[]){ snmp_vendor_of(model),
	    snmp_vendor_of(mfg), snmp_vendor_of(descr), d->quirk->vendor,
	    mfg }, 5);
}

void
snmp_items_identity(struct snmp_device *d)
{
	static const struct {
		const char *item, *oid;
	} plain[] = {
		{ "location", SYS "6.0" }, { "contact", SYS "4.0" },
		{ "description", SYS "1.0" },
	};
	char model[128], firmware[64], serial[64], vendor[64];
	const struct snmp_var *v = snmp_tree_get(d->t, PRT "5.1.1.16", d->h,
	    SNMP_ANY);

	model_and_firmware(d, model, firmware);
	serial_of(d, serial);
	vendor_of(d, model, vendor);
	items_str(d->l, "vendor", 0, vendor);
	items_str(d->l, "model", 0, model);
	items_str(d->l, "serial", 0, serial);
	items_str(d->l, "firmware", 0, firmware);
	items_str(d->l, "device-id", 0, snmp_id_of(d->t));
	if (v == NULL || v->len == 0)
		v = snmp_tree_get(d->t, SYS "5.0", SNMP_ANY, SNMP_ANY);
	snmp_item_text(d, "name", 0, v);
	v = snmp_tree_get(d->t, SYS "2.0", SNMP_ANY, SNMP_ANY);
	if (v != NULL && v->kind == SNMP_OBJECT_ID)
		items_str(d->l, "object-id", 0, v->octets);
	for (size_t i = 0; i < COUNT(plain); i++)
		snmp_item_text(d, plain[i].item, 0, snmp_tree_get(d->t,
		    plain[i].oid, SNMP_ANY, SNMP_ANY));
}

/* ---- network */

/* The place of address in ipAdEntIfIndex and the like: base.a.b.c.d. */
static const struct snmp_var *
of_address(struct snmp_tree *t, const char *base, const char *address)
{
	char oid[128];
	struct in_addr a;

	if (inet_pton(AF_INET, address, &a) != 1)
		return NULL;
	snprintf(oid, sizeof oid, "%s.%s", base, address);
	return snmp_tree_get(t, oid, SNMP_ANY, SNMP_ANY);
}

static bool
mac_text(char out[24], const struct snmp_var *v)
{
	const uint8_t *p;

	if (v == NULL || v->kind != SNMP_OCTET_STRING || v->len != 6 ||
	    memcmp(v->octets, "\0\0\0\0\0", 6) == 0)
		return false;
	p = (const uint8_t *)v->octets;
	snprintf(out, 24, "%02x:%02x:%02x:%02x:%02x:%02x", p[0], p[1], p[2],
	    p[3], p[4], p[5]);
	return true;
}

#define IF "1.3.6.1.2.1.2.2.1."

void
snmp_device_mac(struct snmp_device *d, const char *address, char out[24])
{
	const struct snmp_var *v = of_address(d->t, "1.3.6.1.2.1.4.20.1.2",
	    address);

	if (v == NULL)
		v = of_address(d->t, "1.3.6.1.2.1.4.34.1.3.1.4", address);
	out[0] = '\0';
	if (v != NULL && v->kind == SNMP_NUMBER && mac_text(out,
	    snmp_tree_get(d->t, IF "6", (uint32_t)v->number, SNMP_ANY)))
		return;
	/* One that is up, but no loopback; at last any. */
	for (int any = 0; any < 2; any++)
		for (size_t i = 0; (v = snmp_tree_below(d->t, IF "6", i)) !=
		    NULL; i++) {
			uint32_t at = v->oid[v->n - 1];
			int64_t type = snmp_tree_number(d->t, IF "3", at,
			    SNMP_ANY, 6);
			int64_t up = snmp_tree_number(d->t, IF "8", at,
			    SNMP_ANY, 1);

			if (type != 24 && (up == 1 || any != 0) &&
			    mac_text(out, v))
				return;
		}
}

static bool
item_address(struct snmp_device *d, const char *item, const struct snmp_var *v)
{
	char text[INET_ADDRSTRLEN];

	if (v == NULL || v->kind != SNMP_OCTET_STRING || v->len != 4 ||
	    memcmp(v->octets, "\0\0\0", 4) == 0 ||
	    inet_ntop(AF_INET, v->octets, text, sizeof text) == NULL)
		return false;
	items_str(d->l, item, 0, text);
	return true;
}

/* ipAdEntNetMask, else the length in what ipAddressPrefix points at. */
static void
netmask(struct snmp_device *d, const char *own)
{
	const struct snmp_var *v = of_address(d->t, "1.3.6.1.2.1.4.34.1.5.1.4",
	    own);
	struct snmp_oid o;
	struct in_addr mask;
	char text[INET_ADDRSTRLEN];
	uint32_t bits;

	if (item_address(d, "network.netmask",
	    of_address(d->t, "1.3.6.1.2.1.4.20.1.3", own)) || v == NULL ||
	    v->kind != SNMP_OBJECT_ID || !snmp_oid_read(&o, v->octets))
		return;
	bits = o.arc[o.n - 1];
	if (o.n < 12 || bits < 1 || bits > 32)
		return;
	mask.s_addr = htonl(UINT32_MAX << (32 - bits));
	if (inet_ntop(AF_INET, &mask, text, sizeof text) != NULL)
		items_str(d->l, "network.netmask", 0, text);
}

/* The route of 0.0.0.0 in one of the three tables there have been for it. */
static void
gateway(struct snmp_device *d)
{
	const struct snmp_var *v = snmp_tree_get(d->t,
	    "1.3.6.1.2.1.4.21.1.7.0.0.0.0", SNMP_ANY, SNMP_ANY);
	char text[64];

	if (item_address(d, "network.gateway", v) ||
	    item_address(d, "network.gateway", snmp_tree_below(d->t,
	    "1.3.6.1.2.1.4.24.4.1.4.0.0.0.0.0.0.0.0", 0)))
		return;
	/* inetCidrRouteTable has it only in its index: 1.4.a.b.c.d */
	v = snmp_tree_below(d->t, "1.3.6.1.2.1.4.24.7.1.7.1.4.0.0.0.0.0", 0);
	if (v == NULL || v->n < 24 || v->oid[v->n - 6] != 1 ||
	    v->oid[v->n - 5] != 4 || v->oid[v->n - 4] == 0)
		return;
	for (unsigned i = 1; i <= 4; i++)
		if (v->oid[v->n - i] > 255)
			return;
	snmp_oid_text(text, sizeof text, v->oid + v->n - 4, 4);
	items_str(d->l, "network.gateway", 0, text);
}

/* All that are printable, the one in use first. */
static void
macs(struct snmp_device *d, const char *address)
{
	char list[128], one[24];
	const struct snmp_var *v;

	snmp_device_mac(d, address, one);
	snprintf(list, sizeof list, "%s", one);
	for (size_t i = 0; (v = snmp_tree_below(d->t, IF "6", i)) != NULL;
	    i++)
		if (mac_text(one, v) && strstr(list, one) == NULL &&
		    strlen(list) + strlen(one) + 2 < sizeof list)
			snprintf(list + strlen(list),
			    sizeof list - strlen(list), ",%s", one);
	items_str(d->l, "mac", 0, list);
}

/* The device's address: ours for it; of a loopback the first it has itself. */
static void
own_address(struct snmp_device *d, const char *address, char out[64])
{
	const struct snmp_var *v;

	struct in_addr ours;

	snprintf(out, 64, "%s", address);
	if (inet_pton(AF_INET, address, &ours) == 1 &&
	    strncmp(address, "127.", 4) != 0)
		return;
	for (size_t i = 0; (v = snmp_tree_below(d->t, "1.3.6.1.2.1.4.20.1.2",
	    i)) != NULL; i++) {
		const uint32_t *a = v->oid + v->n - 4;

		if (v->n != 14 || a[0] == 127 || a[0] == 0 || a[0] > 223)
			continue;
		snmp_oid_text(out, 64, a, 4);
		return;
	}
}

void
snmp_items_network(struct snmp_device *d, const char *address)
{
	char own[64];

	macs(d, address);
	own_address(d, address, own);
	items_str(d->l, "network.ipv4", 0, strchr(own, '.') != NULL ? own : "");
	netmask(d, own);
	gateway(d);
	snmp_item_text(d, "network.hostname", 0, snmp_tree_get(d->t,
	    SYS "5.0", SNMP_ANY, SNMP_ANY));
}

/* ---- channels */

/* The value of a line "Key=value" of prtChannelInformation. */
static bool
channel_key(const struct snmp_var *v, const char *key, char *out, size_t size)
{
	size_t n = strlen(key);
	const char *p = v != NULL && v->kind == SNMP_OCTET_STRING ?
	    v->octets : "";

	out[0] = '\0';
	while (*p != '\0') {
		size_t len = strcspn(p, "\r\n");

		if (len > n && strncasecmp(p, key, n) == 0 && p[n] == '=')
			snprintf(out, size, "%.*s", (int)(len - n - 1),
			    p + n + 1);
		p += len;
		p += strspn(p, "\r\n");
	}
	return out[0] != '\0';
}

/* "lpr://10.0.0.7/PASSTHRU": what stands behind the host. */
static void
queue_of_uri(struct snmp_tree *t, char *out, size_t size)
{
	const struct snmp_var *v;

	out[0] = '\0';
	for (size_t i = 0; out[0] == '\0' && (v = snmp_tree_below(t,
	    "1.3.6.1.4.1.2699.1.2.1.3.1.1.4", i)) != NULL; i++) {
		const char *p = v->kind == SNMP_OCTET_STRING ? v->octets : "";

		if (strncasecmp(p, "lpr://", 6) == 0 &&
		    (p = strchr(p + 6, '/')) != NULL)
			snprintf(out, size, "%.*s",
			    (int)strcspn(p + 1, "?# "), p + 1);
	}
}

void
snmp_device_queue(struct snmp_device *d, char *out, size_t size)
{
	uint32_t rows[SNMP_ROWS];
	size_t n = snmp_tree_rows(d->t, PRT "14.1.1", d->h, rows);

	for (size_t i = 0; i < n; i++)
		if (snmp_tree_number(d->t, PRT "14.1.1.2", d->h, rows[i],
		    0) == 8 && channel_key(snmp_tree_get(d->t, PRT "14.1.1.9",
		    d->h, rows[i]), "Queue", out, size))
			return;
	queue_of_uri(d->t, out, size);
	if (out[0] == '\0' && d->quirk->queue != NULL)
		snprintf(out, size, "%s", d->quirk->queue);
}

static int64_t
usual_port(int64_t type)
{
	switch (type) {
	case 8:
		return 515;
	case 11:
	case 12:
		return 9100;
	case 42:
		return 80;
	case 44:
		return 631;
	default:
		return -1;
	}
}

static void
channel(struct snmp_device *d, uint32_t row, unsigned n)
{
	const struct snmp_var *info = snmp_tree_get(d->t, PRT "14.1.1.9",
	    d->h, row);
	int64_t type = snmp_tree_number(d->t, PRT "14.1.1.2", d->h, row, 1);
	int64_t state = snmp_tree_number(d->t, PRT "14.1.1.6", d->h, row, 0);
	const char *kind = snmp_word_channel(type);
	int64_t port = usual_port(type);
	char text[256];

	items_str(d->l, "channel.N.kind", n, kind != NULL ? kind : "other");
	if (channel_key(info, "Port", text, sizeof text))
		(void)rel_int(&port, text, 1, 65535);
	if (port > 0)
		items_number(d->l, "channel.N.port", n, port);
	if (channel_key(info, "URI", text, sizeof text))
		items_str(d->l, "channel.N.uri", n, text);
	if (type == 8) {
		if (!channel_key(info, "Queue", text, sizeof text))
			snmp_device_queue(d, text, sizeof text);
		items_str(d->l, "channel.N.queue", n, text);
	}
	if (state == 3 || state == 4)
		items_str(d->l, "channel.N.state", n,
		    state == 3 ? "on" : "off");
}

void
snmp_items_channels(struct snmp_device *d)
{
	uint32_t rows[SNMP_ROWS];
	size_t n = snmp_tree_rows(d->t, PRT "14.1.1", d->h, rows);

	for (size_t i = 0; i < n; i++)
		channel(d, rows[i], snmp_item_n(rows, n, i));
}
