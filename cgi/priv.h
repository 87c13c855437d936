/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CGI_PRIV_H
#define CGI_PRIV_H

/* Where the templates are: CUPS_RELEASE_TEMPLATES (cups-files.conf, SetEnv),
 * else where they were installed. */
const char *templates_folder(void);

#endif
