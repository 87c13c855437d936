/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/pdf/scan_priv.h"

#include <stdlib.h>
#include <string.h>

#define LATE_EVERY 4096u	/* operators between looks at the clock */

/* ---- operands and names */

double
scan_arg(const struct scan_frame *fr, int from_end)
{
	int i = fr->nargs - 1 - from_end;

	return i >= 0 && fr->arg[i].type == PDF_TOK_NUMBER ?
	    fr->arg[i].number : 0;
}

bool
scan_last_name(const struct scan_frame *fr, char *out, size_t size)
{
	const struct scan_arg *a;
	struct pdf_token t = { .type = PDF_TOK_NAME };

	if (fr->nargs == 0)
		return false;
	a = &fr->arg[fr->nargs - 1];
	t.s = a->s;
	t.n = a->n;
	return a->type == PDF_TOK_NAME && pdf_name_text(out, size, &t);
}

bool
scan_resource(struct scan *s, const struct scan_frame *fr,
    const char *category, const char *name, qpdf_oh *out)
{
	qpdf_oh dict;

	*out = 0;
	return pdf_has(s->d, fr->resources, category, &dict) &&
	    pdf_has(s->d, dict, name, out);
}

static unsigned
name_slot(char kind, const char *name)
{
	unsigned h = (unsigned char)kind;

	while (*name != '\0')
		h = h * 31 + (unsigned char)*name++;
	return h % SCAN_NAMES;
}

bool
scan_known(const struct scan_frame *fr, char kind, const char *name,
    uint64_t *value)
{
	const struct scan_name *n = &fr->names[name_slot(kind, name)];

	if (n->kind != kind || strcmp(n->name, name) != 0)
		return false;
	*value = n->value;
	return true;
}

void
scan_remember(struct scan_frame *fr, char kind, const char *name,
    uint64_t value)
{
	struct scan_name *n = &fr->names[name_slot(kind, name)];
	size_t len = strlen(name);

	if (len >= sizeof n->name)
		return;
	n->kind = kind;
	memcpy(n->name, name, len + 1);
	n->value = value;
}

static struct scan_arg *
arg_new(struct scan_frame *fr)
{
	if (fr->nargs == SCAN_ARGS)
		memmove(fr->arg, fr->arg + 1,
		    (size_t)--fr->nargs * sizeof fr->arg[0]);
	return &fr->arg[fr->nargs++];
}

/* An array or a dictionary: only whether text in it can be seen matters. */
static void
take_nested(struct scan *s, struct scan_frame *fr, struct scan_arg *a)
{
	struct pdf_token t;
	size_t depth = 1;

	while (depth > 0) {
		switch (pdf_lexer_next(&fr->lex, &t)) {
		case PDF_TOK_END:
			s->odd = true;
			return;
		case PDF_TOK_ARRAY:
		case PDF_TOK_DICT:
			depth++;
			break;
		case PDF_TOK_ARRAY_END:
		case PDF_TOK_DICT_END:
			depth--;
			break;
		case PDF_TOK_STRING:
			a->visible |= t.visible;
			break;
		default:
			break;
		}
	}
}

static void
take_operand(struct scan *s, struct scan_frame *fr, const struct pdf_token *t)
{
	struct scan_arg *a;

	if (t->type == PDF_TOK_ARRAY_END || t->type == PDF_TOK_DICT_END) {
		s->odd = true;
		return;
	}
	a = arg_new(fr);
	*a = (struct scan_arg){ t->type, t->number, t->s, t->n, t->visible };
	if (t->type == PDF_TOK_ARRAY || t->type == PDF_TOK_DICT)
		take_nested(s, fr, a);
}

/* ---- operators */

#define OPERATORS 96		/* at least twice as few as there are slots */
#define SLOTS 256u
static const struct scan_operator *slot[SLOTS];

static unsigned
op_hash(const uint8_t *p, size_t n)
{
	unsigned h = p[0] * 7u;

	if (n > 1)
		h += p[1] * 61u;
	if (n > 2)
		h += p[2] * 13u;
	return (h + (unsigned)n) % SLOTS;
}

