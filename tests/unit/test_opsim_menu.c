/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "tests/opsim/menu.h"
#include "tests/opsim/words.h"

static const char jobs_text[] = "{\"menu\":\"jobs\",\"rev\":\"77f0\","
    "\"title\":\"Anna\",\"message\":{\"level\":\"info\",\"text\":\"Hi\"},"
    "\"items\":["
    "{\"type\":\"button\",\"id\":\"all\",\"label\":\"Print all\","
    "\"action\":{\"op\":\"release\",\"jobs\":\"all\"}},"
    "{\"type\":\"button\",\"id\":\"some\",\"label\":\"Print\","
    "\"action\":{\"op\":\"release\",\"jobs\":\"selected\"}},"
    "{\"type\":\"field\",\"id\":\"copies\",\"kind\":\"number\"},"
    "{\"type\":\"button\",\"id\":\"set\",\"label\":\"Set\",\"action\":"
    "{\"op\":\"set-options\",\"jobs\":\"selected\",\"field\":\"copies\"}},"
    "{\"type\":\"link\",\"id\":\"pin\",\"label\":\"PIN\",\"menu\":\"pin\"},"
    "{\"type\":\"list\",\"id\":\"jobs\",\"select\":\"many\",\"next\":null,"
    "\"rows\":[{\"id\":\"j-1\",\"label\":\"One\",\"selected\":true},"
    "{\"id\":\"j-2\",\"label\":\"Two\",\"badges\":[\"color\"]}]}],"
    "\"keys\":{\"back\":null,\"submit\":\"some\","
    "\"logout\":{\"op\":\"logout\"}}}";

static const char login_text[] = "{\"menu\":\"login\",\"rev\":\"c1\","
    "\"items\":[{\"type\":\"reader\",\"id\":\"card\"},"
    "{\"type\":\"field\",\"id\":\"id_number\",\"kind\":\"digits\","
    "\"mask\":true,\"label\":\"Number\"},"
    "{\"type\":\"button\",\"id\":\"ok\",\"label\":\"OK\",\"action\":"
    "{\"op\":\"login\",\"method\":\"id-number\",\"field\":\"id_number\"}}],"
    "\"keys\":{\"submit\":\"ok\"}}";

static void
menu_of(struct menu *m, const char *text)
{
	json_t *v = json_loads(text, 0, NULL);

	assert_non_null(v);
	menu_init(m);
	menu_set(m, v);
	json_decref(v);
}

/* What pressing a thing would send, as sorted text. */
static void
sends(struct menu *m, const char *press, const char *want)
{
	json_t *made, *rq;
	const json_t *action = menu_press(m, press, &made);
	struct rel_err err = { .code = 0 };
	char *text;

	assert_non_null(action);
	rq = menu_request(m, action, &err);
	if (want == NULL) {
		assert_null(rq);
		assert_true(err.text[0] != '\0');
	} else {
		assert_non_null(rq);
		text = json_dumps(rq, JSON_COMPACT | JSON_SORT_KEYS);
		assert_string_equal(text, want);
		free(text);
	}
	json_decref(rq);
	json_decref(made);
}

UNIT(buttons)
{
	struct menu m;
	json_t *made;

	menu_of(&m, jobs_text);
	sends(&m, "all", "{\"jobs\":\"all\",\"menu\":\"jobs\","
	    "\"op\":\"release\",\"rev\":\"77f0\"}");
	sends(&m, "print ALL", "{\"jobs\":\"all\",\"menu\":\"jobs\","
	    "\"op\":\"release\",\"rev\":\"77f0\"}");
	sends(&m, "logout", "{\"menu\":\"jobs\",\"op\":\"logout\","
	    "\"rev\":\"77f0\"}");
	sends(&m, "pin", "{\"menu\":\"pin\",\"op\":\"menu\","
	    "\"rev\":\"77f0\"}");
	assert_null(menu_press(&m, "back", &made));
	assert_null(menu_press(&m, "nothing", &made));
	assert_null(menu_press(&m, "jobs", &made));
	menu_fini(&m);
}

UNIT(selection)
{
	struct menu m;

	menu_of(&m, jobs_text);
	sends(&m, "submit", "{\"jobs\":[{\"id\":\"j-1\"}],\"menu\":\"jobs\","
	    "\"op\":\"release\",\"rev\":\"77f0\"}");
	assert_true(menu_pick(&m, "Two", true));
	assert_true(menu_pick(&m, "#1", false));
	assert_false(menu_pick(&m, "#3", true));
	assert_false(menu_pick(&m, "Three", true));
	sends(&m, "some", "{\"jobs\":[{\"id\":\"j-2\"}],\"menu\":\"jobs\","
	    "\"op\":\"release\",\"rev\":\"77f0\"}");
	assert_true(menu_type(&m, "copies", "3"));
	sends(&m, "set", "{\"jobs\":[{\"id\":\"j-2\",\"options\":"
	    "{\"copies\":3}}],\"menu\":\"jobs\",\"op\":\"set-options\","
	    "\"rev\":\"77f0\"}");
	assert_true(menu_pick(&m, "all", false));
	sends(&m, "some", NULL);
	menu_fini(&m);
}

UNIT(refreshed)
{
	struct menu m;
	json_t *v = json_loads(jobs_text, 0, NULL);

	menu_of(&m, jobs_text);
	menu_pick(&m, "j-1", false);
	menu_pick(&m, "j-2", true);
	menu_type(&m, "copies", "9");
	menu_refresh(&m, v);
	assert_false(menu_is_picked(&m, "j-1"));
	assert_true(menu_is_picked(&m, "j-2"));
	assert_string_equal(menu_typed(&m, "copies"), "9");
	menu_set(&m, v);
	assert_true(menu_is_picked(&m, "j-1"));
	assert_false(menu_is_picked(&m, "j-2"));
	assert_string_equal(menu_typed(&m, "copies"), "");
	json_decref(v);
	menu_fini(&m);
}

