/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_PDL_H
#define REL_PDL_H

#include "lib/facts.h"

/*
 * Pages, copies, duplex and colour of a document in whatever language a
 * printer speaks, while it passes by: bytes are fed in pieces of any size,
 * nothing is kept but a few kilobytes, any bytes are taken.  One file a
 * language (pcl.c, pclxl.c, ...); pdl_priv.h is what they have in common.
 *
 * What a stream cannot tell (PDF, PostScript without DSC comments, compressed
 * TIFF directories that come last) is left unknown with facts.more set.
 */
struct rel_pdl;

/* A new count; NULL without memory. Free with rel_pdl_free(). */
struct rel_pdl *rel_pdl_new(void);
void rel_pdl_free(struct rel_pdl **pp);

/* The next n bytes of the document. Never fails. */
void rel_pdl_feed(struct rel_pdl *p, const void *data, size_t n);

/* The document is over: what is known. Call once. */
void rel_pdl_end(struct rel_pdl *p, struct rel_facts *out);

#endif
