#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Proposed rules and prices tried on recorded jobs, at the pages: what comes out
# is what releasectl simulate says, to the last figure; who may; texts and days
# that are wrong; names that are HTML and formulas.
# san: yes
# long: 40
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/web.sh"
rig r
[ -n "$(ls "$R/cups/people" 2>/dev/null)" ] || skip_all "needs libpam-wrapper and libnss-wrapper"

for r in operator helpdesk; do
	ctl role set $r $r >/dev/null
done

# ---- jobs that were, of people with such names: 2600, the last an hour ago
"$RIG" stop "$R"
python3 - "$RIG_DB" "$RIG_DEVICE_ID" <<'E'
import sqlite3, sys, time
db, device = sqlite3.connect(sys.argv[1]), sys.argv[2]
now = int(time.time() * 1000) - 3600000
people = ["<script>hit()</script>", "=cmd|' /c calc'!a1", "a\"onload='x'&b"] + [
    "user%d" % i for i in range(2100)]
def rows():
    for i in range(2600):
        h = i * 2654435761 % 4294967296
        user, sides = people[i % len(people)], 1 + h % 9
        state = 7 if i % 13 == 0 else 3
        yield (1000 + i, i, user, user, "<b>Notes</b> %d" % i, 1 + h % 3,
            now - (2600 - i) * 60000, now - (2600 - i) * 60000 + 5000, device, state,
            sides, sides, (sides + 1) // 2, sides if h % 3 == 0 else 0)
db.executemany("INSERT INTO job(id,node,queue,uuid,document,cups_job,user_key,user,host,"
    "title,format,options,bytes,copies,pin_scheme,has_doc,reason,created_ms,expires_ms,"
    "ended_ms,device_id,state,language,media,pages,sides,sheets,colour,pages_sure,"
    "colour_sure,duplex) VALUES(?,0,'office','',1,?,?,?,'localhost',?,'application/pdf','',"
    "1000,?,'',0,'',?,0,?,?,?,'pdf','iso_a4_210x297mm',?,?,?,?,2,2,1)", rows())
hour = now // 3600000 * 3600000
db.execute("INSERT INTO usage VALUES(?,'user1',?,'office',200001,1,1,0,0)", (hour, device))
db.execute("INSERT INTO usage_hour SELECT hour_ms,sum(jobs),sum(sheets),sum(sides),"
    "sum(colour),sum(uncounted) FROM usage GROUP BY 1")
db.commit()
E
"$RIG" start "$R" || bail "releaserd starts again"
api POST /prices '{"text":"mono 0.05\ncolour 0.20\nsheet 0.01\n"}'
is "$STATUS" 201 "there are prices"
evil='<b onmouseover=hit()>Students</b>'
api POST /groups "$(jq -n --arg n "$evil" '{name: $n}')"
is "$STATUS" 201 "there is a group"
for u in '<script>hit()</script>' user7 user8; do
	api PATCH "/groups/$(jq -rn --arg n "$evil" '$n|@uri')" "$(jq -n --arg n "$u" '{op:"add",name:$n}')"
done
is "$STATUS" 200 "with three members"
cat >"$W/rules" <<E
rule "No <i>colour</i>"
  when group "$evil" and colour-pages > 0
  refuse "no"
rule "Grey"
  when colour-pages > 5
  force mono, duplex
rule "Many"
  when pages > 8
  ask "Really {pages}?" instead duplex
rule "Few"
  when copies > 2
  force copies max 2
E
printf 'mono 0.10\ncolour 1\n' >"$W/prices"

# Figures of the page's CSV beside those of the verb's JSON: prints each that
# differs, and how many were compared.
cat >"$W/compare.py" <<'E'
import base64, csv, io, json, re, sys
page, o = open(sys.argv[1]).read(), json.load(open(sys.argv[2]))
data = re.search(r'href="data:text/csv;charset=utf-8;base64,([A-Za-z0-9+/=]+)"', page)[1]
rows = list(csv.reader(io.StringIO(base64.b64decode(data).decode("utf-8-sig"), newline="")))
def money(n):
    n, t = divmod(n, 1000000)
    t = ("%06d" % t).rstrip("0")
    return "%d.%s" % (n, t.ljust(2, "0"))
def text(s):
    return "'" + s if s[:1] in "=+-@" and s else s
def row(what, s):
    b, a = s["before"], s["after"]
    return [what, text(s["name"])] + [str(n) for n in (s["jobs"], s["refused"], s["asked"],
        s["approval"], *(s["forced"][k] for k in ("mono", "duplex", "number_up", "copies")),
        b["jobs"], a["jobs"], b["sides"], a["sides"], b["colour"], a["colour"], b["sheets"],
        a["sheets"])] + [money(b["micro"]), money(a["micro"])]
def add(x, y):
    return {k: add(v, y[k]) if isinstance(v, dict) else "" if isinstance(v, str) else v + y[k]
        for k, v in x.items()}
want, most = [row("all", o["total"])], 2000
for what in ("user", "group"):
    some = o[what + "s"]
    want += [row(what, s) for s in some[:most]]
    rest = None
    for s in some[most:]:
        rest = add(rest or s, s) if rest else dict(s, name="")
    if rest:
        want.append(row("other %ss" % what, rest))
n = 0
for seen, good in zip(rows[1:], want):
    n += len(good)
    if seen != good:
        print("page", seen, "\nverb", good)
print(n, len(rows) - 1 - len(want), len(want) > 2000)
E
same() {
	python3 "$W/compare.py" "$W/page.html" "$W/verb.json" >"$W/same"
	is "$(tail -1 "$W/same" | cut -d' ' -f2-)" "0 True" "$1: as many rows as the verb's"
	is "$(sed '$d' "$W/same" | head -4)" "" "$1: every figure is the verb's"
}
# the words between > and < of the row that begins with $1, in table $2
cells() {
	tr '\n' ' ' <"$W/page.html" | sed 's/<tr>/\n<tr>/g' | sed -n "/id=\"$2\"/,/<\/table>/p" |
		grep -F -m1 -- ">$1<" | sed 's/<\/table>.*//; s/<[^>]*>/|/g; s/||*/|/g; s/&#160;\|\xc2\xa0\|\xe2\x80\xaf//g'
}

# ---- rules
ctl --json simulate --rules "$W/rules" --all >"$W/verb.json"
is "$(jq '.total.refused > 0 and .total.asked > 0 and .total.forced.mono > 0 and
	.total.forced.copies > 0 and .total.refused_then_held_now > 0' "$W/verb.json")" true \
	"the verb has something of everything"
submit admin admin/rules.cgi do=simulate "text=$(<"$W/rules")" from= to=
is "$HTTP $PROBLEM" "200 " "the page shows what came out"
same rules
V() { jq -r "$1" "$W/verb.json"; }
is "$(cells 'No &lt;i&gt;colour&lt;/i&gt;' simulated-rules)" \
	"|No &lt;i&gt;colour&lt;/i&gt;|1|$(V '.rules[0].refused')|0|0|0| " "each rule by name and line, and how often"
is "$(cells Grey simulated-rules)" "|Grey|4|0|$(V '.rules[1].forced')|0|0| " "the one that forces, too"
is "$(V '.rules[2] | "\(.name) \(.line) \(.asked)"')" "Many 7 $(V .total.asked)" "and the one that asks"
like "$PAGE" '<th scope="row">others \(' "those beyond the first are summed"
is "$(grep -oE '<figcaption>[^<]+</figcaption><svg ' <<<"$PAGE" | wc -l)" 2 "two plots"
unlike "$PAGE" '<script>hit|<b onmouseover|<i>colour' "names are text"
like "$PAGE" '&lt;script&gt;hit\(\)&lt;/script&gt;' "such as this one"
like "$PAGE" 'No &lt;i&gt;colour' "what was typed is still there"
is "$(ctl --json rule show | jq .version)" 0 "nothing was changed"

# ---- prices, and a span
day=$(date -d '-1 hour' +%F)
ctl --json simulate --prices "$W/prices" --from "$day" --to "$day" --all >"$W/verb.json"
submit admin admin/prices.cgi do=simulate "text=$(<"$W/prices")" "from=$day" "to=$day"
python3 "$W/compare.py" "$W/page.html" "$W/verb.json" >"$W/same"
is "$(sed '$d' "$W/same")$(tail -1 "$W/same" | cut -d' ' -f2)" 0 "prices: every figure is the verb's"
is "$(cells 'with the text above' simulated-sums | cut -d'|' -f3,4,5,6)" \
	"$(V '.total.after | "\(.jobs)|\(.sides)|\(.colour)|\(.sheets)"')" "the sums stand above"
submit admin admin/prices.cgi do=simulate "text=mono 1" from=2001-01-01 to=2001-01-02
like "$PAGE" 'No job was printed or refused' "a span without jobs says so"
page admin admin/rules.cgi
like "$PAGE" 'In these days 200[^0-9]+001 jobs were printed. Only the first 200[^0-9]+000 are tried' \
	"the page says beforehand how many jobs there are, and that it is too many"
like "$PAGE" "name=\"to\" type=\"date\" value=\"$(date +%F)\"" "the last month is proposed"

# ---- a version that was is a proposal like any other
ctl rule set "$W/rules" >/dev/null
printf '# none\n' | ctl rule set - >/dev/null
page admin 'admin/rules.cgi?version=1'
like "$PAGE" 'No &lt;i&gt;colour' "an earlier version is in the field"
ctl --json simulate --rules "$W/rules" --all >"$W/verb.json"
submit admin 'admin/rules.cgi?version=1' do=simulate "text=$(<"$W/rules")" from= to=
same "an earlier version"
ctl --json simulate --all >"$W/verb.json"
submit admin admin/prices.cgi do=simulate 'text=mono 0.05
colour 0.20
sheet 0.01' from= to=
same "what holds, as a proposal"

# ---- what is wrong is named, and nothing else happens
before=$(ctl --json rule show; ctl --json price show)
submit admin admin/rules.cgi do=simulate $'text=rule "a"\n  when pagez > 1\n  refuse "no"' from= to=
is "$PROBLEM" 422 "a mistake in the rules"
like "$PAGE" 'line 2' "its line is named"
like "$PAGE" '<mark>pagez</mark>' "and its word marked"
unlike "$PAGE" 'id="simulated"' "nothing is tried"
submit admin admin/prices.cgi do=simulate $'text=mono 0.05\ncolouur 1' from= to=
like "$PROBLEM $PAGE" '^422.*line 2' "one in the prices"
like "$PAGE" '<mark>colouur</mark>' "likewise"
submit admin admin/prices.cgi do=simulate 'text=currency USD
mono 1' from= to=
like "$PROBLEM $PAGE" '^422.*currency of this server' "prices in another currency"
submit admin admin/rules.cgi do=simulate 'text=# none' from=yesterday to=
is "$PROBLEM $(grep -c 'id="from"[^>]*aria-invalid' <<<"$PAGE")" "422 1" "a day that is none"
unlike "$PAGE" 'id="simulated"' "nothing is tried then either"
send admin admin/rules.cgi csrf=x do=simulate 'text=# none'
is "$PROBLEM" 403 "a form of another page is refused"
is "$(ctl --json rule show; ctl --json price show)" "$before" "nothing was changed by all this"

# ---- who may
submit operator admin/rules.cgi do=simulate "text=$(<"$W/rules")" from= to=
like "$PROBLEM$PAGE" 'id="simulated-rules"' "an operator tries as well"
unlike "$PAGE" 'value="save"' "but saves nothing"
page helpdesk admin/rules.cgi
like "$PAGE" 'for operators and administrators' "the help desk is told why it does not"
unlike "$PAGE" 'value="simulate"' "and sees no button"
submit helpdesk admin/rules.cgi do=simulate "text=$(<"$W/rules")" from= to=
is "$PROBLEM" 403 "which would do nothing"
unlike "$PAGE" 'id="simulated"' "and show nothing"
submit anna admin/rules.cgi do=simulate "text=$(<"$W/rules")" from= to=
is "$PROBLEM" 403 "nor for somebody else"
