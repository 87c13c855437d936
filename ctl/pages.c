/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl pages, and what concerns the pages of a held job. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "ctl/ctl.h"
#include "lib/text.h"

#define DEFAULT_PROGRAM REL_LIBEXECDIR "/release-pages"

/* ---- pages FILE: a program of its own reads files of strangers */

static int
pages_run(struct ctl *c)
{
	const char *program = getenv("RELEASE_PAGES");
	const char *argv[ARGS_MAX + 8];
	int n = 0;

	if (program == NULL || program[0] != '/')
		program = DEFAULT_PROGRAM;
	argv[n++] = program;
	argv[n++] = "facts";
	if (c->opt[OPT_JSON] != NULL)
		argv[n++] = "--json";
	if (c->opt[OPT_COVERAGE] != NULL)
		argv[n++] = "--coverage";
	argv[n++] = "--";
	for (int i = 0; i < c->nargs; i++)
		argv[n++] = c->arg[i];
	argv[n] = NULL;
	execv(program, (char **)(uintptr_t)argv);
	return rel_err_set(&c->err, REL_E_NOTFOUND, "cannot start %s (%s)",
	    program, strerror(errno));
}

/* ---- job set ID NAME=VALUE ... */

/* Those that are no text in the API: numbers, and names with commas. */
static json_t *
option_json(const char *name, const char *text)
{
	json_t *list;
	int64_t n;

	if (strcmp(name, "copies") == 0 || strcmp(name, "number_up") == 0)
		return rel_int(&n, text, 1, 999) ? json_integer(n) : NULL;
	if (strcmp(name, "finishings") != 0)
		return json_string(text);
	list = json_array();
	while (*text != '\0') {
		size_t len = strcspn(text, ",");

		json_array_append_new(list, json_stringn(text, len));
		text += len + (text[len] == ',');
	}
	return list;
}

static int
option_put(struct ctl *c, json_t *options, const char *word)
{
	const char *eq = strchr(word, '=');
	char name[32];
	json_t *v;

	if (eq == NULL || (size_t)(eq - word) >= sizeof name)
		return ctl_misuse(c, "\"%.60s\" is not NAME=VALUE", word);
	snprintf(name, sizeof name, "%.*s", (int)(eq - word), word);
	if ((v = option_json(name, eq + 1)) == NULL)
		return ctl_misuse(c, "%s takes a whole number", name);
	json_object_set_new(options, name, v);
	return 0;
}

int
job_set(struct ctl *c)
{
	json_t *options = json_object(), *body, *job;
	char words[300];
	int rc = 0;

	for (int i = 1; i < c->nargs && rc == 0; i++)
		rc = option_put(c, options, c->arg[i]);
	body = json_pack("{s:o}", "options", options);
	if (rc == 0)
		rc = ctl_call(c, "POST", "/jobs/*/options", c->arg[0], body,
		    &job);
	json_decref(body);
	if (rc < 0)
		return rc;
	job_pages_words(job, words, sizeof words);
	return ctl_told(c, job, "Job %s: %s.\n", c->arg[0], words);
}

/* ---- job preview ID */

static int
write_file(struct ctl *c, const char *path, const uint8_t *p, size_t n)
{
	int fd = path != NULL ? open(path, O_WRONLY | O_CREAT | O_TRUNC |
	    O_CLOEXEC, 0600) : STDOUT_FILENO;
	ssize_t put = 0;

	while (fd >= 0 && n > 0 && ((put = write(fd, p, n)) >= 0 ||
	    errno == EINTR)) {
		p += put > 0 ? put : 0;
		n -= put > 0 ? (size_t)put : 0;
	}
	if (fd < 0 || n > 0 || (path != NULL && close(fd) < 0))
		return rel_err_sys(&c->err, REL_E_IO, "cannot write %s",
		    path != NULL ? path : "the picture");
	return 0;
}

