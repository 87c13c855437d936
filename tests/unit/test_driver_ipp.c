/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The driver ipp: what a printer says, as items; answers that are none. */
#include "tests/unit/unit.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "releaserd/driver/ipp_priv.h"
#include "releaserd/ippmsg.h"
#include "tests/unit/fakeipp.h"

static struct fakeipp p;
static struct driver_ask q;
static struct driver_said s;
static struct rel_err err;

/* ---- what it says: as a printer of IPP Everywhere does */

static void
words(ipp_t *m, const char *name, ipp_tag_t tag, int n,
    const char *const *values)
{
	ippAddStrings(m, IPP_TAG_PRINTER, tag, name, n, NULL, values);
}

static void
octets(ipp_t *m, const char *name, int n, const char *const *values)
{
	ipp_attribute_t *a = ippAddOctetString(m, IPP_TAG_PRINTER, name,
	    values[0], (int)strlen(values[0]));

	for (int i = 1; i < n; i++)
		ippSetOctetString(m, &a, i, values[i], (int)strlen(values[i]));
}

static void
ready(ipp_t *m)
{
	ipp_t *size = ippNew(), *col = ippNew();

	ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "x-dimension",
	    21000);
	ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "y-dimension",
	    29700);
	ippAddCollection(col, IPP_TAG_ZERO, "media-size", size);
	ippAddString(col, IPP_TAG_ZERO, IPP_TAG_KEYWORD, "media-source",
	    NULL, "main");
	ippAddString(col, IPP_TAG_ZERO, IPP_TAG_KEYWORD, "media-type", NULL,
	    "stationery");
	ippAddInteger(col, IPP_TAG_ZERO, IPP_TAG_INTEGER,
	    "media-weight-metric", 80);
	ippAddCollection(m, IPP_TAG_PRINTER, "media-col-ready", col);
	ippDelete(size);
	ippDelete(col);
}

static void
identity(ipp_t *m)
{
	ippAddString(m, IPP_TAG_PRINTER, IPP_TAG_TEXT,
	    "printer-make-and-model", NULL, "Example Laser 5");
	ippAddString(m, IPP_TAG_PRINTER, IPP_TAG_TEXT, "printer-device-id",
	    NULL, "MFG:Example Inc;CMD:PDF,URF; MODEL:Laser 5;SN:4711;");
	ippAddString(m, IPP_TAG_PRINTER, IPP_TAG_TEXT, "printer-location",
	    NULL, "2nd floor\r\n<b>");
	ippAddString(m, IPP_TAG_PRINTER, IPP_TAG_URI, "printer-uuid", NULL,
	    "urn:uuid:1");
	ippAddString(m, IPP_TAG_PRINTER, IPP_TAG_URI,
	    "printer-uri-supported", NULL, "ipps://localhost:631/ipp/print");
	ippAddString(m, IPP_TAG_PRINTER, IPP_TAG_TEXT,
	    "printer-firmware-string-version", NULL, "1.2.3");
}

/* Some are none. */
static void
resolutions(ipp_t *m)
{
	static const ipp_res_t units[] = { IPP_RES_PER_INCH, IPP_RES_PER_CM,
	    IPP_RES_PER_CM, IPP_RES_PER_INCH };
	static const int x[] = { 600, INT_MAX, 118, INT_MAX },
	    y[] = { 600, INT_MAX, 118, INT_MAX };

	ippAddResolutions(m, IPP_TAG_PRINTER, "printer-resolution-supported",
	    4, units[0], x, y);
	for (int i = 1; i < 4; i++) {
		ipp_attribute_t *a = ippFindAttribute(m,
		    "printer-resolution-supported", IPP_TAG_RESOLUTION);

		(void)ippSetResolution(m, &a, i, units[i], x[i], y[i]);
	}
}

static void
abilities(ipp_t *m)
{
	static const char *const formats[] = {
		"application/pdf", "image/urf", "odd,with a comma"
	};
	static const char *const sides[] = {
		"one-sided", "two-sided-long-edge"
	};
	static const char *const urf[] = { "V1.4", "RS300-600", "DM3" };
	static const int finishings[] = { 3, 4, 71 };

	words(m, "document-format-supported", IPP_TAG_MIMETYPE, 3, formats);
	words(m, "sides-supported", IPP_TAG_KEYWORD, 2, sides);
	words(m, "urf-supported", IPP_TAG_KEYWORD, 3, urf);
	ippAddIntegers(m, IPP_TAG_PRINTER, IPP_TAG_ENUM,
	    "finishings-supported", 3, finishings);
	ippAddBoolean(m, IPP_TAG_PRINTER, "color-supported", 1);
	ippAddInteger(m, IPP_TAG_PRINTER, IPP_TAG_INTEGER,
	    "pages-per-minute", 40);
	resolutions(m);
}

