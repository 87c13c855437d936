/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "releaserd/super/super.h"

void
notify_systemd(const char *state)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	size_t n = path != NULL ? strlen(path) : 0;
	int sock;

	if (n < 2 || n >= sizeof sun.sun_path)
		return;
	memcpy(sun.sun_path, path, n);
	if (sun.sun_path[0] == '@')
		sun.sun_path[0] = '\0';
	if ((sock = rel_compat_socket(AF_UNIX, SOCK_DGRAM)) < 0)
		return;
	(void)sendto(sock, state, strlen(state), 0, (struct sockaddr *)&sun,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
	close(sock);
}
