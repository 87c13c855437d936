/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef OPSIM_NATIVE_H
#define OPSIM_NATIVE_H

#include <stdbool.h>

#include <jansson.h>

/*
 * What is built into the device (copy, scan, fax, USB, storage, settings), and
 * whether the server lets it start: in a session as its functions say, else as
 * the restrictions say.
 *
 * what       "copy", "copy-color", "scan", "scan-color", "scan-to-WHERE",
 *            "fax", "fax-in", "print-from-usb", "scan-to-usb", "storage",
 *            "settings", "settings-MENU"
 * functions  those of the session that is open; NULL: nobody is logged in
 * doc        device.json, for the restrictions
 *
 * Returns 1 it starts, 0 it is refused, -1 there is no such thing.
 */
int native_try(const char *what, const json_t *functions, const json_t *doc);

/* Is a document taken from this address ("127.0.0.1:4711")? */
bool native_takes_from(const json_t *doc, const char *from);

#endif
