/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef X509_H
#define X509_H

#include <openssl/x509.h>

#include "releaserd/admin.h"

/* A random serial number of 127 bits (RFC 5280 section 4.1.2.2); 1, or 0. */
int x509_random_serial(X509 *x);

/*
 * What a certificate says of itself, and whether it is for this host (a name
 * or an address): subject, issuer, names, key, time, fingerprint.  The other
 * members of f stay as they are.
 */
void x509_facts(struct cert_facts *f, X509 *x, const char *host);

#endif
