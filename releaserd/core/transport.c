/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/transport.h"

#include <stdio.h>
#include <string.h>

#include "lib/send.h"
#include "releaserd/core/follow.h"

static const char *const transports[] = { "lpr", "ipp", "ipps", "driver" };

/* The name of the driver whose job_send it is. */
static const char *
sender_of(const struct device *d)
{
	if (strcmp(d->transport, "driver") == 0)
		return d->protocol;
	return strncmp(d->transport, "ipp", 3) == 0 ? "ipp" : "snmp-lpr";
}

bool
device_by_ipp(const struct device *d)
{
	return strcmp(sender_of(d), "ipp") == 0;
}

void
device_ipp_uri(const struct device *d, char out[300])
{
	const char *scheme = strcmp(d->transport, "ipps") == 0 ? "ipps" :
	    "ipp";
	bool six = strchr(d->lpr_host, ':') != NULL;

	if (d->ipp_uri[0] != '\0')
		snprintf(out, 300, "%s", d->ipp_uri);
	else if (strncmp(d->api_url, "ipp", 3) == 0)
		snprintf(out, 300, "%s", d->api_url);
	else
		snprintf(out, 300, "%s://%s%s%s:631/ipp/print", scheme,
		    six ? "[" : "", d->lpr_host, six ? "]" : "");
}

bool
device_driver_ok(const char *s)
{
	static const char *const words[] = {
		"", "auto", "pdf", "pjl", "ps", "pwg", "urf", "pclxl", "pcl"
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(s, words[i]) == 0)
			return true;
	return s[0] == '/' && strstr(s, "/../") == NULL;
}

/* ---- what an administrator says */

static const char *
scheme_of(const char *uri)
{
	return strncmp(uri, "ipps://", 7) == 0 ? "ipps" :
	    strncmp(uri, "ipp://", 6) == 0 ? "ipp" : NULL;
}

static int
uri_fill(const char *uri, struct device *d, struct rel_err *err)
{
	const char *scheme = scheme_of(uri);
	size_t n = strlen(uri);

	if (n == 0) {
		d->ipp_uri[0] = '\0';
		return 0;
	}
	for (const char *p = uri; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || strchr("\"<>\\^`{|}@", *p) != NULL)
			scheme = NULL;
	if (scheme == NULL || n >= sizeof d->ipp_uri ||
	    uri[strlen(scheme) + 3] == '/' || uri[strlen(scheme) + 3] == '\0')
		return rel_err_set(err, REL_E_FORMAT, "ipp_uri is "
		    "ipp://HOST[:PORT]/PATH or ipps://HOST[:PORT]/PATH");
	memcpy(d->ipp_uri, uri, n + 1);
	return 0;
}

static int
transport_fill(const char *word, struct device *d, struct rel_err *err)
{
	for (size_t i = 0; i < sizeof transports / sizeof transports[0]; i++)
		if (strcmp(word, transports[i]) == 0) {
			snprintf(d->transport, sizeof d->transport, "%s",
			    word);
			return 0;
		}
	return rel_err_set(err, REL_E_FORMAT,
	    "transport is lpr, ipp, ipps, or driver: as its protocol does");
}

static int
pin_fill(const char *pin, struct device *d, struct rel_err *err)
{
	uint8_t md[32];

	if (pin[0] != '\0' && !rel_unhex(md, sizeof md, pin, strlen(pin)))
		return rel_err_set(err, REL_E_FORMAT, "ipp_pin is the SHA-256 "
		    "of the device's public key, 64 digits, or empty to "
		    "believe the next one it shows");
	if (pin[0] == '\0')
		d->ipp_pin[0] = '\0';
	else
		rel_hex(d->ipp_pin, md, sizeof md);
	return 0;
}

int
device_transport_fill(const struct request *rq, struct device *d,
    struct rel_err *err)
{
	const char *word = req_str(rq, F_TRANSPORT);
	const char *uri = req_str(rq, F_IPP_URI);
	const char *pin = req_str(rq, F_IPP_PIN);
	const char *host = req_str(rq, F_LPR_HOST);
	char was[300], now[300];
	bool other;
	int rc = 0;