static void
ops_add(const struct scan_operator *op)
{
	for (; op->name[0] != '\0'; op++) {
		unsigned h = op_hash((const uint8_t *)op->name,
		    strlen(op->name));

		while (slot[h] != NULL)
			h = (h + 1) % SLOTS;
		slot[h] = op;
	}
}

static const struct scan_operator *
op_find(const uint8_t *p, size_t n)
{
	unsigned h;

	if (n == 0 || n > 3)
		return NULL;
	for (h = op_hash(p, n); slot[h] != NULL; h = (h + 1) % SLOTS)
		if (memcmp(slot[h]->name, p, n) == 0 &&
		    slot[h]->name[n] == '\0')
			return slot[h];
	return NULL;
}

static bool
is_word(const struct pdf_token *t, const char *word)
{
	return t->n == strlen(word) && memcmp(t->s, word, t->n) == 0;
}

static void
run_word(struct scan *s, struct scan_frame *fr, const struct pdf_token *t)
{
	const struct scan_operator *op = op_find(t->s, t->n);

	if (op == NULL) {
		if (is_word(t, "true") || is_word(t, "false") ||
		    is_word(t, "null"))
			return;
		if (is_word(t, "BX"))
			fr->bx++;
		else if (is_word(t, "EX"))
			fr->bx -= fr->bx > 0;
		else if (fr->bx == 0)
			s->odd = true;
	} else if (fr->nargs < op->args) {
		s->odd = true;
	} else {
		op->run(s, fr);
	}
	fr->nargs = 0;
	if (++s->ops % LATE_EVERY == 0 &&
	    (s->ops > SCAN_OPS || pdf_late(s->d)))
		s->odd = s->stop = true;
	if (s->worst == PDF_COLOUR)
		s->stop = true;
}

bool
scan_push(struct scan *s)
{
	if (s->depth + 1 >= SCAN_STATES) {
		s->odd = s->stop = true;
		return false;
	}
	s->states[s->depth + 1] = s->states[s->depth];
	s->g = &s->states[++s->depth];
	return true;
}

static void
frame_begin(struct scan *s, struct scan_frame *fr,
    const struct pdf_bytes *data, qpdf_oh resources)
{
	pdf_lexer_init(&fr->lex, data->p, data->n);
	fr->resources = resources;
	fr->nargs = 0;
	fr->bx = 0;
	fr->base = s->depth;
	memset(fr->names, 0, sizeof fr->names);
	fr->device[0] = pdf_space_named(s->d, "/DeviceGray", resources);
	fr->device[1] = pdf_space_named(s->d, "/DeviceRGB", resources);
	fr->device[2] = pdf_space_named(s->d, "/DeviceCMYK", resources);
	pdf_fonts_look(s->d, resources);
}

static void
op_q(struct scan *s, struct scan_frame *fr)
{
	(void)fr;
	(void)scan_push(s);
}

static void
op_Q(struct scan *s, struct scan_frame *fr)
{
	if (s->depth > fr->base)
		s->g = &s->states[--s->depth];
}

static const struct scan_operator scan_base_ops[] = {
	{ "q", 0, op_q }, { "Q", 0, op_Q }, { "", 0, NULL }
};

void
scan_run(struct scan *s, const struct pdf_bytes *data, qpdf_oh resources)
{
	struct scan_frame fr;
	struct pdf_token t;

	frame_begin(s, &fr, data, resources);
	while (!s->stop && pdf_lexer_next(&fr.lex, &t) != PDF_TOK_END) {
		if (t.type == PDF_TOK_WORD)
			run_word(s, &fr, &t);
		else
			take_operand(s, &fr, &t);
	}
	s->odd |= fr.lex.odd;
	s->depth = fr.base;
	s->g = &s->states[s->depth];
}

/* ---- begin and end */

