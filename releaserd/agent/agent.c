/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * agent: what may be slow. Here: password hashes (scrypt, RFC 7914), the
 * names behind numeric user ids, who visits a page of cupsd, and mails, one
 * question after the other; and directories, several at once (fiber.h).
 */
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "lib/cursor.h"
#include "lib/log.h"
#include "lib/text.h"
#include "releaserd/agent/agent_priv.h"
#include "releaserd/agent/prove.h"
#include "releaserd/fiber.h"
#include "releaserd/role.h"

#define SALT_BYTES 16u
#define HASH_BYTES 32u
#define REST_S 15		/* idle connections are looked at */
#define FIBERS 32u		/* as many as core's WAITING_MAX */
#define NICE 5			/* panels come before password checks */

struct agent {
	struct ipc_chan *core;
	struct event *rest;
	struct event *prover;		/* has it died? NULL: there is none */
};

static int
hash_make(uint8_t out[HASH_BYTES], const uint8_t *pw, size_t n,
    const uint8_t salt[SALT_BYTES], unsigned log_n)
{
	return EVP_PBE_scrypt((const char *)pw, n, salt, SALT_BYTES,
	    1ull << log_n, 8, 1, 1ull << 31, out, HASH_BYTES) == 1 ? 0 : -1;
}

/* "scrypt$LOGN$8$1$SALT$HASH" of a password. */
static void
do_hash(struct role *r, const struct rel_frame *fr)
{
	struct agent *ag = r->own;
	uint8_t salt[SALT_BYTES], hash[HASH_BYTES];
	char salt_hex[2 * SALT_BYTES + 1], hash_hex[2 * HASH_BYTES + 1];
	char verifier[200] = "";
	unsigned log_n = (unsigned)r->set.scrypt_log_n;
	struct rel_cur c;
	struct rel_buf b;
	size_t n;
	const uint8_t *pw;

	rel_cur_init(&c, fr->body, fr->len);
	pw = rel_get_bytes(&c, &n);
	rel_buf_init(&b);
	if (rel_cur_end(&c) == 0 && RAND_bytes(salt, sizeof salt) == 1 &&
	    hash_make(hash, pw, n, salt, log_n) == 0) {
		rel_hex(salt_hex, salt, sizeof salt);
		rel_hex(hash_hex, hash, sizeof hash);
		snprintf(verifier, sizeof verifier, "scrypt$%u$8$1$%s$%s",
		    log_n, salt_hex, hash_hex);
	}
	rel_put_str(&b, verifier);
	(void)ipc_send(ag->core, IPC_HASHED, fr->id, b.data, b.len);
	rel_buf_fini_secret(&b);
}

static bool
verifier_fits(const uint8_t *pw, size_t n, const char *verifier)
{
	uint8_t salt[SALT_BYTES], want[HASH_BYTES], got[HASH_BYTES];
	char salt_hex[40], hash_hex[80];
	unsigned log_n;

	if (sscanf(verifier, "scrypt$%u$8$1$%39[0-9a-f]$%79[0-9a-f]", &log_n,
	    salt_hex, hash_hex) != 3 || log_n < 10 || log_n > 20 ||
	    !rel_unhex(salt, sizeof salt, salt_hex, strlen(salt_hex)) ||
	    !rel_unhex(want, sizeof want, hash_hex, strlen(hash_hex)) ||
	    hash_make(got, pw, n, salt, log_n) < 0)
		return false;
	return CRYPTO_memcmp(want, got, sizeof got) == 0;
}

static void
do_verify(struct role *r, const struct rel_frame *fr)
{
	struct agent *ag = r->own;
	char verifier[200];
	struct rel_cur c;
	const uint8_t *pw;
	uint8_t right;
	size_t n;

	rel_cur_init(&c, fr->body, fr->len);
	pw = rel_get_bytes(&c, &n);
	rel_get_str(&c, verifier, sizeof verifier);
	/* An empty password is never right. */
	right = rel_cur_end(&c) == 0 && n > 0 &&
	    verifier_fits(pw, n, verifier);
	(void)ipc_send(ag->core, IPC_VERIFIED, fr->id, &right, 1);
}

