#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# san: yes
# At the panel a job shows its price, what stops it is told in plain words,
# and what a rule asks is answered there.
. "$(dirname "$0")/lib/scenario.sh"
command -v gs >/dev/null || skip_all "needs ghostscript"
rig r --conf 'Jail none'	# leaks of net are seen outside its jail only
mixed "$W/five.pdf" 5
H=0
# five TITLE: held and counted
five() {
	print "$1" "$W/five.pdf"
	H=$((H + 1))
	wait_until 8 held_is $H || diag "not held: $1"
}
job_row() { j '.jobs[] | select(.name == "'"$1"'") | "\(.cost_micro) \(.currency)"'; }
menu_cost() { j '.menu.items[] | select(.type == "list") | .rows[] | select(.label == "'"$1"'") | .cost'; }

# ---- without a price list nothing has a price
five five
login_card "$RIG_ANNA_CARD"
is "$(j '.session | "\(.balance_text) \(.quota | length)"')" "null 0" "at first nothing is limited"
is "$(menu_cost five)" null "and nothing has a price"
list
is "$(job_row five)" "null null" "not for a program either"

# ---- the price at this device
prices <<<'mono 0.05
colour 0.20
sheet 0.01
device "Flur"
colour 0.30'
is "$STATUS" 201 "a list holds, with a price of its own for this device"
list
is "$(job_row five)" "800000 EUR" "the list shows what it costs here"
action '"op":"menu","menu":"jobs"'
is "$(menu_cost five)" "0.80 EUR" "and the menu says it in words"
five=$(id_of five)
action '"op":"set-options","job":"'"$five"'","options":{"color":"mono","copies":2}'
is "$(j '.jobs[0] | "\(.status) \(.cost_micro) \(.currency)"')" "changed 600000 EUR" \
	"changed options show the new cost"
is "$(menu_cost five)" "0.60 EUR" "in the row, too"
logout
opdp POST /opdp/v1/panel/action '{"request_id":"'"$(uuid)"'","session_id":null,"locale":"de","op":"login","credential":{"method":"card","value":"'"$RIG_ANNA_CARD"'","encoding":"hex"}}'
SID=$(j .session.session_id)
is "$(menu_cost five)" "0,60 EUR" "in German with a comma"

# ---- not enough left
api POST /quotas '{"owner":"user","name":"anna","unit":"money","amount":"0.50","period":"month"}'
is "$STATUS" 200 "anna has 0.50 a month"
release "$five"
is "$(j '"\(.result) \(.jobs[0].code)"')" "error quota-exceeded" "it costs more than that"
like "$(j .menu.message.text)" 'braucht 0,60 EUR, Sie haben noch 0,50 EUR' "in words, in German"
logout
login_card "$RIG_ANNA_CARD"
is "$(j .session.balance_text)" "0.50 EUR" "the session says what is left"
like "$(j .menu.message.text)" 'You have 0.50 EUR left' "and the menu"

action '"op":"set-options","job":"'"$five"'","options":{"color":"mono","copies":1}'
release "$five"
is "$(j '.jobs[0] | "\(.status) \(.est_impressions) \(.cost_micro) \(.currency)"')" \
	"accepted 5 300000 EUR" "what fits goes out, and its price is told"
H=$((H - 1))
logout
api DELETE '/quotas/anna?owner=user&unit=money'
within 10 "it is printed" printed_is 1

# ---- what stops a job, each with its words
api POST /accounts '{"name":"Physics","kind":"shared"}'
api POST /accounts '{"name":"Shut","kind":"code"}'
api PATCH '/accounts/Shut' '{"kind":"code","closed":true}'
is "$STATUS" 200 "an account is closed"
api POST /groups '{"name":"chemists"}'
api POST /accounts '{"name":"Chemistry","kind":"shared"}'
like "$("$RIG_CTL" account members Chemistry chemists)" 'Chemistry' "an account is one group's"
rules <<<'rule "Not here"
  when title "secret*"
  refuse "No secrets at {device}." on release
rule "Much"
  when title "ask*" and pages > 2
  ask "This has {pages} pages. Really?" instead mono, duplex timeout 10m cancel
rule "Plain"
  when title "sure*"
  ask "Sure?"
