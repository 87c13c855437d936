/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Findings, from what was seen of a device. */
#include "releaserd/core/posture.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SOON_MS (30LL * 86400 * 1000)

const struct posture_kind posture_kinds[POSTURE_FINDINGS] = {
#define HIGH "high"
#define MEDIUM "medium"
#define LOW "low"
#define FINDING(id, key, severity, points, words, mend, rows) \
	{ key, severity, points, words, mend, rows },
#include "releaserd/core/posture.def"
#undef FINDING
#undef HIGH
#undef MEDIUM
#undef LOW
};
_Static_assert(POSTURE_FINDINGS <= 62, "findings are bits of a number");

const char *
posture_verdict_name(enum posture_verdict v)
{
	static const char *const names[] = { "unknown", "good", "bad",
	    "apart" };

	return names[v];
}

struct weighing {
	const struct posture_facts *f;
	struct posture_found *found;
};

static void __attribute__((format(printf, 4, 5)))
put(struct weighing *w, enum posture_finding which, enum posture_verdict v,
    const char *fmt, ...)
{
	struct posture_found *x = &w->found[which];
	va_list ap;

	x->verdict = v;
	va_start(ap, fmt);
	vsnprintf(x->evidence, sizeof x->evidence, fmt, ap);
	va_end(ap);
	rel_text_clean(x->evidence, sizeof x->evidence, x->evidence);
}

static const char *
item(const struct weighing *w, const char *name)
{
	return items_get(w->f->items, name);
}

/* Is this word in the list of that item? */
static bool
has_word(const struct weighing *w, const char *name, const char *word)
{
	const char *s = item(w, name);
	size_t n = strlen(word);

	while (s != NULL && *s != '\0') {
		size_t len = strcspn(s, ",");

		if (len == n && strncmp(s, word, n) == 0)
			return true;
		s += len + (s[len] == ',');
	}
	return false;
}

#define NOT_LOOKED "it has not been looked at"

static bool
looked(const struct weighing *w)
{
	return item(w, "posture.at") != NULL;
}

/* ---- ports */

static const struct {
	enum posture_finding which;
	const char *port;
} ports[] = {
	{ POSTURE_TELNET, "tcp/23" }, { POSTURE_TELNET, "tcp/10000" },
	{ POSTURE_FTP, "tcp/21" }, { POSTURE_TFTP, "udp/69" },
	{ POSTURE_FINGER, "tcp/79" }, { POSTURE_RAW_PRINT, "tcp/9100" },
	{ POSTURE_RAW_PRINT, "tcp/9400" }, { POSTURE_SMB, "tcp/139" },
	{ POSTURE_SMB, "tcp/445" }, { POSTURE_FOUND, "udp/137" },
	{ POSTURE_FOUND, "udp/427" }, { POSTURE_FOUND, "udp/5353" },
	{ POSTURE_MANAGED, "tcp/5000" }, { POSTURE_MANAGED, "tcp/5001" },
	{ POSTURE_MANAGED, "udp/6000" }, { POSTURE_MANAGED, "udp/9100" },
	{ POSTURE_MANAGED, "tcp/9200" }, { POSTURE_MANAGED, "udp/9300" },
	{ POSTURE_MANAGED, "tcp/9500" }, { POSTURE_MANAGED, "tcp/9501" },
	{ POSTURE_MANAGED, "tcp/9600" }, { POSTURE_MANAGED, "udp/9700" }
};
#define PORTS (sizeof ports / sizeof ports[0])

/* The ports of a finding in that list, "tcp/23, tcp/10000". */
static void
ports_in(const struct weighing *w, enum posture_finding which,
    const char *list, char out[160])
{
	out[0] = '\0';
	for (size_t i = 0; i < PORTS; i++)
		if (ports[i].which == which && has_word(w, list,
		    ports[i].port))
			snprintf(out + strlen(out), 160 - strlen(out), "%s%s",
			    out[0] != '\0' ? ", " : "", ports[i].port);
}

static void
weigh_port(struct weighing *w, enum posture_finding which)
{
	char open[160], silent[160];

	ports_in(w, which, "posture.open", open);
	ports_in(w, which, "posture.silent", silent);
	if (!looked(w))
		put(w, which, POSTURE_UNKNOWN, NOT_LOOKED);
	else if (open[0] != '\0')
		put(w, which, POSTURE_BAD, "open: %s", open);
	/* A connection that is not answered is none; a datagram may be. */
	else if (strstr(silent, "udp") != NULL)
		put(w, which, POSTURE_UNKNOWN, "no answer from %s, which may "
		    "be open all the same", silent);
	else
		put(w, which, POSTURE_GOOD, "closed");
}

