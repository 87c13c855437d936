/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef X509_H
#define X509_H

#include <openssl/x509.h>

/* A random serial number of 127 bits (RFC 5280 section 4.1.2.2); 1, or 0. */
int x509_random_serial(X509 *x);

#endif
