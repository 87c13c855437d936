# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Printing, and what became of it.

# api METHOD PATH [BODY]: the local API as root; STATUS and BODY
api() {
	local out

	out=$(mktemp "$W/api.XXXXXX")
	STATUS=$(printf '%s' "${3:-}" | curl -sS --max-time 20 --unix-socket \
		"$RIG_API_SOCK" -X "$1" -H 'Content-Type: application/json' \
		${3:+--data-binary @-} -o "$out" -w '%{http_code}' \
		"http://localhost/api/v1$2" 2>/dev/null)
	BODY=$(cat "$out")
	rm -f "$out"
}

# doc NAME BYTES [WORDS]: a document of random bytes that begins with WORDS
doc() {
	{ printf '%s' "${3:-REL-PLAIN-TEXT-MARK }"; head -c "$2" /dev/urandom; } \
		>"$W/$1"
}

# lpr_raw FILE [lp option...]: to the raw queue as anna; the CUPS job id
print_raw() {
	local f=$1

	shift
	lp -d "$RIG_RAW_QUEUE" -U "${PRINT_AS:-anna}" -o raw "$@" "$f" 2>&1 |
		sed -n 's/^request id is [^ ]*-\([0-9]*\) .*/\1/p'
}

jobs_json() { api GET "/jobs?limit=200${1:+&$1}"; }

# count STATE [USER]
count() {
	jobs_json "job_state=$1${2:+&user=$2}"
	j '.jobs | length'
}

held_is() { [ "$(count held)" = "$1" ]; }
state_count_is() { [ "$(count "$1")" = "$2" ]; }

# hold FILE [lp option...]: print it and wait until it is held
hold() {
	local before

	before=$(count held)
	print_raw "$@" >/dev/null
	wait_until 10 held_is $((before + 1)) ||
		diag "not held: $1; $(lpstat -l -o 2>&1 | head -4)"
}

# cups_job NUMBER ATTRIBUTE: what cupsd itself says of a job
cups_job() {
	ipptool -tv "$RIG_IPP_URL" /dev/stdin <<X 2>/dev/null | sed -n "s/^ *$2 (.*) = //p" | head -1
{ OPERATION Get-Job-Attributes
GROUP operation-attributes-tag
ATTR charset attributes-charset utf-8
ATTR naturalLanguage attributes-natural-language en
ATTR uri printer-uri \$uri
ATTR integer job-id $1
ATTR name requesting-user-name anna }
X
}

# state ID, reason ID: of one job
# A core that was just killed answers 503 for a moment: that is no state.
state() {
	local n s

	for ((n = 0; n < 50; n++)); do
		api GET "/jobs/$1"
		s=$(j .state)
		[ "$STATUS" = 503 ] || break
		sleep 0.1
	done
	echo "$s"
}
reason() { api GET "/jobs/$1"; j .reason; }
state_is() { [ "$(state "$1")" = "$2" ]; }

# The id of the held job with this title
id_of() { jobs_json; j '.jobs[] | select(.title == "'"$1"'") | .id' | head -1; }

# Printed documents of opsim (paper), in the order they came
printed() { ls "$RIG_OUT"/*.prn 2>/dev/null | wc -l; }
printed_is() { [ "$(printed)" -eq "$1" ]; }
# How often this very document came out, copies included
copies_of() {
	[ -f "$RIG_OUT/jobs.jsonl" ] || { echo 0; return; }
	jq -s --arg s "$(sha256sum <"$1" | cut -d' ' -f1)" \
		'[.[] | select(.sha256 == $s) | .copies] | add // 0' \
		"$RIG_OUT/jobs.jsonl"
}
copies_are() { [ "$(copies_of "$1")" -eq "$2" ]; }

# The documents in the spool (beside them lie the transfers' journals)
spool_files() { find "$RIG_SPOOL" -name '*.job'; }
spool_empty() { [ -z "$(spool_files)" ]; }

# fault NAME kill|sleep [MS]: arm one point of the fault file
fault() { printf "%s\n" "$*" >"$RIG_FAULT_FILE"; chmod 666 "$RIG_FAULT_FILE"; }
fault_hit() { [ ! -s "$RIG_FAULT_FILE" ]; }

# role_pids ROLE: of this rig's releaserd
role_pids() {
	local sid

	sid=$(awk '/^releaserd /{print $2}' "$RIG_PIDS" | tail -1)
	ps -s "$sid" -o pid=,args= | awk -v r="$1" '$0 ~ "[ :]"r"($|[ :])" {print $1}'
}

# lib_later DB MS: as if so much time had passed. releaserd must be down.
lib_later() {
	local sql

	sql=$(sqlite3 "$1" "SELECT 'UPDATE ' || m.name || ' SET ' || c.name ||
		' = ' || c.name || ' - $2 WHERE ' || c.name || ' > 1000000000000;'
		FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND c.name LIKE '%\_ms' ESCAPE '\'") &&
	sqlite3 "$1" "$sql"
}
