/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Connections to directory servers: dialled, made safe, bound, and kept. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openldap.h>

#include "lib/buf.h"
#include "lib/dial.h"
#include "lib/text.h"
#include "releaserd/agent/ldap_priv.h"

#define KEPT_MAX 96
#define IDLE_MS 60000		/* before firewalls forget a connection */
#define GOODBYE_MS 50

static struct ldap_link *kept[KEPT_MAX];

/* ---- one connection */

void
link_free(struct ldap_link **lp)
{
	struct ldap_link *l = *lp;

	*lp = NULL;
	if (l == NULL)
		return;
	if (!l->late)
		l->until_ms = rel_mono_ms() + GOODBYE_MS;
	if (l->ld != NULL)
		ldap_unbind_ext(l->ld, NULL, NULL);
	else if (l->fd >= 0)
		close(l->fd);
	gss_layer_free(l);
	SSL_free(l->ssl);
	rel_wipe(l, sizeof *l);
	free(l);
}

static int
conn_dial(struct ldap_ask *a, struct ldap_link *l)
{
	const struct directory_server *s = &a->d.server[a->server];
	const char *unknown;

	l->fd = rel_dial(s->host, s->port, l->until_ms - rel_mono_ms(),
	    &unknown);
	if (l->fd >= 0)
		return 0;
	l->late = unknown == NULL && errno == ETIMEDOUT;
	if (unknown != NULL)
		ask_say(a, "the host has no address (%s)", unknown);
	else
		ask_say(a, "cannot connect: %s", strerror(errno));
	return DIR_AWAY;
}

/* libldap would dial again by itself, in clear text: it must not. */
static int
never_again(LDAP *ld, Sockbuf *sb, LDAPURLDesc *url, struct sockaddr *addr,
    struct ldap_conncb *cb)
{
	(void)ld;
	(void)sb;
	(void)url;
	(void)addr;
	(void)cb;
	return -1;
}

static void
never_mind(LDAP *ld, Sockbuf *sb, struct ldap_conncb *cb)
{
	(void)ld;
	(void)sb;
	(void)cb;
}

static bool
ldap_options(LDAP *ld)
{
	static struct ldap_conncb no_dial = { never_again, never_mind, NULL };
	int version = LDAP_VERSION3, deref = LDAP_DEREF_NEVER;

	return ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version) ==
	    0 && ldap_set_option(ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) == 0 &&
	    ldap_set_option(ld, LDAP_OPT_RESTART, LDAP_OPT_OFF) == 0 &&
	    ldap_set_option(ld, LDAP_OPT_DEREF, &deref) == 0 &&
	    ldap_set_option(ld, LDAP_OPT_X_SASL_NOCANON, LDAP_OPT_ON) == 0 &&
	    ldap_set_option(ld, LDAP_OPT_CONNECT_CB, &no_dial) == 0;
}

static int
conn_ldap(struct ldap_ask *a, struct ldap_link *l)
{
	const struct directory_server *s = &a->d.server[a->server];
	bool v6 = strchr(s->host, ':') != NULL;
	char url[REL_CONF_TEXT_MAX + 32];

	snprintf(url, sizeof url, "ldap://%s%s%s:%u", v6 ? "[" : "", s->host,
	    v6 ? "]" : "", s->port);
	if (ldap_init_fd(l->fd, LDAP_PROTO_TCP, url, &l->ld) ==
	    LDAP_SUCCESS && ldap_options(l->ld) && tls_layer(l) == 0)
		return 0;
	ask_say(a, "no memory");
	return DIR_AWAY;
}

/* ---- STARTTLS (RFC 4511 section 4.14) */

/* Does the server say it can?  An answer that tells nothing is a no. */
static int
starttls_said(struct ldap_ask *a, struct ldap_link *l, bool *can)
{
	static const char *const attrs[] = { "supportedExtension", NULL };
	const struct find_query q = { .base = "",
		.filter = "(objectClass=*)", .scope = LDAP_SCOPE_BASE,
		.attrs = attrs, .limit = 1, .doing = "look at what it can" };
	struct find_found f;
	struct berval **v;
	int rc = find_search(a, l, &q, &f);

	*can = false;
	v = rc == 0 && f.n == 1 ? ldap_get_values_len(l->ld,
	    ldap_first_entry(l->ld, f.res), attrs[0]) : NULL;
	for (int i = 0; v != NULL && v[i] != NULL; i++)
		if (strcmp(v[i]->bv_val, LDAP_EXOP_START_TLS) == 0)
			*can = true;
	ldap_value_free_len(v);
	ldap_msgfree(f.res);
	return rc == DIR_AWAY ? rc : 0;
}

