/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Asking one agent, by net-snmp's single sessions: a question is sent, and the
 * fiber waits for the session's descriptor.  Nothing of the library's waits,
 * reads a file or the environment, or looks a name up.
 */
#include "releaserd/driver/snmp_net.h"

#include <arpa/inet.h>
#include <locale.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/dial.h"
#include "lib/text.h"
#include "releaserd/driver/drivers.h"

enum outcome { WAITING, ANSWERED, SILENT, REFUSED, BROKEN };

struct snmp_link {
	void *sess;
	const struct snmp_access *access;	/* borrowed */
	bool engine, user;		/* v3: its engine is known; has a user */
	bool no_bulk;			/* GETBULK did not become it */
	bool singly;			/* nor did several columns at once */
	unsigned questions;
	int64_t until;
	enum outcome outcome;
	netsnmp_pdu *reply;		/* owned; of ANSWERED */
};

/* ---- the library */

/* Nothing is read: no configuration, no MIBs, no state of before; no logs. */
static void
library(void)
{
	static bool begun;
	char *locale;

	if (begun)
		return;
	begun = true;
	snmp_disable_log();
	(void)setenv("MIBS", "", 1);
	(void)setenv("MIBDIRS", "", 1);
	(void)setenv("MIBFILES", "", 1);
	(void)setenv("SNMPCONFPATH", "/dev/null/none", 1);
	(void)setenv("SNMP_PERSISTENT_DIR", "/dev/null/none", 1);
	for (int i = 0; i < 4; i++) {
		static const int off[] = { NETSNMP_DS_LIB_DONT_READ_CONFIGS,
			NETSNMP_DS_LIB_DONT_PERSIST_STATE,
			NETSNMP_DS_LIB_DISABLE_PERSISTENT_LOAD,
			NETSNMP_DS_LIB_DISABLE_PERSISTENT_SAVE };

		netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, off[i], 1);
	}
	if ((locale = setlocale(LC_ALL, NULL)) != NULL)
		locale = strdup(locale);
	init_snmp("cups-release");
	(void)setlocale(LC_ALL, locale != NULL ? locale : "C");
	free(locale);
	snmp_disable_log();
}

/* "udp:10.0.0.1:161": a numeric address, whatever else the name may mean. */
static int
peer_name(char *out, size_t size, const struct snmp_peer *to,
    struct rel_err *err)
{
	uint16_t port = to->port != 0 ? to->port : 161;
	struct driver_address at;
	char text[INET6_ADDRSTRLEN + 24];
	int rc = driver_resolve(to->address, port, to->until_ms, &at, err);

	if (rc < 0)
		return rc;
	if (getnameinfo((struct sockaddr *)&at.to, at.len, text, sizeof text,
	    NULL, 0, NI_NUMERICHOST) != 0)
		return rel_err_set(err, REL_E_FORMAT,
		    "%.200s is no address", to->address);
	snprintf(out, size, at.to.ss_family == AF_INET6 ? "udp6:[%s]:%u" :
	    "udp:%s:%u", text, port);
	return 0;
}

/* ---- one question */

static int
take_report(struct snmp_link *k, netsnmp_pdu *pdu)
{
	int type = snmpv3_get_report_type(pdu);

	if (type == SNMPERR_NOT_IN_TIME_WINDOW)
		return 1;		/* the library asks again */
	/* Which of the two it says, its engine ID stands beside it. */
	if (!k->user && (type == SNMPERR_UNKNOWN_ENG_ID ||
	    type == SNMPERR_UNKNOWN_USER_NAME))
		k->outcome = ANSWERED;
	else
		k->outcome = REFUSED;
	return 1;
}

static int
taken(int op, netsnmp_session *s, int id, netsnmp_pdu *pdu, void *arg)
{
	struct snmp_link *k = arg;

	(void)s;
	(void)id;
	if (k->outcome != WAITING)
		return 1;
	if (op == NETSNMP_CALLBACK_OP_TIMED_OUT)
		k->outcome = SILENT;
	else if (op == NETSNMP_CALLBACK_OP_SEND_FAILED)
		k->outcome = BROKEN;
	/* It was sent again; or what came does not verify: wait on. */
	else if (op != NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE)
		return 1;
	else if (pdu->command == SNMP_MSG_REPORT)
		return take_report(k, pdu);
	else if (pdu->command != SNMP_MSG_RESPONSE)
		return 0;
	else if ((k->reply = snmp_clone_pdu(pdu)) != NULL)
		k->outcome = ANSWERED;
	else
		k->outcome = BROKEN;
	return 1;
}

