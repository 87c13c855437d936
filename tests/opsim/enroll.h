/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_ENROLL_H
#define OPSIM_ENROLL_H

#include <stdbool.h>

#include "lib/err.h"

/* What "opsim register" was given. */
struct enroll {
	const char *dir, *server, *ca, *pin, *key_file, *trace;
	const char *serial, *vendor, *model, *firmware, *api_url;
	int level;		/* of OPDP */
	const char *native;	/* "copy,scan": functions of its own; or "" */
	bool token;		/* a token instead of a certificate */
};

/*
 * Make a key pair, register with the server by an activation key (first line
 * of key_file, "-" is standard input), keep what comes back in dir.
 * -REL_E_PEER no answer; -REL_E_DENIED the server said no.
 */
int enroll_register(const struct enroll *e, struct rel_err *err);

/* A new key pair and certificate for a registered device. */
int enroll_renew(const char *dir, const char *trace, struct rel_err *err);

#endif
