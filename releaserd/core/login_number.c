/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * What is not a name and a password: cards with their PIN, ID numbers and
 * one-time codes.  Kept of each is a keyed hash.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>

#include "lib/fault.h"
#include "releaserd/core/access.h"
#include "releaserd/core/card.h"
#include "releaserd/core/store_guest.h"
#include "releaserd/core/login_priv.h"
#include "releaserd/core/panel_priv.h"

#define CARD_MAX 116u		/* opdp.md B3: card numbers, bytes */

/* ---- numbers to keyed hashes */

bool
card_mac(const struct core *c, uint8_t mac[32], char tail[8],
    const char *value, const char *encoding)
{
	uint8_t raw[CARD_MAX];
	size_t n = strlen(value);
	bool hex = encoding == NULL || encoding[0] == '\0' ||
	    strcasecmp(encoding, "hex") == 0;

	if (hex && n >= 2 && n % 2 == 0 && n / 2 <= sizeof raw &&
	    rel_unhex(raw, n / 2, value, n)) {
		n /= 2;
	} else if (hex && encoding != NULL && encoding[0] != '\0') {
		return false;
	} else {
		if (n < 1 || n > sizeof raw)
			return false;
		for (size_t i = 0; i < n; i++)
			if (value[i] < 0x20 || value[i] > 0x7e)
				return false;
		memcpy(raw, value, n);
	}
	keys_mac(mac, c->card_key, raw, n);
	rel_wipe(raw, sizeof raw);
	if (tail != NULL)
		snprintf(tail, 8, "%.4s", strlen(value) > 4 ?
		    value + strlen(value) - 4 : value);
	return true;
}

bool
idnum_mac(const struct core *c, uint8_t mac[32], const char *value)
{
	size_t n = strlen(value);

	if (n < 4 || n > 8 || strspn(value, "0123456789") != n)
		return false;
	keys_mac(mac, c->idnum_key, value, n);
	return true;
}

/* ---- card PINs of an import: a keyed hash, as a slow one of so many rows
 * would take an hour; four digits are protected by the host key only anyway */

#define PIN_KEYED "mac$"

void
import_pin(const struct core *c, int64_t user, const char *pin, char out[200])
{
	uint8_t both[8 + 16], mac[32];
	size_t n = strlen(pin);

	for (unsigned i = 0; i < 8; i++)
		both[i] = (uint8_t)((uint64_t)user >> (8 * i));
	if (n > 16)
		n = 16;
	memcpy(both + 8, pin, n);
	keys_mac(mac, c->card_pin_key, both, 8 + n);
	memset(out, 0, 200);
	memcpy(out, PIN_KEYED, sizeof PIN_KEYED - 1);
	rel_hex(out + sizeof PIN_KEYED - 1, mac, sizeof mac);
	rel_wipe(both, sizeof both);
}

static bool
pin_is_keyed(const struct user *u)
{
	return strncmp(u->card_pin, PIN_KEYED, sizeof PIN_KEYED - 1) == 0;
}

static bool
keyed_pin_fits(const struct core *c, const struct user *u, const char *pin)
{
	char want[sizeof u->card_pin];
	bool fits;

	import_pin(c, u->id, pin, want);
	fits = CRYPTO_memcmp(want, u->card_pin, sizeof want) == 0;
	rel_wipe(want, sizeof want);
	return fits;
}

/* ---- one-time codes (I1): 50 random bits */

#define CODE_DIGITS 10u

static void
code_mac_of(const struct core *c, uint8_t mac[32], uint64_t code)
{
	char text[CODE_DIGITS + 1];

	rel_b32(text, code, CODE_DIGITS);
	keys_mac(mac, c->code_key, text, CODE_DIGITS);
	rel_wipe(text, sizeof text);
}

void
code_new(const struct core *c, char text[CODE_TEXT], uint8_t mac[32])
{
	char digits[CODE_DIGITS + 1], hex[17];
	uint64_t code = 0;

	ids_token(hex, 8);
	for (size_t i = 0; i < 16; i++)
		code = code << 4 | (uint64_t)(strchr("0123456789abcdef",
		    hex[i]) - "0123456789abcdef");
	rel_b32(digits, code, CODE_DIGITS);
	code_mac_of(c, mac, code);
	snprintf(text, CODE_TEXT, "%.5s-%.5s", digits, digits + 5);
	rel_wipe(digits, sizeof digits);
	rel_wipe(hex, sizeof hex);
}

bool
code_mac(const struct core *c, uint8_t mac[32], const char *value)
{
	char digits[CODE_DIGITS + 1];
	uint64_t code;
	size_t n = 0;

	for (; *value != '\0'; value++) {
		if (*value == '-' || *value == ' ')
			continue;
		if (n == CODE_DIGITS)
			return false;
		digits[n++] = *value;
	}
	if (n != CODE_DIGITS || !rel_unb32(&code, digits, n))
		return false;
	code_mac_of(c, mac, code);
	rel_wipe(digits, sizeof digits);
	return true;
}

