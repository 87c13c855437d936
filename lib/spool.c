/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/spool.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "lib/buf.h"
#include "lib/compat.h"

#define HEADER_BYTES 32u
#define TAG_BYTES 16u
#define NONCE_BYTES 12u
#define AAD_BYTES (HEADER_BYTES + 9u)	/* header, chunk number, last mark */
#define SEALED_CHUNK REL_SPOOL_ROOM
#define FORMAT_VERSION 1u
#define CIPHER_AES_256_GCM 1u
#define WRITE_AHEAD_BYTES (8 << 20)
#define STOP_LOOK_MS 250	/* so often a silent pipe is left to look at stop */

_Static_assert(REL_SPOOL_ROOM == REL_SPOOL_CHUNK + TAG_BYTES, "room");

static const uint8_t spool_magic[8] = "RELSPOOL";

/* What both directions have: the key in use and what is authenticated. */
struct spool_seal {
	EVP_CIPHER *cipher;
	EVP_CIPHER_CTX *ctx;
	uint8_t aad[AAD_BYTES];
};

struct rel_spool_writer {
	struct spool_seal seal;
	int fd;
	bool finished;
	int failed;		/* a REL_E_* that stuck: never a whole file */
	uint64_t chunk;		/* number of the chunk in buf */
	uint64_t plain;		/* bytes taken so far */
	off_t at, ahead;	/* bytes written, and told to the disk */
	size_t used;		/* plain bytes in buf, at most a chunk */
	size_t touched;		/* bytes of buf that ever were in use */
	rel_spool_look look;	/* sees every plain byte; may be NULL */
	void *look_ctx;
	uint8_t buf[SEALED_CHUNK];
};

struct rel_spool_reader {
	struct spool_seal seal;
	int fd;
	uint64_t chunks, next;	/* how many there are; the next to give */
	uint64_t held;		/* number of the chunk open in buf; or chunks */
	size_t held_bytes;
	size_t touched;		/* bytes of buf that ever were in use */
	uint64_t plain;
	uint8_t buf[SEALED_CHUNK];
};

