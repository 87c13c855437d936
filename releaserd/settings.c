/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/settings.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

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
const struct rel_conf_table settings_table = { items, ITEMS };

void
settings_defaults(struct settings *s)
{
	memset(s, 0, sizeof *s);
	rel_conf_defaults(&settings_table, s);
}

bool
settings_word(const char *list, const char *word)
{
	while (*(list += strspn(list, " ")) != '\0') {
		size_t n = strcspn(list, " ");

		if ((n == 3 && strncasecmp(list, "all", n) == 0) ||
		    (n == strlen(word) && strncasecmp(list, word, n) == 0))
			return true;
		list += n;
	}
	return false;
}

int
settings_read(struct settings *s, const char *path, struct rel_err *err)
{
	settings_defaults(s);
	return rel_conf_read(&settings_table, s, path, err);
}

int
settings_parse(struct settings *s, const void *text, size_t len,
    const char *name, struct rel_err *err)
{
	settings_defaults(s);
	return rel_conf_parse(&settings_table, s, text, len, name, err);
}

void
settings_manual(FILE *out)
{
	rel_conf_manual(&settings_table, out);
}

int
settings_find(const char *name)
{
	for (size_t i = 0; i < ITEMS; i++)
		if (strcasecmp(items[i].name, name) == 0)
			return (int)i;
	return -1;
}

int
settings_by_hand(size_t item)
{
	static const char *const names[] = {
		"Jail", "CoreUser", "NetUser", "KeyFile",
		/* Programs that are run: not for a page to say. */
		"Ntlm", "NtlmHelper", "Pam", "PamFolder"
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i], items[item].name) == 0)
			return 1;
	return 0;
}

enum settings_effect
settings_effect(size_t item)
{
	static const struct {
		const char *name;
		enum settings_effect effect;
	} others[] = {
		{ "NodeId", EFFECT_START }, { "RunDir", EFFECT_START },
		{ "StateDir", EFFECT_START }, { "SpoolDir", EFFECT_START },
		{ "KeyFile", EFFECT_START }, { "CoreUser", EFFECT_START },
		{ "NetUser", EFFECT_START }, { "Jail", EFFECT_START },
		{ "Ntlm", EFFECT_START }, { "NtlmHelper", EFFECT_START },
		{ "Pam", EFFECT_START }, { "PamFolder", EFFECT_START },
		{ "Listen", EFFECT_PORTS }, { "HttpsPort", EFFECT_PORTS },
		{ "HttpsPortFallback", EFFECT_PORTS },
		{ "ServerName", EFFECT_PORTS },
		{ "NetProcesses", EFFECT_PROCESSES },
		{ "AgentProcesses", EFFECT_PROCESSES }
	};

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (strcmp(others[i].name, items[item].name) == 0)
			return others[i].effect;
	return EFFECT_NOW;
}

const char *
settings_effect_word(enum settings_effect effect)
{
	static const char *const words[] = {
		"now", "ports", "processes", "next-start"
	};

	return words[effect];
}

const char *
settings_differ(const struct settings *a, const struct settings *b,
    enum settings_effect effect)
{
	for (size_t i = 0; i < ITEMS; i++)
		if (settings_effect(i) == effect &&
		    !rel_conf_same(&items[i], a, b))
			return items[i].name;
	return NULL;
}
