/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * A PDF from anywhere: "%PDF" in front it is looked at whole, and stamped;
 * else it is the content of a page that has some resources.  Nothing is
 * rendered.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include <unistd.h>

#include "lib/compat.h"
#include "lib/pdf/balance.h"
#include "lib/pdf/pdf_priv.h"
#include "lib/text.h"

#define DEADLINE_MS 2000

static const char resources[] =
    "<< /ExtGState << /G << /ca 0 /SMask /None >> >> "
    "/ColorSpace << /I [/Indexed /DeviceRGB 1 <000000ff0000>] "
    "/L [/Lab << /WhitePoint [1 1 1] >>] "
    "/S [/Separation /Sun /DeviceCMYK << /FunctionType 2 /Domain [0 1] "
    "/C0 [0 0 0 0] /C1 [0 0 1 0] /N 1 >>] "
    "/N [/DeviceN [/Black] /DeviceGray << >>] /P [/Pattern /DeviceRGB] >> "
    "/Shading << /H << /ShadingType 2 /ColorSpace /DeviceRGB /Function << "
    "/FunctionType 2 /Domain [0 1] /C0 [0 0 0] /C1 [1 1 0] /N 2 >> >> >> "
    "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Symbol >> >> >>";

/* What is said must hang together. */
static void
check_facts(const struct rel_facts *f, int rc)
{
	struct rel_facts back;
	struct rel_buf b;

	FUZZ_MUST((rc < 0) == (f->pages_sure == REL_SURE_UNKNOWN) ||
	    strcmp(f->refused, REL_REFUSED_NO_PRINT) == 0);
	FUZZ_MUST(rc != -REL_E_DENIED || f->reason[0] != '\0');
	FUZZ_MUST(f->colour_sides <= f->sides);
	FUZZ_MUST(rel_utf8_ok(f->reason, strlen(f->reason)));
	rel_buf_init(&b);
	rel_facts_put(&b, f);
	FUZZ_MUST(b.failed == 0 && b.len <= REL_FACTS_WIRE_MAX);
	FUZZ_MUST(rel_facts_get(&back, b.data, b.len) == 0);
	FUZZ_MUST(back.colour_sides == f->colour_sides);
	rel_buf_fini(&b);
}

/*
 * Of the highest object numbers libqpdf throws through its C functions;
 * release-pages(8), where stamps are made, ends in good order then.
 */
static bool
long_number(const uint8_t *p, size_t n)
{
	unsigned digits = 0;

	for (size_t i = 0; i < n; i++) {
		digits = p[i] >= '0' && p[i] <= '9' ? digits + 1 : 0;
		if (digits == 9)
			return true;
	}
	return false;
}

static void
whole(const uint8_t *p, size_t n)
{
	static const struct rel_pdf_how how = { .no_render = true,
	    .deadline_ms = DEADLINE_MS };
	int fd = rel_compat_memfile(), out = rel_compat_memfile();
	struct rel_facts f, after;
	int rc;

	FUZZ_MUST(fd >= 0 && out >= 0 && write(fd, p, n) == (ssize_t)n);
	rc = rel_pdf_look(fd, &how, &f, NULL);
	check_facts(&f, rc);
	if (rc == 0 && !long_number(p, n) &&
	    rel_pdf_stamp(fd, out, "stamp", NULL) == 0) {
		FUZZ_MUST(rel_pdf_look(out, &how, &after, NULL) == 0);
		FUZZ_MUST(after.input_pages == f.input_pages);
	}
	close(fd);
	close(out);
}

static void
content(const uint8_t *p, size_t n)
{
	static const struct pdf_box box = { 0, 0, 595, 842 };
	struct pdf_doc d = { .deadline = rel_mono_ms() + DEADLINE_MS };
	struct pdf_balance b;
	enum pdf_verdict v;

	if ((d.q = qpdf_init()) == NULL)
		return;
	qpdf_silence_errors(d.q);
	qpdf_set_suppress_warnings(d.q, QPDF_TRUE);
	qpdf_empty_pdf(d.q);
	v = pdf_scan_bytes(&d, p, n, &box, qpdf_oh_parse(d.q, resources));
	FUZZ_MUST(v == PDF_MONO || v == PDF_MAYBE || v == PDF_COLOUR);
	pdf_balance(p, n, &b);
	FUZZ_MUST(b.before >= 0 && b.after >= 0);
	FUZZ_MUST(b.before <= PDF_BALANCE_MAX && b.after <= PDF_BALANCE_MAX);
	pdf_doc_close(&d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n >= 4 && memcmp(p, "%PDF", 4) == 0)
		whole(p, n);
	else
		content(p, n);
	return 0;
}