static int
starttls_refused(struct ldap_ask *a)
{
	a->said->tls = DIR_TLS_NO_STARTTLS;
	ask_say(a, "the server does not take STARTTLS");
	return DIR_TLS;
}

static int
starttls(struct ldap_ask *a, struct ldap_link *l)
{
	LDAPMessage *res = NULL;
	int rc, code, msgid;

	rc = ldap_extended_operation(l->ld, LDAP_EXOP_START_TLS, NULL, NULL,
	    NULL, &msgid);
	if (rc == LDAP_SUCCESS)
		rc = link_result(l, msgid, &res);
	if (rc == LDAP_SUCCESS)
		rc = ldap_parse_result(l->ld, res, &code, NULL, NULL, NULL,
		    NULL, 1);
	if (rc != LDAP_SUCCESS)
		return link_failed(a, l, rc, "STARTTLS");
	return code == LDAP_SUCCESS ? tls_up(a, l) : starttls_refused(a);
}

static int
conn_safe(struct ldap_ask *a, struct ldap_link *l)
{
	bool can = true;
	int rc;

	if (a->d.tls != TLS_OFFERED && a->d.tls != TLS_REQUIRED)
		return 0;
	if (a->d.tls == TLS_OFFERED && (rc = starttls_said(a, l, &can)) != 0)
		return rc;
	return can ? starttls(a, l) : 0;
}

/* ---- open */

static int
conn_steps(struct ldap_ask *a, struct ldap_link *l)
{
	int64_t begin = rel_mono_ms();
	int rc;

	l->until_ms = ask_until(a, a->d.connect_ms);
	rc = conn_dial(a, l);
	if (rc == 0 && a->d.tls == TLS_LDAPS)
		rc = tls_up(a, l);
	if (rc == 0)
		rc = conn_ldap(a, l);
	if (rc == 0)
		rc = conn_safe(a, l);
	/* The time for answers begins anew with what connecting took. */
	a->until_ms = ask_until(a, a->until_ms - begin);
	l->until_ms = a->until_ms;
	if (rc == 0 && l->kind == LDAP_SERVICE)
		rc = bind_service(a, l);
	return rc;
}

static int
conn_open(struct ldap_ask *a, enum ldap_kind kind)
{
	struct ldap_link *l = calloc(1, sizeof *l);
	int rc;

	if (l == NULL)
		return DIR_AWAY;
	l->fd = -1;
	l->kind = kind;
	l->server = a->server;
	memcpy(l->key, a->key, sizeof l->key);
	rc = conn_steps(a, l);
	a->late = a->late || l->late;
	if (rc == 0)
		a->link[kind] = l;
	else
		link_free(&l);
	return rc;
}

/* ---- those that are kept */

/* Nothing may come on a connection nobody asks: then it is at its end. */
static bool
link_quiet(const struct ldap_link *l)
{
	struct pollfd pfd = { l->fd, POLLIN, 0 };

	return poll(&pfd, 1, 0) == 0;
}

static struct ldap_link *
kept_take(const struct ldap_ask *a, enum ldap_kind kind)
{
	for (size_t i = 0; i < KEPT_MAX; i++) {
		struct ldap_link *l = kept[i];

		if (l == NULL || l->kind != kind || l->server != a->server ||
		    memcmp(l->key, a->key, sizeof l->key) != 0)
			continue;
		kept[i] = NULL;
		if (!a->fresh && link_quiet(l))
			return l;
		link_free(&l);
	}
	return NULL;
}

static void
kept_put(struct ldap_link *l)
{
	size_t oldest = 0;

	for (size_t i = 0; i < KEPT_MAX; i++) {
		if (kept[i] == NULL) {
			oldest = i;
			break;
		}
		if (kept[i]->used_ms < kept[oldest]->used_ms)
			oldest = i;
	}
	link_free(&kept[oldest]);
	l->used_ms = rel_mono_ms();
	kept[oldest] = l;
}

