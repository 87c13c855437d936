/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Files; secrets come from the terminal or standard input, never from argv. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "ctl/ctl.h"

#define SECRET_MAX 1024

/* A line of fd without its end; read byte by byte: the rest is not ours. */
static char *
read_line(int fd, struct rel_err *err)
{
	char *line = malloc(SECRET_MAX);
	size_t n = 0;
	ssize_t got = 0;
	char ch = '\0';

	while (line != NULL && n < SECRET_MAX - 1 &&
	    (got = read(fd, &ch, 1)) == 1 && ch != '\n')
		line[n++] = ch;
	if (line == NULL || (n == 0 && got == 0) || n == SECRET_MAX - 1) {
		rel_err_set(err, REL_E_FORMAT, line == NULL ? "no memory" :
		    n == 0 ? "nothing was given" : "the line is too long");
		if (line != NULL)
			rel_wipe(line, SECRET_MAX);
		free(line);
		return NULL;
	}
	if (n > 0 && line[n - 1] == '\r')
		n--;
	line[n] = '\0';
	return line;
}

static char *
ask(int tty, const char *question, struct rel_err *err)
{
	struct termios was, hidden;
	char *line;

	if (dprintf(tty, "%s: ", question) < 0 || tcgetattr(tty, &was) < 0) {
		rel_err_sys(err, REL_E_IO, "cannot ask at the terminal");
		return NULL;
	}
	hidden = was;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(tty, TCSAFLUSH, &hidden);
	line = read_line(tty, err);
	tcsetattr(tty, TCSAFLUSH, &was);
	dprintf(tty, "\n");
	return line;
}

char *
ctl_read_file(struct ctl *c, const char *path, size_t max, size_t *len)
{
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *f = is_stdin ? stdin : fopen(path, "re");
	char *text = malloc(max + 1);

	*len = 0;
	if (f == NULL)
		rel_err_sys(&c->err, REL_E_IO, "cannot read %.100s", path);
	else if (text == NULL)
		rel_err_set(&c->err, REL_E_NOMEM, "no memory");
	else
		*len = fread(text, 1, max + 1, f);
	if (f != NULL && text != NULL && (ferror(f) || *len > max ||
	    *len == 0)) {
		if (*len > max)
			rel_err_set(&c->err, REL_E_LIMIT, "%.100s is over "
			    "%zu bytes", path, max);
		else
			rel_err_set(&c->err, REL_E_FORMAT, ferror(f) ?
			    "%.100s cannot be read" : "%.100s is empty", path);
		*len = 0;
	}
	if (f != NULL && !is_stdin)
		fclose(f);
	if (*len > 0)
		return text;
	free(text);
	return NULL;
}

void
ctl_free_text(char *s)
{
	if (s != NULL)
		rel_wipe(s, strlen(s));
	free(s);
}

char *
ctl_secret(struct ctl *c, const char *question, bool twice)
{
	char *first, *second;
	int tty;

	if (c->opt[OPT_STDIN] != NULL)
		return read_line(STDIN_FILENO, &c->err);
	if ((tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)) < 0) {
		rel_err_set(&c->err, REL_E_IO, "there is no terminal to ask "
		    "at: give it with --stdin");
		return NULL;
	}
	first = ask(tty, question, &c->err);
	if (first != NULL && twice) {
		second = ask(tty, "Once more", &c->err);
		if (second == NULL || strcmp(first, second) != 0) {
			rel_err_set(&c->err, REL_E_FORMAT,
			    "the two are not the same");
			ctl_free_text(first);
			first = NULL;
		}
		ctl_free_text(second);
	}
	close(tty);
	return first;
}

static int
put_and_wipe(struct ctl *c, json_t *body, const char *key, char *value)
{
	int bad = json_object_set_new(body, key, json_string(value));

	ctl_free_text(value);
	return bad ? rel_err_set(&c->err, REL_E_FORMAT,
	    "that is no UTF-8 text") : 0;
}

int
ctl_put_secret(struct ctl *c, json_t *body, const char *key,
    const char *question, bool twice)
{
	char *value = ctl_secret(c, question, twice);

	if (value == NULL)
		return -c->err.code;
	return put_and_wipe(c, body, key, value);
}

int
ctl_put_file(struct ctl *c, json_t *body, const char *key, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *value;

	if (fd < 0)
		return rel_err_sys(&c->err, REL_E_IO, "cannot read %.100s",
		    path);
	value = read_line(fd, &c->err);
	close(fd);
	return value == NULL ? -c->err.code :
	    put_and_wipe(c, body, key, value);
}

void
ctl_free_secret(json_t *body)
{
	const char *key;
	json_t *value;

	json_object_foreach(body, key, value) {
		/* jansson keeps the text in memory that only it writes. */
		const char *s = json_string_value(value);

		if (s != NULL)
			rel_wipe((char *)(uintptr_t)s, strlen(s));
	}
	json_decref(body);
}
