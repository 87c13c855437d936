/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef STORE_TEMPLATE_H
#define STORE_TEMPLATE_H

#include "releaserd/core/store.h"

/* A security template as it is kept (doc/identity.md). */
#define TEMPLATE_TEXT 2048u

struct template_row {
	int64_t id;
	char key[84], name[84];		/* key: folded */
	bool all;
	/* one a line, each line ended: "card\nldap:school\n" */
	char blocks[TEMPLATE_TEXT], groups[TEMPLATE_TEXT];
	int64_t changed_ms;
	char by[84];
};

/* New or changed, by id. 0; -REL_E_EXISTS: another has this name. */
int store_template_set(struct store *st, const struct template_row *r);
int store_template_del(struct store *st, int64_t id);
/* 0 or -REL_E_NOTFOUND. */
int store_template_get(struct store *st, int64_t id, struct template_row *r);
/* By name; row borrows. */
typedef bool (*store_template_row)(const struct template_row *r, void *ctx);
int store_template_list(struct store *st, store_template_row row, void *ctx);

/* The password or PIN of a device (store_secret.c). */
struct device_secret {
	char device[40];		/* its id; "" of every other device */
	int kind;			/* BLOCK_DEVICE_PASSWORD, BLOCK_DEVICE_PIN */
	char verifier[200];
	int64_t changed_ms;
	char by[84];
};

/* Without a verifier it goes. */
int store_secret_set(struct store *st, const struct device_secret *s);
int store_secret_forget(struct store *st, const char *device);
/* Its own, else that of every other device; or -REL_E_NOTFOUND. */
int store_secret_for(struct store *st, const char *device, int kind,
    struct device_secret *out);
typedef bool (*store_secret_row)(const struct device_secret *s, void *ctx);
int store_secret_list(struct store *st, store_secret_row row, void *ctx);

#endif
