/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Words for the numbers of RFC 3805, RFC 3806 and the IANA printer MIB, and
 * the keywords IPP has for them (RFC 8011 5.4.12, PWG 5100.9).
 */
#include "releaserd/driver/snmp_priv.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct word {
	int64_t v;
	const char *word;
};

#define COUNT(table) (sizeof (table) / sizeof (table)[0])

static const char *
word_of(const struct word *w, size_t n, int64_t v)
{
	for (size_t i = 0; i < n; i++)
		if (w[i].v == v)
			return w[i].word;
	return NULL;
}

#define WORDS(name, ...) \
	const char * \
	name(int64_t v) \
	{ \
		static const struct word w[] = { __VA_ARGS__ }; \
	\
		return word_of(w, COUNT(w), v); \
	}

WORDS(snmp_word_input, { 3, "removable" }, { 4, "auto" }, { 5, "manual" },
    { 6, "roll" }, { 7, "fan-fold" })

WORDS(snmp_word_output, { 3, "removable" }, { 4, "fixed" }, { 5, "roll" },
    { 6, "mailbox" }, { 7, "fan-fold" })

WORDS(snmp_word_finisher, { 3, "staple" }, { 4, "fold" }, { 5, "bind" },
    { 6, "trim" }, { 7, "die-cut" }, { 8, "punch" }, { 9, "perforate" },
    { 10, "slit" }, { 11, "separation-cut" }, { 12, "imprint" },
    { 13, "wrap" }, { 14, "bale" }, { 15, "make-envelope" },
    { 16, "stack" }, { 17, "rotate" }, { 18, "insert" })

WORDS(snmp_word_supply, { 3, "toner" }, { 4, "waste-toner" }, { 5, "ink" },
    { 6, "ink" }, { 7, "ink-ribbon" }, { 8, "waste-ink" },
    { 9, "drum" }, { 10, "developer" }, { 11, "fuser-oil" },
    { 12, "solid-wax" }, { 13, "ribbon-wax" }, { 14, "waste-wax" },
    { 15, "fuser" }, { 16, "corona-wire" }, { 17, "fuser-oil-wick" },
    { 18, "cleaner" }, { 19, "fuser-cleaning-pad" }, { 20, "transfer" },
    { 21, "toner" }, { 22, "fuser-oiler" }, { 23, "water" },
    { 24, "waste-water" }, { 25, "glue-water" }, { 26, "waste-paper" },
    { 27, "binding" }, { 28, "banding" }, { 29, "stitching-wire" },
    { 30, "shrink-wrap" }, { 31, "paper-wrap" }, { 32, "staples" },
    { 33, "inserts" }, { 34, "covers" })

WORDS(snmp_word_unit, { 3, "ten-thousandths-of-inches" },
    { 4, "micrometers" }, { 7, "impressions" }, { 8, "sheets" },
    { 11, "hours" }, { 12, "thousandths-of-ounces" },
    { 13, "tenths-of-grams" }, { 14, "hundredths-of-fluid-ounces" },
    { 15, "tenths-of-milliliters" }, { 16, "feet" }, { 17, "meters" },
    { 18, "items" }, { 19, "percent" })

WORDS(snmp_word_marking, { 3, "led" }, { 4, "laser" }, { 5, "laser" },
    { 6, "impact" }, { 7, "impact" }, { 8, "impact" }, { 9, "impact" },
    { 10, "impact" }, { 11, "impact" }, { 12, "inkjet" }, { 13, "inkjet" },
    { 14, "inkjet" }, { 16, "thermal" },
    { 17, "thermal" }, { 18, "thermal" }, { 19, "thermal" })

WORDS(snmp_word_channel, { 3, "serial" }, { 4, "parallel" },
    { 5, "ieee1284" }, { 6, "scsi" }, { 7, "appletalk" }, { 8, "lpd" },
    { 9, "netware" }, { 10, "netware" }, { 11, "port9100" },
    { 12, "appsocket" }, { 13, "ftp" }, { 14, "tftp" }, { 15, "dlc" },
    { 18, "fax" }, { 19, "ieee1394" }, { 25, "named-pipe" }, { 27, "smb" },
    { 34, "usb" }, { 35, "irda" }, { 37, "tcp" }, { 38, "tcp" },
    { 42, "http" }, { 43, "ndps" }, { 44, "ipp" }, { 45, "smtp" })

