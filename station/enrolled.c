/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What a station knows once it is registered. */
#include <stdio.h>
#include <unistd.h>

#include "station/station.h"

int
station_load(const char *dir, json_t **out, struct rel_err *err)
{
	struct rel_buf b;
	json_t *v = NULL;
	int rc;

	rel_buf_init(&b);
	station_mend(dir);
	rc = station_read(dir, "station.json", &b, err);
	if (rc == -REL_E_NOTFOUND)
		rc = rel_err_set(err, REL_E_NOTFOUND, "there is no "
		    "station in %.120s: releasectl station enroll --out DIR",
		    dir);
	if (rc == 0) {
		const char *server;

		v = json_loadb((const char *)b.data, b.len,
		    JSON_REJECT_DUPLICATES, NULL);
		server = json_string_value(json_object_get(v, "server"));
		if (server == NULL || !station_server_ok(server))
			rc = rel_err_set(err, REL_E_FORMAT, "station.json "
			    "in %.120s is damaged: enroll the station anew",
			    dir);
	}
	rel_buf_fini(&b);
	if (rc == 0)
		*out = v;
	else
		json_decref(v);
	return rc;
}

struct station_call
station_call_of(const json_t *station, const char *dir, char *ca)
{
	struct station_call call = {
		.server = json_string_value(json_object_get(station,
		    "server")), .dir = dir
	};

	snprintf(ca, STATION_PATH, "%s/server.pem", dir);
	if (json_is_true(json_object_get(station, "has_ca")))
		call.ca = ca;
	return call;
}

json_t *
station_told(json_t *readers)
{
	char host[65] = "";

	if (gethostname(host, sizeof host - 1) < 0)
		host[0] = '\0';
	return json_pack("{s:{s:s,s:s,s:o*}}", "station", "version",
	    REL_VERSION, "host", host, "readers", readers);
}
