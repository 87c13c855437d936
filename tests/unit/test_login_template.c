/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Security templates: what is proven, what is asked next, and what is kept. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "releaserd/core/directories.h"
#include "tests/unit/core_stubs.h"
#include "tests/unit/store_fixture.h"

#define TEMPLATE(name) \
	cmocka_unit_test_setup_teardown(name, stub_open, stub_close)

static struct template
make(bool all, unsigned ngroups, unsigned nblocks, const struct proof *blocks)
{
	struct template t = { .all = all, .ngroups = ngroups,
	    .nblocks = nblocks };

	memcpy(t.block, blocks, nblocks * sizeof *blocks);
	return t;
}

/* ---- every combination of two blocks and two proofs, all that can be */

#define KINDS ((int)BLOCK_BACKUP)		/* no template asks for it */

static bool
fits(int proof, int block)
{
	return proof == block || (proof == BLOCK_CARD_PIN &&
	    block == BLOCK_CARD);
}

static void
check_one(bool all, bool grouped, const int b[2], const int p[2],
    unsigned np, enum template_who who)
{
	struct proof blocks[2] = { { (enum block)b[0], 0 },
	    { (enum block)b[1], 0 } };
	struct proof proofs[2] = { { (enum block)p[0], 7 },
	    { (enum block)p[1], 0 } };
	struct template t = make(all, grouped, 2, blocks);
	bool has[2] = { false, false }, right, passes;
	enum template_answer got;
	unsigned asks = 99;

	for (unsigned i = 0; i < 2; i++)
		for (unsigned k = 0; k < np; k++)
			has[i] = has[i] || fits(p[k], b[i]);
	right = all ? has[0] && has[1] : has[0] || has[1];
	passes = !grouped || who == TEMPLATE_MEMBER;
	got = template_weigh(&t, proofs, np, who, &asks);
	assert_int_equal(right && passes, got == TEMPLATE_OPEN);
	if (grouped && who == TEMPLATE_STRANGER)
		assert_int_equal(TEMPLATE_CLOSED, got);
	else if (!right)
		assert_true(got == TEMPLATE_MORE || (grouped && !all &&
		    block_is_of_nobody(blocks[0].block) &&
		    block_is_of_nobody(blocks[1].block)));
	/* What is asked is what is missing, in order, and no more. */
	if (got != TEMPLATE_MORE)
		assert_int_equal(0, asks);
	else if (all)
		assert_int_equal(has[0] ? 2 : 1, asks);
	else if (!grouped)
		assert_int_equal(3, asks);
	else
		assert_int_equal((block_is_of_nobody(blocks[0].block) ? 0 : 1)
		    | (block_is_of_nobody(blocks[1].block) ? 0 : 2), asks);
}

UNIT(every_combination_of_two_blocks_and_two_proofs)
{
	long n = 0;

	for (int i = 0; i < KINDS * KINDS; i++)
		for (int k = 0; k < KINDS * KINDS; k++)
			for (int m = 0; m < 2 * 2 * 3 * 3; m++) {
				int b[2] = { i / KINDS, i % KINDS };
				int p[2] = { k / KINDS, k % KINDS };

				check_one(m & 1, m & 2, b, p,
				    (unsigned)(m / 4 % 3),
				    (enum template_who)(m / 12));
				n++;
			}
	assert_int_equal(36L * KINDS * KINDS * KINDS * KINDS, n);
}

UNIT(a_block_that_names_its_directory_wants_that_one)
{
	static const struct proof school = { BLOCK_LDAP, 1 },
	    office = { BLOCK_LDAP, 2 }, any = { BLOCK_LDAP, 0 },
	    gssapi = { BLOCK_GSSAPI, 1 };
	struct template named = make(false, 0, 1, &school),
	    of_any = make(false, 0, 1, &any);

	assert_int_equal(TEMPLATE_OPEN, template_weigh(&named, &school, 1,
	    TEMPLATE_NOBODY, NULL));
	assert_int_equal(TEMPLATE_MORE, template_weigh(&named, &office, 1,
	    TEMPLATE_NOBODY, NULL));
	assert_int_equal(TEMPLATE_MORE, template_weigh(&named, &gssapi, 1,
	    TEMPLATE_NOBODY, NULL));
	assert_int_equal(TEMPLATE_OPEN, template_weigh(&of_any, &office, 1,
	    TEMPLATE_NOBODY, NULL));
	assert_int_equal(TEMPLATE_MORE, template_weigh(&of_any, NULL, 0,
	    TEMPLATE_NOBODY, NULL));
}

UNIT(a_card_is_not_a_card_with_its_pin)
{
	static const struct proof card = { BLOCK_CARD, 0 },
	    both = { BLOCK_CARD_PIN, 0 };
	struct template wants_card = make(true, 0, 1, &card),
	    wants_both = make(true, 0, 1, &both);

	assert_int_equal(TEMPLATE_OPEN, template_weigh(&wants_card, &both, 1,
	    TEMPLATE_MEMBER, NULL));
	assert_int_equal(TEMPLATE_MORE, template_weigh(&wants_both, &card, 1,
	    TEMPLATE_MEMBER, NULL));
}

UNIT(what_was_proven_out_of_order_counts_and_the_first_gap_is_asked)
{
	static const struct proof blocks[] = { { BLOCK_CARD, 0 },
	    { BLOCK_INTERNAL, 0 }, { BLOCK_ID_NUMBER, 0 } };
	static const struct proof late[] = { { BLOCK_ID_NUMBER, 0 },
	    { BLOCK_CARD, 0 } };
	struct template t = make(true, 0, 3, blocks);
	unsigned asks;

	assert_int_equal(TEMPLATE_MORE, template_weigh(&t, late, 1,
	    TEMPLATE_MEMBER, &asks));
	assert_int_equal(1, asks);
	assert_int_equal(TEMPLATE_MORE, template_weigh(&t, late, 2,
	    TEMPLATE_MEMBER, &asks));
	assert_int_equal(2, asks);
}