rule "Posters"
  when title "poster*"
  approve by "teachers"
rule "Suggest"
  when title "dear*"
  suggest "Keller" on release'
is "$STATUS" 201 "rules hold" 
[ "$STATUS" = 201 ] || diag "$BODY"
five secret; five poster; five dear
login_card "$RIG_ANNA_CARD"
release "$(id_of secret)"
is "$(j '"\(.result) \(.reason) \(.menu.message.text)"')" \
	"error refused-by-rule No secrets at Flur." "a rule refuses in its own words"
release "$(id_of secret)" "$(id_of poster)" "$(id_of dear)"
is "$(j .result)" partial "of three jobs one goes"
is "$(j '.jobs[1] | "\(.code): \(.text)"')" \
	'approval-needed: This job waits until somebody of "teachers" approves it' "who is missing is named"
is "$(j '[.menu.items[] | select(.type == "message") | .text] | join("|")')" \
	'secret: No secrets at Flur.|poster: This job waits until somebody of "teachers" approves it' \
	"each that did not go has its words"
is "$(j '.jobs[2].suggest')" Keller "a cheaper device is named"
H=$((H - 1))
within 10 "and the job is printed all the same" printed_is 2

# ---- who pays
action '"op":"menu","menu":"jobs"'
like "$(j '.menu.items[].label')" 'Account' "the menu asks who pays"
action '"op":"menu","menu":"accounts"'
is "$(j '[.menu.items[] | select(.action.op == "select-account") | .action.account_id] | join(",")')" \
	",physics" "of the accounts that are open to this person"
action '"op":"select-account","account_id":"Shut"'
is "$(j '"\(.result) \(.reason) \(.menu.message.text)"')" \
	'denied account-closed The account "Shut" is closed. Choose another one' "a closed one is not taken"
action '"op":"select-account","account_id":"Chemistry"'
is "$(j '"\(.result) \(.reason) \(.menu.message.text)"')" \
	'denied account-denied You may not charge the account "Chemistry". Choose another one' "nor one of a group one is not in"
action '"op":"select-account","account_id":"nobody"'
is "$(j .reason)" account-info-needed "nor one that is not there"
action '"op":"select-account","account_id":"physics"'
is "$(j '"\(.result) \(.menu.message.text)"')" "ok What you print now is charged to Physics" "one is chosen"
five paid
release "$(id_of paid)"
is "$(j '.jobs[0].status')" accepted "a job goes out"
H=$((H - 1))
within 10 "is printed" printed_is 3
api GET '/accounts/Physics?kind=shared'
is "$(j '.units[] | select(.unit == "money") | .balance')" "-0.80" "and Physics has paid"
action '"op":"select-account","account_id":""'
five other
action '"op":"release","jobs":[{"id":"'"$(id_of other)"'"}],"account_id":"Shut"'
is "$(j '.jobs[0].code')" account-closed "a release may name its account"
logout

# ---- a question is answered at the panel
five ask-1; five ask-2; five sure
ask1=$(id_of ask-1) ask2=$(id_of ask-2) sure=$(id_of sure)
step swipe "$RIG_ANNA_CARD"
step select ask-1
step press '"Print selected"'
step expect '"This has 5 pages. Really?"'
step press '"Print changed (black and white, two-sided)"'
H=$((H - 1))
within 20 "its answer is yes, changed: it is printed" printed_is 4
api GET "/jobs/$ask1"
is "$(j '"\(.pages.printed.sheets) \(.options.color)"')" "3 mono" "black and white, on both sides"
step logout

# ---- two questions at once, one after the other; one is answered elsewhere
login_card "$RIG_ANNA_CARD"
release "$ask2" "$sure"
is "$(j '"\(.result) \(.menu.menu) \(.menu.title)"')" "question question ask-2" "the first is asked"
is "$(j '[.menu.items[].id] | join(" ")')" "changed as-is cancel back" "with what may be answered"
mine=$(jq -c '.menu.items[] | select(.id == "as-is") | .action' <<<"$BODY" | sed 's/^{//;s/}$//')
# Somebody answers at the page in this moment.
api POST "/jobs/$ask2/answer" '{"answer":"as-is"}'
is "$STATUS" 200 "at the page somebody was first"
action "$mine"
is "$(j '.jobs[0] | "\(.status) \(.code) \(.text)"')" \
	"error job-not-held Somebody has answered already" "the other one is told"
