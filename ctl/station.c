/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * releasectl station ...: a computer with a browser beside a printer becomes
 * a device.  Runs on that computer and speaks OPDP, not the local API; but
 * for `list`, which is in device_fleet.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "station/station.h"
#include "lib/text.h"

#define SERIAL_MAX STATION_SERIAL
#define WARN_DAYS 30
#define DAY_MS 86400000

static const struct ctl_column columns[] = {
	{ "Server", "server", COL_TEXT },
	{ "Page for the browser", "page", COL_TEXT },
	{ "Device", "device_id", COL_TEXT }, { "Serial", "serial", COL_TEXT },
	{ "Good until", "good_until", COL_TIME },
	{ "Days left", "days_left", COL_INT },
	{ "Renew from", "renew_after", COL_TIME },
	{ "Registered", "registered", COL_YESNO }, { NULL, NULL, COL_TEXT }
};

/* ---- secrets */

/* One secret of a file, of standard input (-) or asked for; not empty. */
static char *
secret(struct ctl *c, const char *file, const char *question, bool twice)
{
	json_t *body = json_object();
	char *value = NULL;
	const char *was = c->opt[OPT_STDIN], *s;
	int rc;

	if (file != NULL && strcmp(file, "-") != 0) {
		rc = ctl_put_file(c, body, "s", file);
	} else {
		if (file != NULL)
			c->opt[OPT_STDIN] = "";
		rc = ctl_put_secret(c, body, "s", question, twice);
		c->opt[OPT_STDIN] = was;
	}
	s = rc == 0 ? json_string_value(json_object_get(body, "s")) : NULL;
	if (s != NULL && s[0] != '\0')
		value = strdup(s);
	else if (s != NULL)
		rel_err_set(&c->err, REL_E_FORMAT, "%s: nothing was given",
		    question);
	ctl_free_secret(body);
	return value;
}

static char *
p12_password(struct ctl *c)
{
	return secret(c, c->opt[OPT_PASSWORD_FILE], "Password of station.p12, "
	    "which the browser will ask for", true);
}

/* ---- what is kept */

/* ---- enroll */

static int
serial_of(struct ctl *c, char out[SERIAL_MAX + 1])
{
	char host[40] = "";

	if (c->opt[OPT_SERIAL] != NULL) {
		size_t n = strlen(c->opt[OPT_SERIAL]);

		if (n == 0 || n > SERIAL_MAX ||
		    !rel_utf8_ok(c->opt[OPT_SERIAL], n))
			return ctl_misuse(c, "--serial takes 1 to %d "
			    "characters", SERIAL_MAX);
		rel_text_clean(out, SERIAL_MAX + 1, c->opt[OPT_SERIAL]);
		return 0;
	}
	if (gethostname(host, sizeof host - 1) < 0 || host[0] == '\0')
		return ctl_misuse(c, "this computer has no name: give the "
		    "station a serial number with --serial");
	snprintf(out, SERIAL_MAX + 1, "station-%s", host);
	return 0;
}

static json_t *
register_body(const char *activation, const char *serial,
    const struct station_key *key)
{
	return json_pack("{s:s, s:{s:s, s:s, s:s, s:s, s:[s], s:i, s:[s, s, s]},"
	    " s:s, s:s%}", "activation_key", activation, "device",
	    "serial", serial, "vendor", "cups-release", "model",
	    "Kiosk station", "firmware", REL_VERSION, "opdp", "1.0",
	    "level", 1, "features", "card-reader", "html-panel",
	    "station",
	    "auth", "mtls", "csr_pem", (const char *)key->csr.data,
	    key->csr.len);
}

/* The folder, and in it all that can be written before the server is asked:
 * the activation key is good once. */
