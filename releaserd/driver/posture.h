/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef DRIVER_POSTURE_H
#define DRIVER_POSTURE_H

#include <sys/socket.h>

#include "releaserd/driver/drivers.h"

/*
 * What a device lets in (doc/posture.md): nothing is changed there, nothing is
 * logged in to, no byte goes to a port that prints.
 */
enum posture_kind {
	POSTURE_PLAIN,			/* TCP: it is opened and closed */
	POSTURE_FTP, POSTURE_TELNET, POSTURE_SMB,	/* the same */
	POSTURE_HTTP,			/* are there pages? */
	POSTURE_IPP,			/* with TLS, or without? */
	POSTURE_TLS,
	POSTURE_UDP,			/* an empty datagram */
	POSTURE_TFTP, POSTURE_NBNS, POSTURE_MDNS,	/* a question */
	POSTURE_SNMP			/* by posture_snmp() */
};

enum posture_from {
	POSTURE_MVE, POSTURE_LDD, POSTURE_DRV, POSTURE_NSE, POSTURE_EWS,
	POSTURE_MORE
};

struct posture_port {
	uint16_t port;
	bool udp;
	enum posture_kind kind;
	const char *words;
	enum posture_from from;
};

/* All of posture_ports.def. */
const struct posture_port *posture_ports(size_t *n);

enum posture_state { POSTURE_SILENT, POSTURE_OPEN, POSTURE_CLOSED };

#define POSTURE_AT_ONCE 4u		/* connections to one device */
#define POSTURE_PORTS_MAX 48u

struct posture {
	const struct driver_ask *q;
	const struct posture_port *ports;
	size_t n;
	enum posture_state state[POSTURE_PORTS_MAX];
	struct sockaddr_storage to;	/* the port in it is written each time */
	socklen_t to_len;
	int64_t step_ms;		/* patience with one port */
	int64_t until_ms;
	struct items *items;
};

/*
 * driver_posture() at these ports: look at q->at, and say it as items posture.*.  0, or
 * -REL_E_PEER when nothing at all answers, -REL_E_NOTFOUND when its name has
 * no address, -REL_E_TIMEOUT.
 */
int posture_look_at(const struct driver_ask *q,
    const struct posture_port *ports, size_t n, struct driver_said *s,
    struct rel_err *err);

/* ---- for one another */

/* A socket to that port; its connection may still be under way; -1. */
int posture_socket(const struct posture *p, uint16_t port, bool udp);
/* ... has been made until then; else the socket is closed: -1. */
int posture_connect(const struct posture *p, uint16_t port);
void posture_sweep(struct posture *p);
void posture_tls(struct posture *p);
void posture_plain(struct posture *p);
void posture_snmp(struct posture *p);

#endif
