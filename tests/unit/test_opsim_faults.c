/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/opsim/faults.h"
#include "tests/opsim/runner.h"
#include "tests/opsim/state.h"

static void
list_is(const struct faults *f, const char *want)
{
	struct rel_buf b;

	rel_buf_init(&b);
	faults_list(f, &b);
	rel_put_u8(&b, 0);
	assert_string_equal((char *)b.data, want);
	rel_buf_fini(&b);
}

UNIT(once_and_always)
{
	struct faults f = { .n = 0 };
	int64_t arg = -1;

	assert_int_equal(faults_add(&f, "nak-data=3", NULL), 0);
	assert_int_equal(faults_add(&f, "always:slow 100", NULL), 0);
	list_is(&f, "nak-data=3 always:slow=100");
	assert_false(faults_take(&f, FAULT_NAK, AT_QUEUE, &arg));
	assert_true(faults_take(&f, FAULT_NAK, AT_DATA, &arg));
	assert_int_equal(arg, 3);
	assert_false(faults_take(&f, FAULT_NAK, AT_DATA, &arg));
	for (int i = 0; i < 3; i++)
		assert_true(faults_take(&f, FAULT_SLOW, AT_NONE, &arg));
	assert_int_equal(arg, 100);
	assert_int_equal(faults_add(&f, "none", NULL), 0);
	list_is(&f, "none");
}

UNIT(defaults)
{
	struct faults f = { .n = 0 };
	int64_t arg = -1;

	assert_int_equal(faults_add(&f, "nak-queue", NULL), 0);
	assert_int_equal(faults_add(&f, "drop-mid-data=0", NULL), 0);
	assert_true(faults_take(&f, FAULT_NAK, AT_QUEUE, &arg));
	assert_int_equal(arg, 1);
	assert_true(faults_take(&f, FAULT_MID_DATA, AT_NONE, &arg));
	assert_int_equal(arg, 0);
}

UNIT(what_is_refused)
{
	static const struct {
		const char *text;
		int rc;
	} bad[] = {
		{ "", -REL_E_NOTFOUND }, { "nak", -REL_E_NOTFOUND },
		{ "NAK-QUEUE", -REL_E_NOTFOUND },
		{ "always:", -REL_E_NOTFOUND },
		{ "nak-queue=0", -REL_E_FORMAT },
		{ "nak-queue=256", -REL_E_FORMAT },
		{ "nak-queue=x", -REL_E_FORMAT },
		{ "nak-queue=1 2", -REL_E_FORMAT },
		{ "drop-reply=1", -REL_E_FORMAT },
		{ "slow=0", -REL_E_FORMAT },
	};
	struct faults f = { .n = 0 };
	struct rel_err err;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(faults_add(&f, bad[i].text, &err),
		    bad[i].rc);
		assert_int_equal(f.n, 0);
	}
	for (int i = 0; i < FAULTS_MAX; i++)
		assert_int_equal(faults_add(&f, "nak-data", &err), 0);
	assert_int_equal(faults_add(&f, "nak-data", &err), -REL_E_LIMIT);
}

/* Does the manual have an item ".It MACRO NAME"? */
static bool
told(const char *text, const char *macro, const char *name)
{
	char want[80];
	size_t n = (size_t)snprintf(want, sizeof want, "\n.It %s %s", macro,
	    name);

	for (; (text = strstr(text, want)) != NULL; text += n)
		if (text[n] == ' ' || text[n] == '\n')
			return true;
	return false;
}

/* A fault or a command that opsim(1) does not tell of is of no use. */
UNIT(manual_names_them)
{
	const char *srcdir = getenv("srcdir"), *name, *help;
	char path[600];
	struct rel_buf b;
	const char *text;

	snprintf(path, sizeof path, "%s/man/opsim.1",
	    srcdir != NULL ? srcdir : ".");
	rel_buf_init(&b);
	assert_int_equal(file_read(path, 1u << 20, &b, NULL), 0);
	rel_put_u8(&b, 0);
	text = (const char *)b.data;
	for (unsigned i = 0; faults_known(i, &name, &help); i++) {
		if (!told(text, "Cm", name))
			fail_msg("opsim(1) does not tell of fault %s", name);
	}
	for (const struct command *c = commands; c->name != NULL; c++) {
		if (!told(text, "Ic", c->name))
			fail_msg("opsim(1) does not tell of %s", c->name);
	}
	rel_buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(once_and_always), UNIT_RUN(defaults),
		UNIT_RUN(what_is_refused), UNIT_RUN(manual_names_them)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
