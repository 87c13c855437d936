/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* In which format a device gets its documents, and where, by IPP. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "releaserd/core/fleet.h"
#include "releaserd/core/transport.h"
#include "tests/unit/core_whole.h"

static struct device dev;

static int
begin(void **state)
{
	assert_int_equal(0, whole_open(state));
	whole_device(&dev);
	devices_changed(whole, dev.id);
	return 0;
}
#define WITH(name) cmocka_unit_test_setup_teardown(name, begin, whole_close)

/* It has said this: "formats=a,b;color=0". */
static void
said(const char *text)
{
	struct items l;
	char name[40], value[200];
	int used;

	items_init(&l);
	l.groups = 1u << ITEMS_ABILITY;
	for (const char *p = text; sscanf(p, "%39[^=]=%199[^;];%n", name,
	    value, &used) == 2; p += used)
		items_str(&l, name, 0, value);
	whole_write();
	assert_int_equal(0, fleet_take(whole, dev.id, "ipp", &l));
	whole_turns();
	items_fini(&l);
}

UNIT(a_device_gets_what_it_takes)
{
	static const struct {
		const char *driver, *transport, *said, *format;
		const char *gets;
		bool convert;
		uint16_t dpi;
		bool gray;
		const char *back;
	} t[] = {
		/* nothing known: as ever */
		{ "", "lpr", "", "application/pdf", "", 0, 0, 0, "" },
		{ "auto", "lpr", "", "application/pdf", "", 0, 0, 0, "" },
		{ "", "ipp", "", "application/pdf", "", 0, 0, 0, "" },
		/* by LPR only when it is asked for */
		{ "", "lpr", "formats=image/urf;", "application/pdf", "", 0,
		    0, 0, "" },
		{ "auto", "lpr", "formats=image/urf;", "application/pdf",
		    "urf", 0, 0, 0, "" },
		{ "auto", "ipp", "formats=image/urf,application/pdf;",
		    "application/pdf", "", 0, 0, 0, "" },
		{ "", "ipps", "formats=image/pwg-raster,"
		    "application/postscript;", "application/pdf", "ps", 0, 0,
		    0, "" },
		{ "", "ipp", "formats=image/urf,image/pwg-raster;"
		    "raster-types=sgray_8,black_1;raster-back=rotated;"
		    "raster-resolutions=150,1200,600;", "application/pdf",
		    "pwg", 0, 600, 1, "rotated" },
		{ "", "ipp", "formats=image/pwg-raster;raster-types=srgb_8;"
		    "raster-resolutions=150x300,200;", "application/pdf",
		    "pwg", 0, 200, 0, "" },
		{ "urf", "ipp", "formats=application/pdf;"
		    "urf=V1.4,W8,RS300-600,DM3;", "application/pdf", "urf",
		    0, 300, 1, "rotated" },
		{ "urf", "lpr", "color=1;urf=SRGB24,RS600,DM1;",
		    "application/pdf", "urf", 0, 600, 0, "normal" },
		{ "urf", "ipp", "urf=SRGB24,RS,DM9;color=0;",
		    "application/pdf", "urf", 0, 0, 1, "" },
		/* a document it does not take becomes a PDF */
		{ "", "ipp", "formats=application/pdf;", "image/tiff", "pdf",
		    1, 0, 0, "" },
		{ "", "ipp", "formats=application/pdf,IMAGE/TIFF;",
		    "image/tiff", "", 0, 0, 0, "" },
		{ "", "lpr", "formats=application/pdf;", "image/tiff", "", 0,
		    0, 0, "" },
		{ "pjl", "ipp", "formats=image/urf;", "application/pdf",
		    "pjl", 0, 0, 0, "" },
		/* PCL last; in colour only where it says that it has it */
		{ "auto", "lpr", "formats=application/vnd.hp-PCL,"
		    "application/vnd.hp-PCLXL,image/urf;", "application/pdf",
		    "urf", 0, 0, 0, "" },
		{ "auto", "lpr", "formats=application/vnd.hp-PCL,"
		    "application/vnd.hp-PCLXL;color=1;resolutions=300,600;",
		    "application/pdf", "pclxl", 0, 0, 0, "" },
		{ "auto", "ipp", "formats=application/vnd.hp-PCL;"
		    "resolutions=300,1200;", "application/pdf", "pcl", 0, 300,
		    1, "" },
		{ "", "ipp", "formats=application/vnd.hp-pcl;color=0;",
		    "image/tiff", "pcl", 0, 0, 1, "" },
		{ "auto", "lpr", "formats=image/tiff;", "application/pdf", "",
		    0, 0, 0, "" },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct device_format f;

		said(t[i].said);
		snprintf(dev.driver, sizeof dev.driver, "%s", t[i].driver);
		snprintf(dev.transport, sizeof dev.transport, "%s",
		    t[i].transport);
		device_format(whole, &dev, t[i].format, &f);
		if (strcmp(f.driver, t[i].gets) != 0 ||
		    f.convert != t[i].convert || f.how.dpi != t[i].dpi ||
		    f.how.gray != t[i].gray ||
		    strcmp(f.how.back, t[i].back) != 0 ||
		    f.how.told != (t[i].transport[0] == 'i' &&
		    t[i].driver[0] != 'p'))
			fail_msg("case %zu: \"%s\", convert %d, %u dpi, gray "
			    "%u, back \"%s\", told %u", i, f.driver,
			    f.convert, f.how.dpi, f.how.gray, f.how.back,
			    f.how.told);
	}
}

