/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "backend/args.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/options.h"
#include "lib/text.h"

#define COPIES_MAX 999
#define OPTIONS_MAX sizeof(((struct rel_in_begin *)0)->options)
#define PPD_MAX (1u << 20)

static bool
is_hex(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strchr("0123456789abcdefABCDEF", s[i]) == NULL)
			return false;
	return n > 0 && n % 2 == 0;
}

/* A PIN as it goes to core: digits as they are, a hash in hex. */
static void
pin_put(char *pin, size_t size, const char *raw, size_t len,
    const char *scheme)
{
	bool hashed = scheme[0] != '\0' && strcasecmp(scheme, "none") != 0;

	if (hashed && !(len >= 32 && is_hex(raw, len)) && 2 * len < size)
		rel_hex(pin, raw, len);
	else
		rel_text_clean(pin, size, raw);
}

void
args_take_secret(char *options, char *pin, size_t pin_size, char *scheme,
    size_t scheme_size)
{
	char raw[256] = "";
	size_t raw_len = 0;
	const char *p = options;
	struct rel_option o;

	pin[0] = scheme[0] = '\0';
	while (rel_option_next(p, &o)) {
		p = o.end;
		if (rel_option_is(&o, "job-password"))
			raw_len = rel_option_value(&o, raw, sizeof raw);
		else if (rel_option_is(&o, "job-password-encryption"))
			args_option(o.start, "job-password-encryption",
			    scheme, scheme_size);
		else
			continue;
		p = o.start;
		rel_option_cut(options, &o);
	}
	if (raw_len > 0)
		pin_put(pin, pin_size, raw, raw_len, scheme);
	rel_wipe(raw, sizeof raw);
}

bool
args_option(const char *options, const char *name, char *out, size_t size)
{
	char raw[1024];
	bool found = false;
	struct rel_option o;

	out[0] = '\0';
	for (const char *p = options; rel_option_next(p, &o); p = o.end) {
		if (!rel_option_is(&o, name))
			continue;
		found = true;
		if (o.value != NULL)
			rel_option_value(&o, raw, sizeof raw);
		rel_text_clean(out, size, o.value != NULL ? raw : "true");
	}
	return found;
}

void
args_copy_options(char *out, size_t size, const char *options)
{
	char whole[OPTIONS_MAX];
	size_t room = size < sizeof whole ? size : sizeof whole, at = 0;
	struct rel_option o;

	for (const char *p = options; rel_option_next(p, &o); p = o.end) {
		size_t n = (size_t)(o.end - o.start);

		if (at + n + (at > 0) >= room)
			continue;
		if (at > 0)
			whole[at++] = ' ';
		memcpy(whole + at, o.start, n);
		at += n;
	}
	whole[at] = '\0';
	rel_text_clean(out, size, whole);
}

uint32_t
args_document(const char *file)
{
	const char *base = strrchr(file, '/');
	const char *dash;
	int64_t n;

	base = base != NULL ? base + 1 : file;
	if (base[0] != 'd' || (dash = strchr(base, '-')) == NULL ||
	    !rel_int(&n, dash + 1, 1, 999999))
		return 0;
	return (uint32_t)n;
}

void
args_format(char *out, size_t size, const char *final_type, const char *type)
{
	static const struct {
		const char *cups, *is;
	} map[] = {
		{ "application/vnd.cups-pdf", "application/pdf" },
		{ "application/vnd.cups-pdf-banner", "application/pdf" },
		{ "application/vnd.cups-postscript", "application/postscript" },
	};
	const char *t = final_type != NULL ? final_type : type;

	if (t == NULL || strchr(t, '/') == NULL ||
	    strncmp(t, "printer/", 8) == 0)
		t = "application/octet-stream";
	for (size_t i = 0; i < sizeof map / sizeof map[0]; i++)
		if (strcmp(t, map[i].cups) == 0)
			t = map[i].is;
	if (strncmp(t, "application/vnd.cups-", 21) == 0)
		t = "application/octet-stream";
	rel_text_clean(out, size, t);
}

void
args_check_format(char *format, size_t size, const uint8_t *head, size_t len)
{
	const char *begin =
	    strcmp(format, "application/pdf") == 0 ? "%PDF-" :
	    strcmp(format, "application/postscript") == 0 ? "%!" : "";
	size_t n = strlen(begin);

	if (n > 0 && (len < n || memcmp(head, begin, n) != 0))
		rel_text_clean(format, size, "application/octet-stream");
}

/* ---- copies */

/* Where needle stands in the first bytes, or NULL. */
static const uint8_t *
head_find(const struct args_copies *c, const char *needle)
{
	size_t n = strlen(needle);

	for (size_t i = 0; i + n <= c->head_len; i++)
		if (memcmp(c->head + i, needle, n) == 0)
			return c->head + i;
	return NULL;
}

static bool
head_begins(const struct args_copies *c, const char *with)
{
	size_t n = strlen(with);

	return c->head_len >= n && memcmp(c->head, with, n) == 0;
}

