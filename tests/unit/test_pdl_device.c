/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What drivers make: PCL 5, PCL XL, raster, ESC/P, ESC/P-R. */
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/pdl_fixture.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define MONO(n) REL_SURE_EXACT, n, n, 1, n, 0, REL_SURE_EXACT, NULL

UNIT(pcl)
{
	static const struct sample all[] = {
		{ "one", BYTES("\033EHello\f\033E"), { "pcl", MONO(1) } },
		{ "no form feed", BYTES("\033EHello\033E"),
		    { "pcl", MONO(1) } },
		{ "no end at all", BYTES("\033EHello"), { "pcl", MONO(1) } },
		{ "resets only", BYTES("\033E\033E\033E"), { "pcl",
		    REL_SURE_UNKNOWN, 0, 0, 1, 0, 0, 0, NULL } },
		{ "empty page", BYTES("\033E\f\033E"), { "pcl", MONO(1) } },
		{ "copies", BYTES("\033E\033&l3Xa\fb\f\033E"), { "pcl",
		    REL_SURE_EXACT, 2, 2, 3, 6, 0, 2, NULL } },
		{ "copies differ", BYTES("\033E\033&l3Xa\f\033&l1Xb\f\033E"),
		    { "pcl", REL_SURE_EXACT, 2, 2, 1, 4, 0, 2, NULL } },
		{ "copies until the reset", BYTES("\033E\033&l3Xa\033Eb\f"),
		    { "pcl", REL_SURE_EXACT, 2, 2, 1, 4, 0, 2, NULL } },
		{ "senseless copies", BYTES("\033E\033&l99999999999Xa\f"),
		    { "pcl", REL_SURE_EXACT, 1, 1, 32767, 32767, 0, 2,
		    NULL } },
		{ "duplex", BYTES("\033E\033&l1Sa\fb\fc\f\033E"), { "pcl",
		    REL_SURE_EXACT, 3, 2, 1, 3, REL_DUPLEX_LONG, 2, NULL } },
		{ "tumble, combined", BYTES("\033E\033&l26a2Sa\fb\f"),
		    { "pcl", REL_SURE_EXACT, 2, 1, 1, 2, REL_DUPLEX_SHORT, 2,
		    NULL } },
		{ "form feeds in data", BYTES("\033E\033*r0A\033*b4W\f\f\f\f"
		    "\033*rB\f\033E"), { "pcl", MONO(1) } },
		{ "form feeds in a font", BYTES("\033E\033)s4W\f\f\f\fx\f"),
		    { "pcl", MONO(1) } },
		{ "combined data", BYTES("\033E\033*b2m2w\f\f3w\f\f\f2W\f\fx\f"
		    ), { "pcl", MONO(1) } },
		{ "transparent data", BYTES("\033E\033&p3X\f\f\fx\f"),
		    { "pcl", MONO(1) } },
		{ "a UEL in data", BYTES("\033E\033*b9W\033%-12345Xx\f"),
		    { "pcl", MONO(1) } },
		{ "negative length", BYTES("\033E\033*b-5Wx\f"),
		    { "pcl", MONO(1) } },
		{ "new paper ends a page", BYTES("\033E\033&l26Ax\033&l2Ay\f"),
		    { "pcl", MONO(2) } },
		{ "HP-GL/2", BYTES("\033E\033%0BIN;PD1,2;LBa\fb\003;\033%0A\f"
		    ), { "pcl", MONO(1) } },
		{ "three planes", BYTES("\033E\033*r3U\033*r0A\033*b1V\001"
		    "\033*b1V\001\033*b1W\001\033*rC\fx\f"), { "pcl",
		    REL_SURE_EXACT, 2, 2, 1, 2, 0, REL_SURE_BOUND, "1-2" } },
		{ "black of four planes", BYTES("\033E\033*r-4U\033*r0A"
		    "\033*b1V\001\033*b1V\0\033*b1V\0\033*b1W\0\033*rC\f"),
		    { "pcl", MONO(1) } },
		{ "colour of four planes", BYTES("\033E\033*r-4U\033*r0A"
		    "\033*b1V\001\033*b1V\002\033*b1V\0\033*b1W\0\033*rC\f"),
		    { "pcl", REL_SURE_EXACT, 1, 1, 1, 1, 0, REL_SURE_BOUND,
		    "1" } },
		{ "cut data", BYTES("\033E\033*b900Wabc"), { "pcl",
		    REL_SURE_BOUND, 1, 1, 1, 1, 0, REL_SURE_BOUND, NULL } },
	};

	pdl_check_all(all, COUNT(all));
	for (size_t i = 0; i < COUNT(all); i++)
		pdl_check_cut(all[i].data, all[i].n);
}

