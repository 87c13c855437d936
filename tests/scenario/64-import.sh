#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# san: yes
# Users from a table and back into one; bad lines; the undo.
. "$(dirname "$0")/lib/scenario.sh"
rig r
before=$(ctl user export)
like "$before" '^name,display,mail,department,locale,disabled,card,id_number,card_pin' "the header line"
nok "no secret is in it" grep -qE "$RIG_ANNA_NUMBER|$RIG_ANNA_CARD|$RIG_OTTO_PIN|scrypt|mac" <<<"$before"
like "$before" "\*${RIG_ANNA_CARD: -4}" "of a card its end"
printf '%s\n' "$before" >"$W/same.csv"
is "$(ctl user import "$W/same.csv" | grep -o '[0-9]* unchanged')" "$(grep -c . <(ctl user list | tail -n +2)) unchanged" "what was exported changes nothing"

printf '%s\r\n' 'name;display;card;id_number;card_pin;department' \
	'carla;"Carla; the ""first""";0A0B0C0D;778899;1357;Sales' \
	'dora;=2+5;;;;Sales' 'anna;Anna Neu;;;;Labor' >"$W/new.csv"
like "$(ctl user import "$W/new.csv" --dry-run)" 'would be: 2 new, 1 changed' "a trial says what would change"
nok "and changes nothing" "$RIG_CTL" user show carla
like "$(ctl user import - <"$W/new.csv")" '^2 new, 1 changed' "the same for good, from standard input"
like "$(ctl user show carla)" 'Carla; the "first"' "the fields are as in the table"
login_card 0A0B0C0D
is "$(j .reason)" pin-needed "the card is known, and has a PIN"
login '"method":"card+pin","value":"0A0B0C0D","encoding":"hex","pin":"1357"'
is "$(j .session.user.id)" carla "which opens a session"
login '"method":"card+pin","value":"0A0B0C0D","encoding":"hex","pin":"1358"'
is "$(j .reason)" bad-credential "a wrong one does not"
login '"method":"id-number","value":"778899"'
is "$(j .session.user.id)" carla "and so does the number"; logout
like "$(ctl user export)" "'=2\+5" "an export makes no formula"
login_card "$RIG_ANNA_CARD"
is "$(j .session.user.display)" "Anna Neu" "who was changed keeps card and all"; logout

printf '%s\n' 'name,display,id_number,disabled' 'eva,Eva,1234,no' 'otto,X,778899,' \
	'fritz,Y,12,perhaps' ',Z,,' 'eva,again,,' >"$W/bad.csv"
ctl user import "$W/bad.csv" >"$W/out.txt"
is "$?" 1 "a table with bad lines is refused"
for w in '3 +id_number .*someone else' '4 +disabled .*yes or no' '4 +id_number .*digits' \
    '5 +name ' '6 +name .*line 2'; do
	ok "it names $w" grep -qE "^ *$w" "$W/out.txt"