/* A PCL 5 copy command, ESC & l ... # X, with more than one copy. */
static bool
pcl_has_copies(const struct args_copies *c)
{
	for (size_t i = 0; i + 4 < c->head_len; i++) {
		unsigned n = 0;
		size_t k = i + 3;

		if (memcmp(c->head + i, "\033&l", 3) != 0)
			continue;
		for (; k < c->head_len && k < i + 40; k++) {
			uint8_t ch = c->head[k];

			if (ch >= '0' && ch <= '9') {
				n = n < 10000 ? n * 10 + (ch - '0') : n;
				continue;
			}
			if ((ch == 'x' || ch == 'X') && n > 1)
				return true;
			if (ch < 'a' || ch > 'z')
				break;		/* the command ends */
			n = 0;
		}
	}
	return false;
}

/* A copy count in PostScript: procedure sets only mention the words. */
static bool
ps_has_copies(const struct args_copies *c)
{
	static const char *const signs[] = {
		"%%Requirements: numcopies(", "NonPPDFeature: *NumCopies ",
		"NonPPDFeature: NumCopies ", "<</NumCopies "
	};
	const uint8_t *end = c->head + c->head_len;
	const uint8_t *p = head_find(c, "/#copies ");

	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (head_find(c, signs[i]) != NULL)
			return true;
	return p != NULL && p + 9 < end && p[9] >= '1' && p[9] <= '9';
}

/* Does what the filters made say itself how often it is to be printed? */
static bool
data_has_copies(const struct args_copies *c)
{
	if (head_find(c, "@PJL SET COPIES=") != NULL ||
	    head_find(c, "@PJL SET QTY=") != NULL)
		return true;
	if (head_begins(c, "%PDF-") || head_find(c, "\n%PDF-") != NULL)
		return false;
	if (head_find(c, ") HP-PCL XL") != NULL)
		return !c->ppd_pxl;
	if (head_begins(c, "%!") || head_find(c, "\n%!PS") != NULL)
		return ps_has_copies(c);
	if (head_begins(c, "\033"))
		return pcl_has_copies(c);
	return true;			/* as CUPS's own backends take it */
}

uint32_t
args_copies(const struct args_copies *c)
{
	char text[16];
	int64_t n = 1, asked = 1;

	if (!rel_int(&n, c->argv, 1, INT32_MAX))
		n = 1;
	if (args_option(c->options, "copies", text, sizeof text) &&
	    rel_int(&asked, text, 1, INT32_MAX) && asked > n)
		n = asked;
	if (n > COPIES_MAX)
		n = COPIES_MAX;
	if (c->job_sheet || n == 1)
		return 1;
	if (c->from_file)
		return (uint32_t)n;
	if (!c->final_type || c->ppd_manual || data_has_copies(c))
		return 1;
	return (uint32_t)n;
}

/* ---- the PPD */

/* Does the line (up to its end) hold the word? */
static bool
line_has(const char *line, size_t len, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= len; i++)
		if (strncasecmp(line + i, word, n) == 0)
			return true;
	return false;
}

void
args_scan_ppd(struct args_ppd *out, const char *text, size_t len)
{
	const char *end = text + len;

	memset(out, 0, sizeof *out);
	while (text < end) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));
		size_t n = (size_t)((nl != NULL ? nl : end) - text);

		if (n > 5 && memcmp(text, "*cups", 5) == 0) {
			if (line_has(text, n, "cupsManualCopies: True"))
				out->manual_copies = true;
			if (line_has(text, n, "cupsSingleFile: True"))
				out->single_file = true;
			if (line_has(text, n, "cupsFilter") &&
			    line_has(text, n, "gstopxl"))
				out->pxl = true;
			if (line_has(text, n, "cupsFilter") &&
			    line_has(text, n, "pdftorelease"))
				out->facts = true;
		}
		text += n + (nl != NULL);
	}
}

bool
args_has_facts(const struct args_ppd *ppd, const char *type)
{
	static const char *const untouched[] = {
		"application/vnd.cups-raw", "application/octet-stream",
		"application/vnd.cups-command"
	};

	if (!ppd->facts || type == NULL || type[0] == '\0')
		return false;
	for (size_t i = 0; i < sizeof untouched / sizeof untouched[0]; i++)
		if (strcasecmp(type, untouched[i]) == 0)
			return false;
	return true;
}

void
args_read_ppd(struct args_ppd *out, const char *path)
{
	struct rel_buf b;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char piece[8192];
	ssize_t n;

	memset(out, 0, sizeof *out);
	if (fd < 0)
		return;
	rel_buf_init(&b);
	while (b.len < PPD_MAX && (n = read(fd, piece, sizeof piece)) > 0)
		rel_put_raw(&b, piece, (size_t)n);
	close(fd);
	if (!b.failed)
		args_scan_ppd(out, (const char *)b.data, b.len);
	rel_buf_fini(&b);
}
