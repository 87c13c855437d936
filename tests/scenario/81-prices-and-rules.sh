#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# san: yes
# What a job costs is known before it prints; rules refuse, change, ask and
# want approval; what did not print is not paid.
. "$(dirname "$0")/lib/scenario.sh"
command -v gs >/dev/null || skip_all "needs ghostscript"
rig r --conf 'LprTries 1'
mixed "$W/five.pdf" 5
release() { api POST "/jobs/$1/release" "{\"device\":\"Flur\"${2:-}}"; }

# ---- prices
api GET /prices
is "$STATUS $(j .version)" "200 0" "at first nothing has a price"
prices <<<'mono 0,05'
is "$STATUS $(j .code) $(j .field)" "422 text-invalid text" "a wrong list is refused"
like "$(j .detail)" 'line 1' "with its line"
prices <<<'currency CHF'$'\n''mono 0.05'
is "$STATUS" 422 "so is one in another currency"
prices <<<'mono 0.05
colour 0.20
sheet 0.01'
is "$STATUS $(j .version)" "201 1" "a list holds"
print five "$W/five.pdf"
within 20 "a job is held" held_is 1
five=$(id_of five)
is "$(charge "$five" '\(.state) \(.micro) \(.currency) \(.account)')" \
	"estimate 600000 EUR anna" "and its price is known: 3 mono, 2 colour, 5 sheets"
api GET "/jobs/$five"
like "$(j '.charge.items[].text')" '2 colour sides at 0.20 \(line 2\)' "line by line"
release "$five"
is "$STATUS" 202 "it goes out"
within 10 "it is printed" state_count_is sent 1
is "$(charge "$five" '\(.state) \(.micro) \(.source) \(.unconfirmed)')" \
	"settled 600000 estimate false" "and is paid"
like "$(events "$five")" 'reserved: 0.60 EUR set aside from anna' "what was set aside is told"
like "$(events "$five")" 'settled: 0.60 EUR paid, by estimate' "and what was paid"

# ---- a device that does not take it: nothing is paid
print again "$W/five.pdf"
within 20 "another job is held" held_is 1
again=$(id_of again)
api GET /devices
flur=$(j '.devices[] | select(.name == "Flur") | .id')
port=$(j '.devices[] | select(.name == "Flur") | .lpr_port')
api PATCH "/devices/$flur" '{"lpr_port":9}'
release "$again"
is "$STATUS" 202 "it goes to a device that is away"
back() { events "$again" | grep -q 'cancelled:'; }
within 20 "the money flows back" back
is "$(charge "$again" '\(.state) \(.micro)')" "estimate 600000" "and it is held as before"
api PATCH "/devices/$flur" "{\"lpr_port\":$port}"

# ---- rules
rules <<<'rule "bad"
  when pagez > 2
  refuse "no"'
is "$STATUS" 422 "a wrong rule is refused"
like "$(j .detail)" 'line 2.*pagez' "with line and word"
rules <<<'rule "Secrets"
  when title "*secret*"
  refuse "No secrets on paper, {user}."
rule "Much"
  when title "ask*" and pages > 2
  ask "This has {pages} pages. Really?" instead duplex timeout 10m cancel
rule "Posters"
  when title "poster*"
  approve by "teachers"
rule "Both sides"
  when title "long*"
  force duplex
rule "Not here"
  when title "elsewhere*" and device "Flur"
  refuse "Not at this device." on release'
is "$STATUS $(j .version)" "201 1" "rules hold"
print secret-plans "$W/five.pdf"
within 20 "what a rule refuses is not held" state_count_is refused 1
api GET '/jobs?job_state=refused'
secret=$(j '.jobs[0].id')
like "$(events "$secret")" 'No secrets on paper, anna' "and its owner is told in the words of the rule"
like "$(events "$secret")" 'rule: "Secrets" \(line 1' "explain names rule and line"

print long "$W/five.pdf"
within 20 "what is forced is held changed" held_is 2
api GET "/jobs/$(id_of long)"
is "$(j '"\(.options.sides) \(.pages.sheets) \(.charge.micro)"')" \
	"two-sided-long-edge 3 580000" "on both sides, and cheaper"

print ask-me "$W/five.pdf"
within 20 "a question waits" held_is 3
ask=$(id_of ask-me)
api GET "/jobs/$ask"
is "$(j .waiting.question.text)" "This has 5 pages. Really?" "with its text"
release "$ask"
is "$STATUS" 202 "an operator is not asked"
within 10 "it is printed" state_count_is sent 2

