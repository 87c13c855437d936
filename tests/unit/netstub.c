/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Runs the role `net` for tests, without super and core:
 *
 *	netstub DIR PROCESSES
 *
 * DIR holds cert.pem, key.pem, ca.pem and conf (releaserd.conf).  The port of
 * the HTTPS listener is written to DIR/port, the local API is DIR/api.sock.
 * This program plays core: it answers by the request itself (as JSON), but
 *	menu "jobs"   a list of about 2 KB        menu "silent"  never
 *	menu "die"    the channel closes and comes back after half a second
 *	menu "junk"   bytes that are no answer    op "problem"   a problem whose
 *	code is the field `reason`
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "lib/buf.h"
#include "releaserd/role.h"
#include "releaserd/request.h"
#include "releaserd/start.h"

#define CHILDREN_MAX 8

static struct child {
	pid_t pid;
	int control;
	struct ipc_chan *core;
} children[CHILDREN_MAX];
static unsigned nchildren;
static struct event_base *base;
static char list_text[4096];

static void
die(const char *what)
{
	perror(what);
	exit(2);
}

static uint8_t *
slurp(const char *dir, const char *name, size_t *len)
{
	char path[512];
	FILE *f;
	uint8_t *p = calloc(1, 65536);

	snprintf(path, sizeof path, "%s/%s", dir, name);
	if (p == NULL || (f = fopen(path, "r")) == NULL)
		die(path);
	*len = fread(p, 1, 65536, f);
	fclose(f);
	return p;
}

static int
listen_tcp(const char *dir)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof sin;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char path[512];
	FILE *f;

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&sin, sizeof sin) < 0 ||
	    listen(fd, 1024) < 0 ||
	    getsockname(fd, (struct sockaddr *)&sin, &len) < 0)
		die("listen");
	snprintf(path, sizeof path, "%s/port", dir);
	if ((f = fopen(path, "w")) == NULL)
		die(path);
	fprintf(f, "%u\n", ntohs(sin.sin_port));
	fclose(f);
	return fd;
}

static int
listen_unix(const char *dir)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(sun.sun_path, sizeof sun.sun_path, "%s/api.sock", dir);
	unlink(sun.sun_path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&sun, sizeof sun) < 0 ||
	    listen(fd, 1024) < 0)
		die("listen");
	chmod(sun.sun_path, 0666);
	return fd;
}

/* ---- core */

static void
fields_json(json_t *o, const struct request *rq)
{
	for (int i = 0; i < F_COUNT; i++) {
		if (!rq->f[i].set)
			continue;
		if (rq->f[i].str != NULL)
			json_object_set_new(o, field_paths[i],
			    json_string(rq->f[i].str));
		else
			json_object_set_new(o, field_paths[i],
			    json_integer(rq->f[i].num));
	}
}

static char *
echo_text(const struct request *rq)
{
	json_t *fields = json_object(), *jobs = json_array(), *o;
	char *text;

	fields_json(fields, rq);
	for (size_t i = 0; i < rq->njobs; i++)
		json_array_append_new(jobs, json_string(rq->jobs[i].id));
	o = json_pack("{s:s,s:i,s:s,s:s,s:i,s:s,s:s,s:s,s:b,s:b,s:s,s:o,s:o}",
	    "route", routes[rq->route].name, "caller", (int)rq->caller,
	    "caller_id", rq->caller_id, "cert_fp", rq->cert_fp,
	    "uid", (int)rq->uid, "addr", rq->addr, "idem_key", rq->idem_key,
	    "locale", rq->locale, "html", rq->html, "all", rq->all_jobs,
	    "changes", rq->options.changes, "jobs", jobs, "fields", fields);
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return text;
}

static void
reply(struct ipc_chan *ch, uint32_t id, const struct response *rs)
{
	struct rel_buf b;

	rel_buf_init(&b);
	response_put(&b, rs);
	ipc_send(ch, IPC_RESPONSE, id, b.data, b.len);
	rel_buf_fini(&b);
}