/* ---- log-in by them */

void
login_by_number(struct core *c, const struct request *rq,
    struct pending_login *p)
{
	const char *value = req_str(rq, F_VALUE);
	uint8_t mac[32];
	int rc = -REL_E_NOTFOUND;

	snprintf(p->subjects[1], sizeof p->subjects[1], "d:%s",
	    p->from);
	if (lockout_state(c, p->subjects[1]) > 0) {
		p->way->denied(c, p, "locked-out");
		login_free(c, p);
		return;
	}
	p->proof.block = BLOCK_ID_NUMBER;
	if (value != NULL && idnum_mac(c, mac, value))
		rc = store_user_by_idnum(c->st, mac, &p->user);
	if (rc == -REL_E_NOTFOUND)
		login_wrong(c, p);
	else if (rc < 0)
		reply_broken(c, &p->a, rc);
	else if (p->user.disabled)
		p->way->denied(c, p, "account-closed");
	else
		login_open(c, p);
	login_free(c, p);
}

/* The code is taken in the same transaction as it is answered for: whoever
 * dies in between, it opens one session at most. */
static void
code_take(struct core *c, struct pending_login *p, const uint8_t mac[32])
{
	struct rel_err err;
	int rc = core_write(c, &err);

	/* That of a guest is good as long as the guest is. */
	if (rc == 0 && p->proof.block != BLOCK_GUEST)
		rc = store_code_take(c->st, mac, rel_now_ms());
	rel_fault("core:code-taken");
	if (rc == 0) {
		login_audit(c, p->user.key, "code-used", p->from);
		login_open(c, p);
	} else if (rc == -REL_E_NOTFOUND) {
		login_wrong(c, p);
	} else {
		core_spoil(c, rc);
		reply_broken(c, &p->a, rc);
	}
}

void
login_by_code(struct core *c, const struct request *rq, struct pending_login *p)
{
	const char *value = req_str(rq, F_VALUE);
	uint8_t mac[32];
	int rc = -REL_E_NOTFOUND;

	snprintf(p->subjects[1], sizeof p->subjects[1], "d:%s",
	    p->from);
	p->proof.block = BLOCK_CODE;
	if (value != NULL && code_mac(c, mac, value) &&
	    login_locked_s(c, p) == 0)
		rc = store_code_user(c->st, mac, rel_now_ms(), p->from,
		    &p->user);
	if (rc == 0)
		snprintf(p->subjects[0], sizeof p->subjects[0], "u:%s",
		    p->user.key);
	if (rc == 0 && store_guest_is(c->st, p->user.id))
		p->proof.block = BLOCK_GUEST;
	if (login_locked_s(c, p) > 0)
		p->way->denied(c, p, "locked-out");
	else if (rc == -REL_E_NOTFOUND)
		login_wrong(c, p);
	else if (rc < 0)
		reply_broken(c, &p->a, rc);
	else if (p->user.disabled)
		p->way->denied(c, p, "account-closed");
	else
		code_take(c, p, mac);
	login_free(c, p);
}

static void
card_is_unknown(struct core *c, struct pending_login *p)
{
	bool may = access_registers(c, p->from);
	struct notice n = { "warning", "" };

	login_audit(c, p->from, "card-unknown", p->card_tail);
	snprintf(n.text, sizeof n.text, "%s", word(p->locale, may ?
	    "register-hint" : "card-unknown"));
	login_refuse(c, &p->a, "card-unknown", login_menu(c, p, may ?
	    "register-card" : "login", &n));
}

/* A card that is known: in, or the PIN first. Takes p. */
static void
card_known(struct core *c, struct pending_login *p, const char *pin)
{
	bool wants_pin = p->user.card_pin[0] != '\0';

	p->proof.block = wants_pin ? BLOCK_CARD_PIN : BLOCK_CARD;
	snprintf(p->subjects[0], sizeof p->subjects[0], "u:%s", p->user.key);
	if (p->user.disabled) {
		p->way->denied(c, p, "account-closed");
	} else if (lockout_state(c, p->subjects[0]) > 0) {
		p->way->denied(c, p, "locked-out");
	} else if (wants_pin && (pin == NULL || pin[0] == '\0')) {
		login_refuse(c, &p->a, "pin-needed", login_menu(c, p,
		    "login-card-pin", NULL));
	} else if (wants_pin && pin_is_keyed(&p->user)) {
		if (!keyed_pin_fits(c, &p->user, pin))
			login_wrong(c, p);
		else if (lockout_cleared(c, p->subjects[0]) < 0)
			reply_broken(c, &p->a, -REL_E_PEER);
		else
			login_open(c, p);
	} else if (wants_pin) {
		login_verify(c, p, pin, p->user.card_pin);
		return;
	} else if (strcmp(p->method, "card+pin") == 0) {
		login_wrong(c, p);	/* there is no PIN to be right */
	} else {
		login_open(c, p);
	}
	login_free(c, p);
}

