#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# All that is known of one person; and nothing of it left.
. "$(dirname "$0")/lib/scenario.sh"
rig r
DB=$R/state/release.db
[ -f "$DB" ] || DB=$(find "$R" -name release.db | head -1)
# Every live row, as text; blobs too.
dump() { python3 - "$DB" <<'PY'
import sqlite3, sys
db = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True)
db.text_factory = bytes
for (t,) in db.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall():
    t = t.decode()
    for row in db.execute('SELECT * FROM "%s"' % t):
        print(t, *[v.decode("latin-1") if isinstance(v, bytes) else v for v in row], sep="|")
PY
}
rows_with() { dump | grep -aic "$1"; }

printf '%s\n' 'name,display,mail,card,id_number' \
	'zacharias,Zacharias Quandt,z.quandt@example.org,0C0D0E0F,445566' \
	'zacharias-b,Another One,,0C0D0E10,' >"$W/users.csv"
ctl user import "$W/users.csv" >/dev/null
doc a.bin 3000
doc b.bin 3000
api POST /rules '{"text":"rule \"Asks\"\n when title \"*still held\"\n ask \"{user}, print {title}?\"\n"}'
is "$STATUS" 201 "a rule asks by name"
export PRINT_AS=zacharias
hold "$W/a.bin" -t "Letter to the Quandt family"
hold "$W/b.bin" -t "Quandt still held"
PRINT_AS=zacharias-b hold "$W/b.bin" -t "Not his"
unset PRINT_AS
login_card 0C0D0E0F
letter=$(id_of 'Letter to the Quandt family')
RID=$(uuid) release "$letter"
within 15 "one job is printed" copies_are "$W/a.bin" 1
within 15 "and settled" state_is "$letter" sent
ctl user set zacharias --department Keller >/dev/null
for i in 1 2 3 4; do login_password zacharias wrong; done
is "$(j .reason)" locked-out "three wrong passwords lock out"
like "$(ctl user unlock zacharias)" 'may log in again' "the help desk unlocks"
api GET /users/zacharias
is "$(j .locked_until)" null "then nothing is locked"

# ---- what is known
ctl user data zacharias >"$W/data.json"
v() { jq -r "$1" "$W/data.json"; }
is "$(v .user.mail)" z.quandt@example.org "the user"
is "$(v '.cards|map(.tail)|join(" ")')" 0E0F "the cards, by their end"
is "$(v '.jobs|length')" 2 "both jobs"
is "$(v '[.jobs[]|select(.state=="sent").events[].kind]|contains(["sent"])')" true "with their story"
is "$(v '.usage|map(.jobs)|add')" 1 "the figures"
is "$(v '[.audit[].what]|contains(["user-changed","login-denied"])')" true "what the audit log says"
nok "no hash and no secret" grep -qE 'scrypt|445566|0C0D0E0F|mac\$' "$W/data.json"
nok "and nobody else's" grep -q 'Not his' "$W/data.json"
nok "others may not read it" as daemon "$RIG_CTL" user data zacharias
nok "nor erase it" as daemon "$RIG_CTL" user erase zacharias
ok "one's own data is one's own" as daemon "$RIG_CTL" user data daemon
api GET /users/nobody-knows/data
is "$STATUS $(j .code)" "404 user-unknown" "of nobody nothing is known"

# ---- erased
like "$(dump | grep -a '^wait|')" 'zacharias' "also in what a rule asked"
ok "the name is everywhere before" test "$(rows_with quandt)" -gt 3
spool=$(find "$R" -name '*.job' | wc -l)
ctl --json user erase zacharias >"$W/erased.json"
is "$?" 0 "the person is erased"
as=$(jq -r .pseudonym "$W/erased.json")
like "$as" '^erased-[0-9a-f]{8}$' "a pseudonym takes the place"
is "$(jq -r '.jobs,.deleted_jobs' "$W/erased.json" | xargs)" "2 1" "of two jobs, one of them held"
is "$(rows_with quandt)" 0 "no live row has the display name, mail address or title"
is "$(dump | grep -ai 'zacharias' | grep -vaic 'zacharias-b')" 0 "none has the name"
ok "somebody with a longer name stays" "$RIG_CTL" user show zacharias-b
is "$(dump | grep -ac 'Not his')" 1 "with the job"
is "$(find "$R" -name '*.job' | wc -l)" $((spool - 1)) "the held document is gone"
api GET "/jobs?job_state=sent&user=$as"
is "$(j '.jobs|length') $(j '.jobs[0].title')" "1 $as" "the record of the printed job stays, under the pseudonym"
api GET "/usage?by=all&user=$as"
is "$(j .totals.jobs)" 1 "and the figures"
login_card 0C0D0E0F
is "$(j .reason)" card-unknown "the card is unknown"
api GET /audit
is "$(j '[.audit[]|select(.what=="user-erased").detail][0]')" "$as" "the audit log says so, by the pseudonym"
nok "twice there is nothing" "$RIG_CTL" user erase zacharias
