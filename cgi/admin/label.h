/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef LABEL_H
#define LABEL_H

#include "cgi/cgi.h"

/* The sticker on a device: its code opens the user's jobs with it chosen. */
#define LABEL_URL_MAX 500

/* What the code says; the server's address is asked for once. 0 or -REL_E_*. */
int label_url(struct cgi *c, const json_t *device, char url[LABEL_URL_MAX]);

#endif
