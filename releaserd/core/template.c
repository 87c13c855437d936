/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/core/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fold.h"
#include "releaserd/core/directories.h"
#include "releaserd/core/store_money.h"

struct templates {
	struct template *all;
	size_t n;
};

/* ---- blocks */

static const struct {
	const char *name, *words;
	bool nobody, password;
} blocks[BLOCKS] = {
	[BLOCK_INTERNAL] = { "internal", "a password kept here", false, true },
	[BLOCK_DEVICE_PASSWORD] = { "device-password",
	    "the password of the device", true, false },
	[BLOCK_DEVICE_PIN] = { "device-pin", "the PIN of the device", true,
	    false },
	[BLOCK_LDAP] = { "ldap", "a password of a directory (LDAP)", false,
	    true },
	[BLOCK_GSSAPI] = { "ldap+gssapi", "a password of a directory "
	    "(LDAP with GSSAPI)", false, true },
	[BLOCK_KERBEROS] = { "kerberos", "a password of a Kerberos realm",
	    false, true },
	[BLOCK_NTLM] = { "ntlm", "a password of a domain (NTLM)", false,
	    true },
	[BLOCK_PAM] = { "pam", "a password of this host (PAM)", false, true },
	[BLOCK_CARD] = { "card", "a card", false, false },
	[BLOCK_CARD_PIN] = { "card+pin", "a card and its PIN", false, false },
	[BLOCK_ID_NUMBER] = { "id-number", "an ID number", false, false },
	[BLOCK_CODE] = { "code", "a one-time code", false, false },
	[BLOCK_GUEST] = { "guest", "the code of a guest", false, false },
	[BLOCK_BACKUP] = { "backup", "the backup password", true, false }
};

const char *
block_name(enum block b)
{
	return blocks[b].name;
}

int
block_named(const char *name, size_t n)
{
	for (size_t i = 0; i < BLOCKS; i++)
		if (strlen(blocks[i].name) == n &&
		    memcmp(blocks[i].name, name, n) == 0)
			return (int)i;
	return -1;
}

bool
block_is_of_nobody(enum block b)
{
	return blocks[b].nobody;
}

bool
block_is_password(enum block b)
{
	return blocks[b].password;
}

/* Whose server is asked: such a block may name its directory. */
static bool
block_is_of_directory(enum block b)
{
	return blocks[b].password && b != BLOCK_INTERNAL;
}

enum block
block_of_directory(const struct core *c, int64_t directory)
{
	static const enum block of[] = {
		[USER_BIND_SIMPLE] = BLOCK_LDAP,
		[USER_BIND_DIGEST_MD5] = BLOCK_LDAP,
		[USER_BIND_GSSAPI] = BLOCK_GSSAPI,
		[USER_BIND_KERBEROS] = BLOCK_KERBEROS,
		[USER_BIND_NTLM] = BLOCK_NTLM, [USER_BIND_PAM] = BLOCK_PAM
	};
	const struct directory *d = directories_settings(c, directory);

	return d != NULL ? of[d->user_bind] : BLOCK_LDAP;
}

/* ---- do proofs satisfy a template? */

/* A card with its PIN is a card, too. */
static bool
proof_fits(const struct proof *p, const struct proof *block)
{
	return (p->block == block->block || (p->block == BLOCK_CARD_PIN &&
	    block->block == BLOCK_CARD)) && (block->directory == 0 ||
	    block->directory == p->directory);
}

static bool
is_proven(const struct proof *block, const struct proof *proofs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (proof_fits(&proofs[i], block))
			return true;
	return false;
}

static enum template_answer
weigh_all(const struct template *t, const struct proof *proofs, size_t n,
    unsigned *asks)
{
	for (unsigned i = 0; i < t->nblocks; i++)
		if (!is_proven(&t->block[i], proofs, n)) {
			*asks = 1u << i;
			return TEMPLATE_MORE;
		}
	return TEMPLATE_OPEN;
}

