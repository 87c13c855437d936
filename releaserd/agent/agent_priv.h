/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef AGENT_PRIV_H
#define AGENT_PRIV_H

#include <stddef.h>

#include "releaserd/ipc.h"
#include "releaserd/settings.h"

/* ---- visitor.c */

/*
 * Ask cupsd, over its own socket, whose the certificate is that it keeps for
 * a running page (doc/web.md).  name gets the visitor (UTF-8 as cupsd has
 * it).  Waits a few seconds at most.
 */
enum ipc_visitor visitor_ask(const char *socket_path, const char *cert,
    char *name, size_t size);

/* ---- mailer.c */

/*
 * The body of IPC_MAIL to its server, whose certificate and our log-in are as
 * the settings say.  Waits a few seconds at most.
 */
enum ipc_mail mail_send(const struct settings *set,
    const struct rel_frame *fr);

/* ---- cert.c */

/* The body of IPC_CERT, answered into out as IPC_CERT_FACTS. */
void cert_read(const struct rel_frame *fr, struct rel_buf *out);

/* ---- ldap.c */

/* Before the first question, and before anything else uses libldap. */
void ldap_begin(void);

/* The body of IPC_DIR_LOGIN, _FIND or _TEST, answered as IPC_DIR_SAID. */
void ldap_answer(const struct rel_frame *fr, struct rel_buf *out);

/* ldap_sync.c: the body of IPC_SYNC_NEXT, answered as IPC_SYNC_PART. */
void sync_answer(const struct rel_frame *fr, struct rel_buf *out);
void sync_rest(void);
void sync_end(void);

/* Close the connections that nobody has used for a while; all of them. */
void ldap_rest(void);
void ldap_end(void);

#endif
