# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Somebody who uses the local API over HTTPS, by curl.

T=				# the token

# web METHOD PATH [BODY [CURL OPTION...]]: STATUS, BODY and HEAD
web() {
	local method=$1 path=$2 body=${3:-}

	shift $(($# < 3 ? $# : 3))
	rm -f "$W/web.out"
	STATUS=$(printf '%s' "$body" | curl -sS --max-time 20 --cacert "$RIG_CA" \
		-X "$method" ${T:+-H "Authorization: Bearer $T"} \
		${body:+-H 'Content-Type: application/json' --data-binary @-} \
		"$@" -o "$W/web.out" -D "$W/web.head" -w '%{http_code}' \
		"$RIG_SERVER_URL/api/v1$path" 2>"$W/web.err")
	BODY=$(cat "$W/web.out" 2>/dev/null) HEAD=$(cat "$W/web.head")
	trace_line "$method" "/api/v1$path" "$body"
}

# enter NAME PASSWORD [FOR]: log in; T when it worked
enter() {
	T=
	web POST /login "$(jq -cn --arg n "$1" --arg p "$2" --arg f "${3:-}" \
		'{name: $n, password: $p} +
		 if $f == "" then {} else {for: $f} end')"
	T=$(j '.token // empty')
}

# gives STATUS WORDS [CODE]: what came back
gives() { is "$STATUS $(j '.code? // ""')" "$1 ${3:-}" "$2"; }
