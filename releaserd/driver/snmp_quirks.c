/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What is different with one vendor's or model's devices: the one place for
 * it.  A row is chosen by the enterprise arc of sysObjectID and a part of the
 * model; reads are of the vendor's own tree, and only reads.
 */
#include "releaserd/driver/snmp_priv.h"

#include <string.h>
#include <strings.h>

#define COUNT(table) (sizeof (table) / sizeof (table)[0])
#define OID "1.3.6.1.4.1."

/* Those of one vendor stand together, the narrower before the wider. */
static const struct snmp_quirk quirks[] = {
	/* Projectors of the same maker. */
	{ .arc = "1248.4", .vendor = "Epson", .flags = SNMP_Q_NOT_PRINTER },
	/*
	 * Its error state may be empty; a level is a percentage, with a
	 * capacity of 100 that is none of it; SN of the device ID is hex.
	 */
	{ .arc = "1248.1", .vendor = "Epson",
	    .flags = SNMP_Q_SERIAL_HEX | SNMP_Q_PRINTER | SNMP_Q_MODEL_ID,
	    .queue = "PASSTHRU",
	    .reads = {
		{ OID "1248.1.2.2.1.1.1.2.1", "model" },
		{ OID "1248.1.2.2.1.1.1.5.1", "serial" },
		{ OID "1248.1.2.2.27.1.1.4.1.1", "counter.color" },
		{ OID "1248.1.2.2.27.1.1.3.1.1", "counter.mono" },
		{ OID "1248.1.2.2.27.1.1.33.1.1", NULL },
		{ OID "1248.1.2.2.2.1.1.2.1.1", "firmware" },
		{ OID "1248.1.2.2.1.1.1.1.1", NULL } } },
	/*
	 * Names of supplies may have NULs, or go on in hex behind a newline.
	 * Colour is counted, and all of it.
	 */
	{ .arc = "11.2.3.9", .vendor = "HP",
	    .flags = SNMP_Q_PRINTER | SNMP_Q_HEX_TAIL | SNMP_Q_MONO_REST,
	    .reads = {
		{ OID "11.2.3.9.4.2.1.1.3.2.0", "model" },
		{ OID "11.2.3.9.4.2.1.4.1.2.7.0", "counter.color" },
		{ OID "11.2.3.9.4.2.1.4.1.2.5.0", NULL },
		{ OID "11.2.3.9.4.2.1.1.3.3.0", "serial" },
		{ OID "11.2.3.9.4.2.1.1.3.6.0", "firmware" } } },
	{ .arc = "11.1", .vendor = "HP", .flags = SNMP_Q_PRINTER },
	{ .arc = "2435.2.3.9", .vendor = "Brother",
	    .flags = SNMP_Q_PRINTER | SNMP_Q_TAGGED, .queue = "BINARY_P1",
	    .reads = {
		{ OID "2435.2.3.9.4.2.1.5.5.8.0", NULL },
		{ OID "2435.2.3.9.4.2.1.5.5.10.0", NULL },
		{ OID "2435.2.3.9.4.2.1.5.5.1.0", "serial" },
		{ OID "2435.2.3.9.4.2.1.5.5.17.0", "firmware" },
		{ OID "2435.2.4.3.1240.6.5.0", "firmware" },
		{ OID "2435.2.3.9.4.2.1.5.4.5.2.0", "panel-text" } } },
	/* Gestetner, Lanier, NRG and others are Ricohs by their arc. */
	{ .arc = "367.1.1", .vendor = "Ricoh", .flags = SNMP_Q_PRINTER,
	    .reads = {
		{ OID "367.3.2.1.1.1.1.0", "model" },
		{ OID "367.3.2.1.1.1.2.0", "firmware" },
		{ OID "367.3.2.1.2.1.4.0", "serial" } } },
	{ .arc = "1602.4", .vendor = "Canon", .flags = SNMP_Q_PRINTER,
	    .reads = {
		{ OID "1602.1.1.1.1.0", "model" },
		{ OID "1602.1.2.1.8.1.3.1.1.0", "serial" },
		{ OID "1602.1.2.1.4.0", "serial" },
		{ OID "1602.1.1.1.4.0", "firmware" } } },
	/* Copies and prints, in black and in colour, beside the life count. */
	{ .arc = "18334.1", .vendor = "Konica Minolta",
	    .flags = SNMP_Q_PRINTER,
	    .reads = {
		{ OID "18334.1.1.1.1.6.2.1.0", "model" },
		{ OID "18334.1.1.1.1.6.1.0", "firmware" },
		{ OID "18334.1.1.1.5.7.2.2.1.5.1.1", "counter.mono" },
		{ OID "18334.1.1.1.5.7.2.2.1.5.1.2", "counter.mono" },
		{ OID "18334.1.1.1.5.7.2.2.1.5.2.1", "counter.color" },
		{ OID "18334.1.1.1.5.7.2.2.1.5.2.2", "counter.color" },
		{ OID "18334.1.1.1.5.7.2.2.1.5.1.1", "counter.copies" },
		{ OID "18334.1.1.1.5.7.2.2.1.5.2.1", "counter.copies" },
		{ OID "18334.1.1.1.5.7.2.3.1.5.1", "counter.scans" } } },
	/* Prints, copies and faxes in black, in one colour, in all of them. */
	{ .arc = "1347.41", .vendor = "Kyocera", .flags = SNMP_Q_PRINTER,
	    .reads = {
		{ OID "1347.42.3.1.2.1.1.1.1", "counter.mono" },
		{ OID "1347.42.3.1.2.1.1.2.1", "counter.mono" },
		{ OID "1347.42.3.1.2.1.1.4.1", "counter.mono" },
		{ OID "1347.42.3.1.2.1.1.1.2", "counter.color" },
		{ OID "1347.42.3.1.2.1.1.1.3", "counter.color" },
		{ OID "1347.42.3.1.2.1.1.2.2", "counter.color" },
		{ OID "1347.42.3.1.2.1.1.2.3", "counter.color" },
		{ OID "1347.42.3.1.1.1.1.2", "counter.copies" },
		{ OID "1347.42.3.1.1.1.1.4", "counter.faxes" },
		{ OID "1347.43.5.1.1.28.1", "serial" },
		{ OID "1347.43.5.4.1.5.1.1", "firmware" } } },
	{ .arc = "641", .vendor = "Lexmark",
	    .flags = SNMP_Q_PRINTER | SNMP_Q_MODEL_CUT,
	    .reads = {
		{ OID "641.2.1.2.1.2.1", "model" },
		{ OID "641.6.2.3.1.5.1", "serial" },
		{ OID "641.2.1.2.1.6.1", "serial" },
		{ OID "641.6.3.3.1.7.1.1", "firmware" },
		{ OID "641.2.1.2.1.4.1", "firmware" } } },
	/* Sides in colour, in black. */
	{ .arc = "253.8.62", .vendor = "Xerox", .flags = SNMP_Q_PRINTER,
	    .reads = {
		{ OID "253.8.53.3.2.1.3.1", "serial" },
		{ OID "253.8.53.13.2.1.6.1.20.1", NULL },
		{ OID "253.8.53.13.2.1.6.1.20.33", "counter.color" },
		{ OID "253.8.53.13.2.1.6.1.20.34", "counter.mono" },
		{ OID "253.8.53.13.2.1.6.11.20.25", "counter.copies" },
		{ OID "253.8.53.13.2.1.6.11.20.3", "counter.copies" },
		{ OID "253.8.53.13.2.1.6.10.20.11", "counter.scans" },
		{ OID "253.8.53.13.2.1.6.10.20.12", "counter.scans" } } },
	{ .arc = "297.1.11.93", .vendor = "Fuji Xerox",
	    .flags = SNMP_Q_PRINTER },
	{ .arc = "236.11.5", .vendor = "Samsung", .flags = SNMP_Q_PRINTER,
	    .reads = {
		{ OID "236.11.5.1.1.1.4.0", "serial" },
		{ OID "236.11.5.11.53.31.1.2.0", "firmware" } } },
	/* Black, full colour, two colours, one colour of the life count. */
	{ .arc = "2385", .vendor = "Sharp", .flags = SNMP_Q_PRINTER,
	    .reads = {
		{ OID "2385.2.1.1.2.1.2.1", "firmware" },
		{ OID "2385.1.1.19.2.1.3.5.4.61", "counter.mono" },
		{ OID "2385.1.1.19.2.1.3.5.4.63", "counter.color" },
		{ OID "2385.1.1.19.2.1.3.5.4.64", "counter.color" },
		{ OID "2385.1.1.19.2.1.3.5.4.80", "counter.color" } } },
	{ .arc = "2001.1", .vendor = "OKI", .flags = SNMP_Q_PRINTER,
	    .reads = {
		{ OID "2001.1.1.1.1.11.1.10.25.0", "model" },
		{ OID "2001.1.1.1.1.11.1.10.45.0", "serial" } } },
	{ .arc = "1129", .vendor = "Toshiba", .flags = SNMP_Q_PRINTER,
	    .reads = {
		{ OID "1129.1.2.1.1.1.2.1.0", "model" },
		{ OID "1129.1.2.1.1.1.1.1.0", "serial" },
		{ OID "1129.1.2.1.1.1.1.2.0", "firmware" } } },
	{ .arc = "40093.1.1", .vendor = "Pantum", .flags = SNMP_Q_PRINTER,
	    .reads = {
		{ OID "40093.1.1.1.5.0", "serial" },
		{ OID "40093.6.1.2.0", "serial" },
		{ OID "40093.10.1.1.4.0", "serial" } } },
	{ .arc = "674.10898", .vendor = "Dell", .flags = SNMP_Q_PRINTER },
	/* Print servers of label printers; the label printer's own tree. */
	{ .arc = "683.6", .vendor = "Zebra", .flags = SNMP_Q_PRINTER,
	    .reads = {
		{ OID "10642.1.1.0", "model" },
		{ OID "10642.1.2.0", "firmware" },
		{ OID "10642.1.3.0", NULL } } },
	{ .arc = "10642", .vendor = "Zebra", .flags = SNMP_Q_PRINTER,
	    .reads = {
		{ OID "10642.1.1.0", "model" },
		{ OID "10642.1.2.0", "firmware" },
		{ OID "10642.1.3.0", NULL } } },
	{ .arc = "8072.3.2", .flags = SNMP_Q_HOST },
	{ .arc = "311.1.1.3", .flags = SNMP_Q_HOST },
	/* No object identifier, or one that says nothing: by their names. */
	{ .arc = "", .model = "Samsung ML-", .vendor = "Samsung",
	    .flags = SNMP_Q_PRINTER },
	{ .arc = "", .model = "Samsung SCX", .vendor = "Samsung",
	    .flags = SNMP_Q_PRINTER },
	{ .arc = "", .model = "Samsung C", .vendor = "Samsung",
	    .flags = SNMP_Q_PRINTER },
	{ .arc = "", .model = "SHARP MX-", .vendor = "Sharp",
	    .flags = SNMP_Q_PRINTER },
	{ .arc = "", .model = "Laser Printer", .flags = SNMP_Q_PRINTER },
	{ .arc = "", .model = "LaserJet", .vendor = "HP",
	    .flags = SNMP_Q_PRINTER },
	/* All others. */
	{ .arc = "" },
};

