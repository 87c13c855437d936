/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_KEYS_H
#define OPSIM_KEYS_H

#include "lib/buf.h"
#include "lib/err.h"

/*
 * A new key pair (P-256) and a certificate request for it, subject
 * CN=serial.  key and csr get PEM text without a NUL; pin gets
 * "sha256/BASE64" of the public key (KEYS_PIN bytes).
 */
#define KEYS_PIN 80
int keys_make(const char *serial, struct rel_buf *key, struct rel_buf *csr,
    char *pin, struct rel_err *err);

/*
 * A new key pair (P-256) and a certificate of its own for it, CN=name, good
 * for ten years: what the device's HTTPS service shows.  As keys_make().
 */
int keys_self(const char *name, struct rel_buf *key, struct rel_buf *cert,
    char *pin, struct rel_err *err);

/* A random version 4 UUID; out needs 37. */
void keys_uuid(char *out);

#endif
