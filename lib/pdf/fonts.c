/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/pdf/pdf_priv.h"

#include <stdlib.h>

#define FONTS_MAX 4096		/* of one resource dictionary */

static bool
embedded(struct pdf_doc *d, qpdf_oh font)
{
	qpdf_oh desc, oh;

	if (pdf_has(d, font, "/DescendantFonts", &oh) &&
	    qpdf_oh_is_array(d->q, oh) &&
	    qpdf_oh_get_array_n_items(d->q, oh) > 0)
		font = qpdf_oh_get_array_item(d->q, oh, 0);
	return pdf_is_name(d, pdf_entry(d, font, "/Subtype"), "/Type3") ||
	    (pdf_has(d, font, "/FontDescriptor", &desc) &&
	    (pdf_has(d, desc, "/FontFile", &oh) ||
	    pdf_has(d, desc, "/FontFile2", &oh) ||
	    pdf_has(d, desc, "/FontFile3", &oh)));
}

static void
font_look(struct pdf_doc *d, qpdf_oh font)
{
	uint64_t key = pdf_key(d, font, PDF_KNOWN_FONT), known;
	qpdf_oh name;
	char text[128];

	if (pdf_map_get(&d->known, key, &known))
		return;
	pdf_map_put(&d->known, key, 1);
	if (!qpdf_oh_is_dictionary(d->q, font) || embedded(d, font))
		return;
	name = pdf_entry(d, font, "/BaseFont");
	if (pdf_name(d, name, text, sizeof text))
		rel_facts_add_font(d->facts, text + 1);
}

void
pdf_fonts_look(struct pdf_doc *d, qpdf_oh resources)
{
	uint64_t known, key;
	char **names;
	qpdf_oh fonts;

	if (d->facts == NULL || !pdf_has(d, resources, "/Font", &fonts))
		return;
	key = pdf_key(d, fonts, PDF_KNOWN_FONTS_SEEN);
	if (key == 0)
		key = pdf_key(d, resources, PDF_KNOWN_FONTS_SEEN);
	if (pdf_map_get(&d->known, key, &known))
		return;
	pdf_map_put(&d->known, key, 1);
	if ((names = pdf_keys(d, fonts, FONTS_MAX)) == NULL)
		return;
	for (size_t i = 0; names[i] != NULL; i++)
		font_look(d, pdf_entry(d, fonts, names[i]));
	free(names);
}
