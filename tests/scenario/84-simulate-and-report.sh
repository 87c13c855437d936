#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# san: yes
# Prices and rules by releasectl: setting and reading them, groups of devices,
# approvals and questions; what other rules and prices would have done; reports.
. "$(dirname "$0")/lib/scenario.sh"
command -v gs >/dev/null || skip_all "needs ghostscript"
rig r --conf 'LprTries 1'
ctl() { "$RIG_CTL" "$@" 2>&1; }
out() { OUT=$(ctl "$@"); RC=$?; }
prog='/Helvetica 40 selectfont 1 1 5 { dup 2 mod 0 eq { 1 0 0 setrgbcolor }
{ 0 0 0 setrgbcolor } ifelse 72 700 moveto 9 string cvs show showpage } for'
gs -q -dNOPAUSE -dBATCH -sPAPERSIZE=a4 -sDEVICE=pdfwrite -o "$W/five.pdf" -c "$prog"
print() { lp -U anna -d "$RIG_QUEUE" -t "$1" "$W/five.pdf" >/dev/null 2>&1; }

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
print five
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
print poster; print poster-2; print ask-me
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
