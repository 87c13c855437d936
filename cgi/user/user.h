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

/*
 * ask.c: what rules ask about a job, and approvals.  Actions on the job that
 * the field "job" names.
 */
int ask_changed(struct cgi *c);
int ask_as_is(struct cgi *c);
int ask_cancel(struct cgi *c);
int ask_approve(struct cgi *c);
int ask_refuse(struct cgi *c);

/* For the template: changes and times of what waits on a job, in words. */
void ask_words(json_t *job);

#endif
