/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * A file of rules, and behind a NUL byte the job it is held against, a line
 * "name=value" for each value.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/rule.h"
#include "lib/text.h"

static void
is_clean(const char *s, size_t size)
{
	size_t n = strnlen(s, size);

	FUZZ_MUST(n < size && rel_utf8_ok(s, n));
	for (size_t i = 0; i < n; i++)
		FUZZ_MUST((unsigned char)s[i] >= 0x20 && s[i] != 0x7f);
}

struct looks {
	size_t n, matched;
	unsigned line;
};

static void
see(void *arg, const struct rel_rule_look *look)
{
	struct looks *l = arg;

	FUZZ_MUST(look->line >= l->line && look->name[0] != '\0');
	FUZZ_MUST(!look->matched || !look->unknown);
	FUZZ_MUST(look->why[0] != '\0');
	FUZZ_MUST(look->matched == (look->did[0] != '\0'));
	is_clean(look->why, REL_RULE_WHY_MAX);
	is_clean(look->did, REL_RULE_WHY_MAX);
	l->line = look->line;
	l->n++;
	l->matched += look->matched;
}

static bool
changes(const struct rel_rule_change *c)
{
	char text[80];

	rel_rule_change_text(c, text, sizeof text);
	is_clean(text, sizeof text);
	return text[0] != '\0';
}

static void
check_verdict(const struct rel_verdict *v)
{
	is_clean(v->refuse, sizeof v->refuse);
	is_clean(v->ask, sizeof v->ask);
	is_clean(v->approve, sizeof v->approve);
	is_clean(v->charge, sizeof v->charge);
	is_clean(v->suggest, sizeof v->suggest);
	FUZZ_MUST((v->end.name != NULL) == (v->say != REL_RULE_SAY_NOTHING));
	FUZZ_MUST((v->forced.name != NULL) == changes(&v->force));
	FUZZ_MUST(v->asks.name != NULL || !changes(&v->instead));
	FUZZ_MUST(v->ask_late != REL_RULE_CHANGED || changes(&v->instead));
	FUZZ_MUST((v->asks.name != NULL) == (v->ask[0] != '\0'));
	FUZZ_MUST((v->approves.name != NULL) == (v->approve[0] != '\0'));
	FUZZ_MUST((v->charges.name != NULL) == (v->charge[0] != '\0'));
	if (v->say == REL_RULE_SAY_REFUSE)
		FUZZ_MUST(v->asks.name == NULL && v->forced.name == NULL &&
		    v->approves.name == NULL && v->charges.name == NULL);
}

/* The same with and without somebody looking on. */
static void
run(const struct rel_rules *r, const struct rel_case *c,
    enum rel_rule_moment moment)
{
	struct rel_verdict v, alone;
	struct looks l = { 0 };

	FUZZ_MUST(rel_rules_run(r, c, moment, &v, see, &l) == 0);
	FUZZ_MUST(rel_rules_run(r, c, moment, &alone, NULL, NULL) == 0);
	FUZZ_MUST(memcmp(&v, &alone, sizeof v) == 0);
	FUZZ_MUST(l.n <= rel_rules_count(r));
	FUZZ_MUST(v.say != REL_RULE_SAY_NOTHING || l.n == rel_rules_count(r));
	FUZZ_MUST(l.matched > 0 || v.say == REL_RULE_SAY_NOTHING);
	check_verdict(&v);
}

static void
make_case(struct rel_case_words *w, char *text)
{
	char *line, *eq;

	rel_case_words_init(w);
	while ((line = strsep(&text, "\n")) != NULL) {
		struct rel_err err = { 0 };

		if ((eq = strchr(line, '=')) == NULL)
			continue;
		*eq = '\0';
		if (rel_case_words_set(w, line, eq + 1, &err) < 0)
			FUZZ_MUST(err.text[0] != '\0');
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct rel_case_words w;
	const uint8_t *nul = memchr(p, '\0', n);
	size_t len = nul != NULL ? (size_t)(nul - p) : n;
	char *text = malloc(n + 1);
	struct rel_place at = { 0 };
	struct rel_case nothing = { 0 };
	struct rel_rules *r;

	FUZZ_MUST(text != NULL);
	memcpy(text, p, n);
	text[n] = '\0';
	r = rel_rules_read(text, len, &at);
	make_case(&w, text + (nul != NULL ? len + 1 : n));
	if (r == NULL) {
		is_clean(at.word, sizeof at.word);
		is_clean(at.text, sizeof at.text);
		FUZZ_MUST(at.text[0] != '\0');
	} else {
		run(r, &w.c, REL_RULE_HOLD);
		run(r, &w.c, REL_RULE_RELEASE);
		run(r, &nothing, REL_RULE_RELEASE);
	}
	rel_rules_free(&r);
	free(text);
	return 0;
}
