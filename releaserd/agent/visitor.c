/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/agent/agent_priv.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

#include "lib/buf.h"
#include "lib/log.h"
#include "lib/text.h"

/* Behind one of them cupsd lets only its own administrators. */
#define URL_SYSTEM "http://localhost/release/system/whoami.cgi"
#define URL_ANYBODY "http://localhost/release/whoami.cgi"
#define WAIT_MS 5000L
#define SILENT_MS 5000		/* not asked again for so long */
#define NAME_MAX_BYTES 83u

/* A cupsd that does not answer must not keep those at the panels waiting. */
static int64_t silent_until_ms;

struct answer {
	char text[NAME_MAX_BYTES + 2];	/* "NAME\n" */
	size_t len;
};

static size_t
on_data(char *p, size_t size, size_t n, void *ctx)
{
	struct answer *a = ctx;

	(void)size;
	/* Longer than any name: the words of a refusal, which nobody reads. */
	if (n >= sizeof a->text - a->len) {
		a->len = 0;
		a->text[0] = '\0';
	} else {
		memcpy(a->text + a->len, p, n);
		a->len += n;
		a->text[a->len] = '\0';
	}
	return n;
}

static bool
call_setup(CURL *c, const char *socket_path, struct curl_slist *headers,
    struct answer *a)
{
	return curl_easy_setopt(c, CURLOPT_UNIX_SOCKET_PATH, socket_path) ==
	    CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, WAIT_MS) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_data) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_WRITEDATA, a) == CURLE_OK;
}

/* HTTP status, 0 when cupsd does not answer. */
static long
call(CURL *c, const char *url, struct answer *a)
{
	CURLcode rc;
	long status = 0;

	memset(a, 0, sizeof *a);
	rc = curl_easy_setopt(c, CURLOPT_URL, url);
	if (rc == CURLE_OK)
		rc = curl_easy_perform(c);
	if (rc == CURLE_OK)
		curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	else if (rc == CURLE_OPERATION_TIMEDOUT)
		silent_until_ms = rel_mono_ms() + SILENT_MS;
	if (rc != CURLE_OK)
		rel_log(REL_WARN, "cupsd was asked for a visitor in vain",
		    "why=\"%s\"", curl_easy_strerror(rc));
	return status;
}

/* The line of whoami.cgi; an empty name is nobody. */
static bool
name_take(const struct answer *a, char *name, size_t size)
{
	size_t n = strcspn(a->text, "\n");

	if (n == 0 || n != a->len - 1 || n >= size)
		return false;
	memcpy(name, a->text, n);
	name[n] = '\0';
	return true;
}

static enum ipc_visitor
ask(CURL *c, struct answer *a, char *name, size_t size)
{
	long status = call(c, URL_SYSTEM, a);

	if (status == 200)
		return name_take(a, name, size) ? VISITOR_SYSTEM :
		    VISITOR_NOBODY;
	if (status == 401 || status == 403)
		status = call(c, URL_ANYBODY, a);
	if (status == 200)
		return name_take(a, name, size) ? VISITOR_USER :
		    VISITOR_NOBODY;
	if (status == 404)
		rel_log(REL_ERROR, "the pages are not known to cupsd",
		    "path=/release/whoami.cgi");
	return status == 401 || status == 403 ? VISITOR_NOBODY :
	    VISITOR_UNASKED;
}

enum ipc_visitor
visitor_ask(const char *socket_path, const char *cert, char *name,
    size_t size)
{
	enum ipc_visitor rc = VISITOR_UNASKED;
	struct curl_slist *headers;
	struct answer a;
	char line[80];
	CURL *c;

	name[0] = '\0';
	if (rel_mono_ms() < silent_until_ms)
		return rc;
	c = curl_easy_init();
	snprintf(line, sizeof line, "Authorization: Local %s", cert);
	headers = curl_slist_append(NULL, line);
	rel_wipe(line, sizeof line);
	if (c != NULL && headers != NULL &&
	    call_setup(c, socket_path, headers, &a))
		rc = ask(c, &a, name, size);
	curl_slist_free_all(headers);
	curl_easy_cleanup(c);
	return rc;
}