static int
prepare(struct ctl *c, const char *dir, const struct station_key *key)
{
	struct rel_buf ca;
	int rc = station_folder(dir, &c->err);

	rel_buf_init(&ca);
	if (rc == 0)
		rc = station_write_new(dir, "station.key", key->key.data,
		    key->key.len, &c->err);
	if (rc == 0 && c->opt[OPT_CA] != NULL &&
	    (rc = station_read_path(c->opt[OPT_CA], &ca, &c->err)) == 0)
		rc = station_write_new(dir, "server.pem", ca.data, ca.len,
		    &c->err);
	rel_buf_fini(&ca);
	return rc;
}

static void
say_enrolled(struct ctl *c, const char *dir, json_t *station)
{
	if (c->opt[OPT_JSON] != NULL) {
		ctl_print_json(station);
		return;
	}
	printf("This station is registered.\n\n"
	    "  For the browser:  %s/station.p12, with the password you gave\n"
	    "  Its page:         %s/panel/\n\n"
	    "Import the first and open the second; doc/kiosk.md says how.\n",
	    dir, json_string_value(json_object_get(station, "server")));
}

static int
enroll(struct ctl *c, const char *serial, const char *activation,
    const char *password)
{
	const char *dir = c->opt[OPT_OUT];
	struct station_call call = {
		.server = c->opt[OPT_SERVER], .ca = c->opt[OPT_CA],
		.path = "/opdp/v1/device/register"
	};
	struct station_key key;
	json_t *body = NULL, *answer = NULL, *station = NULL;
	int rc = station_key_make(&key, serial, &c->err);

	if (rc == 0 && (rc = prepare(c, dir, &key)) == 0) {
		call.body = body = register_body(activation, serial, &key);
		rc = body == NULL ? ctl_misuse(c, "the activation key is no "
		    "text") : station_ask(&call, &answer, &c->err);
	}
	if (rc == 0) {
		station = json_pack("{s:s,s:s,s:b,s:O?}", "server",
		    call.server, "serial", serial, "has_ca", call.ca != NULL,
		    "device_id", json_object_get(answer, "device_id"));
		rc = station_keep(dir, &key, answer, station, password,
		    &c->err);
	}
	if (rc < 0)
		station_drop_new(dir);
	else
		say_enrolled(c, dir, station);
	json_decref(answer);
	json_decref(station);
	ctl_free_secret(body);
	station_key_fini(&key);
	return rc;
}

static int
station_enroll(struct ctl *c)
{
	char serial[SERIAL_MAX + 1], *activation, *password = NULL;
	int rc;

	if (c->opt[OPT_SERVER] == NULL || c->opt[OPT_OUT] == NULL)
		return ctl_misuse(c, "--server https://HOST[:PORT] and --out "
		    "DIR are needed");
	if (!station_server_ok(c->opt[OPT_SERVER]))
		return ctl_misuse(c, "--server takes https://HOST[:PORT] and "
		    "nothing behind it");
	if ((rc = serial_of(c, serial)) < 0)
		return rc;
	activation = secret(c, c->opt[OPT_KEY_FILE], "Activation key", false);
	if (activation != NULL)
		password = p12_password(c);
	rc = password == NULL ? -c->err.code : enroll(c, serial, activation,
	    password);
	ctl_free_text(activation);
	ctl_free_text(password);
	return rc;
}

/* ---- renew, status */

static int
station_renew(struct ctl *c)
{
	const char *dir = c->opt[OPT_DIR];
	json_t *station;
	char *password, at[64];
	int rc;

	if (dir == NULL)
		return ctl_misuse(c, "--dir DIR is needed");
	if ((rc = station_load(dir, &station, &c->err)) < 0)
		return rc;
	if (!station_due(station) && c->opt[OPT_NOW] == NULL) {
		ctl_text(at, sizeof at, json_object_get(station,
		    "renew_after"), COL_TIME);
		ctl_say(c, "There is time until %s. --now renews it all the "
		    "same.\n", at);
	} else if ((password = p12_password(c)) == NULL) {
		rc = -c->err.code;
	} else {
		rc = station_renewed(dir, station, password, &c->err);
		ctl_free_text(password);
		if (rc == 0)
			ctl_say(c, "The certificate is new. Import "
			    "%s/station.p12 into the browser; the one it has "
			    "goes on working until the next renewal or its "
			    "end.\n", dir);
	}
	json_decref(station);
	return rc;
}

