/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What the scan says of each way to put colour, or gray, onto a page. */
#include "tests/unit/unit.h"

#include <string.h>
#include <unistd.h>

#include "tests/unit/pdf_fixture.h"

/* A page of which only the first things are said has no others. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define FILL " 100 100 50 50 re f"

enum { MONO, MAYBE, COLOUR };

struct one {
	const char *what;
	int want;
	struct page_text page;
};

static int
verdict(int fd)
{
	const struct rel_pdf_how how = { .no_render = true };
	struct rel_facts f;
	struct rel_err err;

	assert_int_equal(rel_pdf_look(fd, &how, &f, &err), 0);
	assert_int_equal(f.pages_sure, REL_SURE_EXACT);
	assert_int_equal(f.input_pages, 1);
	close(fd);
	if (f.colour_sides == 0) {
		assert_int_equal(f.colour_sure, REL_SURE_EXACT);
		return MONO;
	}
	return f.colour_sure == REL_SURE_EXACT ? COLOUR : MAYBE;
}

static void
run(const struct one *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int got = verdict(made_page(&t[i].page));

		if (got != t[i].want)
			fail_msg("%s: %d, not %d", t[i].what, got, t[i].want);
	}
}
#define RUN(t) run(t, sizeof t / sizeof t[0])

UNIT(device_spaces)
{
	static const struct one t[] = {
		{ "nothing", MONO, { "" } },
		{ "gray", MONO, { "0.5 g" FILL } },
		{ "RGB black", MONO, { "0 0 0 rg" FILL } },
		{ "RGB gray", MONO, { "0.4 0.41 0.42 rg" FILL } },
		{ "RGB nearly gray", MAYBE, { "0.4 0.41 0.44 rg" FILL } },
		{ "red", COLOUR, { "1 0 0 rg" FILL } },
		{ "red stroke", COLOUR, { "1 0 0 RG 0 0 m 9 9 l S" } },
		{ "red, then only stroked", MONO,
		    { "1 0 0 rg 0 0 m 9 9 l S" } },
		{ "red, nothing painted", MONO, { "1 0 0 rg 0 0 9 9 re n" } },
		{ "red, black again", MONO, { "1 0 0 rg 0 g" FILL } },
		{ "red inside q Q", MONO, { "q 1 0 0 rg Q" FILL } },
		{ "red before q", COLOUR, { "1 0 0 rg q" FILL " Q" } },
		{ "K black", MONO, { "0 0 0 1 k" FILL } },
		{ "yellow", COLOUR, { "0 0 1 0 k" FILL } },
		{ "rich black", MAYBE, { "0.6 0.5 0.5 1 k" FILL } },
		{ "equal inks", MAYBE, { "0.5 0.5 0.5 0 k" FILL } },
		{ "numbers beyond 1", MONO, { "5 7 9 rg" FILL } },
		{ "no numbers", MAYBE, { "rg" FILL } },
		{ "more numbers: the last count", COLOUR,
		    { "0 0 0 1 0 0 rg" FILL } },
		{ "unknown operator", MAYBE, { "0 g 1 2 xyz" FILL } },
		{ "unknown operator, announced", MONO,
		    { "BX 1 2 xyz EX 0 g" FILL } },
		{ "initial colour of a space", MONO,
		    { "/DeviceRGB cs" FILL } },
		{ "sc in DeviceRGB", COLOUR, { "/DeviceRGB cs 0 1 0 sc" FILL } },
		{ "an open string", MAYBE, { "0 g (abc" } }
	};

	RUN(t);
}

UNIT(place)
{
	static const struct one t[] = {
		{ "off the page", MAYBE, { "1 0 0 rg 900 100 9 9 re f" } },
		{ "moved off the page", MAYBE,
		    { "1 0 0 1 2000 0 cm 1 0 0 rg" FILL } },
		{ "clipped away", MAYBE,
		    { "0 0 9 9 re W n 1 0 0 rg" FILL } },
		{ "within the clip", COLOUR,
		    { "0 0 400 400 re W n 1 0 0 rg" FILL } },
		{ "no area", MAYBE, { "1 0 0 rg 100 100 0 50 re f" } },
		{ "beyond the crop box", COLOUR, { "1 0 0 rg" FILL, NULL,
		    "/CropBox [200 200 400 400]" } },
		{ "a line without width", COLOUR,
		    { "1 0 0 RG 0 w 100 100 m 200 200 l S" } },
		{ "transparent", MAYBE, { "/G gs 1 0 0 rg" FILL,
		    "/ExtGState << /G << /ca 0 >> >>" } },
		{ "half transparent", COLOUR, { "/G gs 1 0 0 rg" FILL,
		    "/ExtGState << /G << /ca .5 >> >>" } },
		{ "below a soft mask", MAYBE, { "/G gs 1 0 0 rg" FILL,
		    "/ExtGState << /G << /SMask << /S /Alpha >> >> >>" } },
		{ "a transfer function", MAYBE, { "/G gs 0 g" FILL,
		    "/ExtGState << /G << /TR 5 0 R >> >>" , NULL,
		    { "<< /FunctionType 2 /Domain [0 1] /N 2 >>" } } },
		{ "a layer", MAYBE, { "/OC /L BDC 1 0 0 rg" FILL " EMC" } },
		{ "after a layer", COLOUR,
		    { "/OC /L BDC EMC 1 0 0 rg" FILL } },
		{ "other marked content", COLOUR,
		    { "/Span << /A (x) >> BDC 1 0 0 rg" FILL " EMC" } }
	};

	RUN(t);
}

#define FONTS "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont " \
	"/Helvetica >> /T 5 0 R >>"
#define TYPE3 "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] " \
	"/FontMatrix [1 0 0 1 0 0] /CharProcs << /a 6 0 R >> /Encoding << " \
	"/Differences [97 /a] >> /FirstChar 97 /LastChar 97 /Widths [1] >>"

UNIT(text)
{
	static const struct one t[] = {
		{ "black text", MONO,
		    { "BT /F 12 Tf 100 100 Td (a) Tj ET", FONTS } },
		{ "red text", COLOUR,
		    { "1 0 0 rg BT /F 12 Tf 100 100 Td (a) Tj ET", FONTS } },
		{ "red text, TJ", COLOUR,
		    { "1 0 0 rg BT /F 12 Tf 9 9 Td [-9 (a)] TJ ET", FONTS } },
		{ "red text, '", COLOUR, { "1 0 0 rg BT /F 12 Tf 12 TL 1 0 0 "
		    "1 100 100 Tm (a) ' ET", FONTS } },
		{ "red blanks", MAYBE,
		    { "1 0 0 rg BT /F 12 Tf 9 9 Td (  ) Tj ET", FONTS } },
		{ "invisible text", MONO,
		    { "1 0 0 rg BT 3 Tr /F 12 Tf 9 9 Td (a) Tj ET", FONTS } },
		{ "stroked text has the other colour", MONO,
		    { "1 0 0 rg BT 1 Tr /F 12 Tf 9 9 Td (a) Tj ET", FONTS } },
		{ "text off the page", MAYBE,
		    { "1 0 0 rg BT /F 12 Tf 0 -99 Td (a) Tj ET", FONTS } },
		{ "gray glyphs", MONO, { "BT /T 12 Tf 9 9 Td (a) Tj ET",
		    FONTS, NULL, { TYPE3, "|1 0 d0 0 0 1 1 re f" } } },
		{ "coloured glyphs", MAYBE, { "BT /T 12 Tf 9 9 Td (a) Tj ET",
		    FONTS, NULL, { TYPE3, "|1 0 d0 1 0 0 rg 0 0 1 1 re f" } } },
		{ "red text of drawn glyphs", MAYBE, { "1 0 0 rg BT /T 12 Tf "
		    "9 9 Td (a) Tj ET", FONTS, NULL,
		    { TYPE3, "|1 0 0 0 1 1 d1 0 0 1 1 re f" } } },
		{ "glyphs that call themselves", MONO,
		    { "BT /T 12 Tf 9 9 Td (a) Tj ET", FONTS, NULL,
		    { TYPE3, "|1 0 d0 BT /T 1 Tf (a) Tj ET" } } }
	};

	for (size_t i = 0; i + 1 < sizeof t / sizeof t[0]; i++)
		run(&t[i], 1);
	/* It ends; what it says is no matter. */
	(void)verdict(made_page(&t[sizeof t / sizeof t[0] - 1].page));
}

