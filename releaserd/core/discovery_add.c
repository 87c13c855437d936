/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* From what was found to devices. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "releaserd/core/discovery.h"
#include "releaserd/core/transport.h"

#define NAME_PATTERN "{hostname}"
#define NAME_OTHERWISE "{model}-{address}"
#define NAME_TRIES 99
#define NAME_SIGNS "-_/.,:+ "

/* ---- names */

static const char *
value_of(const struct found *f, const char *key, size_t n)
{
	const struct {
		const char *key, *value;
	} all[] = {
		{ "hostname", f->host[0] != '\0' ? f->host : f->name },
		{ "model", f->model }, { "vendor", f->vendor },
		{ "serial", f->serial }, { "location", f->location },
		{ "address", f->address }, { "mac", f->mac }
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strlen(all[i].key) == n && memcmp(all[i].key, key, n) == 0)
			return all[i].value;
	return NULL;
}

/* No signs at the ends, and none twice: what stood between them was empty. */
static void
name_tidy(char *s)
{
	size_t n = 0;

	for (const char *p = s; *p != '\0'; p++)
		if (strchr(NAME_SIGNS, *p) == NULL)
			s[n++] = *p;
		else if (n > 0 && strchr(NAME_SIGNS, s[n - 1]) == NULL)
			s[n++] = *p == ' ' ? '-' : *p;
	while (n > 0 && strchr(NAME_SIGNS, s[n - 1]) != NULL)
		n--;
	s[n] = '\0';
}

void
discovery_name(char out[65], const char *pattern, const struct found *f)
{
	char text[600];
	size_t n = 0;

	while (*pattern != '\0' && n + 1 < sizeof text) {
		const char *end = *pattern == '{' ? strchr(pattern, '}') :
		    NULL;
		const char *value = end != NULL ? value_of(f, pattern + 1,
		    (size_t)(end - pattern - 1)) : NULL;

		if (value == NULL) {
			text[n++] = *pattern++;
			continue;
		}
		n += (size_t)snprintf(text + n, sizeof text - n, "%s", value);
		if (n >= sizeof text)
			n = sizeof text - 1;
		pattern = end + 1;
	}
	text[n] = '\0';
	name_tidy(text);
	text[rel_utf8_cut(text, 60)] = '\0';
	name_tidy(text);
	snprintf(out, 65, "%.64s", text);
}

/* One that nobody has: with a number behind it. */
static int
name_free(struct core *c, char name[65])
{
	struct device *other = malloc(sizeof *other);
	char base[65];
	int rc = other == NULL ? -REL_E_NOMEM : 0;

	memcpy(base, name, sizeof base);
	for (int i = 2; rc == 0 && i <= NAME_TRIES + 1; i++) {
		rc = store_device_by_name(c->st, name, other);
		if (rc == 0)
			snprintf(name, 65, "%.60s-%d", base, i);
	}
	free(other);
	return rc == 0 ? -REL_E_EXISTS : rc == -REL_E_NOTFOUND ? 0 : rc;
}

/* ---- devices */

/* What DNS-SD says how it is printed to; a usual URI goes with the address. */
static void
device_by_ipp_from(struct device *d, const struct found *f)
{
	char usual[300];

	d->protocol[0] = '\0';
	if (f->ipp_uri[0] == '\0')
		return;
	snprintf(d->protocol, sizeof d->protocol, "%s", "ipp");
	snprintf(d->transport, sizeof d->transport, "%s",
	    strncmp(f->ipp_uri, "ipps:", 5) == 0 ? "ipps" : "ipp");
	device_ipp_uri(d, usual);
	if (strcmp(usual, f->ipp_uri) != 0)
		snprintf(d->ipp_uri, sizeof d->ipp_uri, "%s", f->ipp_uri);
}

static void
device_from(struct core *c, struct device *d, const struct found_row *r,
    const struct discovery_wish *w)
{
	const struct found *f = &r->f;

	memset(d, 0, sizeof *d);
	ids_uuid(d->id);
	d->created_ms = rel_now_ms();
	snprintf(d->serial, sizeof d->serial, "%s", f->serial);
	snprintf(d->vendor, sizeof d->vendor, "%s", f->vendor);
	snprintf(d->model, sizeof d->model, "%s", f->model);
	snprintf(d->location, sizeof d->location, "%s", w->location != NULL ?
	    w->location : f->location);
	if (w->groups != NULL)
		snprintf(d->groups, sizeof d->groups, "%s", w->groups);
	snprintf(d->driver, sizeof d->driver, "%s", w->driver != NULL ?
	    w->driver : "auto");
	snprintf(d->address, sizeof d->address, "%s", f->address);
	snprintf(d->lpr_host, sizeof d->lpr_host, "%s", f->address);
	snprintf(d->lpr_queue, sizeof d->lpr_queue, "%s",
	    f->queue[0] != '\0' && strpbrk(f->queue, " \t") == NULL ?
	    f->queue : "lp");
	d->lpr_port = 515;
	snprintf(d->protocol, sizeof d->protocol, "%s", "snmp-lpr");
	snprintf(d->transport, sizeof d->transport, "%s", "lpr");
	if (f->source == FOUND_BY_DNS_SD)
		device_by_ipp_from(d, f);
	d->snmp = r->access_id;
	d->snmp_port = c->role->set.snmp_port;
	discovery_name(d->name, w->name != NULL ? w->name : NAME_PATTERN, f);
	if (d->name[0] == '\0')
		discovery_name(d->name, NAME_OTHERWISE, f);
}

int
discovery_adopt(struct core *c, const struct found_row *r,
    const struct discovery_wish *w, struct device *d)
{
	bool sure;
	int rc;

	if (r->f.state != FOUND_PRINTER)
		return -REL_E_DENIED;
	rc = store_found_device(c->st, &r->f, d, &sure);
	if (rc != -REL_E_NOTFOUND)
		return rc == 0 ? -REL_E_EXISTS : rc;
	device_from(c, d, r, w);
	if ((rc = name_free(c, d->name)) < 0 ||
	    (rc = store_device_add(c->st, d)) < 0 ||
	    (rc = store_audit(c->st, rel_now_ms(), w->by, "device-added",
	    d->name)) < 0)
		return core_spoil(c, rc == -REL_E_EXISTS ? -REL_E_IO : rc);
	devices_changed(c, d->id);
	lists_forget_all(c);
	return 0;
}

int
discovery_move(struct core *c, const struct found_row *r,
    const struct device *was, const char *by)
{
	struct device *d;
	char words[200];
	int rc;

	if (strcmp(was->address, r->f.address) == 0)
		return 0;
	if ((d = malloc(sizeof *d)) == NULL)
		return -REL_E_NOMEM;
	*d = *was;
	if (strcmp(d->lpr_host, d->address) == 0)
		snprintf(d->lpr_host, sizeof d->lpr_host, "%s", r->f.address);
	snprintf(d->address, sizeof d->address, "%s", r->f.address);
	if (r->access_id != 0)
		d->snmp = r->access_id;
	snprintf(words, sizeof words, "%s: %.45s, was %.80s", d->name,
	    d->address, was->address);
	if ((rc = store_device_set(c->st, d)) < 0 ||
	    (rc = store_audit(c->st, rel_now_ms(), by, "device-moved",
	    words)) < 0)
		core_spoil(c, rc);
	devices_changed(c, d->id);
	free(d);
	return rc < 0 ? rc : 1;
}
