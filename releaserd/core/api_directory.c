/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* Directories in the local API: administrators write, try and remove them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "lib/fold.h"
#include "lib/spool.h"
#include "releaserd/core/api_priv.h"
#include "releaserd/core/directories.h"
#include "releaserd/core/offline.h"
#include "releaserd/keytab.h"

static json_t *
servers_json(const struct core *c, const struct directory_row *r)
{
	const struct directory *d = directories_settings(c, r->id);
	json_t *all = json_array();

	for (unsigned i = 0; d != NULL && i < DIRECTORY_ALL_MAX; i++)
		if (directory_server_there(d, i))
			json_array_append_new(all, json_pack(
			    "{s:s,s:i,s:i,s:b}", "host", d->server[i].host,
			    "port", (int)d->server[i].port, "dead_s",
			    directories_dead_s(c, r->id, i), "kdc",
			    i >= DIRECTORY_KDC_0));
	return all;
}

static json_t *
directory_json(const struct core *c, const struct directory_row *r)
{
	const struct directory *d = directories_settings(c, r->id);

	return json_pack("{s:s,s:I,s:s,s:s,s:b,s:b,s:b,s:b,s:o,s:o,s:s}", "name",
	    r->name, "position", (json_int_t)r->pos, "domain", d != NULL ?
	    d->domain : "", "text", r->text, "has_service_password",
	    r->secret_len > 0, "has_keytab", r->keytab_len > 0,
	    "has_ca", r->ca[0] != '\0', "has_crl", r->crl[0] != '\0',
	    "servers", servers_json(c, r), "changed_at",
	    json_time(r->changed_ms), "changed_by", r->by);
}

static void
directory_list(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const struct directory_row *r;
	json_t *rows = json_array();

	(void)rq;
	if (api_admin(c, a, who) < 0) {
		json_decref(rows);
		return;
	}
	for (size_t i = 0; (r = directories_at(c, i)) != NULL; i++)
		json_array_append_new(rows, directory_json(c, r));
	api_answer_list(c, a, "directories", rows, NULL);
}

void
api_directory_list(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, directory_list);
}

/* ---- changes */

/* The text as it would hold; 0, or answered. */
static int
text_check(struct core *c, struct asker *a, const char *name,
    const char *text, const char *ca, const char *crl)
{
	struct directory *d = malloc(sizeof *d);
	const char *at = NULL, *missing = NULL;
	struct rel_err err = { 0 };
	int rc = d != NULL ? directory_parse(d, text, strlen(text), name, &at,
	    &err) : -REL_E_NOMEM;

	if (rc == 0 && d->tls_ca[0] != '\0' && ca[0] == '\0')
		missing = "TlsCa names a list of authorities: send it as ca";
	else if (rc == 0 && d->tls_crl[0] != '\0' && crl[0] == '\0')
		missing = "TlsCrl names a list of revoked certificates: send "
		    "it as crl";
	free(d);
	if (rc == -REL_E_NOMEM)
		reply_broken(c, a, rc);
	else if (rc < 0)
		reply_field(c, a, "text-invalid", at != NULL ? at : "text",
		    err.text);
	else if (missing != NULL)
		reply_field(c, a, "bad-request", "text", missing);
	return rc < 0 || missing != NULL ? -1 : 0;
}

/* A member of the body, or what is there. */
static char *
value_of(const struct request *rq, enum req_field id, const char *old)
{
	const char *said = req_str(rq, id);

	return strdup(said != NULL ? said : old != NULL ? old : "");
}

static int
secret_seal(struct core *c, const char *plain, struct directory_row *r)
{
	struct rel_err err;
	size_t n = strlen(plain);

	if (n + REL_SEAL_OVERHEAD > sizeof r->secret)
		return -REL_E_LIMIT;
	r->secret_len = n > 0 ? n + REL_SEAL_OVERHEAD : 0;
	return n == 0 ? 0 : rel_seal(c->host_key, (uint64_t)r->id, plain, n,
	    r->secret, &err);
}

/* From base64, lines or not; *n bytes, or NULL: it is no keytab. */
static uint8_t *
keytab_read(const char *text, size_t *n)
{
	size_t len = strlen(text);
	EVP_ENCODE_CTX *ctx = EVP_ENCODE_CTX_new();
	uint8_t *out = malloc(len + 64);
	int some = 0, rest = 0;
	bool ok = ctx != NULL && out != NULL;

	if (ok)
		EVP_DecodeInit(ctx);
	ok = ok && EVP_DecodeUpdate(ctx, out, &some, (const uint8_t *)text,
	    (int)len) >= 0 && EVP_DecodeFinal(ctx, out + some, &rest) >= 0;
	EVP_ENCODE_CTX_free(ctx);
	*n = (size_t)some + (size_t)rest;
	if (ok && *n <= DIR_KEYTAB_MAX && keytab_count(out, *n) > 0)
		return out;
	if (out != NULL)
		rel_wipe(out, len + 64);
	free(out);
	return NULL;
}

