/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef PROVE_H
#define PROVE_H

#include "releaserd/directory_wire.h"
#include "releaserd/settings.h"

/*
 * Passwords that programs of this machine check: winbind's ntlm_auth, PAM.  An
 * agent may start no program, so that a second process beside it does, begun
 * before the agent's jail where the settings allow it.  It has no root either;
 * each question runs in a process of its own with a deadline, and a password
 * is never in its arguments or its environment.
 */
enum prove_kind { PROVE_NTLM, PROVE_PAM, PROVE_KINDS };

struct prove_question {
	uint8_t kind;			/* enum prove_kind */
	char where[65];			/* NtDomain, PamService */
	char name[256];
	const uint8_t *password;	/* no NUL in it */
	size_t password_len;		/* 1..PROVE_PASSWORD_MAX */
	uint32_t wait_ms;
};
#define PROVE_PASSWORD_MAX 511u		/* PAM_MAX_RESP_SIZE, and its NUL */

#define NOT_ALLOWED "releaserd.conf does not allow it: "

struct prove_answer {
	uint8_t outcome;		/* enum dir_outcome */
	char words[200];
};

void prove_question_put(struct rel_buf *b, const struct prove_question *q);
int prove_question_get(struct prove_question *q, const void *p, size_t n);
void prove_answer_put(struct rel_buf *b, const struct prove_answer *a);
int prove_answer_get(struct prove_answer *a, const void *p, size_t n);

/* ---- prove.c, in the agent */

/*
 * Before the jail.  *fd is where the end of file says that the second process
 * has died, or -1: the settings want none.  0 or -REL_E_*.
 */
int prove_begin(const struct settings *set, int *fd, struct rel_err *err);
void prove_end(void);

/* Give way until there is an answer; words say why there is none. */
void prove_ask(const struct prove_question *q, struct prove_answer *a);

/* ---- prove_run.c: the second process, until its socket is closed */
void prove_serve(int sock, const struct settings *set)
    __attribute__((noreturn));

/* ---- prove_ntlm.c */

/*
 * What the helper is told, ntlm-server-1 of ntlm_auth(1): all in base64, so
 * that nothing has a meaning there.  False: such a name cannot be.
 */
bool ntlm_request(struct rel_buf *b, const struct prove_question *q);

/* What it says on its standard output and error. */
void ntlm_said(const char *out, const char *log, struct prove_answer *a);

/* ---- pam.c, pam_none.c: releaserd --pam FOLDER SERVICE */

/*
 * Name and password come on standard input, parted by a NUL.  The outcome is
 * the exit status: PAM_EXIT and enum dir_outcome.
 */
#define PAM_EXIT 64
int pam_main(const char *folder, const char *service);

#endif
