/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_REASON_H
#define REL_REASON_H

#include <stdbool.h>

/*
 * What printers say of themselves: printer-state-reasons (RFC 8011, 5.4.12;
 * PWG 5100.9), such as "media-jam-error" or "toner-low".
 */
enum rel_reason_level {
	REL_REASON_NOTE, REL_REASON_WARNING, REL_REASON_ERROR
};

struct rel_reason {
	enum rel_reason_level level;
	const char *words;	/* English, plain: of the table, or plain[] */
	bool known;		/* words are of the table */
	bool paper;		/* another tray may have some */
	char plain[60];		/* what a maker invented: its own words */
};

/* One reason into its parts; false for "none" and nothing. */
bool rel_reason(struct rel_reason *out, const char *reason);

#endif