#define TINT "<< /FunctionType 2 /Domain [0 1] /C0 [0 0 0 0] /C1 "

UNIT(spaces)
{
	static const struct one t[] = {
		{ "CalGray", MONO, { "/C cs 0.5 sc" FILL, "/ColorSpace << /C "
		    "[/CalGray << /WhitePoint [1 1 1] >>] >>" } },
		{ "CalRGB gray", MONO, { "/C cs .5 .5 .5 sc" FILL,
		    "/ColorSpace << /C [/CalRGB << /WhitePoint [1 1 1] >>] "
		    ">>" } },
		{ "CalRGB red", COLOUR, { "/C cs 1 0 0 sc" FILL,
		    "/ColorSpace << /C [/CalRGB << /WhitePoint [1 1 1] >>] "
		    ">>" } },
		{ "CalRGB with gammas apart", MAYBE, { "/C cs .5 .5 .5 sc"
		    FILL, "/ColorSpace << /C [/CalRGB << /WhitePoint [1 1 1] "
		    "/Gamma [1 2 3] >>] >>" } },
		{ "Lab gray", MONO, { "/C cs 50 0 0 sc" FILL,
		    "/ColorSpace << /C [/Lab << /WhitePoint [1 1 1] >>] >>" } },
		{ "Lab red", COLOUR, { "/C cs 50 60 0 sc" FILL,
		    "/ColorSpace << /C [/Lab << /WhitePoint [1 1 1] >>] >>" } },
		{ "a gray profile", MONO, { "/C cs .5 sc" FILL,
		    "/ColorSpace << /C [/ICCBased 5 0 R] >>", NULL,
		    { "/N 1|x" } } },
		{ "an RGB profile", COLOUR, { "/C cs 0 0 1 sc" FILL,
		    "/ColorSpace << /C [/ICCBased 5 0 R] >>", NULL,
		    { "/N 3|x" } } },
		{ "a profile of nothing", MAYBE, { "/C cs 0 0 1 sc" FILL,
		    "/ColorSpace << /C [/ICCBased 5 0 R] >>", NULL,
		    { "/N 9|x" } } },
		{ "Indexed, the gray one", MONO, { "/C cs 0 sc" FILL,
		    "/ColorSpace << /C [/Indexed /DeviceRGB 1 <808080FF0000>] "
		    ">>" } },
		{ "Indexed, the red one", COLOUR, { "/C cs 1 sc" FILL,
		    "/ColorSpace << /C [/Indexed /DeviceRGB 1 <808080FF0000>] "
		    ">>" } },
		{ "Separation Black", MONO, { "/C cs .5 scn" FILL,
		    "/ColorSpace << /C [/Separation /Black /DeviceCMYK 5 0 R] "
		    ">>", NULL, { TINT "[0 0 0 1] /N 1 >>" } } },
		{ "Separation of yellow", COLOUR, { "/C cs .5 scn" FILL,
		    "/ColorSpace << /C [/Separation /Sun /DeviceCMYK 5 0 R] "
		    ">>", NULL, { TINT "[0 0 1 0] /N 1 >>" } } },
		{ "Separation of yellow, none of it", MONO, { "/C cs 0 scn"
		    FILL, "/ColorSpace << /C [/Separation /Sun /DeviceCMYK 5 "
		    "0 R] >>", NULL, { TINT "[0 0 1 0] /N 1 >>" } } },
		{ "Separation that begins full", COLOUR, { "/C cs" FILL,
		    "/ColorSpace << /C [/Separation /Sun /DeviceCMYK 5 0 R] "
		    ">>", NULL, { TINT "[0 0 1 0] /N 1 >>" } } },
		{ "Separation by a program", MAYBE, { "/C cs 1 scn" FILL,
		    "/ColorSpace << /C [/Separation /Sun /DeviceCMYK 5 0 R] "
		    ">>", NULL, { "/FunctionType 4 /Domain [0 1] /Range [0 1 0 "
		    "1 0 1 0 1]|{0 0 0}" } } },
		{ "Separation All", MONO, { "/C cs 1 scn" FILL,
		    "/ColorSpace << /C [/Separation /All /DeviceCMYK 5 0 R] "
		    ">>", NULL, { TINT "[1 1 1 1] /N 1 >>" } } },
		{ "Separation None", MONO, { "/C cs 1 scn" FILL,
		    "/ColorSpace << /C [/Separation /None /DeviceCMYK 5 0 R] "
		    ">>", NULL, { TINT "[1 0 0 0] /N 1 >>" } } },
		{ "DeviceN of blacks", MONO, { "/C cs 1 1 scn" FILL,
		    "/ColorSpace << /C [/DeviceN [/Black /None] /DeviceCMYK 5 "
		    "0 R] >>", NULL, { "<< >>" } } },
		{ "DeviceN", MAYBE, { "/C cs 1 1 scn" FILL,
		    "/ColorSpace << /C [/DeviceN [/Black /Cyan] /DeviceCMYK 5 "
		    "0 R] >>", NULL, { "<< >>" } } },
		{ "a space nobody knows", MAYBE, { "/C cs 1 scn" FILL,
		    "/ColorSpace << /C [/Smell] >>" } },
		{ "a space that is not there", MAYBE, { "/C cs 1 scn" FILL } },
		{ "a space in itself", MAYBE, { "/C cs 1 scn" FILL,
		    "/ColorSpace << /C 5 0 R >>", NULL,
		    { "[/Indexed 5 0 R 1 <0000>]" } } },
		{ "gray that is something else", MAYBE, { "0.5 g" FILL,
		    "/ColorSpace << /DefaultGray [/Separation /Sun "
		    "/DeviceCMYK 5 0 R] >>", NULL,
		    { TINT "[0 0 1 0] /N 1 >>" } } }
	};

	RUN(t);
}

