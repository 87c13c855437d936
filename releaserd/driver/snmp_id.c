/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a device calls itself: IEEE 1284 device IDs and sysDescr. */
#include "releaserd/driver/snmp_priv.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/text.h"

#define COUNT(table) (sizeof (table) / sizeof (table)[0])

/* The words there are for a key. */
static const char *const keys[][4] = {
	{ "MFG", "MANUFACTURER", "MANUFACTURE", NULL },
	{ "MDL", "MODEL", NULL, NULL },
	{ "CMD", "COMMAND SET", NULL, NULL },
	{ "SN", "SERN", "SERIALNUMBER", NULL },
	{ "CLS", "CLASS", NULL, NULL },
	{ "DES", "DESCRIPTION", NULL, NULL },
};

static bool
is_key(const char *p, size_t n, const char *key)
{
	for (size_t i = 0; i < COUNT(keys); i++) {
		if (strcmp(keys[i][0], key) != 0)
			continue;
		for (size_t k = 0; k < 4 && keys[i][k] != NULL; k++)
			if (strlen(keys[i][k]) == n &&
			    strncasecmp(keys[i][k], p, n) == 0)
				return true;
	}
	return false;
}

/* Without blanks at the ends, cut at a character. */
static void
copy(char *out, size_t size, const char *p, size_t n)
{
	while (n > 0 && isspace((unsigned char)*p)) {
		p++;
		n--;
	}
	while (n > 0 && isspace((unsigned char)p[n - 1]))
		n--;
	snprintf(out, size, "%.*s", (int)(n < size ? n : size - 1), p);
}

bool
snmp_id_key(const char *id, const char *key, char *out, size_t size)
{
	out[0] = '\0';
	while (*id != '\0') {
		size_t n = strcspn(id, ";"), colon;

		while (n > 0 && isspace((unsigned char)*id)) {
			id++;
			n--;
		}
		colon = strcspn(id, ":;");
		if (colon < n && is_key(id, colon, key)) {
			copy(out, size, id + colon + 1, n - colon - 1);
			return out[0] != '\0';
		}
		id += n;
		id += *id == ';';
	}
	return false;
}

const char *
snmp_id_of(struct snmp_tree *t)
{
	static const char *const where[] = {
		"1.3.6.1.4.1.2699.1.2.1.2.1.1.3.1",
		"1.3.6.1.4.1.11.2.3.9.1.1.7.0",
		"1.3.6.1.4.1.2435.2.3.9.1.1.7.0",
		"1.3.6.1.4.1.641.2.1.2.1.3.1",
		"1.3.6.1.4.1.367.3.2.1.1.1.11.0",
		"1.3.6.1.4.1.253.8.51.1.2.1.20.1",
		"1.3.6.1.4.1.10642.1.3.0",
		"1.3.6.1.4.1.1248.1.2.2.1.1.1.1.1",
		"1.3.6.1.2.1.25.3.2.1.4.1",	/* Pantum: no identifier */
	};

	for (size_t i = 0; i < COUNT(where); i++) {
		const struct snmp_var *v = snmp_tree_get(t, where[i],
		    SNMP_ANY, SNMP_ANY);

		if (v != NULL && v->kind == SNMP_OCTET_STRING &&
		    strchr(v->octets, ':') != NULL)
			return v->octets;
	}
	return "";
}

void
snmp_model_cut(char *model)
{
	char *last;

	while ((last = strrchr(model, ' ')) != NULL &&
	    strchr(model, ' ') != last) {
		size_t n = strlen(last + 1), digits = 0, capitals = 0;

		for (size_t i = 1; i <= n; i++) {
			digits += isdigit((unsigned char)last[i]) != 0;
			capitals += isupper((unsigned char)last[i]) != 0;
		}
		if (n < 5 || digits == 0 || capitals == 0 ||
		    strspn(last + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.") != n)
			return;
		*last = '\0';
	}
}

void
snmp_id_unhex(char *serial)
{
	size_t n = strlen(serial) / 2;
	char text[64];

	if (n < 4 || n >= sizeof text || !rel_unhex(text, n, serial, 2 * n) ||
	    serial[2 * n] != '\0')
		return;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)text[i]))
			return;
	memcpy(serial, text, n);
	serial[n] = '\0';
}

