#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Searching held jobs and history: each finds the own, the help desk no titles,
# operators everything.
. "$(dirname "$0")/lib/scenario.sh"
rig r
doc a.bin 2000
me=$(id -nu 1) other=$(id -nu 2)	# users of this system: uids 1 and 2
as() { setpriv --reuid "$1" --regid "$1" --clear-groups "$RIG_CTL" --json "${@:2}" 2>&1; }
titles() { jq -r '.jobs[].title' <<<"$1" | paste -sd,; }
# as_user UID QUERY: the API itself, as this user
as_user() { setpriv --reuid "$1" --regid "$1" --clear-groups curl -sS --max-time 20 \
	--unix-socket "$RIG_API_SOCK" "http://localhost/api/v1$2"; }

PRINT_AS=$me hold "$W/a.bin" -t "Bericht über Äpfel"
PRINT_AS=$other hold "$W/a.bin" -t "Bericht, geheim"
PRINT_AS=$me hold "$W/a.bin" -t "100% Rabatt_neu"
first=$(id_of "Bericht über Äpfel")

is "$(titles "$(as 0 job list --search BERICHT)")" "Bericht über Äpfel,Bericht, geheim" \
	"the administrator finds both, in capitals or not"
is "$(titles "$(as 0 job list --search bericht --newest)")" \
	"Bericht, geheim,Bericht über Äpfel" "the newest first when asked"
is "$(titles "$(as 1 job list --search äpfel)")" "Bericht über Äpfel" "the owner finds the own"
is "$(titles "$(as 1 job list --search bericht)")" "Bericht über Äpfel" "and nobody else's"
is "$(titles "$(as 2 job list --search ÄPFEL)")" "" "somebody else finds nothing"
is "$(titles "$(as 2 job list --search "$first")")" "" "not by its id either"
nok "nor by asking for the user" as 2 job list --user "$me" --search bericht
is "$(titles "$(as 1 job list --search '%')")" "100% Rabatt_neu" "a percent sign is one"
is "$(titles "$(as 1 job list --search 't_n')")" "100% Rabatt_neu" "an underscore, too"
is "$(titles "$(as 0 job list --search "$first")")" "Bericht über Äpfel" "by id"
is "$(titles "$(as 0 job list --search "$other")")" "Bericht, geheim" "by user"
is "$(titles "$(as 0 job list --queue "$RIG_RAW_QUEUE" --search rabatt)")" \
	"100% Rabatt_neu" "by queue"
is "$(titles "$(as 0 job list --queue nowhere)")" "" "of another queue there is nothing"

# The help desk sees jobs, not titles, and cannot guess them by searching.
api PATCH "/roles/$other" '{"role":"helpdesk"}'
is "$STATUS" 200 "somebody becomes the help desk"
as_user 2 "/jobs?q=$me" >"$W/desk.json"
is "$(jq -r '[.jobs[].title] | unique | tostring' "$W/desk.json")" "[null]" \
	"who finds jobs by user, without titles"
is "$(jq '.jobs | length' "$W/desk.json")" 2 "all of them"
is "$(as_user 2 "/jobs?q=rabatt" | jq '.jobs | length')" 0 "but not by title"
is "$(as_user 2 "/jobs?q=geheim" | jq -r '.jobs[0].title')" "Bericht, geheim" \
	"only the own"
api PATCH "/roles/$other" '{"role":"operator"}'
is "$(as_user 2 "/jobs?q=rabatt" | jq -r '.jobs[0].title')" "100% Rabatt_neu" \
	"an operator finds titles"
api PATCH "/roles/$other" '{"role":"user"}'
is "$(as_user 2 "/jobs?q=rabatt" | jq '.jobs | length')" 0 "a user again does not"

# History: what was printed and deleted, by state, device and day.
ok "one is printed" "$RIG_CTL" job release "$first" --device Flur
within 10 "and sent" state_is "$first" sent
ok "one is deleted" "$RIG_CTL" job delete "$(id_of "Bericht, geheim")"
is "$(titles "$(as 1 job list --search bericht)")" "" "it is held no more"
is "$(titles "$(as 1 job list --state sent,expired,deleted --search bericht)")" \
	"Bericht über Äpfel" "the history has it"
is "$(titles "$(as 0 job list --state sent,deleted --search bericht)")" \
	"Bericht über Äpfel,Bericht, geheim" "several states at once"
is "$(titles "$(as 0 job list --state all --device Flur)")" "Bericht über Äpfel" "by device"
today=$(date +%Y-%m-%d)
is "$(as 0 job list --state all --from "$today" --to "$today" | jq '.jobs | length')" 3 "by day"
is "$(as 0 job list --state all --to "$(date -d '-1 day' +%Y-%m-%d)" | jq '.jobs | length')" 0 \
	"yesterday there was nothing"
is "$(as 0 job list --state all --newest --limit 2 | jq '.jobs | length')" 2 "so many and no more"
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