/* What the certificate says goes into station. */
static int
add_end(struct ctl *c, const char *dir, json_t *station, int64_t *left)
{
	struct rel_buf crt;
	char until[32];
	int64_t end;
	int rc;

	rel_buf_init(&crt);
	if ((rc = station_read(dir, "station.crt", &crt, &c->err)) == 0 &&
	    (rc = station_crt_end(&crt, &end, &c->err)) == 0) {
		rel_time_text(until, end);
		*left = (end - rel_now_ms()) / DAY_MS;
		json_object_set_new(station, "good_until",
		    json_string(until));
		json_object_set_new(station, "days_left",
		    json_integer(*left));
	}
	rel_buf_fini(&crt);
	return rc;
}

/* Be seen: 0 when the server knows this station. */
static int
heartbeat(struct ctl *c, const char *dir, const json_t *station)
{
	char ca[STATION_PATH];
	struct station_call call = station_call_of(station, dir, ca);
	json_t *body = station_told(NULL), *answer = NULL;
	int rc;

	call.path = "/opdp/v1/device/heartbeat";
	call.body = body;
	rc = station_ask(&call, &answer, &c->err);
	json_decref(body);
	json_decref(answer);
	return rc;
}

static int
station_status(struct ctl *c)
{
	const char *dir = c->opt[OPT_DIR];
	json_t *station;
	char page[300];
	int64_t left = 0;
	int rc, seen;

	if (dir == NULL)
		return ctl_misuse(c, "--dir DIR is needed");
	if ((rc = station_load(dir, &station, &c->err)) < 0)
		return rc;
	if ((rc = add_end(c, dir, station, &left)) < 0) {
		json_decref(station);
		return rc;
	}
	seen = heartbeat(c, dir, station);
	snprintf(page, sizeof page, "%s/panel/", json_string_value(
	    json_object_get(station, "server")));
	json_object_set_new(station, "page", json_string(page));
	/* Unknown, not no, when the server is away. */
	json_object_set_new(station, "registered", seen == -REL_E_PEER ?
	    json_null() : json_boolean(seen == 0));
	ctl_print_one(c, station, columns);
	if (seen == 0 && left < WARN_DAYS)
		ctl_say(c, "It ends soon: releasectl station renew --dir "
		    "%s\n", dir);
	return seen;
}

static const enum ctl_opt enroll_opts[] = { OPT_SERVER, OPT_CA, OPT_KEY_FILE,
    OPT_OUT, OPT_SERIAL, OPT_PASSWORD_FILE, OPT_STDIN, OPT_COUNT };
static const enum ctl_opt renew_opts[] = { OPT_DIR, OPT_PASSWORD_FILE,
    OPT_NOW, OPT_STDIN, OPT_COUNT };
static const enum ctl_opt status_opts[] = { OPT_DIR, OPT_COUNT };

static const enum ctl_opt list_opts[] = { OPT_CONDITION, OPT_COUNT };

const struct ctl_verb ctl_station_verbs[] = {
	{ "station", "list", 0, 0, "", list_opts,
	    "On the print server: all stations, with their readers and the "
	    "end of their certificates.", station_list },
	{ "station", "enroll", 0, 0, "", enroll_opts,
	    "On a computer beside a printer: register it as the device an "
	    "activation key is for, and make what its browser needs to show "
	    "the panel.", station_enroll },
	{ "station", "renew", 0, 0, "", renew_opts,
	    "Get a new certificate when two thirds of the old one's time "
	    "are over; before that only with --now.", station_renew },
	{ "station", "status", 0, 0, "", status_opts,
	    "Until when the certificate is good, and whether the print server "
	    "takes it.", station_status },
	{ 0 }
};