UNIT(what_it_lacks_is_not_asked_of_it)
{
	struct rel_ticket t;

	rel_ticket_init(&t);
	t.sides = REL_DUPLEX_LONG;
	t.colour = REL_COLOUR_COLOUR;
	snprintf(t.finishings, sizeof t.finishings, "staple,punch,fold");
	device_limit(whole, &dev, &t);		/* nothing is known */
	assert_int_equal(REL_DUPLEX_LONG, t.sides);
	assert_string_equal("staple,punch,fold", t.finishings);
	said("duplex=0;color=0;finishings=none,staple,fold;");
	device_limit(whole, &dev, &t);
	assert_int_equal(REL_DUPLEX_NONE, t.sides);
	assert_int_equal(REL_COLOUR_UNSAID, t.colour);
	assert_string_equal("staple,fold", t.finishings);
}

static bool
event_row(int64_t at_ms, const char *kind, const char *text, void *ctx)
{
	char *all = ctx;
	size_t n = strlen(all);

	(void)at_ms;
	snprintf(all + n, 2000 - n, "%s: %s\n", kind, text);
	return true;
}

UNIT(and_the_story_says_so)
{
	int64_t id = whole_job();
	struct rel_ticket t;
	char all[2000] = "";

	rel_ticket_init(&t);
	t.sides = REL_DUPLEX_SHORT;
	snprintf(t.finishings, sizeof t.finishings, "punch");
	said("duplex=0;finishings=none,staple;");
	whole_write();
	device_limit_tell(whole, &dev, id, &t);		/* by LPR: nothing */
	snprintf(dev.transport, sizeof dev.transport, "ipp");
	device_limit_tell(whole, &dev, id, &t);
	whole_turns();
	assert_true(store_event_list(whole->st, id, event_row, all) >= 0);
	assert_non_null(strstr(all, "does not print on both sides"));
	assert_non_null(strstr(all, "punch; it is asked for: none"));
	assert_null(strstr(strstr(strstr(all, "limits:") + 1, "limits:") + 1,
	    "limits:"));
}

/* ---- what an administrator says of it */

static struct request rq;

static int
fill(const char *transport, const char *uri, const char *pin,
    const char *host)
{
	static const enum req_field fields[] = {
		F_TRANSPORT, F_IPP_URI, F_IPP_PIN, F_LPR_HOST
	};
	const char *values[] = { transport, uri, pin, host };
	struct rel_err err;

	memset(&rq, 0, sizeof rq);
	for (size_t i = 0; i < 4; i++) {
		rq.f[fields[i]].set = values[i] != NULL;
		rq.f[fields[i]].str = values[i];
	}
	return device_transport_fill(&rq, &dev, &err);
}

#define PIN "00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff"

UNIT(a_key_belongs_to_an_address)
{
	char uri[300], pin[80];

	assert_int_equal(0, fill("ipps", NULL, PIN, NULL));
	device_ipp_uri(&dev, uri);
	assert_true(strncmp(uri, "ipps://", 7) == 0);
	assert_string_equal(":631/ipp/print", uri + strlen(uri) - 14);
	snprintf(pin, sizeof pin, "%s", dev.ipp_pin);
	assert_int_equal('a', pin[20]);
	/* The same address said otherwise, and with other encryption. */
	assert_int_equal(0, fill(NULL, uri, pin, NULL));
	assert_string_equal(pin, dev.ipp_pin);
	assert_int_equal(-REL_E_FORMAT, fill("ipp", NULL, NULL, NULL));
	assert_int_equal(0, fill("ipps", "", pin, NULL));
	assert_string_equal(pin, dev.ipp_pin);
	/* Another one, though a page sends the old key along. */
	assert_int_equal(0, fill(NULL, NULL, pin, "192.0.2.7"));
	assert_string_equal("", dev.ipp_pin);
	assert_int_equal(0, fill(NULL, "ipps://other/x", PIN, NULL));
	assert_string_equal(pin, dev.ipp_pin);
	assert_int_equal(0, fill(NULL, "ipps://another/x", pin, NULL));
	assert_string_equal("", dev.ipp_pin);
}

UNIT(what_is_no_address_is_refused)
{
	static const char *const bad[] = {
		"http://p/", "ipp://", "ipp:///x", "ipp://user@p/", "ipp://p/ x",
		"ipp://p/\n", "ipp", "ipps://p/<b>"
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (fill(NULL, bad[i], NULL, NULL) != -REL_E_FORMAT)
			fail_msg("%s was taken", bad[i]);
	assert_int_equal(-REL_E_FORMAT, fill("ftp", NULL, NULL, NULL));
	assert_int_equal(-REL_E_FORMAT, fill(NULL, NULL, "12", NULL));
	assert_true(device_driver_ok("auto") && device_driver_ok("pcl") &&
	    device_driver_ok("pclxl") && device_driver_ok("/a.ppd"));
	assert_false(device_driver_ok("xps") || device_driver_ok("/a/../b"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(a_device_gets_what_it_takes),
		WITH(what_it_lacks_is_not_asked_of_it),
		WITH(and_the_story_says_so),
		WITH(a_key_belongs_to_an_address),
		WITH(what_is_no_address_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