#define XL ") HP-PCL XL;2;0;c\n\xd1\x58\x02\x58\x02\xf8\x89\xc0\0\xf8\x86\x41"
#define PAGE "\xc0\x02\xf8\x25\x43"
#define END "\x44"
#define COPIES(n) "\xc1" n "\0\xf8\x31" END
#define RGB "\xc0\x02\xf8\x03\x6a"
#define BRUSH(r, g, b) "\xc8\xc1\x03\0" r g b "\xf8\x0b\x63"

/* Sizes that have no number: of any unit, of none, of nonsense. */
UNIT(pclxl_paper_of_any_size)
{
	static const struct {
		const char *data;
		size_t n;
		unsigned width, height;
	} t[] = {
		{ BYTES(XL "\xd5\0\0\xa0\x40\0\0\xe0\x40\xf8\x2f"
		    "\xc0\0\xf8\x30" "C" END), 12700, 17780 },
		{ BYTES(XL "\xd1\x64\0\xc8\0\xf8\x2f\xc0\x01\xf8\x30" "C"
		    END), 10000, 20000 },
		{ BYTES(XL "\xd1\xe8\x03\xd0\x07\xf8\x2f\xc0\x02\xf8\x30"
		    "C" END), 10000, 20000 },
		{ BYTES(XL "\xd1\x64\0\xc8\0\xf8\x2f\xc0\x09\xf8\x30" "C"
		    END), 0, 0 },
		{ BYTES(XL "\xd5\0\0\xc0\x7f\0\0\x80\x7f\xf8\x2f"
		    "\xc0\0\xf8\x30" "C" END), 0, 0 },
		/* not that of the page before it */
		{ BYTES(XL PAGE "\xc1\0\0\xf8\x31" END "\xd1\x64\0\xc8\0"
		    "\xf8\x2f\xc0\x01\xf8\x30" "C" END), 10000, 20000 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct rel_facts f;

		pdl_facts(t[i].data, t[i].n, &f);
		if (f.sides != 1 || (f.nmedia > 0 ? f.media[0].width : 0) !=
		    t[i].width || (f.nmedia > 0 ? f.media[0].height : 0) !=
		    t[i].height)
			fail_msg("case %zu: %u sides of %u x %u", i, f.sides,
			    f.media[0].width, f.media[0].height);
		pdl_check_cut(t[i].data, t[i].n);
	}
}

UNIT(pclxl)
{
	static const struct sample all[] = {
		{ "two", BYTES(XL PAGE END PAGE END "\x42"), { "pclxl",
		    MONO(2) } },
		{ "copies", BYTES(XL PAGE COPIES("\3") "\x42"), { "pclxl",
		    REL_SURE_EXACT, 1, 1, 3, 3, 0, 2, NULL } },
		{ "no copy", BYTES(XL PAGE COPIES("\0") PAGE END), { "pclxl",
		    MONO(1) } },
		{ "duplex", BYTES(XL "\xc0\0\xf8\x35" PAGE END PAGE END
		    PAGE END), { "pclxl", REL_SURE_EXACT, 3, 2, 1, 3,
		    REL_DUPLEX_SHORT, 2, NULL } },
		{ "red", BYTES(XL PAGE RGB BRUSH("\xff", "\0", "\0") END PAGE
		    RGB BRUSH("\x80", "\x80", "\x80") END), { "pclxl",
		    REL_SURE_EXACT, 2, 2, 1, 2, 0, 2, "1" } },
		{ "tags in data", BYTES(XL PAGE "\xfa\3\0\0\0\x44\x43\x44"
		    "\xfb\2\x44\x44" END), { "pclxl", MONO(1) } },
		{ "big end first", BYTES("( HP-PCL XL;2;0\n" PAGE
		    "\xfa\0\0\0\2\x44\x44\xc1\0\2\xf8\x31" END), { "pclxl",
		    REL_SURE_EXACT, 1, 1, 2, 2, 0, 2, NULL } },
		{ "page without end", BYTES(XL PAGE END PAGE), { "pclxl",
		    REL_SURE_BOUND, 2, 2, 1, 2, 0, REL_SURE_BOUND, NULL } },
		{ "no such tag", BYTES(XL PAGE END "\xfe" PAGE END),
		    { "pclxl", REL_SURE_BOUND, 1, 1, 1, 1, 0, REL_SURE_BOUND,
		    NULL } },
		{ "ends by UEL", BYTES("\033%-12345X@PJL ENTER LANGUAGE="
		    "PCLXL\n" XL PAGE END "\x42\033%-12345X@PJL EOJ\n"),
		    { "pclxl", MONO(1) } },
	};
	struct rel_facts f;

	pdl_check_all(all, COUNT(all));
	pdl_facts(all[0].data, all[0].n, &f);
	assert_int_equal(f.media[0].width, 21000);
}

UNIT(escp)
{
	static const struct sample all[] = {
		{ "text", BYTES("\033@Hello\fmore\f"), { "escp", MONO(2) } },
		{ "no form feed", BYTES("\033@Hello\r\n"), { "escp",
		    MONO(1) } },
		{ "form feeds in dots", BYTES("\033@\033*\1\4\0\f\f\f\f\f"),
		    { "escp", MONO(1) } },
		{ "24 pins", BYTES("\033@\033*\x21\2\0\f\f\f\f\f\fx\f"),
		    { "escp", MONO(1) } },
		{ "raster", BYTES("\033@\033.\0\5\5\2\x10\0\f\f\f\f\f"),
		    { "escp", MONO(1) } },
		{ "raster in runs", BYTES("\033@\033.\1\5\5\1\x20\0\xff\f\1"
		    "\f\f\f"), { "escp", MONO(1) } },
		{ "red", BYTES("\033@\033r\1x\f\033r\0y\f"), { "escp",
		    REL_SURE_EXACT, 2, 2, 1, 2, 0, REL_SURE_BOUND, "1" } },
		{ "extended", BYTES("\033@\033(U\1\0\f\033(C\2\0\f\fx\f"),
		    { "escp", MONO(1) } },
		{ "inkjet", BYTES("\033@\033i\2\0\1\2\0\1\0\f\f\f"), { "escp",
		    REL_SURE_EXACT, 1, 1, 1, 1, 0, REL_SURE_BOUND, "1" } },
		{ "nothing", BYTES("\033@\033@"), { "escp", REL_SURE_UNKNOWN,
		    0, 0, 1, 0, 0, 0, NULL } },
	};

	pdl_check_all(all, COUNT(all));
}

#define ESCPR "\033@\033(R\6\0\0ESCPR"
#define SETQ(c) "\033q\x09\0\0\0setq\0\0" c "\0\0\0\0\0\0"
#define STTP "\033p\0\0\0\0sttp"
#define ENDP "\033p\1\0\0\0endp\0"

UNIT(escpr)
{
	static const struct sample all[] = {
		{ "mono", BYTES(ESCPR SETQ("\1") STTP "\033d\4\0\0\0dsnd"
		    "\033p\1\0" ENDP STTP ENDP), { "escpr", MONO(2) } },
		{ "colour", BYTES(ESCPR SETQ("\0") STTP ENDP), { "escpr",
		    REL_SURE_EXACT, 1, 1, 1, 1, 0, REL_SURE_BOUND, "1" } },
		{ "page without end", BYTES(ESCPR SETQ("\1") STTP ENDP STTP),
		    { "escpr", REL_SURE_BOUND, 2, 2, 1, 2, 0, REL_SURE_BOUND,
		    NULL } },
	};

	pdl_check_all(all, COUNT(all));
}

/* ---- raster */

struct page {
	uint32_t width, height, bits, space, copies, duplex, tumble;
};

static void
be32(uint8_t *p, uint32_t v)
{
	for (int i = 3; i >= 0; i--, v >>= 8)
		p[i] = (uint8_t)v;
}

static void
raster_head(struct rel_buf *b, const struct page *g, size_t size)
{
	uint8_t h[1796] = "PwgRaster";

	be32(h + 272, g->duplex);
	be32(h + 276, 300);
	be32(h + 280, 300);
	be32(h + 340, g->copies);
	be32(h + 352, 595);
	be32(h + 356, 842);
	be32(h + 368, g->tumble);
	be32(h + 372, g->width);
	be32(h + 376, g->height);
	be32(h + 384, 8);
	be32(h + 388, g->bits);
	be32(h + 392, g->width * g->bits / 8);
	be32(h + 400, g->space);
	rel_put_raw(b, h, size);
}

static void
check_buf(const char *name, struct rel_buf *b, const struct expect *want)
{
	assert_int_equal(b->failed, 0);
	pdl_check(name, b->data, b->len, want);
	rel_buf_fini(b);
}

static const struct page rgb = { 40, 3, 24, 19, 0, 1, 0 };

/* A packed page of 40 x 3 pixels; the colour is in its very last pixel. */
static void
packed_page(struct rel_buf *b, const struct page *g, bool colour)
{
	uint8_t line[120];

	memset(line, 0x77, sizeof line);
	raster_head(b, g, 1796);
	rel_put_raw(b, "\1\x27\xff\xff\xff", 5);	/* two white lines */
	rel_put_raw(b, "\0", 1);
	line[119] = colour ? 0xff : 0x78;
	rel_put_raw(b, "\xd9", 1);			/* 40 pixels as they are */
	rel_put_raw(b, line, sizeof line);
}

UNIT(pwg)
{
	static const struct expect two = { "pwg-raster", REL_SURE_EXACT, 3, 2,
	    1, 3, REL_DUPLEX_LONG, REL_SURE_EXACT, "2" };
	static const struct expect copies = { "pwg-raster", REL_SURE_EXACT, 1,
	    1, 4, 4, REL_DUPLEX_NONE, REL_SURE_EXACT, NULL };
	static const struct expect cut = { "pwg-raster", REL_SURE_BOUND, 1, 1,
	    1, 1, REL_DUPLEX_LONG, REL_SURE_BOUND, NULL };
	static const struct page four = { 40, 3, 24, 19, 4, 0, 0 };
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_raw(&b, "RaS2", 4);
	packed_page(&b, &rgb, false);
	packed_page(&b, &rgb, true);
	packed_page(&b, &rgb, false);
	check_buf("three pages", &b, &two);
	rel_buf_init(&b);
	rel_put_raw(&b, "RaS2", 4);
	packed_page(&b, &four, false);
	check_buf("copies", &b, &copies);
	rel_buf_init(&b);
	rel_put_raw(&b, "RaS2", 4);
	packed_page(&b, &rgb, false);
	b.len -= 3;
	check_buf("cut", &b, &cut);
}

/* Wherever in a line of pixels the coloured one is, it is seen. */
UNIT(colour_anywhere)
{
	static const struct expect yes = { "cups-raster", REL_SURE_EXACT, 1,
	    1, 1, 1, REL_DUPLEX_LONG, REL_SURE_EXACT, "1" };
	uint8_t pixels[360];

	for (size_t at = 0; at < sizeof pixels; at += 7) {
		struct rel_buf b;

		memset(pixels, 0xc0, sizeof pixels);
		pixels[at] = 0x20;
		rel_buf_init(&b);
		rel_put_raw(&b, "RaS3", 4);
		raster_head(&b, &rgb, 1796);
		rel_put_raw(&b, pixels, sizeof pixels);
		check_buf("one pixel", &b, &yes);
	}
}

UNIT(raster_odd)
{
	static const struct page wide = { 0x7fffffff, 0x7fffffff, 24, 19, 0,
	    0, 0 }, flat = { 0, 0, 24, 19, 0, 0, 0 },
	    bits = { 4, 1, 240, 19, 0, 0, 0 };
	static const struct expect one = { "cups-raster", REL_SURE_EXACT, 1,
	    1, 1, 1, REL_DUPLEX_NONE, REL_SURE_EXACT, NULL };
	struct rel_facts f;
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_raw(&b, "RaSt", 4);
	raster_head(&b, &flat, 420);
	check_buf("no line", &b, &one);
	for (int i = 0; i < 2; i++) {
		rel_buf_init(&b);
		rel_put_raw(&b, "RaS2", 4);
		raster_head(&b, i == 0 ? &wide : &bits, 1796);
		rel_put_raw(&b, "\0\x80", 2);
		pdl_facts(b.data, b.len, &f);
		assert_int_not_equal(f.pages_sure, REL_SURE_EXACT);
		rel_buf_fini(&b);
	}
}

static void
urf_page(struct rel_buf *b, uint8_t duplex, const char *pixel)
{
	uint8_t h[32] = { 24, 1, duplex };

	be32(h + 12, 2);
	be32(h + 16, 2);
	be32(h + 20, 300);
	rel_put_raw(b, h, sizeof h);
	rel_put_raw(b, "\0\1", 2);		/* a run of two pixels */
	rel_put_raw(b, pixel, 3);
	rel_put_raw(b, "\0\x80", 2);		/* a white line */
}

UNIT(urf)
{
	static const struct expect want = { "apple-raster", REL_SURE_EXACT, 2,
	    1, 1, 2, REL_DUPLEX_SHORT, REL_SURE_EXACT, "2" };
	struct rel_buf b;

	rel_buf_init(&b);
	rel_put_raw(&b, "UNIRAST\0\0\0\0\2", 12);
	urf_page(&b, 2, "\x10\x11\x12");
	urf_page(&b, 2, "\x10\x11\xa0");
	check_buf("two pages", &b, &want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(pcl), UNIT_RUN(pclxl),
		UNIT_RUN(pclxl_paper_of_any_size), UNIT_RUN(escp),
		UNIT_RUN(escpr), UNIT_RUN(pwg), UNIT_RUN(colour_anywhere),
		UNIT_RUN(raster_odd), UNIT_RUN(urf)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