done
is "$(awk '$1 ~ /^[0-9]+$/ { print $1 }' "$W/out.txt" | xargs)" "3 4 4 5 6" "in the order of the lines"
nok "and nothing is changed" "$RIG_CTL" user show eva
printf 'name\n"open' >"$W/open.csv"
like "$(ctl user import "$W/open.csv")" 'not closed' "a quote that does not close"
printf 'name\n\377\n' >"$W/latin.csv"
like "$(ctl user import "$W/latin.csv")" 'UTF-8' "a table that is not UTF-8"
printf 'name\nzoe\000x\n' >"$W/nul.csv"
nok "a table with a NUL" "$RIG_CTL" user import "$W/nul.csv"
api POST /users/import '{"csv":"name\nzoe\u0000x\n"}'
is "$STATUS" 400 "by the API, too"
api POST /users/import "{\"csv\":\"name,display\\nzoe,$(printf 'd%.0s' {1..90000})\\n\"}"
like "$STATUS $(j '.problems[0].field')" '200 display' "a field of 90000 letters is named"
{ printf '{"csv":"name\\n'; for i in {1..100000}; do printf 'u%d\\n' $i; done; printf '"}'; } >"$W/many"
STATUS=$(curl -sS --max-time 20 --unix-socket "$RIG_API_SOCK" -H 'Content-Type: application/json' \
	--data-binary @"$W/many" -o "$W/answer.txt" -w '%{http_code}' http://localhost/api/v1/users/import)
like "$STATUS $(cat "$W/answer.txt")" '200 .*in parts' "100000 lines are to come in parts"
nok "nothing of all that is there" eval '"$RIG_CTL" --json user list | grep -qE "\"(zoe|u1)\""'
api POST /users/import '{"csv":7}'
is "$STATUS" 400 "a number is no table"
head -c 4220000 /dev/zero | tr '\0' 'x' >"$W/large"
STATUS=$(printf '{"csv":"%s"}' "$(cat "$W/large")" | curl -sS --max-time 20 --unix-socket "$RIG_API_SOCK" \
	-H 'Content-Type: application/json' --data-binary @- -o "$W/answer.txt" -w '%{http_code}' \
	http://localhost/api/v1/users/import)
BODY=$(cat "$W/answer.txt")
is "$STATUS $(j .code)" "413 too-large" "more than 4 MiB"
nok "who is no administrator imports nothing" setpriv --reuid daemon --regid daemon \
	--clear-groups "$RIG_CTL" user import "$W/new.csv"

# ---- undo
ctl user set dora --display Other >/dev/null
out=$(ctl user import-undo)
is "$?" 1 "after a change an undo is refused"
like "$out" 'dora' "it names who was changed"
ok "nothing was taken back" "$RIG_CTL" user show carla
ctl user set dora --display '=2+5' >/dev/null
like "$(ctl user import-undo)" '0 new, 1 changed, 0 unchanged, 2 deleted' "changed back, it goes"
nok "who was new is gone" "$RIG_CTL" user show carla
login_card 0A0B0C0D
is "$(j .reason)" card-unknown "and so is the card"
is "$(ctl user export)" "$before" "everything is as it was"
nok "there is no second undo" "$RIG_CTL" user import-undo

# ---- those the table does not name go, and come back with all they had
printf 'name\nanna\n' >"$W/one.csv"
like "$(ctl user import "$W/one.csv" --delete-missing)" ' [1-9][0-9]* deleted' "the others are deleted"
login_card "$RIG_OTTO_CARD"
is "$(j .reason)" card-unknown "otto's card is unknown"
ctl user import-undo >/dev/null
login '"method":"card+pin","value":"'$RIG_OTTO_CARD'","encoding":"hex","pin":"'$RIG_OTTO_PIN'"'
is "$(j .session.user.id)" otto "the undo brings him back, card and PIN"; logout

# ---- ten thousand, while somebody stands at a panel
python3 - >"$W/many.csv" <<'PY'
print("name,display,mail,department,locale,card,id_number")
for i in range(10000):
    print(f"user{i:05d},User Number {i},user{i}@example.org,Department {i%40},de,04{i:08X},{200000+i}")
PY
login_card "$RIG_ANNA_CARD"
(for i in {1..40}; do opdp POST /opdp/v1/panel/menu '{"state":"in-session","session_id":"'"$SID"'","menu":"jobs","rev":null,"locale":"en"}'
	echo "$STATUS"; done) >"$W/panel.txt" &
from=${EPOCHREALTIME/./}
like "$(ctl user import "$W/many.csv")" '^10000 new' "ten thousand users"
ms=$(((${EPOCHREALTIME/./} - from) / 1000))
wait $!
diag "10000 users imported in $ms ms"
# A sanitizer build takes its time.
limit=2000
! grep -aq __asan_init "$RIG_BUILD/releaserd/releaserd" || limit=20000
ok "within two seconds" test "$ms" -lt $limit
is "$(sort -u "$W/panel.txt")" 200 "the panel is answered all the while"
is "$(ctl user export | wc -l)" "$(($(wc -l <<<"$before") + 10000))" "all come out again"
from=${EPOCHREALTIME/./}
ctl user import-undo >/dev/null
diag "and taken back in $(((${EPOCHREALTIME/./} - from) / 1000)) ms"
is "$(ctl user export)" "$before" "and are taken back"
