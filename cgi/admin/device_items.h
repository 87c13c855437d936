/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CGI_DEVICE_ITEMS_H
#define CGI_DEVICE_ITEMS_H

#include "cgi/cgi.h"

/*
 * What is known of a device into the view: `items`, and of them `trays`,
 * `bins`, `finishers`, `channels` (rows), `counters`, `abilities`
 * ([{words, value}]); `events`.
 */
int device_items_view(struct cgi *c, const char *id);

/* Its supplies, each in words (cgi/supply_words.h). */
void device_supplies_view(json_t *device);

/* Its groups, each by itself: `in`, [{group}]. */
void device_groups_view(json_t *device);

#endif
