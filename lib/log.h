/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef REL_LOG_H
#define REL_LOG_H

/*
 * One line per event: "LEVEL role[pid] event key=value ...".  Control bytes
 * are escaped on every sink.  No secret ever; a document title only at debug.
 * errno is kept.
 */
enum rel_level { REL_DEBUG, REL_INFO, REL_NOTICE, REL_WARN, REL_ERROR };

/* Who writes (borrowed for ever) and from which level on. */
void rel_log_init(const char *role, enum rel_level from);

/* Change the level of a running process (configuration reload). */
void rel_log_level(enum rel_level from);

/*
 * event  a few plain words ("job held", "device refused")
 * fmt    printf of "key=value key=value", may be ""
 */
void rel_log(enum rel_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