const struct snmp_quirk *
snmp_quirks(size_t *n)
{
	*n = COUNT(quirks);
	return quirks;
}

/* Is arc the beginning of it, with all its numbers? */
static bool
below(const char *object_id, const char *arc)
{
	size_t n = strlen(arc);

	if (n == 0)
		return true;
	if (strncmp(object_id, OID, strlen(OID)) != 0)
		return false;
	object_id += strlen(OID);
	return strncmp(object_id, arc, n) == 0 &&
	    (object_id[n] == '\0' || object_id[n] == '.');
}

const struct snmp_quirk *
snmp_quirk_of(const char *object_id, const char *model)
{
	size_t i = 0;

	while (i + 1 < COUNT(quirks) &&
	    !(below(object_id, quirks[i].arc) && (quirks[i].model == NULL ||
	    strcasestr(model, quirks[i].model) != NULL)))
		i++;
	return &quirks[i];
}

const struct snmp_quirk *
snmp_quirk_tree(struct snmp_tree *t)
{
	const char *own = NULL, *model = "";
	const struct snmp_var *v;

	if ((v = snmp_tree_get(t, "1.3.6.1.2.1.1.2.0", SNMP_ANY,
	    SNMP_ANY)) != NULL)
		own = v->octets;
	if ((v = snmp_tree_get(t, "1.3.6.1.2.1.1.1.0", SNMP_ANY,
	    SNMP_ANY)) != NULL)
		model = v->octets;
	/* An agent without a system group may be known by its vendor's tree. */
	if (own == NULL && snmp_tree_below(t, OID "2435.2.3.9", 0) != NULL)
		own = OID "2435.2.3.9.1";
	return snmp_quirk_of(own != NULL ? own : "", model);
}
