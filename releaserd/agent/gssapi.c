/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * SASL GSSAPI (RFC 4752) with Kerberos tickets that are there already: the
 * library asks no KDC, looks at no name server and reads no file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>

#include "lib/text.h"
#include "releaserd/agent/krb5_priv.h"

#define TURNS_MAX 8
#define OURS_MAX 0xffffu	/* of one wrapped piece, as we tell the server */

enum { LAYER_NONE = 1, LAYER_SAFE = 2, LAYER_SEALED = 4 };

struct talk {
	struct ldap_ask *a;
	struct ldap_link *l;
	gss_ctx_id_t ctx;
	gss_name_t server;
	gss_cred_id_t cred;
	struct gss_channel_bindings_struct binding;
	uint8_t bound[32 + EVP_MAX_MD_SIZE];
	struct berval *said;		/* by the server; ber_bvfree() */
	int code;			/* of the bind */
	uint8_t layer;
	uint32_t most;			/* what the server takes at once */
};

/* ---- one turn of the bind */

/* What the server says to p: t->said and t->code; 0 or an LDAP code. */
static int
turn(struct talk *t, const void *p, size_t n)
{
	struct berval out = { n, n > 0 ? (char *)(uintptr_t)p : (char []){ 0 } };
	LDAPMessage *res = NULL;
	int rc, msgid;

	ber_bvfree(t->said);
	t->said = NULL;
	rc = ldap_sasl_bind(t->l->ld, NULL, "GSSAPI", &out, NULL, NULL,
	    &msgid);
	if (rc == LDAP_SUCCESS)
		rc = link_result(t->l, msgid, &res);
	if (rc == LDAP_SUCCESS)
		rc = ldap_parse_sasl_bind_result(t->l->ld, res, &t->said, 0);
	if (rc == LDAP_SUCCESS || rc == LDAP_SASL_BIND_IN_PROGRESS)
		rc = ldap_parse_result(t->l->ld, res, &t->code, NULL, NULL,
		    NULL, NULL, 0);
	ldap_msgfree(res);
	return rc;
}

/* ---- who the server is */

/* RFC 5929 section 4: a bind within TLS is of this TLS only. */
static void
bind_channel(struct talk *t)
{
	static const char kind[] = "tls-server-end-point:";
	X509 *x = SSL_get1_peer_certificate(t->l->ssl);
	int md = NID_undef;
	unsigned n = 0;
	const EVP_MD *how;

	if (x == NULL)
		return;
	(void)X509_get_signature_info(x, &md, NULL, NULL, NULL);
	how = md == NID_md5 || md == NID_sha1 ? EVP_sha256() :
	    EVP_get_digestbynid(md);
	memcpy(t->bound, kind, sizeof kind - 1);
	if (how != NULL && X509_digest(x, how, t->bound + sizeof kind - 1,
	    &n) == 1) {
		t->binding.application_data.value = t->bound;
		t->binding.application_data.length = sizeof kind - 1 + n;
	}
	X509_free(x);
}

static bool
server_name(struct talk *t)
{
	const struct directory *d = &t->a->d;
	char name[3 * REL_CONF_TEXT_MAX];
	gss_buffer_desc text = { 0, name };
	OM_uint32 minor;
	int n = snprintf(name, sizeof name, "ldap/%s@%s",
	    d->server[t->a->server].host, d->realm);

	text.length = (size_t)n;
	return gss_import_name(&minor, &text,
	    (gss_OID)(uintptr_t)GSS_KRB5_NT_PRINCIPAL_NAME, &t->server) ==
	    GSS_S_COMPLETE;
}

/* ---- the context */

static int
talk_failed(struct talk *t, const char *words)
{
	ask_say(t->a, "GSSAPI: %s", words);
	return DIR_SETTINGS;
}