# ---- asked and answered by its owner
mine() { PRINT_AS=daemon print "$1" "$W/five.pdf"; }
mine ask-1; mine ask-2; mine ask-3; mine poster; mine poster-2; mine elsewhere
within 30 "the jobs of daemon are held" eval '[ "$(count held daemon)" = 6 ]'
ask1=$(id_of ask-1) ask2=$(id_of ask-2) ask3=$(id_of ask-3)
api_as daemon POST "/jobs/$ask1/release" '{"device":"Flur"}'
is "$STATUS $(j .code)" "422 question-waits" "what is asked waits"
like "$(j .detail)" 'This has 5 pages' "the question is the answer"
api_as daemon GET '/waiting?kind=question'
is "$(j '.jobs | length')" 3 "all questions are listed"
api_as mail POST "/jobs/$ask1/answer" '{"answer":"as-is"}'
is "$STATUS $(j .code)" "404 job-unknown" "nobody else answers"
api_as daemon POST "/jobs/$ask1/answer" '{"answer":"perhaps"}'
is "$STATUS $(j .field)" "400 answer" "nor is everything an answer"
api_as daemon POST "/jobs/$ask1/answer" '{"answer":"changed"}'
is "$STATUS $(j '"\(.pages.sheets) \(.waiting)"')" "200 3 null" "changed: on both sides"
api_as daemon POST "/jobs/$ask1/answer" '{"answer":"as-is"}'
is "$STATUS $(j .code)" "409 job-not-held" "a question is answered once"
api_as daemon POST "/jobs/$ask1/release" '{"device":"Flur"}'
is "$STATUS" 202 "and then it goes out"
within 10 "it is printed" state_count_is sent 3
is "$(charge "$ask1" '\(.micro)')" 580000 "for the price of the change"
api_as daemon POST "/jobs/$ask2/answer" '{"answer":"cancel"}'
is "$STATUS $(j .state)" "200 deleted" "cancelled: it is gone"

# ---- approvals
poster=$(id_of poster) poster2=$(id_of poster-2)
api_as daemon POST "/jobs/$poster/release" '{"device":"Flur"}'
is "$STATUS $(j .code)" "409 approval-needed" "a poster waits for approval"
api_as daemon POST "/jobs/$poster/approval" '{"answer":"approve"}'
is "$STATUS $(j .code)" "403 forbidden" "its owner does not approve it"
api_as mail GET '/waiting?kind=approval'
is "$(j '.jobs | length')" 0 "who is in no group has nothing to approve"
api_as mail POST "/jobs/$poster/approval" '{"answer":"approve"}'
is "$STATUS $(j .code)" "404 job-unknown" "and approves nothing"
api POST /groups '{"name":"Teachers"}'
api PATCH /groups/Teachers '{"op":"add","name":"mail"}'
is "$STATUS" 200 "mail becomes a teacher"
api_as mail GET '/waiting?kind=approval'
is "$(j '[.jobs[].title] | sort | join(" ")')" "poster poster-2" "and is shown what waits"
api GET '/waiting?kind=approval'
is "$(j '[.jobs[].title] | sort | join(" ")')" "poster poster-2" "both are listed for who may"
api_as mail POST "/jobs/$poster/approval" '{"answer":"approve","text":"for the fair"}'
is "$STATUS" 200 "one is approved"
api_as daemon POST "/jobs/$poster/release" '{"device":"Flur"}'
is "$STATUS" 202 "and goes out"
within 10 "it is printed" state_count_is sent 4
api POST "/jobs/$poster2/approval" '{"answer":"refuse","text":"too large"}'
is "$STATUS $(j .state)" "200 refused" "the other one is refused"
like "$(events "$poster2")" 'too large' "with the reason"

# ---- at release only
api_as daemon POST "/jobs/$(id_of elsewhere)/release" '{"device":"Flur"}'
is "$STATUS $(j .code) $(j .detail)" "403 refused-by-rule Not at this device." "a rule about the device"
is "$(state "$(id_of elsewhere)")" held "the job stays held"

# ---- what is forced is done to the document, not only noted
rules <<<'rule "Thrift"
  when title "thrift*" and colour-pages > 1
  force mono, number-up 2, duplex'
before=$(printed)
print thrift "$W/five.pdf"
thrift() { api GET '/jobs?q=thrift'; [ "$(j '.jobs | length')" = 1 ]; }
within 20 "a job to be changed is held" thrift
id=$(j '.jobs[0].id')
is "$(j '.jobs[0] | "\(.pages.sides) \(.pages.sheets) \(.charge.micro)"')" "3 2 170000" \
	"three sides on two sheets, none in colour"
release "$id"
is "$STATUS" 202 "it goes out"
within 30 "and is printed" printed_is $((before + 1))
out=$(ls -t "$RIG_OUT"/*.prn | head -1)
sed -n '/^%PDF/,$p' "$out" >"$W/out.pdf"
is "$(pdf_pages "$W/out.pdf")" 3 "three pages came out"
is "$(gs -q -dNOPAUSE -dBATCH -dSAFER -sDEVICE=inkcov -o - "$W/out.pdf" |
	awk '$1 + $2 + $3 > 0' | wc -l)" 0 "without any colour"
within 10 "it is settled" eval '[ "$(charge "$id" "\(.state)")" = settled ]'
is "$(charge "$id" '\(.micro)')" 170000 "for the price of what came out"
