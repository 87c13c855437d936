#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A held job is kept for longer; what was done to another's is in the audit log.
. "$(dirname "$0")/lib/scenario.sh"
rig r --conf 'JobExpiry 1h' --conf 'ConfidentialExpiry 2h'
S_MAY_DIE=1
doc a.bin 2000
me=$(id -nu 1) other=$(id -nu 2)
for_how_long() { api GET "/jobs/$1"; echo $(($(date -d "$(j .expires_at)" +%s) - $(date +%s))); }
about() { [ "$1" -gt $(($2 - 30)) ] && [ "$1" -le $(($2 + 1)) ]; }

PRINT_AS=$me hold "$W/a.bin" -t kept
PRINT_AS=$me hold "$W/a.bin" -t left
PRINT_AS=$me hold "$W/a.bin" -t secret -o job-password=1234
kept=$(id_of kept) left=$(id_of left) secret=$(id_of secret)
is "$(held_is 3 && echo yes)" yes "three jobs are held"

"$RIG" stop "$R"
ok "50 minutes later" lib_later "$RIG_DB" 3000000
"$RIG" start "$R"
ok "one has ten minutes left" about "$(for_how_long "$kept")" 600
nok "somebody else cannot keep it" ctl_as 2 job keep "$kept"
ok "nothing has changed" about "$(for_how_long "$kept")" 600
like "$(ctl_as 1 job keep "$kept")" 'held until 20' "its owner can"
ok "an hour from now" about "$(for_how_long "$kept")" 3600
ok "and once more" ctl_as 1 job keep "$kept"
ok "which adds nothing" about "$(for_how_long "$kept")" 3600
ok "a confidential one" ctl_as 1 job keep "$secret"
ok "by its own time" about "$(for_how_long "$secret")" 7200
like "$("$RIG_CTL" explain "$kept")" "kept +kept by $me until" "explain tells it"
is "$("$RIG_CTL" --json audit | jq '[.audit[] | select(.what == "job-kept")] | length')" 0 \
	"one's own is not in the audit log"

"$RIG" stop "$R"
ok "20 minutes later" lib_later "$RIG_DB" 1200000
"$RIG" start "$R"
within 15 "the job that was not kept is expired" state_is "$left" expired
is "$(state "$kept")" held "the other is held"
api POST "/jobs/$left/keep"
is "$STATUS $(j .code)" "410 job-expired" "an expired job cannot be kept"
ok "an administrator keeps it, too" "$RIG_CTL" job keep "$kept"
ok "one is printed" "$RIG_CTL" job release "$kept" --device Flur
within 10 "and sent" state_is "$kept" sent
api POST "/jobs/$kept/keep"
is "$STATUS $(j .code)" "409 job-not-held" "what is gone cannot be kept"
api POST /jobs/j-0000000000000/keep
is "$STATUS $(j .code)" "404 job-unknown" "nor what there never was"

ok "another is deleted" "$RIG_CTL" job delete "$secret"
api GET '/audit?limit=3'
is "$(j '[.audit[] | "\(.who) \(.what) \(.detail)"] | join(",")')" \
	"root job-deleted $secret,root job-released $kept,root job-kept $kept" \
	"what the administrator did, newest first"
id=$(j '.audit[2].id')
api GET "/audit?limit=3&after=$(j .next)"
is "$(j "[.audit[].id] | max < $id")" true "and what was before"
is "$("$RIG_CTL" --json audit --what job-kept --who root | jq '.audit | length')" 1 "one kind of one person"
is "$("$RIG_CTL" --json audit --to 2020-01-01 | jq '.audit | length')" 0 "nothing from long ago"
like "$("$RIG_CTL" audit --limit 1)" "root +job-deleted +$secret" "as a table"
nok "not for everybody" ctl_as 1 audit
like "$(ctl_as 1 audit)" 'administrator' "who are told why"

# KeepAudit
"$RIG" stop "$R"
ok "more than a year later" lib_later "$RIG_DB" 35000000000
"$RIG" start "$R"
empty() { [ "$("$RIG_CTL" --json audit --what job-deleted | jq '.audit | length')" = 0 ]; }
within 15 "the entry is gone" empty
