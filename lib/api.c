/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "lib/text.h"

#define ANSWER_MAX (64u << 20)
#define CONNECT_MS 5000L
#define CALL_MS 120000L

struct rel_api {
	CURL *curl;
	char visitor[64];	/* cupsd's certificate, or "" */
	struct rel_buf answer;
	char *path;		/* of the socket, for messages */
	char once[80];		/* Idempotency-Key of the next call, or "" */
	char problem[64];	/* code of the last call's refusal, or "" */
	char field[64];		/* what it was about, or "" */
};

static size_t
api_on_data(char *p, size_t size, size_t n, void *ctx)
{
	struct rel_api *a = ctx;

	if (n > ANSWER_MAX - a->answer.len)
		return 0;
	rel_put_raw(&a->answer, p, size * n);
	return a->answer.failed ? 0 : size * n;
}

static int
api_setup(struct rel_api *a, const char *path)
{
	CURL *c = a->curl;

	return curl_easy_setopt(c, CURLOPT_UNIX_SOCKET_PATH, path) !=
	    CURLE_OK ||
	    curl_easy_setopt(c, CURLOPT_PROXY, "") != CURLE_OK ||
	    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) != CURLE_OK ||
	    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS,
	    CONNECT_MS) != CURLE_OK ||
	    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, CALL_MS) != CURLE_OK ||
	    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION,
	    api_on_data) != CURLE_OK ||
	    curl_easy_setopt(c, CURLOPT_WRITEDATA, a) != CURLE_OK;
}