UNIT(credentials)
{
	struct menu m;
	json_t *action, *rq;
	struct rel_err err;

	menu_of(&m, login_text);
	assert_false(menu_type(&m, "no_field", "1"));
	assert_true(menu_type(&m, NULL, "4711"));
	sends(&m, "OK", "{\"credential\":{\"method\":\"id-number\","
	    "\"value\":\"4711\"},\"menu\":\"login\",\"op\":\"login\","
	    "\"rev\":\"c1\"}");
	action = json_pack("{s:s, s:s}", "op", "login", "method", "card");
	assert_null(menu_request(&m, action, &err));
	menu_swipe(&m, "04A1B2", NULL);
	assert_string_equal(m.card_enc, "hex");
	rq = menu_request(&m, action, &err);
	assert_string_equal(json_string_value(json_object_get(
	    json_object_get(rq, "credential"), "value")), "04A1B2");
	json_decref(rq);
	json_decref(action);
	menu_swipe(&m, "04A1B", NULL);
	assert_string_equal(m.card_enc, "ascii");
	menu_swipe(&m, "ascii:1234", NULL);
	assert_string_equal(m.card_enc, "ascii");
	assert_string_equal(m.card, "1234");
	menu_fini(&m);
}

UNIT(card_numbers_are_made_as_the_server_says)
{
	json_t *config = json_pack("{s:s, s:s, s:i, s:i}", "format",
	    "wiegand-26", "reverse", "none", "start", 4, "length", 5);
	struct menu m;

	menu_init(&m);
	menu_swipe(&m, "000451E5", config);
	assert_string_equal(m.card, "10482");
	assert_string_equal(m.card_enc, "number");
	/* What makes no number goes as it was read: the server says why. */
	menu_swipe(&m, "000451E4", config);
	assert_string_equal(m.card, "000451E4");
	assert_string_equal(m.card_enc, "hex");
	json_object_set_new(config, "format", json_string("hex"));
	json_object_set_new(config, "start", json_integer(1));
	json_object_set_new(config, "length", json_integer(0));
	menu_swipe(&m, "000451E5", config);
	assert_string_equal(m.card_enc, "hex");
	json_decref(config);
	menu_fini(&m);
}

/* A reader that has an action of its own means that one. */
UNIT(a_card_goes_on_with_the_step_of_the_menu)
{
	struct menu m;
	json_t *action;

	menu_of(&m, "{\"menu\":\"login\",\"items\":[{\"type\":\"reader\","
	    "\"id\":\"card\"}]}");
	assert_false(menu_asks_card(&m));
	action = menu_card_action(&m);
	assert_null(json_object_get(action, "step"));
	assert_string_equal("card", json_string_value(json_object_get(action,
	    "method")));
	json_decref(action);
	menu_fini(&m);
	menu_of(&m, "{\"menu\":\"login\",\"items\":[{\"type\":\"reader\","
	    "\"id\":\"card\",\"action\":{\"op\":\"login\",\"method\":\"card\","
	    "\"step\":\"S-1\"}}]}");
	assert_true(menu_asks_card(&m));
	action = menu_card_action(&m);
	assert_string_equal("S-1", json_string_value(json_object_get(action,
	    "step")));
	json_decref(action);
	menu_fini(&m);
}

UNIT(drawn)
{
	struct menu m;
	struct rel_buf b;

	menu_of(&m, login_text);
	menu_type(&m, NULL, "4711");
	rel_buf_init(&b);
	menu_draw(&m, &b);
	rel_put_u8(&b, 0);
	assert_non_null(strstr((char *)b.data, "Number (id_number): ****"));
	assert_null(strstr((char *)b.data, "4711"));
	rel_buf_fini(&b);
	menu_fini(&m);
	menu_of(&m, jobs_text);
	rel_buf_init(&b);
	menu_draw(&m, &b);
	rel_put_u8(&b, 0);
	assert_non_null(strstr((char *)b.data, "== Anna (jobs)"));
	assert_non_null(strstr((char *)b.data, "! Hi"));
	assert_non_null(strstr((char *)b.data, "[x] j-1  One"));
	assert_non_null(strstr((char *)b.data, "[ ] j-2  Two  <color>"));
	rel_buf_fini(&b);
	menu_fini(&m);
}

UNIT(words)
{
	char *w[WORDS_MAX], line[] = "press  \"Print all\" x\\y \"a\\\"b\" # c";
	char open[] = "expect \"abc", none[] = "  # nothing";
	char row[] = "select #2 \"\"";

	assert_int_equal(words_split(line, w), 4);
	assert_string_equal(w[1], "Print all");
	assert_string_equal(w[2], "x\\y");
	assert_string_equal(w[3], "a\"b");
	assert_int_equal(words_split(open, w), -1);
	assert_int_equal(words_split(none, w), 0);
	assert_int_equal(words_split(row, w), 3);
	assert_string_equal(w[1], "#2");
	assert_string_equal(w[2], "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_RUN(buttons), UNIT_RUN(selection), UNIT_RUN(refreshed),
		UNIT_RUN(credentials),
		UNIT_RUN(card_numbers_are_made_as_the_server_says),
		UNIT_RUN(a_card_goes_on_with_the_step_of_the_menu),
		UNIT_RUN(drawn), UNIT_RUN(words)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
