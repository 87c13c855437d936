/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* The device URI of a direct queue. */
#include <string.h>

#include <cups/http.h>

#include "direct/direct.h"

int
direct_uri_read(struct direct_uri *u, const char *uri, struct rel_err *err)
{
	char scheme[32], user[8], host[256], path[1500], *to;
	int port;

	if (httpSeparateURI(HTTP_URI_CODING_ALL, uri, scheme, sizeof scheme,
	    user, sizeof user, host, sizeof host, &port, path,
	    sizeof path) < HTTP_URI_STATUS_OK ||
	    strcmp(scheme, "release-direct") != 0 ||
	    (to = strstr(path, "?to=")) == NULL)
		return rel_err_set(err, REL_E_FORMAT, "the device URI must be "
		    "release-direct:///FOLDER?to=URI-OF-THE-PRINTER");
	*to = '\0';
	to += 4;
	if (strlen(path) >= sizeof u->dir || strlen(to) >= sizeof u->to)
		return rel_err_set(err, REL_E_LIMIT, "the device URI is too "
		    "long");
	memcpy(u->dir, path, strlen(path) + 1);
	memcpy(u->to, to, strlen(to) + 1);
	if (u->dir[0] != '/' || u->dir[1] == '\0' || strchr(u->to, ':') == NULL)
		return rel_err_set(err, REL_E_FORMAT, "the device URI names "
		    "no folder or no printer");
	return 0;
}
