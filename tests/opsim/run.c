/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/run.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"
#include "tests/opsim/api.h"
#include "tests/opsim/control.h"
#include "tests/opsim/heartbeat.h"
#include "tests/opsim/lpd_conn.h"
#include "tests/opsim/mib.h"
#include "tests/opsim/opsim.h"
#include "tests/opsim/poll.h"
#include "tests/opsim/web.h"

struct running {
	struct opsim sim;
	struct api *api;
	struct control *control;
	struct heartbeat *heart;
	struct mib *mib;
	struct poll *poll;
	struct web *web;
	struct event *stops[2];
};

static void
on_stop(evutil_socket_t sig, short what, void *ctx)
{
	(void)sig;
	(void)what;
	event_base_loopbreak(ctx);
}

static int
start_services(struct running *r, const struct run_args *a,
    struct rel_err *err)
{
	struct opsim *sim = &r->sim;
	char out[STATE_PATH];
	int rc;

	state_path(&sim->st, "out", out);
	rc = tray_new(&sim->tray, a->out != NULL ? a->out : out, &sim->dev,
	    err);
	if (rc == 0) {
		tray_obeys(sim->tray, &sim->st);
		snprintf(sim->out, sizeof sim->out, "%s",
		    tray_dir(sim->tray));
	}
	if (rc == 0 && state_int(&sim->st, "level", 1) >= 3 &&
	    (rc = usage_new(&sim->usage, sim, err)) == 0)
		tray_watch(sim->tray, usage_paper, sim->usage);
	if (rc == 0 && (sim->walkup = walkup_new(sim)) == NULL)
		rc = rel_err_set(err, REL_E_NOMEM, "no memory");
	if (rc == 0 && a->lpd != NULL)
		rc = lpd_new(&sim->lpd, &(struct lpd_shared){ .base = sim->base,
		    .tray = sim->tray, .faults = &sim->faults,
		    .st = &sim->st }, a->lpd, err);
	if (rc == 0 && a->api != NULL)
		rc = api_new(&r->api, sim, a->api, err);
	if (rc == 0 && a->snmp != NULL)
		rc = mib_new(&r->mib, sim, a->snmp, a->profile, err);
	if (rc == 0)
		rc = heartbeat_new(&r->heart, sim, a->heartbeat_s, err);
	if (rc == 0)
		sim->heart = r->heart;
	if (rc == 0)
		rc = poll_new(&r->poll, sim, err);
	if (rc == 0 && a->http != NULL)
		rc = web_new(&r->web, sim, r->heart, a, err);
	if (rc == 0 && a->control != NULL)
		rc = control_new(&r->control, sim, a->control, err);
	for (int i = 0; rc == 0 && i < a->nfaults; i++)
		rc = opsim_fault(sim, a->faults[i], err);
	return rc;
}

/* STATE/ports, as shell assignments. */
static int
write_ports(const struct running *r, struct rel_err *err)
{
	const struct opsim *sim = &r->sim;
	struct rel_buf b;
	int rc;

	rel_buf_init(&b);
	rel_put_fmt(&b, "LPD_PORT=%u\nHTTP_PORT=%u\nAPI_PORT=%u\n"
	    "SNMP_PORT=%u\n",
	    sim->lpd != NULL ? lpd_port(sim->lpd) : 0,
	    r->web != NULL ? web_port(r->web) : 0,
	    r->api != NULL ? api_port(r->api) : 0,
	    r->mib != NULL ? mib_port(r->mib) : 0);
	rel_put_fmt(&b, "OPSIM_OUT='%s'\nOPSIM_PID=%d\n", sim->out,
	    (int)getpid());
	rc = b.failed != 0 ? rel_err_set(err, REL_E_NOMEM, "no memory") :
	    state_write(&sim->st, "ports", b.data, b.len, 0600, err);
	rel_buf_fini(&b);
	return rc;
}

/* Everybody who waits for us may go on. */
static void
say_ready(const struct running *r, const struct run_args *a)
{
	int fd = a->ready_fd;

	printf("opsim:");
	if (r->sim.lpd != NULL)
		printf(" lpd %s", lpd_name(r->sim.lpd));
	if (r->web != NULL)
		printf(" http %s", web_name(r->web));
	if (r->api != NULL)
		printf(" api %s", api_name(r->api));
	if (r->mib != NULL)
		printf(" snmp %u", mib_port(r->mib));
	printf(" out %s\n", r->sim.out);
	fflush(stdout);
	if (a->ready_file != NULL)
		fd = open(a->ready_file, O_WRONLY | O_CREAT | O_TRUNC |
		    O_CLOEXEC, 0600);
	if (fd >= 0) {
		if (write(fd, "ready\n", 6) != 6)
			perror("opsim: ready");
		close(fd);
	}
}

static int
serve(struct running *r, const struct run_args *a, struct rel_err *err)
{
	struct opsim *sim = &r->sim;
	int rc;

	if ((rc = start_services(r, a, err)) < 0 ||
	    (rc = write_ports(r, err)) < 0)
		return rc;
	signal(SIGPIPE, SIG_IGN);
	r->stops[0] = evsignal_new(sim->base, SIGTERM, on_stop, sim->base);
	r->stops[1] = evsignal_new(sim->base, SIGINT, on_stop, sim->base);
	evsignal_add(r->stops[0], NULL);
	evsignal_add(r->stops[1], NULL);
	say_ready(r, a);
	event_base_dispatch(sim->base);
	return 0;
}

static void
running_close(struct running *r)
{
	for (int i = 0; i < 2; i++)
		if (r->stops[i] != NULL)
			event_free(r->stops[i]);
	control_free(&r->control);
	web_free(&r->web);
	api_free(&r->api);
	mib_free(&r->mib);
	/* requests on their way point at the heartbeat: first the client */
	https_free(&r->sim.net);
	heartbeat_free(&r->heart);
	poll_free(&r->poll);
	opsim_close(&r->sim);
}

int
run_device(const struct run_args *a)
{
	struct rel_err err = { .code = 0 };
	struct running r = { .api = NULL };
	int rc;

	rel_log_init("opsim", REL_INFO);
	rc = opsim_open(&r.sim, a->dir, a->trace, a->locale, &err);
	if (rc == 0)
		rc = serve(&r, a, &err);
	if (rc < 0)
		fprintf(stderr, "opsim: %s\n", err.text);
	running_close(&r);
	return rc == 0 ? OPSIM_OK : rc == -REL_E_PEER ? OPSIM_TROUBLE :
	    OPSIM_USAGE;
}
