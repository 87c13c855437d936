/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What listens, in the local API; every port is switched by a setting. */
#include <stdio.h>
#include <string.h>

#include "releaserd/core/admin.h"

struct port {
	const char *name, *protocol, *setting, *what_for;
	void (*fill)(const struct core *c, char address[80], int64_t *port,
	    bool *on);
};

/* The first HTTPS listener's address and port; 0: there is none. */
static int64_t
https_port(const struct core *c, char address[80])
{
	const char *name = c->role->start.https_names[0];
	const char *colon = strrchr(name, ':');
	int64_t port = 0;
	size_t at = 0;

	address[0] = '\0';
	if (colon == NULL || !rel_int(&port, colon + 1, 1, 65535))
		return 0;
	for (int i = 0; i < 4; i++) {
		name = c->role->start.https_names[i];
		if ((colon = strrchr(name, ':')) == NULL || at > 60)
			continue;
		at += (size_t)snprintf(address + at, 80 - at, "%s%.*s",
		    at > 0 ? " " : "", (int)(colon - name), name);
	}
	return port;
}

static void
port_https(const struct core *c, char address[80], int64_t *port, bool *on)
{
	*port = c->role->set.https_port;
	*on = *port != 0 && https_port(c, address) == *port;
}

static void
port_fallback(const struct core *c, char address[80], int64_t *port, bool *on)
{
	*port = c->role->set.https_fallback;
	*on = *port != 0 && https_port(c, address) == *port &&
	    *port != c->role->set.https_port;
}

static void
port_local(const struct core *c, char address[80], int64_t *port, bool *on)
{
	(void)c;
	(void)address;
	*port = 0;
	*on = true;
}

/* Everything that listens; one line more for each that comes. */
static const struct port ports[] = {
	{ "panel", "HTTPS", "HttpsPort",
	    "Panels and devices log in and fetch their jobs here; people, too, "
	    "with the setting UserApi.",
	    port_https },
	{ "panel-fallback", "HTTPS", "HttpsPortFallback",
	    "Taken instead while another program has HttpsPort.",
	    port_fallback },
	{ "api.sock", "HTTP on a unix socket", NULL,
	    "releasectl and the pages; programs of this machine only. It has "
	    "no switch: without it nothing could be switched on again.",
	    port_local },
	{ "intake.sock", "unix socket", NULL,
	    "Jobs come in from CUPS here; root only. It has no switch: disable "
	    "a queue in CUPS to take no jobs from it.", port_local }
};

static void
ports_get(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	json_t *rows;

	(void)rq;
	if (api_admin(c, a, who) < 0)
		return;
	rows = json_array();
	for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
		const struct port *p = &ports[i];
		char address[REL_CONF_TEXT_MAX + 16] = "", text[80] = "";
		int64_t port = 0;
		bool on = false;

		p->fill(c, text, &port, &on);
		if (p->setting == NULL)
			snprintf(address, sizeof address, "%s/%s",
			    c->role->set.run_dir, p->name);
		else
			snprintf(address, sizeof address, "%s", on ? text :
			    c->role->set.listen);
		json_array_append_new(rows, json_pack(
		    "{s:s,s:s,s:s,s:o,s:b,s:s?,s:s}", "name", p->name,
		    "protocol", p->protocol, "address", address, "port",
		    p->setting != NULL ? json_integer(port) : json_null(),
		    "on", on, "setting", p->setting, "what_for",
		    p->what_for));
	}
	reply_json(c, a, 200, json_pack("{s:o}", "ports", rows));
}

void
api_ports(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, ports_get);
}