is "$(j '"\(.menu.menu) \(.menu.title)"')" "question sure" "and the next question comes"
is "$(j '[.menu.items[].id] | join(" ")')" "as-is cancel back" "which offers no change"
action '"op":"answer","job":"'"$sure"'","answer":"changed"'
is "$(j '.jobs[0].code')" option-not-supported "nor takes one"
action '"op":"answer","job":"'"$sure"'","answer":"perhaps"'
is "$STATUS" 400 "nor anything else"
action '"op":"answer","job":"'"$sure"'","answer":"cancel"'
is "$(j '.jobs[0].status') $(state "$sure")" "deleted deleted" "no: it is deleted"
release "$ask2"
is "$(j '.jobs[0].status')" accepted "what was answered at the page goes out"
H=$((H - 2))
within 20 "and is printed" printed_is 5
logout

# ---- the same as plain HTML
# html [BUTTON [ROW|FIELD=VALUE...]]: press it on the last page; the next one
html() {
	local out=(--url "$RIG_SERVER_URL/panel/")

	if [ $# -gt 0 ]; then
		python3 - "$W/page.html" "$@" <<'X' >"$W/form" || { diag "no button $1"; return 1; }
import html.parser, sys, urllib.parse
class Page(html.parser.HTMLParser):
    forms, form, button = [], None, None
    def handle_starttag(self, tag, a):
        a = dict(a)
        if tag == 'form':
            self.form = {'fields': [], 'buttons': {}, 'rows': {}, 'row': None}
            self.forms.append(self.form)
        elif tag == 'input' and self.form is not None:
            kind = a.get('type', 'text')
            if kind in ('checkbox', 'radio'):
                self.form['row'] = (a['name'], a['value'])
            else:
                self.form['fields'].append((a['name'], a.get('value') or ''))
        elif tag == 'button':
            self.button = (a.get('name'), a.get('value') or '')
    def handle_data(self, text):
        text = text.strip()
        if not text or self.form is None:
            return
        if self.button:
            self.form['buttons'][text] = self.button
        elif self.form['row']:
            self.form['rows'][text] = self.form['row']
            self.form['row'] = None
    def handle_endtag(self, tag):
        if tag == 'button':
            self.button = None
page = Page()
page.feed(open(sys.argv[1], encoding='utf-8').read())
form = [f for f in page.forms if sys.argv[2] in f['buttons']][0]
fields = form['fields']
for word in sys.argv[3:]:
    name, eq, value = word.partition('=')
    if eq:
        fields = [(n, value if n == name else v) for n, v in fields]
    else:
        fields.append(form['rows'][word])
fields.append(form['buttons'][sys.argv[2]])
print(urllib.parse.urlencode(fields), end='')
X
		out=(--data-binary "@$W/form" -H "Origin: $RIG_SERVER_URL" --url "$RIG_SERVER_URL/panel/action")
	fi
	curl -sS --max-time 20 -L --cacert "$RIG_CA" --cert "$RIG_DEVICE_CERT" --key "$RIG_DEVICE_KEY" \
		-H 'Accept-Language: de' -b "$W/jar" -c "$W/jar" -o "$W/page.html" "${out[@]}"
}
shows() { like "$(cat "$W/page.html")" "$1" "$2"; }
five ask-html
html
html OK "id_number=$RIG_ANNA_NUMBER"
shows '<em>0,80 EUR</em>' "the page shows the price"
html Konto
shows 'Wer bezahlt' "asks who pays"
html Physics
shows 'bezahlt Physics' "and says who does"
html 'Auswahl drucken' secret poster
shows 'No secrets at Flur' "what stopped one is told"
shows 'bis ihn jemand aus „teachers“ freigibt' "and what stopped another"
html 'Auswahl drucken' ask-html
shows 'This has 5 pages. Really\?' "a question is asked"
shows 'Geändert drucken \(schwarzweiß, beidseitig\)' "and what may be answered"
html 'So drucken, wie es ist'
shows 'An den Drucker geschickt' "the answer lets it go"
H=$((H - 1))
within 20 "and it is printed" printed_is 6
