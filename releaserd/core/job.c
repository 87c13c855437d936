/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What happens to a held job: its PIN, its end, its story. */
#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "releaserd/core/follow.h"
#include "releaserd/core/policy.h"

#define DUE_A_TURN 500
#define KEEP_MAX_MS 604800000LL		/* a week ahead at most */

void
job_file(char out[40], int64_t id)
{
	snprintf(out, 40, "%016" PRIx64 ".job", (uint64_t)id);
}

void
job_event(struct core *c, int64_t id, const char *kind, const char *fmt, ...)
{
	char text[500];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	rel_text_clean(text, sizeof text, text);
	if (store_event_add(c->st, id, rel_now_ms(), kind, text) < 0)
		core_spoil(c, 0);
}

/* ---- the document goes: its key is erased already */

static void
wipe(struct core *c, void *arg, bool ok)
{
	int64_t *id = arg;
	char name[40];

	if (ok) {
		job_file(name, *id);
		unlinkat(c->spool_dir, name, 0);
	}
	free(id);
}

void
job_wipe_later(struct core *c, int64_t id)
{
	int64_t *arg = malloc(sizeof *arg);

	if (arg == NULL)
		return;		/* the sweep finds the file */
	*arg = id;
	core_defer(c, wipe, arg);
}

/* ---- ends */

int
job_delete(struct core *c, const struct job *j, const char *by)
{
	char reason[200];
	int rc;

	snprintf(reason, sizeof reason, "deleted by %.100s", by);
	rel_text_clean(reason, sizeof reason, reason);
	rc = store_job_end(c->st, j->id, JOB_DELETED, reason, rel_now_ms());
	if (rc == -REL_E_NOTHELD)
		return rc;
	if (rc < 0)
		return core_spoil(c, rc);
	job_event(c, j->id, "deleted", "%s", reason);
	job_wipe_later(c, j->id);
	lists_forget(c, j->user_key);
	return 0;
}

static void
job_expire(struct core *c, int64_t id, int64_t now)
{
	struct job j;
	char reason[200];
	int64_t hours;
	int rc;

	if (store_job_get(c->st, id, &j) < 0)
		return;
	hours = (j.expires_ms - j.created_ms + 1800000) / 3600000;
	snprintf(reason, sizeof reason,
	    "nobody released it within %lld hours", (long long)hours);
	rc = store_job_end(c->st, id, JOB_EXPIRED, reason, now);
	if (rc == -REL_E_NOTHELD)
		return;
	if (rc < 0) {
		core_spoil(c, rc);
		return;
	}
	job_event(c, id, "expired", "%s", reason);
	job_wipe_later(c, id);
	lists_forget(c, j.user_key);
	rel_log(REL_INFO, "job expired", "job=%s user=%s", ids_text(id),
	    j.user_key);
}

bool
job_expire_due(struct core *c)
{
	int64_t ids[DUE_A_TURN], now = rel_now_ms();
	struct rel_err err;
	int n = store_job_due(c->st, now, ids, DUE_A_TURN);

	if (n <= 0 || core_write(c, &err) < 0)
		return false;
	for (int i = 0; i < n; i++)
		job_expire(c, ids[i], now);
	return n == DUE_A_TURN;
}

int
job_keep(struct core *c, const struct job *j, const char *by)
{
	int64_t now = rel_now_ms(), until = now + (j->pin_scheme[0] != '\0' ?
	    c->role->set.confidential_expiry_ms : c->role->set.job_expiry_ms);
	char text[32];
	int rc;

	if (until > now + KEEP_MAX_MS)
		until = now + KEEP_MAX_MS;
	if (until < j->expires_ms)
		until = j->expires_ms;	/* nobody loses time by it */
	rc = store_job_keep(c->st, j->id, until, now);
	if (rc == -REL_E_NOTHELD)
		return rc;
	if (rc < 0)
		return core_spoil(c, rc);
	rel_time_text(text, until);
	job_event(c, j->id, "kept", "kept by %.83s until %s", by, text);
	lists_forget(c, j->user_key);
	return 0;
}

/* ---- PINs: four digits, kept as a keyed hash of what the driver sent */

