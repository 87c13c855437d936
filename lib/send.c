/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/send.h"

#include <stdarg.h>
#include <stdio.h>

#include "lib/text.h"

void
rel_send_stage(struct rel_send *s, enum rel_send_stage stage)
{
	s->res->stage = stage;
	if (s->src->progress != NULL)
		s->src->progress(s->src->ctx, stage, s->res->bytes);
}

int
rel_send_end(struct rel_send *s, enum rel_send_outcome outcome,
    const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	s->res->outcome = outcome;
	rel_text_clean(s->res->reason, sizeof s->res->reason, text);
	return REL_SEND_FAILED;
}

int
rel_send_broke(struct rel_send *s, const char *how)
{
	unsigned long long sent = s->res->bytes, all = s->src->bytes;

	if (sent == 0)
		return rel_send_end(s, REL_SEND_AWAY,
		    "The %s %s before it took the document.", s->device, how);
	if (sent < all)
		return rel_send_end(s, REL_SEND_UNCONFIRMED, "The %s %s after "
		    "%llu of %llu bytes; a part may have printed.", s->device,
		    how, sent, all);
	return rel_send_end(s, REL_SEND_UNCONFIRMED, "The %s was sent the "
	    "whole document but %s without confirming it; it may have "
	    "printed.", s->device, how);
}

int
rel_send_abandon(struct rel_send *s, enum rel_send_outcome unsent,
    const char *why)
{
	if (s->res->bytes == 0)
		return rel_send_end(s, unsent, "Nothing was printed: %s.", why);
	return rel_send_end(s, REL_SEND_UNCONFIRMED, "Sending to the %s was "
	    "broken off after %llu of %llu bytes (%s); a part may have "
	    "printed.", s->device, (unsigned long long)s->res->bytes,
	    (unsigned long long)s->src->bytes, why);
}

int
rel_send_next(struct rel_send *s, const uint8_t **p, size_t *n)
{
	uint64_t left = s->src->bytes - s->res->bytes;
	struct rel_err err = { 0 };
	int rc = s->src->next(s->src->ctx, p, n, &err);

	if (rc < 0)
		return rel_send_abandon(s, REL_SEND_REFUSED,
		    err.text[0] != '\0' ? err.text :
		    "the stored document cannot be read");
	if ((rc == 0) != (left == 0) || (rc > 0 && *n > left))
		return rel_send_abandon(s, REL_SEND_REFUSED,
		    "the stored document has not the length it should have");
	return rc;
}

int
rel_send_no_return(struct rel_send *s)
{
	struct rel_err err = { 0 };

	if (s->src->point_of_no_return == NULL ||
	    s->src->point_of_no_return(s->src->ctx, &err) == 0)
		return 0;
	return rel_send_abandon(s, REL_SEND_AWAY, err.text);
}