static int
keytab_seal(struct core *c, const char *text, struct directory_row *r)
{
	struct rel_err err;
	uint8_t *plain = NULL;
	size_t n = 0;
	int rc = 0;

	free(r->keytab);
	r->keytab = NULL;
	r->keytab_len = 0;
	if (text[0] == '\0')
		return 0;
	if ((plain = keytab_read(text, &n)) == NULL)
		return -REL_E_FORMAT;
	if ((r->keytab = malloc(n + REL_SEAL_OVERHEAD)) == NULL)
		rc = -REL_E_NOMEM;
	else
		rc = rel_seal(c->host_key, (uint64_t)r->id |
		    DIRECTORY_KEYTAB_PLACE, plain, n, r->keytab, &err);
	if (rc == 0)
		r->keytab_len = n + REL_SEAL_OVERHEAD;
	rel_wipe(plain, n);
	free(plain);
	return rc;
}

/* A copy of what another row owns. */
static int
keytab_copy(struct directory_row *r, const struct directory_row *old)
{
	r->keytab = malloc(r->keytab_len + 1);
	if (r->keytab == NULL)
		return -REL_E_NOMEM;
	if (r->keytab_len > 0)
		memcpy(r->keytab, old->keytab, r->keytab_len);
	return 0;
}

/* r as it is to be: what the body says, else what `old` (or NULL) has. */
static int
row_make(struct core *c, const struct request *rq, const struct caller *who,
    const struct directory_row *old, struct directory_row *r)
{
	const char *secret = req_str(rq, F_SERVICE_PASSWORD);
	const char *keytab = req_str(rq, F_KEYTAB);
	int rc = 0;

	memset(r, 0, sizeof *r);
	if (old != NULL)
		*r = *old;
	else
		r->id = ids_next(c);
	r->text = value_of(rq, F_TEXT, old != NULL ? old->text : NULL);
	r->ca = value_of(rq, F_CA, old != NULL ? old->ca : NULL);
	r->crl = value_of(rq, F_CRL, old != NULL ? old->crl : NULL);
	r->pos = req_num(rq, F_POSITION, old != NULL ? old->pos : 100);
	r->changed_ms = rel_now_ms();
	snprintf(r->by, sizeof r->by, "%.83s", who->name);
	r->keytab = NULL;
	if (r->text == NULL || r->ca == NULL || r->crl == NULL)
		rc = -REL_E_NOMEM;
	if (rc == 0 && old != NULL)
		rc = keytab_copy(r, old);
	if (rc == 0 && secret != NULL)
		rc = secret_seal(c, secret, r);
	if (rc == 0 && keytab != NULL)
		rc = keytab_seal(c, keytab, r);
	return rc;
}

/* What cannot be taken as it was sent. */
static void
row_refused(struct core *c, struct asker *a, int rc)
{
	if (rc == -REL_E_FORMAT)
		reply_field(c, a, "bad-request", "keytab", "this is no keytab "
		    "(format 0x502) in base64 with at least one key");
	else
		reply_broken(c, a, rc);
}

/* The passwords that are kept of its people fit what holds now. */
static int
policy_save(struct core *c, const struct directory_row *r)
{
	struct directory *d = malloc(sizeof *d);
	struct rel_err err;
	int rc = d == NULL ? -REL_E_NOMEM : directory_parse(d, r->text,
	    strlen(r->text), r->name, NULL, &err);

	if (rc == 0)
		rc = offline_policy(c, r->id, d);
	free(d);
	return rc;
}

/* Written down when all of it is right. */
static void
row_save(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who, struct directory_row *r)
{
	bool is_new = rq->route == API_DIRECTORY_ADD;
	struct rel_err err;
	int rc;

	if (text_check(c, a, r->name, r->text, r->ca, r->crl) < 0)
		return;
	if (req_num(rq, F_DRY_RUN, 0) != 0) {
		reply_json(c, a, 200, json_pack("{s:b}", "dry_run", 1));
		return;
	}
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	if ((rc = store_directory_set(c->st, r)) < 0 ||
	    (rc = policy_save(c, r)) < 0) {
		reply_broken(c, a, core_spoil(c, rc));
		return;
	}
	api_audit(c, who, is_new ? "directory-added" : "directory-changed",
	    r->name);
	directories_changed(c);
	reply_json(c, a, is_new ? 201 : 200, json_pack("{s:s,s:b}", "name",
	    r->name, "dry_run", 0));
}