static bool
in_group(const char *name, gid_t own, const char *group)
{
	const struct group *gr = getgrnam(group);

	if (gr == NULL)
		return false;
	if (gr->gr_gid == own)
		return true;
	for (char **m = gr->gr_mem; *m != NULL; m++)
		if (strcmp(*m, name) == 0)
			return true;
	return false;
}

static void
do_whois(struct role *r, const struct rel_frame *fr)
{
	struct agent *ag = r->own;
	const struct passwd *pw = NULL;
	struct rel_cur c;
	struct rel_buf b;
	uint32_t uid;

	rel_cur_init(&c, fr->body, fr->len);
	uid = rel_get_u32(&c);
	if (rel_cur_end(&c) == 0)
		pw = getpwuid(uid);
	rel_buf_init(&b);
	rel_put_str(&b, pw != NULL && strlen(pw->pw_name) < 84 ?
	    pw->pw_name : "");
	rel_put_u8(&b, pw != NULL &&
	    in_group(pw->pw_name, pw->pw_gid, r->set.admin_group));
	(void)ipc_send(ag->core, IPC_WHO, fr->id, b.data, b.len);
	rel_buf_fini(&b);
}

static void
do_visitor(struct role *r, const struct rel_frame *fr)
{
	struct agent *ag = r->own;
	enum ipc_visitor state = VISITOR_NOBODY;
	char cert[33], name[84] = "";
	struct rel_cur c;
	struct rel_buf b;

	rel_cur_init(&c, fr->body, fr->len);
	rel_get_str(&c, cert, sizeof cert);
	if (rel_cur_end(&c) == 0 && strlen(cert) == 32)
		state = visitor_ask(r->set.cups_socket, cert, name,
		    sizeof name);
	rel_wipe(cert, sizeof cert);
	rel_buf_init(&b);
	rel_put_u8(&b, (uint8_t)state);
	rel_put_str(&b, name);
	(void)ipc_send(ag->core, IPC_VISITED, fr->id, b.data, b.len);
	rel_buf_fini(&b);
}

static void
do_cert(struct role *r, const struct rel_frame *fr)
{
	struct agent *ag = r->own;
	struct rel_buf b;

	rel_buf_init(&b);
	cert_read(fr, &b);
	(void)ipc_send(ag->core, IPC_CERT_FACTS, fr->id, b.data, b.len);
	rel_buf_fini(&b);
}

static void
do_mail(struct role *r, const struct rel_frame *fr)
{
	struct agent *ag = r->own;
	uint8_t said = (uint8_t)mail_send(&r->set, fr);

	(void)ipc_send(ag->core, IPC_MAILED, fr->id, &said, 1);
}

/* ---- directories: the question outlives its frame */

struct dir_question {
	struct agent *agent;
	unsigned type;
	uint32_t id;
	struct rel_buf body;
};

/* core may have gone meanwhile. */
static void
dir_work(void *arg)
{
	struct dir_question *q = arg;
	const struct rel_frame fr = { .type = (uint16_t)q->type, .id = q->id,
		.body = q->body.data, .len = q->body.len };
	struct rel_buf b;

	rel_buf_init(&b);
	if (q->type == IPC_SYNC_NEXT)
		sync_answer(&fr, &b);
	else
		ldap_answer(&fr, &b);
	if (q->agent->core != NULL)
		(void)ipc_send(q->agent->core, q->type == IPC_SYNC_NEXT ?
		    IPC_SYNC_PART : IPC_DIR_SAID, q->id, b.data, b.len);
	rel_buf_fini_secret(&b);
	rel_buf_fini_secret(&q->body);
	free(q);
}

static void
do_dir(struct role *r, const struct rel_frame *fr)
{
	struct dir_question *q = calloc(1, sizeof *q);

	if (q == NULL) {
		(void)ipc_send(((struct agent *)r->own)->core, IPC_DIR_SAID,
		    fr->id, NULL, 0);
		return;
	}
	q->agent = r->own;
	q->type = fr->type;
	q->id = fr->id;
	rel_buf_init(&q->body);
	rel_put_raw(&q->body, fr->body, fr->len);
	if (!fiber_go(dir_work, q))
		dir_work(q);
}