static void
read_some(struct snmp_link *k, int fd)
{
	netsnmp_large_fd_set set;

	netsnmp_large_fd_set_init(&set, FD_SETSIZE);
	NETSNMP_LARGE_FD_ZERO(&set);
	NETSNMP_LARGE_FD_SET(fd, &set);
	(void)snmp_sess_read2(k->sess, &set);
	netsnmp_large_fd_set_cleanup(&set);
}

/* When the library wants to be asked about its time-outs next. */
static int64_t
next_look(struct snmp_link *k)
{
	netsnmp_large_fd_set set;
	struct timeval left = { 0, 0 };
	int n = 0, block = 1;
	int64_t at;

	netsnmp_large_fd_set_init(&set, FD_SETSIZE);
	NETSNMP_LARGE_FD_ZERO(&set);
	(void)snmp_sess_select_info2(k->sess, &n, &set, &left, &block);
	netsnmp_large_fd_set_cleanup(&set);
	if (block != 0)
		return k->until;
	at = rel_mono_ms() + left.tv_sec * 1000 + left.tv_usec / 1000 + 1;
	return at < k->until ? at : k->until;
}

static void
wait_for(struct snmp_link *k)
{
	netsnmp_transport *tr = snmp_sess_transport(k->sess);

	while (k->outcome == WAITING) {
		int64_t look = next_look(k);

		if (tr == NULL || rel_mono_ms() >= k->until)
			k->outcome = SILENT;
		else if (rel_wait(tr->sock, POLLIN, look))
			read_some(k, tr->sock);
		else if (rel_wait_ends(look))
			k->outcome = SILENT;
		else
			snmp_sess_timeout(k->sess);
	}
}

/*
 * Send pdu (it is taken) and wait.  0: k->reply, if the answer has one.
 */
static int
ask(struct snmp_link *k, netsnmp_pdu *pdu, struct rel_err *err)
{
	if (k->reply != NULL)
		snmp_free_pdu(k->reply);
	k->reply = NULL;
	k->outcome = WAITING;
	if (++k->questions > SNMP_QUESTIONS) {
		snmp_free_pdu(pdu);
		return rel_err_set(err, REL_E_LIMIT,
		    "the device has no end of answers by SNMP");
	}
	if (snmp_sess_async_send(k->sess, pdu, taken, k) == 0) {
		snmp_free_pdu(pdu);
		return rel_err_set(err, REL_E_PEER,
		    "the device cannot be asked by SNMP: no way to it");
	}
	wait_for(k);
	switch (k->outcome) {
	case ANSWERED:
		return 0;
	case REFUSED:
		return rel_err_set(err, REL_E_DENIED, "the device refuses the "
		    "SNMPv3 user, its passwords or its protocols");
	case BROKEN:
		return rel_err_set(err, REL_E_FORMAT,
		    "what the device says by SNMP is no answer");
	default:
		return rel_err_set(err, REL_E_TIMEOUT,
		    "the device does not answer by SNMP");
	}
}

/* ---- a session */

/* Who it is, by a question that needs no user (RFC 3414 section 4). */
static int
discover(struct snmp_link *k, struct rel_err *err)
{
	netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GET);
	netsnmp_session *s = snmp_sess_session(k->sess);
	int rc;

	if (pdu == NULL || s == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	pdu->version = SNMP_VERSION_3;
	pdu->securityName = strdup("");
	pdu->securityNameLen = 0;
	pdu->securityLevel = SNMP_SEC_LEVEL_NOAUTH;
	pdu->securityModel = SNMP_SEC_MODEL_USM;
	if ((rc = ask(k, pdu, err)) < 0)
		return rc;
	if (s->securityEngineIDLen == 0)
		return rel_err_set(err, REL_E_FORMAT,
		    "the device does not say its SNMP engine ID");
	return 0;
}

/* Before the first question of version 3. */
static int
ready(struct snmp_link *k, struct rel_err *err)
{
	int rc;

	if (k->access->version != SNMP_V3 || k->user)
		return 0;
	if ((rc = discover(k, err)) < 0)
		return rc;
	k->user = true;
	if (snmp_usm_begin(snmp_sess_session(k->sess), k->access))
		return 0;
	return rel_err_set(err, REL_E_DENIED,
	    "the SNMPv3 user's protocols or passwords cannot be used");
}

