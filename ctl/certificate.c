/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* releasectl certificate ...: the server's own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"

#define PEM_MAX 32768

static const struct ctl_column columns[] = {
	{ "Subject", "subject", COL_TEXT }, { "Issuer", "issuer", COL_TEXT },
	{ "Self-signed", "self_signed", COL_YESNO },
	{ "Good from", "not_before", COL_TIME },
	{ "Good until", "not_after", COL_TIME },
	{ "Days left", "days_left", COL_INT },
	{ "Key", "key_type", COL_TEXT }, { "SHA-256", "sha256", COL_TEXT },
	{ "Certificates in the chain", "chain", COL_INT },
	{ NULL, NULL, COL_TEXT }
};

static void
show_one(const char *title, const json_t *row)
{
	const json_t *names = json_object_get(row, "names"), *one;
	size_t i;

	if (!json_is_object(row))
		return;
	printf("%s\n", title);
	ctl_show(row, columns);
	json_array_foreach(names, i, one)
		printf("%s%s%s", i == 0 ? "Names: " : ", ",
		    json_string_value(one),
		    i + 1 == json_array_size(names) ? "\n" : "");
	if (json_is_true(json_object_get(row, "warn")))
		printf("It expires soon: releasectl certificate csr\n");
}

/* Takes answer. */
static void
print_state(struct ctl *c, json_t *answer)
{
	char at[64];

	if (c->opt[OPT_JSON] != NULL) {
		ctl_print_json(answer);
		json_decref(answer);
		return;
	}
	show_one("THE SERVER", json_object_get(answer, "certificate"));
	if (!json_is_true(json_object_get(answer, "name_ok"))) {
		ctl_text(at, sizeof at, json_object_get(answer,
		    "server_name"), COL_TEXT);
		printf("It does not have this server's name, %s.\n", at);
	}
	show_one("\nTHE AUTHORITY OF DEVICES",
	    json_object_get(answer, "authority"));
	if (json_is_object(json_object_get(answer, "request"))) {
		ctl_text(at, sizeof at, json_object_get(json_object_get(
		    answer, "request"), "made_at"), COL_TIME);
		printf("\nA request of %s waits for its certificate.\n", at);
	}
	if (json_is_object(json_object_get(answer, "undo")))
		printf("\nThe certificate of before can be brought back: "
		    "releasectl certificate undo\n");
	json_decref(answer);
}

static int
order(struct ctl *c, const char *method, const char *path, const json_t *body)
{
	json_t *answer;
	int rc = ctl_call(c, method, path, "", body, &answer);

	if (rc == 0)
		print_state(c, answer);
	return rc;
}

static int
certificate_show(struct ctl *c)
{
	return order(c, "GET", "/certificate", NULL);
}

static int
certificate_undo(struct ctl *c)
{
	return order(c, "POST", "/certificate/undo", NULL);
}

static int
certificate_self_signed(struct ctl *c)
{
	return order(c, "POST", "/certificate/self-signed", NULL);
}

/* The request in PEM, to a file or to standard output. */
static int
write_request(struct ctl *c, const json_t *answer)
{
	const char *pem = json_string_value(json_object_get(json_object_get(
	    answer, "request"), "csr"));
	const char *path = c->opt[OPT_OUTPUT];
	FILE *f;
	int bad;

	if (pem == NULL)
		return rel_err_set(&c->err, REL_E_FORMAT,
		    "releaserd's answer has no request");
	if (path == NULL) {
		fputs(pem, stdout);
		return 0;
	}
	if ((f = fopen(path, "w")) == NULL)
		return rel_err_sys(&c->err, REL_E_IO, "cannot write %.100s",
		    path);
	bad = fputs(pem, f) < 0;
	bad |= fclose(f) != 0;
	return bad ? rel_err_set(&c->err, REL_E_IO, "cannot write %.100s",
	    path) : 0;
}

static int
certificate_csr(struct ctl *c)
{
	static const struct ctl_member texts[] = {
		{ OPT_ORGANIZATION, "organization" },
		{ OPT_COUNTRY, "country" }, { OPT_KEY_TYPE, "key_type" }
	};
	json_t *names = json_array(), *answer;
	json_t *body = json_pack("{s:s,s:o}", "common_name", c->arg[0],
	    "names", names);
	int rc;

	for (int i = 1; i < c->nargs; i++)
		json_array_append_new(names, json_string(c->arg[i]));
	rc = ctl_put_texts(c, body, texts, sizeof texts / sizeof texts[0]);
	if (rc == 0)
		rc = ctl_call(c, "POST", "/certificate/csr", "", body,
		    &answer);
	json_decref(body);
	if (rc < 0)
		return rc;
	if (c->opt[OPT_JSON] != NULL)
		ctl_print_json(answer);
	else
		rc = write_request(c, answer);
	json_decref(answer);
	return rc;
}

static int
certificate_install(struct ctl *c)
{
	FILE *f = fopen(c->arg[0], "r");
	char *pem = malloc(PEM_MAX + 1);
	size_t n = 0;
	json_t *body;
	int rc;

	if (f == NULL || pem == NULL)
		rc = rel_err_sys(&c->err, REL_E_IO, "cannot read %.100s",
		    c->arg[0]);
	else if ((n = fread(pem, 1, PEM_MAX + 1, f)) > PEM_MAX || n == 0 ||
	    memchr(pem, 0, n) != NULL)
		rc = rel_err_set(&c->err, REL_E_FORMAT, "%.100s holds no "
		    "certificate in PEM form", c->arg[0]);
	else if ((body = json_pack("{s:s#}", "pem", pem, n)) == NULL)
		rc = rel_err_set(&c->err, REL_E_FORMAT, "%.100s is no text: "
		    "openssl x509 -inform DER makes PEM of it", c->arg[0]);
	else {
		rc = order(c, "POST", "/certificate/install", body);
		json_decref(body);
	}
	if (f != NULL)
		fclose(f);
	free(pem);
	return rc;
}

static const enum ctl_opt none[] = { OPT_COUNT };
static const enum ctl_opt csr_opts[] = { OPT_ORGANIZATION, OPT_COUNTRY,
    OPT_KEY_TYPE, OPT_OUTPUT, OPT_COUNT };

const struct ctl_verb ctl_certificate_verbs[] = {
	{ "certificate", "show", 0, 0, "", none,
	    "The server's certificate and that of the authority of devices.",
	    certificate_show },
	{ "certificate", "csr", 1, 16, "NAME ...", csr_opts,
	    "Make a new key, which waits here, and a request for a "
	    "certificate of these host names; the first is the common name. "
	    "It takes the place of a request that waits.", certificate_csr },
	{ "certificate", "install", 1, 1, "FILE", none,
	    "Use the certificate in FILE (PEM, with those between it and its "
	    "root) for new connections.", certificate_install },
	{ "certificate", "undo", 0, 0, "", none,
	    "Bring back the certificate of before.", certificate_undo },
	{ "certificate", "self-signed", 0, 0, "", none,
	    "Make a new certificate that nobody else has signed.",
	    certificate_self_signed },
	{ 0 }
};
