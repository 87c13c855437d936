/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#ifndef CGI_ADMIN_DEVICE_GROUPS_H
#define CGI_ADMIN_DEVICE_GROUPS_H

#include "cgi/cgi.h"

/* Put the devices that are chosen in the list (fields `device`) into the group
 * of the field `group`, or take them out of it. */
int device_group_join(struct cgi *c);
int device_group_leave(struct cgi *c);

#endif
