#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Every page, everything it can do, with values that fit nothing: a page that
# says so, never a crash, nothing unescaped, nothing changed.
# san: only
# long: 100
# limit: 360
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/web.sh"
rig r
[ -n "$(ls "$R/cups/people" 2>/dev/null)" ] || skip_all "needs libpam-wrapper and libnss-wrapper"
doc a.bin 3000
hold "$W/a.bin" -t mine
api POST /users '{"name":"admin"}'
SRC=$S_SRC/cgi
mapfile -t PAGES < <(sed -n 's/^PAGE([^,]*, *"\(.*\)").*/\1/p' "$SRC/pages.def")
# Every field of every form; passwords may be anything and are tried below.
mapfile -t FIELDS < <(grep -ho ' name="[a-z_0-9-]*"' "$SRC"/templates/*.tmpl |
	sed 's/.*"\(.*\)"/\1/' | grep -vE '^do$|password' | sort -u)
FIELDS+=(set-JobExpiry set-Listen set-StateDir of after)
# What needs no value: there is nothing that could be wrong.
plain() {
	case $1:$2 in
	me.cgi:code|me.cgi:number-*|me.cgi:pin-remove|me.cgi:logins-end) ;;
	admin/certificate.cgi:undo|admin/certificate.cgi:self-signed) ;;
	admin/settings.cgi:undo|admin/import.cgi:undo) ;;
	*) return 1 ;;
	esac
}
# actions PAGE: what its file lets a form do
actions() {
	sed -n 's/^\t{ "\([a-z-]*\)", [a-z_]*,.*/\1/p' \
		"$(grep -l "\.path = \"$1\"" "$SRC"/user/*.c "$SRC"/admin/*.c)"
}
XSS=$'<script>alert(1)</script>"onload=\'x()\'\'&<img src=x onerror=y()>{_x}%s\x02'
ODD=("$XSS" "$(printf 'a%.0s' {1..1500})" '')
NAMES=(script long nothing)
ODD_URL=$(jq -rn --arg v "$XSS" '$v|@uri' | sed "s/'/%27/g")

dump() {
	local what

	for what in 'user list' 'card list' 'device list' 'job list' 'role list' \
	    'settings list' ports 'certificate show'; do
		"$RIG_CTL" --json $what 2>&1 || echo "no $what"
	done | grep -v '"days_left"\|"last_seen_at"\|"state_at"'
	api GET "/users/anna/data"
	j '[.delegates, .cards, .user.locale]'
}
# came WHAT: a page of ours, or one of cupsd's refusals; else a word in BAD
came() {
	case $HTTP in
	200)	is_file || is_page || BAD+="$1: no page"$'\n' ;;
	303|400|403|414) ;;
	*)	BAD+="$1: HTTP $HTTP"$'\n' ;;
	esac
	[ "$PROBLEM" != 500 ] || BAD+="$1: $(grep -o 'role="alert".*' <<<"$PAGE" | cut -c1-200)"$'\n'
	! is_raw || is_file || BAD+="$1: not escaped: $(grep -nF -e '<script>alert' -e '<img src=x' <<<"$PAGE" | cut -c1-200)"$'\n'
}

core=$(role_pids core)
BEFORE=$(dump)
like "$BEFORE" '"anna"' "the tables can be compared"
unlike "$BEFORE" '(^|
)no [a-z]+' "all of them"

# ---- GET: all that an address may say, in pieces that cupsd lets through
ASKED=(id name user device q from to who what queue by group_by job_state of after
    said role sheet csrf here)
for p in "${PAGES[@]}"; do
	BAD='' q='' user=admin
	for f in "${ASKED[@]}"; do
		q+="$f=$ODD_URL&"
		[ ${#q} -gt 1500 ] || [ $f = here ] || continue
		page $user "$p?$q"
		came "GET as $user"
		user=$([ $user = admin ] && echo anna || echo admin) q=
	done
	long=${ODD[1]:0:400}
	page admin "$p?id=$long&name=$long&device=$long&after=$long"
	came "GET of long values"
	is "$BAD" "" "$p: GET with odd values"
done

# ---- POST: every action, all its fields odd
for p in "${PAGES[@]}"; do
	user=anna
	[[ $p != admin/* ]] || user=admin
	csrf=$(token $user)
	BAD=
	n=0
	for a in $(actions "$p") no-such-action ''; do
		plain "$p" "$a" && continue
		for i in 0 1 2; do
			args=("csrf=$csrf" "once=$(uuid)" "do=$a")
			for f in "${FIELDS[@]}"; do
				args+=("$f=${ODD[i]}")
			done
			send $user "$p" "${args[@]}"
			came "$a ${NAMES[i]}"
			n=$((n + 1))
		done
	done
	is "$BAD" "" "$p: $n forms with odd values"
done
submit anna me.cgi do=password password=x password_again=y
is "$PROBLEM" 422 "passwords that differ"
submit anna me.cgi do=password "password=$(printf 'p%.0s' {1..500})" "password_again=$(printf 'p%.0s' {1..500})" current_password=x
like "$PROBLEM" '^4' "a password of 500 letters"

# ---- fields more than once: what counts is the first
csrf=$(token anna)
job=$(id_of mine)
send anna jobs.cgi csrf=x "csrf=$csrf" once=1 do=delete "job=$job"
is "$PROBLEM" 403 "a second token does not make up for the first"
send anna jobs.cgi "csrf=$csrf" csrf=x once=1 do=no do=delete "job=$job"
is "$PROBLEM" 422 "nor a second button"
page anna jobs.cgi -F "csrf=$csrf" -F once=1 -F do=no -F "job=$job;filename=\"<script>alert(1)</script>\"" \
	-F 'job=x;filename="x\"; name=\"csrf"'
nok "the name of a file is not shown" is_raw

# ---- and now?
AFTER=$(dump)
is "$(diff <(echo "$BEFORE") <(echo "$AFTER"))" "" "nothing is changed by any of it"
is "$(role_pids core)" "$core" "core is the one it was"
is "$(state "$job")" held "the job is there"
page anna jobs.cgi
like "$PAGE" '>mine</a>' "and its page shows it"
