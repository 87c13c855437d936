/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/snmp_access.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cursor.h"
#include "lib/fold.h"
#include "lib/ranges.h"
#include "lib/spool.h"

struct snmp_set {
	struct snmp_row row;
	struct rel_ranges *ranges;	/* owned; NULL: every address */
};

struct snmp_sets {
	struct snmp_set *v[SNMP_SETS_MAX];
	size_t n;
};

static void
sets_free(struct snmp_sets *s)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->v[i]->ranges != NULL)
			rel_ranges_fini(s->v[i]->ranges);
		free(s->v[i]->ranges);
		free(s->v[i]);
	}
	free(s);
}

static bool
set_row(const struct snmp_row *r, void *ctx)
{
	struct snmp_sets *s = ctx;
	struct snmp_set *one;
	struct rel_err err;

	if (s->n == SNMP_SETS_MAX)
		return false;
	if ((one = calloc(1, sizeof *one)) == NULL)
		return false;
	one->row = *r;
	if (r->ranges[0] != '\0' &&
	    ((one->ranges = calloc(1, sizeof *one->ranges)) == NULL ||
	    rel_ranges_read(one->ranges, r->ranges, true, &err) < 0))
		rel_log(REL_ERROR, "the addresses of SNMP credentials cannot "
		    "be read: they are used nowhere", "id=%lld",
		    (long long)r->id);
	s->v[s->n++] = one;
	return true;
}

static int
sets_load(struct core *c)
{
	struct snmp_sets *s = calloc(1, sizeof *s);
	int rc = s == NULL ? -REL_E_NOMEM : store_snmp_list(c->st, set_row, s);

	if (rc < 0) {
		if (s != NULL)
			sets_free(s);
		return rc;
	}
	if (c->snmp != NULL)
		sets_free(c->snmp);
	c->snmp = s;
	return 0;
}

int
snmp_sets_init(struct core *c, struct rel_err *err)
{
	int rc = sets_load(c);

	return rc < 0 ? rel_err_set(err, -rc,
	    "cannot read the SNMP credentials") : 0;
}

void
snmp_sets_fini(struct core *c)
{
	if (c->snmp != NULL)
		sets_free(c->snmp);
	c->snmp = NULL;
}

static void
sets_changed(struct core *c, void *arg, bool ok)
{
	(void)arg;
	if (ok && sets_load(c) < 0)
		rel_log(REL_ERROR, "the SNMP credentials cannot be read",
		    "what=\"those of before hold until releaserd is started "
		    "again\"");
}

void
snmp_sets_changed(struct core *c)
{
	core_defer(c, sets_changed, NULL);
}

const struct snmp_row *
snmp_set_at(const struct core *c, size_t i)
{
	return i < c->snmp->n ? &c->snmp->v[i]->row : NULL;
}

const struct snmp_row *
snmp_set_named(const struct core *c, const char *name)
{
	char key[sizeof ((struct snmp_row *)0)->key];

	if (strlen(name) >= sizeof key)
		return NULL;
	rel_fold(key, name, strlen(name) + 1);
	for (size_t i = 0; i < c->snmp->n; i++)
		if (strcmp(c->snmp->v[i]->row.key, key) == 0)
			return &c->snmp->v[i]->row;
	return NULL;
}

const struct snmp_row *
snmp_set_by_id(const struct core *c, int64_t id)
{
	for (size_t i = 0; i < c->snmp->n; i++)
		if (c->snmp->v[i]->row.id == id)
			return &c->snmp->v[i]->row;
	return NULL;
}

/* ---- which, and for whom */

static bool
version_on(const struct core *c, int64_t version)
{
	return version == SNMP_V3 ? c->role->set.snmp_v3 != 0 :
	    c->role->set.snmp_v1v2c != 0;
}

static bool
set_is_for(const struct core *c, const struct snmp_set *s, const char *address)
{
	return s->row.kind == SNMP_READ && version_on(c, s->row.version) &&
	    (s->row.ranges[0] == '\0' || (s->ranges != NULL &&
	    rel_ranges_have(s->ranges, address)));
}

uint64_t
snmp_sets_for(const struct core *c, const char *address)
{
	uint64_t which = 0;

	for (size_t i = 0; i < c->snmp->n; i++)
		if (set_is_for(c, c->snmp->v[i], address))
			which |= UINT64_C(1) << i;
	return which;
}

