/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CTL_H
#define CTL_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "lib/api.h"
#include "lib/err.h"

/*
 * releasectl: a command line for the local API.  One file per noun; what all
 * of them share is here.
 */

/* Exit statuses (releasectl(1)). */
enum { CTL_OK = 0, CTL_REFUSED = 1, CTL_USAGE = 2, CTL_AWAY = 3 };

/* Options of all verbs: OPTION(id, "name", value word or NULL, help) */
enum ctl_opt {
#define OPTION(id, name, value, help) id,
#include "ctl/options.def"
#undef OPTION
	OPT_COUNT
};

#define ARGS_MAX 32

struct ctl {
	struct rel_api *api;
	const char *opt[OPT_COUNT];	/* value; "" for a flag; NULL absent */
	const char *arg[ARGS_MAX];	/* what follows the verb */
	int nargs;
	struct rel_err err;
};

struct ctl_verb {
	const char *noun, *verb;	/* verb NULL: the noun alone */
	int min_args, max_args;
	const char *args;		/* "NAME", for the usage line */
	const enum ctl_opt *opts;	/* ends with OPT_COUNT */
	const char *help;		/* a few sentences */
	int (*run)(struct ctl *c);	/* 0 or a negative REL_E_* */
};

extern const struct ctl_verb ctl_activity_verbs[], ctl_account_verbs[], ctl_quota_verbs[],
    ctl_group_verbs[], ctl_ledger_verbs[], ctl_book_verbs[],
    ctl_waiting_verbs[], ctl_simulate_verbs[], ctl_report_verbs[];
extern const struct ctl_verb ctl_user_verbs[], ctl_card_verbs[],
    ctl_device_verbs[], ctl_job_verbs[], ctl_pages_verbs[],
    ctl_usage_verbs[], ctl_settings_verbs[], ctl_certificate_verbs[],
    ctl_status_verbs[], ctl_me_verbs[], ctl_role_verbs[],
    ctl_price_verbs[], ctl_rule_verbs[], ctl_station_verbs[],
    ctl_directory_verbs[], ctl_address_verbs[], ctl_session_verbs[], ctl_template_verbs[],
    ctl_backup_verbs[], ctl_lockout_verbs[], ctl_access_verbs[],
    ctl_guest_verbs[], ctl_snmp_verbs[], ctl_discover_verbs[],
    ctl_posture_verbs[];

/*
 * A call (see rel_api_call()) of "/api/v1" and path, in which a '*' stands for
 * arg, percent-encoded.
 */
int ctl_call(struct ctl *c, const char *method, const char *path,
    const char *arg, const json_t *body, json_t **out);

/*
 * A whole list: every page of path, put together as {"KEY":[...],
 * "next":null}.  query is "" or "user=...&" with values encoded.
 */
int ctl_list(struct ctl *c, const char *path, const char *query,
    const char *key, json_t **out);

/*
 * ctl_call() with a body, which it wipes and frees; NULL is one that did not
 * come about because an argument is no UTF-8 text: CTL_MISUSE.
 */
int ctl_send(struct ctl *c, const char *method, const char *path,
    const char *arg, json_t *body, json_t **out);

/* ctl_call() and ctl_list() of what was put together; they free the buffer. */
int ctl_call_built(struct ctl *c, const char *method, struct rel_buf *path,
    const char *arg, json_t **out);
int ctl_list_built(struct ctl *c, const char *path, struct rel_buf *query,
    const char *key, size_t most, json_t **out);	/* most rows; 0: all */

/* ---- input.c: what must not stand in a command line */

/*
 * One secret: from --stdin its next line, else asked for at the terminal
 * without showing it; twice asks for it a second time and compares.  Returns a
 * string that the caller wipes and frees, or NULL with c->err.
 */
char *ctl_secret(struct ctl *c, const char *question, bool twice);

/* Put a secret into body under key and wipe it; 0 or -REL_E_*. */
int ctl_put_secret(struct ctl *c, json_t *body, const char *key,
    const char *question, bool twice);

/* As ctl_put_secret(), from the first line of a file. */
int ctl_put_file(struct ctl *c, json_t *body, const char *key,
    const char *path);

/* ---- options.c: an option's name, word for its value (NULL: none), help */
const char *ctl_opt_name(enum ctl_opt opt);
const char *ctl_opt_value(enum ctl_opt opt);
const char *ctl_opt_help(enum ctl_opt opt);

#define CTL_ROWS_MAX 1000000	/* --limit of a list */
#define CTL_POSITION_MAX 1000	/* --position */

/* An option that is a whole number: *n stays as it is when it was not given.
 * 0 or CTL_MISUSE. */
int ctl_number(struct ctl *c, enum ctl_opt opt, int64_t low, int64_t high,
    int64_t *n);

/* The same into body, where it was given; range: the lowest, the highest. */
int ctl_put_number(struct ctl *c, json_t *body, const char *key,
    enum ctl_opt opt, const int64_t range[2]);