WORDS(snmp_word_language, { 3, "application/vnd.hp-PCL" },
    { 6, "application/postscript" }, { 9, "application/vnd.epson.escp" },
    { 30, "text/plain" }, { 40, "image/tiff" },
    { 42, "application/postscript" }, { 47, "application/vnd.hp-PCLXL" },
    { 54, "application/pdf" }, { 61, "image/jpeg" },
    { 84, "image/pwg-raster" }, { 85, "image/urf" })

WORDS(snmp_word_group, { 3, "host-storage" }, { 4, "device" },
    { 5, "general" }, { 6, "cover" }, { 7, "localization" }, { 8, "input" },
    { 9, "output" }, { 10, "marker" }, { 11, "supply" }, { 12, "colorant" },
    { 13, "media-path" }, { 14, "channel" }, { 15, "interpreter" },
    { 16, "console" }, { 17, "lights" }, { 18, "alert" },
    { 30, "finisher" }, { 31, "finisher-supply" },
    { 32, "finisher-supply-input" }, { 33, "finisher-attribute" })

WORDS(snmp_word_stitch, { 4, "staple-top-left" },
    { 5, "staple-bottom-left" }, { 6, "staple-top-right" },
    { 7, "staple-bottom-right" }, { 8, "saddle-stitch" },
    { 9, "edge-stitch" }, { 10, "staple-dual" })

WORDS(snmp_word_fold, { 3, "fold-z" }, { 4, "fold-half" },
    { 5, "fold-letter" })

WORDS(snmp_word_punch, { 4, "punch-dual" }, { 5, "punch-triple" },
    { 6, "punch-dual" }, { 7, "punch-quad" }, { 8, "punch-multiple" },
    { 9, "punch-multiple" }, { 10, "punch-multiple" },
    { 11, "punch-quad" })

/* The words of a device ID's CMD and of what a channel calls a language. */
const char *
snmp_word_command(const char *cmd)
{
	static const struct {
		const char *cmd, *mime;
	} w[] = {
		{ "PCLXL", "application/vnd.hp-PCLXL" },
		{ "PCL6", "application/vnd.hp-PCLXL" },
		{ "PCL 6", "application/vnd.hp-PCLXL" },
		{ "PCL", "application/vnd.hp-PCL" },
		{ "PCL5", "application/vnd.hp-PCL" },
		{ "PCL5E", "application/vnd.hp-PCL" },
		{ "PCL5C", "application/vnd.hp-PCL" },
		{ "PCL3", "application/vnd.hp-PCL" },
		{ "POSTSCRIPT", "application/postscript" },
		{ "PS", "application/postscript" },
		{ "PS3", "application/postscript" },
		{ "KPDL", "application/postscript" },
		{ "BR-SCRIPT3", "application/postscript" },
		{ "PDF", "application/pdf" },
		{ "URF", "image/urf" },
		{ "PWGRASTER", "image/pwg-raster" },
		{ "PWG", "image/pwg-raster" },
		{ "JPEG", "image/jpeg" },
		{ "JPG", "image/jpeg" },
		{ "TIFF", "image/tiff" },
		{ "XPS", "application/vnd.ms-xpsdocument" },
		{ "OPENXPS", "application/oxps" },
		{ "ESCPL2", "application/vnd.epson.escp" },
		{ "ESCPR1", "application/vnd.epson.escpr" },
		{ "ESCPR2", "application/vnd.epson.escpr" },
		{ "ESCPR3", "application/vnd.epson.escpr" },
		{ "ZPL", "application/vnd.zebra.zpl" },
	};

	for (size_t i = 0; i < COUNT(w); i++)
		if (strcasecmp(w[i].cmd, cmd) == 0)
			return w[i].mime;
	return NULL;
}

/* PrtSubUnitStatusTC: three bits, and what adds to them. */
void
snmp_word_status(char *out, size_t size, int64_t v)
{
	static const char *const base[] = { "idle", "unavailable", "standby",
		"broken", "active", "unknown", "busy", "unknown" };

	if (v < 0 || v > 127) {
		snprintf(out, size, "unknown");
		return;
	}
	snprintf(out, size, "%s%s%s%s%s", base[v & 7],
	    (v & 8) != 0 ? ", warning" : "",
	    (v & 16) != 0 ? ", critical" : "",
	    (v & 32) != 0 ? ", offline" : "",
	    (v & 64) != 0 ? ", changing" : "");
}

