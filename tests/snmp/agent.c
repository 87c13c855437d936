/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/snmp/agent.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/compat.h"
#include "lib/text.h"

#define ARCS 128
#define ANSWER_MAX 60000u

struct name {
	uint32_t arc[ARCS];
	unsigned n;
};

struct value {
	struct name name;
	uint8_t tag;
	uint8_t *p;			/* as it goes out, without tag, length */
	size_t len;
};

struct snmp_agent {
	struct value *v;
	size_t n, room;
	bool versions[2], no_bulk;
	char community[64];
	unsigned long most, cut, lose, asked;
	int wait_ms;
	struct name end, loop, silent;
	uint32_t forever;
};

/* ---- names */

static bool
name_read(struct name *o, const char *text)
{
	char *end;

	o->n = 0;
	for (const char *p = *text == '.' ? text + 1 : text; o->n < ARCS;
	    p = end + 1) {
		unsigned long v = strtoul(p, &end, 10);

		if (end == p || v > UINT32_MAX)
			return false;
		o->arc[o->n++] = (uint32_t)v;
		if (*end == '\0')
			return true;
		if (*end != '.')
			return false;
	}
	return false;
}

static int
order(const struct name *a, const struct name *b)
{
	for (unsigned i = 0; i < a->n && i < b->n; i++)
		if (a->arc[i] != b->arc[i])
			return a->arc[i] < b->arc[i] ? -1 : 1;
	return a->n == b->n ? 0 : a->n < b->n ? -1 : 1;
}

static bool
below(const struct name *o, const struct name *root)
{
	return root->n > 0 && o->n >= root->n &&
	    memcmp(o->arc, root->arc, root->n * sizeof o->arc[0]) == 0;
}

