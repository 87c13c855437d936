/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What became of a job: RFC 8011 section 5.3, PWG 5100.7. */
#include <string.h>

#include "releaserd/driver/ipp_priv.h"

/* Sides in colour of job-impressions-completed-col; -1 when it is silent. */
static int64_t
colour_of(ipp_t *m)
{
	static const char *const names[] = {
		"full-color", "full-color-two-sided", "highlight-color",
		"highlight-color-two-sided"
	};
	ipp_attribute_t *a = ippFindAttribute(m,
	    "job-impressions-completed-col", IPP_TAG_BEGIN_COLLECTION);
	ipp_t *col = a != NULL ? ippGetCollection(a, 0) : NULL;
	int64_t sum = -1;

	for (size_t i = 0; col != NULL && i < sizeof names /
	    sizeof names[0]; i++) {
		int64_t n = ipp_number(col, names[i], -1);

		if (n >= 0)
			sum = (sum < 0 ? 0 : sum) + n;
	}
	return sum;
}

/* Whatever is below 0 is unknown. */
static int64_t
count_of(ipp_t *m, const char *name)
{
	int64_t n = ipp_number(m, name, -1);

	return n < 0 ? -1 : n;
}

void
ipp_job(struct driver_job *j, ipp_t *m)
{
	int64_t state = ipp_number(m, "job-state", 0);

	j->state = state >= IPP_JSTATE_PENDING &&
	    state <= IPP_JSTATE_COMPLETED ? (uint8_t)state : 0;
	ipp_words(m, "job-state-reasons", j->reasons, sizeof j->reasons);
	j->impressions = count_of(m, "job-impressions-completed");
	j->sheets = count_of(m, "job-media-sheets-completed");
	j->color = colour_of(m);
	if (j->impressions < 0)
		j->impressions = count_of(m, "job-pages-completed");
}
