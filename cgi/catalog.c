/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Words in the visitor's language: a message file of GNU gettext (PO), read
 * at each start; it has a few hundred entries.  msgid and msgstr only, on one
 * line or continued; comments and the header entry are passed over.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi/cgi.h"

#define ENTRIES_MAX 4000u
#define TEXT_MAX 1000u

struct entry {
	char *id, *text;
};

static struct entry *entries;
static size_t nentries;
static char lang_now[16] = "en";

static int
by_id(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->id,
	    ((const struct entry *)b)->id);
}

/* Append the quoted text of a line to out, escapes taken out. */
static void
quoted(char out[TEXT_MAX], const char *line)
{
	const char *p = strchr(line, '"');
	size_t n = strlen(out);

	for (p = p != NULL ? p + 1 : ""; *p != '\0' && *p != '"' &&
	    n + 1 < TEXT_MAX; p++) {
		if (*p == '\\' && p[1] != '\0') {
			p++;
			out[n++] = *p == 'n' ? '\n' : *p;
		} else {
			out[n++] = *p;
		}
	}
	out[n] = '\0';
}

static void
entry_add(const char *id, const char *text)
{
	struct entry *e;

	if (id[0] == '\0' || text[0] == '\0' || nentries == ENTRIES_MAX)
		return;
	e = &entries[nentries];
	e->id = strdup(id);
	e->text = strdup(text);
	if (e->id != NULL && e->text != NULL) {
		nentries++;
		return;
	}
	free(e->id);
	free(e->text);
}

static void
po_read(FILE *f)
{
	char line[TEXT_MAX], id[TEXT_MAX] = "", text[TEXT_MAX] = "";
	char *to = NULL;

	while (fgets(line, sizeof line, f) != NULL) {
		if (strncmp(line, "msgid ", 6) == 0) {
			entry_add(id, text);
			id[0] = text[0] = '\0';
			to = id;
		} else if (strncmp(line, "msgstr ", 7) == 0) {
			to = text;
		} else if (line[0] != '"') {
			continue;
		}
		if (to != NULL)
			quoted(to, line);
	}
	entry_add(id, text);
}

/* "de" of "de_DE.UTF-8" when letters only. */
static bool
lang_short(char out[16], const char *lang, const char *until)
{
	size_t n = strcspn(lang, until);

	if (n < 2 || n > 15 || strspn(lang, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") < n)
		return false;
	memcpy(out, lang, n);
	out[n] = '\0';
	return true;
}

void
catalog_load(const char *folder, const char *lang)
{
	static const char *const cuts[] = { ".@", "_.@" };
	char path[512], name[16];
	FILE *f = NULL;

	if (lang == NULL || entries != NULL)
		return;
	for (size_t i = 0; i < 2 && f == NULL; i++) {
		if (!lang_short(name, lang, cuts[i]))
			continue;
		snprintf(path, sizeof path, "%s/%s/messages.po", folder,
		    name);
		f = fopen(path, "re");
	}
	if (f == NULL)
		return;
	if ((entries = calloc(ENTRIES_MAX, sizeof *entries)) != NULL) {
		po_read(f);
		qsort(entries, nentries, sizeof *entries, by_id);
		snprintf(lang_now, sizeof lang_now, "%s", name);
	}
	fclose(f);
}

void
catalog_free(void)
{
	for (size_t i = 0; i < nentries; i++) {
		free(entries[i].id);
		free(entries[i].text);
	}
	free(entries);
	entries = NULL;
	nentries = 0;
	snprintf(lang_now, sizeof lang_now, "en");
}

const char *
catalog_lang(void)
{
	return lang_now;
}

const char *
tr(const char *english)
{
	struct entry want = { (char *)(uintptr_t)english, NULL }, *e;

	e = nentries > 0 ? bsearch(&want, entries, nentries, sizeof *entries,
	    by_id) : NULL;
	return e != NULL ? e->text : english;
}
