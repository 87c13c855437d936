/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What core asks for people who may (core has made sure of that and has
 * written it down): the configuration file and the certificate.  Everything
 * is checked here again; whatever is wrong, nothing is changed.
 */
#include <string.h>

#include "lib/cursor.h"
#include "lib/log.h"
#include "lib/text.h"
#include "releaserd/super/super.h"

/* One question on its way; what the answer borrows is freed at its end. */
struct asked {
	struct super *s;
	const struct rel_frame *fr;
	struct admin_said said;
	struct conf_file file;
	struct rel_buf text;
	struct tls_state tls;
};

static void
said_failed(struct admin_said *m, int rc, const struct rel_err *err)
{
	m->outcome = rc == -REL_E_IO || rc == -REL_E_NOMEM ||
	    rc == -REL_E_FULL ? ADMIN_LATER : ADMIN_REFUSED;
	rel_text_clean(m->why, sizeof m->why, err->text);
}

/* ---- the configuration */

static void
said_file(struct asked *a)
{
	struct admin_said *m = &a->said;
	const struct conf_file *f = &a->file;

	memcpy(m->path, f->path, sizeof m->path);
	m->was = m->now = f->text.data;
	m->was_len = m->now_len = f->text.len;
	m->undo = f->undo.data;
	m->undo_len = f->undo.len;
	m->undo_ms = f->undo.data != NULL ? f->undo_ms : 0;
}

static int
conf_get(struct asked *a, struct rel_err *err)
{
	(void)err;
	said_file(a);
	return 0;
}

/* Check it, open what is new; then the file, then the roles. */
static int
conf_take(struct asked *a, const void *text, size_t len, bool dry_run,
    int (*put)(struct asked *a, struct rel_err *err), struct rel_err *err)
{
	struct plan p;
	int rc = plan_make(a->s, &p, text, len, dry_run, err);

	if (rc < 0)
		a->said.item = (uint16_t)p.item;
	/* A port in the way is the asker's to change, not ours to wait for. */
	if (rc == -REL_E_IO && p.item != ADMIN_NO_ITEM)
		rc = rel_err_set(NULL, REL_E_DENIED, "%s", "");
	if (rc == 0 && !dry_run && (rc = put(a, err)) == 0)
		rc = plan_take(a->s, &p, err);
	plan_fini(&p);
	return rc;
}

static int
put_text(struct asked *a, struct rel_err *err)
{
	return conf_file_write(&a->file, &a->text, err);
}

static int
put_undo(struct asked *a, struct rel_err *err)
{
	return conf_file_undo(&a->file, err);
}

static int
conf_set(struct asked *a, struct rel_err *err)
{
	struct rel_conf_change ch[ADMIN_CHANGES_MAX];
	struct rel_conf_edit e = { .t = &settings_table, .ch = ch };
	static struct admin_conf m;
	int rc;

	if (admin_conf_get(&m, a->fr->body, a->fr->len) < 0)
		return rel_err_set(err, REL_E_FORMAT, "malformed question");
	for (uint32_t i = 0; i < m.n; i++) {
		if (m.ch[i].item < settings_table.n &&
		    settings_by_hand(m.ch[i].item))
			return rel_err_set(err, REL_E_DENIED,
			    "%s is changed in the file only",
			    settings_table.items[m.ch[i].item].name);
		ch[i].item = m.ch[i].item;
		ch[i].value = m.ch[i].reset ? NULL : m.ch[i].value;
	}
	said_file(a);
	e.text = (const char *)a->file.text.data;
	e.len = a->file.text.len;
	e.n = m.n;
	if ((rc = rel_conf_edit(&e, &a->text, err)) < 0) {
		a->said.item = e.bad < settings_table.n ? (uint16_t)e.bad :
		    ADMIN_NO_ITEM;
		return rc;
	}
	a->said.now = a->text.data;
	a->said.now_len = a->text.len;
	if (a->text.len > ADMIN_TEXT_MAX)
		return rel_err_set(err, REL_E_LIMIT, "the file would be too "
		    "large");
	if (!m.dry_run && a->text.len == a->file.text.len &&
	    memcmp(a->text.data, a->file.text.data, a->text.len) == 0)
		return 0;			/* says it already */
	return conf_take(a, a->text.data, a->text.len, m.dry_run, put_text,
	    err);
}

