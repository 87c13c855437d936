/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef NET_HTML_H
#define NET_HTML_H

#include <jansson.h>

#include "lib/buf.h"

/*
 * Panel pages for devices with a browser: plain HTML forms, no script.  Every
 * text of a menu may come from a stranger (job titles): all of it is escaped,
 * in text and in attributes alike.
 */
struct html_page {
	const char *locale;		/* "de", "en"; anything else is "en" */
	const char *csrf;
	const char *request_id;		/* new for each page */
	const char *card;		/* card held last, for a menu that
					 * needs it; "" for none */
};

/* The style sheet that every page names. */
#define HTML_CSS_PATH "/panel/panel.css"
extern const char html_css[];

/* A menu of doc/opdp.md, "Panel", as a page. */
void html_menu(struct rel_buf *out, const json_t *menu,
    const struct html_page *pg);

/*
 * Something went wrong: one sentence and the way back to the panel.
 *
 * code  a problem code ("session-unknown")
 */
void html_problem(struct rel_buf *out, const char *code, const char *locale);

/*
 * Seconds after which the page should ask anew; 0 for never.  Beside a printer
 * nobody may be able to press "reload".
 */
unsigned html_refresh_s(const json_t *menu);

/* Append s (NULL as "") with & < > " ' as entities; control bytes as blanks. */
void html_escape(struct rel_buf *out, const char *s);

#endif