static void
session_like(netsnmp_session *s, const struct snmp_access *a, char *peer,
    unsigned tries, int64_t left)
{
	int64_t one = left / tries;

	snmp_sess_init(s);
	s->peername = peer;
	s->timeout = 1000 * (long)(one < 50 ? 50 : one < SNMP_TRY_MS ? one :
	    SNMP_TRY_MS);
	s->retries = (int)tries - 1;
	s->rcvMsgMaxSize = 65507;
	s->flags |= SNMP_FLAGS_DONT_PROBE;
	if (a->version == SNMP_V3) {
		static char nobody[1];

		s->version = SNMP_VERSION_3;
		s->securityModel = SNMP_SEC_MODEL_USM;
		s->securityLevel = SNMP_SEC_LEVEL_NOAUTH;
		s->securityName = nobody;
		return;
	}
	s->version = a->version == SNMP_V1 ? SNMP_VERSION_1 : SNMP_VERSION_2c;
	s->community = (u_char *)(uintptr_t)a->name;
	s->community_len = strlen(a->name);
}

int
snmp_link_open(struct snmp_link **out, const struct snmp_peer *to,
    const struct snmp_access *a, unsigned tries, struct rel_err *err)
{
	const char *cannot = snmp_cannot(a);
	struct snmp_link *k;
	netsnmp_session s;
	char peer[128];
	int rc;

	if (cannot != NULL)
		return rel_err_set(err, REL_E_FORMAT, "%s", cannot);
	library();
	if ((rc = peer_name(peer, sizeof peer, to, err)) < 0)
		return rc;
	if ((k = calloc(1, sizeof *k)) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	k->access = a;
	k->until = to->until_ms;
	session_like(&s, a, peer, tries, to->until_ms - rel_mono_ms());
	if ((k->sess = snmp_sess_open(&s)) == NULL) {
		free(k);
		return rel_err_set(err, REL_E_PEER,
		    "the device cannot be asked by SNMP: no way to it");
	}
	/* Opening takes this away; without it the library waits by itself, and
	 * everybody with it. */
	snmp_sess_session(k->sess)->flags |= SNMP_FLAGS_DONT_PROBE;
	*out = k;
	return 0;
}

void
snmp_link_close(struct snmp_link **link)
{
	struct snmp_link *k = *link;
	netsnmp_session *s;

	*link = NULL;
	if (k == NULL)
		return;
	if (k->user && (s = snmp_sess_session(k->sess)) != NULL)
		snmp_usm_end(s);
	if (k->reply != NULL)
		snmp_free_pdu(k->reply);
	k->outcome = SILENT;		/* no word of what is under way */
	(void)snmp_sess_close(k->sess);
	free(k);
}

/* ---- values */

/* Is it a value, and is there room for it? */
static bool
keep(struct snmp_tree *t, const netsnmp_variable_list *v)
{
	uint32_t arc[SNMP_ARCS], value[SNMP_ARCS];
	char text[SNMP_ARCS * 11];
	size_t n = v->name_length, m;

	if (n == 0 || n > SNMP_ARCS)
		return true;
	for (size_t i = 0; i < n; i++)
		arc[i] = (uint32_t)v->name[i];
	switch (v->type) {
	case ASN_INTEGER:
		return snmp_tree_number_add(t, arc, n, *v->val.integer);
	case ASN_COUNTER:
	case ASN_GAUGE:
	case ASN_TIMETICKS:
	case ASN_UINTEGER:
		return snmp_tree_number_add(t, arc, n,
		    (uint32_t)*v->val.integer);
	case ASN_COUNTER64:
		return snmp_tree_number_add(t, arc, n, (int64_t)
		    (((uint64_t)(uint32_t)v->val.counter64->high << 32 |
		    (uint32_t)v->val.counter64->low) & INT64_MAX));
	case ASN_OCTET_STR:
	case ASN_IPADDRESS:
	case ASN_OPAQUE:
		return snmp_tree_octets_add(t, arc, n, SNMP_OCTET_STRING,
		    v->val.string, v->val_len);
	case ASN_OBJECT_ID:
		m = v->val_len / sizeof(oid);
		for (size_t i = 0; i < m && i < SNMP_ARCS; i++)
			value[i] = (uint32_t)v->val.objid[i];
		snmp_oid_text(text, sizeof text, value,
		    m < SNMP_ARCS ? m : SNMP_ARCS);
		return snmp_tree_octets_add(t, arc, n, SNMP_OBJECT_ID, text,
		    strlen(text));
	default:
		return true;		/* noSuchObject, a NULL ... */
	}
}

static bool
is_value(const netsnmp_variable_list *v)
{
	return v->type != SNMP_NOSUCHOBJECT && v->type != SNMP_NOSUCHINSTANCE &&
	    v->type != SNMP_ENDOFMIBVIEW && v->type != ASN_NULL;
}

static bool
ask_for(netsnmp_pdu *pdu, const struct snmp_oid *o)
{
	oid name[SNMP_ARCS];

	for (unsigned i = 0; i < o->n; i++)
		name[i] = o->arc[i];
	return snmp_add_null_var(pdu, name, o->n) != NULL;
}

/* ---- GET */

/* The question for those of oids that are still wanted; NULL: no memory. */
static netsnmp_pdu *
get_pdu(const char *const *oids, const bool *out, size_t n)
{
	netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GET);
	struct snmp_oid o;

	if (pdu == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (!out[i] && snmp_oid_read(&o, oids[i]) &&
		    !ask_for(pdu, &o)) {
			snmp_free_pdu(pdu);
			return NULL;
		}
	return pdu;
}

/* Leave out the one an error is about; false: it is about none of them. */
static bool
leave_out(bool *out, size_t n, long index)
{
	long place = 0;

	for (size_t i = 0; i < n; i++)
		if (!out[i] && ++place == index) {
			out[i] = true;
			return true;
		}
	return false;
}

static void
keep_all(struct snmp_tree *t, const netsnmp_variable_list *v)
{
	while (v != NULL && keep(t, v))
		v = v->next_variable;
}

/* At most SNMP_GETS of them; where it is not said which is wrong, by halves. */
static int
get_some(struct snmp_link *k, const char *const *oids, size_t n,
    struct snmp_tree *t, struct rel_err *err)
{
	bool out[SNMP_GETS] = { false };
	size_t left = n;
	int rc = 0;

	while (left-- > 0) {
		netsnmp_pdu *pdu = get_pdu(oids, out, n);

		if (pdu == NULL)
			return rel_err_set(err, REL_E_NOMEM, "no memory");
		if ((rc = ask(k, pdu, err)) < 0)
			return rc;
		if (k->reply->errstat == SNMP_ERR_NOERROR) {
			keep_all(t, k->reply->variables);
			return 0;
		}
		if (k->reply->errstat == SNMP_ERR_AUTHORIZATIONERROR)
			return rel_err_set(err, REL_E_DENIED,
			    "the device does not let this user read");
		if (!leave_out(out, n, k->reply->errindex))
			break;
	}
	if (left + 1 == 0 || n < 2)
		return 0;
	if ((rc = get_some(k, oids, n / 2, t, err)) == 0)
		rc = get_some(k, oids + n / 2, n - n / 2, t, err);
	return rc;
}

int
snmp_link_get(struct snmp_link *k, const char *const *oids, size_t n,
    struct snmp_tree *t, struct rel_err *err)
{
	int rc = ready(k, err);

	for (size_t i = 0; rc == 0 && i < n; i += SNMP_GETS)
		rc = get_some(k, oids + i,
		    n - i < SNMP_GETS ? n - i : SNMP_GETS, t, err);
	return rc;
}

/* ---- GETNEXT and GETBULK */

/* Where a walk is: below root, at the last one that came. */
struct cursor {
	struct snmp_oid root, at;
	unsigned rows;
	bool over;
};

static netsnmp_pdu *
walk_pdu(const struct snmp_link *k, const struct cursor *c, size_t n)
{
	bool bulk = k->access->version != SNMP_V1 && !k->no_bulk;
	netsnmp_pdu *pdu = snmp_pdu_create(bulk ? SNMP_MSG_GETBULK :
	    SNMP_MSG_GETNEXT);

	if (pdu == NULL)
		return NULL;
	if (bulk) {
		pdu->non_repeaters = 0;
		pdu->max_repetitions = SNMP_REPEAT;
	}
	for (size_t i = 0; i < n; i++) {
		if (c[i].over)
			continue;
		if (!ask_for(pdu, &c[i].at)) {
			snmp_free_pdu(pdu);
			return NULL;
		}
		if (k->singly)
			break;
	}
	return pdu;
}

/* Take one value for a cursor; what leads nowhere ends it. */
static void
advance(struct cursor *c, const netsnmp_variable_list *v, struct snmp_tree *t)
{
	struct snmp_oid name = { .n = (unsigned)v->name_length };

	if (c->over)
		return;
	c->over = true;
	if (!is_value(v) || v->name_length > SNMP_ARCS)
		return;
	for (unsigned i = 0; i < name.n; i++)
		name.arc[i] = (uint32_t)v->name[i];
	if (!snmp_oid_below(name.arc, name.n, &c->root) ||
	    snmp_oid_order(name.arc, name.n, c->at.arc, c->at.n) <= 0 ||
	    c->rows++ >= SNMP_ROWS)
		return;
	c->over = !keep(t, v);
	c->at = name;
}

/* The answer's values belong to the cursors that were asked, in turn. */
static void
advance_all(struct snmp_link *k, struct cursor *c, size_t n,
    struct snmp_tree *t)
{
	struct cursor *asked[SNMP_GETS];
	size_t m = 0, i = 0;

	for (size_t j = 0; j < n && !(k->singly && m > 0); j++)
		if (!c[j].over)
			asked[m++] = &c[j];
	for (const netsnmp_variable_list *v = k->reply->variables; v != NULL;
	    v = v->next_variable)
		advance(asked[i++ % m], v, t);
	for (; i < m; i++)
		asked[i]->over = true;	/* it had no word for these */
}

/* An answer that is an error; true: there is something left to ask. */
static bool
walk_error(struct snmp_link *k, struct cursor *c, size_t n)
{
	long index = k->reply->errindex, place = 0;
	bool dropped = false;

	if (k->reply->errstat != SNMP_ERR_NOSUCHNAME && !k->no_bulk &&
	    k->access->version != SNMP_V1) {
		k->no_bulk = true;
		return true;
	}
	if (index <= 0 && !k->singly) {
		k->singly = true;
		return true;
	}
	for (size_t i = 0; i < n && !dropped; i++)
		if (!c[i].over && (++place == index || index <= 0))
			c[i].over = dropped = true;
	return dropped;
}

static bool
walking(const struct cursor *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!c[i].over)
			return true;
	return false;
}

