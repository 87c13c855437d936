/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A station's side of HTTPS, and its failures in words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "station/station.h"
#include "lib/text.h"

#define HOST_MAX 260
#define ANSWER_MAX (256u << 10)
#define CONNECT_MS 5000L
#define CALL_MS 20000L

bool
station_server_ok(const char *server)
{
	static const char host[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
	const char *p = server + 8;
	int64_t port;
	size_t n;

	if (strncmp(server, "https://", 8) != 0 ||
	    strlen(server) > HOST_MAX)
		return false;
	n = *p == '[' ? 1 + strspn(p + 1, "0123456789abcdefABCDEF:.") :
	    strspn(p, host);
	if (*p == '[' && (n == 1 || p[n++] != ']'))
		return false;
	if (n == 0 || (p[n] != '\0' && p[n] != ':'))
		return false;
	return p[n] == '\0' || rel_int(&port, p + n + 1, 1, 65535);
}

static size_t
on_data(char *p, size_t size, size_t n, void *ctx)
{
	struct rel_buf *b = ctx;

	if (n > ANSWER_MAX - b->len)
		return 0;
	rel_put_raw(b, p, size * n);
	return b->failed ? 0 : size * n;
}

/* ---- words */

static const struct {
	const char *code, *words;
	int rc;
} refusals[] = {
	{ "activation-invalid", "the activation key is wrong, was used "
	    "already or is for another serial number; \"releasectl device key "
	    "DEVICE\" on the print server makes a new one", REL_E_DENIED },
	{ "activation-expired", "the activation key is too old; \"releasectl "
	    "device key DEVICE\" on the print server makes a new one",
	    REL_E_DENIED },
	{ "serial-in-use", "another device has this serial number: give this "
	    "station one of its own with --serial, or delete the other "
	    "device", REL_E_EXISTS },
	{ "rate-limited", "too many wrong activation keys came from this "
	    "address: wait, then try again", REL_E_DENIED },
	{ "not-registered", "the print server does not take this station's "
	    "certificate: it has ended, or the device was deleted or enrolled "
	    "anew. Enroll the station with a new activation key",
	    REL_E_DENIED },
	{ "version-not-supported", "the print server speaks another version "
	    "of OPDP: use the releasectl of its version", REL_E_DENIED },
	{ "backend-unavailable", "the print server cannot answer right now: "
	    "try again in a moment", REL_E_PEER },
	{ "job-not-held", "it is not released", REL_E_NOTHELD },
	{ "job-unknown", "the print server does not know this job",
	    REL_E_NOTFOUND },
	{ "device-busy", "the print server is still at work with this: try "
	    "again in a moment", REL_E_PEER },
	{ "internal", "the print server failed; its log says why",
	    REL_E_PEER }
};

static int
refused(const json_t *answer, long status, char *problem,
    struct rel_err *err)
{
	const char *code = json_string_value(json_object_get(answer, "code"));
	const char *detail = json_string_value(json_object_get(answer,
	    "detail"));
	char words[160];

	if (code == NULL)
		return rel_err_set(err, REL_E_PEER, "what answers there is no "
		    "print server of cups-release (HTTP %ld): is the port "
		    "right?", status);
	if (problem != NULL)
		snprintf(problem, STATION_PROBLEM, "%s", code);
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
		if (strcmp(refusals[i].code, code) == 0)
			return rel_err_set(err, refusals[i].rc, "%s",
			    refusals[i].words);
	rel_text_clean(words, sizeof words, detail != NULL ? detail : code);
	return rel_err_set(err, REL_E_DENIED, "the print server said no: %s",
	    words);
}

/* Why there is no answer at all. */
static int
unanswered(const struct station_call *call, CURLcode code,
    struct rel_err *err)
{
	if (code == CURLE_PEER_FAILED_VERIFICATION)
		return rel_err_set(err, REL_E_DENIED, "%.80s shows a "
		    "certificate that %.60s does not vouch for, or one for "
		    "another name. Compare it with \"releasectl certificate "
		    "show\" there", call->server, call->ca != NULL ? call->ca :
		    "this system");
	if (code == CURLE_SSL_CACERT_BADFILE)
		return rel_err_set(err, REL_E_FORMAT, "%.100s is not there or "
		    "holds no certificate in PEM form", call->ca != NULL ?
		    call->ca : "the system's list of authorities");
	if (code == CURLE_SSL_CERTPROBLEM)
		return rel_err_set(err, REL_E_FORMAT, "station.key and "
		    "station.crt in %.100s do not belong together: enroll the "
		    "station anew", call->dir != NULL ? call->dir : ".");
	if (code == CURLE_COULDNT_RESOLVE_HOST)
		return rel_err_set(err, REL_E_PEER, "there is no host %.100s: "
		    "is its name right?", call->server + 8);
	if (code == CURLE_SSL_CONNECT_ERROR)
		return rel_err_set(err, REL_E_PEER, "%.80s does not speak "
		    "HTTPS as a print server does: is the port right?",
		    call->server);
	return rel_err_set(err, REL_E_PEER, "%.80s does not answer (%.60s): "
	    "does releaserd run there, and does a firewall let HTTPS through?",
	    call->server, curl_easy_strerror(code));
}

/* ---- the call */

static int
set_up(CURL *e, const struct station_call *call, struct rel_buf *answer)
{
	char url[HOST_MAX + 128], crt[STATION_PATH], key[STATION_PATH];
	int bad;

	snprintf(url, sizeof url, "%s%s", call->server, call->path);
	bad = curl_easy_setopt(e, CURLOPT_URL, url) != CURLE_OK;
	bad |= curl_easy_setopt(e, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2) != CURLE_OK;
	if (call->ca != NULL) {
		bad |= curl_easy_setopt(e, CURLOPT_CAINFO, call->ca) !=
		    CURLE_OK;
		bad |= curl_easy_setopt(e, CURLOPT_CAPATH, NULL) != CURLE_OK;
	}
	if (call->dir != NULL) {
		snprintf(crt, sizeof crt, "%s/station.crt", call->dir);
		snprintf(key, sizeof key, "%s/station.key", call->dir);
		bad |= curl_easy_setopt(e, CURLOPT_SSLCERT, crt) != CURLE_OK;
		bad |= curl_easy_setopt(e, CURLOPT_SSLKEY, key) != CURLE_OK;
	}
	if (call->method != NULL)
		bad |= curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST,
		    call->method) != CURLE_OK;
	/* The print server is in the house: no proxy stands before it. */
	bad |= curl_easy_setopt(e, CURLOPT_PROXY, "") != CURLE_OK;
	bad |= curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L) != CURLE_OK;
	bad |= curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS) !=
	    CURLE_OK;
	bad |= curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, CALL_MS) != CURLE_OK;
	bad |= curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_data) !=
	    CURLE_OK;
	bad |= curl_easy_setopt(e, CURLOPT_WRITEDATA, answer) != CURLE_OK;
	return bad;
}