int
rel_api_new(struct rel_api **out, const char *path, struct rel_err *err)
{
	struct rel_api *a = calloc(1, sizeof *a);

	if (a == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	rel_buf_init(&a->answer);
	a->path = strdup(path);
	a->curl = curl_easy_init();
	if (a->path == NULL || a->curl == NULL || api_setup(a, path)) {
		rel_api_free(&a);
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	}
	*out = a;
	return 0;
}

void
rel_api_free(struct rel_api **ap)
{
	struct rel_api *a = *ap;

	if (a == NULL)
		return;
	curl_easy_cleanup(a->curl);
	rel_wipe(a->visitor, sizeof a->visitor);
	rel_buf_fini_secret(&a->answer);
	free(a->path);
	free(a);
	*ap = NULL;
}

void
rel_api_visitor(struct rel_api *a, const char *certificate)
{
	snprintf(a->visitor, sizeof a->visitor, "%s", certificate);
}

void
rel_api_once(struct rel_api *a, const char *key)
{
	snprintf(a->once, sizeof a->once, "%s", key);
}

const char *
rel_api_problem(const struct rel_api *a)
{
	return a->problem;
}

const char *
rel_api_field(const struct rel_api *a)
{
	return a->field;
}

/* The words of a refusal: RFC 9457 detail, else title, else the status. */
static int
api_refused(struct rel_api *a, long status, struct rel_err *err)
{
	json_t *body = json_loadb((const char *)a->answer.data, a->answer.len,
	    JSON_REJECT_DUPLICATES, NULL);
	const char *words = json_string_value(json_object_get(body, "detail"));
	const char *type = json_string_value(json_object_get(body, "type"));
	const char *problem = json_string_value(json_object_get(body, "code"));
	const char *field = json_string_value(json_object_get(body, "field"));
	char clean[200];
	int code = REL_E_FORMAT;

	snprintf(a->problem, sizeof a->problem, "%s",
	    problem != NULL ? problem : "");
	snprintf(a->field, sizeof a->field, "%s", field != NULL ? field : "");

	if (words == NULL || words[0] == '\0')
		words = json_string_value(json_object_get(body, "title"));
	if (status == 401 || status == 403)
		code = REL_E_DENIED;
	else if (status == 404)
		code = REL_E_NOTFOUND;
	else if (status == 409)
		code = type != NULL && strstr(type, "not-held") != NULL ?
		    REL_E_NOTHELD : REL_E_EXISTS;
	else if (status == 413 || status == 429)
		code = REL_E_LIMIT;
	else if (status == 503)
		code = REL_E_FULL;
	rel_text_clean(clean, sizeof clean, words != NULL ? words : "");
	if (clean[0] != '\0')
		rel_err_set(err, code, "%s", clean);
	else
		rel_err_set(err, code, "releaserd answered with status %ld",
		    status);
	json_decref(body);
	return -code;
}

static int
api_answer(struct rel_api *a, json_t **out, struct rel_err *err)
{
	json_t *body;
	long status = 0;

	curl_easy_getinfo(a->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status < 200 || status > 299)
		return api_refused(a, status, err);
	if (out == NULL)
		return 0;
	body = a->answer.len == 0 ? json_object() :
	    json_loadb((const char *)a->answer.data, a->answer.len,
	    JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(body)) {
		json_decref(body);
		return rel_err_set(err, REL_E_FORMAT,
		    "releaserd's answer is no JSON object");
	}
	*out = body;
	return 0;
}

/* A header "NAME: VALUE" more, when there is a value; false: no memory. */
static bool
api_header(struct curl_slist **list, const char *name, const char *value)
{
	char line[160];
	struct curl_slist *more;

	if (value[0] == '\0')
		return true;
	snprintf(line, sizeof line, "%s%s", name, value);
	more = curl_slist_append(*list, line);
	rel_wipe(line, sizeof line);
	if (more != NULL)
		*list = more;
	return more != NULL;
}

static bool
api_headers(struct rel_api *a, struct curl_slist **list)
{
	bool ok = api_header(list, "Content-Type: ", "application/json") &&
	    api_header(list, "Authorization: Local ", a->visitor) &&
	    api_header(list, "Idempotency-Key: ", a->once);

	a->once[0] = '\0';
	return ok && curl_easy_setopt(a->curl, CURLOPT_HTTPHEADER, *list) ==
	    CURLE_OK;
}

/* Send it; the answer is in a then, whatever its status. */
static int
api_send(struct rel_api *a, const char *method, const char *path,
    const json_t *body, struct rel_err *err)
{
	char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
	struct curl_slist *headers = NULL;
	struct rel_buf url;
	CURLcode rc = CURLE_OUT_OF_MEMORY;

	a->problem[0] = a->field[0] = '\0';
	rel_buf_reset(&a->answer);
	rel_buf_init(&url);
	rel_put_fmt(&url, "http://localhost%s", path);
	rel_put_u8(&url, 0);
	/* A GET or DELETE has no body; POST without one sends an empty one. */
	curl_easy_setopt(a->curl, CURLOPT_HTTPGET, 1L);
	if (text != NULL || strcmp(method, "POST") == 0) {
		curl_easy_setopt(a->curl, CURLOPT_POST, 1L);
		curl_easy_setopt(a->curl, CURLOPT_POSTFIELDS,
		    text != NULL ? text : "");
		curl_easy_setopt(a->curl, CURLOPT_POSTFIELDSIZE,
		    text != NULL ? (long)strlen(text) : 0L);
	}
	if (!url.failed && (text != NULL || body == NULL) &&
	    api_headers(a, &headers) &&
	    curl_easy_setopt(a->curl, CURLOPT_CUSTOMREQUEST, method) ==
	    CURLE_OK &&
	    curl_easy_setopt(a->curl, CURLOPT_URL, (char *)url.data) ==
	    CURLE_OK)
		rc = curl_easy_perform(a->curl);
	curl_easy_setopt(a->curl, CURLOPT_POSTFIELDS, NULL);
	curl_easy_setopt(a->curl, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(headers);
	if (text != NULL)
		rel_wipe(text, strlen(text));
	free(text);
	rel_buf_fini(&url);
	if (rc != CURLE_OK)
		return rel_err_set(err, REL_E_PEER,
		    "releaserd does not answer at %.120s (%.60s): is it "
		    "running?", a->path, curl_easy_strerror(rc));
	return 0;
}

int
rel_api_call(struct rel_api *a, const char *method, const char *path,
    const json_t *body, json_t **out, struct rel_err *err)
{
	int rc = api_send(a, method, path, body, err);

	return rc < 0 ? rc : api_answer(a, out, err);
}

int
rel_api_text(struct rel_api *a, const char *path, const char **text,
    size_t *len, struct rel_err *err)
{
	int rc = api_send(a, "GET", path, NULL, err);

	if (rc == 0)
		rc = api_answer(a, NULL, err);
	*text = (const char *)a->answer.data;
	*len = a->answer.len;
	return rc;
}

int
rel_api_again(const struct rel_api *a, struct rel_api **out,
    struct rel_err *err)
{
	int rc = rel_api_new(out, a->path, err);

	if (rc == 0)
		rel_api_visitor(*out, a->visitor);
	return rc;
}

void
rel_api_escape(struct rel_buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || strchr("-._~", c) != NULL)
			rel_put_u8(b, c);
		else
			rel_put_fmt(b, "%%%02X", c);
	}
}
