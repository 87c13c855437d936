/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "tests/opsim/web_priv.h"

#include <string.h>

/* A one-button form: NAME=VALUE to /do. */
static void
put_switch(struct rel_buf *b, const char *value, const char *icon,
    const char *label, bool on)
{
	rel_put_fmt(b, "<form method=\"post\" action=\"/do\"><button "
	    "class=\"switch%s\" role=\"switch\" aria-checked=\"%s\" "
	    "name=\"device\" value=\"%s\">", on ? " on" : "",
	    on ? "true" : "false", value);
	web_icon(b, icon);
	rel_put_fmt(b, "<span>%s</span><u></u></button></form>\n", label);
}

/* A card one can hold to the reader: "LABEL=VALUE". */
static void
put_card(struct rel_buf *b, const char *card)
{
	const char *eq = strchr(card, '=');
	char label[64];
	size_t n = eq != NULL ? (size_t)(eq - card) : strlen(card);

	if (n >= sizeof label)
		n = sizeof label - 1;
	memcpy(label, card, n);
	label[n] = '\0';
	rel_put_fmt(b, "<button class=\"idcard\" name=\"swipe\" value=\"");
	web_esc(b, eq != NULL ? eq + 1 : card);
	rel_put_fmt(b, "\"><span class=\"chip\"></span><b>");
	web_esc(b, label);
	rel_put_fmt(b, "</b></button>\n");
}

static void
put_reader(const struct web *w, struct rel_buf *b)
{
	rel_put_fmt(b, "<section class=\"box reader\"><h2>Card reader</h2>"
	    "<p>Hold a card to the reader:</p>"
	    "<form method=\"post\" action=\"/do\" class=\"cards\">\n");
	for (int i = 0; i < w->args->ncards; i++)
		put_card(b, w->args->cards[i]);
	rel_put_fmt(b, "</form><form method=\"post\" action=\"/do\" "
	    "class=\"free\" autocomplete=\"off\"><label><span>Another card"
	    "</span><input name=\"swipe\" maxlength=\"116\" "
	    "placeholder=\"04A1B2C3D4E5\" required></label>"
	    "<button>Hold</button></form></section>\n");
}

static void
put_faults(const struct web *w, struct rel_buf *b)
{
	const char *name, *help;

	rel_put_fmt(b, "<details%s><summary>Trouble on the line</summary>"
	    "<form method=\"post\" action=\"/do\" class=\"faults\">"
	    "<label><span>Fault</span><select name=\"fault\">"
	    "<option value=\"none\">none: end all</option>",
	    w->sim->faults.n > 0 ? " open" : "");
	for (unsigned i = 0; faults_known(i, &name, &help); i++) {
		rel_put_fmt(b, "<option value=\"%s\">%s: ", name, name);
		web_esc(b, help);
		rel_put_fmt(b, "</option>");
	}
	rel_put_fmt(b, "</select></label><label class=\"short\"><span>ARG"
	    "</span><input name=\"arg\" inputmode=\"numeric\"></label>"
	    "<label class=\"tick\"><input type=\"checkbox\" name=\"always\" "
	    "value=\"1\"> every time</label><button>Set</button></form>"
	    "<p class=\"armed\">Armed: <code>");
	faults_list(&w->sim->faults, b);
	rel_put_fmt(b, "</code></p></details>\n");
}

static void
put_troubles(const struct web *w, struct rel_buf *b)
{
	const struct device *d = &w->sim->dev;

	rel_put_fmt(b, "<section class=\"box\"><h2>What can go wrong</h2>"
	    "<div class=\"switches\">\n");
	put_switch(b, d->jam ? "clear" : "jam", "warn", "Paper jam", d->jam);
	put_switch(b, d->door ? "door-close" : "door-open", "door",
	    "Door open", d->door);
	put_switch(b, d->off ? "power-on" : "power-off", "power",
	    "Switched off", d->off);
	rel_put_fmt(b, "</div>\n");
	put_faults(w, b);
	rel_put_fmt(b, "</section>\n");
}

static void
put_fact(struct rel_buf *b, const char *name, const char *value)
{
	rel_put_fmt(b, "<dt>%s</dt><dd>", name);
	web_esc(b, value);
	rel_put_fmt(b, "</dd>\n");
}

static void
put_about(const struct web *w, struct rel_buf *b)
{
	const struct opsim *sim = w->sim;

	rel_put_fmt(b, "<section class=\"box about\"><h2>This device</h2>"
	    "<dl>\n");
	put_fact(b, "Model", state_str(&sim->st, "model", ""));
	put_fact(b, "Serial", state_str(&sim->st, "serial", ""));
	put_fact(b, "Server", https_server(sim->net));
	put_fact(b, "LPR port", sim->lpd != NULL ? lpd_name(sim->lpd) :
	    "none");
	rel_put_fmt(b, "</dl><p><a href=\"/panel/\">The server's own HTML "
	    "panel</a>, as a device with a browser shows it</p>"
	    "</section>\n");
}

static const char *
state_word(const struct web *w, const char **class)
{
	const struct device *d = &w->sim->dev;
	int64_t age = heartbeat_age_s(w->heart);

	*class = "bad";
	if (d->off)
		return "switched off";
	if (d->jam)
		return "paper jam";
	if (d->door)
		return "door open";
	if (age < 0)
		return "no server";
	*class = "good";
	return "ready";
}

/* Reload by itself once the panel would have logged out by itself. */
static void
put_refresh(const struct web *w, struct rel_buf *b)
{
	const struct panel *p = w->sim->panel;
	const json_t *after = json_at(p->menu.doc, "auto.after_s");

	if (panel_busy(p))
		rel_put_fmt(b, "<meta http-equiv=\"refresh\" content=\"1\">");
	else if (json_is_integer(after) && json_integer_value(after) > 0 &&
	    !w->sim->dev.off)
		rel_put_fmt(b, "<meta http-equiv=\"refresh\" content=\"%d\">",
		    (int)json_integer_value(after) + 1);
}

static void
put_head(struct web *w, struct rel_buf *b)
{
	const char *class, *word = state_word(w, &class);

	rel_put_fmt(b, "<!DOCTYPE html>\n<html lang=\"en\"><head>"
	    "<meta charset=\"utf-8\"><meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">");
	put_refresh(w, b);
	rel_put_fmt(b, "<title>opsim &ndash; a simulated device</title>"
	    "<link rel=\"stylesheet\" href=\"/style.css\"></head>\n<body>"
	    "<header class=\"top\"><h1>opsim</h1><p>A simulated OPDP device, "
	    "for trying cups-release without hardware. It imitates no "
	    "maker's product.</p><span class=\"state %s\">%s</span></header>"
	    "\n<main>\n", class, word);
}

void
web_page(struct web *w, struct rel_buf *b)
{
	const struct device *d = &w->sim->dev;

	put_head(w, b);
	rel_put_fmt(b, "<section class=\"machine\" aria-label=\"Panel\">\n");
	web_screen(w, b);
	rel_put_fmt(b, "<footer><span class=\"brand\">OPDP simulator</span>"
	    "<span class=\"led %s\"></span></footer></section>\n",
	    d->off ? "dark" : device_ready(d) ? "green" : "red");
	rel_put_fmt(b, "<section class=\"tray\"><h2>The paper that came out"
	    "</h2><iframe src=\"/paper\" title=\"The paper that came out\">"
	    "</iframe></section>\n<aside>\n");
	put_reader(w, b);
	put_troubles(w, b);
	put_about(w, b);
	rel_put_fmt(b, "</aside></main></body></html>\n");
}
