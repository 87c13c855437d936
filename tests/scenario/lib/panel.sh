# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A device by curl. Every call leaves STATUS (HTTP) and BODY, and a line in the
# trace as opsim writes it.

uuid() { cat /proc/sys/kernel/random/uuid; }

# Whose certificate: device_as DIR (holding device.crt, device.key), or none.
device_as() { D_CERT=$1/device.crt D_KEY=$1/device.key; }

# opdp METHOD PATH [BODY [HEADER...]]
opdp() {
	local method=$1 path=$2 body=${3:-} out h=()
	shift $(($# < 3 ? $# : 3))

	for out; do h+=(-H "$out"); done
	[ -n "${D_CERT-}" ] || [ "${D_CERT-x}" = "" ] || {
		D_CERT=$RIG_DEVICE_CERT D_KEY=$RIG_DEVICE_KEY
	}
	[ -z "$D_CERT" ] || h+=(--cert "$D_CERT" --key "$D_KEY")
	out=$(mktemp "$W/answer.XXXXXX")
	STATUS=$(printf '%s' "$body" | curl -sS --max-time 20 --cacert "$RIG_CA" \
		-H 'Content-Type: application/json' -H 'OPDP-Version: 1.0' "${h[@]}" \
		${body:+--data-binary @-} -X "$method" -o "$out" -D "$out.head" \
		-w '%{http_code}' "$RIG_SERVER_URL$path" 2>"$out.err")
	BODY=$(cat "$out" 2>/dev/null)
	HEAD=$(cat "$out.head" 2>/dev/null)
	trace_line "$method" "$path" "$body"
	rm -f "$out" "$out".*
}

trace_line() {
	local replayed=false

	[ "$STATUS" != 000 ] || return 0
	[[ ! $HEAD =~ [Ii]dempotent-[Rr]eplay:\ *true ]] || replayed=true
	jq -cn --arg m "$1" --arg p "$2" --arg rq "$3" --arg rs "$BODY" \
		--argjson st "$STATUS" --argjson rep $replayed \
		'{at: (now|todate), method: $m, path: $p,
		  request: (try ($rq|fromjson) catch $rq), status: $st,
		  replayed: $rep, response: (try ($rs|fromjson) catch $rs)}' \
		>>"$TRACE" 2>/dev/null
}

# j EXPR: a value of the last answer
j() { jq -r "$1" <<<"$BODY" 2>/dev/null; }

# action MEMBERS...: a JSON text of further members, '"op":"logout"'
action() {
	opdp POST /opdp/v1/panel/action "$(printf \
		'{"request_id":"%s","session_id":%s,%s}' "${RID:-$(uuid)}" \
		"$([ -n "${SID:-}" ] && printf '"%s"' "$SID" || echo null)" "$1")"
}

# login CREDENTIAL-MEMBERS: sets SID when it worked
login() {
	SID=
	action '"op":"login","credential":{'"$1"'}'
	SID=$(j '.session.session_id // empty')
}

# For wait_until: anna is let in
logged_in() { login_card "$RIG_ANNA_CARD"; [ -n "$SID" ]; }

login_card() { login '"method":"card","value":"'"$1"'","encoding":"hex"'; }

login_password() {
	login "$(jq -cn --arg u "$1" --arg p "$2" \
		'{method:"password",user:$u,password:$p}' | sed 's/^{//;s/}$//')"
}

logout() { action '"op":"logout","reason":"user"'; SID=; }

list() { action '"op":"list"'${1:+",$1"}; }

# The job list wherever the answer has it: ids, one a line
job_ids() { j '(.jobs // [.menu.items[]? | select(.type=="list") | .rows[]])[].id'; }

release() {
	local ids

	if [ "$1" = all ]; then ids='"all"'; else
		ids=$(printf '%s\n' "$@" | jq -Rnc '[inputs|{id:.}]'); fi
	action '"op":"release","jobs":'"$ids"
}

delete() {
	action '"op":"delete","jobs":'"$(printf '%s\n' "$@" | jq -Rnc '[inputs|{id:.}]')"
}

# All text of the menu of the last answer
menu_text() { j '(if (.menu|type) == "object" then .menu else . end) | [.title?, .message?.text?, (.items[]? | .label?, .text?, (.rows[]? | .label, .sub))] | map(select(. != null)) | .[]'; }

# device_new NAME HOST PORT QUEUE: register another device by curl; its files
# are in $W/NAME.dev
device_new() {
	local dir=$W/$1.dev

	api POST /devices "$(jq -cn --arg n "$1" --arg h "$2" --argjson p "$3" \
		--arg q "$4" '{name:$n,serial:"any",lpr_host:$h,lpr_port:$p,lpr_queue:$q}')"
	DEVICE_ID=$(j .id)
	KEY=$(j .activation_key)
	mkdir -p "$dir"
	device_csr "$dir"
	device_register "$dir" "$KEY" "SN-$1" || return 1
	j .certificate_pem >"$dir/device.crt"
}

device_csr() {
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$1/device.key" -subj /CN=device -out "$1/device.csr" \
		2>/dev/null
}

# device_register DIR KEY SERIAL: STATUS and BODY say what came of it
device_register() {
	local cert=${D_CERT-} key=${D_KEY-}

	D_CERT=
	opdp POST /opdp/v1/device/register "$(jq -cn --arg k "$2" --arg s "$3" \
		--argjson l "${D_LEVEL:-1}" --rawfile c "$1/device.csr" \
		'{activation_key:$k,auth:"mtls",csr_pem:$c,
		 device:{serial:$s,vendor:"Test",model:"curl",firmware:"1",
		 opdp:["1.0"],level:$l,features:[]}}')"
	if [ -n "$cert" ]; then D_CERT=$cert D_KEY=$key; else unset D_CERT; fi
	[ "$STATUS" = 201 ]
}

# ops COMMAND...: what a person does at opsim's panel, one line
ops() {
	printf '%s\n' "$*" |
		"$RIG_BUILD/tests/opsim/opsim" panel --control "$RIG_OPSIM" -
}
# step COMMAND...: the same as a check
step() { local out; out=$(ops "$@" 2>&1) && pass "$*" || fail "$*" "$out"; }