/* The first value that is not before it, or (next) that is behind it. */
static size_t
find(const struct snmp_agent *a, const struct name *o, bool next)
{
	size_t from = 0, to = a->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int side = order(&a->v[mid].name, o);

		if (side < 0 || (next && side == 0))
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

/* ---- bytes out, from the end to the front */

struct out {
	uint8_t *from, *at;		/* what is written stands behind at */
	bool full;
};

static void
put(struct out *o, const void *p, size_t n)
{
	if ((size_t)(o->at - o->from) < n) {
		o->full = true;
		return;
	}
	o->at -= n;
	memcpy(o->at, p, n);
}

static void
put_byte(struct out *o, unsigned v)
{
	uint8_t b = (uint8_t)v;

	put(o, &b, 1);
}

/* Tag and length of all from at to end. */
static void
put_head(struct out *o, unsigned tag, const uint8_t *end)
{
	size_t n = (size_t)(end - o->at);

	if (n < 128) {
		put_byte(o, (unsigned)n);
	} else {
		put_byte(o, n & 0xff);
		put_byte(o, (unsigned)(n >> 8));
		put_byte(o, 0x82);
	}
	put_byte(o, tag);
}

static void
put_number(struct out *o, unsigned tag, int64_t v, bool is_unsigned)
{
	const uint8_t *end = o->at;
	int64_t left = v;

	do {
		put_byte(o, (unsigned)(left & 0xff));
		left >>= 8;
	} while (left != 0 && left != -1);
	if (v >= 0 && (*o->at & 0x80) != 0)
		put_byte(o, 0);
	if (v < 0 && !is_unsigned && (*o->at & 0x80) == 0)
		put_byte(o, 0xff);
	put_head(o, tag, end);
}

static void
put_arc(struct out *o, uint64_t v)
{
	put_byte(o, v & 0x7f);
	while ((v >>= 7) != 0)
		put_byte(o, (v & 0x7f) | 0x80);
}

static void
put_name(struct out *o, const struct name *n)
{
	const uint8_t *end = o->at;

	for (unsigned i = n->n; i > 2; i--)
		put_arc(o, n->arc[i - 1]);
	put_arc(o, n->n > 1 ? n->arc[0] * 40u + n->arc[1] : 0);
	put_head(o, 0x06, end);
}

/* ---- profiles */

static bool
value_set(struct snmp_agent *a, const struct name *name, uint8_t tag,
    const void *p, size_t len)
{
	size_t i = find(a, name, false);
	uint8_t *copy = malloc(len + 1);

	if (copy == NULL)
		return false;
	memcpy(copy, p, len);
	if (i < a->n && order(&a->v[i].name, name) == 0) {
		free(a->v[i].p);
	} else {
		if (a->n == a->room) {
			size_t room = a->room > 0 ? 2 * a->room : 256;
			struct value *v = realloc(a->v, room * sizeof *v);

			if (v == NULL) {
				free(copy);
				return false;
			}
			a->v = v;
			a->room = room;
		}
		memmove(a->v + i + 1, a->v + i, (a->n - i) * sizeof *a->v);
		a->n++;
	}
	a->v[i] = (struct value){ .name = *name, .tag = tag, .p = copy,
	    .len = len };
	return true;
}

/* What stands behind tag and length of what was put. */
static bool
set_put(struct snmp_agent *a, const struct name *name, const struct out *o,
    const uint8_t *end)
{
	const uint8_t *p = o->at;
	size_t head = p[1] < 128 ? 2 : 2 + (p[1] & 0x7fu);

	return !o->full && value_set(a, name, p[0], p + head,
	    (size_t)(end - p) - head);
}

static size_t
unhex(uint8_t *out, size_t size, const char *hex)
{
	size_t n = 0;

	if (hex[0] == '0' && hex[1] == 'x')
		hex += 2;
	while (n < size && rel_unhex(out + n, 1, hex, strlen(hex) < 2 ? 0 : 2)) {
		hex += 2;
		n++;
	}
	return n;
}

static bool
set_typed(struct snmp_agent *a, const struct name *name, const char *type,
    const char *value)
{
	uint8_t bytes[8192];
	struct out o = { bytes, bytes + sizeof bytes, false };
	struct name id;

	if (strcmp(type, "4") == 0)
		return value_set(a, name, 4, value, strlen(value));
	if (strcmp(type, "4x") == 0)
		return value_set(a, name, 4, bytes,
		    unhex(bytes, sizeof bytes, value));
	if (strcmp(type, "64x") == 0)
		return value_set(a, name, 0x40, bytes,
		    unhex(bytes, sizeof bytes, value));
	if (strcmp(type, "64") == 0)
		return inet_pton(AF_INET, value, bytes) == 1 &&
		    value_set(a, name, 0x40, bytes, 4);
	if (strcmp(type, "6") == 0) {
		if (!name_read(&id, value))
			return false;
		put_name(&o, &id);
	} else if (strcmp(type, "2") == 0) {
		put_number(&o, 2, strtoll(value, NULL, 10), false);
	} else {
		unsigned tag = (unsigned)strtoul(type, NULL, 10);

		if (tag < 65 || tag > 70)
			return false;
		put_number(&o, tag, (int64_t)strtoull(value, NULL, 10), true);
	}
	return set_put(a, name, &o, bytes + sizeof bytes);
}

bool
snmp_agent_set(struct snmp_agent *a, const char *line)
{
	char text[16384], *type, *value;
	struct name name;

	snprintf(text, sizeof text, "%s", line);
	text[strcspn(text, "\n")] = '\0';
	if ((type = strchr(text, '|')) == NULL)
		return false;
	*type++ = '\0';
	if ((value = strchr(type, '|')) == NULL)
		return false;
	*value++ = '\0';
	return name_read(&name, text) && set_typed(a, &name, type, value);
}

void
snmp_agent_fill(struct snmp_agent *a, const char *root, const char *type,
    const char *value)
{
	struct name name;

	if (!name_read(&name, root))
		return;
	for (size_t i = 0; i < a->n; i++)
		if (below(&a->v[i].name, &name))
			(void)set_typed(a, &a->v[i].name, type, value);
}

/* A line of snmpwalk: "iso.3.6.1... = STRING: "x"", as far as it is one. */
static bool
set_walked(struct snmp_agent *a, const char *line)
{
	static const char *const types[][2] = { { "STRING: ", "4" },
		{ "OID: ", "6" }, { "INTEGER: ", "2" }, { "Counter32: ", "65" },
		{ "Gauge32: ", "66" }, { "IpAddress: ", "64" } };
	const char *at = strstr(line, " = ");
	char name[512], value[4096];
	struct name o;

	if (strncmp(line, "iso.", 4) != 0 || at == NULL)
		return false;
	snprintf(name, sizeof name, "1.%.*s", (int)(at - line - 4), line + 4);
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		size_t n = strlen(types[i][0]), len;

		if (strncmp(at + 3, types[i][0], n) != 0)
			continue;
		n += strncmp(at + 3 + n, "\"", 1) == 0 ? 1 : 0;
		len = strcspn(at + 3 + n, "\"\n");
		at += 3 + n;
		n = strncmp(at, "iso.", 4) == 0 ? 4 : 0;
		snprintf(value, sizeof value, "%s%.*s", n > 0 ? "1." : "",
		    (int)(len - n), at + n);
		return name_read(&o, name) &&
		    set_typed(a, &o, types[i][1], value);
	}
	return false;
}

