/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/*
 * Who are you: card, card+pin, id-number, password.  Hashing is an agent's
 * work; a name nobody has costs the same hash and gets the same answer.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>

#include "lib/fault.h"
#include "releaserd/core/directories.h"
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

/* ---- answers */

static json_t *
functions_json(void)
{
	return json_pack("{s:{s:b,s:s},s:{s:b},s:{s:b},s:{s:b},s:{s:b},"
	    "s:{s:b},s:{s:b}}", "print", "allow", 1, "color", "any", "copy",
	    "allow", 0, "scan", "allow", 0, "fax", "allow", 0, "usb", "allow",
	    0, "storage", "allow", 0, "settings", "allow", 0);
}

static json_t *
session_json(struct core *c, const struct session *s)
{
	const struct user *u = &s->user;

	return json_pack("{s:s,s:o,s:o,s:I,s:s,s:{s:s,s:s,s:s?,s:s?,s:s},s:o,"
	    "s:{s:b,s:b,s:i},s:o,s:s,s:s,s:o,s:o}",
	    "session_id", s->id, "opened_at", json_time(s->opened_ms),
	    "expires_at", json_time(s->expires_ms), "inactivity_s",
	    (json_int_t)(c->role->set.panel_timeout_ms / 1000), "method",
	    s->method, "user", "id", u->name, "display",
	    u->display[0] != '\0' ? u->display : u->name, "department",
	    u->department[0] != '\0' ? u->department : NULL, "email",
	    u->mail[0] != '\0' ? u->mail : NULL, "locale", s->locale,
	    "functions", functions_json(), "rules", "force_mono", 0,
	    "force_duplex", 0, "max_copies", 999, "quota", quota_list(c, s),
	    "over", "stop", "authorize", "never", "balance_text",
	    balance_text(c, s), "accounts", panel_accounts(c, s));
}

static void
denied(struct core *c, const struct asker *a, const char *reason,
    json_t *menu)
{
	reply_json(c, a, 200, json_pack("{s:s,s:s,s:o}", "result", "denied",
	    "reason", reason, "menu", menu));
}

/* The same menu again, with the reason on it. */
static void
denied_menu(struct core *c, const struct pending_login *p, const char *reason)
{
	struct notice n = { "error", "" };

	snprintf(n.text, sizeof n.text, "%s", word(p->locale, reason));
	denied(c, &p->a, reason, strcmp(p->method, "password") == 0 ?
	    menu_password(c, p->locale, &n) : strcmp(p->method, "qr") == 0 ?
	    menu_code(p->locale, &n) : menu_login(p->locale, &n));
}

static void
audit(struct core *c, const char *who, const char *what, const char *detail)
{
	struct rel_err err;

	if (core_write(c, &err) < 0)
		return;
	if (store_audit(c->st, rel_now_ms(), who, what, detail) < 0)
		core_spoil(c, 0);
}

/* The person is who he or she says: open the panel. */
static void
admit(struct core *c, const struct pending_login *p)
{
	struct notice n = { "info", "" };
	struct session *s = session_open(c, p->from, &p->user, p->method,
	    p->locale);
	json_t *menu, *session;

	if (s == NULL) {
		reply_problem(c, &p->a, "internal", 0, "no memory");
		return;
	}
	session = session_json(c, s);
	if (p->registers)
		snprintf(n.text, sizeof n.text, "%s",
		    word(s->locale, "registered"));
	else
		balance_words(s->locale, json_object_get(session,
		    "balance_text"), n.text, sizeof n.text);
	menu = menu_jobs(c, s, 0, n.text[0] != '\0' ? &n : NULL);
	if (menu == NULL) {
		json_decref(session);
		reply_broken(c, &p->a, -REL_E_IO);
		return;
	}
	rel_log(REL_INFO, "log-in", "user=%s device=%s method=%s",
	    p->user.key, p->from, p->method);
	reply_json(c, &p->a, 200, json_pack("{s:s,s:o,s:o}", "result", "ok",
	    "session", session, "menu", menu));
}

/* ---- password checks by an agent */

static void
pending_free(struct core *c, struct pending_login *p)
{
	if (p->way->over != NULL)
		p->way->over(c);
	rel_wipe(p, sizeof *p);
	free(p);
}

int
login_locked_s(struct core *c, const struct pending_login *p)
{
	int most = 0;

	for (size_t i = 0; i < 2; i++) {
		int s = p->subjects[i][0] != '\0' ?
		    lockout_state(c, p->subjects[i]) : 0;

		most = s > most ? s : most;
	}
	return most;
}