static void
weigh_ports(struct weighing *w)
{
	for (size_t i = 0; i < PORTS; i++)
		if (i == 0 || ports[i].which != ports[i - 1].which)
			weigh_port(w, ports[i].which);
}

/* ---- SNMP, TLS, what goes without it */

static void
weigh_snmp(struct weighing *w)
{
	const char *versions = item(w, "posture.snmp");
	const char *usual = item(w, "posture.snmp-usual");
	bool old = has_word(w, "posture.snmp", "v1") ||
	    has_word(w, "posture.snmp", "v2c");

	if (versions == NULL || usual == NULL) {
		put(w, POSTURE_SNMP_OLD, POSTURE_UNKNOWN, NOT_LOOKED);
		put(w, POSTURE_SNMP_USUAL, POSTURE_UNKNOWN, NOT_LOOKED);
		return;
	}
	put(w, POSTURE_SNMP_OLD, old ? POSTURE_BAD : POSTURE_GOOD,
	    "answered: %s", versions);
	put(w, POSTURE_SNMP_USUAL, strcmp(usual, "none") != 0 ? POSTURE_BAD :
	    POSTURE_GOOD, "answered to: %s", usual);
}

static void
weigh_tls(struct weighing *w)
{
	const char *tls = item(w, "posture.tls");
	const char *at = item(w, "posture.tls-ports");
	bool none = tls != NULL && strcmp(tls, "none") == 0;
	bool old = has_word(w, "posture.tls", "1.0") ||
	    has_word(w, "posture.tls", "1.1");

	if (tls == NULL) {
		put(w, POSTURE_NO_TLS, POSTURE_UNKNOWN, NOT_LOOKED);
		put(w, POSTURE_TLS_OLD, POSTURE_UNKNOWN, NOT_LOOKED);
		return;
	}
	put(w, POSTURE_NO_TLS, none ? POSTURE_BAD : POSTURE_GOOD,
	    none ? "no port takes it" : "ports %s", at != NULL ? at : "");
	put(w, POSTURE_TLS_OLD, none ? POSTURE_APART : old ? POSTURE_BAD :
	    POSTURE_GOOD, "takes %s", tls);
}

static void
weigh_yesno(struct weighing *w, enum posture_finding which,
    const char *name, const char *yes, const char *no)
{
	int64_t v = items_get_number(w->f->items, name, -1);

	if (v < 0)
		put(w, which, POSTURE_UNKNOWN, NOT_LOOKED);
	else
		put(w, which, v != 0 ? POSTURE_BAD : POSTURE_GOOD, "%s",
		    v != 0 ? yes : no);
}

/* ---- the certificate */

static void
weigh_end(struct weighing *w)
{
	int64_t end = items_get_number(w->f->items, "posture.certificate-end",
	    0);
	char text[32];

	rel_time_text(text, end);
	text[10] = '\0';
	put(w, POSTURE_CERT_END, end < w->f->now_ms + SOON_MS ? POSTURE_BAD :
	    POSTURE_GOOD, "%s %s", end < w->f->now_ms ? "ended" : "ends",
	    text);
}

static void
weigh_key(struct weighing *w)
{
	const char *key = item(w, "posture.certificate-key");
	const char *hash = item(w, "posture.certificate-hash");
	int64_t bits = items_get_number(w->f->items,
	    "posture.certificate-bits", 0);
	bool rsa = key != NULL && strncmp(key, "RSA", 3) == 0;
	bool weak = (rsa && bits < 2048) || bits < 256 || (hash != NULL &&
	    (strcmp(hash, "SHA1") == 0 || strncmp(hash, "MD", 2) == 0));

	put(w, POSTURE_CERT_WEAK, weak ? POSTURE_BAD : POSTURE_GOOD, "%s, %s",
	    key != NULL ? key : "unknown key", hash != NULL ? hash :
	    "unknown hash");
}

static void
weigh_certificate(struct weighing *w)
{
	static const enum posture_finding all[] = { POSTURE_CERT_END,
	    POSTURE_CERT_WEAK, POSTURE_CERT_SELF, POSTURE_CERT_NAME };
	const char *subject = item(w, "posture.certificate");
	const char *issuer = item(w, "posture.certificate-issuer");
	bool fits = items_get_number(w->f->items, "posture.certificate-name",
	    0) != 0;
	bool self = items_get_number(w->f->items, "posture.self-signed", 0);

	for (size_t i = 0; subject == NULL && i < 4; i++)
		put(w, all[i], looked(w) ? POSTURE_APART : POSTURE_UNKNOWN,
		    "%s", looked(w) ? "it shows none" : NOT_LOOKED);
	if (subject == NULL)
		return;
	weigh_end(w);
	weigh_key(w);
	put(w, POSTURE_CERT_SELF, self ? POSTURE_BAD : POSTURE_GOOD,
	    "issued by %.200s", issuer != NULL ? issuer : "nobody");
	put(w, POSTURE_CERT_NAME, fits ? POSTURE_GOOD : POSTURE_BAD,
	    "%.200s", subject);
}

