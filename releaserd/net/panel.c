/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/net/net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/rand.h>

#include "lib/text.h"
#include "releaserd/net/csrf.h"
#include "releaserd/net/decode.h"
#include "releaserd/net/form.h"
#include "releaserd/net/hash.h"

#define COOKIE "opdp_session"
#define COOKIE_RULES "; Path=" PANEL_PATH "; Secure; HttpOnly; SameSite=Strict"
#define FORM_BODY_MAX 65536u

/* ---- the session lives in a cookie */

static bool
session_ok(const char *s, size_t n)
{
	if (n == 0 || n > 64)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((s[i] < '0' || s[i] > '9') && (s[i] < 'A' || s[i] > 'Z') &&
		    (s[i] < 'a' || s[i] > 'z') && s[i] != '-' && s[i] != '_')
			return false;
	return true;
}

static void
session_from_cookie(char out[65], const char *cookie)
{
	const char *p = cookie;
	size_t name = strlen(COOKIE "="), n;

	out[0] = '\0';
	while (*p != '\0') {
		p += strspn(p, " ;");
		n = strcspn(p, ";");
		if (n > name && strncmp(p, COOKIE "=", name) == 0 &&
		    session_ok(p + name, n - name)) {
			memcpy(out, p + name, n - name);
			out[n - name] = '\0';
			return;
		}
		p += n;
	}
}

static void
session_set(struct evhttp_request *req, const char *session)
{
	char line[200];

	if (session[0] != '\0')
		snprintf(line, sizeof line, COOKIE "=%s" COOKIE_RULES,
		    session);
	else
		snprintf(line, sizeof line, COOKIE "=; Max-Age=0"
		    COOKIE_RULES);
	answer_header(req, "Set-Cookie", line);
}

/* ---- what comes out */

/* 16 bytes as the text of a UUID (RFC 9562) of version 4 or 8. */
static void
uuid_text(char out[37], uint8_t b[16], unsigned version)
{
	char hex[33];

	b[6] = (uint8_t)((b[6] & 0x0f) | version << 4);
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
	rel_hex(hex, b, 16);
	snprintf(out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
	    hex + 16, hex + 20);
}

static void
uuid_new(char out[37])
{
	uint8_t b[16];

	if (RAND_bytes(b, sizeof b) != 1)
		memset(b, 0, sizeof b);
	uuid_text(out, b, 4);
}

static void
panel_show_problem(struct net *n, struct evhttp_request *req,
    const char *code, int status, const char *locale)
{
	unsigned again = strncmp(code, "session-", 8) == 0 ||
	    strcmp(code, "backend-unavailable") == 0 ? 3 : 15;

	rel_buf_reset(&n->out);
	html_problem(&n->out, code, locale);
	answer_page(n, req, status, &n->out, again);
}

void
panel_problem(struct net *n, struct evhttp_request *req, const char *code)
{
	panel_show_problem(n, req, code, problem_status(code),
	    http_header(req, "Accept-Language"));
}

/* The session after an answer: a new one, the same, or none at a log-in. */
static const char *
session_after(const struct page *pg, const json_t *root, const json_t *menu)
{
	const char *now = json_string_value(json_object_get(
	    json_object_get(root, "session"), "session_id"));
	const char *name = json_string_value(json_object_get(menu, "menu"));

	if (now != NULL && session_ok(now, strlen(now)))
		return now;
	if (name != NULL && strncmp(name, "login", 5) == 0)
		return "";
	return pg->session;
}

static void
panel_show(struct net *n, struct evhttp_request *req, const struct page *pg,
    const json_t *root)
{
	const json_t *menu = json_object_get(root, "menu");
	const char *session;
	char csrf[CSRF_TEXT], request_id[37];
	struct html_page page = {
		.locale = pg->locale, .csrf = csrf, .request_id = request_id,
		.card = pg->card
	};

	if (json_is_string(menu))
		menu = root;		/* PANEL_MENU answers the menu itself */
	if (!json_is_object(menu)) {
		if (evhttp_request_get_command(req) == EVHTTP_REQ_POST)
			answer_see_panel(n, req);
		else
			panel_problem(n, req, "internal");
		return;
	}
	session = session_after(pg, root, menu);
	if (session[0] == '\0' || strcmp(session, pg->session) != 0)
		session_set(req, session);
	csrf_make(csrf, n->csrf_key, pg->device, session, rel_now_ms());
	uuid_new(request_id);
	rel_buf_reset(&n->out);
	html_menu(&n->out, menu, &page);
	answer_page(n, req, 200, &n->out, html_refresh_s(menu));
}

void
panel_answer(struct net *n, struct evhttp_request *req, const struct page *pg,
    const struct response *rs)
{
	json_t *root;

	if (rs->problem[0] != '\0' || rs->status < 200) {
		if (strncmp(rs->problem, "session-", 8) == 0)
			session_set(req, "");
		panel_show_problem(n, req, rs->problem,
		    problem_status(rs->problem), pg->locale);
		return;
	}
	root = json_loadb(rs->body, rs->body_len, 0, NULL);
	if (root == NULL)
		panel_problem(n, req, "internal");
	else
		panel_show(n, req, pg, root);
	json_decref(root);
}

