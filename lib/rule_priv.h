/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_RULE_PRIV_H
#define REL_RULE_PRIV_H

#include "lib/rule.h"

/* What lib/rule*.c share. */

/* ---- rules as they are kept */

enum rule_op {
	RULE_AND, RULE_OR, RULE_NOT,	/* of `child` and what hangs on it */
	RULE_NUM,			/* num[what] against number or num[other] */
	RULE_TEXT,			/* one of the patterns */
	RULE_SIDES,			/* one of the bits of number */
	RULE_TIME,			/* from..to minutes, days as bits */
	RULE_CONFIDENTIAL,
	RULE_KNOWN			/* is the value `what` of `of` known? */
};

/* Texts a rule can ask for. */
enum rule_text {
	RULE_USER, RULE_GROUP, RULE_QUEUE, RULE_DEVICE, RULE_DEVICE_GROUP,
	RULE_APPLICATION, RULE_TITLE, RULE_FORMAT, RULE_MEDIA, RULE_TEXTS
};

enum rule_cmp { RULE_LT, RULE_LE, RULE_EQ, RULE_NE, RULE_GE, RULE_GT };
enum rule_kind { RULE_COUNT, RULE_BYTES, RULE_MONEY };
enum rule_tri { RULE_NO, RULE_YES, RULE_MAYBE };

/* A word that stands for a value of a job. */
struct rule_value {
	const char *word;
	uint8_t op;			/* RULE_NUM, RULE_TEXT ... */
	uint8_t what;			/* rel_case_num or rule_text */
	uint8_t kind;			/* enum rule_kind, of numbers */
};
extern const struct rule_value rule_values[];	/* ends with word NULL */

/* By its word in either case, n bytes; NULL. */
const struct rule_value *rule_value_find(const char *word, size_t n);

/* The word for a number or text; never NULL. */
const char *rule_value_word(enum rule_op op, unsigned what);

struct rule_pattern {
	const char *shown;		/* as it was written */
	const char *text;		/* folded */
	uint32_t n, hash;		/* bytes of text; rule_hash() */
	uint32_t width, height;		/* of media; 0 for a pattern */
	uint32_t plain;			/* bytes before its first * or ? */
	bool wild;
};

struct rule_node {
	uint8_t op, what, cmp, kind;
	uint8_t days;			/* bit 0 is Sunday, as tm_wday */
	bool invert;			/* of a text, of sides, of a time: != */
	bool to_value;			/* a number against num[other] */
	uint8_t other;
	uint16_t from, to;		/* minutes of the day; from > to: night */
	uint32_t child, next;		/* nodes; 0 for none */
	uint32_t pattern, npatterns;
	int64_t number;
	const char *shown;		/* a time, as it was written */
};

struct rule_action {
	uint8_t kind;			/* enum rel_rule_do */
	uint8_t moments;		/* of enum rel_rule_moment */
	uint8_t late;			/* enum rel_rule_late */
	uint32_t timeout_s;
	unsigned line;
	struct rel_rule_change change;
	const char *text;		/* or name; "" for the cheapest */
};

struct rule {
	const char *name;
	unsigned line;
	uint32_t cond;			/* node; 0: always */
	uint32_t action, nactions;
};

struct rule_mention {
	const char *kind, *name;
	unsigned line;
};

struct rel_rules {
	struct rule *rules;
	size_t nrules, rules_cap;
	struct rule_node *nodes;	/* the first one is not used */
	size_t nnodes, nodes_cap;
	struct rule_action *actions;
	size_t nactions, actions_cap;
	struct rule_pattern *patterns;
	size_t npatterns, patterns_cap;
	struct rule_mention *mentions;
	size_t nmentions, mentions_cap;
	char *pool;			/* all texts; never moves */
	size_t pool_used, pool_size;
};

/* ---- rule_lex.c: words, and what is wrong with them */

enum rule_token { RULE_T_END, RULE_T_WORD, RULE_T_STRING, RULE_T_CMP,
	RULE_T_COMMA, RULE_T_OPEN, RULE_T_CLOSE };