UNIT(patterns_and_shadings)
{
	static const struct one t[] = {
		{ "a gray shading", MONO, { "/S sh", "/Shading << /S << "
		    "/ShadingType 2 /ColorSpace /DeviceGray /Coords [0 0 9 9] "
		    "/Function 5 0 R >> >>", NULL, { "<< /FunctionType 2 "
		    "/Domain [0 1] /N 1 >>" } } },
		{ "RGB, but gray", MONO, { "/S sh", "/Shading << /S << "
		    "/ShadingType 2 /ColorSpace /DeviceRGB /Coords [0 0 9 9] "
		    "/Function 5 0 R >> >>", NULL, { "<< /FunctionType 2 /C0 "
		    "[0 0 0] /C1 [1 1 1] /Domain [0 1] /N 1 >>" } } },
		{ "a coloured shading", MAYBE, { "/S sh", "/Shading << /S << "
		    "/ShadingType 2 /ColorSpace /DeviceRGB /Coords [0 0 9 9] "
		    "/Function 5 0 R >> >>", NULL, { "<< /FunctionType 2 /C0 "
		    "[0 0 0] /C1 [1 0 1] /Domain [0 1] /N 1 >>" } } },
		{ "a mesh", MAYBE, { "/S sh", "/Shading << /S 5 0 R >>", NULL,
		    { "/ShadingType 4 /ColorSpace /DeviceRGB|xxxx" } } },
		{ "a stitched gray one", MONO, { "/S sh", "/Shading << /S << "
		    "/ShadingType 3 /ColorSpace /DeviceRGB /Function << "
		    "/FunctionType 3 /Domain [0 1] /Bounds [.5] /Encode [0 1 "
		    "0 1] /Functions [5 0 R 5 0 R] >> >> >>", NULL,
		    { "<< /FunctionType 2 /C0 [0 0 0] /C1 [1 1 1] /Domain "
		    "[0 1] /N 1 >>" } } },
		{ "gray tiles", MONO, { "/Pattern cs /P scn" FILL,
		    "/Pattern << /P 5 0 R >>", NULL, { "/PatternType 1 "
		    "/PaintType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9 "
		    "/Resources << >>|0 0 5 5 re f" } } },
		{ "coloured tiles", MAYBE, { "/Pattern cs /P scn" FILL,
		    "/Pattern << /P 5 0 R >>", NULL, { "/PatternType 1 "
		    "/PaintType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9 "
		    "/Resources << >>|0 1 0 rg 0 0 5 5 re f" } } },
		{ "coloured tiles, not used", MONO, { "/Pattern cs /P scn",
		    "/Pattern << /P 5 0 R >>", NULL, { "/PatternType 1 "
		    "/PaintType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9 "
		    "/Resources << >>|0 1 0 rg 0 0 5 5 re f" } } },
		{ "bare tiles in gray", MONO, { "/C cs .5 .5 .5 /P scn" FILL,
		    "/ColorSpace << /C [/Pattern /DeviceRGB] >> /Pattern << "
		    "/P 5 0 R >>", NULL, { "/PatternType 1 /PaintType 2|0 0 5 "
		    "5 re f" } } },
		{ "bare tiles in red", MAYBE, { "/C cs 1 0 0 /P scn" FILL,
		    "/ColorSpace << /C [/Pattern /DeviceRGB] >> /Pattern << "
		    "/P 5 0 R >>", NULL, { "/PatternType 1 /PaintType 2|0 0 5 "
		    "5 re f" } } },
		{ "no such pattern", MAYBE, { "/Pattern cs /P scn" FILL } }
	};

	RUN(t);
}

