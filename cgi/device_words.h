/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef DEVICE_WORDS_H
#define DEVICE_WORDS_H

#include <stdbool.h>

#include <jansson.h>

/*
 * What a device of the API is doing, in plain words of the visitor's language:
 * puts into it
 *   words   "ready", "out of paper, cover open", "offline"
 *   level   "ok"; "warn": prints, but see to it; "bad": does not print
 *   since   the time of its last sign of life, when it is offline
 *   fit     true when a job can be sent to it now
 * A device is offline when nothing was heard of it for five minutes; one that
 * never registered has no panel, and nobody knows (level "ok").
 */
void device_words(json_t *device);

/* Puts `maker` into it: its vendor, unless the model begins with that. */
void device_maker(json_t *device);

#define DEVICE_SILENT_S 300

#endif
