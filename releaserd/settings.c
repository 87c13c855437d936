/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/settings.h"

#include <stddef.h>
#include <string.h>

#define NUM 0
#define TEXT 0
static const struct rel_conf_item items[] = {
#define SETTING(member, ctype, name, type, min, max, off, choices, def, help) \
	{ name, type, offsetof(struct settings, member), min, max, off, \
	    choices, def, help },
#include "releaserd/settings.def"
#undef SETTING
};
#define ITEMS (sizeof items / sizeof items[0])
static const struct rel_conf_table table = { items, ITEMS };

void
settings_defaults(struct settings *s)
{
	memset(s, 0, sizeof *s);
	rel_conf_defaults(&table, s);
}

int
settings_read(struct settings *s, const char *path, struct rel_err *err)
{
	settings_defaults(s);
	return rel_conf_read(&table, s, path, err);
}

int
settings_parse(struct settings *s, const void *text, size_t len,
    const char *name, struct rel_err *err)
{
	settings_defaults(s);
	return rel_conf_parse(&table, s, text, len, name, err);
}

void
settings_manual(FILE *out)
{
	fputs(".Bl -tag -width Ds\n", out);
	for (size_t i = 0; i < ITEMS; i++) {
		const struct rel_conf_item *it = &items[i];

		fprintf(out, ".It Ic %s Ar %s\n", it->name,
		    it->choices ? it->choices :
		    it->type == REL_CONF_BOOL ? "yes|no" :
		    it->type == REL_CONF_TIME ? "time" :
		    it->type == REL_CONF_SIZE ? "size" :
		    it->type == REL_CONF_TEXT ? "text" : "number");
		for (const char *p = it->help; *p != '\0'; p++) {
			fputc(*p, out);
			if (*p == '\\')
				fputc('e', out);
			if (p[0] == '.' && p[1] == ' ') {
				fputc('\n', out);
				p++;
			}
		}
		if (it->def[0] != '\0')
			fprintf(out, "\nDefault: %s.\n", it->def);
		else
			fputs("\nDefault: empty.\n", out);
	}
	fputs(".El\n", out);
}

const char *
settings_needs_restart(const struct settings *old, const struct settings *now)
{
	static const char *const fixed[] = {
		"NodeId", "RunDir", "StateDir", "SpoolDir", "KeyFile",
		"CoreUser", "NetUser", "Jail", "Listen", "HttpsPort",
		"HttpsPortFallback", "ServerName", "NetProcesses",
		"AgentProcesses"
	};

	for (size_t i = 0; i < ITEMS; i++) {
		const char *a = (const char *)old + items[i].offset;
		const char *b = (const char *)now + items[i].offset;
		int same = items[i].type == REL_CONF_TEXT ?
		    strcmp(a, b) == 0 : memcmp(a, b, sizeof(int64_t)) == 0;

		for (size_t k = 0; !same && k < sizeof fixed / sizeof fixed[0];
		    k++)
			if (strcmp(fixed[k], items[i].name) == 0)
				return items[i].name;
	}
	return NULL;
}
