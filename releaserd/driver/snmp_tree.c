/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "releaserd/driver/snmp_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- object identifiers */

bool
snmp_oid_read(struct snmp_oid *out, const char *text)
{
	const char *p = text;

	out->n = 0;
	if (strncmp(p, "iso.", 4) == 0) {
		out->arc[out->n++] = 1;
		p += 4;
	} else if (*p == '.')
		p++;
	while (out->n < SNMP_ARCS) {
		uint64_t v = 0;
		const char *from = p;

		while (*p >= '0' && *p <= '9' && v <= UINT32_MAX)
			v = v * 10 + (uint64_t)(*p++ - '0');
		if (p == from || v > UINT32_MAX)
			return false;
		out->arc[out->n++] = (uint32_t)v;
		if (*p == '\0')
			return true;
		if (*p++ != '.')
			return false;
	}
	return false;
}

void
snmp_oid_text(char *out, size_t size, const uint32_t *arc, size_t n)
{
	size_t len = 0;

	if (size > 0)
		out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		char one[16];
		int k = snprintf(one, sizeof one, "%s%u", i > 0 ? "." : "",
		    arc[i]);

		if (k < 0 || len + (size_t)k >= size)
			return;
		memcpy(out + len, one, (size_t)k + 1);
		len += (size_t)k;
	}
}

bool
snmp_oid_below(const uint32_t *arc, size_t n, const struct snmp_oid *root)
{
	return n >= root->n &&
	    memcmp(arc, root->arc, root->n * sizeof *arc) == 0;
}