static bool
set_long(struct snmp_agent *a, const char *value)
{
	const char *count = strchr(value, ' ');
	struct name name;
	char text[512], *fill;
	size_t n;
	bool ok;

	if (count == NULL)
		return false;
	snprintf(text, sizeof text, "%.*s", (int)(count - value), value);
	n = strtoul(count, NULL, 10);
	if (!name_read(&name, text) || n > ANSWER_MAX ||
	    (fill = malloc(n + 1)) == NULL)
		return false;
	memset(fill, 'x', n);
	ok = value_set(a, &name, 4, fill, n);
	free(fill);
	return ok;
}

bool
snmp_agent_option(struct snmp_agent *a, const char *word, const char *value)
{
	if (strcmp(word, "@versions") == 0) {
		a->versions[0] = strchr(value, '1') != NULL;
		a->versions[1] = strchr(value, '2') != NULL;
	} else if (strcmp(word, "@community") == 0) {
		snprintf(a->community, sizeof a->community, "%s", value);
	} else if (strcmp(word, "@bulk") == 0) {
		a->no_bulk = strcmp(value, "no") == 0;
	} else if (strcmp(word, "@most") == 0) {
		a->most = strtoul(value, NULL, 10);
	} else if (strcmp(word, "@cut") == 0) {
		a->cut = strtoul(value, NULL, 10);
	} else if (strcmp(word, "@lose") == 0) {
		a->lose = strtoul(value, NULL, 10);
	} else if (strcmp(word, "@wait") == 0) {
		a->wait_ms = (int)strtol(value, NULL, 10);
	} else if (strcmp(word, "@end") == 0) {
		return name_read(&a->end, value);
	} else if (strcmp(word, "@loop") == 0) {
		return name_read(&a->loop, value);
	} else if (strcmp(word, "@silent") == 0) {
		return name_read(&a->silent, value);
	} else {
		return strcmp(word, "@long") == 0 && set_long(a, value);
	}
	return true;
}

struct snmp_agent *
snmp_agent_load(const char *path)
{
	struct snmp_agent *a = calloc(1, sizeof *a);
	FILE *f = fopen(path, "re");
	char line[16384];

	if (a != NULL)
		a->versions[0] = a->versions[1] = true;
	while (a != NULL && f != NULL && fgets(line, sizeof line, f) != NULL) {
		char *value = strchr(line, ' ');

		line[strcspn(line, "\r\n")] = '\0';
		if (line[0] != '@') {
			if (!set_walked(a, line))
				(void)snmp_agent_set(a, line);
			continue;
		}
		if (value != NULL)
			*value++ = '\0';
		if (!snmp_agent_option(a, line, value != NULL ? value : ""))
			fprintf(stderr, "%s: no such option: %s\n", path, line);
	}
	if (f != NULL)
		fclose(f);
	else
		snmp_agent_free(&a);
	return a;
}

void
snmp_agent_free(struct snmp_agent **ap)
{
	struct snmp_agent *a = *ap;

	*ap = NULL;
	for (size_t i = 0; a != NULL && i < a->n; i++)
		free(a->v[i].p);
	if (a != NULL)
		free(a->v);
	free(a);
}

int
snmp_agent_wait(const struct snmp_agent *a)
{
	return a->wait_ms;
}

unsigned long
snmp_agent_asked(const struct snmp_agent *a)
{
	return a->asked;
}

/* ---- questions */

struct in {
	const uint8_t *p;
	size_t n;
	bool bad;
};

/* The next element; its content is returned. */
static struct in
take(struct in *from, unsigned *tag)
{
	struct in none = { NULL, 0, true }, e;
	size_t len, head = 2;

	*tag = 0;
	if (from->bad || from->n < 2) {
		from->bad = true;
		return none;
	}
	*tag = from->p[0];
	len = from->p[1];
	if (len >= 128) {
		size_t more = len & 0x7f;

		len = 0;
		for (size_t i = 0; i < more && more <= 3 && head < from->n; i++)
			len = len << 8 | from->p[head++];
	}
	if (from->n - head < len) {
		from->bad = true;
		return none;
	}
	e = (struct in){ from->p + head, len, false };
	from->p += head + len;
	from->n -= head + len;
	return e;
}

