# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Printing, and what became of it.

# as USER COMMAND...: with nothing but the rights of this user of the system
as() { setpriv --reuid "$1" --regid "$1" --clear-groups "${@:2}"; }

# ctl ARGUMENT...: releasectl, what it says and its errors; ctl_as USER ...
ctl() { "$RIG_CTL" "$@" 2>&1; }
ctl_as() { as "$1" "$RIG_CTL" "${@:2}" 2>&1; }

# api METHOD PATH [BODY]: the local API as root; STATUS and BODY
api() {
	BODY=$(printf '%s' "${3:-}" | "${API_BY[@]}" curl -sS --max-time 20 \
		--unix-socket "$RIG_API_SOCK" -X "$1" \
		-H 'Content-Type: application/json' ${3:+--data-binary @-} \
		-w '\n%{http_code}' "http://localhost/api/v1$2" 2>/dev/null)
	STATUS=${BODY##*$'\n'} BODY=${BODY%$'\n'*}
}
API_BY=()

# api_as USER METHOD PATH [BODY]: as that user, and into the trace
api_as() {
	local API_BY=(as "$1")

	shift
	api "$@"
	HEAD=
	trace_line "$1" "/api/v1$2" "${3:-}"
}

# numbered FILE PAGES [DEVICE [gs option...]]: a PDF (or what DEVICE of Ghostscript makes) of
# pages of A4 with their numbers in black; mixed: each second one in red
numbered() {
	gs -q -dNOPAUSE -dBATCH -sPAPERSIZE=a4 -sDEVICE="${3:-pdfwrite}" \
		"${@:4}" -o "$1" -c "/Helvetica 40 selectfont 1 1 $2 { ${NUMBERED_COLOUR:-}
		72 700 moveto 9 string cvs show showpage } for"
}
mixed() {
	NUMBERED_COLOUR='dup 2 mod 0 eq { 1 0 0 setrgbcolor } { 0 setgray } ifelse' \
		numbered "$@"
}

# pdf_pages FILE: how many
pdf_pages() { pdfinfo "$1" 2>/dev/null | awk '$1 == "Pages:" { print $2 }'; }

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

# print TITLE [lp option...] FILE: as anna, to the queue that looks at pages
print() { lp -U "${PRINT_AS:-anna}" -d "$RIG_QUEUE" -t "$@" >/dev/null 2>&1; }

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

# cupsd has nothing more to do
cups_empty() { [ -z "$(lpstat -o)" ]; }

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

# held_again ID: with a reason that it did not go out
held_again() { [ "$(state "$1")" = held ] && [ -n "$(reason "$1")" ]; }
# life ID: the seconds that a job is held
life() { api GET "/jobs/$1"; echo $(($(date -d "$(j .expires_at)" +%s) - $(date -d "$(j .created_at)" +%s))); }
# facts TITLE WORDS: of its pages; charge ID WORDS: of what it costs
facts() { api GET "/jobs/$(id_of "$1")"; j ".pages | \"$2\""; }
charge() { api GET "/jobs/$1"; j ".charge | \"$2\""; }
# events ID: what explain tells, a line each
events() { api GET "/jobs/$1/explain"; j '.events[] | "\(.kind): \(.text)"'; }

# prices, rules: what stands on standard input holds from now on
prices() { api POST /prices "$(jq -Rs '{text: .}')"; }
rules() { api POST /rules "$(jq -Rs '{text: .}')"; }
# balance USER: what is left of the money
balance() { api GET "/accounts/$1?kind=user"; j '.units[0].balance'; }
# audit WHAT: how many entries
audit() { api GET "/audit?what=$1"; j '.audit | length'; }

# The id of the held job with this title
id_of() { jobs_json; j '.jobs[] | select(.title == "'"$1"'") | .id' | head -1; }

# Printed documents of opsim (paper), in the order they came
printed() { ls "$RIG_OUT"/*.prn 2>/dev/null | wc -l; }
printed_last() { ls -t "$RIG_OUT"/*.prn | head -1; }
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
# failio_ready: the calls of the system that can be made to fail, or a skip
failio_ready() {
	FAILIO=$RIG_BUILD/tests/fault/failio.so
	[ -f "$FAILIO" ] || skip_all "no failio.so: make check builds it"
	! grep -q '^#define REL_SANITIZERS 1' "$RIG_BUILD/config.h" ||
		skip_all "a sanitizer wants to be the first library loaded"
}
failio_met() { [ -s "$W/met" ]; }	# what FAILIO_LOG names
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