#define IMAGE "/XObject << /X 5 0 R >>"
#define PLACED "q 90 0 0 90 100 100 cm /X Do Q"

UNIT(images)
{
	static const struct one t[] = {
		{ "gray", MONO, { PLACED, IMAGE, NULL, { "/Subtype /Image "
		    "/Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace "
		    "/DeviceGray|x" } } },
		{ "RGB, gray pixels", MONO, { PLACED, IMAGE, NULL,
		    { "/Subtype /Image /Width 2 /Height 1 /BitsPerComponent 8 "
		    "/ColorSpace /DeviceRGB|aaabbb" } } },
		{ "RGB, a coloured pixel", MAYBE, { PLACED, IMAGE, NULL,
		    { "/Subtype /Image /Width 2 /Height 1 /BitsPerComponent 8 "
		    "/ColorSpace /DeviceRGB|aaa zz" } } },
		{ "RGB, much colour", COLOUR, { PLACED, IMAGE, NULL,
		    { "/Subtype /Image /Width 4 /Height 4 /BitsPerComponent 8 "
		    "/ColorSpace /DeviceRGB /Filter /ASCIIHexDecode|"
		    "FF0000FF0000FF0000FF0000FF0000FF0000FF0000FF0000"
		    "FF0000FF0000FF0000FF0000FF0000FF0000FF0000FF0000>" } } },
		{ "too few bytes", MAYBE, { PLACED, IMAGE, NULL,
		    { "/Subtype /Image /Width 9 /Height 9 /BitsPerComponent 8 "
		    "/ColorSpace /DeviceRGB|aaa" } } },
		{ "a huge one", MAYBE, { PLACED, IMAGE, NULL,
		    { "/Subtype /Image /Width 2000000000 /Height 2000000000 "
		    "/BitsPerComponent 8 /ColorSpace /DeviceRGB|aaa" } } },
		{ "JPEG of three parts", MAYBE, { PLACED, IMAGE, NULL,
		    { "/Subtype /Image /Width 2 /Height 1 /BitsPerComponent 8 "
		    "/ColorSpace /DeviceRGB /Filter /DCTDecode|aaabbb" } } },
		{ "JPEG of one part", MONO, { PLACED, IMAGE, NULL,
		    { "/Subtype /Image /Width 2 /Height 1 /BitsPerComponent 8 "
		    "/ColorSpace /DeviceGray /Filter /DCTDecode|aa" } } },
		{ "JPEG 2000", MAYBE, { PLACED, IMAGE, NULL,
		    { "/Subtype /Image /Width 2 /Height 1 /Filter "
		    "/JPXDecode|aa" } } },
		{ "a palette of grays", MONO, { PLACED, IMAGE, NULL,
		    { "/Subtype /Image /Width 2 /Height 1 /BitsPerComponent 1 "
		    "/ColorSpace [/Indexed /DeviceRGB 1 <000000FFFFFF>]|x" } } },
		{ "a palette with red, not used", MONO, { PLACED, IMAGE, NULL,
		    { "/Subtype /Image /Width 2 /Height 1 /BitsPerComponent 8 "
		    "/ColorSpace [/Indexed /DeviceRGB 2 <000000FFFFFFFF0000>] "
		    "/Filter /ASCIIHexDecode|0001>" } } },
		{ "a mask in black", MONO, { PLACED, IMAGE, NULL,
		    { "/Subtype /Image /ImageMask true /Width 2 /Height 1|x" } } },
		{ "a mask in red", MAYBE, { "1 0 0 rg " PLACED, IMAGE, NULL,
		    { "/Subtype /Image /ImageMask true /Width 2 /Height 1|x" } } },
		{ "inline, gray", MONO,
		    { "BI /W 1 /H 1 /BPC 8 /CS /G ID x EI" FILL } },
		{ "inline, RGB that is gray", MONO,
		    { "BI /W 1 /H 1 /BPC 8 /CS /RGB ID xxx EI" FILL } },
		{ "inline, RGB", MAYBE,
		    { "BI /W 1 /H 1 /BPC 8 /CS /RGB ID x z EI" FILL } },
		{ "inline, packed", MAYBE,
		    { "BI /W 1 /H 1 /BPC 8 /CS /RGB /F /Fl ID x z EI" FILL } },
		{ "inline, gray palette", MONO, { "BI /W 1 /H 1 /BPC 8 /CS [/I"
		    " /RGB 0 <101010>] ID x EI" FILL } },
		{ "inline, then red", COLOUR, { "BI /W 1 /H 1 /BPC 8 /CS /G ID"
		    " x EI 1 0 0 rg" FILL } },
		{ "inline, no end", MAYBE, { "BI /W 1 /H 1 /CS /G ID x" } }
	};

	RUN(t);
}

