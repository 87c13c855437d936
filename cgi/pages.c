/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "cgi/cgi.h"

#define PAGE(name, path) extern const struct page name;
#include "cgi/pages.def"
#undef PAGE

const struct page *const pages[] = {
#define PAGE(name, path) &name,
#include "cgi/pages.def"
#undef PAGE
	NULL
};
