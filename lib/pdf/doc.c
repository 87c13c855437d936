/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/pdf/pdf_priv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/text.h"

#define PARENTS_MAX 64		/* deeper page trees inherit nothing */
#define FORGET_EVERY 32u	/* pages after which the file's memory goes */

/* ---- open and close */

static int
map_file(struct pdf_doc *d, int fd, struct rel_facts *f, struct rel_err *err)
{
	struct stat st;
	void *p;

	if (fstat(fd, &st) < 0)
		return rel_err_sys(err, REL_E_IO, "cannot look at the PDF");
	if (st.st_size == 0)
		return rel_facts_refuse(f, REL_REFUSED_EMPTY,
		    "the document is empty");
	if ((uint64_t)st.st_size > SIZE_MAX / 2)
		return rel_facts_refuse(f, REL_REFUSED_TOO_MUCH,
		    "the document is too large");
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return rel_err_sys(err, REL_E_IO, "cannot read the PDF");
	d->map = p;
	d->bytes = (size_t)st.st_size;
	return 0;
}

/* Why libqpdf could not read it. */
static int
refuse_error(struct pdf_doc *d, struct rel_facts *f)
{
	qpdf_error e = qpdf_get_error(d->q);
	char why[160] = "";

	if (e != NULL && qpdf_get_error_code(d->q, e) == qpdf_e_password) {
		f->encrypted = true;
		return rel_facts_refuse(f, REL_REFUSED_LOCKED,
		    "the PDF needs a password to be opened");
	}
	if (e != NULL)
		rel_text_clean(why, sizeof why,
		    qpdf_get_error_message_detail(d->q, e));
	if (e != NULL && qpdf_get_error_code(d->q, e) == qpdf_e_unsupported) {
		f->encrypted = true;
		return rel_facts_refuse(f, REL_REFUSED_LOCKED,
		    "the PDF is locked in a way nobody here knows: %s", why);
	}
	return rel_facts_refuse(f, REL_REFUSED_DAMAGED,
	    "the PDF is damaged: %s", why[0] != '\0' ? why : "unreadable");
}

/*
 * By name where it has one: memory that is mapped would count as ours.  The
 * name is gone where there is no /dev/fd, or when we may not open it again.
 */
static QPDF_ERROR_CODE
read_doc(struct pdf_doc *d, int fd)
{
	char name[32];

	snprintf(name, sizeof name, "/dev/fd/%d", fd);
	if (access(name, R_OK) == 0)
		return qpdf_read(d->q, name, NULL);
	return qpdf_read_memory(d->q, "document", d->map, d->bytes, NULL);
}

int
pdf_doc_open(struct pdf_doc *d, int fd, struct rel_facts *f,
    struct rel_err *err)
{
	int rc = map_file(d, fd, f, err);

	if (rc < 0)
		return rc;
	if ((d->q = qpdf_init()) == NULL)
		return rel_err_set(err, REL_E_NOMEM, "no memory for a PDF");
	qpdf_silence_errors(d->q);
	qpdf_set_suppress_warnings(d->q, QPDF_TRUE);
	if ((read_doc(d, fd) & QPDF_ERRORS) != 0)
		return refuse_error(d, f);
	f->encrypted = qpdf_is_encrypted(d->q);
	return 0;
}

void
pdf_doc_close(struct pdf_doc *d)
{
	if (d->q != NULL) {
		if (qpdf_has_error(d->q))	/* else it would be said */
			(void)qpdf_get_error(d->q);
		qpdf_cleanup(&d->q);
	}
	if (d->map != NULL)
		munmap((void *)(uintptr_t)d->map, d->bytes);
	d->map = NULL;
	pdf_map_fini(&d->known);
	for (size_t i = 0; i < d->nspaces; i++) {
		free(d->spaces[i]->table);
		free(d->spaces[i]);
	}
	free(d->spaces);
	d->spaces = NULL;
	d->nspaces = d->spaces_cap = 0;
}

void
pdf_doc_page_done(struct pdf_doc *d, uint32_t page)
{
	qpdf_oh_release_all(d->q);
	while (qpdf_more_warnings(d->q))
		(void)qpdf_next_warning(d->q);
	if (qpdf_has_error(d->q))
		(void)qpdf_get_error(d->q);
	if (page % FORGET_EVERY == FORGET_EVERY - 1)
		(void)madvise((void *)(uintptr_t)d->map, d->bytes,
		    MADV_DONTNEED);
}

bool
pdf_late(const struct pdf_doc *d)
{
	return d->deadline > 0 && rel_mono_ms() >= d->deadline;
}

/* ---- objects */

