#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# san: yes
# Prices and rules by releasectl: setting and reading them, groups of devices,
# approvals and questions; what other rules and prices would have done; reports.
. "$(dirname "$0")/lib/scenario.sh"
command -v gs >/dev/null || skip_all "needs ghostscript"
rig r --conf 'LprTries 1'
out() { OUT=$(ctl "$@"); RC=$?; }
mixed "$W/five.pdf" 5
five() { print "$1" "$W/five.pdf"; }

# ---- prices and rules as files
out price show
is "$RC" 0 "nothing is set yet"
like "$OUT" 'nothing has a price' "and that is said"
printf 'mono 0,05\n' >"$W/wrong"
out price set "$W/wrong"
is "$RC" 1 "a wrong list is refused"
like "$OUT" 'line 1' "with its line"
printf 'mono 0.05\ncolour 0.20\nsheet 0.01\n\ngroup Cheap\nmono 0.02\ncolour 0.10\n' >"$W/prices"
out price set "$W/prices" --dry-run
like "$OUT" 'nothing was changed' "a right one may be tried first"
is "$(ctl --json price show | jq .version)" 0 "which changes nothing"
out price set "$W/prices"
like "$OUT" 'Version 1 holds' "it is set"
is "$(ctl price show)" "$(cat "$W/prices")" "and comes back as it was"
printf '# old\n' >"$W/rules"
out rule set "$W/rules"
like "$OUT" 'Version 1 holds' "rules likewise"
cat >"$W/rules" <<'X'
rule "Posters"
  when title "poster*"
  approve by "teachers"
rule "Much"
  when title "ask*" and pages > 2
  ask "Really {pages} pages?" instead duplex
X
ctl rule set - <"$W/rules" >/dev/null
is "$(ctl --json rule versions | jq -c '[.versions[].version]')" "[2,1]" "versions are kept"
is "$(ctl rule show --version 1)" "# old" "and can be read"
out rule show --version 9
is "$RC" 1 "those that are not there cannot"

# ---- groups of devices
out device set Flur --groups ' Cheap , 2nd floor,Cheap'
like "$OUT" 'Groups: +Cheap,2nd floor' "a device belongs to groups"
five five
within 20 "a job is held" held_is 1
five=$(id_of five)
like "$(ctl job show "$five")" 'Cost: +0.60 EUR of anna' "its cost is shown, while nobody chose a device"
out job release "$five" --device Flur
within 10 "it is printed" state_count_is sent 1
like "$(ctl job show "$five")" 'Cost: +0.31 EUR paid \(estimate\)' "at the prices of the group of the device"
like "$(ctl explain "$five")" 'settled: 0.31 EUR paid|0.31 EUR paid' "explain tells it"
out device set Flur --groups "$(printf 'x%.0s' {1..200})"
is "$RC" 1 "a name too long is refused"
like "$OUT" 'at most 127 bytes' "with the bound"

# ---- approvals and questions
five poster; five poster-2; five ask-me
within 20 "three jobs wait" held_is 3
poster=$(id_of poster) poster2=$(id_of poster-2) askme=$(id_of ask-me)
out approval list
like "$OUT" "$poster +anna +poster +0.60 EUR of anna +teachers +Posters" "who waits for whose approval"
like "$(ctl job show "$poster")" 'Waits for: +approval by teachers' "the job says so, too"
out approval approve "$poster" --text fine
is "$RC" 0 "one is approved"
out approval refuse "$poster2" --text 'too large'
like "$OUT" 'is refused' "one is not"
like "$(ctl explain "$poster2")" 'too large' "and the reason is kept"
like "$(ctl job show "$askme")" 'an answer to: Really 5 pages' "a question waits"
out question answer "$askme" maybe
is "$RC" 2 "an answer is one of three words"
out question answer "$askme" changed
is "$RC" 0 "it is answered"
like "$(ctl job show "$askme")" 'two-sided' "and the job is changed"
out question list
is "$OUT" "no jobs" "nothing is asked any more"

# ---- what other rules and prices would have done
ctl group add Pupils >/dev/null; ctl group add School >/dev/null
ctl group join Pupils anna >/dev/null
ctl group join School Pupils --nested >/dev/null
out job release "$poster" --device Flur
within 10 "the poster is printed" state_count_is sent 2
cat >"$W/new-rules" <<'X'
rule "No posters"
  when title "poster*" and group "School"
  refuse "no"
rule "Grey"
  when colour-pages > 1
  force mono, duplex
rule "Poor"
  when money-left < 5
  refuse "no money"
X
printf 'mono 0.10\ncolour 1\n' >"$W/new-prices"
out --json simulate --rules "$W/new-rules" --prices "$W/new-prices"
is "$RC" 0 "recorded jobs are replayed"
is "$(jq -c '.total | [.jobs,.refused,.refused_then_held_now]' <<<"$OUT")" "[3,2,0]" \
	"three jobs; the posters would be refused"
is "$(jq -c '.total.forced' <<<"$OUT")" '{"mono":1,"duplex":1,"number_up":0,"copies":0}' \
	"another one forced to be grey, on both sides"