const char *
snmp_vendor_of(const char *text)
{
	static const struct {
		const char *begins, *vendor;
	} w[] = {
		{ "EPSON", "Epson" }, { "HP ", "HP" },
		{ "Hewlett-Packard", "HP" }, { "Hewlett Packard", "HP" },
		{ "FUJI XEROX", "Fuji Xerox" }, { "Xerox", "Xerox" },
		{ "Canon", "Canon" }, { "RICOH", "Ricoh" },
		{ "Gestetner", "Gestetner" }, { "LANIER", "Lanier" },
		{ "NRG", "NRG" }, { "SAVIN", "Savin" },
		{ "infotec", "Infotec" }, { "Rex-Rotary", "Rex Rotary" },
		{ "Kyocera", "Kyocera" }, { "Brother", "Brother" },
		{ "Lexmark", "Lexmark" },
		{ "KONICA MINOLTA", "Konica Minolta" }, { "SHARP", "Sharp" },
		{ "TOSHIBA", "Toshiba" }, { "OKI", "OKI" },
		{ "Samsung", "Samsung" }, { "Dell", "Dell" },
		{ "Zebra", "Zebra" }, { "Develop", "Develop" },
		{ "Olivetti", "Olivetti" }, { "Sindoh", "Sindoh" },
		{ "Panasonic", "Panasonic" }, { "Pantum", "Pantum" },
		{ "Utax", "Utax" }, { "TA ", "Triumph-Adler" },
		{ "Triumph", "Triumph-Adler" }, { "Riso", "Riso" },
	};

	for (size_t i = 0; i < COUNT(w); i++)
		if (strncasecmp(text, w[i].begins, strlen(w[i].begins)) == 0)
			return w[i].vendor;
	return NULL;
}

/* ---- sysDescr */

/* A version behind a mark, "version ", "Ver.": to a blank or one of ",;". */
static bool
version_behind(const char *descr, const char *mark, char firmware[64])
{
	const char *p = strstr(descr, mark);

	if (p == NULL)
		return false;
	p += strlen(mark);
	p -= p[-1] == 'V';		/* the V of "; V1.2" is the version's */
	copy(firmware, 64, p, strcspn(p, " ,;"));
	return isalnum((unsigned char)firmware[0]) != 0;
}

static void
find_firmware(const char *descr, char firmware[64])
{
	static const char *const marks[] = { " version ", "Firmware Ver.",
		" OS ", "; V", ";SS ", "; SS ", "Controller ", "ESS " };

	firmware[0] = '\0';
	for (size_t i = 0; i < COUNT(marks); i++)
		if (version_behind(descr, marks[i], firmware))
			return;
	firmware[0] = '\0';
}

/* "... 1.09": a last word of digits and dots is the firmware's. */
static void
trailing_version(char model[128], char firmware[64])
{
	char *last = strrchr(model, ' ');

	if (last == NULL || strchr(last, '.') == NULL ||
	    strspn(last + 1, "0123456789.") != strlen(last + 1))
		return;
	copy(firmware, 64, last + 1, strlen(last + 1));
	*last = '\0';
}

/* "PID:HP LaserJet 4250": what a JetDirect says, of its printer. */
static bool
jetdirect(const char *descr, char model[128])
{
	const char *p = strstr(descr, "PID:");

	if (p != NULL)
		copy(model, 128, p + 4, strcspn(p + 4, ",;"));
	return p != NULL || strncmp(descr, "HP ETHERNET", 11) == 0;
}

void
snmp_descr_split(const char *descr, char model[128], char firmware[64])
{
	static const char *const ends[] = { " version ", " / ", "; ", ";",
		", ", " OS ", " /", " Firmware" };
	const char *attached = strstr(descr, "Attached to ");
	size_t n = strlen(descr);

	model[0] = '\0';
	find_firmware(descr, firmware);
	if (jetdirect(descr, model))
		return;
	if (attached != NULL) {		/* a print server says it of it */
		descr = attached + 12;
		n = strcspn(descr, " ,;");
	}
	for (size_t i = 0; i < COUNT(ends); i++) {
		const char *p = strstr(descr, ends[i]);

		if (p != NULL && p > descr && (size_t)(p - descr) < n)
			n = (size_t)(p - descr);
	}
	copy(model, 128, descr, n);
	trailing_version(model, firmware);
}
