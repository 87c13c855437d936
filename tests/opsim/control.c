/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/control.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>

#include "tests/opsim/runner.h"

struct talk {
	struct talk *next;
	struct control *owner;
	struct bufferevent *bev;
	struct runner *runner;
};

struct control {
	struct opsim *sim;
	struct evconnlistener *listener;
	struct talk *talks;
	char path[108];
};

static void
talk_free(struct talk *t)
{
	struct talk **at = &t->owner->talks;

	while (*at != NULL && *at != t)
		at = &(*at)->next;
	if (*at == t)
		*at = t->next;
	runner_free(&t->runner);
	bufferevent_free(t->bev);
	free(t);
}

/* Text as lines that begin with a mark. */
static void
put_marked(struct evbuffer *out, const char *mark, const struct rel_buf *b)
{
	const char *p = (const char *)b->data, *end, *lf;

	if (b->len == 0)
		return;
	end = p + b->len;
	for (; p < end; p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(end - p));
		if (lf == NULL)
			lf = end;
		evbuffer_add(out, mark, 2);
		evbuffer_add(out, p, (size_t)(lf - p));
		evbuffer_add(out, "\n", 1);
	}
}

static void
talk_reply(struct talk *t)
{
	struct evbuffer *out = bufferevent_get_output(t->bev);
	const struct runner *r = t->runner;

	if (r->wants_more) {
		evbuffer_add_printf(out, "more\n");
		return;
	}
	put_marked(out, "| ", &r->out);
	put_marked(out, "! ", &r->why);
	if (r->rc == OPSIM_OK)
		evbuffer_add_printf(out, "ok\n");
	else
		evbuffer_add_printf(out, "fail %d\n", r->rc);
}

/* Run what has arrived, one command at a time. */
static void
talk_go(struct talk *t)
{
	struct evbuffer *in = bufferevent_get_input(t->bev);
	char *line;
	size_t n;

	while (!t->runner->running || t->runner->wants_more) {
		enum run how;

		if ((line = evbuffer_readln(in, &n, EVBUFFER_EOL_LF)) == NULL)
			return;
		how = runner_line(t->runner, line);
		rel_wipe(line, n);
		free(line);
		if (how != RUN_LATER)
			talk_reply(t);
	}
}

static void
on_done(struct runner *r, void *ctx)
{
	struct talk *t = ctx;

	(void)r;
	talk_reply(t);
	talk_go(t);
}

static void
on_read(struct bufferevent *bev, void *ctx)
{
	(void)bev;
	talk_go(ctx);
}

static void
on_end(struct bufferevent *bev, short what, void *ctx)
{
	(void)bev;
	(void)what;
	talk_free(ctx);
}

static void
on_accept(struct evconnlistener *ls, evutil_socket_t fd, struct sockaddr *sa,
    int len, void *ctx)
{
	struct control *c = ctx;
	struct talk *t = calloc(1, sizeof *t);

	(void)ls;
	(void)sa;
	(void)len;
	if (t == NULL || (t->runner = runner_new(c->sim, on_done, t)) ==
	    NULL) {
		free(t);
		close(fd);
		return;
	}
	t->owner = c;
	t->bev = bufferevent_socket_new(c->sim->base, fd,
	    BEV_OPT_CLOSE_ON_FREE);
	t->next = c->talks;
	c->talks = t;
	bufferevent_setcb(t->bev, on_read, NULL, on_end, t);
	bufferevent_enable(t->bev, EV_READ | EV_WRITE);
}

int
control_new(struct control **out, struct opsim *sim, const char *path,
    struct rel_err *err)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct control *c;
	mode_t mask;

	if (strlen(path) >= sizeof sun.sun_path)
		return rel_err_set(err, REL_E_LIMIT,
		    "the control socket's name is too long");
	if ((c = calloc(1, sizeof *c)) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	snprintf(sun.sun_path, sizeof sun.sun_path, "%s", path);
	snprintf(c->path, sizeof c->path, "%s", path);
	c->sim = sim;
	unlink(path);
	mask = umask(0177);
	c->listener = evconnlistener_new_bind(sim->base, on_accept, c,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 16,
	    (struct sockaddr *)&sun, (int)sizeof sun);
	umask(mask);
	if (c->listener == NULL) {
		free(c);
		return rel_err_sys(err, REL_E_IO, "cannot listen on %s",
		    path);
	}
	*out = c;
	return 0;
}

void
control_free(struct control **cp)
{
	struct control *c = *cp;

	if (c == NULL)
		return;
	while (c->talks != NULL)
		talk_free(c->talks);
	evconnlistener_free(c->listener);
	unlink(c->path);
	free(c);
	*cp = NULL;
}