/* The number of what was read at p's device; 0 or -1 when it is none. */
static int
read_card(struct core *c, const struct pending_login *p,
    const struct card_read *read, struct card_known *k)
{
	struct rel_err err = { 0 };

	if (read->value == NULL)
		return -1;
	if (card_know(c, card_rule_of(c, device_at(c, p->from)), read, k,
	    &err) == 0)
		return 0;
	rel_log(REL_WARN, "card not read", "device=%s why=\"%s\"", p->from,
	    err.text);
	return -1;
}

/* A card that is lent is good from a day, until a day. NULL: it is now. */
static const char *
card_out_of_time(const struct user *u)
{
	int64_t now = rel_now_ms();

	if (u->card_until_ms > 0 && u->card_until_ms <= now)
		return "card-expired";
	return u->card_from_ms > now ? "card-not-yet" : NULL;
}

void
login_by_card(struct core *c, const struct request *rq, struct pending_login *p)
{
	const struct card_read read = { req_str(rq, F_VALUE),
	    req_str(rq, F_ENCODING), rq->html };
	struct card_known k;
	int rc;

	if (read_card(c, p, &read, &k) < 0) {
		p->way->denied(c, p, "bad-credential");
		login_free(c, p);
		return;
	}
	memcpy(p->card_tail, k.tail, sizeof p->card_tail);
	rc = card_owner(c, card_rule_of(c, device_at(c, p->from)), &read, &k,
	    &p->user);
	rel_wipe(&k, sizeof k);
	if (rc == -REL_E_EXISTS) {
		login_audit(c, p->from, "card-ambiguous", p->card_tail);
		p->way->denied(c, p, "card-in-use");
		login_free(c, p);
		return;
	}
	if (rc == 0 && card_out_of_time(&p->user) != NULL) {
		p->way->denied(c, p, card_out_of_time(&p->user));
		login_free(c, p);
		return;
	}
	if (rc == 0) {
		card_known(c, p, req_str(rq, F_PIN));
		return;
	}
	if (rc == -REL_E_NOTFOUND)
		card_is_unknown(c, p);
	else
		reply_broken(c, &p->a, rc);
	login_free(c, p);
}

/* ---- a person registers a card */

/* 0; an answer has been given otherwise. */
int
login_tie_card(struct core *c, struct pending_login *p)
{
	struct card k = { .id = ids_next(c), .user_id = p->user.id,
	    .created_ms = rel_now_ms() };
	struct rel_err err;
	struct user owner;
	const char *why = NULL;
	int rc;

	memcpy(k.mac, p->card, sizeof k.mac);
	memcpy(k.tail, p->card_tail, sizeof k.tail);
	if (store_user_by_card(c->st, k.mac, &owner) == 0 &&
	    owner.id == p->user.id && card_out_of_time(&owner) == NULL)
		return 0;		/* it is theirs */
	if (p->user.cards >= c->role->set.card_limit) {
		why = "card-limit";
	} else if (core_write(c, &err) < 0) {
		reply_broken(c, &p->a, -REL_E_PEER);
		return -1;
	} else if ((rc = store_card_add(c->st, &k)) == -REL_E_EXISTS) {
		why = "card-in-use";
		card_clash(c, &k, &p->user, p->from);
	} else if (rc < 0) {
		core_spoil(c, rc);
	} else {
		login_audit(c, p->user.key, "card-registered", p->from);
	}
	if (why == NULL)
		return 0;
	snprintf(p->method, sizeof p->method, "card");
	p->way->denied(c, p, why);
	return -1;
}

void
login_register_card(struct core *c, const struct request *rq,
    const struct asker *a, const struct device *d)
{
	struct card_read read = { req_str(rq, F_CARD_VALUE),
	    req_str(rq, F_CARD_ENCODING), rq->html };
	struct pending_login *p;
	struct card_known k;

	if (!access_registers(c, d->id)) {
		reply_problem(c, a, "forbidden", 0,
		    "cards are registered by the help desk here");
		return;
	}
	if (read.value == NULL) {
		read.value = req_str(rq, F_VALUE);
		read.encoding = req_str(rq, F_ENCODING);
	}
	if ((p = login_new(a, rq, &login_at_panel, "password", d->id)) == NULL) {
		reply_problem(c, a, "internal", 0, "no memory");
		return;
	}
	p->registers = true;
	(void)login_begin(c, rq, d, p);
	if (read_card(c, p, &read, &k) < 0) {
		reply_problem(c, a, "bad-request", 0,
		    "register-card needs card.value, user and password");
		login_free(c, p);
		return;
	}
	memcpy(p->card, k.mac, sizeof p->card);
	memcpy(p->card_tail, k.tail, sizeof p->card_tail);
	if (card_may_register(c, &k)) {
		login_by_typed(c, rq, p);
	} else {
		snprintf(p->method, sizeof p->method, "card");
		login_undecided(c, p, "card-range");
	}
	rel_wipe(&k, sizeof k);
}
