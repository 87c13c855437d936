/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/bench/bench.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

#define ROOM 262144

struct panel {
	int sock;
	SSL_CTX *ctx;
	SSL *ssl;
	char in[ROOM], out[4096];
};

struct panel *
panel_open(const char *port)
{
	struct panel *p = calloc(1, sizeof *p);
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int on = 1;

	if (p == NULL)
		bench_die("calloc");
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sin.sin_port = htons((uint16_t)atoi(port));
	p->sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (p->sock < 0 ||
	    connect(p->sock, (struct sockaddr *)&sin, sizeof sin) < 0)
		bench_die("connect");
	(void)setsockopt(p->sock, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	/* The figures are of speed: who the server is does not matter here. */
	if ((p->ctx = SSL_CTX_new(TLS_client_method())) == NULL ||
	    (p->ssl = SSL_new(p->ctx)) == NULL ||
	    SSL_set_fd(p->ssl, p->sock) != 1 || SSL_connect(p->ssl) != 1)
		bench_die("TLS");
	return p;
}

void
panel_free(struct panel **pp)
{
	struct panel *p = *pp;

	*pp = NULL;
	if (p == NULL)
		return;
	SSL_free(p->ssl);
	SSL_CTX_free(p->ctx);
	close(p->sock);
	free(p);
}

void
panel_send(struct panel *p, const char *token, const char *json)
{
	int n = snprintf(p->out, sizeof p->out,
	    "POST /opdp/v1/panel/action HTTP/1.1\r\nHost: localhost\r\n"
	    "Authorization: Bearer %s\r\nContent-Type: application/json\r\n"
	    "Content-Length: %zu\r\n\r\n%s", token, strlen(json), json);

	if (n >= (int)sizeof p->out || SSL_write(p->ssl, p->out, n) != n)
		bench_die("send to releaserd");
}

/* How long the answer is, once its head is there; 0 before. */
static size_t
answer_len(const char *in, const char **body)
{
	const char *end = strstr(in, "\r\n\r\n"), *len;

	if (end == NULL)
		return 0;
	*body = end + 4;
	len = strcasestr(in, "\r\nContent-Length:");
	if (len == NULL || len > end)
		return (size_t)(*body - in);
	return (size_t)(*body - in) + strtoul(len + 17, NULL, 10);
}

const char *
panel_answer(struct panel *p, int *status)
{
	const char *body = NULL;
	size_t n = 0, want = 0;

	while (want == 0 || n < want) {
		int got = n + 1 < ROOM ? SSL_read(p->ssl, p->in + n,
		    (int)(ROOM - 1 - n)) : 0;

		if (got <= 0)
			bench_die("answer of releaserd");
		n += (size_t)got;
		p->in[n] = '\0';
		want = answer_len(p->in, &body);
	}
	*status = atoi(p->in + strlen("HTTP/1.1 "));
	return body;
}