static void
directory_add(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *name = req_str(rq, F_NAME);
	struct directory_row r;
	int rc;

	if (api_admin(c, a, who) < 0)
		return;
	if (directories_named(c, name) != NULL) {
		reply_field(c, a, "bad-request", "name",
		    "there is a directory of that name");
		return;
	}
	if (directories_at(c, DIRECTORIES_MAX - 1) != NULL) {
		reply_field(c, a, "bad-request", "name",
		    "there are as many directories as can be");
		return;
	}
	rc = row_make(c, rq, who, NULL, &r);
	snprintf(r.name, sizeof r.name, "%s", name);
	rel_fold(r.key, r.name, strlen(r.name) + 1);
	if (rc < 0)
		row_refused(c, a, rc);
	else
		row_save(c, rq, a, who, &r);
	store_directory_free(&r);
}

void
api_directory_add(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, directory_add);
}

/* That of the path, or NULL and answered. */
const struct directory_row *
api_directory_of(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const struct directory_row *r;

	if (api_admin(c, a, who) < 0)
		return NULL;
	if ((r = directories_named(c, req_str(rq, F_ID))) == NULL)
		reply_problem(c, a, "not-found", 0,
		    "there is no directory \"%s\"", req_str(rq, F_ID));
	return r;
}

static void
directory_set(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const struct directory_row *old = api_directory_of(c, rq, a, who);
	struct directory_row r;
	int rc;

	if (old == NULL)
		return;
	if ((rc = row_make(c, rq, who, old, &r)) < 0)
		row_refused(c, a, rc);
	else
		row_save(c, rq, a, who, &r);
	store_directory_free(&r);
}

void
api_directory_set(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, directory_set);
}

static void
directory_del(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const struct directory_row *r = api_directory_of(c, rq, a, who);
	const struct template *t;
	struct rel_err err;
	int rc;

	if (r == NULL)
		return;
	if ((t = template_with_directory(c, r->id)) != NULL) {
		reply_problem(c, a, "in-use", 0, "the template \"%s\" asks "
		    "for a password of this directory: change it first",
		    t->name);
		return;
	}
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	if ((rc = store_directory_del(c->st, r->id)) < 0) {
		reply_broken(c, a, core_spoil(c, rc));
		return;
	}
	api_audit(c, who, "directory-removed", r->name);
	directories_changed(c);
	reply_text(c, a, 204, NULL, 0);
}

void
api_directory_del(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, directory_del);
}

/* ---- the test button */

static json_t *
person_json(const struct dir_said *said)
{
	const struct dir_person *w = &said->who[0];
	json_t *groups = json_array();

	for (uint32_t i = 0; i < said->ngroups; i++)
		json_array_append_new(groups, json_string(said->groups[i]));
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:b,s:b,s:o}", "login",
	    w->login, "dn", w->dn, "display", w->display, "mail", w->mail,
	    "department", w->department, "home", w->home, "has_card",
	    w->card[0][0] != '\0', "has_id_number", w->id_number[0] != '\0',
	    "groups", groups);
}

static void
on_tested(struct core *c, const struct dir_said *said, void *ctx)
{
	struct asker *a = ctx;

	if (said == NULL)
		reply_problem(c, a, "backend-unavailable", 5,
		    "the directory cannot be asked now");
	else
		reply_json(c, a, 200, json_pack("{s:s,s:s,s:s,s:I,s:o}",
		    "outcome", dir_outcome_word(said->outcome), "tls",
		    dir_tls_word(said->tls), "words", said->words, "took_ms",
		    (json_int_t)said->took_ms, "person", said->n == 1 ?
		    person_json(said) : json_null()));
	free(a);
}

static void
directory_try(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const struct directory_row *r = api_directory_of(c, rq, a, who);
	const char *name = req_str(rq, F_NAME);
	struct asker *later;

	if (r == NULL)
		return;
	if ((later = malloc(sizeof *later)) == NULL) {
		reply_broken(c, a, -REL_E_NOMEM);
		return;
	}
	*later = *a;
	if (directory_test(c, r->id, name != NULL ? name : "", on_tested,
	    later) < 0) {
		free(later);
		reply_problem(c, a, "rate-limited", 5,
		    "too many log-ins are waiting");
	}
}

void
api_directory_test(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, directory_try);
}
