/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* A station's certificate: kept whole, and renewed in time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "station/station.h"

static int
keep_p12(const char *dir, const struct station_key *key, const char *crt,
    const char *password, const char *serial, struct rel_err *err)
{
	char name[STATION_SERIAL + 32];
	struct rel_buf p12;
	int rc;

	snprintf(name, sizeof name, "Print release %s", serial);
	rel_buf_init(&p12);
	rc = station_p12(&key->key, crt, password, name, &p12, err);
	if (rc == 0)
		rc = station_write_new(dir, "station.p12", p12.data, p12.len,
		    err);
	rel_buf_fini_secret(&p12);
	return rc;
}

int
station_keep(const char *dir, const struct station_key *key,
    const json_t *answer, json_t *station, const char *password,
    struct rel_err *err)
{
	const char *crt = json_string_value(json_object_get(answer,
	    "certificate_pem"));
	const char *serial = json_string_value(json_object_get(station,
	    "serial"));
	char *text;
	int rc = 0;

	if (crt == NULL || serial == NULL)
		return rel_err_set(err, REL_E_FORMAT,
		    "the print server's answer has no certificate");
	json_object_set(station, "renew_after", json_object_get(answer,
	    "renew_after"));
	if ((text = json_dumps(station, JSON_INDENT(1) |
	    JSON_SORT_KEYS)) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	if (password != NULL)
		rc = keep_p12(dir, key, crt, password, serial, err);
	if (rc == 0 && (rc = station_write_new(dir, "station.crt", crt,
	    strlen(crt), err)) == 0 && (rc = station_write_new(dir,
	    "station.json", text, strlen(text), err)) == 0)
		rc = station_rename_new(dir, err);
	free(text);
	return rc;
}

bool
station_due(const json_t *station)
{
	const char *after = json_string_value(json_object_get(station,
	    "renew_after"));
	char now[32];

	rel_time_text(now, rel_now_ms());
	return after == NULL || strcmp(now, after) >= 0;
}

int
station_renewed(const char *dir, json_t *station, const char *password,
    struct rel_err *err)
{
	char ca[STATION_PATH];
	struct station_call call = station_call_of(station, dir, ca);
	struct station_key key;
	json_t *body = NULL, *answer = NULL;
	const char *serial = json_string_value(json_object_get(station,
	    "serial"));
	int rc = station_key_make(&key, serial != NULL ? serial : "", err);

	if (rc == 0 && (rc = station_write_new(dir, "station.key",
	    key.key.data, key.key.len, err)) == 0) {
		body = json_pack("{s:s%}", "csr_pem",
		    (const char *)key.csr.data, key.csr.len);
		call.path = "/opdp/v1/device/renew";
		call.body = body;
		rc = station_ask(&call, &answer, err);
	}
	if (rc == 0)
		rc = station_keep(dir, &key, answer, station, password, err);
	if (rc < 0)
		station_drop_new(dir);
	json_decref(answer);
	json_decref(body);
	station_key_fini(&key);
	return rc;
}
