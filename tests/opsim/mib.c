/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/mib.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/text.h"
#include "tests/snmp/agent.h"

#define HR "1.3.6.1.2.1.25.3."
#define PRT "1.3.6.1.2.1.43."
#define SERIAL PRT "5.1.1.17.1"
#define DEVICE_ID "1.3.6.1.4.1.2699.1.2.1.2.1.1.3.1"

struct mib {
	struct opsim *sim;
	struct snmp_agent *agent;
	struct faults seen;		/* that the agent obeys */
	bool jam, door;			/* that stand in its table of alerts */
	unsigned alerts;		/* that came or went */
	struct event *ev;
	int fd;
	uint16_t port;
	char profile[400];
};

static void
set(struct mib *s, const char *oid, const char *type, const char *value)
{
	char line[1024];

	snprintf(line, sizeof line, "%s|%s|%s", oid, type, value);
	(void)snmp_agent_set(s->agent, line);
}

static void
set_number(struct mib *s, const char *oid, const char *type, int64_t v)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)v);
	set(s, oid, type, text);
}

/* ---- faults */

/* Some printers say it there only, and in hex. */
static void
hex_serial(struct mib *s, const char *serial)
{
	char hex[2 * 64 + 1], id[300];
	size_t n = strlen(serial);

	rel_hex(hex, serial, n < 64 ? n : 64);
	snprintf(id, sizeof id, "MFG:Example;MDL:opsim;SN:%s;", hex);
	set(s, "1.3.6.1.2.1.1.2.0", "6", "1.3.6.1.4.1.1248.1");
	set(s, SERIAL, "4", "");
	set(s, DEVICE_ID, "4", id);
}

/* The profile anew, and what is armed. */
static bool
obey(struct mib *s)
{
	struct opsim *sim = s->sim;
	const char *serial = state_str(&sim->st, "serial", "");
	char text[24];
	int64_t level;

	snmp_agent_free(&s->agent);
	if ((s->agent = snmp_agent_load(s->profile)) == NULL)
		return false;
	s->seen = sim->faults;
	set(s, SERIAL, "4", serial);
	if (faults_armed(&sim->faults, FAULT_SNMP_V1))
		(void)snmp_agent_option(s->agent, "@versions", "1");
	if (faults_armed(&sim->faults, FAULT_SNMP_HEX))
		hex_serial(s, serial);
	if (faults_arg(&sim->faults, FAULT_SNMP_LEVEL, &level)) {
		snprintf(text, sizeof text, "%lld", (long long)level);
		snmp_agent_fill(s->agent, PRT "8.2.1.10", "2", text);
		snmp_agent_fill(s->agent, PRT "11.1.1.9", "2", text);
	}
	return true;
}

/* ---- how the device is */

static int64_t
life(const struct opsim *sim)
{
	int64_t n = sim->usage != NULL ? json_integer_value(json_object_get(
	    usage_life(sim->usage), "impressions")) : sim->dev.printed;

	if (faults_armed(&sim->faults, FAULT_SNMP_WRAP))
		n += UINT32_MAX - 1;
	return n & UINT32_MAX;
}

/* hrPrinterDetectedErrorState: bit 0 is the first of the first octet. */
static void
set_errors(struct mib *s)
{
	const struct device *d = &s->sim->dev;
	unsigned bits = (d->door ? 0x08u : 0) | (d->jam ? 0x04u : 0);
	char text[8];

	snprintf(text, sizeof text, "%02x%s", bits, faults_armed(
	    &s->sim->faults, FAULT_SNMP_OCTET) ? "" : "00");
	set(s, HR "5.1.2.1", "4x", text);
}

/* prtAlertTable, and the counters of what came into it or left it. */
static void
set_alerts(struct mib *s)
{
	const struct device *d = &s->sim->dev;
	const struct device_alert *one;
	char row[48];

	for (unsigned n = 0; (one = device_alert(d, n)) != NULL; n++) {
		const struct { int column; int64_t v; } values[] = {
			{ 2, 3 }, { 4, one->group_n }, { 5, 1 },
			{ 7, one->code }
		};

		for (size_t i = 0; i < 4; i++) {
			snprintf(row, sizeof row, PRT "18.1.1.%d.1.%u",
			    values[i].column, n + 1);
			set_number(s, row, "2", values[i].v);
		}
		snprintf(row, sizeof row, PRT "18.1.1.8.1.%u", n + 1);
		set(s, row, "4", one->text);
	}
	set_number(s, PRT "5.1.1.18.1", "65", s->alerts);
	set_number(s, PRT "5.1.1.19.1", "65", s->alerts);
}