static void peer_give(struct child *c);

static void
come_back(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	peer_give(arg);
}

static void
on_request(struct ipc_chan *ch, struct rel_frame *fr, void *ctx)
{
	static const struct timeval half = { 0, 500000 };
	struct child *c = ctx;
	struct request rq;
	struct response rs = { .status = 200 };
	const char *menu, *op;
	char *text = NULL;

	if (fr->type != IPC_REQUEST ||
	    request_get(&rq, fr->body, fr->len) < 0)
		die("bad request");
	menu = req_str(&rq, F_MENU);
	op = req_str(&rq, F_OP);
	if (menu != NULL && strcmp(menu, "silent") == 0) {
		rs.status = 0;
	} else if (menu != NULL && strcmp(menu, "junk") == 0) {
		ipc_send(ch, IPC_RESPONSE, fr->id, "junk", 4);
		rs.status = 0;
	} else if (menu != NULL && strcmp(menu, "die") == 0) {
		ipc_chan_free(&c->core);
		event_base_once(base, -1, EV_TIMEOUT, come_back, c, &half);
		rs.status = 0;
	} else if (op != NULL && strcmp(op, "problem") == 0) {
		rs.status = 0;
		snprintf(rs.problem, sizeof rs.problem, "%s",
		    req_str(&rq, F_REASON));
		snprintf(rs.detail, sizeof rs.detail, "as \"asked\"");
		reply(ch, fr->id, &rs);
	} else if (menu != NULL && strcmp(menu, "jobs") == 0) {
		rs.body = list_text;
	} else {
		rs.body = text = echo_text(&rq);
	}
	if (rs.status > 0) {
		rs.body_len = strlen(rs.body);
		reply(ch, fr->id, &rs);
	}
	free(text);
	request_fini(&rq);
}

static void
on_closed(struct ipc_chan *ch, void *ctx)
{
	struct child *c = ctx;

	(void)ch;
	ipc_chan_free(&c->core);
}

static void
list_make(void)
{
	size_t at = (size_t)snprintf(list_text, sizeof list_text,
	    "{\"menu\":\"jobs\",\"rev\":\"77f0\",\"ttl_s\":30,\"locale\":"
	    "\"en\",\"title\":\"Anna <b>&amp; \\\"Muster\\\"\","
	    "\"message\":null,\"items\":["
	    "{\"type\":\"button\",\"id\":\"all\",\"label\":\"Print all\","
	    "\"action\":{\"op\":\"release\",\"jobs\":\"selected\"}},"
	    "{\"type\":\"list\",\"id\":\"jobs\",\"select\":\"many\","
	    "\"next\":\"c50\",\"rows\":[");

	for (int i = 0; i < 14; i++)
		at += (size_t)snprintf(list_text + at, sizeof list_text - at,
		    "%s{\"id\":\"j-%d\",\"label\":\"Report of the month.pdf\","
		    "\"sub\":\"12 pages\",\"badges\":[\"color\"],"
		    "\"selected\":true}", i > 0 ? "," : "", 8800 + i);
	snprintf(list_text + at, sizeof list_text - at,
	    "]}],\"keys\":{\"back\":null,\"logout\":{\"op\":\"logout\"}},"
	    "\"auto\":{\"after_s\":60,\"action\":{\"op\":\"logout\"}}}");
}

/* ---- super */

static void
send_frame(int fd, unsigned type, const struct rel_buf *b, const int *fds,
    unsigned nfds)
{
	struct rel_frame fr = {
		.type = (uint16_t)type, .body = b->data, .len = b->len,
		.nfds = nfds
	};

	for (unsigned i = 0; i < nfds; i++)
		fr.fds[i] = fds[i];
	if (rel_frame_send(fd, &fr, 5000, NULL) < 0)
		die("send");
}