/* Where groups count, a block that does not say who it is helps nobody. */
static enum template_answer
weigh_any(const struct template *t, const struct proof *proofs, size_t n,
    enum template_who who, unsigned *asks)
{
	for (unsigned i = 0; i < t->nblocks; i++) {
		bool helps = t->ngroups == 0 ||
		    !block_is_of_nobody(t->block[i].block);

		if (is_proven(&t->block[i], proofs, n) &&
		    (t->ngroups == 0 || who == TEMPLATE_MEMBER))
			return TEMPLATE_OPEN;
		if (helps)
			*asks |= 1u << i;
	}
	return *asks != 0 ? TEMPLATE_MORE : TEMPLATE_CLOSED;
}

enum template_answer
template_weigh(const struct template *t, const struct proof *proofs, size_t n,
    enum template_who who, unsigned *asks)
{
	enum template_answer got;
	unsigned none = 0, *mask = asks != NULL ? asks : &none;

	*mask = 0;
	if (t->ngroups > 0 && who == TEMPLATE_STRANGER)
		return TEMPLATE_CLOSED;
	got = t->all ? weigh_all(t, proofs, n, mask) :
	    weigh_any(t, proofs, n, who, mask);
	if (got == TEMPLATE_OPEN && t->ngroups > 0 && who != TEMPLATE_MEMBER)
		got = TEMPLATE_CLOSED;
	if (got != TEMPLATE_MORE)
		*mask = 0;
	return got;
}

bool
template_takes(const struct template *t, unsigned asks,
    const struct proof *proof)
{
	for (unsigned i = 0; i < t->nblocks; i++)
		if ((asks >> i & 1) != 0 && proof_fits(proof, &t->block[i]))
			return true;
	return false;
}

/* Is the person of this session in one of the groups? */
static enum template_who
who_is(struct core *c, const struct template *t, const struct session *s)
{
	if (s == NULL || s->user.id == 0)
		return TEMPLATE_NOBODY;
	for (unsigned i = 0; i < t->ngroups; i++)
		if (store_group_has(c->st, t->group[i], s->user.key) == 1)
			return TEMPLATE_MEMBER;
	return TEMPLATE_STRANGER;
}

enum template_answer
template_answer(struct core *c, int64_t id, const struct session *s,
    unsigned *asks)
{
	const struct template *t = template_of(c, id);

	if (asks != NULL)
		*asks = 0;
	return t == NULL ? TEMPLATE_UNKNOWN : template_weigh(t, s != NULL ?
	    s->proof : NULL, s != NULL ? s->nproofs : 0, who_is(c, t, s),
	    asks);
}

/* ---- in words */

void
template_block_text(const struct core *c, const struct proof *b, char *out,
    size_t size)
{
	const struct directory_row *r;
	const char *name = NULL;

	for (size_t i = 0; b->directory != 0 &&
	    (r = directories_at(c, i)) != NULL; i++)
		if (r->id == b->directory)
			name = r->name;
	snprintf(out, size, "%s%s%s", block_name(b->block), name != NULL ?
	    ":" : "", name != NULL ? name : "");
}

static void
asks_words(const struct template *t, unsigned asks, char *out, size_t size)
{
	size_t n = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < t->nblocks && n < size; i++) {
		int more;

		if ((asks >> i & 1) == 0)
			continue;
		more = snprintf(out + n, size - n, "%s%s", n > 0 ? " or " :
		    "", blocks[t->block[i].block].words);
		n += more > 0 ? (size_t)more : 0;
	}
}

void
template_explain(struct core *c, int64_t id, const struct session *s,
    char *out, size_t size)
{
	const struct template *t = template_of(c, id);
	char words[600];
	unsigned asks;

	switch (template_answer(c, id, s, &asks)) {
	case TEMPLATE_OPEN:
		snprintf(out, size, "the template \"%s\" is satisfied",
		    t->name);
		break;
	case TEMPLATE_MORE:
		asks_words(t, asks, words, sizeof words);
		snprintf(out, size, "the template \"%s\" asks for %s%s",
		    t->name, words, s != NULL && s->nproofs > 0 ? " next" :
		    t->all && t->nblocks > 1 ? " first" : "");
		break;
	case TEMPLATE_CLOSED:
		snprintf(out, size, "the template \"%s\" lets only members of "
		    "its groups pass", t->name);
		break;
	default:
		snprintf(out, size, "its template is gone: nobody may pass");
	}
}