static void
on_frame(struct ipc_chan *ch, struct rel_frame *fr, void *ctx)
{
	struct role *r = ctx;

	(void)ch;
	switch (fr->type) {
	case IPC_HASH:
		do_hash(r, fr);
		break;
	case IPC_VERIFY:
		do_verify(r, fr);
		break;
	case IPC_WHOIS:
		do_whois(r, fr);
		break;
	case IPC_VISITOR:
		do_visitor(r, fr);
		break;
	case IPC_MAIL:
		do_mail(r, fr);
		break;
	case IPC_CERT:
		do_cert(r, fr);
		break;
	case IPC_DIR_LOGIN:
	case IPC_DIR_FIND:
	case IPC_DIR_TEST:
	case IPC_SYNC_NEXT:
		do_dir(r, fr);
		break;
	default:
		rel_log(REL_WARN, "unknown message from core", "type=%u",
		    fr->type);
	}
	rel_frame_drop_fds(fr);
}

static void
on_closed(struct ipc_chan *ch, void *ctx)
{
	struct role *r = ctx;
	struct agent *ag = r->own;

	(void)ch;
	ipc_chan_free(&ag->core);
	role_core_lost(r);
}

static void
on_rest(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	(void)ctx;
	ldap_rest();
}

/* It cannot be begun again from the jail: the agent is. */
static void
on_prover_gone(evutil_socket_t fd, short what, void *ctx)
{
	struct role *r = ctx;

	(void)fd;
	(void)what;
	rel_log(REL_ERROR, "the process that starts programs has died", "%s",
	    "what=\"the agent is started again\"");
	event_base_loopexit(r->base, NULL);
}

static int
prover_init(struct role *r, struct rel_err *err)
{
	struct agent *ag = r->own;
	int fd, rc = prove_begin(&r->set, &fd, err);

	if (rc < 0 || fd < 0)
		return rc;
	ag->prover = event_new(r->base, fd, EV_READ, on_prover_gone, r);
	return ag->prover != NULL && event_add(ag->prover, NULL) == 0 ? 0 :
	    rel_err_set(err, REL_E_NOMEM, "no memory");
}

static int
agent_init(struct role *r, struct rel_err *err)
{
	struct timeval every = { REST_S, 0 };
	struct agent *ag = calloc(1, sizeof *ag);
	int rc;

	r->own = ag;
	if (ag != NULL)
		ag->rest = event_new(r->base, -1, EV_PERSIST, on_rest, NULL);
	if (ag == NULL || ag->rest == NULL ||
	    event_add(ag->rest, &every) < 0)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	if ((rc = prover_init(r, err)) < 0)
		return rc;
	/* A name server that is away must not hold up those who wait. */
	(void)setenv("RES_OPTIONS", "timeout:1 attempts:2", 0);
	ldap_begin();
	fiber_init(r->base, FIBERS);
	(void)setpriority(PRIO_PROCESS, 0, NICE);
	role_drop_start(r);
	return 0;
}

static void
agent_peer(struct role *r, enum ipc_role who, uint32_t index, int fd)
{
	struct agent *ag = r->own;

	(void)index;
	if (who != ROLE_CORE) {
		close(fd);
		return;
	}
	ipc_chan_free(&ag->core);
	ag->core = ipc_chan_new(r->base, fd, "core", on_frame, on_closed, r);
	if (ag->core == NULL)
		close(fd);
}

static void
agent_fini(struct role *r)
{
	struct agent *ag = r->own;

	fiber_fini();
	ldap_end();
	if (ag != NULL) {
		ipc_chan_free(&ag->core);
		if (ag->rest != NULL)
			event_free(ag->rest);
		if (ag->prover != NULL)
			event_free(ag->prover);
	}
	prove_end();
	free(ag);
	r->own = NULL;
}

const struct role_ops agent_role = {
	.role = ROLE_AGENT,
	.jail = REL_JAIL_AGENT,
	.init = agent_init,
	.peer = agent_peer,
	.fini = agent_fini
};
