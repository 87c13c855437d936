#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# san: yes
# What people change for themselves, and the one-time code that opens a panel
# once, whatever is typed twice or killed.
. "$(dirname "$0")/lib/scenario.sh"
S_MAY_DIE=1
rig r --conf 'LoginFailures 5' --conf 'OneTimeCodeTime 60s'
me() { ctl_as "${WHO:-daemon}" me "$@"; }
# self METHOD PATH [BODY]: the API as that person; STATUS and BODY
self() { api_as "${WHO:-daemon}" "$@"; }
code_of() { self POST /me/code; j .code; }

# ---- nobody has entered daemon; the first change does
api GET /users/daemon
is "$STATUS" 404 "nobody has entered this person"
self PATCH /me '{"locale":"de"}'
is "$STATUS $(j .name) $(j .locale)" "200 daemon de" "the first change does"
self PATCH /me '{"locale":"de<script>"}'
is "$STATUS" 400 "a language is one"

printf 'first-word\n' | me set --password --stdin >/dev/null
is "$?" 0 "a first password needs no other"
self PATCH /me '{"password":"second"}'
is "$STATUS $(j .code)" "401 bad-credential" "the next one needs the one there is"
self PATCH /me '{"password":"second","current_password":"wrong"}'
is "$STATUS $(j .code)" "401 bad-credential" "and the right one"
printf 'first-word\nsecond-word\n' | me set --password --stdin >/dev/null
is "$?" 0 "with it the password is changed"
login_password daemon first-word
is "$(j .reason)" bad-credential "the old one opens nothing"
login_password daemon second-word
is "$(j .session.user.id)" daemon "the new one does"; logout
like "$(me set --new-number)" '[0-9]{6}' "a number is chosen"
self PATCH /me '{"id_number":"new"}'
number=$(j .id_number)
like "$number" '^[0-9]{6}$' "and shown once"
api GET /users/daemon
is "$(j 'has("id_number")') $(j .has_id_number)" "false true" "nowhere else"
login '"method":"id-number","value":"'"$number"'"'
is "$(j .session.user.id)" daemon "it opens a session"
self PATCH /me '{"card_pin":"12x4"}'
is "$STATUS" 400 "a PIN is digits"
self PATCH /me '{"card_pin":"2468"}'
is "$STATUS $(j .has_card_pin)" "200 true" "a PIN"
action '"op":"list"'
is "$STATUS" 404 "a change of a secret ends the session at the panel"

# ---- cards
printf '0A0B0C01\n' | me card add --stdin --encoding hex >/dev/null
self POST /me/cards '{"value":"0A0B0C02","encoding":"hex"}'
is "$STATUS $(j .tail)" "201 0C02" "a second card"
self POST /me/cards '{"value":"0A0B0C03","encoding":"hex"}'
is "$STATUS $(j .code)" "409 card-limit" "and no third"
like "$(me card list)" '0C01' "they are listed"
login '"method":"card+pin","value":"0A0B0C01","encoding":"hex","pin":"2468"'
is "$(j .session.user.id)" daemon "card and PIN open a session"; logout
self GET /me/cards
mine=$(j '.cards[0].id')
WHO=mail self DELETE "/me/cards/$mine"
is "$STATUS $(j .code)" "404 card-unknown" "somebody else cannot delete it"
self DELETE "/me/cards/$mine"
is "$STATUS" 204 "its owner can"
# Guessing what others have: five tries.
for i in 1 2 3 4 5; do WHO=mail self POST /me/cards '{"value":"'"$RIG_ANNA_CARD"'","encoding":"hex"}'; done
is "$STATUS $(j .code)" "409 card-in-use" "anna's card is anna's"
WHO=mail self POST /me/cards '{"value":"0102030405","encoding":"hex"}'
is "$STATUS $(j .code)" "429 locked-out" "who tries on and on is locked out"
like "$("$RIG_CTL" user unlock mail 2>&1)" 'no user|may log in' "unlock answers"
WHO=games self PATCH /me '{"id_number":"'"$RIG_ANNA_NUMBER"'"}'
is "$STATUS $(j .code)" "409 id-number-in-use" "nor is her number to be had"