/* Place of the seal: ids are never used twice, and jobs' keys have theirs. */
static int
secret_put(const struct core *c, const struct rel_buf *b, struct snmp_row *r)
{
	struct rel_err err;

	if (b->failed || b->len + REL_SEAL_OVERHEAD > sizeof r->secret)
		return -REL_E_LIMIT;
	r->secret_len = b->len + REL_SEAL_OVERHEAD;
	return rel_seal(c->host_key, (uint64_t)r->id, b->data, b->len,
	    r->secret, &err);
}

int
snmp_secret_seal(const struct core *c, const struct snmp_secret *s,
    struct snmp_row *r)
{
	struct rel_buf b;
	int rc;

	rel_buf_init(&b);
	rel_put_str(&b, s->community);
	rel_put_str(&b, s->auth);
	rel_put_str(&b, s->priv);
	rc = secret_put(c, &b, r);
	rel_buf_fini_secret(&b);
	return rc;
}

int
snmp_secret_open(const struct core *c, const struct snmp_row *r,
    struct snmp_secret *s)
{
	uint8_t plain[SNMP_SEALED_MAX];
	struct rel_cur cur;
	struct rel_err err;
	int rc;

	memset(s, 0, sizeof *s);
	if (r->secret_len <= REL_SEAL_OVERHEAD)
		return -REL_E_FORMAT;
	rc = rel_unseal(c->host_key, (uint64_t)r->id, r->secret,
	    r->secret_len, plain, &err);
	if (rc == 0) {
		rel_cur_init(&cur, plain, r->secret_len - REL_SEAL_OVERHEAD);
		rel_get_str(&cur, s->community, sizeof s->community);
		rel_get_str(&cur, s->auth, sizeof s->auth);
		rel_get_str(&cur, s->priv, sizeof s->priv);
		rc = rel_cur_end(&cur);
	}
	rel_wipe(plain, sizeof plain);
	if (rc < 0)
		rel_wipe(s, sizeof *s);
	return rc;
}

/* A row in the clear; false: it cannot be opened. */
static bool
access_open(const struct core *c, const struct snmp_row *r,
    struct snmp_access *out)
{
	struct snmp_secret s;

	memset(out, 0, sizeof *out);
	if (snmp_secret_open(c, r, &s) < 0) {
		rel_log(REL_ERROR, "SNMP credentials cannot be opened with "
		    "this host key", "id=%lld", (long long)r->id);
		return false;
	}
	out->version = (uint8_t)r->version;
	out->auth = (uint8_t)r->auth;
	out->priv = (uint8_t)r->priv;
	snprintf(out->name, sizeof out->name, "%s", r->version == SNMP_V3 ?
	    r->user : s.community);
	snprintf(out->context, sizeof out->context, "%s", r->context);
	memcpy(out->auth_secret, s.auth, sizeof out->auth_secret);
	memcpy(out->priv_secret, s.priv, sizeof out->priv_secret);
	rel_wipe(&s, sizeof s);
	return true;
}

/* Nobody has said anything yet: as devices come from their makers. */
static uint8_t
access_usual(const struct core *c, struct snmp_access *out, int64_t *ids)
{
	static const uint8_t versions[] = { SNMP_V2C, SNMP_V1 };

	if (c->snmp->n > 0 || !version_on(c, SNMP_V2C))
		return 0;
	for (size_t i = 0; i < sizeof versions; i++) {
		out[i] = (struct snmp_access){ .version = versions[i],
		    .name = "public" };
		if (ids != NULL)
			ids[i] = 0;
	}
	return sizeof versions;
}

uint8_t
snmp_sets_open(const struct core *c, uint64_t which,
    struct snmp_access out[SNMP_ACCESS_MAX], int64_t ids[SNMP_ACCESS_MAX])
{
	uint8_t n = access_usual(c, out, ids);

	for (size_t i = 0; i < c->snmp->n && n < SNMP_ACCESS_MAX; i++) {
		const struct snmp_row *r = &c->snmp->v[i]->row;

		if ((which >> i & 1) == 0 || !access_open(c, r, &out[n]))
			continue;
		if (ids != NULL)
			ids[n] = r->id;
		n++;
	}
	return n;
}

void
snmp_access_for(const struct core *c, const char *address, int64_t first,
    struct snmp_access out[SNMP_ACCESS_MAX], uint8_t *n)
{
	int64_t ids[SNMP_ACCESS_MAX];
	struct snmp_access one;

	*n = snmp_sets_open(c, snmp_sets_for(c, address), out, ids);
	for (uint8_t i = 1; first != 0 && i < *n; i++) {
		if (ids[i] != first)
			continue;
		one = out[i];
		memmove(&out[1], &out[0], i * sizeof out[0]);
		out[0] = one;
		rel_wipe(&one, sizeof one);
		return;
	}
}
