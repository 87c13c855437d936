/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "releaserd/net/csrf.h"
#include "releaserd/net/decode.h"
#include "releaserd/net/form.h"
#include "releaserd/net/html.h"

/* ---- forms */

static struct rel_err why;

static int
form_of(struct form *f, const char *text)
{
	return form_read(f, text, strlen(text), &why);
}

UNIT(form_decodes)
{
	struct form f;

	assert_int_equal(form_of(&f, "a=1+2&b=%C3%A4%26&c&&d=&a=3"), 0);
	assert_int_equal(f.npairs, 5);
	assert_string_equal(form_get(&f, "a"), "1 2");
	assert_string_equal(form_get(&f, "b"), "\xc3\xa4&");
	assert_string_equal(form_get(&f, "c"), "");
	assert_string_equal(form_get(&f, "d"), "");
	assert_null(form_get(&f, "e"));
	form_fini(&f);
	assert_int_equal(form_of(&f, ""), 0);
	assert_null(form_get(&f, ""));
	form_fini(&f);
}

UNIT(form_refuses)
{
	static const char *const bad[] = {
		"a=%", "a=%0", "a=%00", "%ff=1", "a=%c3%28", "a=%gg"
	};
	struct form f;
	char *many = malloc(2 * FORM_PAIRS_MAX + 3);

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(form_of(&f, bad[i]), -REL_E_FORMAT);
		form_fini(&f);
	}
	assert_non_null(many);
	for (size_t i = 0; i <= FORM_PAIRS_MAX; i++)
		memcpy(many + 2 * i, "a&", 3);
	assert_int_equal(form_of(&f, many), -REL_E_LIMIT);
	form_fini(&f);
	free(many);
}

/* The action `action` of button b, with the rest of a form. */
static char *
request_of(const char *action, const char *rest)
{
	json_t *body;
	struct form f;
	struct rel_buf b;
	char *text;
	json_malloc_t get;
	json_free_t drop;

	rel_buf_init(&b);
	rel_put_fmt(&b, "_press=b&_action.b=%s&%s", action, rest);
	assert_int_equal(form_read(&f, (char *)b.data, b.len, &why), 0);
	rel_buf_fini(&b);
	body = form_action(&f, "s-1", "r-1", &why);
	form_fini(&f);
	if (body == NULL)
		return NULL;
	text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(body);
	assert_non_null(text);
	rest = strdup(text);
	json_get_alloc_funcs(&get, &drop);
	drop(text);
	return (char *)(uintptr_t)rest;
}

UNIT(form_means)
{
	static const struct {
		const char *action, *rest, *want;
	} cases[] = {
		{ "{\"op\":\"login\",\"method\":\"id-number\",\"field\":"
		    "\"id_number\"}", "id_number=12345&_row=j-1",
		    "\"credential\":{\"method\":\"id-number\",\"value\":"
		    "\"12345\"},\"op\":\"login\",\"request_id\":\"r-1\","
		    "\"session_id\":\"s-1\"}" },
		{ "{\"op\":\"login\",\"method\":\"card\"}", "card=04A1b2c3",
		    "{\"encoding\":\"hex\",\"method\":\"card\",\"value\":"
		    "\"04A1b2c3\"}" },
		{ "{\"op\":\"login\",\"method\":\"card\"}", "card=04A1b2c",
		    "{\"encoding\":\"ascii\",\"method\":\"card\",\"value\":"
		    "\"04A1b2c\"}" },
		{ "{\"op\":\"login\",\"method\":\"card%2bpin\",\"field\":"
		    "\"pin\"}", "card=04A1&pin=1234",
		    "{\"encoding\":\"hex\",\"method\":\"card+pin\",\"pin\":"
		    "\"1234\",\"value\":\"04A1\"}" },
		{ "{\"op\":\"login\",\"method\":\"password\"}",
		    "user=anna&password=p%26w&domain=",
		    "{\"method\":\"password\",\"password\":\"p&w\",\"user\":"
		    "\"anna\"}" },
		{ "{\"op\":\"register-card\"}",
		    "user=anna&password=x&card=04A1",
		    "\"card\":{\"encoding\":\"hex\",\"value\":\"04A1\"},"
		    "\"credential\":{\"method\":\"password\",\"password\":"
		    "\"x\",\"user\":\"anna\"}" },
		{ "{\"op\":\"unlock\",\"field\":\"pin\"}", "pin=0000",
		    "\"credential\":{\"method\":\"pin\",\"value\":\"0000\"}" },
		{ "{\"op\":\"release\",\"jobs\":\"selected\"}",
		    "_row=j-1&_row=j-2",
		    "\"jobs\":[{\"id\":\"j-1\"},{\"id\":\"j-2\"}]" },
		{ "{\"op\":\"release\",\"jobs\":\"all\"}", "_row=j-1",
		    "\"jobs\":\"all\"" },
		{ "{\"op\":\"set-options\",\"jobs\":\"selected\"}",
		    "_row=j-1&copies=3",
		    "\"jobs\":[{\"id\":\"j-1\",\"options\":{\"copies\":3}}]" },
		{ "{\"op\":\"set-options\",\"job\":\"j-1\"}", "copies=3",
		    "\"options\":{\"copies\":3}" },
		{ "{\"op\":\"menu\",\"menu\":\"jobs\",\"cursor\":\"c50\"}", "",
		    "{\"cursor\":\"c50\",\"menu\":\"jobs\",\"op\":\"menu\"" }
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *text = request_of(cases[i].action, cases[i].rest);

		if (text == NULL || strstr(text, cases[i].want) == NULL)
			fail_msg("%s + %s: %s", cases[i].action,
			    cases[i].rest, text != NULL ? text : why.text);
		free(text);
	}
}

