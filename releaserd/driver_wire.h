/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef DRIVER_WIRE_H
#define DRIVER_WIRE_H

#include "lib/buf.h"
#include "lib/cursor.h"
#include "releaserd/items.h"

/*
 * What core asks a driver (IPC_DRIVER_ASK) and what it says (IPC_DRIVER_SAID).
 * All a driver needs is in the question; texts and blobs are borrowed.
 */
enum driver_op {
	DRIVER_INFO = 1, DRIVER_STATUS, DRIVER_SESSION_OPEN,
	DRIVER_SESSION_UPDATE, DRIVER_SESSION_CLOSE, DRIVER_RESTRICTIONS_GET,
	DRIVER_RESTRICTIONS_PUT, DRIVER_CONFIG_PUT, DRIVER_USAGE_FETCH,
	DRIVER_USAGE_ACK, DRIVER_COMMAND, DRIVER_JOB_STATE, DRIVER_JOB_CANCEL,
	DRIVER_INBOUND,
	/* of the fleet, not of one device's driver */
	DRIVER_DISCOVER,	/* q->text: addresses (discovery_wire.h) */
	DRIVER_POSTURE		/* look at what q->at.address lets in */
};

#define DRIVER_CAN_INFO (1u << 0)
#define DRIVER_CAN_SESSION (1u << 1)
#define DRIVER_CAN_RESTRICT (1u << 2)
#define DRIVER_CAN_CONFIG (1u << 3)
#define DRIVER_CAN_USAGE (1u << 4)
#define DRIVER_CAN_COMMAND (1u << 5)
#define DRIVER_CAN_JOB (1u << 6)	/* job_state, job_cancel */
#define DRIVER_CAN_SEND (1u << 7)	/* job_send */
#define DRIVER_CAN_INBOUND (1u << 8)	/* requests of its devices' own */

#define DRIVER_TEXT_MAX 262144u
#define DRIVER_KEPT_MAX 256u
#define DRIVER_USUAL_MS 15000u		/* deadline where nobody says */

enum snmp_version { SNMP_NONE, SNMP_V1, SNMP_V2C, SNMP_V3 };
enum snmp_auth { SNMP_NOAUTH, SNMP_MD5, SNMP_SHA1, SNMP_SHA224, SNMP_SHA256,
	SNMP_SHA384, SNMP_SHA512 };
enum snmp_priv { SNMP_NOPRIV, SNMP_DES, SNMP_AES128, SNMP_AES192,
	SNMP_AES256 };

/* One way in by SNMP; several are tried in their order. */
struct snmp_access {
	uint8_t version;		/* enum snmp_version */
	uint8_t auth, priv;		/* of v3 */
	char name[65];			/* community, or user of v3 */
	char auth_secret[129], priv_secret[129];
	char context[65];
};
#define SNMP_ACCESS_MAX 8u

/* A device, in each question. */
struct driver_at {
	char device[40];		/* its id; logs and connections */
	char protocol[24];		/* driver_ops.name */
	char address[254];		/* name or address */
	uint16_t snmp_port;		/* 161 */
	struct snmp_access snmp[SNMP_ACCESS_MAX];
	uint8_t nsnmp;
	char url[300];			/* opdp: of its API; ipp: its URI */
	char pin[80];			/* SHA-256 of its public key, hex, or "" */
	char token[80];			/* server_token, or "" */
	/* opdp: our client certificate and its key (PEM), or nothing */
	const uint8_t *cert, *key;
	size_t cert_len, key_len;
};

struct driver_ask {
	uint8_t op;			/* enum driver_op */
	uint32_t deadline_ms;		/* for all of it */
	int64_t until_ms;		/* not on the wire: its end, rel_mono_ms(),
					 * counted from driver_ask_get() on */
	struct driver_at at;
	char id[128];			/* session, job, epoch, request id */
	int64_t number;
	uint32_t limit;
	char kept[DRIVER_KEPT_MAX];
	const char *text;		/* JSON or what the op says; "" */
	size_t text_len;
};

/* What became of a job at the device (RFC 8011 5.3.7). */
struct driver_job {
	uint8_t state;			/* IPP job-state 3..9, 0 unknown */
	char reasons[256];
	int64_t impressions, color, sheets;	/* so far; -1 unknown */
};

struct driver_said {
	int8_t rc;			/* 0 or -REL_E_* */
	char words[240];		/* of a failure */
	struct items items;		/* owned */
	bool changed;
	char kept[DRIVER_KEPT_MAX];
	struct driver_job job;
	int64_t number;
	struct rel_buf text;		/* owned */
};

/* "session-open", for logs. */
const char *driver_op_name(unsigned op);

void driver_ask_put(struct rel_buf *b, const struct driver_ask *q);
int driver_ask_get(struct driver_ask *q, const void *p, size_t n);
void driver_said_init(struct driver_said *s);
void driver_said_fini(struct driver_said *s);
void driver_said_put(struct rel_buf *b, const struct driver_said *s);
/* s is initialised; 0 or -REL_E_FORMAT. */
int driver_said_get(struct driver_said *s, const void *p, size_t n);

#endif