static int64_t
take_number(struct in *from)
{
	unsigned tag;
	struct in e = take(from, &tag);
	int64_t v = e.n > 0 && (e.p[0] & 0x80) != 0 ? -1 : 0;

	for (size_t i = 0; i < e.n && i < 8; i++)
		v = (int64_t)((uint64_t)v << 8 | e.p[i]);
	return v;
}

static void
take_name(struct in *from, struct name *o)
{
	unsigned tag;
	struct in e = take(from, &tag);
	uint32_t v = 0;

	o->n = 0;
	for (size_t i = 0; i < e.n && o->n + 2 < ARCS; i++) {
		v = v << 7 | (e.p[i] & 0x7f);
		if ((e.p[i] & 0x80) != 0)
			continue;
		if (o->n == 0) {
			o->arc[o->n++] = v < 80 ? v / 40 : 2;
			v -= o->arc[0] * 40;
		}
		o->arc[o->n++] = v;
		v = 0;
	}
}

struct question {
	int64_t version, id, a, b;	/* a, b: non-repeaters, repetitions */
	struct in community;
	unsigned pdu;
	struct name names[128];
	size_t n;
};

static bool
question_read(struct question *q, const uint8_t *p, size_t n)
{
	struct in all = { p, n, false }, message, pdu, list, one;
	unsigned tag;

	message = take(&all, &tag);
	q->version = take_number(&message);
	q->community = take(&message, &tag);
	pdu = take(&message, &q->pdu);
	q->id = take_number(&pdu);
	q->a = take_number(&pdu);
	q->b = take_number(&pdu);
	list = take(&pdu, &tag);
	for (q->n = 0; list.n > 0 && q->n < 128; q->n++) {
		one = take(&list, &tag);
		take_name(&one, &q->names[q->n]);
	}
	return !all.bad && !message.bad && !pdu.bad && !list.bad;
}

/* ---- answers */

/* One value of an answer: a value of ours, or a word for that there is none. */
struct word {
	struct name name;
	const struct value *v;
	uint8_t none;			/* 0x80 noSuchObject, 0x82 end */
};

/* What stands behind a name; it may never end, or lead in a circle. */
static void
next_of(struct snmp_agent *a, const struct name *o, struct word *w)
{
	size_t i = find(a, o, true);
	bool last = i == a->n || !below(&a->v[i].name, &a->end);

	w->v = i < a->n ? &a->v[i] : NULL;
	w->name = i < a->n ? a->v[i].name : *o;
	w->none = w->v == NULL ? 0x82 : 0;
	if (below(o, &a->loop) && i > 0) {
		w->v = &a->v[i - 1];
		w->name = w->v->name;
		w->none = 0;
	} else if (below(o, &a->end) && last && i > 0) {
		w->v = &a->v[i - 1];
		w->none = 0;
		w->name = *o;
		w->name.arc[o->n - 1]++;
	}
}

static void
get_of(struct snmp_agent *a, const struct name *o, struct word *w)
{
	size_t i = find(a, o, false);

	w->name = *o;
	w->v = i < a->n && order(&a->v[i].name, o) == 0 ? &a->v[i] : NULL;
	w->none = w->v == NULL ? 0x80 : 0;
}

static size_t
words_of(struct snmp_agent *a, const struct question *q, struct word *w,
    size_t max)
{
	size_t n = 0;
	int64_t rounds = q->pdu == 0xa5 ? q->b : 1;

	for (size_t i = 0; i < q->n && n < max; i++)
		if (q->pdu == 0xa0)
			get_of(a, &q->names[i], &w[n++]);
		else
			next_of(a, &q->names[i], &w[n++]);
	for (int64_t r = 1; r < rounds && n + q->n <= max; r++)
		for (size_t i = 0; i < q->n; i++, n++)
			next_of(a, &w[n - q->n].name, &w[n]);
	return n;
}

static void
put_word(struct out *o, const struct word *w)
{
	const uint8_t *end = o->at, *inner;

	inner = o->at;
	if (w->v != NULL) {
		put(o, w->v->p, w->v->len);
		put_head(o, w->v->tag, inner);
	} else {
		put_byte(o, 0);
		put_byte(o, w->none);
	}
	put_name(o, &w->name);
	put_head(o, 0x30, end);
}

/* The values as they were asked for, without values. */
static void
put_asked(struct out *o, const struct question *q)
{
	struct word w = { .none = 5 };

	for (size_t i = q->n; i > 0; i--) {
		w.name = q->names[i - 1];
		put_word(o, &w);
	}
}

