/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef DESK_H
#define DESK_H

#include <sys/types.h>

#include "lib/conf.h"
#include "station/station.h"

/*
 * One card reader beside one printer: release-station(8).  What is typed comes
 * in, what the print server says goes to the screen; between the two it is
 * OPDP level 1.
 */
enum desk_tap { TAP_ALL, TAP_LIST };
struct desk_conf {
	char reader[REL_CONF_TEXT_MAX];	/* event device of the card reader */
	char keypad[REL_CONF_TEXT_MAX];	/* event device with digits, or "" */
	char screen[REL_CONF_TEXT_MAX];	/* a terminal, or "" */
	char phone[REL_CONF_TEXT_MAX];	/* shown as QR code, or "" */
	char locale[REL_CONF_TEXT_MAX];
	int64_t tap;			/* enum desk_tap */
	int64_t patience_ms;		/* a tap is tried so long */
};

extern const struct rel_conf_table desk_conf_table;

/* station.conf in the folder of a station; defaults when there is none. */
int desk_conf_read(struct desk_conf *out, const char *dir,
    struct rel_err *err);

/* ---- screen.c: a terminal, cleared for each picture */

#define SCREEN_LINES 14
#define SCREEN_WIDTH 160

struct screen {
	int fd;				/* -1: there is none */
	char title[SCREEN_WIDTH];
	char line[SCREEN_LINES][SCREEN_WIDTH];
	unsigned n;
	const char *phone;		/* QR code below it, or NULL */
};

/* "" : none. 0, or -REL_E_IO. */
int screen_open(struct screen *s, const char *path, struct rel_err *err);
void screen_close(struct screen *s);
/* A new picture: its title; then its lines, cleaned and cut; then show. */
void screen_new(struct screen *s, const char *title);
void screen_line(struct screen *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void screen_show(struct screen *s);

/* ---- typed.c: what a reader or a keypad types */

#define TYPED_MAX 116			/* bytes of a card, opdp.md */

struct typed {
	const char *path;
	int fd;				/* -1: it is not there now */
	bool shift, too_long;
	char reader[16];		/* "09d8:0410", or "" */
	char text[TYPED_MAX + 1];
	size_t n;
	int64_t gap_ms;			/* the most between two keys */
	int64_t last_ms;		/* rel_mono_ms() of the last key */
	int64_t again_ms;		/* when to open it again */
};

void typed_init(struct typed *t, const char *path, int64_t gap_ms);
/* What was typed so far is nobody's. */
void typed_forget(struct typed *t);
void typed_close(struct typed *t);
/* Open it when it is time; nobody else gets its keys then. */
void typed_open(struct typed *t, int64_t now_ms);
/*
 * Read what is there.  line comes once for every Enter, with what stands
 * before it (borrowed; "" for an Enter alone).  What is longer than a card, or
 * came with more than gap_ms between two keys, is forgotten.
 */
typedef void (*typed_line)(void *ctx, const char *text);
void typed_read(struct typed *t, int64_t now_ms, typed_line line, void *ctx);

/* ---- desk.c */

/*
 * Serve until stop is set; dir is the folder of a registered station.  Returns
 * 0, or the failure that makes it useless to go on (it is not registered).
 */
int desk_run(const char *dir, const struct desk_conf *set,
    const volatile int *stop, struct rel_err *err);

/* ---- watch.c: several of them */
#define DESKS_MAX 32
struct desks {
	char **dirs;
	int n;				/* at most DESKS_MAX */
	pid_t (*start)(const char *dir);	/* -1: it could not */
	unsigned again_s;		/* between two starts of one */
	const volatile int *stop;
};
/* Start each, and again when it ends, until stop is set; then all end. */
void desks_watch(const struct desks *d);

/* ---- desk_words.c: what is shown that the server does not say */
enum desk_word {
	WORD_TAP, WORD_PIN, WORD_AWAY, WORD_NOTHING, WORD_PRINTS,
	WORD_ALL_KEY, WORD_OUT_KEY, WORD_UNKNOWN, WORD_NO_KEYPAD, WORD_WAIT,
	WORD_GONE, WORD_PHONE, WORD_MORE, WORD_COUNT
};
const char *desk_say(const char *locale, enum desk_word word);

#endif