static void
set_paper(struct mib *s)
{
	const struct device *d = &s->sim->dev;
	int64_t width, height;
	const char *name = device_loaded(d, &width, &height);

	if (d->loads == 0)
		return;			/* as the profile says */
	set(s, PRT "8.2.1.12.1.1", "4", name);
	set_number(s, PRT "8.2.1.4.1.1", "2", height);
	set_number(s, PRT "8.2.1.5.1.1", "2", width);
	set_number(s, PRT "5.1.1.1.1", "65", 1 + (int64_t)d->loads);
}

static bool
refresh(struct mib *s)
{
	const struct device *d = &s->sim->dev;
	bool well = device_ready(d);

	s->alerts += (unsigned)(s->jam != d->jam) +
	    (unsigned)(s->door != d->door);
	if ((memcmp(&s->seen, &s->sim->faults, sizeof s->seen) != 0 ||
	    s->jam != d->jam || s->door != d->door) && !obey(s))
		return false;		/* the rows of before are gone */
	s->jam = d->jam;
	s->door = d->door;
	set_alerts(s);
	set_paper(s);
	set_number(s, HR "5.1.1.1", "2", well ? 3 : 1);
	set_number(s, HR "2.1.5.1", "2", well ? 2 : 5);
	set_number(s, PRT "10.2.1.4.1.1", "65", life(s->sim));
	set_errors(s);
	return true;
}

/* ---- the service */

static void
on_question(evutil_socket_t fd, short what, void *ctx)
{
	struct mib *s = ctx;
	char nothing[1];

	(void)what;
	if (!s->sim->dev.off && refresh(s))
		(void)snmp_agent_one(s->agent, fd);
	else
		(void)recv(fd, nothing, sizeof nothing, MSG_DONTWAIT);
}

static int
serve(struct mib *s, const char *where, struct rel_err *err)
{
	const char *colon = strrchr(where, ':');
	char address[64];
	int64_t port;

	if (colon == NULL || !rel_int(&port, colon + 1, 0, 65535))
		return rel_err_set(err, REL_E_FORMAT, "SNMP is served at "
		    "ADDR:PORT, not at %.60s", where);
	s->port = (uint16_t)port;
	snprintf(address, sizeof address, "%.*s", (int)(colon - where), where);
	if ((s->fd = snmp_agent_bind(address, &s->port)) < 0)
		return rel_err_set(err, REL_E_PEER,
		    "SNMP cannot be served at %.60s", where);
	s->ev = event_new(s->sim->base, s->fd, EV_READ | EV_PERSIST,
	    on_question, s);
	return s->ev != NULL && event_add(s->ev, NULL) == 0 ? 0 :
	    rel_err_set(err, REL_E_NOMEM, "no memory");
}

int
mib_new(struct mib **out, struct opsim *sim, const char *where,
    const char *profile, struct rel_err *err)
{
	struct mib *s = calloc(1, sizeof *s);
	int rc;

	*out = NULL;
	if (s == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	s->sim = sim;
	s->fd = -1;
	snprintf(s->profile, sizeof s->profile, "%s", profile);
	if (!obey(s))
		rc = rel_err_set(err, REL_E_FORMAT,
		    "the profile %.200s cannot be read", profile);
	else
		rc = serve(s, where, err);
	if (rc == 0)
		*out = s;
	else
		mib_free(&s);
	return rc;
}

unsigned
mib_port(const struct mib *s)
{
	return s->port;
}

void
mib_free(struct mib **sp)
{
	struct mib *s = *sp;

	*sp = NULL;
	if (s == NULL)
		return;
	if (s->ev != NULL)
		event_free(s->ev);
	if (s->fd >= 0)
		close(s->fd);
	snmp_agent_free(&s->agent);
	free(s);
}
