/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
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

/* Has a list of words (SelfService) this one, or "all"? */
bool settings_word(const char *list, const char *word);

/* Defaults, then the file. Errors as rel_conf_read(); s is whole on success. */
int settings_read(struct settings *s, const char *path, struct rel_err *err);

/* The same from text that super read (the roles cannot open files). */
int settings_parse(struct settings *s, const void *text, size_t len,
    const char *name, struct rel_err *err);

/* The list of directives in mdoc, for releaserd.conf(5). */
void settings_manual(FILE *out);

/* The one table; its items in the order of settings.def. */
extern const struct rel_conf_table settings_table;

/* Index of a setting by its name (without case), or -1. */
int settings_find(const char *name);

/*
 * Settings that hold the barriers between the roles are root's to change, in
 * the file and nowhere else.
 */
int settings_by_hand(size_t item);

/* When a change takes effect. */
enum settings_effect {
	EFFECT_NOW,		/* every role is told */
	EFFECT_PORTS,		/* listeners are opened and closed; present
				 * connections stay */
	EFFECT_PROCESSES,	/* roles are started or end in good order */
	EFFECT_START		/* only when releaserd is started again */
};
enum settings_effect settings_effect(size_t item);
const char *settings_effect_word(enum settings_effect effect);

/*
 * The first setting with this effect that differs between two, or NULL.
 */
const char *settings_differ(const struct settings *a,
    const struct settings *b, enum settings_effect effect);

#endif