/* ---- reasons */

/*
 * Bits of hrPrinterDetectedErrorState.  What stops a device with one tray need
 * not stop another: where the bit leaves it open, hrDeviceStatus says it (RFC
 * 2790: 5 down, 2 and 3 it goes on).
 */
static const struct {
	const char *word, *ink;
	char severity;			/* e, w, r; '?' as hrDeviceStatus says */
} bits[] = {
	{ "media-low", NULL, 'w' }, { "media-empty", NULL, '?' },
	{ "toner-low", "marker-supply-low", 'w' },
	{ "toner-empty", "marker-supply-empty", '?' },
	{ "door-open", NULL, 'e' }, { "media-jam", NULL, 'e' },
	{ "offline", NULL, 'e' }, { "service-needed", NULL, '?' },
	{ "input-tray-missing", NULL, '?' },
	{ "output-tray-missing", NULL, '?' },
	{ "marker-supply-missing", NULL, '?' },
	{ "output-area-almost-full", NULL, 'w' },
	{ "output-area-full", NULL, '?' }, { "media-empty", NULL, 'w' },
	{ "service-due", NULL, 'r' },
};

bool
snmp_reason_bit(char *out, size_t size, unsigned bit, int64_t device,
    bool ink)
{
	char severity;

	if (bit >= COUNT(bits))
		return false;
	if ((severity = bits[bit].severity) == '?')
		severity = device == 2 || device == 3 ? 'w' : 'e';
	snprintf(out, size, "%s-%s",
	    ink && bits[bit].ink != NULL ? bits[bit].ink : bits[bit].word,
	    severity == 'e' ? "error" : severity == 'w' ? "warning" :
	    "report");
	return true;
}

/* prtAlertCode: RFC 8011 5.4.12 where it has a word, else PWG 5100.9. */
static const struct word alerts[] = {
	{ 3, "cover-open" }, { 4, "cover-closed" }, { 5, "interlock-open" },
	{ 6, "interlock-closed" }, { 7, "configuration-change" },
	{ 8, "media-jam" }, { 501, "door-open" }, { 502, "door-closed" },
	{ 503, "power-up" }, { 504, "power-down" },
	{ 505, "printer-nms-reset" }, { 506, "printer-manual-reset" },
	{ 507, "printer-ready-to-print" },
	{ 801, "input-tray-missing" }, { 802, "input-media-size-change" },
	{ 803, "input-media-weight-change" },
	{ 804, "input-media-type-change" },
	{ 805, "input-media-color-change" },
	{ 806, "input-media-form-parts-change" }, { 807, "media-low" },
	{ 808, "media-empty" }, { 809, "media-needed" },
	{ 810, "media-needed" }, { 811, "input-tray-position-failure" },
	{ 812, "input-tray-elevation-failure" },
	{ 813, "input-cannot-feed-size-selected" },
	{ 901, "output-tray-missing" }, { 902, "output-area-almost-full" },
	{ 903, "output-area-full" }, { 904, "output-mailbox-select-failure" },
	{ 1001, "fuser-under-temp" }, { 1002, "fuser-over-temp" },
	{ 1003, "marker-fuser-timing-failure" },
	{ 1004, "marker-fuser-thermistor-failure" },
	{ 1005, "marker-adjusting-print-quality" },
	{ 1101, "toner-empty" }, { 1102, "marker-supply-empty" },
	{ 1103, "marker-supply-empty" }, { 1104, "toner-low" },
	{ 1105, "marker-supply-low" }, { 1106, "marker-supply-low" },
	{ 1107, "marker-waste-almost-full" },
	{ 1108, "marker-waste-almost-full" },
	{ 1109, "marker-waste-full" }, { 1110, "marker-waste-full" },
	{ 1111, "opc-near-eol" }, { 1112, "opc-life-over" },
	{ 1113, "developer-low" }, { 1114, "developer-empty" },
	{ 1115, "marker-supply-missing" },
	{ 1301, "media-path-media-tray-missing" },
	{ 1302, "media-path-media-tray-almost-full" },
	{ 1303, "media-path-media-tray-full" },
	{ 1304, "media-path-cannot-duplex-media-selected" },
	{ 1501, "interpreter-memory-increase" },
	{ 1502, "interpreter-memory-decrease" },
	{ 1503, "interpreter-cartridge-added" },
	{ 1504, "interpreter-cartridge-deleted" },
	{ 1505, "interpreter-resource-added" },
	{ 1506, "interpreter-resource-deleted" },
	{ 1507, "interpreter-resource-unavailable" },
	{ 1509, "interpreter-complex-page-encountered" },
	{ 1801, "alert-removal-of-binary-change-entry" },
};