/* Base64 in the answer becomes the picture. */
static int
write_picture(struct ctl *c, const json_t *answer)
{
	const char *text = json_string_value(json_object_get(answer, "data"));
	size_t n = text != NULL ? strlen(text) : 0;
	uint8_t *png;
	int len, rc;

	if (n == 0 || n % 4 != 0 || n > 1 << 24 ||
	    (png = malloc(n)) == NULL)
		return rel_err_set(&c->err, REL_E_FORMAT,
		    "the answer has no picture in it");
	len = EVP_DecodeBlock(png, (const unsigned char *)text, (int)n);
	for (size_t i = n; len > 0 && i > n - 2 && text[i - 1] == '='; i--)
		len--;
	rc = len > 0 ? write_file(c, c->opt[OPT_OUTPUT], png, (size_t)len) :
	    rel_err_set(&c->err, REL_E_FORMAT,
	    "the answer has no picture in it");
	free(png);
	return rc;
}

int
job_preview(struct ctl *c)
{
	char path[64] = "/jobs/*/preview";
	json_t *answer;
	int64_t size;
	int rc;

	if (c->opt[OPT_OUTPUT] == NULL && isatty(STDOUT_FILENO))
		return ctl_misuse(c, "a picture is nothing for a terminal: "
		    "--output FILE says where to put it");
	if (c->opt[OPT_SIZE] != NULL) {
		if ((rc = ctl_number(c, OPT_SIZE, 64, 2000, &size)) < 0)
			return rc;
		snprintf(path, sizeof path, "/jobs/*/preview?size=%d",
		    (int)size);
	}
	if ((rc = ctl_call(c, "GET", path, c->arg[0], NULL, &answer)) < 0)
		return rc;
	rc = write_picture(c, answer);
	json_decref(answer);
	return rc;
}

/* ---- words */

void
job_pages_words(const json_t *job, char *out, size_t size)
{
	const json_t *p = json_object_get(job, "pages");
	const char *sure = ctl_str(p, "pages_sure");
	const char *media = ctl_str(json_array_get(json_object_get(p, "media"),
	    0), "name");
	char colour[60] = "";

	if (json_is_true(json_object_get(p, "counting"))) {
		snprintf(out, size, "the pages are being counted");
		return;
	}
	if (strcmp(sure, "unknown") == 0 || sure[0] == '\0') {
		snprintf(out, size, "pages unknown%s%s",
		    ctl_str(p, "reason")[0] != '\0' ? ": " : "",
		    ctl_str(p, "reason"));
		return;
	}
	if (strcmp(ctl_str(p, "colour_sure"), "unknown") != 0)
		snprintf(colour, sizeof colour, ", %s%lld in colour",
		    strcmp(ctl_str(p, "colour_sure"), "bound") == 0 &&
		    ctl_int(p, "colour_sides") > 0 ? "at most " : "",
		    (long long)ctl_int(p, "colour_sides"));
	snprintf(out, size, "%lld %s, %s%lld %s on %lld %s%s, %lld %s%s%s",
	    (long long)ctl_int(p, "input_pages"),
	    ctl_int(p, "input_pages") == 1 ? "page" : "pages",
	    strcmp(sure, "bound") == 0 ? "at most " : "",
	    (long long)ctl_int(p, "sides"),
	    ctl_int(p, "sides") == 1 ? "side" : "sides",
	    (long long)ctl_int(p, "sheets"),
	    ctl_int(p, "sheets") == 1 ? "sheet" : "sheets", colour, (long long)ctl_int(p, "copies"),
	    ctl_int(p, "copies") == 1 ? "copy" : "copies",
	    media[0] != '\0' ? ", " : "", media);
}

static const enum ctl_opt pages_opts[] = { OPT_COVERAGE, OPT_COUNT };

const struct ctl_verb ctl_pages_verbs[] = {
	{ "pages", NULL, 1, ARGS_MAX, "FILE ...", pages_opts,
	    "Tell the pages, copies, paper and colour of files in any "
	    "language a printer speaks.", pages_run },
	{ 0 }
};
