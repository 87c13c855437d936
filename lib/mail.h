/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_MAIL_H
#define REL_MAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"

#define REL_MAIL_ADDRESS_MAX 254u	/* bytes */

/*
 * An address as this program sends to: local@domain of letters, digits and
 * few other characters; nothing in it can end a header or an envelope.
 */
bool rel_mail_address_ok(const char *address);

/* "mail.example.com:25", "[::1]:25". */
bool rel_mail_server_ok(const char *server);

struct rel_mail {
	const char *from, *to;		/* rel_mail_address_ok() */
	const char *subject;		/* UTF-8, any; cut at 200 bytes */
	const char *text;		/* UTF-8, any lines */
	const char *id;			/* Message-ID before the @: [A-Za-z0-9.-] */
	int64_t at_ms;
};

/*
 * The whole message (RFC 5322, MIME) with CR LF; what comes from others stands
 * in it in base64 only.  0; -REL_E_FORMAT an address or the id is not as
 * above (nothing is written); b->failed else.
 */
int rel_mail_write(struct rel_buf *b, const struct rel_mail *m);

#endif