/* ---- what comes in */

/* Turn body into the fields of rq and ask core. body is taken. */
static void
panel_ask(struct net *n, struct evhttp_request *req, struct request *rq,
    json_t *body, const char *session)
{
	struct page *pg = calloc(1, sizeof *pg);
	struct rel_err why;
	const char *key, *card;

	if (pg == NULL || body == NULL ||
	    decode_fields(rq, NULL, 0, NULL, body, &why) < 0) {
		free(pg);
		panel_problem(n, req, "bad-request");
		json_decref(body);
		return;
	}
	json_decref(body);
	rq->html = true;
	if ((key = req_str(rq, F_REQUEST_ID)) != NULL)
		snprintf(rq->idem_key, sizeof rq->idem_key, "%s", key);
	if ((card = req_str(rq, F_CARD_VALUE)) != NULL ||
	    ((card = req_str(rq, F_METHOD)) != NULL &&
	    strncmp(card, "card", 4) == 0 &&
	    (card = req_str(rq, F_VALUE)) != NULL))
		snprintf(pg->card, sizeof pg->card, "%s", card);
	snprintf(pg->device, sizeof pg->device, "%s", rq->caller_id);
	snprintf(pg->session, sizeof pg->session, "%s", session);
	snprintf(pg->locale, sizeof pg->locale, "%s", rq->locale);
	http_ask_core(n, req, rq, pg);
}

static void
panel_get(struct net *n, struct evhttp_request *req, struct request *rq,
    const char *session)
{
	const char *query = evhttp_uri_get_query(
	    evhttp_request_get_evhttp_uri(req));
	char menu[64] = "";
	json_t *body = json_object();

	if (query != NULL && strncmp(query, "menu=", 5) == 0 &&
	    decode_percent(menu, sizeof menu, query + 5,
	    strcspn(query + 5, "&"), true) && menu[0] != '\0')
		json_object_set_new(body, "menu", json_string(menu));
	if (session[0] != '\0')
		json_object_set_new(body, "session_id", json_string(session));
	panel_ask(n, req, rq, body, session);
}

static void
panel_post(struct net *n, struct evhttp_request *req, struct request *rq,
    const char *session)
{
	size_t len;
	char *text = http_body(req, &len);
	struct form f = { 0 };
	struct rel_err why;
	const char *problem = NULL;
	uint8_t hash[16];
	char key[37];
	json_t *body = NULL;

	/*
	 * The page's own number is in the body: the same press twice is the
	 * same request, another button of the same page is another one.
	 */
	net_sha256(rq->body_hash, len > 0 ? text : "", len);
	memcpy(hash, rq->body_hash, sizeof hash);
	uuid_text(key, hash, 8);
	if (len > FORM_BODY_MAX)
		problem = "too-large";
	else if (strncasecmp(http_header(req, "Content-Type"),
	    "application/x-www-form-urlencoded", 33) != 0 ||
	    form_read(&f, text, len, &why) < 0)
		problem = "bad-request";
	else if (!csrf_ok(form_get(&f, FORM_CSRF), n->csrf_key, rq->caller_id,
	    session, rel_now_ms()))
		problem = "forbidden";
	else if (form_get(&f, FORM_REQUEST) == NULL ||
	    (body = form_action(&f, session, key, &why)) == NULL)
		problem = "bad-request";
	if (len > 0)
		rel_wipe(text, len);
	form_fini(&f);
	if (problem != NULL)
		panel_problem(n, req, problem);
	else
		panel_ask(n, req, rq, body, session);
}

void
panel_request(struct net *n, struct evhttp_request *req, const char *path)
{
	enum evhttp_cmd_type cmd = evhttp_request_get_command(req);
	bool action = strcmp(path, PANEL_PATH "action") == 0;
	struct request rq;
	char session[65];
	const char *problem;

	if (strcmp(path, HTML_CSS_PATH) == 0 && cmd == EVHTTP_REQ_GET) {
		answer_css(n, req);
		return;
	}
	if (!action && strcmp(path, PANEL_PATH) != 0) {
		panel_problem(n, req, "not-found");
		return;
	}
	if (cmd != (action ? EVHTTP_REQ_POST : EVHTTP_REQ_GET)) {
		answer_header(req, "Allow", action ? "POST" : "GET");
		panel_problem(n, req, "method-not-allowed");
		return;
	}
	memset(&rq, 0, sizeof rq);
	rq.route = action ? PANEL_ACTION : PANEL_MENU;
	session_from_cookie(session, http_header(req, "Cookie"));
	if ((problem = http_caller(n, req, &rq)) != NULL)
		panel_problem(n, req, problem);
	else if (action)
		panel_post(n, req, &rq, session);
	else
		panel_get(n, req, &rq, session);
	request_fini(&rq);
}