is "$(jq -c '.total.before' <<<"$OUT")" '{"jobs":2,"sides":10,"colour":4,"sheets":10,"micro":620000}' \
	"what they were"
is "$(jq -c '.total.after' <<<"$OUT")" '{"jobs":1,"sides":5,"colour":0,"sheets":3,"micro":500000}' \
	"and would be"
is "$(jq -c '[.groups[].name] | sort' <<<"$OUT")" '["Pupils","School"]' "groups, nested ones too"
is "$(jq -c .unknown <<<"$OUT")" '["Poor"]' "a rule that hung on what nobody knows is named"
out simulate --rules "$W/new-rules" --prices "$W/new-prices"
like "$OUT" 'anna +3 +2 ' "as a table"
like "$OUT" ' 1 +No posters +2 +0 +0 +0' "with how often each rule did what"
is "$(ctl --json simulate --rules "$W/new-rules" | jq -c '[.rules[] | [.name,.line,.refused,.forced]]')" \
	'[["No posters",1,2,0],["Grey",4,0,1]]' "those that did something, by name and line"
like "$OUT" 'Groups of users and devices are those of today' "with what it does not know"
out simulate --rules "$W/wrong"
is "$RC" 1 "wrong rules are refused"
like "$OUT" 'line 1' "with the line"
out simulate --from 2001-01-01 --to 2001-01-02
like "$OUT" '(^|[^0-9])0 jobs: 0 refused' "a span without jobs has none"
is "$(ctl --json rule show | jq .version)" 2 "nothing was changed"
api GET '/recorded?limit=1'
is "$STATUS $(j '.rows | length')" "200 1" "recorded jobs by the page"
n=0; after=
while :; do
	api GET "/recorded?limit=1&after=$after"
	n=$((n + $(j '.rows | length'))) after=$(j '.next // empty')
	[ -n "$after" ] && [ $n -lt 99 ] || break
done
is $n 3 "each once"
api GET '/recorded?after=x'
is "$STATUS" 400 "a cursor from nowhere is refused"
api_as daemon GET /recorded
is "$(j .code)" forbidden "not for everybody"

# ---- reports
out report usage --by user --csv
is "$OUT" $'key,jobs,sheets,sides,colour,mono,duplex,uncounted\r\nanna,2,10,10,4,6,0,0\r' "usage as CSV"
like "$(ctl report usage --by month)" ' 2 +10 +10 +4 +6 +0 +0$' "by month"
like "$(ctl report usage --by group)" 'School +2 +10 ' "by group"
like "$(ctl report usage --by account)" 'anna +2 +10 ' "by account"
is "$(ctl --json report cost --by device | jq -c '.rows[0] | [.key,.jobs,.paid,.estimated]')" \
	'["Flur",2,620000,2]' "cost by device"
like "$(ctl report cost --by day)" ' 2 +0.62 EUR +0.00 EUR +2$' "by day"
like "$(ctl report cost --by account)" 'anna +2 +0.62 EUR' "by account"
like "$(ctl report cost --by group --csv)" 'Pupils,2,0.62,0.00,2' "by group"
is "$(ctl --json report cost --by group | jq -c '[.totals.paid, (.rows[] | [.group,.paid])]')" \
	'[620000,["Pupils",620000],["School",620000]]' "nested ones too, and once in the sum"
is "$(ctl --json report cost --by department | jq -c '[.rows[] | [.department,.jobs]]')" \
	'[["",2]]' "by department: none is known"
api PATCH /users/anna '{"department":"Physics"}'
is "$(ctl report cost --by department --csv | tail -1)" $'Physics,2,0.62,0.00,2\r' "then the one of now"
ctl group leave School Pupils --nested >/dev/null; ctl group leave Pupils anna >/dev/null
is "$(ctl --json report cost --by group | jq -c '[.rows[] | [.group,.paid]]')" '[["",620000]]' \
	"somebody in no group"
is "$(ctl --json report cost --by queue | jq -c '[.totals.paid, .rows[0].queue]')" \
	"[620000,\"$RIG_QUEUE\"]" "by queue"
ctl account refund "$five" --amount 0.11 >/dev/null
is "$(ctl --json report cost --by user | jq -c '.rows[0] | [.paid,.refunded]')" '[510000,110000]' \
	"what was given back is taken off"
out report cost --by shoe
is "$RC" 1 "not by anything"
ctl quota set user:anna 5 >/dev/null
like "$(ctl report quota)" 'anna +money +5.00 +5.00 +0.00' "what is left of quotas"
like "$(ctl report environment --by user --sheets-per-tree 5 --co2-per-sheet 100)" \
	'anna +10 +10 +2.0 +1.0 +0 +0.0 +0.0' "trees, by one's own factors"
out report environment --co2-per-sheet 0
is "$RC" 2 "a factor is above 0"
out report page-log
like "$OUT" "^Flur anna [0-9]+ \[[0-9]{2}/[A-Z][a-z]{2}/20[0-9: +-]+\] total 5 - localhost five iso_a4_210x297mm " \
	"page_log as CUPS writes it"
is "$(ctl report page-log --format '%u %C%% %{job-name} %{nothing}' | tail -1)" \
	"anna 5% poster -" "or in another format"