/* An answer that ended it; 0: it goes on. */
static int
turned(struct talk *t, int rc)
{
	if (rc != LDAP_SUCCESS)
		return link_failed(t->a, t->l, rc, "log-in with a ticket");
	if (t->code == LDAP_SASL_BIND_IN_PROGRESS || t->code == LDAP_SUCCESS)
		return 0;
	if (link_is_away(t->code))
		return link_failed(t->a, t->l, t->code, "log-in with a ticket");
	ask_say(t->a, "the server does not take the ticket: %s%s",
	    ldap_err2string(t->code), t->l->ssl != NULL &&
	    t->code == LDAP_STRONG_AUTH_REQUIRED ? " (Samba takes tickets "
	    "without TLS only, Tls none: then all is sealed by them)" : "");
	return t->code == LDAP_INVALID_CREDENTIALS ? DIR_WRONG : DIR_SETTINGS;
}

static OM_uint32
context_step(struct talk *t, gss_buffer_t out)
{
	OM_uint32 flags = GSS_C_MUTUAL_FLAG | GSS_C_SEQUENCE_FLAG, minor;
	gss_buffer_desc in = GSS_C_EMPTY_BUFFER;

	/* Within TLS a second protection is refused by Active Directory. */
	if (t->l->ssl == NULL)
		flags |= GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG;
	if (t->said != NULL) {
		in.value = t->said->bv_val;
		in.length = t->said->bv_len;
	}
	return gss_init_sec_context(&minor, t->cred, &t->ctx, t->server,
	    (gss_OID)(uintptr_t)gss_mech_krb5, flags, 0,
	    t->binding.application_data.length > 0 ? &t->binding :
	    GSS_C_NO_CHANNEL_BINDINGS, &in, NULL, out, NULL, NULL);
}

/* Until both sides know each other, and the server says what it offers. */
static int
context_make(struct talk *t)
{
	OM_uint32 major = GSS_S_CONTINUE_NEEDED, minor;

	for (int i = 0; i < TURNS_MAX && major == GSS_S_CONTINUE_NEEDED; i++) {
		gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
		int rc;

		major = context_step(t, &out);
		if (GSS_ERROR(major)) {
			gss_release_buffer(&minor, &out);
			return talk_failed(t, "the server did not prove that "
			    "it is the right one");
		}
		rc = turned(t, turn(t, out.value, out.length));
		gss_release_buffer(&minor, &out);
		if (rc != 0)
			return rc;
		if (t->code == LDAP_SUCCESS)
			return talk_failed(t, "the server ended too soon");
	}
	return major == GSS_S_COMPLETE ? 0 :
	    talk_failed(t, "the server does not come to an end");
}

/* ---- the layer */

/* The strongest that is offered; below TLS none. */
static uint8_t
layer_choose(const struct talk *t, uint8_t offered)
{
	if (t->l->ssl != NULL)
		return offered & LAYER_NONE;
	return offered & LAYER_SEALED ? LAYER_SEALED :
	    offered & LAYER_SAFE ? LAYER_SAFE : offered & LAYER_NONE;
}