static size_t
put_message(struct out *o, const struct question *q, const uint8_t *end,
    int error, size_t index)
{
	put_head(o, 0x30, end);
	put_number(o, 2, (int64_t)index, false);
	put_number(o, 2, error, false);
	put_number(o, 2, q->id, false);
	put_head(o, 0xa2, end);
	put(o, q->community.p, q->community.n);
	put_head(o, 4, o->at + q->community.n);
	put_number(o, 2, q->version, false);
	put_head(o, 0x30, end);
	return o->full ? 0 : (size_t)(end - o->at);
}

static size_t
refuse(const struct question *q, int error, size_t index, uint8_t *out,
    size_t size)
{
	struct out o = { out, out + size, false };
	size_t n;

	put_asked(&o, q);
	n = put_message(&o, q, out + size, error, index);
	memmove(out, o.at, n);
	return n;
}

static bool
heard(const struct snmp_agent *a, const struct question *q)
{
	if (q->version < 0 || q->version > 1 || !a->versions[q->version])
		return false;
	for (size_t i = 0; i < q->n; i++)
		if (below(&q->names[i], &a->silent))
			return false;
	return a->community[0] == '\0' ||
	    (strlen(a->community) == q->community.n && memcmp(a->community,
	    q->community.p, q->community.n) == 0);
}

static size_t
values_answer(struct snmp_agent *a, const struct question *q, uint8_t *out,
    size_t size)
{
	static struct word w[1024];
	size_t n = words_of(a, q, w, sizeof w / sizeof w[0]), len = 0;

	/* v1 has no word for "none" but an error. */
	for (size_t i = 0; q->version == 0 && i < n; i++)
		if (w[i].v == NULL)
			return refuse(q, 2, i + 1, out, size);
	for (; n > 0; n = n > 1 && q->pdu == 0xa5 ? n - 1 : 0) {
		struct out o = { out, out + size, false };

		for (size_t i = n; i > 0; i--)
			put_word(&o, &w[i - 1]);
		if ((len = put_message(&o, q, out + size, 0, 0)) > 0) {
			memmove(out, o.at, len);
			return len;
		}
	}
	return refuse(q, 1, 0, out, size);
}

size_t
snmp_agent_answer(struct snmp_agent *a, const uint8_t *p, size_t n,
    uint8_t *out, size_t size)
{
	static struct question q;
	size_t len;

	if (!question_read(&q, p, n) || !heard(a, &q))
		return 0;
	if (a->asked++ < a->lose)
		return 0;
	if (a->most > 0 && q.n > a->most)
		return refuse(&q, 1, 0, out, size);
	if (q.pdu == 0xa5 && (a->no_bulk || q.version == 0))
		return q.version == 0 ? 0 : refuse(&q, 5, 0, out, size);
	if (q.pdu != 0xa0 && q.pdu != 0xa1 && q.pdu != 0xa5)
		return refuse(&q, 17, 1, out, size);	/* a SET: notWritable */
	len = values_answer(a, &q, out, size);
	return a->cut > 0 && len > a->cut ? a->cut : len;
}

bool
snmp_agent_one(struct snmp_agent *a, int fd)
{
	static uint8_t in[65536], out[ANSWER_MAX];
	struct sockaddr_storage from;
	socklen_t from_len = sizeof from;
	ssize_t n = recvfrom(fd, in, sizeof in, MSG_DONTWAIT,
	    (struct sockaddr *)&from, &from_len);
	size_t len;

	if (n < 0)
		return false;
	if ((len = snmp_agent_answer(a, in, (size_t)n, out, sizeof out)) == 0)
		return true;
	if (a->wait_ms > 0)
		usleep((useconds_t)a->wait_ms * 1000);
	(void)sendto(fd, out, len, 0, (struct sockaddr *)&from, from_len);
	return true;
}

void
snmp_agent_turn(struct snmp_agent *a, int fd)
{
	while (snmp_agent_one(a, fd))
		;
}

int
snmp_agent_bind(const char *address, uint16_t *port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
	    .sin_port = htons(*port) };
	socklen_t len = sizeof sin;
	int fd;

	if (inet_pton(AF_INET, address, &sin.sin_addr) != 1) {
		errno = EINVAL;
		return -1;
	}
	if ((fd = rel_compat_socket(AF_INET, SOCK_DGRAM)) < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&sin, sizeof sin) < 0 ||
	    getsockname(fd, (struct sockaddr *)&sin, &len) < 0) {
		close(fd);
		return -1;
	}
	*port = ntohs(sin.sin_port);
	return fd;
}
