/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef NET_CSR_H
#define NET_CSR_H

#include "lib/err.h"

#define CSR_SPKI_MAX 2400	/* hex digits: an RSA key of 8192 bits */

/*
 * The public key of a certificate request.
 *
 * pem   PKCS #10 (RFC 2986) in PEM, at most 4096 bytes
 * spki  out: SubjectPublicKeyInfo as hex of its DER, terminated
 *
 * Returns 0; -REL_E_FORMAT when it cannot be read or its signature does not
 * verify; -REL_E_DENIED for a key we do not take: RSA of 2048 to 8192 bits,
 * P-256, P-384 and Ed25519 are taken.
 */
int csr_key(char spki[CSR_SPKI_MAX + 1], const char *pem, struct rel_err *why);

/* For PEM_read_bio_*(): never ask a terminal for a password. */
int csr_no_password(char *out, int size, int writing, void *ctx);

#endif