	device_ipp_uri(d, was);
	if (word != NULL)
		rc = transport_fill(word, d, err);
	if (rc == 0 && uri != NULL)
		rc = uri_fill(uri, d, err);
	device_ipp_uri(d, now);
	/* Elsewhere is another device, whose key nobody has seen. */
	other = strcmp(strstr(was, "://"), strstr(now, "://")) != 0 ||
	    (host != NULL && d->ipp_uri[0] == '\0' &&
	    strcmp(host, d->lpr_host) != 0);
	if (rc == 0 && other && (pin == NULL || strcmp(pin, d->ipp_pin) == 0))
		d->ipp_pin[0] = '\0';
	else if (rc == 0 && pin != NULL)
		rc = pin_fill(pin, d, err);
	if (rc == 0 && strncmp(d->transport, "ipp", 3) == 0 &&
	    d->ipp_uri[0] != '\0' && strcmp(scheme_of(d->ipp_uri),
	    d->transport) != 0)
		rc = rel_err_set(err, REL_E_FORMAT, "ipp_uri and transport do "
		    "not go together: one is ipp, the other ipps");
	return rc;
}

void
device_transport_json(const struct device *d, json_t *o)
{
	json_object_set_new(o, "transport", json_string(d->transport[0] !=
	    '\0' ? d->transport : "lpr"));
	json_object_set_new(o, "ipp_uri", json_string(d->ipp_uri));
	json_object_set_new(o, "ipp_pin", json_string(d->ipp_pin));
}

/* ---- a job */

const char *
transport_format(const char *language)
{
	static const struct {
		const char *language, *mime;
	} all[] = {
		{ "pdf", "application/pdf" },
		{ "postscript", "application/postscript" },
		{ "pwg-raster", "image/pwg-raster" },
		{ "apple-raster", "image/urf" },
		{ "pcl", "application/vnd.hp-PCL" },
		{ "pclxl", "application/vnd.hp-PCLXL" },
		{ "jpeg", "image/jpeg" }
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(language, all[i].language) == 0)
			return all[i].mime;
	return "application/octet-stream";
}

bool
device_is_told(const struct device *d)
{
	return device_by_ipp(d) && strcmp(d->driver, "pjl") != 0;
}

static void
format_put(const struct device *d, const struct making *made,
    const struct job *j, struct send_job *m)
{
	const char *format = made != NULL ? made->format : j->format;

	/* CUPS's own names for what it held mean nothing to a device. */
	if (format[0] == '\0' || strstr(format, "/vnd.cups-") != NULL ||
	    (made != NULL && strcmp(d->driver, "pjl") == 0))
		format = "application/octet-stream";
	snprintf(m->format, sizeof m->format, "%s", format);
}

/* Somebody's own protocol: where the device is asked it gets its documents. */
static void
driver_put(const struct device *d, struct send_job *m)
{
	if (d->address[0] != '\0')
		snprintf(m->host, sizeof m->host, "%s", d->address);
	snprintf(m->uri, sizeof m->uri, "%s", d->api_url);
	snprintf(m->pin, sizeof m->pin, "%.64s", d->ipp_pin);
}

void
device_transport_put(struct core *c, const struct device *d,
    const struct job *j, struct send_job *m)
{
	const struct making *made = make_find(c, j->id);

	rel_ticket_init(&m->ticket);
	snprintf(m->driver, sizeof m->driver, "%s", sender_of(d));
	format_put(d, made, j, m);
	if (!device_by_ipp(d)) {
		if (strcmp(d->transport, "driver") == 0)
			driver_put(d, m);
		return;
	}
	device_ipp_uri(d, m->uri);
	snprintf(m->pin, sizeof m->pin, "%.64s", d->ipp_pin);
	pages_ticket(j, &m->ticket);
	device_limit(c, d, &m->ticket);
}

/* Is this still where the device is, or did somebody send it elsewhere? */
static bool
is_there(struct core *c, const char *id, const char *uri)
{
	const struct device *d = device_at(c, id);
	char now[300];

	if (d == NULL || !device_by_ipp(d))
		return false;
	device_ipp_uri(d, now);
	return strcmp(now, uri) == 0;
}

/* The first key it shows is believed, and no other one from then on. */
void
transport_settled(struct core *c, const struct job *j,
    const struct send_result *r)
{
	if (r->outcome == REL_SEND_SENT)
		delta_begin(c, j);
	if (r->device_job > 0 && follow_job(c, j, r->device_job) < 0)
		core_spoil(c, 0);
	if (strlen(r->pin) != 64 || !is_there(c, j->device_id, r->uri))
		return;
	if (store_device_ipp_pin(c->st, j->device_id, r->pin) < 0)
		core_spoil(c, 0);
	devices_changed(c, j->device_id);
}