/* Codes that any part may have; with the part's name before them. */
static const struct word parts[] = {
	{ 9, "missing" }, { 10, "life-almost-over" }, { 11, "life-over" },
	{ 12, "almost-empty" }, { 13, "empty" }, { 14, "almost-full" },
	{ 15, "full" }, { 16, "near-limit" }, { 17, "at-limit" },
	{ 18, "opened" }, { 19, "closed" }, { 20, "turned-on" },
	{ 21, "turned-off" }, { 22, "offline" }, { 23, "power-saver" },
	{ 24, "warming-up" }, { 25, "added" }, { 26, "removed" },
	{ 27, "resource-added" }, { 28, "resource-removed" },
	{ 29, "recoverable-failure" }, { 30, "unrecoverable-failure" },
	{ 31, "recoverable-storage-error" },
	{ 32, "unrecoverable-storage-error" }, { 33, "motor-failure" },
	{ 34, "memory-exhausted" }, { 35, "under-temperature" },
	{ 36, "over-temperature" }, { 37, "timing-failure" },
	{ 38, "thermistor-failure" },
};

static const char *
part_name(int64_t group)
{
	static const struct word w[] = { { 8, "input-tray" },
		{ 9, "output-tray" }, { 10, "marker" }, { 11, "marker-supply" },
		{ 12, "marker-supply" }, { 13, "media-path" },
		{ 15, "interpreter" }, { 30, "finisher" },
		{ 31, "finisher-supply" } };
	const char *name = word_of(w, COUNT(w), group);

	return name != NULL ? name : "printer";
}

/* The same, where RFC 8011 has a word of its own for it. */
static const char *
part_word(int64_t group, int64_t code)
{
	switch (group * 100 + code) {
	case 812:
		return "media-low";
	case 813:
		return "media-empty";
	case 914:
		return "output-area-almost-full";
	case 915:
		return "output-area-full";
	case 1112:
		return "marker-supply-low";
	default:
		return NULL;
	}
}

/* 302xx is of staplers, 308xx of punchers ... as 3, 8 of finDeviceType. */
static void
finisher_reason(char *out, size_t size, int64_t code)
{
	static const struct word w[] = { { 2, "stapler" }, { 3, "stitcher" },
		{ 4, "folder" }, { 5, "binder" }, { 6, "trimmer" },
		{ 7, "die-cutter" }, { 8, "puncher" }, { 9, "perforater" },
		{ 10, "slitter" }, { 11, "separation-cutter" },
		{ 12, "imprinter" }, { 13, "wrapper" }, { 14, "bander" },
		{ 15, "make-envelope" }, { 16, "stacker" },
		{ 17, "sheet-rotator" }, { 18, "inserter" } };
	const char *who = word_of(w, COUNT(w), code / 100 - 300);
	const char *what = word_of(parts, COUNT(parts), code % 100);

	if (code % 100 == 8)
		what = "jam";
	else if (what == NULL)
		what = word_of(alerts, COUNT(alerts), code % 100);
	snprintf(out, size, "%s-%s", who != NULL ? who : "finisher",
	    what != NULL ? what : "failure");
}

void
snmp_reason_alert(char *out, size_t size, int64_t code, int64_t severity,
    int64_t group)
{
	const char *w = word_of(alerts, COUNT(alerts), code);
	const char *part = word_of(parts, COUNT(parts), code);
	char text[80];

	if (w == NULL && part != NULL && group >= 0 && group < 100)
		w = part_word(group, code);
	if (w != NULL)
		snprintf(text, sizeof text, "%s", w);
	else if (part != NULL)
		snprintf(text, sizeof text, "%s-%s", part_name(group), part);
	else if (code >= 30000 && code < 40000)
		finisher_reason(text, sizeof text, code);
	else
		snprintf(text, sizeof text, "other");
	snprintf(out, size, "%s-%s", text, severity == 3 ? "error" :
	    severity == 4 ? "warning" : "report");
}
