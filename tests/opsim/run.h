/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_RUN_H
#define OPSIM_RUN_H

/* "opsim run": the device, until SIGTERM or SIGINT; returns OPSIM_*. */
struct run_args {
	const char *dir, *trace, *locale;
	const char *lpd, *http, *api;	/* "ADDR:PORT" or NULL: not served */
	const char *snmp;		/* "ADDR:PORT" or NULL; profile: of it */
	const char *profile;
	const char *out;		/* NULL: DIR/out */
	const char *control;		/* NULL: none */
	const char *ready_file;		/* NULL: none */
	int ready_fd;			/* -1: none */
	int heartbeat_s;		/* 0: as the server says */
	const char *cards[16];		/* "LABEL=VALUE" */
	int ncards;
	const char *faults[16];
	int nfaults;
};

int run_device(const struct run_args *a);

#endif