int
link_get(struct ldap_ask *a, enum ldap_kind kind, struct ldap_link **out)
{
	int rc = 0;

	if (a->link[kind] == NULL &&
	    (a->link[kind] = kept_take(a, kind)) != NULL)
		a->kept = true;
	if (a->link[kind] == NULL)
		rc = conn_open(a, kind);
	*out = a->link[kind];
	if (rc != 0)
		return rc;
	a->up = true;
	(*out)->until_ms = a->until_ms;
	return 0;
}

void
link_drop(struct ldap_ask *a, enum ldap_kind kind)
{
	link_free(&a->link[kind]);
}

void
link_keep(struct ldap_ask *a)
{
	for (size_t k = 0; k < LDAP_KINDS; k++) {
		struct ldap_link *l = a->link[k];

		a->link[k] = NULL;
		if (l != NULL && (l->late || (l->sasl && k == LDAP_PERSON)))
			link_free(&l);
		else if (l != NULL)
			kept_put(l);
	}
}

void
link_idle(void)
{
	int64_t now = rel_mono_ms();

	for (size_t i = 0; i < KEPT_MAX; i++)
		if (kept[i] != NULL && (now - kept[i]->used_ms > IDLE_MS ||
		    !link_quiet(kept[i])))
			link_free(&kept[i]);
}

void
link_fini(void)
{
	for (size_t i = 0; i < KEPT_MAX; i++)
		link_free(&kept[i]);
}

/* ---- answers */

/* Something has come that libldap has not looked at: no wait would end. */
static bool
link_has_more(struct ldap_link *l)
{
	Sockbuf *sb = NULL;

	return ldap_get_option(l->ld, LDAP_OPT_SOCKBUF, &sb) == 0 &&
	    sb != NULL && ber_sockbuf_ctrl(sb, LBER_SB_OPT_DATA_READY, NULL) > 0;
}

static int
link_wait(struct ldap_link *l, int msgid, int all, LDAPMessage **res)
{
	struct timeval now = { 0, 0 };
	int rc, code = LDAP_SUCCESS;
	/* All of an answer cannot have come yet: the wait is before it. */
	bool wait = all == LDAP_MSG_ALL;

	*res = NULL;
	for (;;) {
		if (wait && !link_has_more(l))
			l->come = rel_wait(l->fd, l->full ? POLLIN | POLLOUT :
			    POLLIN, l->until_ms);
		l->full = false;
		rc = ldap_result(l->ld, msgid, all, &now, res);
		if (rc != 0 || rel_mono_ms() >= l->until_ms)
			break;
		wait = true;
	}
	if (rc == 0)
		l->late = true;
	if (rc > 0)
		return LDAP_SUCCESS;
	if (l->late)
		return LDAP_TIMEOUT;
	(void)ldap_get_option(l->ld, LDAP_OPT_RESULT_CODE, &code);
	return code != LDAP_SUCCESS ? code : LDAP_SERVER_DOWN;
}

int
link_result(struct ldap_link *l, int msgid, LDAPMessage **res)
{
	return link_wait(l, msgid, LDAP_MSG_ALL, res);
}

int
link_next(struct ldap_link *l, int msgid, LDAPMessage **res)
{
	return link_wait(l, msgid, LDAP_MSG_ONE, res);
}

bool
link_is_away(int code)
{
	static const int codes[] = {
		LDAP_SERVER_DOWN, LDAP_TIMEOUT, LDAP_CONNECT_ERROR,
		LDAP_DECODING_ERROR, LDAP_NO_MEMORY, LDAP_BUSY,
		LDAP_UNAVAILABLE
	};

	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (codes[i] == code)
			return true;
	return false;
}

int
link_failed(struct ldap_ask *a, struct ldap_link *l, int code,
    const char *doing)
{
	ask_say(a, "%s: %s", doing, l->late ? "no answer in time" :
	    ldap_err2string(code));
	if (!link_is_away(code))
		return DIR_SETTINGS;
	a->late = a->late || l->late;
	if (a->link[l->kind] == l)
		link_drop(a, l->kind);
	return DIR_AWAY;
}
