#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Every route of the local API; each answer is as doc/local-api.openapi.json
# says (the check at the end of every scenario reads the trace).
. "$(dirname "$0")/lib/scenario.sh"
rig r

# call METHOD PATH [BODY]: leaves STATUS and BODY, and a line in the trace
call() {
	local out=$W/api.out

	STATUS=$(curl -sS --max-time 20 --unix-socket "$RIG_API_SOCK" -X "$1" \
		${3:+-H 'Content-Type: application/json' -d "$3"} -o "$out" \
		-w '%{http_code}' "http://localhost$2")
	BODY=$(cat "$out")
	HEAD=
	trace_line "$1" "$2" "${3:-}"
	rm -f "$out"
}
gives() { is "$STATUS" "$1" "$2"; }

call GET /api/v1/status
gives 200 "the status"
like "$(j .https[0])" ':[0-9]+$' "with the port in use"

call POST /api/v1/users '{"name":"Berta","display":"Berta Ä","password":"geheim","id_number":"654321","mail":"b@example.com"}'
gives 201 "a user is made"
is "$(j '[.has_password,.has_id_number,.has_card_pin]|tostring')" "[true,true,false]" "with what was given"
call POST /api/v1/users '{"name":"berta"}'
gives 409 "not twice, whatever the case"
call GET /api/v1/users/berta
gives 200 "she is found by name"
call PATCH /api/v1/users/berta '{"display":"Berta","card_pin":"2468","disabled":true}'
gives 200 "and changed"
is "$(j '[.display,.has_card_pin,.disabled]|tostring')" '["Berta",true,true]' "as asked"
call GET '/api/v1/users?limit=1'
is "$STATUS $(j '.users|length')" "200 1" "a page of one user"
next=$(j .next)
call GET "/api/v1/users?limit=200&after=$(jq -rn --arg s "$next" '$s|@uri')"
is "$STATUS $(j .next)" "200 null" "and the rest"
call GET /api/v1/users/nobody%20here
is "$STATUS $(j .code)" "404 user-unknown" "nobody is nobody"

call POST /api/v1/cards '{"user":"berta","value":"0102030405","encoding":"hex"}'
gives 201 "a card for her"
card=$(j .id)
call POST /api/v1/cards '{"user":"anna","value":"0102030405","encoding":"hex"}'
is "$STATUS $(j .code)" "409 card-in-use" "not for somebody else too"
call GET '/api/v1/cards?user=berta'
is "$STATUS $(j '.cards|length')" "200 1" "her cards"
call DELETE "/api/v1/cards/$card"
gives 204 "the card goes"

call POST /api/v1/devices '{"name":"Keller","lpr_host":"127.0.0.1","lpr_port":9,"location":"below"}'
gives 201 "a device"
dev=$(j .id)
call POST "/api/v1/devices/$dev/key"
gives 201 "another key for it"
call PATCH "/api/v1/devices/$dev" '{"location":"above","lpr_order":"data-first"}'
is "$STATUS $(j .lpr_order)" "200 data-first" "it is changed"
call GET "/api/v1/devices/$dev"
is "$STATUS $(j .state)" "200 waiting" "and shown"
call GET /api/v1/devices
is "$STATUS $(j '.devices|length > 1')" "200 true" "and listed"

doc a.bin 1000
hold "$W/a.bin" -t one
hold "$W/a.bin" -t two
call GET '/api/v1/jobs?user=anna'
is "$STATUS $(j '.jobs|length')" "200 2" "two jobs are held"
one=$(j '[.jobs[]|select(.title=="one")][0].id')
two=$(j '[.jobs[]|select(.title=="two")][0].id')
call GET "/api/v1/jobs/$one"
gives 200 "a job"
call DELETE "/api/v1/jobs/$one"
gives 204 "it is deleted"
call DELETE "/api/v1/jobs/$one"
is "$STATUS $(j .code)" "409 job-not-held" "only once"
call GET "/api/v1/jobs/$one/explain"
is "$STATUS $(j '.events|length > 1')" "200 true" "and says how it came"
call POST "/api/v1/jobs/$two/release" "{\"device\":\"$RIG_DEVICE_ID\",\"copies\":2}"
gives 202 "the other is released"
call GET '/api/v1/jobs?job_state=deleted'
is "$STATUS $(j '.jobs|length')" "200 1" "one job is deleted"
call GET '/api/v1/jobs?job_state=all&q=TWO&order=newest&from=2026-01-01'
is "$STATUS $(j '.jobs[0].title')" "200 two" "a search"
call POST "/api/v1/jobs/$one/keep"
is "$STATUS $(j .code)" "409 job-not-held" "what is deleted cannot be kept"
hold "$W/a.bin" -t three
three=$(id_of three)
call POST "/api/v1/jobs/$three/keep"
is "$STATUS $(j .state)" "200 held" "what is held can"
within 10 "the other is sent" state_is "$two" sent
call GET '/api/v1/usage'
is "$STATUS $(j .totals.jobs)" "200 1" "what came out"
call GET '/api/v1/usage?by=all&group_by=device'
is "$STATUS $(j '.rows[0].device')" "200 Flur" "and where"
call GET '/api/v1/audit?limit=2'
is "$STATUS $(j '.audit[0].what')" "200 job-kept" "the audit log"
call GET '/api/v1/jobs?job_state=nonsense'
is "$STATUS $(j .code)" "400 bad-request" "a state there is not"
call GET /api/v1/jobs/j-0000000000000
is "$STATUS $(j .code)" "404 job-unknown" "a job there is not"

call DELETE "/api/v1/devices/$dev"
gives 204 "the device goes"
call DELETE /api/v1/users/berta
gives 204 "and the user"
call POST /api/v1/users '{"name":7}'
is "$STATUS $(j .code)" "400 bad-request" "a number is no name"
call POST /api/v1/nothing '{}'
gives 404 "a path there is not"
call PUT /api/v1/users '{}'
gives 405 "a method there is not"
