/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_SPOOL_H
#define REL_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/*
 * The file a held job lies in (doc/spool-format.md): a header, then chunks of
 * AES-256-GCM.  The chunk's number, the last-chunk mark and the header are
 * authenticated, so a cut, reordered, swapped or altered file is found.  Any
 * length; memory is one chunk.  Works on descriptors only: core opens, the
 * backend and send read or write.
 */
#define REL_SPOOL_KEY_BYTES 32u
#define REL_SPOOL_CHUNK (1024u * 1024u)	/* plain bytes of a full chunk */

struct rel_spool_writer;
struct rel_spool_reader;

/*
 * Start a spool file on fd (borrowed; empty; open for writing).
 *
 * key     32 random bytes, this job's alone; copied, wiped on free
 * job_id  bound into the header
 */
int rel_spool_writer_new(struct rel_spool_writer **out, int fd,
    const uint8_t key[REL_SPOOL_KEY_BYTES], uint64_t job_id,
    struct rel_err *err);

/* Append n plain bytes. -REL_E_FULL when the disk is, -REL_E_IO. */
int rel_spool_write(struct rel_spool_writer *w, const void *p, size_t n,
    struct rel_err *err);

/*
 * Read plain bytes from in_fd until its end, encrypting straight from the
 * chunk buffer. stop (may be NULL) is looked at between reads: non-zero ends
 * with -REL_E_CLOSED. limit_bytes 0 is none, else -REL_E_LIMIT beyond it.
 */
int rel_spool_write_from(struct rel_spool_writer *w, int in_fd,
    uint64_t limit_bytes, volatile const int *stop, struct rel_err *err);

/*
 * Show every plain byte to look as it is taken in, for instance to count
 * pages. look borrows p for the call. NULL: nobody.
 */
typedef void (*rel_spool_look)(void *ctx, const void *p, size_t n);
void rel_spool_watch(struct rel_spool_writer *w, rel_spool_look look,
    void *ctx);

/*
 * Seal the last chunk and put everything on stable storage (fsync).
 * plain_bytes may be NULL.  After success the file is complete.
 */
int rel_spool_finish(struct rel_spool_writer *w, uint64_t *plain_bytes,
    struct rel_err *err);

void rel_spool_writer_free(struct rel_spool_writer **wp);

/*
 * Open a spool file for reading from its start.  fd is borrowed and read with
 * pread().  Checks the header, the job and (from the size of the file) that
 * no chunk is missing: -REL_E_AUTH if not; -REL_E_FORMAT no spool file.
 */
int rel_spool_reader_new(struct rel_spool_reader **out, int fd,
    const uint8_t key[REL_SPOOL_KEY_BYTES], uint64_t job_id,
    struct rel_err *err);

/* Plain bytes in the whole file, from its size; known before reading. */
uint64_t rel_spool_plain_bytes(const struct rel_spool_reader *r);

/*
 * The next chunk, verified: *p borrowed until the next call, *n its bytes.
 * Returns 1; 0 at the proven end; -REL_E_AUTH when a byte was altered.
 */
int rel_spool_read(struct rel_spool_reader *r, const uint8_t **p, size_t *n,
    struct rel_err *err);

/*
 * The same into a buffer of the caller, who may so have several chunks at a
 * time. to has REL_SPOOL_ROOM bytes.
 */
#define REL_SPOOL_ROOM (REL_SPOOL_CHUNK + 16u)
int rel_spool_read_to(struct rel_spool_reader *r, uint8_t *to, size_t *n,
    struct rel_err *err);

/* Back to the first chunk (a resend). */
void rel_spool_rewind(struct rel_spool_reader *r);

void rel_spool_reader_free(struct rel_spool_reader **rp);

/*
 * Seal and open a small secret (a job key, a certificate key) under the host
 * key.  Sealed form: 12 byte nonce, bytes, 16 byte tag: n + 28 bytes.
 * place binds it to where it belongs: for a job key the job id.
 */
#define REL_SEAL_OVERHEAD 28u
int rel_seal(const uint8_t host_key[32], uint64_t place, const void *p,
    size_t n, uint8_t *out, struct rel_err *err);
int rel_unseal(const uint8_t host_key[32], uint64_t place,
    const uint8_t *sealed, size_t n, uint8_t *out, struct rel_err *err);

#endif