static void
password_wrong(struct core *c, const struct pending_login *p)
{
	for (size_t i = 0; i < 2; i++)
		if (p->subjects[i][0] != '\0' &&
		    lockout_failed(c, p->subjects[i]) < 0) {
			reply_broken(c, &p->a, -REL_E_PEER);
			return;
		}
	audit(c, p->subjects[p->subjects[0][0] == '\0'], "login-denied",
	    p->from);
	p->way->denied(c, p, "bad-credential");
}

/* 0; an answer has been given otherwise. */
static int
tie_card(struct core *c, struct pending_login *p)
{
	struct card k = { .id = ids_next(c), .user_id = p->user.id,
	    .created_ms = rel_now_ms() };
	struct rel_err err;
	const char *why = NULL;
	int rc;

	memcpy(k.mac, p->card, sizeof k.mac);
	memcpy(k.tail, p->card_tail, sizeof k.tail);
	if (p->user.cards >= c->role->set.card_limit) {
		why = "card-limit";
	} else if (core_write(c, &err) < 0) {
		reply_broken(c, &p->a, -REL_E_PEER);
		return -1;
	} else if ((rc = store_card_add(c->st, &k)) == -REL_E_EXISTS) {
		why = "card-in-use";
	} else if (rc < 0) {
		core_spoil(c, rc);
	} else {
		audit(c, p->user.key, "card-registered", p->from);
	}
	if (why == NULL)
		return 0;
	snprintf(p->method, sizeof p->method, "card");
	p->way->denied(c, p, why);
	return -1;
}

void
login_undecided(struct core *c, struct pending_login *p, const char *reason)
{
	p->way->denied(c, p, reason);
	pending_free(c, p);
}

void
login_decided(struct core *c, struct pending_login *p, bool right)
{
	struct user now;

	/* The account may have changed meanwhile. */
	right = right && p->user.id != 0 &&
	    store_user_by_id(c->st, p->user.id, &now) == 0 &&
	    !(now.disabled && p->way->closed_is_wrong);
	/* Many may be tried at once: those that end after it count not. */
	if (login_locked_s(c, p) > 0) {
		p->way->denied(c, p, "locked-out");
	} else if (!right) {
		password_wrong(c, p);
	} else if (now.disabled) {
		p->way->denied(c, p, "account-closed");
	} else {
		p->user = now;
		if (lockout_cleared(c, p->subjects[0]) < 0)
			reply_broken(c, &p->a, -REL_E_PEER);
		else if (!p->registers || tie_card(c, p) == 0)
			p->way->admit(c, p);
	}
	pending_free(c, p);
}

static void
on_verified(struct core *c, struct rel_frame *fr, void *ctx)
{
	struct pending_login *p = ctx;
	struct rel_cur cur;
	bool right;

	if (fr == NULL || fr->type != IPC_VERIFIED) {
		reply_problem(c, &p->a, "backend-unavailable", 2,
		    "passwords cannot be checked now");
		pending_free(c, p);
		return;
	}
	rel_cur_init(&cur, fr->body, fr->len);
	right = rel_get_u8(&cur) == 1 && rel_cur_end(&cur) == 0;
	login_decided(c, p, right);
}

/* Ask an agent whether secret fits verifier; takes p. */
static void
verify(struct core *c, struct pending_login *p, const char *secret,
    const char *verifier)
{
	struct rel_buf b;
	int rc;

	rel_buf_init(&b);
	rel_put_str(&b, secret);
	rel_put_str(&b, verifier[0] != '\0' ? verifier : c->dummy_verifier);
	rc = b.failed ? -b.failed :
	    agent_ask(c, IPC_VERIFY, &b, on_verified, p);
	rel_buf_fini_secret(&b);
	if (rc < 0) {
		reply_problem(c, &p->a, "rate-limited", 5,
		    "too many log-ins are waiting");
		pending_free(c, p);
	}
}

struct pending_login *
login_new(const struct asker *a, const struct request *rq,
    const struct login_way *way, const char *method, const char *from)
{
	struct pending_login *p = calloc(1, sizeof *p);

	if (p == NULL)
		return NULL;
	p->a = *a;
	p->way = way;
	p->a.keep_short = a->idem_key[0] != '\0';
	if (p->a.keep_short)
		reply_mark(&p->a);
	snprintf(p->method, sizeof p->method, "%s", method);
	snprintf(p->from, sizeof p->from, "%s", from);
	snprintf(p->locale, sizeof p->locale, "%s", rq->locale);
	return p;
}

/* Where the account's password is, for directories_route(). */
static int64_t
known_at(int found, const struct user *u)
{
	return found < 0 ? -1 : u->directory != 0 ? u->directory :
	    u->password[0] != '\0' ? 0 : -1;
}

