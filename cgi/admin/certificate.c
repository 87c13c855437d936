/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The server's certificate: show it, ask a CA for one, install it. */
#include <stdio.h>
#include <string.h>

#include "cgi/admin/admin.h"

/* "a.example b.example" as a list. */
static json_t *
names_read(const char *text)
{
	json_t *list = json_array();

	while (*text != '\0') {
		size_t n = strcspn(text, " ,;\r\n\t");

		if (n > 0)
			json_array_append_new(list, json_stringn(text, n));
		text += n + strspn(text + n, " ,;\r\n\t");
	}
	return list;
}

static int
certificate_csr(struct cgi *c)
{
	json_t *body;

	if (cgi_text(c, "common_name")[0] == '\0')
		return cgi_bad(c, "common_name", "%s",
		    tr("Enter the name of this server."));
	body = json_pack("{s:s,s:o}", "common_name", cgi_text(c,
	    "common_name"), "names", names_read(cgi_text(c, "names")));
	if (cgi_text(c, "organization")[0] != '\0')
		json_object_set_new(body, "organization", json_string(
		    cgi_text(c, "organization")));
	if (cgi_text(c, "country")[0] != '\0')
		json_object_set_new(body, "country", json_string(cgi_text(c,
		    "country")));
	return cgi_call(c, "POST", body, NULL, "/certificate/csr");
}

/* Pasted, or as a file. */
static int
certificate_install(struct cgi *c)
{
	const char *pem = cgi_text(c, "pem"), *file = cgi_text(c, "file");

	if (pem[0] == '\0' && file[0] == '\0')
		return cgi_bad(c, "pem", "%s",
		    tr("Paste the certificate, or choose its file."));
	return cgi_call(c, "POST", json_pack("{s:s}", "pem", pem[0] != '\0' ?
	    pem : file), NULL, "/certificate/install");
}

static int
certificate_undo(struct cgi *c)
{
	return cgi_call(c, "POST", NULL, NULL, "/certificate/undo");
}

static int
certificate_self(struct cgi *c)
{
	return cgi_call(c, "POST", NULL, NULL, "/certificate/self-signed");
}

static int
certificate_get(struct cgi *c)
{
	return cgi_view(c, "answer", NULL, "/certificate");
}

static const struct action certificate_actions[] = {
	{ "csr", certificate_csr, "The request is made: send it to your CA." },
	{ "install", certificate_install, "The certificate is in use." },
	{ "undo", certificate_undo, "The certificate before is in use again." },
	{ "self-signed", certificate_self,
	    "A new self-signed certificate is in use." },
	{ NULL, NULL, NULL }
};

const struct page admin_certificate = {
	.path = "admin/certificate.cgi",
	.title = "Certificate",
	.need = FOR_ADMIN,
	.security = true,
	.menu = "Server",
	.get = certificate_get,
	.actions = certificate_actions
};
