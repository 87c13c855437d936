#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The local API over HTTPS, for people who log in.
. "$(dirname "$0")/lib/scenario.sh"
rig r
T=

# web METHOD PATH [BODY [CURL OPTION...]]: with the token $T; STATUS, BODY, HEAD
web() {
	local method=$1 path=$2 body=${3:-}

	shift $(($# < 3 ? $# : 3))
	STATUS=$(printf '%s' "$body" | curl -sS --max-time 20 --cacert "$RIG_CA" -X "$method" \
		${T:+-H "Authorization: Bearer $T"} \
		${body:+-H 'Content-Type: application/json' --data-binary @-} "$@" \
		-o "$W/web.out" -D "$W/web.head" -w '%{http_code}' "$RIG_SERVER_URL/api/v1$path" 2>"$W/web.err")
	BODY=$(cat "$W/web.out") HEAD=$(cat "$W/web.head")
	trace_line "$method" "/api/v1$path" "$body"
	rm -f "$W/web.out"
}

# enter NAME PASSWORD [FOR]: log in; T when it worked
enter() {
	T=
	web POST /login "$(jq -cn --arg n "$1" --arg p "$2" --arg f "${3:-}" \
		'{name: $n, password: $p} + if $f == "" then {} else {for: $f} end')"
	T=$(j '.token // empty')
}
gives() { is "$STATUS $(j '.code // ""')" "$1 ${3:-}" "$2"; }

web GET /jobs
gives 401 "nobody asks without a token" not-logged-in
like "$HEAD" 'WWW-Authenticate: Bearer' "and is told which"
enter anna "$RIG_ANNA_PASSWORD" "phone"
gives 201 "anna logs in"
like "$T" '^[A-Za-z0-9_-]{43}$' "and has a token"
like "$HEAD" 'Cache-Control: no-store' "which nobody may keep"
web GET /jobs
is "$STATUS $(j '.jobs|length')" "200 0" "her jobs"
web POST /logout
gives 204 "she logs out"
web GET /jobs
gives 401 "and the token is dead" not-logged-in