enum pdf_verdict
scan_inner(struct scan *s, qpdf_oh stream, qpdf_oh resources)
{
	enum pdf_verdict before = s->worst, mine;
	struct pdf_box path = s->path;
	double tm[6], line[6];
	struct pdf_bytes data;
	bool odd = s->odd;

	if (s->level >= SCAN_LEVELS || s->streams >= SCAN_STREAMS ||
	    !pdf_stream(s->d, stream, &data)) {
		s->odd = true;
		return PDF_MAYBE;
	}
	memcpy(tm, s->tm, sizeof tm);
	memcpy(line, s->line, sizeof line);
	s->worst = PDF_MONO;
	s->odd = false;
	s->level++;
	s->streams++;
	pdf_box_empty(&s->path);
	scan_run(s, &data, resources);
	s->level--;
	s->path = path;
	memcpy(s->tm, tm, sizeof tm);
	memcpy(s->line, line, sizeof line);
	mine = s->worst;
	if (mine == PDF_COLOUR)
		s->stop = false;	/* the outer one decides */
	else if (s->odd)
		mine = PDF_MAYBE;
	s->odd |= odd;
	s->worst = before;
	free(data.p);
	return mine;
}

static bool
scan_begin(struct scan *s, struct pdf_doc *d, const struct pdf_box *box)
{
	static const double one[6] = { 1, 0, 0, 1, 0, 0 };

	if (slot[0] == NULL && op_find((const uint8_t *)"q", 1) == NULL) {
		ops_add(scan_base_ops);
		ops_add(scan_paint_ops);
		ops_add(scan_text_ops);
		ops_add(scan_colour_ops);
		ops_add(scan_object_ops);
	}
	memset(s, 0, sizeof *s);
	s->d = d;
	s->states = malloc(SCAN_STATES * sizeof *s->states);
	if (s->states == NULL)
		return false;
	s->g = s->states;
	memset(s->g, 0, sizeof *s->g);
	memcpy(s->g->ctm, one, sizeof one);
	memcpy(s->tm, one, sizeof one);
	memcpy(s->line, one, sizeof one);
	s->g->clip = *box;
	s->g->fill.space = s->g->stroke.space = &pdf_gray;
	s->g->line_width = 1;
	pdf_box_empty(&s->path);
	return true;
}

static enum pdf_verdict
scan_end(struct scan *s)
{
	free(s->states);
	if (s->odd && s->worst == PDF_MONO)
		return PDF_MAYBE;
	return s->worst;
}

enum pdf_verdict
pdf_scan_bytes(struct pdf_doc *d, const void *p, size_t n,
    const struct pdf_box *box, qpdf_oh resources)
{
	struct pdf_bytes data = { (unsigned char *)(uintptr_t)p, n };
	struct scan s;

	if (!scan_begin(&s, d, box))
		return PDF_MAYBE;
	scan_run(&s, &data, resources);
	return scan_end(&s);
}

enum pdf_verdict
pdf_scan_page(struct pdf_doc *d, const struct pdf_page *p)
{
	struct pdf_bytes data = { 0 };
	enum pdf_verdict v;
	qpdf_oh resources;

	(void)pdf_inherited(d, p->oh, "/Resources", &resources);
	if ((qpdf_oh_get_page_content_data(d->q, p->oh, &data.p, &data.n) &
	    QPDF_ERRORS) != 0) {
		free(data.p);
		pdf_fonts_look(d, resources);
		return PDF_MAYBE;
	}
	v = pdf_scan_bytes(d, data.p, data.n, &p->whole, resources);
	free(data.p);
	return v;
}

enum pdf_verdict
pdf_scan_form(struct pdf_doc *d, qpdf_oh form, const struct pdf_box *box,
    const double m[6], qpdf_oh resources)
{
	struct scan s;

	if (!scan_begin(&s, d, box))
		return PDF_MAYBE;
	memcpy(s.g->ctm, m, sizeof s.g->ctm);
	s.worst = scan_inner(&s, form, resources);
	return scan_end(&s);
}