UNIT(forms)
{
	static const struct one t[] = {
		{ "gray", MONO, { "/X Do", IMAGE, NULL,
		    { "/Subtype /Form /BBox [0 0 99 99]|0 0 9 9 re f" } } },
		{ "red", COLOUR, { "/X Do", IMAGE, NULL, { "/Subtype /Form "
		    "/BBox [0 0 99 99]|1 0 0 rg 0 0 9 9 re f" } } },
		{ "drawn in the red before it", COLOUR, { "1 0 0 rg /X Do",
		    IMAGE, NULL,
		    { "/Subtype /Form /BBox [0 0 99 99]|0 0 9 9 re f" } } },
		{ "gray first, red the next time", COLOUR,
		    { "/X Do 1 0 0 rg /X Do", IMAGE, NULL,
		    { "/Subtype /Form /BBox [0 0 99 99]|0 0 9 9 re f" } } },
		{ "its red stays inside", MONO, { "/X Do" FILL, IMAGE, NULL,
		    { "/Subtype /Form /BBox [0 0 99 99]|1 0 0 rg" } } },
		{ "red outside its box", MAYBE, { "/X Do", IMAGE, NULL,
		    { "/Subtype /Form /BBox [0 0 9 9]|1 0 0 rg 50 50 9 9 re "
		    "f" } } },
		{ "moved off the page", MAYBE, { "/X Do", IMAGE, NULL,
		    { "/Subtype /Form /Matrix [1 0 0 1 900 0] /BBox [0 0 99 "
		    "99]|1 0 0 rg 0 0 9 9 re f" } } },
		{ "form in form", COLOUR, { "/X Do", IMAGE, NULL,
		    { "/Subtype /Form /BBox [0 0 99 99] /Resources << /XObject"
		    " << /Y 6 0 R >> >>|/Y Do", "/Subtype /Form /BBox [0 0 99 "
		    "99]|1 0 0 rg 0 0 9 9 re f" } } },
		{ "calls itself", MAYBE, { "/X Do", IMAGE, NULL,
		    { "/Subtype /Form /BBox [0 0 99 99] /Resources << /XObject"
		    " << /X 5 0 R >> >>|/X Do /X Do" } } },
		{ "on a layer", MAYBE, { "/X Do", IMAGE, NULL, { "/Subtype "
		    "/Form /OC << >> /BBox [0 0 99 99]|1 0 0 rg 0 0 9 9 re "
		    "f" } } },
		{ "more Q than q", COLOUR, { "1 0 0 rg /X Do" FILL, IMAGE,
		    NULL, { "/Subtype /Form /BBox [0 0 9 9]|Q Q Q Q" } } },
		{ "not there", MONO, { "/Z Do", IMAGE, NULL, { "<< >>" } } },
		{ "neither form nor image", MAYBE, { "/X Do", IMAGE, NULL,
		    { "/Subtype /Smell|x" } } }
	};

	RUN(t);
}