static int
layer_read(struct talk *t)
{
	gss_buffer_desc in = GSS_C_EMPTY_BUFFER, out = GSS_C_EMPTY_BUFFER;
	OM_uint32 minor;
	const uint8_t *p;

	if (t->said != NULL) {
		in.value = t->said->bv_val;
		in.length = t->said->bv_len;
	}
	if (gss_unwrap(&minor, t->ctx, &in, &out, NULL, NULL) !=
	    GSS_S_COMPLETE)
		return talk_failed(t, "what the server offers cannot be read");
	p = out.value;
	if (out.length == 4) {
		t->layer = layer_choose(t, p[0]);
		t->most = (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	}
	gss_release_buffer(&minor, &out);
	return t->layer != 0 ? 0 :
	    talk_failed(t, "the server offers nothing that will do here");
}

static int
layer_say(struct talk *t)
{
	uint8_t ours[4] = { t->layer, 0, 0, 0 };
	gss_buffer_desc in = { sizeof ours, ours }, out = GSS_C_EMPTY_BUFFER;
	OM_uint32 minor;
	int rc;

	if (t->layer != LAYER_NONE) {
		ours[2] = OURS_MAX >> 8;
		ours[3] = OURS_MAX & 0xff;
	}
	if (gss_wrap(&minor, t->ctx, 0, GSS_C_QOP_DEFAULT, &in, NULL, &out) !=
	    GSS_S_COMPLETE)
		return talk_failed(t, "no memory");
	rc = turned(t, turn(t, out.value, out.length));
	gss_release_buffer(&minor, &out);
	if (rc == 0 && t->code != LDAP_SUCCESS)
		rc = talk_failed(t, "the server does not come to an end");
	return rc;
}

static int
layer_take(struct talk *t)
{
	if (t->layer == LAYER_NONE || layer_up(t->l, &t->ctx,
	    t->layer == LAYER_SEALED, t->most) == 0)
		return 0;
	return talk_failed(t, "no memory");
}

/* ---- the whole */

static int
talk(struct krb *k, struct ldap_link *l, krb5_ccache cc)
{
	struct talk t = { .a = k->a, .l = l };
	OM_uint32 minor;
	int rc;

	ask_waited(k->a, k->begin_ms);
	l->until_ms = k->a->until_ms;
	l->sasl = true;
	if (l->ssl != NULL)
		bind_channel(&t);
	if (!server_name(&t) || gss_krb5_import_cred(&minor, cc, NULL, NULL,
	    &t.cred) != GSS_S_COMPLETE)
		rc = talk_failed(&t, "the ticket cannot be used");
	else if ((rc = context_make(&t)) == 0 && (rc = layer_read(&t)) == 0 &&
	    (rc = layer_say(&t)) == 0)
		rc = layer_take(&t);
	ber_bvfree(t.said);
	gss_release_cred(&minor, &t.cred);
	gss_release_name(&minor, &t.server);
	if (t.ctx != GSS_C_NO_CONTEXT)
		gss_delete_sec_context(&minor, &t.ctx, GSS_C_NO_BUFFER);
	return rc;
}

int
gss_bind_service(struct ldap_ask *a, struct ldap_link *l)
{
	krb5_ccache cc;
	struct krb k;
	int rc = krb_open(a, &k);

	if (rc != 0)
		return rc;
	if ((rc = ticket_service(&k, &cc)) == 0) {
		if ((rc = ticket_ldap(&k, cc)) == 0)
			rc = talk(&k, l, cc);
		krb5_cc_close(k.ctx, cc);
	}
	krb_close(&k);
	return rc == DIR_WRONG ? DIR_SETTINGS : rc;
}

/* In clear text who plays both the KDC and the server could let in anybody. */
static int
person_talk(struct krb *k, struct ldap_link *l, krb5_creds *creds)
{
	krb5_ccache cc;
	krb5_error_code code;
	int rc = l->ssl == NULL ? krb_verify(k, creds) : DIR_RIGHT;

	if (rc != DIR_RIGHT)
		return rc;
	if ((code = ticket_person(k, creds, &cc)) != 0)
		return krb_failed(k, code, "ticket of a person");
	if ((rc = ticket_ldap(k, cc)) == 0)
		rc = talk(k, l, cc);
	krb5_cc_destroy(k->ctx, cc);
	return rc;
}

int
gss_bind_person(struct ldap_ask *a, struct ldap_link *l, const char *who,
    const struct dir_login *m)
{
	krb5_creds creds;
	struct krb k;
	int rc = krb_open(a, &k);

	if (rc != 0)
		return rc;
	rc = krb_check_ready(&k);
	if (rc == DIR_RIGHT)
		rc = krb_person_ticket(&k, who, m, &creds);
	if (rc == DIR_RIGHT) {
		rc = person_talk(&k, l, &creds);
		krb5_free_cred_contents(k.ctx, &creds);
	}
	krb_close(&k);
	return rc;
}

void
krb_begin(void)
{
	/* The GSSAPI library makes contexts of its own: they find nothing. */
	(void)setenv("KRB5_CONFIG", "/dev/null", 1);
	(void)setenv("KRB5CCNAME", "MEMORY:nobody", 1);
	(void)setenv("KRB5_KTNAME", "MEMORY:nobody", 1);
	(void)setenv("KRB5_CLIENT_KTNAME", "MEMORY:nobody", 1);
	(void)setenv("KRB5RCACHENAME", "none:", 1);
	(void)unsetenv("KRB5_TRACE");
	kdc_begin();
}