void
login_by_password(struct core *c, const char *name, const char *domain,
    const char *pw, struct pending_login *p)
{
	char key[84], bare[256];
	struct user u;
	int64_t at;
	int rc;

	if (name == NULL || pw == NULL || pw[0] == '\0' ||
	    !rel_user_key(key, sizeof key, name,
	    c->role->set.strip_realm != 0)) {
		p->way->denied(c, p, "bad-credential");
		pending_free(c, p);
		return;
	}
	snprintf(p->subjects[0], sizeof p->subjects[0], "u:%s", key);
	if (login_locked_s(c, p) > 0) {
		p->way->denied(c, p, "locked-out");
		pending_free(c, p);
		return;
	}
	rc = store_user_get(c->st, key, &u);
	if (rc < 0 && rc != -REL_E_NOTFOUND) {
		reply_broken(c, &p->a, rc);
		pending_free(c, p);
		return;
	}
	if (directories_route(c, name, domain, known_at(rc, &u), &at,
	    bare) == 1) {
		login_at_directory(c, at, bare, pw, p);
		return;
	}
	if (rc == 0 && u.password[0] != '\0')
		p->user = u;
	verify(c, p, pw, rc == 0 ? u.password : "");
}

static const struct login_way at_panel = { .denied = denied_menu,
    .admit = admit };

/* Name and password, for a log-in or to register a card; takes p. */
static void
by_password(struct core *c, const struct request *rq, struct pending_login *p)
{
	const char *domain = req_str(rq, F_DOMAIN);

	login_by_password(c, req_str(rq, F_USER), domain != NULL ? domain :
	    "", req_str(rq, F_PASSWORD), p);
}

/* ---- card and number */

static void
by_number(struct core *c, const struct request *rq, struct pending_login *p)
{
	const char *value = req_str(rq, F_VALUE);
	uint8_t mac[32];
	int rc = -REL_E_NOTFOUND;

	snprintf(p->subjects[1], sizeof p->subjects[1], "d:%s",
	    p->from);
	if (lockout_state(c, p->subjects[1]) > 0) {
		p->way->denied(c, p, "locked-out");
		pending_free(c, p);
		return;
	}
	if (value != NULL && idnum_mac(c, mac, value))
		rc = store_user_by_idnum(c->st, mac, &p->user);
	if (rc == -REL_E_NOTFOUND)
		password_wrong(c, p);
	else if (rc < 0)
		reply_broken(c, &p->a, rc);
	else if (p->user.disabled)
		p->way->denied(c, p, "account-closed");
	else
		admit(c, p);
	pending_free(c, p);
}

/* The code is taken in the same transaction as it is answered for: whoever
 * dies in between, it opens one session at most. */
static void
code_take(struct core *c, struct pending_login *p, const uint8_t mac[32])
{
	struct rel_err err;
	int rc = core_write(c, &err);

	if (rc == 0)
		rc = store_code_take(c->st, mac, rel_now_ms());
	rel_fault("core:code-taken");
	if (rc == 0) {
		audit(c, p->user.key, "code-used", p->from);
		admit(c, p);
	} else if (rc == -REL_E_NOTFOUND) {
		password_wrong(c, p);
	} else {
		core_spoil(c, rc);
		reply_broken(c, &p->a, rc);
	}
}

static void
by_code(struct core *c, const struct request *rq, struct pending_login *p)
{
	const char *value = req_str(rq, F_VALUE);
	uint8_t mac[32];
	int rc = -REL_E_NOTFOUND;

	snprintf(p->subjects[1], sizeof p->subjects[1], "d:%s",
	    p->from);
	if (value != NULL && code_mac(c, mac, value) &&
	    login_locked_s(c, p) == 0)
		rc = store_code_user(c->st, mac, rel_now_ms(), &p->user);
	if (rc == 0)
		snprintf(p->subjects[0], sizeof p->subjects[0], "u:%s",
		    p->user.key);
	if (login_locked_s(c, p) > 0)
		p->way->denied(c, p, "locked-out");
	else if (rc == -REL_E_NOTFOUND)
		password_wrong(c, p);
	else if (rc < 0)
		reply_broken(c, &p->a, rc);
	else if (p->user.disabled)
		p->way->denied(c, p, "account-closed");
	else
		code_take(c, p, mac);
	pending_free(c, p);
}

static void
card_is_unknown(struct core *c, struct pending_login *p)
{
	struct notice n = { "warning", "" };

	audit(c, p->from, "card-unknown", p->card_tail);
	snprintf(n.text, sizeof n.text, "%s", word(p->locale,
	    c->role->set.register_unknown_cards ? "register-hint" :
	    "card-unknown"));
	denied(c, &p->a, "card-unknown", c->role->set.register_unknown_cards ?
	    menu_register(p->locale, &n) : menu_login(p->locale, &n));
}