static void
parts(ipp_t *m)
{
	static const char *const trays[] = {
		"type=sheetFeedAutoRemovableTray;mediafeed=0;mediaxfeed=0;"
		    "maxcapacity=250;level=100;status=0;name=main",
		"type=sheetFeedManual;maxcapacity=1;level=-2;name=manual;",
		"type=nothing anybody knows;level=many;name="
	};
	static const char *const bins[] = {
		"type=unRemovableBin;maxcapacity=500;remaining=-2;"
		    "name=face-down"
	};
	static const char *const supplies[] = {
		"index=1;class=receptacleThatIsFilled;type=wasteToner;"
		    "unit=percent;maxcapacity=100;level=25;"
		    "colorantname=unknown;",
		"index=2;class=supplyThatIsConsumed;type=toner;unit=tenths"
		    ";maxcapacity=2000;level=1500;colorantname=black;"
	};
	static const char *const names[] = { "Waste", "Black Toner" };

	octets(m, "printer-input-tray", 3, trays);
	octets(m, "printer-output-tray", 1, bins);
	octets(m, "printer-supply", 2, supplies);
	words(m, "printer-supply-description", IPP_TAG_TEXT, 2, names);
	ready(m);
}

static const char *reasons[2] = { "media-jam-error", "toner-low-warning" };
static const char *job_reason = "aborted-by-system";
static int job_state = 8, job_id = 17, job_sides = 5, job_sheets = 3;

static void
state(ipp_t *m)
{
	static const char *const alert[] = {
		"code=jam;severity=critical;group=mediaPath;"
	};
	static const char *const alert_words[] = { "Jam behind door B" };

	ippAddInteger(m, IPP_TAG_PRINTER, IPP_TAG_ENUM, "printer-state", 5);
	words(m, "printer-state-reasons", IPP_TAG_KEYWORD, 2, reasons);
	octets(m, "printer-alert", 1, alert);
	words(m, "printer-alert-description", IPP_TAG_TEXT, 1, alert_words);
	ippAddInteger(m, IPP_TAG_PRINTER, IPP_TAG_INTEGER,
	    "printer-impressions-completed", 4711);
	ippAddInteger(m, IPP_TAG_PRINTER, IPP_TAG_INTEGER,
	    "printer-config-change-time", 12);
}