# ---- so many changes an hour, whatever is killed
api POST /settings '{"changes":{"SelfServicePerHour":"1"}}'
WHO=bin self POST /me/code
is "$STATUS" 200 "one change an hour"
# shellcheck disable=SC2046
kill -9 $(role_pids core)
again() { WHO=bin self POST /me/code; [ "$STATUS" = 429 ]; }
within 10 "a second one is not taken, by a new core neither" again
is "$(j .code)" too-many-changes "and it is said why"
like "$(WHO=bin me code)" 'changed something 1 times in this hour; try again in (60|59) minutes' "in plain words"
is "$("$RIG_CTL" user unlock bin >/dev/null; WHO=bin self POST /me/code; echo "$STATUS")" 200 "the help desk lets go on"
api POST /settings '{"changes":{"SelfServicePerHour":null}}'

# ---- the code, at a panel as a person does it
doc a.bin 2000
PRINT_AS=daemon hold "$W/a.bin" -t Mine
code=$(code_of)
like "$code" '^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$' "a one-time code"
ok "it opens the panel" ops code "$code"
ok "with the person's jobs" ops expect Mine
ok "log out" ops logout
nok "it opens it once" eval 'ops code "$code" >/dev/null && ops expect Mine >/dev/null'
ok "the menu has a button for it" ops menu
ok "which is pressed" ops press by-code
code=$(code_of)
ok "and the code typed" ops type code "$(tr A-Z a-z <<<"${code/-/ }" | sed 's/.*/"&"/')"
ok "and sent" ops press submit
ok "it opens the panel, small letters and all" ops expect Mine
ok "log out" ops logout
old=$(code_of)
code=$(code_of)
login '"method":"qr","value":"'"$old"'"'
is "$(j .reason)" bad-credential "a newer code takes the place of the older"
nok "no code, password or number is in the log" grep -aqE "$code|$old|second-word|$number" "$RIG_LOG"

# ---- the same on the HTML panel
C=(curl -sS --max-time 10 --cacert "$RIG_CA" --cert "$RIG_DEVICE_CERT" --key "$RIG_DEVICE_KEY"
   -b "$W/jar" -c "$W/jar")
"${C[@]}" "$RIG_SERVER_URL/panel/?menu=login-code" >"$W/page.html"
ok "the page asks for the code" grep -q 'name="code"' "$W/page.html"
python3 - "$W/page.html" "$code" >"$W/form.txt" <<'PY'
import sys, html.parser, urllib.parse
class P(html.parser.HTMLParser):
    forms, cur = [], None
    def handle_starttag(self, t, a):
        a = dict(a)
        if t == 'form': self.cur = []; self.forms.append(self.cur)
        elif t in ('input', 'button') and self.cur is not None and a.get('name'):
            self.cur.append((t, a['name'], a.get('value') or ''))
p = P(); p.feed(open(sys.argv[1]).read())
f = [f for f in p.forms if any(n == 'code' for _, n, _ in f)][0]
press = [(n, v) for t, n, v in f if t == 'button' and v == 'submit'][:1]
print(urllib.parse.urlencode([(n, sys.argv[2] if n == 'code' else v)
    for t, n, v in f if t == 'input'] + press))
PY
"${C[@]}" -L -H "Origin: $RIG_SERVER_URL" --data "@$W/form.txt" "$RIG_SERVER_URL/panel/action" >"$W/page.html"
ok "and opens with it" grep -q Mine "$W/page.html"

# ---- killed between taking the code and answering: one session at most
code=$(code_of)
fault "core:code-taken kill"
login '"method":"qr","value":"'"$code"'"'
is "${SID:-none}" none "core is killed as it takes the code"
within 10 "there" fault_hit
tried() { login '"method":"qr","value":"'"$code"'"'; [ "$STATUS" = 200 ]; }
wait_until 15 tried
first=$(j .result)
login '"method":"qr","value":"'"$code"'"'
is "$first $(j .result)" "ok denied" "nothing was answered, so it opens once afterwards"
code=$(code_of)
fault "core:after-commit kill"
login '"method":"qr","value":"'"$code"'"'
is "${SID:-none}" none "core is killed when the code is taken for good"
within 10 "there" fault_hit
wait_until 15 tried
is "$(j .result)" denied "then it opens nothing any more"

# ---- wrong codes lock the device
for i in 1 2 3 4 5; do login '"method":"qr","value":"00000-0000'$i'"'; done
code=$(code_of)
login '"method":"qr","value":"'"$code"'"'
is "$(j .reason)" locked-out "guessing locks the device that guesses"
