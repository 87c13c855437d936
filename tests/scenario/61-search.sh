#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Searching held jobs and history: each finds the own, the help desk no titles,
# operators everything.
. "$(dirname "$0")/lib/scenario.sh"
rig r
doc a.bin 2000
me=$(id -nu 1) other=$(id -nu 2)	# users of this system: uids 1 and 2
titles() { jq -r '.jobs[].title' <<<"$1" | paste -sd,; }

PRINT_AS=$me hold "$W/a.bin" -t "Bericht über Äpfel"
PRINT_AS=$other hold "$W/a.bin" -t "Bericht, geheim"
PRINT_AS=$me hold "$W/a.bin" -t "100% Rabatt_neu"
first=$(id_of "Bericht über Äpfel")

is "$(titles "$(ctl_as 0 --json job list --search BERICHT)")" "Bericht über Äpfel,Bericht, geheim" \
	"the administrator finds both, in capitals or not"
is "$(titles "$(ctl_as 0 --json job list --search bericht --newest)")" \
	"Bericht, geheim,Bericht über Äpfel" "the newest first when asked"
is "$(titles "$(ctl_as 1 --json job list --search äpfel)")" "Bericht über Äpfel" "the owner finds the own"
is "$(titles "$(ctl_as 1 --json job list --search bericht)")" "Bericht über Äpfel" "and nobody else's"
is "$(titles "$(ctl_as 2 --json job list --search ÄPFEL)")" "" "somebody else finds nothing"
is "$(titles "$(ctl_as 2 --json job list --search "$first")")" "" "not by its id either"
nok "nor by asking for the user" ctl_as 2 --json job list --user "$me" --search bericht
is "$(titles "$(ctl_as 1 --json job list --search '%')")" "100% Rabatt_neu" "a percent sign is one"
is "$(titles "$(ctl_as 1 --json job list --search 't_n')")" "100% Rabatt_neu" "an underscore, too"
is "$(titles "$(ctl_as 0 --json job list --search "$first")")" "Bericht über Äpfel" "by id"
is "$(titles "$(ctl_as 0 --json job list --search "$other")")" "Bericht, geheim" "by user"
is "$(titles "$(ctl_as 0 --json job list --queue "$RIG_RAW_QUEUE" --search rabatt)")" \
	"100% Rabatt_neu" "by queue"
is "$(titles "$(ctl_as 0 --json job list --queue nowhere)")" "" "of another queue there is nothing"

# The help desk sees jobs, not titles, and cannot guess them by searching.
api PATCH "/roles/$other" '{"role":"helpdesk"}'
is "$STATUS" 200 "somebody becomes the help desk"
api_as 2 GET "/jobs?q=$me"
printf '%s' "$BODY" >"$W/desk.json"
is "$(jq -r '[.jobs[].title] | unique | tostring' "$W/desk.json")" "[null]" \
	"who finds jobs by user, without titles"
is "$(jq '.jobs | length' "$W/desk.json")" 2 "all of them"
api_as 2 GET "/jobs?q=rabatt"
is "$(j '.jobs | length')" 0 "but not by title"
api_as 2 GET "/jobs?q=geheim"
is "$(j '.jobs[0].title')" "Bericht, geheim" \
	"only the own"
api PATCH "/roles/$other" '{"role":"operator"}'
api_as 2 GET "/jobs?q=rabatt"
is "$(j '.jobs[0].title')" "100% Rabatt_neu" \
	"an operator finds titles"
api PATCH "/roles/$other" '{"role":"user"}'
api_as 2 GET "/jobs?q=rabatt"
is "$(j '.jobs | length')" 0 "a user again does not"

# History: what was printed and deleted, by state, device and day.
ok "one is printed" "$RIG_CTL" job release "$first" --device Flur
within 10 "and sent" state_is "$first" sent
ok "one is deleted" "$RIG_CTL" job delete "$(id_of "Bericht, geheim")"
is "$(titles "$(ctl_as 1 --json job list --search bericht)")" "" "it is held no more"
is "$(titles "$(ctl_as 1 --json job list --state sent,expired,deleted --search bericht)")" \
	"Bericht über Äpfel" "the history has it"
is "$(titles "$(ctl_as 0 --json job list --state sent,deleted --search bericht)")" \
	"Bericht über Äpfel,Bericht, geheim" "several states at once"
is "$(titles "$(ctl_as 0 --json job list --state all --device Flur)")" "Bericht über Äpfel" "by device"
today=$(date +%Y-%m-%d)
is "$(ctl_as 0 --json job list --state all --from "$today" --to "$today" | jq '.jobs | length')" 3 "by day"
is "$(ctl_as 0 --json job list --state all --to "$(date -d '-1 day' +%Y-%m-%d)" | jq '.jobs | length')" 0 \
	"yesterday there was nothing"
is "$(ctl_as 0 --json job list --state all --newest --limit 2 | jq '.jobs | length')" 2 "so many and no more"
api GET '/jobs?job_state=all&order=newest&limit=1'
a=$(j '.jobs[0].id')
api GET "/jobs?job_state=all&order=newest&limit=1&after=$(j .next)"
is "$(j '.jobs[0].title')" "Bericht, geheim" "pages go on in the order asked for"
nok "not from where it began" test "$(j '.jobs[0].id')" = "$a"
for bad in 'from=soon-enough' 'to=2026-02-30' 'order=best' 'job_state=held,x' \
    'limit=0' "q=$(printf 'x%.0s' $(seq 101))"; do
	api GET "/jobs?$bad"
	is "$STATUS $(j .code)" "400 bad-request" "${bad%%=*} is refused"
	like "$(j .detail)" "${bad%%=*}" "by its name"
done
