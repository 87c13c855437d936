/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/mail.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>

#include "lib/err.h"
#include "lib/text.h"

#define LINE_BYTES 57u			/* 76 characters of base64 */
#define WORD_BYTES 39u			/* one encoded word of a header: 76 a line */
#define SUBJECT_MAX 200u

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

bool
rel_mail_address_ok(const char *address)
{
	size_t n = strlen(address);
	size_t local = strspn(address, LETTERS DIGITS "._+-=!#$&*/?^`{|}~'%");
	const char *domain = address + local + 1;

	return n <= REL_MAIL_ADDRESS_MAX && local > 0 && local <= 64 &&
	    address[0] != '-' && address[0] != '.' && address[local] == '@' &&
	    domain[0] != '\0' && domain[0] != '-' && domain[0] != '.' &&
	    strspn(domain, LETTERS DIGITS ".-") == strlen(domain);
}

bool
rel_mail_server_ok(const char *server)
{
	size_t n = server[0] == '[' ? strcspn(server, "]") : 0;
	size_t host = n > 0 ? 1 + strspn(server + 1, DIGITS
	    "ABCDEFabcdef:.") : strspn(server, LETTERS DIGITS ".-");
	const char *port = server + host + (n > 0);
	size_t digits;

	if (strlen(server) > 260 || host == (n > 0) || server[0] == '-' ||
	    (n > 0 && (host != n || server[n] != ']')) || *port != ':')
		return false;
	digits = strspn(port + 1, DIGITS);
	return digits > 0 && digits <= 5 && port[1 + digits] == '\0';
}

/* Up to LINE_BYTES bytes as base64 (RFC 4648). */
static void
put_base64(struct rel_buf *b, const char *text, size_t n)
{
	unsigned char out[4 * ((LINE_BYTES + 2) / 3) + 1];

	rel_put_raw(b, out, (size_t)EVP_EncodeBlock(out,
	    (const unsigned char *)text, (int)n));
}

static void
put_subject(struct rel_buf *b, const char *text)
{
	char clean[SUBJECT_MAX + 1];
	const char *p = clean;

	rel_text_clean(clean, sizeof clean, text);
	rel_put_fmt(b, "Subject:");
	do {
		size_t n = rel_utf8_cut(p, WORD_BYTES);

		rel_put_fmt(b, "%s=?UTF-8?B?", p == clean ? " " : "\r\n ");
		put_base64(b, p, n);
		rel_put_fmt(b, "?=");
		p += n;
	} while (*p != '\0');
	rel_put_fmt(b, "\r\n");
}

static void
put_date(struct rel_buf *b, int64_t at_ms)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t at = (time_t)(at_ms / 1000);
	struct tm tm;

	if (gmtime_r(&at, &tm) == NULL)
		return;
	rel_put_fmt(b, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n",
	    days + 3 * tm.tm_wday, tm.tm_mday, months + 3 * tm.tm_mon,
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

int
rel_mail_write(struct rel_buf *b, const struct rel_mail *m)
{
	size_t left = strlen(m->text);

	if (!rel_mail_address_ok(m->from) || !rel_mail_address_ok(m->to) ||
	    m->id[0] == '\0' || strspn(m->id, LETTERS DIGITS ".-") !=
	    strlen(m->id))
		return -REL_E_FORMAT;
	rel_put_fmt(b, "From: <%s>\r\nTo: <%s>\r\n", m->from, m->to);
	put_subject(b, m->subject);
	put_date(b, m->at_ms);
	rel_put_fmt(b, "Message-ID: <%s@%s>\r\n", m->id,
	    strchr(m->from, '@') + 1);
	rel_put_fmt(b, "Auto-Submitted: auto-generated\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\n");
	for (const char *p = m->text; left > 0;) {
		size_t n = left < LINE_BYTES ? left : LINE_BYTES;

		put_base64(b, p, n);
		rel_put_fmt(b, "\r\n");
		p += n;
		left -= n;
	}
	return b->failed ? -b->failed : 0;
}
