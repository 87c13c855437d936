/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef USER_PAGES_H
#define USER_PAGES_H

#include "cgi/cgi.h"

/*
 * Actions on the jobs named by the form's fields "job"; release needs
 * "device" (id or name) too, and takes "confirm".
 */
int jobs_release(struct cgi *c);
int jobs_delete(struct cgi *c);
int jobs_keep(struct cgi *c);

#endif
