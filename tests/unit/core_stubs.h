/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CORE_STUBS_H
#define CORE_STUBS_H

#include "releaserd/core/core.h"
#include "releaserd/core/login_step.h"

/*
 * A core with a real database and without processes around it: answers are
 * kept for the test to look at, an agent answers as it is told, and what was
 * put off happens at stub_commit().
 */
extern struct core *stub_core;

/* What was answered last: "ok", "denied:REASON" or "problem:CODE". */
extern char stub_said[100];
extern int stub_answers;		/* how many there were */

/* What the agent was asked: the verifier, and how often. */
extern char stub_verifier[200];
extern int stub_asked;

/* The template that a log-in at every device must satisfy; and what the menu
 * of a log-in that was answered last asks for. */
extern int64_t stub_template;
extern struct login_ask stub_ask;

/* The agent answers: 1 right, 0 wrong, -1 it died. */
void stub_agent(int right);

void stub_commit(void);

int stub_open(void **state);
int stub_close(void **state);
#define CORED(name) \
	cmocka_unit_test_setup_teardown(name, stub_open, stub_close)

#endif