static int
walk_some(struct snmp_link *k, struct cursor *c, size_t n,
    struct snmp_tree *t, struct rel_err *err)
{
	while (walking(c, n)) {
		netsnmp_pdu *pdu = walk_pdu(k, c, n);
		int rc;

		if (pdu == NULL)
			return rel_err_set(err, REL_E_NOMEM, "no memory");
		if ((rc = ask(k, pdu, err)) < 0)
			return rc;
		if (k->reply->errstat == SNMP_ERR_NOERROR)
			advance_all(k, c, n, t);
		else if (!walk_error(k, c, n))
			return 0;
	}
	return 0;
}

int
snmp_link_walk(struct snmp_link *k, const char *const *roots, size_t n,
    struct snmp_tree *t, struct rel_err *err)
{
	size_t most = k->access->version == SNMP_V1 ? SNMP_GETS : 4;
	struct cursor c[SNMP_GETS];
	int rc = ready(k, err);

	for (size_t i = 0; rc == 0 && i < n; i += most) {
		size_t m = n - i < most ? n - i : most;

		for (size_t j = 0; j < m; j++) {
			memset(&c[j], 0, sizeof c[j]);
			c[j].over = !snmp_oid_read(&c[j].root, roots[i + j]);
			c[j].at = c[j].root;
		}
		rc = walk_some(k, c, m, t, err);
	}
	return rc;
}

int
snmp_link_next(struct snmp_link *k, const char *text, struct snmp_tree *t,
    struct rel_err *err)
{
	netsnmp_pdu *pdu;
	struct snmp_oid o;
	int rc = ready(k, err);

	if (rc < 0)
		return rc;
	if ((pdu = snmp_pdu_create(SNMP_MSG_GETNEXT)) == NULL ||
	    !snmp_oid_read(&o, text) || !ask_for(pdu, &o)) {
		snmp_free_pdu(pdu);
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	}
	if ((rc = ask(k, pdu, err)) == 0 &&
	    k->reply->errstat == SNMP_ERR_NOERROR &&
	    k->reply->variables != NULL && is_value(k->reply->variables))
		(void)keep(t, k->reply->variables);
	return rc;
}