static void
peer_give(struct child *c)
{
	struct rel_buf b;
	int pair[2];

	if (rel_compat_pair(pair) < 0)
		die("socketpair");
	rel_buf_init(&b);
	rel_put_u8(&b, ROLE_CORE);
	rel_put_u32(&b, 0);
	send_frame(c->control, IPC_PEER, &b, &pair[1], 1);
	rel_buf_fini(&b);
	close(pair[1]);
	c->core = ipc_chan_new(base, pair[0], "net", on_request, on_closed,
	    c);
}

static void
child_start(struct child *c, struct ipc_start *st, int https, int local)
{
	int pair[2], fds[2] = { https, local };
	struct rel_buf b;

	if (rel_compat_pair(pair) < 0 || (c->pid = fork()) < 0)
		die("fork");
	if (c->pid == 0) {
		if (dup2(pair[1], 3) < 0)
			die("dup2");
		closefrom(4);
		_exit(role_main(&net_role));
	}
	close(pair[1]);
	c->control = pair[0];
	st->index = nchildren;
	rel_buf_init(&b);
	start_put(&b, st);
	send_frame(c->control, IPC_START, &b, fds, 2);
	rel_buf_fini(&b);
	nchildren++;
}

static void
on_term(evutil_socket_t sig, short what, void *arg)
{
	(void)sig;
	(void)what;
	(void)arg;
	event_base_loopexit(base, NULL);
}

static void
on_child(evutil_socket_t sig, short what, void *arg)
{
	fprintf(stderr, "netstub: a child ended\n");
	on_term(sig, what, arg);
}

static int
stop_all(void)
{
	struct rel_buf none = { 0 };
	int bad = 0;

	for (unsigned i = 0; i < nchildren; i++) {
		int status = -1;
		struct rel_frame fr = { .type = IPC_STOP };

		(void)none;
		rel_frame_send(children[i].control, &fr, 1000, NULL);
		waitpid(children[i].pid, &status, 0);
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
			fprintf(stderr, "netstub: net ended with %d\n",
			    status);
			bad = 1;
		}
		ipc_chan_free(&children[i].core);
		close(children[i].control);
	}
	return bad;
}

int
main(int argc, char **argv)
{
	struct ipc_start st = { .role = ROLE_NET, .nhttps = 1, .nlocal = 1 };
	struct event *term, *gone;
	int https, local, rc;
	unsigned n;

	if (argc != 3 || (n = (unsigned)atoi(argv[2])) == 0 ||
	    n > CHILDREN_MAX)
		return 2;
	signal(SIGPIPE, SIG_IGN);
	st.conf = slurp(argv[1], "conf", &st.conf_len);
	st.tls_cert = slurp(argv[1], "cert.pem", &st.tls_cert_len);
	st.tls_key = slurp(argv[1], "key.pem", &st.tls_key_len);
	st.ca_cert = slurp(argv[1], "ca.pem", &st.ca_cert_len);
	memset(st.web_secret, 7, sizeof st.web_secret);
	list_make();
	https = listen_tcp(argv[1]);
	local = listen_unix(argv[1]);
	for (unsigned i = 0; i < n; i++)
		child_start(&children[i], &st, https, local);
	close(https);
	close(local);
	base = event_base_new();
	term = evsignal_new(base, SIGTERM, on_term, NULL);
	gone = evsignal_new(base, SIGCHLD, on_child, NULL);
	event_add(term, NULL);
	event_add(gone, NULL);
	for (unsigned i = 0; i < n; i++)
		peer_give(&children[i]);
	event_base_dispatch(base);
	event_free(gone);
	rc = stop_all();
	event_free(term);
	event_base_free(base);
	free((void *)(uintptr_t)st.conf);
	free((void *)(uintptr_t)st.tls_cert);
	free((void *)(uintptr_t)st.tls_key);
	free((void *)(uintptr_t)st.ca_cert);
	return rc;
}
