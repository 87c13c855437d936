/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * All that net reads from a stranger after TLS and HTTP.  The first line of
 * the input says what the rest is:
 *
 *	json ROUTE	a body for this route
 *	url ROUTE	the path's {}, a '?' and the query
 *	form		a form of the HTML panel; what it means goes on as a body
 *	menu		a menu (titles in it come from strangers) made a page
 *	csr		a certificate request
 *	token		a header Authorization
 */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <string.h>

#include "releaserd/net/csr.h"
#include "releaserd/net/decode.h"
#include "releaserd/net/form.h"
#include "releaserd/net/html.h"

/* What was decoded must survive the way to core, and keep its bounds. */
static void
check_request(struct request *rq)
{
	struct request back;
	struct rel_buf b;

	for (const struct route_field *f = routes[rq->route].fields;
	    f->id != F_COUNT; f++) {
		const char *s = req_str(rq, f->id);

		FUZZ_MUST(!(f->flags & FIELD_REQUIRED) || rq->f[f->id].set);
		if (s != NULL)
			FUZZ_MUST(strlen(s) <= (size_t)f->max);
		if (f->type == FT_INT && rq->f[f->id].set)
			FUZZ_MUST(rq->f[f->id].num >= f->min &&
			    rq->f[f->id].num <= f->max);
	}
	FUZZ_MUST(rq->njobs <= JSON_IN_LIST_MAX);
	FUZZ_MUST(rq->nrecords <= REQ_RECORDS_MAX);
	rel_buf_init(&b);
	request_put(&b, rq);
	FUZZ_MUST(!b.failed);
	FUZZ_MUST(request_get(&back, b.data, b.len) == 0);
	FUZZ_MUST(back.njobs == rq->njobs);
	FUZZ_MUST(back.nrecords == rq->nrecords);
	for (size_t i = 0; i < F_COUNT; i++)
		FUZZ_MUST(back.f[i].set == rq->f[i].set);
	rel_buf_fini(&b);
	request_fini(&back);
}

static void
fuzz_body(int route, const json_t *body, const char *arg, const char *query)
{
	struct request rq;
	struct rel_err why = { 0 };

	memset(&rq, 0, sizeof rq);
	rq.route = (enum req_route)route;
	if (decode_fields(&rq, arg, arg != NULL ? strlen(arg) : 0, query,
	    body, &why) == 0)
		check_request(&rq);
	else
		FUZZ_MUST(why.text[0] != '\0');
	request_fini(&rq);
}

static void
fuzz_url(int route, char *text)
{
	char *query = strchr(text, '?');

	if (query != NULL)
		*query++ = '\0';
	fuzz_body(route, NULL, text, query);
}

static void
fuzz_form(const char *text, size_t n)
{
	struct form f;
	struct rel_err why = { 0 };
	json_t *body;

	if (form_read(&f, text, n, &why) == 0 &&
	    (body = form_action(&f, "s", "r", &why)) != NULL) {
		fuzz_body(PANEL_ACTION, body, NULL, NULL);
		json_decref(body);
	}
	form_fini(&f);
}

static void
fuzz_menu(const json_t *menu)
{
	static const struct html_page pg = {
		.locale = "de", .csrf = "c", .request_id = "r", .card = "04A1"
	};
	struct rel_buf b;

	rel_buf_init(&b);
	html_menu(&b, menu, &pg);
	(void)html_refresh_s(menu);
	rel_put_u8(&b, 0);
	FUZZ_MUST(!b.failed);
	FUZZ_MUST(strstr((char *)b.data, "<script") == NULL);
	FUZZ_MUST(strstr((char *)b.data, "</html>") != NULL);
	rel_buf_fini(&b);
}

static void
fuzz_token(const char *header)
{
	size_t n;
	const char *token = decode_bearer(header, &n);

	if (token == NULL)
		return;
	FUZZ_MUST(n > 0 && n <= NET_TOKEN_MAX && token[n] == '\0');
	FUZZ_MUST(strcspn(token, " \t\r\n") == n);
}

static int
route_by_name(const char *name)
{
	for (int i = 0; i < ROUTE_COUNT; i++)
		if (strcmp(routes[i].name, name) == 0)
			return i;
	return -1;
}

static void
fuzz_kind(const char *line, char *rest, size_t n)
{
	char spki[CSR_SPKI_MAX + 1];
	struct rel_err why = { 0 };
	json_t *root = NULL;
	int route = -1;

	if (strncmp(line, "json ", 5) == 0 || strncmp(line, "url ", 4) == 0)
		route = route_by_name(strchr(line, ' ') + 1);
	if (line[0] == 'j' || strcmp(line, "menu") == 0)
		root = json_in(rest, n, &why);
	if (route >= 0 && line[0] == 'u')
		fuzz_url(route, rest);
	else if (route >= 0 && root != NULL)
		fuzz_body(route, root, "x", NULL);
	else if (strcmp(line, "menu") == 0 && root != NULL)
		fuzz_menu(root);
	else if (strcmp(line, "token") == 0)
		fuzz_token(rest);
	else if (strcmp(line, "form") == 0)
		fuzz_form(rest, n);
	else if (strcmp(line, "csr") == 0 && csr_key(spki, rest, &why) == 0)
		FUZZ_MUST(spki[0] != '\0');
	json_decref(root);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const uint8_t *end = n > 0 ? memchr(p, '\n', n < 40 ? n : 40) : NULL;
	char line[41], *rest;
	size_t head, len;

	json_in_init();
	if (end == NULL)
		return 0;
	head = (size_t)(end - p);
	memcpy(line, p, head);
	line[head] = '\0';
	len = n - head - 1;
	/* Exactly as long as it is: a byte too far is found. */
	if ((rest = malloc(len + 1)) == NULL)
		return 0;
	memcpy(rest, end + 1, len);
	rest[len] = '\0';
	fuzz_kind(line, rest, len);
	free(rest);
	return 0;
}