static void
job(ipp_t *m)
{
	ipp_t *col = ippNew();

	ippAddInteger(m, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", job_id);
	ippAddInteger(m, IPP_TAG_JOB, IPP_TAG_ENUM, "job-state", job_state);
	ippAddString(m, IPP_TAG_JOB, IPP_TAG_KEYWORD, "job-state-reasons",
	    NULL, job_reason);
	ippAddInteger(m, IPP_TAG_JOB, IPP_TAG_INTEGER,
	    "job-impressions-completed", job_sides);
	ippAddInteger(m, IPP_TAG_JOB, IPP_TAG_INTEGER,
	    "job-media-sheets-completed", job_sheets);
	ippAddInteger(col, IPP_TAG_ZERO, IPP_TAG_INTEGER, "full-color", 2);
	ippAddInteger(col, IPP_TAG_ZERO, IPP_TAG_INTEGER, "monochrome", 3);
	ippAddCollection(m, IPP_TAG_JOB, "job-impressions-completed-col",
	    col);
	ippDelete(col);
}

static void
fill(ipp_t *m, int op)
{
	if (op == IPP_OP_GET_PRINTER_ATTRIBUTES) {
		identity(m);
		abilities(m);
		parts(m);
		state(m);
	} else if (op == IPP_OP_GET_JOB_ATTRIBUTES) {
		job(m);
	}
}

/* ---- asking it */

static void
begin(int at, enum fakeipp_fault fault, int code)
{
	p = (struct fakeipp){ .at = at, .fault = fault, .code = code,
	    .fill = fault == IPP_SAYS ? NULL : fill };
	fakeipp_start(&p);
	memset(&q, 0, sizeof q);
	memset(&err, 0, sizeof err);
	q.deadline_ms = 1000;
	snprintf(q.id, sizeof q.id, "17");
	fakeipp_uri(&p, q.at.url);
	driver_said_init(&s);
}

static void
end(void)
{
	fakeipp_stop(&p);
	fakeipp_fini(&p);
	driver_said_fini(&s);
}

static void
is(const char *name, const char *value)
{
	const char *got = items_get(&s.items, name);

	if (got == NULL || strcmp(got, value) != 0)
		fail_msg("%s is \"%s\", not \"%s\"", name,
		    got != NULL ? got : "(nothing)", value);
}

UNIT(all_it_is_and_has)
{
	begin(0, IPP_WELL, 0);
	if (driver_ipp.info(&q, &s, &err) < 0)
		fail_msg("%s", err.text);
	is("vendor", "Example Inc");
	is("model", "Laser 5");
	is("serial", "4711");
	is("firmware", "1.2.3");
	is("location", "2nd floor <b>");
	is("formats", "application/pdf,image/urf");
	is("color", "1");
	is("duplex", "1");
	is("speed", "40");
	is("finishings", "none,staple,punch-bottom-left");
	is("resolutions", "600,300");
	is("urf", "V1.4,RS300-600,DM3");
	is("channel.1.kind", "ipps");
	is("channel.1.port", "631");
	is("input.1.name", "main");
	is("input.1.kind", "removable");
	is("input.1.size", "iso_a4_210x297mm");
	is("input.1.type", "stationery");
	is("input.1.weight", "80");
	is("input.1.level", "100");
	is("input.2.level", "-2");
	is("input.2.kind", "manual");
	is("input.3.kind", "other");
	assert_null(items_get(&s.items, "input.3.level"));
	is("output.1.name", "face-down");
	is("supply.1.kind", "waste-toner");
	is("supply.1.percent", "-2");
	is("supply.2.percent", "75");
	is("supply.2.name", "Black Toner");
	is("supply.2.color", "black");
	assert_true(s.items.groups & 1u << ITEMS_SUPPLY);
	assert_false(s.items.groups & 1u << ITEMS_STATE);
	end();
}

UNIT(how_it_is_and_whether_to_ask_for_all_again)
{
	char kept[DRIVER_KEPT_MAX];

	begin(0, IPP_WELL, 0);
	assert_int_equal(0, driver_ipp.status(&q, &s, &err));
	is("state", "stopped");
	is("reasons", "media-jam-error,toner-low-warning");
	is("alert.1.severity", "critical");
	is("alert.1.text", "Jam behind door B");
	is("counter.impressions", "4711");
	assert_true(s.changed);
	memcpy(kept, s.kept, sizeof kept);
	driver_said_fini(&s);
	driver_said_init(&s);
	memcpy(q.kept, kept, sizeof q.kept);
	assert_int_equal(0, driver_ipp.status(&q, &s, &err));
	assert_false(s.changed);
	driver_said_fini(&s);
	driver_said_init(&s);
	reasons[1] = "media-empty-error";
	assert_int_equal(0, driver_ipp.status(&q, &s, &err));
	assert_true(s.changed);
	end();
}

UNIT(what_became_of_a_job)
{
	begin(0, IPP_WELL, 0);
	assert_int_equal(0, driver_ipp.job_state(&q, &s, &err));
	assert_int_equal(8, s.job.state);
	assert_string_equal("aborted-by-system", s.job.reasons);
	assert_int_equal(5, s.job.impressions);
	assert_int_equal(3, s.job.sheets);
	assert_int_equal(2, s.job.color);
	assert_int_equal(0, driver_ipp.job_cancel(&q, &s, &err));
	/* Numbers nobody has. */
	job_state = 77;
	assert_int_equal(0, driver_ipp.job_state(&q, &s, &err));
	assert_int_equal(0, s.job.state);
	/* Some say "unknown" as SNMP does: core takes nothing below -1. */
	job_sides = job_sheets = -2;
	assert_int_equal(0, driver_ipp.job_state(&q, &s, &err));
	assert_int_equal(-1, s.job.impressions);
	assert_int_equal(-1, s.job.sheets);
	job_id = 18;
	assert_int_equal(-REL_E_FORMAT, driver_ipp.job_state(&q, &s, &err));
	snprintf(q.id, sizeof q.id, "-1");
	assert_int_equal(-REL_E_NOTFOUND, driver_ipp.job_state(&q, &s,
	    &err));
	end();
	assert_int_equal(1, p.canceled);
}

UNIT(an_answer_that_is_none_is_said_so)
{
	static const struct {
		enum fakeipp_fault fault;
		int code, rc;
	} t[] = {
		{ IPP_SAYS, IPP_STATUS_ERROR_BUSY, -REL_E_PEER },
		{ IPP_SAYS, IPP_STATUS_ERROR_NOT_FOUND, -REL_E_NOTFOUND },
		{ IPP_SAYS, IPP_STATUS_ERROR_FORBIDDEN, -REL_E_DENIED },
		{ IPP_HTTP, 401, -REL_E_DENIED },
		{ IPP_HTTP, 302, -REL_E_DENIED },
		{ IPP_HTTP, 503, -REL_E_PEER },
		{ IPP_SILENT, 0, -REL_E_TIMEOUT },
		{ IPP_OTHER_ID, 0, -REL_E_FORMAT },
		{ IPP_GARBAGE, 0, -REL_E_FORMAT },
		{ IPP_DEEP, 0, -REL_E_FORMAT },
		{ IPP_ENDLESS, 0, -REL_E_LIMIT },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		int rc;

		begin(IPP_OP_GET_PRINTER_ATTRIBUTES, t[i].fault, t[i].code);
		if ((rc = driver_ipp.info(&q, &s, &err)) != t[i].rc ||
		    s.items.n != 0)
			fail_msg("case %zu: %d \"%s\", %zu items", i, rc,
			    err.text, s.items.n);
		end();
	}
}

/* Each prefix and each byte another one: nothing of it breaks the reader. */
UNIT(bytes_from_outside_break_nothing)
{
	ipp_t *m = ippNew(), *got;
	struct rel_buf b;

	ippSetVersion(m, 2, 0);
	ippSetRequestId(m, 5);
	fill(m, IPP_OP_GET_PRINTER_ATTRIBUTES);
	rel_buf_init(&b);
	assert_int_equal(0, ippmsg_put(&b, m));
	ippDelete(m);
	assert_int_equal(0, ippmsg_get(&got, b.data, b.len, 5, &err));
	ippDelete(got);
	for (size_t n = 0; n < b.len; n++) {
		uint8_t was = b.data[n];

		assert_int_equal(-REL_E_FORMAT, ippmsg_get(&got, b.data, n,
		    5, &err));
		assert_null(got);
		b.data[n] ^= 0xff;
		if (ippmsg_get(&got, b.data, b.len, 5, &err) == 0) {
			driver_said_init(&s);
			ipp_items_info(&s.items, got);
			ipp_items_status(&s.items, got);
			ipp_job(&s.job, got);
			assert_int_equal(0, s.items.failed);
			driver_said_fini(&s);
			ippDelete(got);
		}
		b.data[n] = was;
	}
	rel_buf_fini(&b);
}

UNIT(an_address_is_one_of_ipp)
{
	static const struct {
		const char *uri, *url;
	} t[] = {
		{ "ipp://printer/ipp/print", "http://printer:631/ipp/print" },
		{ "ipps://printer:443/x", "https://printer:443/x" },
		{ "ipp://[::1]:99/", "http://[::1]:99/" },
		{ "http://printer/", NULL }, { "ipp://", NULL },
		{ "ipp://user:secret@printer/", NULL }, { "", NULL },
		{ "ipp://printer/a b", NULL }, { "file:///etc/passwd", NULL },
	};
	char url[IPPMSG_URI_MAX + 8], device[160];

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		int rc = ippmsg_url(t[i].uri, url, sizeof url, device, &err);

		if ((rc == 0) != (t[i].url != NULL) ||
		    (rc == 0 && strcmp(url, t[i].url) != 0))
			fail_msg("%s: %d %s", t[i].uri, rc, url);
	}
}

static int
set_up(void **unused)
{
	(void)unused;
	return driver_http_begin(NULL);
}

static int
tear_down(void **unused)
{
	(void)unused;
	driver_http_end();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(all_it_is_and_has),
		UNIT_RUN(how_it_is_and_whether_to_ask_for_all_again),
		UNIT_RUN(what_became_of_a_job),
		UNIT_RUN(an_answer_that_is_none_is_said_so),
		UNIT_RUN(bytes_from_outside_break_nothing),
		UNIT_RUN(an_address_is_one_of_ipp),
	};

	rel_log_init("test", REL_ERROR);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