/* ---- what is stored */

/* The next line of a text whose lines are ended; false: there is none. */
static bool
line_next(const char **at, const char **line, size_t *n)
{
	const char *end = strchr(*at, '\n');

	if (end == NULL)
		return false;
	*line = *at;
	*n = (size_t)(end - *at);
	*at = end + 1;
	return true;
}

static int
block_parse(const struct core *c, const char *text, size_t n,
    struct proof *out, struct rel_err *err)
{
	const char *colon = memchr(text, ':', n);
	size_t len = colon != NULL ? (size_t)(colon - text) : n;
	int b = block_named(text, len);
	const struct directory_row *d;
	char name[84];

	if (b < 0 || b == BLOCK_BACKUP)
		return rel_err_set(err, REL_E_FORMAT, "\"%.*s\" is no building "
		    "block: card, card+pin, internal, ldap, ldap+gssapi, "
		    "kerberos, ntlm, pam, id-number, code, guest, "
		    "device-password, device-pin", (int)(n < 60 ? n : 60),
		    text);
	out->block = (enum block)b;
	out->directory = 0;
	if (colon == NULL)
		return 0;
	if (!block_is_of_directory(out->block))
		return rel_err_set(err, REL_E_FORMAT, "the block \"%s\" has "
		    "no directory", block_name(out->block));
	n -= len + 1;
	snprintf(name, sizeof name, "%.*s", (int)(n < 83 ? n : 83), colon + 1);
	if (n > 83 || (d = directories_named(c, name)) == NULL)
		return rel_err_set(err, REL_E_FORMAT, "there is no directory "
		    "\"%s\"", name);
	out->directory = d->id;
	return 0;
}

static int
blocks_parse(const struct core *c, const char *text, struct template *t,
    struct rel_err *err)
{
	const char *line;
	size_t n;

	while (line_next(&text, &line, &n)) {
		struct proof *b = &t->block[t->nblocks];

		if (t->nblocks == TEMPLATE_BLOCKS_MAX)
			return rel_err_set(err, REL_E_FORMAT, "a template has "
			    "at most %u blocks", TEMPLATE_BLOCKS_MAX);
		if (block_parse(c, line, n, b, err) < 0)
			return -REL_E_FORMAT;
		for (unsigned i = 0; i < t->nblocks; i++)
			if (t->block[i].block == b->block &&
			    t->block[i].directory == b->directory)
				return rel_err_set(err, REL_E_FORMAT, "the "
				    "block \"%.*s\" is there twice", (int)n,
				    line);
		t->nblocks++;
	}
	if (t->nblocks == 0)
		return rel_err_set(err, REL_E_FORMAT,
		    "a template needs a building block");
	if (t->all && t->nblocks > TEMPLATE_ALL_MAX)
		return rel_err_set(err, REL_E_FORMAT, "a log-in has at most "
		    "%u steps", TEMPLATE_ALL_MAX);
	return 0;
}

static int
groups_parse(const char *text, struct template *t, struct rel_err *err)
{
	const char *line;
	char name[256];
	size_t n;

	while (line_next(&text, &line, &n)) {
		if (t->ngroups == TEMPLATE_GROUPS_MAX)
			return rel_err_set(err, REL_E_FORMAT, "a template "
			    "names at most %u groups", TEMPLATE_GROUPS_MAX);
		snprintf(name, sizeof name, "%.*s", (int)n, line);
		if (n >= sizeof name || !rel_user_key(t->group[t->ngroups],
		    sizeof t->group[0], name, false))
			return rel_err_set(err, REL_E_FORMAT,
			    "\"%.80s\" is no name of a group", name);
		t->ngroups++;
	}
	return 0;
}