UNIT(form_means_nothing)
{
	static const struct {
		const char *action, *rest;
	} cases[] = {
		{ "", "" }, { "[]", "" }, { "{\"op\":1}", "" },
		{ "{\"op\":\"a\",\"op\":\"b\"}", "" },
		{ "{\"op\":\"set-options\",\"job\":\"j\"}", "copies=1e3" },
		{ "{\"op\":\"set-options\",\"job\":\"j\"}", "copies=0" },
		{ "{\"op\":\"set-options\",\"job\":\"j\"}", "copies=1000" }
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		why.text[0] = '\0';
		assert_null(request_of(cases[i].action, cases[i].rest));
		assert_true(why.text[0] != '\0');
	}
}

/* ---- pages */

static char *
page_of(const char *menu)
{
	static const struct html_page pg = {
		.locale = "de-CH", .csrf = "tok", .request_id = "id-1",
		.card = "04A1"
	};
	json_t *m = json_in(menu, strlen(menu), &why);
	struct rel_buf b;

	assert_non_null(m);
	rel_buf_init(&b);
	html_menu(&b, m, &pg);
	rel_put_u8(&b, 0);
	json_decref(m);
	assert_int_equal(b.failed, 0);
	return (char *)b.data;
}

static size_t
count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text += strlen(what))
		n++;
	return n;
}

/* One hostile text everywhere a menu has a text. */
#define EVIL "</b><script>x('\\\"')</script>&\\u0007\\u202e"
UNIT(page_escapes)
{
	char *html = page_of("{\"menu\":\"jobs\",\"title\":\"" EVIL "\","
	    "\"message\":{\"level\":\"" EVIL "\",\"text\":\"" EVIL "\"},"
	    "\"items\":[{\"type\":\"button\",\"id\":\"" EVIL "\",\"label\":\""
	    EVIL "\",\"action\":{\"op\":\"" EVIL "\"}},"
	    "{\"type\":\"list\",\"id\":\"l\",\"next\":\"" EVIL "\",\"rows\":["
	    "{\"id\":\"" EVIL "\",\"label\":\"" EVIL "\",\"sub\":\"" EVIL
	    "\",\"badges\":[\"" EVIL "\",7],\"cost\":\"" EVIL "\"}]},"
	    "{\"type\":\"field\",\"id\":\"" EVIL "\",\"label\":\"" EVIL
	    "\",\"value\":\"" EVIL "\"},"
	    "{\"type\":\"choice\",\"id\":\"c\",\"label\":\"" EVIL
	    "\",\"values\":[\"" EVIL "\",{\"value\":\"" EVIL "\",\"label\":\""
	    EVIL "\"}]},{\"type\":\"toggle\",\"id\":\"" EVIL "\",\"label\":\""
	    EVIL "\"},{\"type\":\"link\",\"id\":\"k\",\"label\":\"" EVIL
	    "\",\"menu\":\"" EVIL "\"},{\"type\":\"reader\",\"label\":\"" EVIL
	    "\"},{\"type\":\"message\",\"text\":\"" EVIL "\"}],"
	    "\"keys\":{\"submit\":\"" EVIL "\",\"logout\":{\"op\":\"" EVIL
	    "\"}}}");

	assert_int_equal(count(html, "<script"), 0);
	assert_int_equal(count(html, "x('"), 0);
	assert_int_equal(count(html, "\a"), 0);
	assert_true(count(html, "&lt;script&gt;") > 20);
	/* Every tag we open is one of ours. */
	assert_int_equal(count(html, "<b>"), 1);
	assert_int_equal(count(html, "</b>"), 1);
	assert_int_equal(count(html, "<form"), count(html, "</form>"));
	free(html);
}

