/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/faults.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/text.h"

static const struct known {
	const char *name;
	enum fault_kind kind;
	enum lpd_stage stage;
	int64_t dflt, min, max;
	const char *help;
} known[] = {
#define FAULT(name, kind, stage, dflt, min, max, help) \
	{ name, kind, stage, dflt, min, max, help },
#include "tests/opsim/faults.def"
#undef FAULT
};

#define KNOWN (sizeof known / sizeof known[0])

static const struct known *
known_find(const char *name, size_t n)
{
	for (size_t i = 0; i < KNOWN; i++)
		if (strlen(known[i].name) == n &&
		    strncmp(known[i].name, name, n) == 0)
			return &known[i];
	return NULL;
}

/* "=ARG", " ARG" or nothing, behind the name. */
static int
fault_arg(const struct known *k, const char *s, int64_t *out,
    struct rel_err *err)
{
	*out = k->dflt;
	if (*s != '\0')
		s++;
	if (*s == '\0')
		return 0;
	if (k->max == 0)
		return rel_err_set(err, REL_E_FORMAT,
		    "fault %s takes no argument", k->name);
	if (!rel_int(out, s, k->min, k->max))
		return rel_err_set(err, REL_E_FORMAT,
		    "fault %s: argument must be a number from %" PRId64
		    " to %" PRId64, k->name, k->min, k->max);
	return 0;
}

int
faults_add(struct faults *f, const char *text, struct rel_err *err)
{
	static const char always[] = "always:";
	struct fault *to = &f->set[f->n];
	const struct known *k;
	bool keep = false;
	int64_t arg;
	size_t n;
	int rc;

	if (strcmp(text, "none") == 0) {
		f->n = 0;
		return 0;
	}
	if (strncmp(text, always, sizeof always - 1) == 0) {
		keep = true;
		text += sizeof always - 1;
	}
	n = strcspn(text, "= ");
	if ((k = known_find(text, n)) == NULL)
		return rel_err_set(err, REL_E_NOTFOUND,
		    "no fault is called %.*s", (int)(n > 60 ? 60 : n), text);
	if ((rc = fault_arg(k, text + n, &arg, err)) < 0)
		return rc;
	if (f->n == FAULTS_MAX)
		return rel_err_set(err, REL_E_LIMIT, "too many faults at once");
	*to = (struct fault){ k->name, k->kind, k->stage, arg, keep };
	f->n++;
	return 0;
}

bool
faults_take(struct faults *f, enum fault_kind kind, enum lpd_stage stage,
    int64_t *arg)
{
	for (unsigned i = 0; i < f->n; i++) {
		struct fault *x = &f->set[i];

		if (x->kind != kind || x->stage != stage)
			continue;
		if (arg != NULL)
			*arg = x->arg;
		if (!x->always) {
			memmove(x, x + 1, (f->n - i - 1) * sizeof *x);
			f->n--;
		}
		return true;
	}
	return false;
}

bool
faults_arg(const struct faults *f, enum fault_kind kind, int64_t *arg)
{
	for (unsigned i = 0; i < f->n; i++)
		if (f->set[i].kind == kind) {
			*arg = f->set[i].arg;
			return true;
		}
	return false;
}

bool
faults_armed(const struct faults *f, enum fault_kind kind)
{
	int64_t arg;

	return faults_arg(f, kind, &arg);
}

void
faults_list(const struct faults *f, struct rel_buf *out)
{
	for (unsigned i = 0; i < f->n; i++) {
		const struct fault *x = &f->set[i];

		rel_put_fmt(out, "%s%s%s", i > 0 ? " " : "",
		    x->always ? "always:" : "", x->name);
		if (x->arg != 0)
			rel_put_fmt(out, "=%" PRId64, x->arg);
	}
	if (f->n == 0)
		rel_put_fmt(out, "none");
}

bool
faults_known(unsigned nth, const char **name, const char **help)
{
	if (nth >= KNOWN)
		return false;
	*name = known[nth].name;
	*help = known[nth].help;
	return true;
}