static int
conf_undo(struct asked *a, struct rel_err *err)
{
	if (a->file.undo.data == NULL)
		return rel_err_set(err, REL_E_NOTFOUND, "there is no change "
		    "to undo: none was made, or the file was changed by hand "
		    "since");
	said_file(a);
	a->said.now = a->file.undo.data;
	a->said.now_len = a->file.undo.len;
	return conf_take(a, a->file.undo.data, a->file.undo.len, false,
	    put_undo, err);
}

static void
conf_asked(struct asked *a)
{
	struct rel_err err = { 0, "" };
	int rc = conf_file_load(a->s, &a->file, &err);

	if (rc == 0)
		rc = a->fr->type == IPC_CONF_GET ? conf_get(a, &err) :
		    a->fr->type == IPC_CONF_SET ? conf_set(a, &err) :
		    conf_undo(a, &err);
	if (rc < 0)
		said_failed(&a->said, rc, &err);
}

/* ---- the certificate */

static int
cert_csr(struct asked *a, struct rel_err *err)
{
	struct admin_csr m;

	if (admin_csr_get(&m, a->fr->body, a->fr->len) < 0)
		return rel_err_set(err, REL_E_FORMAT, "malformed question");
	return tls_csr(a->s, &m, err);
}

static int
cert_install(struct asked *a, struct rel_err *err)
{
	const uint8_t *pem;
	struct rel_cur c;
	size_t n;

	rel_cur_init(&c, a->fr->body, a->fr->len);
	pem = rel_get_bytes(&c, &n);
	if (rel_cur_end(&c) < 0 || n == 0 || n > ADMIN_PEM_MAX)
		return rel_err_set(err, REL_E_FORMAT, "malformed question");
	return tls_install(a->s, pem, n, err);
}

static void
cert_asked(struct asked *a)
{
	struct rel_err err = { 0, "" };
	int rc = 0;

	if (a->fr->type == IPC_CERT_CSR)
		rc = cert_csr(a, &err);
	else if (a->fr->type == IPC_CERT_INSTALL)
		rc = cert_install(a, &err);
	else if (a->fr->type == IPC_CERT_UNDO)
		rc = tls_undo(a->s, &err);
	else if (a->fr->type == IPC_CERT_SELF)
		rc = tls_self_signed(a->s, &err);
	if (rc < 0)
		said_failed(&a->said, rc, &err);
	tls_state(a->s, &a->tls, &a->said);
}

bool
admin_asked(struct super *s, struct ipc_chan *core,
    const struct rel_frame *fr)
{
	struct asked a = { .s = s, .fr = fr };
	struct rel_buf b;

	if (fr->type < IPC_CONF_GET || fr->type > IPC_CERT_SELF)
		return false;
	a.said.item = ADMIN_NO_ITEM;
	rel_buf_init(&a.text);
	rel_buf_init(&b);
	if (fr->type <= IPC_CONF_UNDO)
		conf_asked(&a);
	else
		cert_asked(&a);
	if (a.said.outcome != ADMIN_DONE)
		rel_log(REL_INFO, "administration refused",
		    "what=%s why=\"%s\"", ipc_type_name(fr->type),
		    a.said.why);
	admin_said_put(&b, &a.said);
	if (b.failed || ipc_send(core, IPC_ADMIN_SAID, fr->id, b.data,
	    b.len) < 0)
		rel_log(REL_ERROR, "core cannot be answered", "%s", "");
	rel_buf_fini(&b);
	rel_buf_fini(&a.text);
	conf_file_fini(&a.file);
	blob_fini(&a.tls.csr);
	blob_fini(&a.tls.undo);
	return true;
}