#define ANNOT "/Annots [5 0 R]"
#define RED_AP "/Subtype /Form /BBox [0 0 9 9]|1 0 0 rg 0 0 9 9 re f"

UNIT(annotations)
{
	static const struct one t[] = {
		{ "printed, red", COLOUR, { "", NULL, ANNOT,
		    { "<< /Subtype /Stamp /F 4 /Rect [9 9 99 99] /AP << /N 6 "
		    "0 R >> >>", RED_AP } } },
		{ "not printed", MONO, { "", NULL, ANNOT,
		    { "<< /Subtype /Stamp /F 0 /Rect [9 9 99 99] /AP << /N 6 "
		    "0 R >> >>", RED_AP } } },
		{ "hidden", MONO, { "", NULL, ANNOT,
		    { "<< /Subtype /Stamp /F 6 /Rect [9 9 99 99] /AP << /N 6 "
		    "0 R >> >>", RED_AP } } },
		{ "not on the screen, but printed", COLOUR, { "", NULL, ANNOT,
		    { "<< /Subtype /Stamp /F 36 /Rect [9 9 99 99] /AP << /N 6 "
		    "0 R >> >>", RED_AP } } },
		{ "off the page", MAYBE, { "", NULL, ANNOT,
		    { "<< /Subtype /Stamp /F 4 /Rect [900 9 999 99] /AP << /N "
		    "6 0 R >> >>", RED_AP } } },
		{ "a field in its state", COLOUR, { "", NULL, ANNOT,
		    { "<< /Subtype /Widget /F 4 /Rect [9 9 99 99] /AS /On /AP "
		    "<< /N << /On 6 0 R >> >> >>", RED_AP } } },
		{ "a field that is off", MONO, { "", NULL, ANNOT,
		    { "<< /Subtype /Widget /F 4 /Rect [9 9 99 99] /AS /Off /AP"
		    " << /N << /On 6 0 R >> >> >>", RED_AP } } },
		{ "no appearance", MAYBE, { "", NULL, ANNOT,
		    { "<< /Subtype /Square /F 4 /Rect [9 9 99 99] /C [1 0 0] "
		    ">>" } } },
		{ "a link on the screen", MONO, { "", NULL, ANNOT,
		    { "<< /Subtype /Link /Rect [9 9 99 99] /C [1 0 0] >>" } } },
		{ "a link that prints black", MONO, { "", NULL, ANNOT,
		    { "<< /Subtype /Link /F 4 /Rect [9 9 99 99] >>" } } },
		{ "a link that prints red", MAYBE, { "", NULL, ANNOT,
		    { "<< /Subtype /Link /F 4 /Rect [9 9 99 99] /C [1 0 0] "
		    ">>" } } },
		{ "a link without a line", MONO, { "", NULL, ANNOT,
		    { "<< /Subtype /Link /F 4 /Border [0 0 0] /Rect [9 9 99 "
		    "99] /C [1 0 0] >>" } } },
		{ "a popup", MONO, { "", NULL, ANNOT,
		    { "<< /Subtype /Popup /F 4 /Rect [9 9 99 99] >>" } } },
		{ "no annotation at all", MONO, { "", NULL, "/Annots [7 (x)]" } }
	};

	RUN(t);
}

