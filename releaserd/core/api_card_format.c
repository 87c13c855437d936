/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* How card numbers are made, in the local API. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "releaserd/core/api_priv.h"
#include "releaserd/core/card.h"

static json_t *
format_json(const struct rel_card_format *f)
{
	char text[REL_CARD_FORMAT_TEXT];

	rel_card_format_text(text, f);
	return json_string(text);
}

static json_t *
rule_json(struct core *c, const struct card_rule *r)
{
	const char *name = strchr(r->of, ':');
	bool device = strncmp(r->of, "device:", 7) == 0;
	char device_name[65] = "";

	if (device && store_device_name(c->st, r->of + 7, device_name) == 0)
		name = device_name;
	else if (name != NULL)
		name++;
	return json_pack("{s:s,s:s,s:o,s:o,s:s,s:o,s:s}", "of", device ?
	    "device" : name != NULL ? "group" : "server", "name",
	    name != NULL ? name : "", "format", format_json(&r->format),
	    "former", r->has_was ? format_json(&r->was) : json_null(), "usb",
	    r->usb, "changed_at", json_time(r->changed_ms), "changed_by",
	    r->by);
}

static json_t *
kinds_json(void)
{
	json_t *all = json_array();

	for (unsigned k = 0; k < REL_CARD_KINDS; k++)
		json_array_append_new(all, json_pack("{s:s,s:s}", "format",
		    rel_card_kind_name((enum rel_card_kind)k), "help",
		    rel_card_kind_help((enum rel_card_kind)k)));
	return all;
}

static void
card_formats(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const struct card_rule *r;
	json_t *rules;
	int64_t cards = 0;
	int rc;

	(void)rq;
	if (api_need(c, a, who, WHO_OPERATOR) < 0)
		return;
	if ((rc = store_card_total(c->st, &cards)) < 0) {
		reply_broken(c, a, rc);
		return;
	}
	rules = json_array();
	json_array_append_new(rules, rule_json(c, card_rule_of(c, NULL)));
	for (size_t i = 0; (r = card_rule_at(c, i)) != NULL; i++)
		if (strcmp(r->of, "server") != 0)
			json_array_append_new(rules, rule_json(c, r));
	reply_json(c, a, 200, json_pack("{s:o,s:o,s:I,s:s}", "rules", rules,
	    "formats", kinds_json(), "cards", (json_int_t)cards, "ranges",
	    c->role->set.card_ranges));
}

void
api_card_formats(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, card_formats);
}

/* ---- changes */

static bool
usb_ok(const char *s)
{
	static const char hex[] = "0123456789abcdefABCDEF";

	return s[0] == '\0' || (strlen(s) == 9 && strspn(s, hex) == 4 &&
	    s[4] == ':' && strspn(s + 5, hex) == 4);
}

/* What is changed: the key and what holds there now. 0, or answered. */
static int
rule_found(struct core *c, const struct request *rq, struct asker *a,
    struct card_rule *out)
{
	const char *group = req_str(rq, F_DEVICE_GROUP);
	char id[40], of[CARD_RULE_OF];
	const struct card_rule *r;
	struct device d;
	int rc = api_of_device(c, rq, a, id);

	if (rc < 0)
		return -1;
	if (rc > 0 && group != NULL) {
		reply_field(c, a, "bad-request", "device_group",
		    "either a device or a group");
		return -1;
	}
	if (rc > 0 && (rc = store_device_get(c->st, id, &d)) < 0) {
		reply_broken(c, a, rc);
		return -1;
	}
	card_rule_key(of, req_str(rq, F_DEVICE) != NULL ? &d : NULL, group);
	*out = *card_rule_of(c, req_str(rq, F_DEVICE) != NULL ? &d : NULL);
	for (size_t i = 0; (r = card_rule_at(c, i)) != NULL; i++)
		if (strcmp(r->of, of) == 0)
			*out = *r;
	memcpy(out->of, of, sizeof out->of);
	return 0;
}

/*
 * Cards are kept as keyed hashes of their numbers: what that means is said
 * before it is done. 0, or answered.
 */
static int
may_change(struct core *c, const struct request *rq, struct asker *a,
    const struct rel_card_format *now, int64_t cards)
{
	char text[REL_CARD_FORMAT_TEXT];

	if (cards == 0 || req_num(rq, F_CONFIRM, 0) != 0)
		return 0;
	rel_card_format_text(text, now);
	reply_problem(c, a, "confirmation-needed", 0, "%lld cards are "
	    "registered by their number in the format \"%s\". They cannot be "
	    "converted here: only keyed hashes of the numbers are kept. Each "
	    "is converted when it is next held to a reader of a device this "
	    "change is for; until then, and everywhere else, it is not known "
	    "under its new number. Confirm to go on", (long long)cards, text);
	return -1;
}