uint64_t
pdf_key(struct pdf_doc *d, qpdf_oh oh, enum pdf_known kind)
{
	int id = qpdf_oh_get_object_id(d->q, oh);

	if (id <= 0)
		return 0;
	return (uint64_t)id << 24 |
	    (uint64_t)(qpdf_oh_get_generation(d->q, oh) & 0xffff) << 8 |
	    (uint64_t)kind;
}

static qpdf_oh
dict_of(struct pdf_doc *d, qpdf_oh oh)
{
	if (qpdf_oh_get_type_code(d->q, oh) == ot_stream)
		return qpdf_oh_get_dict(d->q, oh);
	return oh;
}

qpdf_oh
pdf_entry(struct pdf_doc *d, qpdf_oh oh, const char *key)
{
	return qpdf_oh_get_key_if_dict(d->q, dict_of(d, oh), key);
}

bool
pdf_has(struct pdf_doc *d, qpdf_oh oh, const char *key, qpdf_oh *out)
{
	*out = pdf_entry(d, oh, key);
	return !qpdf_oh_is_null(d->q, *out);
}

bool
pdf_inherited(struct pdf_doc *d, qpdf_oh page, const char *key, qpdf_oh *out)
{
	for (int i = 0; i < PARENTS_MAX; i++) {
		if (!qpdf_oh_is_dictionary(d->q, page))
			break;
		if (pdf_has(d, page, key, out))
			return true;
		page = qpdf_oh_get_key(d->q, page, "/Parent");
	}
	*out = qpdf_oh_new_null(d->q);
	return false;
}

double
pdf_number(struct pdf_doc *d, qpdf_oh oh, double otherwise)
{
	double v;

	if (!qpdf_oh_get_value_as_number(d->q, oh, &v) || v != v)
		return otherwise;
	return v;
}

int
pdf_integer(struct pdf_doc *d, qpdf_oh oh, int otherwise)
{
	double v = pdf_number(d, oh, otherwise);

	return v > INT32_MIN && v < INT32_MAX ? (int)v : otherwise;
}

int
pdf_numbers(struct pdf_doc *d, qpdf_oh array, double *out, int max)
{
	int n;

	if (!qpdf_oh_is_array(d->q, array))
		return 0;
	n = qpdf_oh_get_array_n_items(d->q, array);
	for (int i = 0; i < n && i < max; i++)
		out[i] = pdf_number(d,
		    qpdf_oh_get_array_item(d->q, array, i), 0);
	return n;
}

bool
pdf_name(struct pdf_doc *d, qpdf_oh oh, char *out, size_t size)
{
	const char *name;
	size_t n;

	out[0] = '\0';
	if (!qpdf_oh_is_name(d->q, oh))
		return false;
	name = qpdf_oh_get_name(d->q, oh);
	if ((n = strlen(name)) >= size)
		return false;
	memcpy(out, name, n + 1);
	return true;
}

bool
pdf_is_name(struct pdf_doc *d, qpdf_oh oh, const char *name)
{
	return qpdf_oh_is_name_and_equals(d->q, oh, name);
}

char **
pdf_keys(struct pdf_doc *d, qpdf_oh dict, size_t max)
{
	size_t n = 0, bytes = 0, at;
	char **out, *text;

	dict = dict_of(d, dict);
	if (!qpdf_oh_is_dictionary(d->q, dict))
		return calloc(1, sizeof *out);
	qpdf_oh_begin_dict_key_iter(d->q, dict);
	while (qpdf_oh_dict_more_keys(d->q) && n < max) {
		bytes += strlen(qpdf_oh_dict_next_key(d->q)) + 1;
		n++;
	}
	at = (n + 1) * sizeof *out;
	if ((out = calloc(1, at + bytes)) == NULL)
		return NULL;
	text = (char *)out + at;
	qpdf_oh_begin_dict_key_iter(d->q, dict);
	for (size_t i = 0; i < n && qpdf_oh_dict_more_keys(d->q); i++) {
		const char *key = qpdf_oh_dict_next_key(d->q);
		size_t len = strlen(key) + 1;

		memcpy(text, key, len);
		out[i] = text;
		text += len;
	}
	return out;
}

bool
pdf_stream(struct pdf_doc *d, qpdf_oh oh, struct pdf_bytes *out)
{
	QPDF_BOOL filtered = QPDF_FALSE;

	*out = (struct pdf_bytes){ 0 };
	if (!qpdf_oh_is_stream(d->q, oh))
		return false;
	if ((qpdf_oh_get_stream_data(d->q, oh, qpdf_dl_specialized,
	    &filtered, &out->p, &out->n) & QPDF_ERRORS) == 0 && filtered)
		return true;
	free(out->p);
	*out = (struct pdf_bytes){ 0 };
	return false;
}