static void
put_le64(uint8_t *p, uint64_t v)
{
	for (unsigned i = 0; i < 8; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

/* The header: all of it follows from the job, so a reader makes its own. */
static void
header_make(uint8_t out[HEADER_BYTES], uint64_t job_id)
{
	memset(out, 0, HEADER_BYTES);
	memcpy(out, spool_magic, sizeof spool_magic);
	out[8] = FORMAT_VERSION;
	out[10] = CIPHER_AES_256_GCM;
	put_le64(out + 12, REL_SPOOL_CHUNK);	/* u32, and zeros */
	put_le64(out + 16, job_id);
}

static int
crypto_failed(struct rel_err *err)
{
	return rel_err_set(err, REL_E_NOMEM, "the cipher cannot be used");
}

static void
seal_fini(struct spool_seal *s)
{
	EVP_CIPHER_CTX_free(s->ctx);	/* wipes the key */
	EVP_CIPHER_free(s->cipher);
	s->ctx = NULL;
	s->cipher = NULL;
}

static int
seal_init(struct spool_seal *s, const uint8_t *key, uint64_t job_id, int enc,
    struct rel_err *err)
{
	header_make(s->aad, job_id);
	s->cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
	s->ctx = EVP_CIPHER_CTX_new();
	if (s->cipher == NULL || s->ctx == NULL ||
	    EVP_CipherInit_ex2(s->ctx, s->cipher, key, NULL, enc, NULL) != 1)
		return crypto_failed(err);
	return 0;
}

/*
 * Point the cipher at one chunk.  The nonce is the chunk's number and the last
 * mark: the key is one file's alone, so no nonce comes twice.
 */
static int
seal_aim(struct spool_seal *s, uint64_t chunk, bool last)
{
	uint8_t nonce[NONCE_BYTES] = { 0 };
	int n;

	put_le64(nonce, chunk);
	nonce[8] = last;
	put_le64(s->aad + HEADER_BYTES, chunk);
	s->aad[HEADER_BYTES + 8] = last;
	return EVP_CipherInit_ex2(s->ctx, NULL, NULL, nonce, -1, NULL) == 1 &&
	    EVP_CipherUpdate(s->ctx, NULL, &n, s->aad, AAD_BYTES) == 1;
}

/* Encrypt n bytes of buf in place; the tag goes behind them. */
static int
seal_close(struct spool_seal *s, uint64_t chunk, bool last, uint8_t *buf,
    size_t n)
{
	int len;

	return seal_aim(s, chunk, last) &&
	    (n == 0 ||
	    EVP_CipherUpdate(s->ctx, buf, &len, buf, (int)n) == 1) &&
	    EVP_CipherFinal_ex(s->ctx, buf + n, &len) == 1 &&
	    EVP_CIPHER_CTX_ctrl(s->ctx, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES,
	    buf + n) == 1;
}

/* Decrypt n bytes (the tag behind them) in place; false if altered. */
static int
seal_open(struct spool_seal *s, uint64_t chunk, bool last, uint8_t *buf,
    size_t n)
{
	int len;

	return seal_aim(s, chunk, last) &&
	    EVP_CIPHER_CTX_ctrl(s->ctx, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES,
	    buf + n) == 1 &&
	    (n == 0 ||
	    EVP_CipherUpdate(s->ctx, buf, &len, buf, (int)n) == 1) &&
	    EVP_CipherFinal_ex(s->ctx, buf + n, &len) == 1;
}

/* ---- writing */

static int
write_failed(struct rel_spool_writer *w, struct rel_err *err)
{
	int code = errno == ENOSPC || errno == EDQUOT || errno == EFBIG ?
	    REL_E_FULL : REL_E_IO;

	w->failed = code;
	return rel_err_sys(err, code, "cannot write the spool file");
}

static int
writer_put(struct rel_spool_writer *w, const uint8_t *p, size_t n,
    struct rel_err *err)
{
	while (n > 0) {
		ssize_t put = write(w->fd, p, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return write_failed(w, err);
		p += put;
		n -= (size_t)put;
		w->at += put;
	}
	if (w->at - w->ahead >= WRITE_AHEAD_BYTES) {
		rel_compat_write_ahead(w->fd, w->ahead, WRITE_AHEAD_BYTES);
		w->ahead += WRITE_AHEAD_BYTES;
	}
	return 0;
}

/* What free() has to wipe: a small job leaves most of the buffer alone. */
static void
writer_touched(struct rel_spool_writer *w)
{
	if (w->used > w->touched)
		w->touched = w->used;
}

/* Seal what is in the buffer and write it. */
static int
writer_seal(struct rel_spool_writer *w, bool last, struct rel_err *err)
{
	int rc;

	if (!seal_close(&w->seal, w->chunk, last, w->buf, w->used)) {
		w->failed = REL_E_NOMEM;
		return crypto_failed(err);
	}
	if ((rc = writer_put(w, w->buf, w->used + TAG_BYTES, err)) < 0)
		return rc;
	w->chunk++;
	writer_touched(w);
	w->used = 0;
	return 0;
}

int
rel_spool_writer_new(struct rel_spool_writer **out, int fd,
    const uint8_t key[REL_SPOOL_KEY_BYTES], uint64_t job_id,
    struct rel_err *err)
{
	struct rel_spool_writer *w = malloc(sizeof *w);
	int rc;

	if (w == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	memset(w, 0, offsetof(struct rel_spool_writer, buf));
	w->fd = fd;
	if ((rc = seal_init(&w->seal, key, job_id, 1, err)) < 0 ||
	    (rc = writer_put(w, w->seal.aad, HEADER_BYTES, err)) < 0) {
		seal_fini(&w->seal);
		free(w);
		return rc;
	}
	*out = w;
	return 0;
}

/* A writer that failed once or is finished takes nothing more. */
static int
writer_usable(const struct rel_spool_writer *w, struct rel_err *err)
{
	if (w->failed)
		return rel_err_set(err, w->failed,
		    "the spool file could not be written");
	if (w->finished)
		return rel_err_set(err, REL_E_IO,
		    "the spool file is already finished");
	return 0;
}

int
rel_spool_write(struct rel_spool_writer *w, const void *p, size_t n,
    struct rel_err *err)
{
	const uint8_t *b = p;
	int rc = writer_usable(w, err);

	if (rc == 0 && w->look != NULL)
		w->look(w->look_ctx, p, n);
	while (rc == 0 && n > 0) {
		size_t room = REL_SPOOL_CHUNK - w->used;
		size_t take = n < room ? n : room;

		memcpy(w->buf + w->used, b, take);
		w->used += take;
		w->plain += take;
		b += take;
		n -= take;
		if (w->used == REL_SPOOL_CHUNK)
			rc = writer_seal(w, false, err);
	}
	return rc;
}

/*
 * Wait until in_fd has something, looking at stop now and then: a signal may
 * come between the look and the wait.  1 go on, 0 stop.
 */
static int
wait_input(int in_fd, volatile const int *stop)
{
	struct pollfd pfd = { in_fd, POLLIN, 0 };
	int n;

	do {
		if (stop != NULL && *stop)
			return 0;
		n = poll(&pfd, 1, stop != NULL ? STOP_LOOK_MS : -1);
	} while (n == 0 || (n < 0 && (errno == EINTR || errno == EAGAIN)));
	return 1;		/* a poll that fails: let read() say why */
}

/* Fill the buffer from in_fd. Bytes read, 0 at its end, or an error. */
static ssize_t
writer_fill(struct rel_spool_writer *w, int in_fd, volatile const int *stop,
    struct rel_err *err)
{
	for (;;) {
		ssize_t n;

		if (!wait_input(in_fd, stop))
			return rel_err_set(err, REL_E_CLOSED,
			    "stopped while receiving");
		n = read(in_fd, w->buf + w->used, REL_SPOOL_CHUNK - w->used);
		if (n >= 0)
			return n;
		if (errno != EINTR && errno != EAGAIN)
			return rel_err_sys(err, REL_E_IO,
			    "cannot read the document");
	}
}

int
rel_spool_write_from(struct rel_spool_writer *w, int in_fd,
    uint64_t limit_bytes, volatile const int *stop, struct rel_err *err)
{
	int rc = writer_usable(w, err);
	ssize_t n = 0;

	while (rc == 0 && (n = writer_fill(w, in_fd, stop, err)) > 0) {
		if (w->look != NULL)
			w->look(w->look_ctx, w->buf + w->used, (size_t)n);
		w->used += (size_t)n;
		w->plain += (uint64_t)n;
		if (limit_bytes > 0 && w->plain > limit_bytes)
			rc = rel_err_set(err, REL_E_LIMIT,
			    "the document is larger than %llu bytes",
			    (unsigned long long)limit_bytes);
		else if (w->used == REL_SPOOL_CHUNK)
			rc = writer_seal(w, false, err);
	}
	if (rc == 0 && n < 0)
		rc = (int)n;
	if (rc < 0 && w->failed == 0)
		w->failed = -rc;
	return rc;
}

void
rel_spool_watch(struct rel_spool_writer *w, rel_spool_look look, void *ctx)
{
	w->look = look;
	w->look_ctx = ctx;
}

int
rel_spool_finish(struct rel_spool_writer *w, uint64_t *plain_bytes,
    struct rel_err *err)
{
	int rc;

	if ((rc = writer_usable(w, err)) < 0 ||
	    (rc = writer_seal(w, true, err)) < 0)
		return rc;
	if (rel_compat_datasync(w->fd) < 0)
		return write_failed(w, err);
	w->finished = true;
	if (plain_bytes != NULL)
		*plain_bytes = w->plain;
	return 0;
}

void
rel_spool_writer_free(struct rel_spool_writer **wp)
{
	struct rel_spool_writer *w = *wp;

	*wp = NULL;
	if (w == NULL)
		return;
	seal_fini(&w->seal);
	writer_touched(w);
	rel_wipe(w->buf, w->touched);
	free(w);
}

/* ---- reading */

static int
damaged(struct rel_err *err, const char *what)
{
	return rel_err_set(err, REL_E_AUTH, "the spool file is %s", what);
}

/* Exactly n bytes at a place; the file being shorter than it was is damage. */
static int
read_at(int fd, uint8_t *p, size_t n, off_t at, struct rel_err *err)
{
	while (n > 0) {
		ssize_t got = pread(fd, p, n, at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return rel_err_sys(err, REL_E_IO,
			    "cannot read the spool file");
		if (got == 0)
			return damaged(err, "cut short");
		p += got;
		n -= (size_t)got;
		at += got;
	}
	return 0;
}

/* Plain bytes of a chunk, as the size of the file says. */
static size_t
chunk_bytes(const struct rel_spool_reader *r, uint64_t chunk)
{
	return chunk + 1 < r->chunks ? REL_SPOOL_CHUNK :
	    (size_t)(r->plain % REL_SPOOL_CHUNK);
}

/* Read and verify a chunk into buf, which has SEALED_CHUNK bytes. */
static int
chunk_load(struct rel_spool_reader *r, uint64_t chunk, uint8_t *buf,
    struct rel_err *err)
{
	size_t n = chunk_bytes(r, chunk);
	off_t at = (off_t)(HEADER_BYTES + chunk * SEALED_CHUNK);
	int rc;

	if ((rc = read_at(r->fd, buf, n + TAG_BYTES, at, err)) < 0)
		return rc;
	if (!seal_open(&r->seal, chunk, chunk + 1 == r->chunks, buf, n)) {
		rel_wipe(buf, n);	/* it was decrypted, unverified */
		return damaged(err, "altered");
	}
	return 0;
}

/* The same into the reader's own buffer. */
static int
reader_load(struct rel_spool_reader *r, uint64_t chunk, struct rel_err *err)
{
	int rc;

	r->held = r->chunks;
	if (chunk_bytes(r, chunk) > r->touched)
		r->touched = chunk_bytes(r, chunk);
	if ((rc = chunk_load(r, chunk, r->buf, err)) < 0)
		return rc;
	r->held = chunk;
	r->held_bytes = chunk_bytes(r, chunk);
	return 0;
}

/* Every file ends with a chunk that is not full: its size says if one lacks. */
static int
reader_layout(struct rel_spool_reader *r, struct rel_err *err)
{
	struct stat st;
	uint64_t body, rest;

	if (fstat(r->fd, &st) < 0)
		return rel_err_sys(err, REL_E_IO, "cannot read the spool file");
	if (st.st_size < (off_t)HEADER_BYTES)
		return rel_err_set(err, REL_E_FORMAT,
		    "not a spool file: too short");
	body = (uint64_t)st.st_size - HEADER_BYTES;
	rest = body % SEALED_CHUNK;
	if (rest < TAG_BYTES)
		return damaged(err, "cut short");
	r->chunks = body / SEALED_CHUNK + 1;
	r->plain = body - r->chunks * TAG_BYTES;
	return 0;
}

static int
reader_header(struct rel_spool_reader *r, struct rel_err *err)
{
	uint8_t head[HEADER_BYTES];
	int rc;

	if ((rc = read_at(r->fd, head, sizeof head, 0, err)) < 0)
		return rc;
	if (memcmp(head, spool_magic, sizeof spool_magic) != 0)
		return rel_err_set(err, REL_E_FORMAT, "not a spool file");
	if (memcmp(head, r->seal.aad, 16) != 0)
		return rel_err_set(err, REL_E_FORMAT,
		    "spool file of a format that is not known");
	if (memcmp(head, r->seal.aad, sizeof head) != 0)
		return damaged(err, "of another job");
	return 0;
}

int
rel_spool_reader_new(struct rel_spool_reader **out, int fd,
    const uint8_t key[REL_SPOOL_KEY_BYTES], uint64_t job_id,
    struct rel_err *err)
{
	struct rel_spool_reader *r = malloc(sizeof *r);
	int rc;

	if (r == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	memset(r, 0, offsetof(struct rel_spool_reader, buf));
	r->fd = fd;
	/* The last chunk first: it alone proves that the end is the end. */
	if ((rc = seal_init(&r->seal, key, job_id, 0, err)) < 0 ||
	    (rc = reader_layout(r, err)) < 0 ||
	    (rc = reader_header(r, err)) < 0 ||
	    (rc = reader_load(r, r->chunks - 1, err)) < 0) {
		rel_spool_reader_free(&r);
		return rc;
	}
	*out = r;
	return 0;
}

uint64_t
rel_spool_plain_bytes(const struct rel_spool_reader *r)
{
	return r->plain;
}

int
rel_spool_read(struct rel_spool_reader *r, const uint8_t **p, size_t *n,
    struct rel_err *err)
{
	int rc;

	if (r->next == r->chunks)
		return 0;
	if (r->held != r->next && (rc = reader_load(r, r->next, err)) < 0)
		return rc;
	r->next++;
	*p = r->buf;
	*n = r->held_bytes;
	return *n > 0;		/* only the last one may be empty */
}

int
rel_spool_read_to(struct rel_spool_reader *r, uint8_t *to, size_t *n,
    struct rel_err *err)
{
	int rc;

	if (r->next == r->chunks)
		return 0;
	if ((rc = chunk_load(r, r->next, to, err)) < 0)
		return rc;
	*n = chunk_bytes(r, r->next++);
	return *n > 0;
}

void
rel_spool_rewind(struct rel_spool_reader *r)
{
	r->next = 0;
}

void
rel_spool_reader_free(struct rel_spool_reader **rp)
{
	struct rel_spool_reader *r = *rp;

	*rp = NULL;
	if (r == NULL)
		return;
	seal_fini(&r->seal);
	rel_wipe(r->buf, r->touched);
	free(r);
}

/* ---- small secrets */

/* A cipher under way: key, nonce and what is authenticated are in. */
static EVP_CIPHER_CTX *
small_begin(int enc, const uint8_t *key, const uint8_t *nonce, uint64_t place)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t aad[8];
	int n;

	put_le64(aad, place);
	if (ctx == NULL ||
	    EVP_CipherInit_ex2(ctx, EVP_aes_256_gcm(), key, nonce, enc,
	    NULL) != 1 ||
	    EVP_CipherUpdate(ctx, NULL, &n, aad, sizeof aad) != 1) {
		EVP_CIPHER_CTX_free(ctx);
		return NULL;
	}
	return ctx;
}

int
rel_seal(const uint8_t host_key[32], uint64_t place, const void *p, size_t n,
    uint8_t *out, struct rel_err *err)
{
	EVP_CIPHER_CTX *ctx = NULL;
	uint8_t *sealed = out + NONCE_BYTES;
	int len = 0, rc = 0;

	if (n > INT32_MAX)
		return rel_err_set(err, REL_E_LIMIT, "too much to seal");
	if (RAND_bytes(out, NONCE_BYTES) != 1 ||
	    (ctx = small_begin(1, host_key, out, place)) == NULL ||
	    (n > 0 && EVP_CipherUpdate(ctx, sealed, &len, p, (int)n) != 1) ||
	    EVP_CipherFinal_ex(ctx, sealed + n, &len) != 1 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES,
	    sealed + n) != 1)
		rc = crypto_failed(err);
	EVP_CIPHER_CTX_free(ctx);
	return rc;
}

int
rel_unseal(const uint8_t host_key[32], uint64_t place, const uint8_t *sealed,
    size_t n, uint8_t *out, struct rel_err *err)
{
	const uint8_t *body = sealed + NONCE_BYTES;
	EVP_CIPHER_CTX *ctx;
	uint8_t tag[TAG_BYTES];
	size_t plain;
	int len = 0, rc = 0;

	if (n < REL_SEAL_OVERHEAD || n > INT32_MAX)
		return rel_err_set(err, REL_E_AUTH,
		    "the sealed bytes have the wrong length");
	plain = n - REL_SEAL_OVERHEAD;
	memcpy(tag, body + plain, TAG_BYTES);
	if ((ctx = small_begin(0, host_key, sealed, place)) == NULL)
		return crypto_failed(err);
	if (EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES,
	    tag) != 1 ||
	    (plain > 0 &&
	    EVP_CipherUpdate(ctx, out, &len, body, (int)plain) != 1) ||
	    EVP_CipherFinal_ex(ctx, tag, &len) != 1) {
		rel_wipe(out, plain);
		rc = rel_err_set(err, REL_E_AUTH,
		    "the sealed bytes do not open with this key");
	}
	EVP_CIPHER_CTX_free(ctx);
	return rc;
}
