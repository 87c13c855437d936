/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/lpr.h"
#include "lib/lpr_priv.h"
#include "lib/text.h"

/* RFC 1179 section 7: longest values of the lines we write. */
#define HOST_MAX 31u
#define USER_MAX 31u
#define JOB_MAX 99u
#define FILE_MAX 131u

#define TEXT_ROOM 2048u

struct control {
	char *out;
	size_t size, len;
	bool full;
};

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

void
rel_lpr_short_host(char out[REL_LPR_HOST_MAX + 1])
{
	char name[256];
	size_t n = 0;

	if (gethostname(name, sizeof name) < 0)
		name[0] = '\0';
	name[sizeof name - 1] = '\0';
	for (const char *p = name; *p != '\0' && *p != '.' &&
	    n < REL_LPR_HOST_MAX; p++)
		if (is_alnum(*p) || (*p == '-' && n > 0))
			out[n++] = *p;
	out[n] = '\0';
	if (n == 0)
		memcpy(out, "localhost", sizeof "localhost");
}

bool
rel_lpr_queue_ok(const char *queue)
{
	size_t n = strlen(queue);

	for (size_t i = 0; i < n; i++)
		if (queue[i] <= ' ' || queue[i] > '~')
			return false;
	return n >= 1 && n <= 255;
}

/* Take blanks off both ends, in place, and cut to max on a character edge. */
static void
trim(char *s, size_t max)
{
	size_t skip = strspn(s, " "), n;

	memmove(s, s + skip, strlen(s + skip) + 1);
	n = rel_utf8_cut(s, max);
	while (n > 0 && s[n - 1] == ' ')
		n--;
	s[n] = '\0';
}

/* One line: the letter, the value made harmless, a newline. */
static void
put_line(struct control *c, char letter, const char *value)
{
	size_t n = strlen(value);

	if (c->full || c->size - c->len < n + 3) {
		c->full = true;
		return;
	}
	c->out[c->len++] = letter;
	memcpy(c->out + c->len, value, n);
	c->len += n;
	c->out[c->len++] = '\n';
	c->out[c->len] = '\0';
}

static void
put_host(struct control *c, const char *client, const char *own)
{
	char host[TEXT_ROOM];

	rel_text_clean(host, sizeof host, client);
	trim(host, HOST_MAX);
	for (char *p = host; *p != '\0'; p++)
		if (*p == ' ')
			*p = '_';	/* a blank would end the name */
	put_line(c, 'H', host[0] != '\0' ? host : own);
}

static void
put_text(struct control *c, char letter, const char *text, size_t max,
    const char *if_empty)
{
	char value[TEXT_ROOM];

	rel_text_clean(value, sizeof value, text);
	trim(value, max);
	put_line(c, letter, value[0] != '\0' ? value : if_empty);
}

int
rel_lpr_control(const struct rel_lpr_job *job, char *out, size_t size)
{
	struct control c = { .out = out, .size = size };
	unsigned copies = job->copies < 1 ? 1 :
	    job->copies > 999 ? 999 : job->copies;
	char format = is_alnum(job->format) ? job->format : 'l';
	char host[REL_LPR_HOST_MAX + 1], name[32], title[TEXT_ROOM];

	rel_lpr_short_host(host);
	snprintf(name, sizeof name, "dfA%03u%s", job->number % 1000, host);
	snprintf(title, sizeof title, "%s %s", job->ref, job->title);
	put_host(&c, job->client_host, host);
	put_text(&c, 'P', job->user, USER_MAX, "anonymous");
	put_text(&c, 'J', title, JOB_MAX, "Untitled");
	for (unsigned i = 0; i < copies; i++)
		put_line(&c, format, name);
	put_line(&c, 'U', name);
	put_text(&c, 'N', job->title, FILE_MAX, "Untitled");
	return c.full ? -REL_E_LIMIT : (int)c.len;
}
