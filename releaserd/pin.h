/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef PIN_H
#define PIN_H

#include <stdbool.h>

/*
 * A pin: the SHA-256 of a server's public key (DER SubjectPublicKeyInfo), in
 * lower case hex.  The form libcurl takes is "sha256//" and base64.
 */
/* out of 60 bytes or more; false: it is no pin. */
bool pin_for_curl(const char *pin, char *out);
/* The pin of a certificate in PEM; false: it is none. */
bool pin_of_pem(const char *pem, char out[65]);

#endif