/* IPP job-password-encryption keyword (PWG 5100.11) to a digest name. */
static const char *
pin_digest(const char *scheme)
{
	static const char *const table[][2] = {
		{ "md5", "MD5" }, { "sha", "SHA1" }, { "sha-1", "SHA1" },
		{ "sha-224", "SHA224" }, { "sha2-224", "SHA224" },
		{ "sha-256", "SHA256" }, { "sha2-256", "SHA256" },
		{ "sha-384", "SHA384" }, { "sha2-384", "SHA384" },
		{ "sha-512", "SHA512" }, { "sha2-512", "SHA512" },
		{ "sha3-224", "SHA3-224" }, { "sha3-256", "SHA3-256" },
		{ "sha3-384", "SHA3-384" }, { "sha3-512", "SHA3-512" }
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (strcasecmp(table[i][0], scheme) == 0)
			return table[i][1];
	return NULL;
}

static bool
pin_is_plain(const char *scheme)
{
	return scheme[0] == '\0' || strcasecmp(scheme, "none") == 0;
}

static bool
pin_is_four_digits(const char *pin)
{
	return strlen(pin) == 4 && strspn(pin, "0123456789") == 4;
}

/* Keyed hash of the value a PIN has under a scheme, bound to the job. */
static void
pin_mac(const struct core *c, int64_t job, const void *value, size_t n,
    uint8_t out[32])
{
	uint8_t both[8 + 64];

	if (n > 64)
		n = 64;
	for (unsigned i = 0; i < 8; i++)
		both[i] = (uint8_t)((uint64_t)job >> (8 * i));
	memcpy(both + 8, value, n);
	keys_mac(out, c->pin_key, both, 8 + n);
	rel_wipe(both, sizeof both);
}

int
job_pin_set(struct core *c, struct job *j, const char *scheme,
    const char *pin, struct rel_err *err)
{
	const char *digest;
	const EVP_MD *md;
	uint8_t raw[64];
	size_t want;

	if (pin_is_plain(scheme)) {
		if (!pin_is_four_digits(pin))
			return rel_err_set(err, REL_E_DENIED,
			    "the PIN must be exactly four digits, 0000 to "
			    "9999");
		snprintf(j->pin_scheme, sizeof j->pin_scheme, "none");
		pin_mac(c, j->id, pin, 4, j->pin_mac);
		return 0;
	}
	digest = pin_digest(scheme);
	md = digest != NULL ? EVP_get_digestbyname(digest) : NULL;
	if (md == NULL)
		return rel_err_set(err, REL_E_DENIED,
		    "the driver protects the PIN in a way this server does "
		    "not know (%.32s)", scheme);
	want = (size_t)EVP_MD_get_size(md);
	if (!rel_unhex(raw, want, pin, strlen(pin)))
		return rel_err_set(err, REL_E_DENIED,
		    "the driver sent a malformed %.32s of the PIN", scheme);
	snprintf(j->pin_scheme, sizeof j->pin_scheme, "%.15s", scheme);
	pin_mac(c, j->id, raw, want, j->pin_mac);
	rel_wipe(raw, sizeof raw);
	return 0;
}

bool
job_pin_opens(const struct core *c, const struct job *j, const char *pin)
{
	uint8_t value[64], mac[32];
	unsigned n = 4;
	bool same;

	if (!pin_is_four_digits(pin))
		return false;
	if (pin_is_plain(j->pin_scheme)) {
		memcpy(value, pin, 4);
	} else {
		const char *digest = pin_digest(j->pin_scheme);
		const EVP_MD *md = digest != NULL ?
		    EVP_get_digestbyname(digest) : NULL;

		if (md == NULL ||
		    EVP_Digest(pin, 4, value, &n, md, NULL) != 1)
			return false;
	}
	pin_mac(c, j->id, value, n, mac);
	same = CRYPTO_memcmp(mac, j->pin_mac, sizeof mac) == 0;
	rel_wipe(value, sizeof value);
	rel_wipe(mac, sizeof mac);
	return same;
}

/* ---- for the local API */

json_t *
job_json(struct core *c, const struct job *j)
{
	char id[24];
	struct device d;
	bool device = j->device_id[0] != '\0' &&
	    store_device_get(c->st, j->device_id, &d) == 0;
	json_t *o;

	ids_job_text(id, j->id);
	o = json_pack("{s:s,s:I,s:s,s:I,s:s,s:s,s:s,s:s,s:I,s:I,s:b,s:s,"
	    "s:s,s:o,s:o,s:s?,s:s?,s:o,s:o,s:I}",
	    "id", id, "cups_job", (json_int_t)j->cups_job, "queue", j->queue,
	    "document", (json_int_t)j->document, "user", j->user, "host",
	    j->host, "title", j->title, "format", j->format, "bytes",
	    (json_int_t)j->bytes, "copies", (json_int_t)j->copies,
	    "confidential", j->pin_scheme[0] != '\0', "state",
	    job_state_name(j->state), "reason", j->reason, "created_at",
	    json_time(j->created_ms), "expires_at",
	    json_time(j->has_doc ? j->expires_ms : 0), "device",
	    device ? d.name : NULL, "release_ref",
	    j->release_ref[0] != '\0' ? j->release_ref : NULL, "released_at",
	    json_time(j->released_ms), "ended_at", json_time(j->ended_ms),
	    "bytes_sent", (json_int_t)j->sent_bytes);
	if (o != NULL) {
		json_object_set_new(o, "application",
		    pages_application_json(j));
		json_object_set_new(o, "pages", pages_json(c, j));
		json_object_set_new(o, "options", pages_options_json(j));
		json_object_set_new(o, "charge", charge_json(c, j, NULL));
		json_object_set_new(o, "waiting", question_json(c, j));
		json_object_set_new(o, "cancelable",
		    json_boolean(follow_is(j)));
	}
	return o;
}