/* Those of n options that were given, as texts; CTL_MISUSE: no UTF-8. */
struct ctl_member {
	enum ctl_opt opt;
	const char *key;
};
int ctl_put_texts(struct ctl *c, json_t *body, const struct ctl_member *m,
    size_t n);

/* yes|no into *yes: 1; 0 when it was not given; CTL_MISUSE. */
int ctl_yes(struct ctl *c, enum ctl_opt opt, bool *yes);

/* Wipe and free a secret; NULL is fine. */
void ctl_free_text(char *s);

/*
 * A whole file as text of *len bytes, which the caller frees; "-" is standard
 * input.  NULL with c->err when it cannot be read, is empty or over max bytes.
 */
char *ctl_read_file(struct ctl *c, const char *path, size_t max, size_t *len);

/* Free a body that holds secrets, wiping its strings. */
void ctl_free_secret(json_t *body);

/*
 * A card number, from a file or as ctl_secret() asks for it, sent to path with
 * body, which is wiped and freed; says "Card ID added" and for_whom.
 */
int ctl_card_add(struct ctl *c, const char *path, json_t *body,
    const char *for_whom);

/* ---- backup.c: v with what the backup password opens, then closed again */
int ctl_with_backup(struct ctl *c, const struct ctl_verb *v);

/* ---- pages.c: verbs of job that concern its pages, and them in words */
int job_set(struct ctl *c);
int job_preview(struct ctl *c);
void job_pages_words(const json_t *job, char *out, size_t size);

/* ---- job.c: what it costs in words, as its member cost_words */
void job_charge_words(json_t *job);

/* ---- person.c: verbs of user for many at once, or all of one */
int user_import(struct ctl *c);
int user_import_undo(struct ctl *c);
int user_export(struct ctl *c);
int user_data(struct ctl *c);
int user_erase(struct ctl *c);
int user_locked(struct ctl *c);
int user_unlock(struct ctl *c);

/* ---- device.c: the id of the device that is meant, by its id or its name */
int ctl_device_find(struct ctl *c, const char *what, char *id, size_t size);

/* ---- device_fleet.c: verbs of device that say how devices are */
int device_status(struct ctl *c);
int device_supplies(struct ctl *c);
int device_items(struct ctl *c);
int device_events(struct ctl *c);
int device_ask(struct ctl *c);
int device_restrictions(struct ctl *c);
int device_groups(struct ctl *c);
int device_group(struct ctl *c);
int device_group_join(struct ctl *c);
int device_group_leave(struct ctl *c);
int device_group_rename(struct ctl *c);
int station_list(struct ctl *c);

/* ---- directory_sync.c: verbs of directory */
int directory_sync(struct ctl *c);
int directory_sync_result(struct ctl *c);
int directory_sync_cancel(struct ctl *c);

/* ---- qr.c: draw a QR code, when it is a terminal that reads and can */
void ctl_qr(const struct ctl *c, const char *text);

/* ---- table.c: what people read */

enum ctl_kind { COL_TEXT, COL_TIME, COL_SIZE, COL_YESNO, COL_INT };

struct ctl_column {
	const char *title;
	const char *key;		/* of the JSON object; ends with NULL */
	enum ctl_kind kind;
};

/* A member of an object; 0 and "" when there is none of this kind. */
int64_t ctl_int(const json_t *o, const char *key);
const char *ctl_str(const json_t *o, const char *key);

/* The objects of an array as a table on standard output. */
void ctl_table(const json_t *rows, const struct ctl_column *columns);

/* The same as CSV; texts only. */
void ctl_table_csv(const json_t *rows, const struct ctl_column *columns);

/* One object as lines "title: value". */
void ctl_show(const json_t *row, const struct ctl_column *columns);

/* A value as people read it; out is always filled ("-" for none). */
void ctl_text(char *out, size_t size, const json_t *value,
    enum ctl_kind kind);

/* The answer as it came. */
void ctl_print_json(const json_t *value);

/* rows (with --json the whole answer) or one object, then frees answer. */
void ctl_print_list(struct ctl *c, json_t *answer, const char *key,
    const struct ctl_column *columns);
/* An array of text as one member of row: "a, b". */
void ctl_put_joined(json_t *row, const char *to, const json_t *list,
    const char *between);
void ctl_print_one(struct ctl *c, json_t *answer,
    const struct ctl_column *columns);

/*
 * What is wrong in a file, and where: words into c->err, with --json as JSON
 * as well.  Returns -REL_E_FORMAT.
 */
struct rel_place;
int ctl_wrong_file(struct ctl *c, const char *path,
    const struct rel_place *at);

/* A line for people: nothing with --json. */
void ctl_say(struct ctl *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* With --json the answer, else a line for people; frees answer.  Returns 0. */
int ctl_told(struct ctl *c, json_t *answer, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Wrong use of a verb: words into c->err; gives CTL_MISUSE: exit 2. */
#define CTL_MISUSE (-1000)
int ctl_misuse(struct ctl *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