/* The request into r; 0, or answered. */
static int
rule_fill(struct core *c, const struct request *rq, struct asker *a,
    struct card_rule *r)
{
	const char *text = req_str(rq, F_FORMAT), *usb = req_str(rq, F_USB);
	struct rel_card_format f;
	struct rel_err err = { 0 };
	int64_t cards = 0;
	int rc;

	if (usb != NULL && !usb_ok(usb)) {
		reply_field(c, a, "bad-request", "usb", "a reader is VID:PID, "
		    "four hex digits each (09d8:0410)");
		return -1;
	}
	if (usb != NULL)
		snprintf(r->usb, sizeof r->usb, "%s", usb);
	for (char *s = r->usb; *s != '\0'; s++)
		*s = (char)tolower((unsigned char)*s);
	if (req_num(rq, F_FORGET, 0) != 0)
		r->has_was = false;
	if (text == NULL || text[0] == '\0')
		return 0;
	if (rel_card_format_read(&f, text, &err) < 0) {
		reply_field(c, a, "bad-request", "format", err.text);
		return -1;
	}
	if (rel_card_format_same(&f, &r->format))
		return 0;
	if ((rc = store_card_total(c->st, &cards)) < 0) {
		reply_broken(c, a, rc);
		return rc;
	}
	if (may_change(c, rq, a, &r->format, cards) < 0)
		return -1;
	r->has_was = cards > 0;
	r->was = r->format;
	r->format = f;
	return 0;
}

static void
card_format_set(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *text = req_str(rq, F_FORMAT);
	bool back = text != NULL && text[0] == '\0';
	struct card_rule r;
	struct rel_err err;
	int rc;

	if (api_admin(c, a, who) < 0 || rule_found(c, rq, a, &r) < 0 ||
	    rule_fill(c, rq, a, &r) < 0)
		return;
	if (core_write(c, &err) < 0) {
		reply_broken(c, a, -REL_E_PEER);
		return;
	}
	r.changed_ms = rel_now_ms();
	snprintf(r.by, sizeof r.by, "%s", who->name);
	rc = back ? store_card_rule_del(c->st, r.of) :
	    store_card_rule_set(c->st, &r);
	cards_changed(c);
	if (rc < 0 && rc != -REL_E_NOTFOUND) {
		core_spoil(c, rc);
		reply_broken(c, a, rc);
		return;
	}
	api_audit(c, who, "card-format-changed", r.of);
	reply_json(c, a, 200, rule_json(c, &r));
}

void
api_card_format_set(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, card_format_set);
}

/* ---- what each makes of a card: for somebody with a new reader */

static json_t *
tried_json(const struct rel_card_format *f, const char *value, bool ascii)
{
	char number[REL_CARD_NUMBER];
	struct rel_err err = { 0 };
	bool good = rel_card_number(number, f, value, ascii, &err) == 0;
	json_t *o = json_pack("{s:o,s:s?,s:s?,s:s}", "format",
	    format_json(f), "number", good ? number : NULL, "why", good ?
	    NULL : err.text, "help", rel_card_kind_help(f->kind));

	rel_wipe(number, sizeof number);
	return o;
}

static void
card_format_test(struct core *c, const struct request *rq, struct asker *a,
    const struct caller *who)
{
	const char *value = req_str(rq, F_CARD), *how = req_str(rq,
	    F_CARD_ENC), *text = req_str(rq, F_FORMAT);
	bool ascii = how != NULL && strcmp(how, "ascii") == 0;
	struct rel_card_format f;
	struct rel_err err = { 0 };
	struct card_rule r;
	json_t *all;

	if (api_need(c, a, who, WHO_OPERATOR) < 0 ||
	    rule_found(c, rq, a, &r) < 0)
		return;
	if (text != NULL && rel_card_format_read(&r.format, text, &err) < 0) {
		reply_field(c, a, "bad-request", "format", err.text);
		return;
	}
	all = json_array();
	for (unsigned k = 0; k < REL_CARD_KINDS; k++) {
		f = (struct rel_card_format){ .kind = (enum rel_card_kind)k };
		json_array_append_new(all, tried_json(&f, value, ascii));
	}
	reply_json(c, a, 200, json_pack("{s:o,s:o}", "set",
	    tried_json(&r.format, value, ascii), "all", all));
}

void
api_card_format_test(struct core *c, const struct request *rq, struct asker *a)
{
	api_who(c, rq, a, card_format_test);
}