/* text is the body, NULL: none; it may hold the activation key. */
static int
perform(const struct station_call *call, const char *text,
    struct rel_buf *answer, long *status, struct rel_err *err)
{
	struct curl_slist *head = curl_slist_append(NULL,
	    "Content-Type: application/json");
	CURL *e = call->line != NULL && *call->line != NULL ? *call->line :
	    curl_easy_init();
	CURLcode code = CURLE_FAILED_INIT;

	if (e != NULL && head != NULL && !set_up(e, call, answer) &&
	    (text == NULL ||
	    (curl_easy_setopt(e, CURLOPT_HTTPHEADER, head) == CURLE_OK &&
	    curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE,
	    (long)strlen(text)) == CURLE_OK &&
	    curl_easy_setopt(e, CURLOPT_POSTFIELDS, text) == CURLE_OK)))
		code = curl_easy_perform(e);
	if (code == CURLE_OK)
		curl_easy_getinfo(e, CURLINFO_RESPONSE_CODE, status);
	curl_slist_free_all(head);
	if (call->line != NULL && e != NULL) {
		curl_easy_reset(e);
		*call->line = e;
	} else {
		curl_easy_cleanup(e);
	}
	return code == CURLE_OK ? 0 : unanswered(call, code, err);
}

void
station_hang_up(void **line)
{
	curl_easy_cleanup(*line);
	*line = NULL;
}

int
station_ask(const struct station_call *call, json_t **out,
    struct rel_err *err)
{
	char *text = call->body != NULL ? json_dumps(call->body,
	    JSON_COMPACT) : NULL;
	struct rel_buf answer;
	json_t *v = NULL;
	long status = 0;
	int rc;

	if (text == NULL && call->body != NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	if (call->problem != NULL)
		call->problem[0] = '\0';
	rel_buf_init(&answer);
	rc = perform(call, text, &answer, &status, err);
	if (rc == 0) {
		v = json_loadb((const char *)answer.data, answer.len,
		    JSON_REJECT_DUPLICATES, NULL);
		if (status == 204 && v == NULL)
			v = json_object();
		if (status < 200 || status > 299 || !json_is_object(v))
			rc = refused(v, status, call->problem, err);
	}
	if (text != NULL)
		rel_wipe(text, strlen(text));
	free(text);
	rel_buf_fini_secret(&answer);
	if (rc == 0)
		*out = v;
	else
		json_decref(v);
	return rc;
}