UNIT(page_has_what_is_needed)
{
	char *html = page_of("{\"menu\":\"login\",\"title\":\"Anmelden\","
	    "\"items\":[{\"type\":\"reader\",\"id\":\"card\"},"
	    "{\"type\":\"field\",\"id\":\"id_number\",\"kind\":\"digits\","
	    "\"label\":\"Nummer\",\"mask\":true,\"min\":4,\"max\":8},"
	    "{\"type\":\"button\",\"id\":\"by-number\",\"label\":\"OK\","
	    "\"action\":{\"op\":\"login\",\"method\":\"id-number\"}},"
	    "{\"type\":\"native\",\"id\":\"copy\",\"label\":\"Kopie\"},"
	    "{\"type\":\"hologram\",\"id\":\"x\",\"label\":\"NEU\"}],"
	    "\"keys\":{\"back\":null,\"submit\":\"by-number\"}}");

	assert_non_null(strstr(html, "<html lang=\"de\">"));
	assert_non_null(strstr(html, "<input name=\"card\""));
	assert_non_null(strstr(html, "autofocus"));
	assert_non_null(strstr(html, "name=\"id_number\" type=\"password\" "
	    "inputmode=\"numeric\" pattern=\"[0-9]*\" minlength=\"4\" "
	    "maxlength=\"8\""));
	assert_int_equal(count(html, "name=\"_csrf\" value=\"tok\""), 2);
	assert_int_equal(count(html, "<form"), 2);
	/* Enter means `submit`; what we do not know is left out. */
	assert_non_null(strstr(html, "name=\"_press\" value=\"by-number\" "
	    "tabindex=\"-1\" aria-hidden=\"true\">"));
	assert_null(strstr(html, "Kopie"));
	assert_null(strstr(html, "NEU"));
	/* The held card only goes where it is asked for. */
	assert_null(strstr(html, "04A1"));
	free(html);
	html = page_of("{\"menu\":\"card-new\",\"items\":[{\"type\":"
	    "\"reader\",\"id\":\"card\"},{\"type\":"
	    "\"button\",\"id\":\"r\",\"label\":\"OK\",\"action\":{\"op\":"
	    "\"register-card\"}}]}");
	assert_non_null(strstr(html, "type=\"hidden\" name=\"card\" "
	    "value=\"04A1\""));
	assert_int_equal(count(html, "<form"), 1);
	free(html);
}

/* What the items do already is not offered again below. */
UNIT(page_says_it_once)
{
	char *html = page_of("{\"menu\":\"jobs\",\"locale\":\"en\",\"items\":["
	    "{\"type\":\"list\",\"id\":\"l\",\"next\":\"c\",\"rows\":[]},"
	    "{\"type\":\"button\",\"id\":\"n\",\"label\":\"Next\","
	    "\"action\":{\"op\":\"menu\",\"cursor\":\"c\"}},"
	    "{\"type\":\"link\",\"id\":\"o\",\"label\":\"Log out\","
	    "\"action\":{\"op\":\"logout\"}}],\"keys\":{\"back\":"
	    "{\"op\":\"menu\"},\"logout\":{\"op\":\"logout\"}}}");

	assert_int_equal(count(html, "Log out"), 1);
	assert_int_equal(count(html, ">Back<"), 1);
	assert_null(strstr(html, ">More<"));
	assert_non_null(strstr(html, "<html lang=\"en\">"));
	assert_non_null(strstr(html, "name=\"_action.o\" value=\"{&quot;op"
	    "&quot;:&quot;logout&quot;}\""));
	free(html);
}