/* With groups it must come out who it is. */
static bool
says_who(const struct template *t)
{
	for (unsigned i = 0; i < t->nblocks; i++)
		if (!block_is_of_nobody(t->block[i].block))
			return true;
	return false;
}

int
template_parse(struct core *c, const struct template_row *r,
    struct template *out, const char **field, struct rel_err *err)
{
	memset(out, 0, sizeof *out);
	out->id = r->id;
	memcpy(out->key, r->key, sizeof out->key);
	memcpy(out->name, r->name, sizeof out->name);
	out->all = r->all;
	*field = "blocks";
	if (blocks_parse(c, r->blocks, out, err) < 0)
		return -REL_E_FORMAT;
	*field = "groups";
	if (groups_parse(r->groups, out, err) < 0)
		return -REL_E_FORMAT;
	if (out->ngroups > 0 && !says_who(out))
		return rel_err_set(err, REL_E_FORMAT, "the secret of a device "
		    "does not say who is in a group: add another block");
	return 0;
}

/* ---- those there are */

struct loading {
	struct core *c;
	struct templates *to;
};

static bool
load_row(const struct template_row *r, void *ctx)
{
	struct loading *l = ctx;
	struct rel_err err = { 0 };
	const char *field;

	if (l->to->n == TEMPLATES_MAX)
		return false;
	if (template_parse(l->c, r, &l->to->all[l->to->n], &field, &err) == 0)
		l->to->n++;
	else
		rel_log(REL_ERROR, "a template cannot be read: it lets nobody "
		    "pass", "template=\"%s\" why=\"%s\"", r->name, err.text);
	return true;
}

static int
load(struct core *c)
{
	struct templates new = { calloc(TEMPLATES_MAX, sizeof *new.all), 0 };
	struct loading l = { c, &new };
	int rc = new.all != NULL ? store_template_list(c->st, load_row, &l) :
	    -REL_E_NOMEM;

	if (rc < 0) {
		free(new.all);
		return rc;
	}
	free(c->templates->all);
	*c->templates = new;
	return 0;
}

int
templates_init(struct core *c, struct rel_err *err)
{
	if ((c->templates = calloc(1, sizeof *c->templates)) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	return load(c) < 0 ? rel_err_set(err, REL_E_IO,
	    "the security templates cannot be read from the database") : 0;
}

void
templates_fini(struct core *c)
{
	if (c->templates == NULL)
		return;
	free(c->templates->all);
	free(c->templates);
	c->templates = NULL;
}

static void
changed(struct core *c, void *arg, bool ok)
{
	(void)arg;
	if (ok && load(c) < 0)
		rel_log(REL_ERROR, "the security templates cannot be read",
		    "what=\"those of before hold until releaserd is started "
		    "again\"");
}

void
templates_changed(struct core *c)
{
	core_defer(c, changed, NULL);
}

const struct template *
templates_at(const struct core *c, size_t i)
{
	return i < c->templates->n ? &c->templates->all[i] : NULL;
}

const struct template *
template_of(const struct core *c, int64_t id)
{
	for (size_t i = 0; i < c->templates->n; i++)
		if (c->templates->all[i].id == id)
			return &c->templates->all[i];
	return NULL;
}

const struct template *
template_named(const struct core *c, const char *name)
{
	char key[84];

	if (strlen(name) >= sizeof key)
		return NULL;
	rel_fold(key, name, strlen(name) + 1);
	for (size_t i = 0; i < c->templates->n; i++)
		if (strcmp(c->templates->all[i].key, key) == 0)
			return &c->templates->all[i];
	return NULL;
}

const struct template *
template_with_directory(const struct core *c, int64_t directory)
{
	for (size_t i = 0; i < c->templates->n; i++) {
		const struct template *t = &c->templates->all[i];

		for (unsigned k = 0; k < t->nblocks; k++)
			if (t->block[k].directory == directory)
				return t;
	}
	return NULL;
}
