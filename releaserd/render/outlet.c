/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/fault.h"
#include "lib/pdl/pdl.h"
#include "lib/spool.h"
#include "releaserd/render/render_priv.h"

#define PIECE 65536u

struct outlet {
	struct rel_spool_writer *spool;
	struct rel_pdl *pdl;
	uint64_t bytes;
	uint8_t buf[PIECE];
};

int
outlet_new(struct outlet **out, struct work *w, struct rel_err *err)
{
	struct outlet *o = calloc(1, sizeof *o);
	int rc;

	if (o == NULL || (o->pdl = rel_pdl_new()) == NULL) {
		free(o);
		return rel_err_set(err, REL_E_NOMEM, "no memory");
	}
	rc = rel_spool_writer_new(&o->spool, w->out_fd, w->job->out_key,
	    w->job->job_id, err);
	rel_wipe(w->job->out_key, sizeof w->job->out_key);
	if (rc < 0)
		outlet_free(&o);
	else
		*out = o;
	return rc;
}

void
outlet_free(struct outlet **op)
{
	struct outlet *o = *op;

	*op = NULL;
	if (o == NULL)
		return;
	rel_spool_writer_free(&o->spool);
	rel_pdl_free(&o->pdl);
	rel_wipe(o->buf, sizeof o->buf);
	free(o);
}

int
outlet_put(struct outlet *o, const void *p, size_t n, struct rel_err *err)
{
	if (n == 0)
		return 0;
	if (o->bytes == 0)
		rel_fault("render:mid-make");
	o->bytes += n;
	rel_pdl_feed(o->pdl, p, n);
	return rel_spool_write(o->spool, p, n, err);
}

int
outlet_put_file(struct outlet *o, int fd, struct rel_err *err)
{
	off_t at = 0;
	ssize_t n;
	int rc = 0;

	while ((n = pread(fd, o->buf, sizeof o->buf, at)) > 0 && rc == 0) {
		rc = outlet_put(o, o->buf, (size_t)n, err);
		at += n;
	}
	return n < 0 ? rel_err_sys(err, REL_E_IO, "cannot read") : rc;
}

int
outlet_put_pipe(struct outlet *o, int fd, uint64_t most_bytes,
    struct rel_err *err)
{
	ssize_t n;
	int rc = 0;

	while (rc == 0) {
		n = read(fd, o->buf, sizeof o->buf);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 ? 0 : rel_err_sys(err, REL_E_IO,
			    "cannot read what the driver makes");
		rc = outlet_put(o, o->buf, (size_t)n, err);
		if (rc == 0 && o->bytes > most_bytes)
			rc = rel_err_set(err, REL_E_LIMIT, "what the driver "
			    "makes of this document is too large");
	}
	return rc;
}

int
outlet_end(struct outlet *o, uint64_t *bytes, struct rel_facts *counted,
    struct rel_err *err)
{
	rel_pdl_end(o->pdl, counted);
	return rel_spool_finish(o->spool, bytes, err);
}