/* Whatever a menu is, a page comes out. */
UNIT(page_of_nonsense)
{
	static const char *const menus[] = {
		"{}", "{\"items\":7,\"keys\":[],\"message\":3}",
		"{\"items\":[7,null,[],{}]}",
		"{\"items\":[{\"type\":\"list\",\"rows\":[1,{}]},"
		"{\"type\":\"choice\",\"values\":{}},{\"type\":\"field\"},"
		"{\"type\":\"button\"},{\"type\":\"reader\",\"action\":1}]}"
	};

	for (size_t i = 0; i < sizeof menus / sizeof menus[0]; i++) {
		char *html = page_of(menus[i]);

		assert_non_null(strstr(html, "</html>"));
		free(html);
	}
}

UNIT(page_of_problem)
{
	struct rel_buf b;

	rel_buf_init(&b);
	html_problem(&b, "session-expired", "de");
	rel_put_u8(&b, 0);
	assert_non_null(strstr((char *)b.data, "nicht mehr angemeldet"));
	rel_buf_reset(&b);
	html_problem(&b, "<unheard of>", NULL);
	rel_put_u8(&b, 0);
	assert_non_null(strstr((char *)b.data, "did not work"));
	rel_buf_fini(&b);
}

UNIT(page_asks_anew)
{
	static const struct {
		const char *menu;
		unsigned want;
	} cases[] = {
		{ "{\"ttl_s\":30,\"auto\":{\"after_s\":60}}", 61 },
		{ "{\"ttl_s\":300,\"auto\":null}", 301 },
		{ "{\"ttl_s\":300,\"auto\":{\"after_s\":-1}}", 301 },
		{ "{\"ttl_s\":300,\"auto\":{\"after_s\":\"x\"}}", 301 },
		{ "{}", 0 }, { "{\"ttl_s\":-5}", 0 }, { "{\"ttl_s\":[]}", 0 },
		{ "{\"ttl_s\":9000000}", 0 }
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *m = json_loads(cases[i].menu, 0, NULL);

		assert_non_null(m);
		assert_int_equal(cases[i].want, html_refresh_s(m));
		json_decref(m);
	}
}

/* ---- tokens */

#define HOUR 3600000

UNIT(csrf_tokens)
{
	uint8_t secret[32] = { 1 }, key[32], other[32];
	char tok[CSRF_TEXT], cut[CSRF_TEXT];

	csrf_key(key, secret, "panel csrf");
	csrf_key(other, secret, "something else");
	assert_memory_not_equal(key, other, sizeof key);
	csrf_make(tok, key, "dev-1", "sess", 10 * HOUR + 5);
	assert_int_equal(strlen(tok), CSRF_TEXT - 1);
	assert_true(csrf_ok(tok, key, "dev-1", "sess", 10 * HOUR + 5));
	assert_true(csrf_ok(tok, key, "dev-1", "sess", 12 * HOUR - 1));
	assert_false(csrf_ok(tok, key, "dev-1", "sess", 12 * HOUR));
	assert_false(csrf_ok(tok, key, "dev-1", "sess", 9 * HOUR));
	assert_false(csrf_ok(tok, key, "dev-2", "sess", 10 * HOUR));
	assert_false(csrf_ok(tok, key, "dev-1", "", 10 * HOUR));
	assert_false(csrf_ok(tok, other, "dev-1", "sess", 10 * HOUR));
	assert_false(csrf_ok("", key, "dev-1", "sess", 10 * HOUR));
	assert_false(csrf_ok(NULL, key, "dev-1", "sess", 10 * HOUR));
	memcpy(cut, tok, sizeof cut);
	cut[CSRF_TEXT - 2] = '\0';
	assert_false(csrf_ok(cut, key, "dev-1", "sess", 10 * HOUR));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(form_decodes), UNIT_RUN(form_refuses),
		UNIT_RUN(form_means), UNIT_RUN(form_means_nothing),
		UNIT_RUN(page_escapes), UNIT_RUN(page_has_what_is_needed),
		UNIT_RUN(page_says_it_once), UNIT_RUN(page_of_nonsense), UNIT_RUN(page_of_problem),
		UNIT_RUN(page_asks_anew),
		UNIT_RUN(csrf_tokens)
	};

	json_in_init();
	return cmocka_run_group_tests_name("net_panel", tests, NULL, NULL);
}
