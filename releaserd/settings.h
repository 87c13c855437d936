/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdint.h>
#include <stdio.h>

#include "lib/conf.h"

/* releaserd.conf as numbers and words; one member a line of settings.def. */
struct settings {
#define NUM(member) int64_t member;
#define TEXT(member) char member[REL_CONF_TEXT_MAX];
#define SETTING(member, ctype, name, type, min, max, off, choices, def, help) \
	ctype(member)
#include "releaserd/settings.def"
#undef SETTING
#undef NUM
#undef TEXT
};

void settings_defaults(struct settings *s);

/* Defaults, then the file. Errors as rel_conf_read(); s is whole on success. */
int settings_read(struct settings *s, const char *path, struct rel_err *err);

/* The same from text that super read (the roles cannot open files). */
int settings_parse(struct settings *s, const void *text, size_t len,
    const char *name, struct rel_err *err);

/* The list of directives in mdoc, for releaserd.conf(5). */
void settings_manual(FILE *out);

/* Directives whose change needs a restart and not only SIGHUP, or NULL. */
const char *settings_needs_restart(const struct settings *old,
    const struct settings *now);

#endif
