/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef DRIVER_IPP_PRIV_H
#define DRIVER_IPP_PRIV_H

#include <cups/cups.h>

#include "releaserd/driver/drivers.h"
#include "releaserd/items.h"

/* What a device answered, as items and as what became of a job. */
void ipp_items_info(struct items *l, ipp_t *m);		/* ipp_items.c */
void ipp_items_status(struct items *l, ipp_t *m);
void ipp_items_trays(struct items *l, ipp_t *m);	/* ipp_trays.c */
void ipp_items_supplies(struct items *l, ipp_t *m);
void ipp_job(struct driver_job *j, ipp_t *m);		/* ipp_job.c */

/* Attributes as they come: "" and `otherwise` when they do not. */
const char *ipp_text(ipp_t *m, const char *name);
int64_t ipp_number(ipp_t *m, const char *name, int64_t otherwise);
/* "a,b,c" of all values that are words, whole ones; size >= 2. */
void ipp_words(ipp_t *m, const char *name, char *out, size_t size);

/* A member of "type=toner;level=75;": its value into out; false: none. */
bool ipp_member(const char *text, size_t len, const char *name, char *out,
    size_t size);

#endif