int
snmp_oid_order(const uint32_t *a, size_t an, const uint32_t *b, size_t bn)
{
	for (size_t i = 0; i < an && i < bn; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return an == bn ? 0 : an < bn ? -1 : 1;
}

/* ---- the tree */

void
snmp_tree_init(struct snmp_tree *t)
{
	*t = (struct snmp_tree){ .sorted = true };
}

void
snmp_tree_fini(struct snmp_tree *t)
{
	for (size_t i = 0; i < t->n; i++)
		free((void *)(uintptr_t)t->v[i].oid);
	free(t->v);
	snmp_tree_init(t);
}

/* A new value with len octets behind its arcs; NULL: there is no room. */
static struct snmp_var *
add(struct snmp_tree *t, const uint32_t *arc, size_t n, const void *p,
    size_t len)
{
	size_t bytes = n * sizeof *arc + len + 1;
	uint32_t *mem;
	char *octets;

	if (n == 0 || n > SNMP_ARCS || t->n >= SNMP_VARS ||
	    t->bytes + len > SNMP_BYTES)
		return NULL;
	if (t->n == t->room) {
		size_t room = t->room > 0 ? 2 * t->room : 64;
		struct snmp_var *v = realloc(t->v, room * sizeof *v);

		if (v == NULL)
			return NULL;
		t->v = v;
		t->room = room;
	}
	if ((mem = malloc(bytes)) == NULL)
		return NULL;
	memcpy(mem, arc, n * sizeof *arc);
	octets = (char *)(mem + n);
	if (len > 0)
		memcpy(octets, p, len);
	octets[len] = '\0';
	t->bytes += len;
	if (t->n > 0 && snmp_oid_order(t->v[t->n - 1].oid, t->v[t->n - 1].n,
	    arc, n) >= 0)
		t->sorted = false;
	t->v[t->n] = (struct snmp_var){ .n = (uint8_t)n, .oid = mem,
	    .octets = octets, .len = (uint16_t)len };
	return &t->v[t->n++];
}

bool
snmp_tree_number_add(struct snmp_tree *t, const uint32_t *arc, size_t n,
    int64_t number)
{
	struct snmp_var *v = add(t, arc, n, NULL, 0);

	if (v == NULL)
		return false;
	v->kind = SNMP_NUMBER;
	v->number = number;
	return true;
}

bool
snmp_tree_octets_add(struct snmp_tree *t, const uint32_t *arc, size_t n,
    enum snmp_kind kind, const void *p, size_t len)
{
	struct snmp_var *v = add(t, arc, n, p,
	    len > SNMP_OCTETS ? SNMP_OCTETS : len);

	if (v == NULL)
		return false;
	v->kind = (uint8_t)kind;
	return true;
}

/* ---- finding */

/* By name; of two of a name the one that came first (its place breaks ties). */
static int
by_oid(const void *a, const void *b)
{
	const struct snmp_var *x = a, *y = b;

	return snmp_oid_order(x->oid, x->n, y->oid, y->n);
}

/* Insertion keeps the order of equals, and most came in order. */
static void
sort(struct snmp_tree *t)
{
	if (t->sorted)
		return;
	for (size_t i = 1; i < t->n; i++) {
		struct snmp_var v = t->v[i];
		size_t k = i;

		while (k > 0 && by_oid(&t->v[k - 1], &v) > 0) {
			t->v[k] = t->v[k - 1];
			k--;
		}
		t->v[k] = v;
	}
	t->sorted = true;
}

/* The place of the first value that is not before it. */
static size_t
place(struct snmp_tree *t, const struct snmp_oid *o)
{
	size_t from = 0, to = t->n;

	sort(t);
	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (snmp_oid_order(t->v[mid].oid, t->v[mid].n, o->arc,
		    o->n) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static bool
append(struct snmp_oid *o, uint32_t arc)
{
	if (arc == SNMP_ANY)
		return true;
	if (o->n == SNMP_ARCS)
		return false;
	o->arc[o->n++] = arc;
	return true;
}

const struct snmp_var *
snmp_tree_get(struct snmp_tree *t, const char *base, uint32_t a, uint32_t b)
{
	struct snmp_oid o;
	size_t i;

	if (!snmp_oid_read(&o, base) || !append(&o, a) || !append(&o, b))
		return NULL;
	i = place(t, &o);
	return i < t->n && snmp_oid_order(t->v[i].oid, t->v[i].n, o.arc,
	    o.n) == 0 ? &t->v[i] : NULL;
}

int64_t
snmp_tree_number(struct snmp_tree *t, const char *base, uint32_t a, uint32_t b,
    int64_t otherwise)
{
	const struct snmp_var *v = snmp_tree_get(t, base, a, b);

	return v != NULL && v->kind == SNMP_NUMBER ? v->number : otherwise;
}

const struct snmp_var *
snmp_tree_below(struct snmp_tree *t, const char *base, size_t n)
{
	struct snmp_oid o;
	size_t i;

	if (!snmp_oid_read(&o, base))
		return NULL;
	i = place(t, &o) + n;
	return i < t->n && snmp_oid_below(t->v[i].oid, t->v[i].n, &o) ?
	    &t->v[i] : NULL;
}

/* Keep the rows ascending and each once. */
static size_t
put_row(uint32_t *rows, size_t n, uint32_t row)
{
	size_t i = n;

	while (i > 0 && rows[i - 1] > row)
		i--;
	if ((i > 0 && rows[i - 1] == row) || n == SNMP_ROWS)
		return n;
	memmove(rows + i + 1, rows + i, (n - i) * sizeof *rows);
	rows[i] = row;
	return n + 1;
}

size_t
snmp_tree_rows(struct snmp_tree *t, const char *entry, uint32_t h,
    uint32_t rows[SNMP_ROWS])
{
	const struct snmp_var *v;
	struct snmp_oid o;
	size_t n = 0;

	if (!snmp_oid_read(&o, entry))
		return 0;
	for (size_t i = 0; (v = snmp_tree_below(t, entry, i)) != NULL; i++)
		if (v->n == o.n + 3 && v->oid[o.n + 1] == h)
			n = put_row(rows, n, v->oid[o.n + 2]);
	return n;
}

void
snmp_tree_text(struct snmp_tree *t, const char *base, uint32_t a, uint32_t b,
    char *out, size_t size)
{
	const struct snmp_var *v = snmp_tree_get(t, base, a, b);
	const char *p = "";
	size_t n;

	if (v != NULL && v->kind != SNMP_NUMBER) {
		p = v->octets;
		/* HP's PML has two octets of a character set before texts. */
		if (v->len > 2 && (uint8_t)p[0] <= 1 && (uint8_t)p[1] < ' ' &&
		    (uint8_t)p[2] >= ' ')
			p += 2;
	}
	p += strspn(p, " \t\r\n");
	n = strcspn(p, "\r\n");
	while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\t'))
		n--;
	if (n >= size)
		n = size - 1;
	memcpy(out, p, n);
	out[n] = '\0';
}