struct rule_parser {
	const char *p, *end;
	unsigned line;			/* of p */
	struct rel_rules *r;
	struct rel_place *at;
	bool failed;
	unsigned depth;
	/* The token that comes next. */
	uint8_t type, cmp;
	unsigned tok_line;
	size_t n;
	char tok[1024];
};

/* The first thing that is wrong stays. Returns false. */
bool rule_fail(struct rule_parser *p, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
bool rule_fail_at(struct rule_parser *p, unsigned line, const char *word,
    const char *what);

/* Go on to the next token; false when it is none. */
bool rule_next(struct rule_parser *p);

/* Is the next token this bare word? And go past it? */
bool rule_is(const struct rule_parser *p, const char *word);
bool rule_take(struct rule_parser *p, const char *word);
bool rule_take_comma(struct rule_parser *p);

/* Is it a bare word of the language, one that cannot be a name? */
bool rule_is_reserved(const struct rule_parser *p);

/* A copy that lives with the rules; NULL and failed when there is no room. */
char *rule_keep(struct rule_parser *p, const char *s, size_t n);

/* Room for one more of `each` bytes; the new v, or NULL and failed. */
void *rule_grow(struct rule_parser *p, void *v, size_t *cap, size_t n,
    size_t each);

/* That a group, device ... is named, for rel_rules_name(). */
bool rule_mention(struct rule_parser *p, const char *kind, const char *name,
    unsigned line);

/* The word of a list that ends with NULL that is written most like it. */
const char *rule_nearest(const char *word, const char *const *list);

/* ---- rule_cond.c: a condition; its node, or 0 and failed */
uint32_t rule_read_cond(struct rule_parser *p);

/* ---- rule_do.c: all actions of a rule */
extern const char *const rule_do_words[];	/* by rel_rule_do; ends with NULL */
bool rule_read_actions(struct rule_parser *p, struct rule *rule);

/* ---- rule_match.c */

/* A text of a job as patterns are held against it. */
struct rule_name {
	const char *shown, *text;
	uint32_t n, hash;
	uint32_t width, height;		/* of media */
};
#define RULE_WILD_MAX 63u		/* bytes of a pattern without its stars */

uint32_t rule_hash(const char *s, size_t n);
bool rule_match(const struct rule_pattern *p, const struct rule_name *name);

/* How many bytes beside the stars; too many cannot be a pattern. */
size_t rule_wild_bytes(const char *s);

struct rule_span {
	int64_t low, high;
	bool known;
};
enum rule_tri rule_compare(enum rule_cmp cmp, struct rule_span a,
    struct rule_span b);

/* ---- rule_text.c: lines of text */

struct rule_line {
	char *s;
	size_t size, len;		/* len >= size: cut */
};
void rule_line_init(struct rule_line *l, char *s, size_t size);
void rule_line_put(struct rule_line *l, const char *s);
void rule_line_int(struct rule_line *l, int64_t v);
void rule_line_add(struct rule_line *l, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void rule_line_end(struct rule_line *l);	/* clean, "..." when cut */

/* A number of a kind: "24", "12.50". */
void rule_line_number(struct rule_line *l, enum rule_kind kind, int64_t v);

/* A number of a job in words: "24", "12.50", "at most 7", "unknown". */
void rule_line_value(struct rule_line *l, const struct rel_case *c,
    unsigned num);
const char *rule_sides_text(unsigned sides);

/* The kind of a number, enum rule_kind. */
enum rule_kind rule_num_kind(unsigned num);

/* Is every {word} of a text known? Else the bad one, cut, in bad. */
bool rule_text_ok(const char *text, char bad[64]);
void rule_text_fill(char out[REL_RULE_TEXT_MAX], const char *text,
    const struct rel_case *c);

/* ---- rule_read.c: what both the file and rel_case_words_set() read */

/* "7", "1.50", "3m", by kind; false with words. */
bool rule_number(int64_t *out, const char *text, enum rule_kind kind,
    struct rel_err *err);
/* "mon" or "fri-mon" as bits; 0 when it is no day. */
uint8_t rule_days(const char *s);
/* A word of sides as bits of enum rel_duplex; 0 when it is none. */
unsigned rule_sides_bits(const char *s);
/* The word of rel_facts for a format or its MIME type; NULL: unknown type. */
const char *rule_format(const char *s);

#endif