/* ---- what is written */

static int
read_row(bool all, const char *blocks, const char *groups, const char **field,
    struct template *t)
{
	struct template_row r = { .id = 5, .key = "t", .name = "T",
	    .all = all };
	struct rel_err err = { 0 };
	int rc;

	snprintf(r.blocks, sizeof r.blocks, "%s", blocks);
	snprintf(r.groups, sizeof r.groups, "%s", groups);
	rc = template_parse(stub_core, &r, t, field, &err);
	assert_int_equal(rc < 0, err.text[0] != '\0');
	return rc;
}

UNIT(what_makes_no_sense_is_refused_with_its_member)
{
	static const struct {
		bool all;
		const char *blocks, *groups, *field;
	} t[] = {
		{ false, "", "", "blocks" },
		{ false, "crad\n", "", "blocks" },
		{ false, "\n", "", "blocks" },
		{ false, "backup\n", "", "blocks" },
		{ false, "card:school\n", "", "blocks" },
		{ false, "internal:school\n", "", "blocks" },
		{ false, "ldap:nowhere\n", "", "blocks" },
		{ false, "ldap:\n", "", "blocks" },
		{ false, "card\ncard\n", "", "blocks" },
		{ true, "card\ninternal\ncode\nldap\npam\n", "", "blocks" },
		{ false, "card\n", "\n", "groups" },
		{ false, "device-pin\ndevice-password\n", "staff\n",
		    "groups" },
	};
	const char *field;
	struct template got;

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		field = "";
		assert_int_equal(-REL_E_FORMAT, read_row(t[i].all,
		    t[i].blocks, t[i].groups, &field, &got));
		assert_string_equal(t[i].field, field);
	}
}

UNIT(blocks_and_groups_are_read)
{
	const char *field;
	struct template t;

	assert_int_equal(0, read_row(true, "card\nldap+gssapi\n",
	    "Staff\nLab\n", &field, &t));
	assert_true(t.all);
	assert_int_equal(2, t.nblocks);
	assert_int_equal(BLOCK_CARD, t.block[0].block);
	assert_int_equal(BLOCK_GSSAPI, t.block[1].block);
	assert_int_equal(2, t.ngroups);
	assert_string_equal("staff", t.group[0]);
	assert_string_equal("lab", t.group[1]);
}

static void
keep(int64_t id, const char *name, bool all, const char *blocks)
{
	struct template_row r = { .id = id, .all = all };

	snprintf(r.key, sizeof r.key, "%s", name);
	snprintf(r.name, sizeof r.name, "%s", name);
	snprintf(r.blocks, sizeof r.blocks, "%s", blocks);
	fixture_begin();
	assert_int_equal(0, store_template_set(st, &r));
	templates_changed(stub_core);
	stub_commit();
}

UNIT(it_holds_when_it_is_on_disk)
{
	const struct template *t;

	assert_null(templates_at(stub_core, 0));
	keep(3, "strict", true, "card\ninternal\n");
	assert_non_null(t = template_named(stub_core, "STRICT"));
	assert_int_equal(3, t->id);
	assert_ptr_equal(t, template_of(stub_core, 3));
	assert_null(template_of(stub_core, 4));
	fixture_begin();
	assert_int_equal(0, store_template_del(st, 3));
	assert_int_equal(-REL_E_NOTFOUND, store_template_del(st, 4));
	templates_changed(stub_core);
	assert_non_null(template_of(stub_core, 3));
	stub_commit();
	assert_null(template_of(stub_core, 3));
}

UNIT(a_session_is_answered_and_told_why)
{
	struct session s = { .nproofs = 0 };
	char words[700];
	unsigned asks;

	keep(3, "strict", true, "card\ninternal\n");
	assert_int_equal(TEMPLATE_UNKNOWN, template_answer(stub_core, 9, &s,
	    NULL));
	assert_int_equal(TEMPLATE_MORE, template_answer(stub_core, 3, NULL,
	    &asks));
	assert_int_equal(1, asks);
	template_explain(stub_core, 3, NULL, words, sizeof words);
	assert_string_equal("the template \"strict\" asks for a card first",
	    words);
	s.user.id = 1;
	s.proof[s.nproofs++] = (struct proof){ BLOCK_CARD, 0 };
	template_explain(stub_core, 3, &s, words, sizeof words);
	assert_string_equal("the template \"strict\" asks for a password kept "
	    "here next", words);
	s.proof[s.nproofs++] = (struct proof){ BLOCK_INTERNAL, 0 };
	assert_int_equal(TEMPLATE_OPEN, template_answer(stub_core, 3, &s,
	    NULL));
	template_explain(stub_core, 9, &s, words, sizeof words);
	assert_non_null(strstr(words, "nobody may pass"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEMPLATE(every_combination_of_two_blocks_and_two_proofs),
		TEMPLATE(a_block_that_names_its_directory_wants_that_one),
		TEMPLATE(a_card_is_not_a_card_with_its_pin),
		TEMPLATE(what_was_proven_out_of_order_counts_and_the_first_gap_is_asked),
		TEMPLATE(what_makes_no_sense_is_refused_with_its_member),
		TEMPLATE(blocks_and_groups_are_read),
		TEMPLATE(it_holds_when_it_is_on_disk),
		TEMPLATE(a_session_is_answered_and_told_why)
	};

	return cmocka_run_group_tests_name("login_template", tests, NULL,
	    NULL);
}
