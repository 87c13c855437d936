/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_SCRIPT_H
#define OPSIM_SCRIPT_H

/* "opsim panel": run a script of panel commands; returns OPSIM_*. */
struct script_args {
	const char *dir;	/* STATE: this process is the panel */
	const char *control;	/* or the socket of a running opsim */
	const char *out;	/* where it prints, for wait-printed; NULL */
	const char *trace, *locale;
	const char *file;	/* the script; "-" is standard input */
	const char *faults[16];
	int nfaults;
};

int script_run(const struct script_args *a);

#endif