/* A card that is known: in, or the PIN first. Takes p. */
static void
card_known(struct core *c, struct pending_login *p, const char *pin)
{
	bool wants_pin = p->user.card_pin[0] != '\0';

	snprintf(p->subjects[0], sizeof p->subjects[0], "u:%s", p->user.key);
	if (p->user.disabled) {
		p->way->denied(c, p, "account-closed");
	} else if (lockout_state(c, p->subjects[0]) > 0) {
		p->way->denied(c, p, "locked-out");
	} else if (wants_pin && (pin == NULL || pin[0] == '\0')) {
		denied(c, &p->a, "pin-needed",
		    menu_card_pin(p->locale, NULL));
	} else if (wants_pin && pin_is_keyed(&p->user)) {
		if (!keyed_pin_fits(c, &p->user, pin))
			password_wrong(c, p);
		else if (lockout_cleared(c, p->subjects[0]) < 0)
			reply_broken(c, &p->a, -REL_E_PEER);
		else
			admit(c, p);
	} else if (wants_pin) {
		verify(c, p, pin, p->user.card_pin);
		return;
	} else if (strcmp(p->method, "card+pin") == 0) {
		password_wrong(c, p);	/* there is no PIN to be right */
	} else {
		admit(c, p);
	}
	pending_free(c, p);
}

/*
 * Whose card is it?  A reader that types like a keyboard does not say whether
 * its digits are hex or text: on the HTML panel it is the card that is known.
 */
static int
card_owner(struct core *c, const struct request *rq, const uint8_t mac[32],
    struct user *u)
{
	uint8_t typed[32];
	int rc = store_user_by_card(c->st, mac, u);

	if (rc != -REL_E_NOTFOUND || !rq->html ||
	    !card_mac(c, typed, NULL, req_str(rq, F_VALUE), "ascii"))
		return rc;
	return store_user_by_card(c->st, typed, u);
}

static void
by_card(struct core *c, const struct request *rq, struct pending_login *p)
{
	const char *value = req_str(rq, F_VALUE);
	uint8_t mac[32];
	int rc = -REL_E_NOTFOUND;

	if (value == NULL || !card_mac(c, mac, p->card_tail, value,
	    req_str(rq, F_ENCODING))) {
		p->way->denied(c, p, "bad-credential");
		pending_free(c, p);
		return;
	}
	rc = card_owner(c, rq, mac, &p->user);
	if (rc == 0 && p->user.card_until_ms > 0 &&
	    p->user.card_until_ms <= rel_now_ms()) {
		p->way->denied(c, p, "card-expired");
		pending_free(c, p);
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
	pending_free(c, p);
}

void
login(struct core *c, const struct request *rq, const struct asker *a,
    const struct device *d)
{
	static const struct {
		const char *method;
		void (*fn)(struct core *, const struct request *,
		    struct pending_login *);
	} methods[] = {
		{ "card", by_card }, { "card+pin", by_card },
		{ "id-number", by_number }, { "password", by_password },
		{ "qr", by_code }
	};
	const char *method = req_str(rq, F_METHOD);

	for (size_t i = 0; method != NULL &&
	    i < sizeof methods / sizeof methods[0]; i++) {
		struct pending_login *p;

		if (strcmp(methods[i].method, method) != 0)
			continue;
		if ((p = login_new(a, rq, &at_panel, method, d->id)) == NULL)
			reply_problem(c, a, "internal", 0, "no memory");
		else
			methods[i].fn(c, rq, p);
		return;
	}
	reply_problem(c, a, "bad-request", 0, "credential.method must be "
	    "card, card+pin, id-number, password or qr");
}

void
login_register_card(struct core *c, const struct request *rq,
    const struct asker *a, const struct device *d)
{
	const char *value = req_str(rq, F_CARD_VALUE);
	const char *encoding = req_str(rq, F_CARD_ENCODING);
	struct pending_login *p;

	if (!c->role->set.register_unknown_cards) {
		reply_problem(c, a, "forbidden", 0,
		    "cards are registered by the help desk here");
		return;
	}
	if (value == NULL) {
		value = req_str(rq, F_VALUE);
		encoding = req_str(rq, F_ENCODING);
	}
	if ((p = login_new(a, rq, &at_panel, "password", d->id)) == NULL) {
		reply_problem(c, a, "internal", 0, "no memory");
		return;
	}
	p->registers = true;
	if (value == NULL || !card_mac(c, p->card, p->card_tail, value,
	    encoding)) {
		reply_problem(c, a, "bad-request", 0,
		    "register-card needs card.value, user and password");
		pending_free(c, p);
		return;
	}
	by_password(c, rq, p);
}