/* ---- who may use it: what it obeys, if it obeys */

static bool
allows(const struct weighing *w, const char *what)
{
	const char *s = json_string_value(json_object_get(json_object_get(
	    w->f->restrictions, "unauthenticated"), what));

	return s != NULL && strcmp(s, "allow") == 0;
}

static void
weigh_use(struct weighing *w)
{
	static const enum posture_finding all[] = { POSTURE_UNGUARDED,
	    POSTURE_USB_PRINT, POSTURE_USB_SCAN };
	bool open = allows(w, "copy") || allows(w, "scan") || allows(w, "fax");
	bool print = allows(w, "usb_print_from"), scan = allows(w,
	    "usb_scan_to");

	put(w, POSTURE_NO_CONTROL, w->f->restrictions == NULL ? POSTURE_BAD :
	    POSTURE_GOOD, "%s", w->f->restrictions == NULL ?
	    "it does not speak OPDP of level 2" : "it obeys restrictions");
	for (size_t i = 0; w->f->restrictions == NULL && i < 3; i++)
		put(w, all[i], POSTURE_UNKNOWN,
		    "cannot be seen from here: it does not speak OPDP");
	if (w->f->restrictions == NULL)
		return;
	put(w, POSTURE_UNGUARDED, open ? POSTURE_BAD : POSTURE_GOOD,
	    "open to nobody: %s%s%s%s", allows(w, "copy") ? "copy " : "",
	    allows(w, "scan") ? "scan " : "", allows(w, "fax") ? "fax " : "",
	    open ? "" : "nothing");
	put(w, POSTURE_USB_PRINT, print ? POSTURE_BAD : POSTURE_GOOD,
	    "print from USB: %s", print ? "allow" : "deny");
	put(w, POSTURE_USB_SCAN, scan ? POSTURE_BAD : POSTURE_GOOD,
	    "scan to USB: %s", scan ? "allow" : "deny");
}

/* Only the device itself can say these. */
static void
weigh_reported(struct weighing *w, enum posture_finding which,
    const char *name, const char *bad)
{
	const char *s = item(w, name);

	if (s == NULL)
		put(w, which, POSTURE_UNKNOWN,
		    "cannot be seen from here; the device does not report it");
	else
		put(w, which, strcmp(s, bad) == 0 ? POSTURE_BAD : POSTURE_GOOD,
		    "it reports: %.200s", s);
}

void
posture_weigh(const struct posture_facts *f,
    struct posture_found found[POSTURE_FINDINGS])
{
	struct weighing w = { f, found };

	memset(found, 0, POSTURE_FINDINGS * sizeof *found);
	weigh_ports(&w);
	weigh_snmp(&w);
	weigh_tls(&w);
	weigh_yesno(&w, POSTURE_PLAIN_PAGES, "posture.plain-pages",
	    "http answers with a page, or asks for a password",
	    "no pages without TLS");
	weigh_yesno(&w, POSTURE_PLAIN_IPP, "posture.plain-ipp",
	    "IPP is answered without TLS", "no IPP without TLS");
	weigh_certificate(&w);
	weigh_use(&w);
	weigh_reported(&w, POSTURE_FILTER, "network.filter", "none");
	weigh_reported(&w, POSTURE_DOT1X, "network.8021x", "off");
	weigh_reported(&w, POSTURE_IPSEC, "network.ipsec", "off");
}

/* The part of the points that are known which is not lost. */
int
posture_score(const struct posture_found found[POSTURE_FINDINGS])
{
	int known = 0, bad = 0, most = 0;

	for (int i = 0; i < POSTURE_FINDINGS; i++) {
		int points = posture_kinds[i].points;

		most += points;
		if (found[i].verdict == POSTURE_GOOD ||
		    found[i].verdict == POSTURE_BAD)
			known += points;
		if (found[i].verdict == POSTURE_BAD)
			bad += points;
	}
	return known * 4 < most ? -1 : (100 * (known - bad) + known / 2) /
	    known;
}