static int
of_repeated(const char *piece, size_t times, const char *end)
{
	struct rel_buf b;
	struct page_text t = { NULL };
	int v;

	rel_buf_init(&b);
	for (size_t i = 0; i < times; i++)
		rel_put_fmt(&b, "%s", piece);
	rel_put_fmt(&b, "%s", end);
	rel_put_raw(&b, "", 1);
	t.content = (const char *)b.data;
	v = verdict(made_page(&t));
	rel_buf_fini(&b);
	return v;
}

UNIT(deep_and_long)
{
	assert_int_equal(of_repeated("q ", 200, "1 0 0 rg" FILL), COLOUR);
	assert_int_equal(of_repeated("q ", 100000, "1 0 0 rg" FILL), MAYBE);
	assert_int_equal(of_repeated("[", 100000, ""), MAYBE);
	assert_int_equal(of_repeated("1 ", 500000, "0 g" FILL), MONO);
	assert_int_equal(of_repeated("(", 100000, ""), MAYBE);
	assert_int_equal(of_repeated("/A BMC ", 1000, "0 g" FILL), MONO);
	assert_int_equal(of_repeated("<<", 5000, "1 0 0 rg" FILL), MAYBE);
	assert_int_equal(of_repeated("0 0 m 9 9 l S ", 50000, ""), MONO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(device_spaces), UNIT_RUN(place), UNIT_RUN(text),
		UNIT_RUN(spaces), UNIT_RUN(patterns_and_shadings),
		UNIT_RUN(images), UNIT_RUN(forms), UNIT_RUN(annotations),
		UNIT_RUN(deep_and_long)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
