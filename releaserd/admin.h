/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef ADMIN_H
#define ADMIN_H

#include <stdbool.h>

#include "lib/conf.h"
#include "releaserd/ipc.h"

/*
 * What core asks of super, and what super says: the configuration file and
 * the server's key and certificate, which only root may write.  super reads no
 * text of outside here: settings come by their number in settings_table with
 * a value that is checked again, names letter by letter, certificates as PEM
 * that an agent has written anew.
 */

#define ADMIN_CHANGES_MAX 64u
#define ADMIN_NAMES_MAX 16u	/* names in a certificate request */
#define ADMIN_TEXT_MAX 131072u	/* bytes of a configuration file */
#define ADMIN_PEM_MAX 32768u	/* bytes of a certificate with its chain */
#define ADMIN_NO_ITEM 0xffffu

/* IPC_CONF_SET */
struct admin_conf {
	bool dry_run;			/* check and say, write nothing */
	uint32_t n;
	struct admin_change {
		uint16_t item;		/* index in settings_table */
		bool reset;		/* back to the default */
		char value[REL_CONF_TEXT_MAX];
	} ch[ADMIN_CHANGES_MAX];
};

/* IPC_CERT_CSR */
struct admin_csr {
	char common_name[65];
	char organization[65];		/* "" for none */
	char country[3];		/* "" for none */
	bool rsa;			/* RSA of 3072 bits instead of P-256 */
	uint32_t n;
	char names[ADMIN_NAMES_MAX][254];	/* host names and addresses */
};

enum admin_outcome {
	ADMIN_DONE,
	ADMIN_REFUSED,			/* why says so; nothing was changed */
	ADMIN_LATER			/* this machine cannot now */
};

/* IPC_ADMIN_SAID: the answer to all of them. Blobs are borrowed. */
struct admin_said {
	uint8_t outcome;
	uint16_t item;			/* the setting at fault */
	char why[240];
	char path[400];			/* CONF: of the file */
	char host[256];			/* our server name */
	/* CONF: the text as it was, as it is now, and what undo would bring
	 * back.  CERT: certificate in use, request that waits, the one that
	 * undo would bring back. */
	const uint8_t *was, *now, *undo;
	size_t was_len, now_len, undo_len;
	int64_t now_ms, undo_ms;	/* when request and undo were made */
};

void admin_conf_put(struct rel_buf *b, const struct admin_conf *m);
int admin_conf_get(struct admin_conf *m, const void *p, size_t n);
void admin_csr_put(struct rel_buf *b, const struct admin_csr *m);
int admin_csr_get(struct admin_csr *m, const void *p, size_t n);
void admin_said_put(struct rel_buf *b, const struct admin_said *m);
int admin_said_get(struct admin_said *m, const void *p, size_t n);

/* A host name, *.name or an address, as it may stand in a certificate. */
bool admin_name_ok(const char *s);

/*
 * super -> net, core, IPC_LISTEN: the HTTPS listeners are others now.  To net
 * with nhttps descriptors; to core with none.
 */
struct ipc_listen {
	uint32_t nhttps;
	char https_names[4][64];
	char base_url[300];
};
void listen_put(struct rel_buf *b, const struct ipc_listen *m);
int listen_get(struct ipc_listen *m, const void *p, size_t n);

/*
 * What an agent finds in a certificate: core -> agent IPC_CERT (str PEM, str
 * name it should be good for), agent -> core IPC_CERT_FACTS.
 */
struct cert_facts {
	bool readable;			/* else why */
	bool usable;			/* as a server's certificate; else why */
	bool self_signed, name_ok;
	char why[240];
	char subject[256], issuer[256];
	char names[1024];		/* separated by blanks */
	char key_type[32];		/* "P-256", "RSA 3072" */
	char fp[65];			/* hex SHA-256 of the certificate */
	int64_t from_ms, until_ms;
	uint32_t n;			/* certificates, the first counted */
	const uint8_t *pem;		/* all of them written anew; borrowed */
	size_t pem_len;
};
void cert_facts_put(struct rel_buf *b, const struct cert_facts *m);
int cert_facts_get(struct cert_facts *m, const void *p, size_t n);

#endif
