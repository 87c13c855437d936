#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Attacks on the pages: forged forms and visitors, script in titles and names,
# header injection, other people's jobs, twice the same form, and anything at
# all in forms and queries. Nothing changes but what may.
# san: yes
# long: 130
# limit: 360
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/web.sh"
rig r
[ -n "$(ls "$R/cups/people" 2>/dev/null)" ] || skip_all "needs libpam-wrapper and libnss-wrapper"
XSS='<script>alert(1)</script>"onload='\''x()'\''&<img src=x onerror=y()>'
doc a.bin 3000
api PATCH "/devices/$RIG_DEVICE_ID" "$(jq -cn --arg x "Flur$XSS" '{location:$x}')"
api PATCH /users/anna "$(jq -cn --arg x "Anna$XSS" '{display:$x}')"
hold "$W/a.bin" -t "$XSS"
gs -q -dNOPAUSE -dBATCH -dSAFER -sDEVICE=pdfwrite -o "$W/two.pdf" -c \
	"showpage showpage"
lp -d "$RIG_QUEUE" -U anna -t mine "$W/two.pdf" >/dev/null
wait_until 10 held_is 2
hold "$W/a.bin" -t spare
PRINT_AS=otto hold "$W/a.bin" -t "otto's"
mine=$(id_of mine) spare=$(id_of spare)
his=$(jobs_json user=otto; j '.jobs[0].id')

# What the page says, of all its words.
said() { grep -E 'role="(alert|status)"|<h[12]|aria-invalid' <<<"$PAGE" | cut -c1-300; }
# What must not change: jobs, devices, users
state_now() {
	{
		jobs_json
		j '.jobs | sort_by(.id) | map({id,state,copies,options,expires_at,title})'
		api GET /devices && j '.devices | map({id,name,location,lpr_host,lpr_port,state})'
		api GET '/users?limit=200' && j '.users | map(del(.last_seen_at?, .used_at?))'
	} | sha256sum
}
# unchanged WHAT: since BEFORE was taken; and a page came that says what is wrong
refused() {
	is "$(state_now)" "$BEFORE" "$1: nothing is changed"
	if is_page && [ -n "$PROBLEM" ]; then
		pass "$1: a page says what is wrong ($PROBLEM)"
	else
		fail "$1: a page says what is wrong" "HTTP $HTTP $(said)"
	fi
}
BEFORE=$(state_now)

# ---- forms that are not from here
csrf=$(token anna) ottos=$(token otto)
like "$csrf" '^[0-9a-zA-Z_-]{16,}$' "a form has its token"
if [ "$csrf" != "$ottos" ]; then pass "another person's is another"; else fail "another person's is another"; fi
send anna "job.cgi?id=$mine" do=delete job=$mine once=1
refused "no token"
send anna "job.cgi?id=$mine" do=delete job=$mine csrf= once=1
refused "an empty token"
send anna "job.cgi?id=$mine" do=delete job=$mine csrf=${csrf//[0-9]/0} once=1
refused "a wrong token"
send anna "job.cgi?id=$mine" do=delete job=$mine "csrf=$ottos" once=1
refused "another person's token"
send anna "job.cgi?id=$mine" do=delete job=$mine "csrf=$(printf 'x%.0s' {1..5000})" once=1
refused "a token of 5000 letters"
page anna "job.cgi?id=$mine&do=delete&job=$mine&csrf=$csrf&once=1"
is "$(state_now)" "$BEFORE" "a change asked by GET changes nothing"
page anna "job.cgi?id=$mine&csrf=$csrf" --data-urlencode do=delete --data-urlencode job=$mine
refused "the token in the address only"
for m in PUT DELETE PATCH; do
	page anna "job.cgi?id=$mine" -X $m --data "do=delete&job=$mine&csrf=$csrf&once=1"
	is "$(state_now)" "$BEFORE" "$m changes nothing"
done

# ---- other people's jobs, by number
page anna "job.cgi?id=$his"
unlike "$PAGE" "otto&#39;s|otto's|>otto<" "another's job is not shown"
refused "another's job"
page anna "preview.cgi?id=$his"
unlike "$(head -c 8 "$W/page.html" | tr -d '\0')" PNG "nor its picture"
for f in "do=delete" "do=keep" "do=release device=Flur" "do=options copies=7"; do
	submit anna "job.cgi?id=$his" $f job=$his
	refused "another's job: $f"
	submit anna "job.cgi?id=$mine" $f job=$his
	[[ $f == *options* ]] || refused "another's job behind one's own address: $f"
	[[ $f != *options* ]] || submit anna "job.cgi?id=$mine" do=options copies=1
done
submit anna jobs.cgi do=delete job=$his
refused "another's job in the list"

# ---- script in titles and names, and in addresses
for p in jobs.cgi "jobs.cgi?device=$RIG_DEVICE_ID" "job.cgi?id=$mine" "job.cgi?id=$(jobs_json user=anna; j '.jobs[] | select(.title|startswith("<")) | .id')"; do
	page anna "$p"
	is "$HTTP $PROBLEM" "200 " "${p%%=*} opens"
	nok "names and titles are escaped in ${p%%\?*}" is_raw
done
page anna jobs.cgi
is "$(grep -c '&lt;script&gt;alert(1)' <<<"$PAGE" | sed 's/^[1-9].*/some/')" some "and shown as they are"
q=$(jq -rn --arg x "$XSS" '$x|@uri')
q=${q//\'/%27}
pages=$(sed -n 's/^PAGE([^,]*, *"\(.*\)").*/\1/p' "$S_SRC/cgi/pages.def")
for p in $pages; do
	for user in anna admin; do
		page $user "$p?id=$q&name=$q&user=$q&device=$q&after=$q&said=$q&error=$q&search=$q&q=$q&$q=$q"
		if { is_raw && ! is_file; } || [ "$HTTP" != 200 ]; then
			fail "$p, $user: what stands in the address is escaped" "$HTTP $(grep -nF '<script>alert' <<<"$PAGE" | cut -c1-300)"
		else
			pass "$p, $user: what stands in the address is escaped"
		fi
	done
done
submit anna "job.cgi?id=$mine" do=options "copies=$XSS" "pages=$XSS" "sides=$XSS" "color=$XSS" "number_up=$XSS" "device=$XSS"
nok "what was typed is escaped when it comes back" is_raw
refused "script in every field"

# ---- lines in headers
crlf='x%0d%0aSet-Cookie:%20evil=1%0d%0a%0d%0a<b>'
for p in "jobs.cgi?said=$crlf" "jobs.cgi?device=$crlf" "job.cgi?id=$crlf&$crlf=1"; do
	page anna "$p"
	unlike "$HEAD" '[Ee]vil' "no line gets into the headers: ${p%%=*}"
done
csrf=$(token anna)
page anna "jobs.cgi?device=$crlf&x=$crlf" --data "csrf=$csrf&once=7&do=keep&job=$mine&device=$crlf&go=$crlf"
unlike "$HEAD" '(^|
)([Ss]et-[Cc]ookie: *evil)' "nor into a redirect"
unlike "$HEAD" '[Ll]ocation: *(https?:)?//[^1l]' "which stays here"
BEFORE=$(state_now)

# ---- who is it? A process of user lp claims to be somebody
as_lp() { setpriv --reuid=lp --regid=lp --clear-groups env -i "$@"; }
forged() {
	as_lp REQUEST_METHOD=GET SCRIPT_NAME="/release/$1" QUERY_STRING="${2:-}" \
		REMOTE_USER=anna AUTH_TYPE=Basic LANG=en CUPS_STATEDIR="$R/cups/run" \
		CUPS_DATADIR="$R/cups/data" CUPS_RELEASE_API="$RIG_API_SOCK" \
		CUPS_RELEASE_TEMPLATES="$S_SRC/cgi/templates" \
		ASAN_OPTIONS="log_path=$R/san/asan" "$R/cups/www/release/$1" 2>&1
}
PAGE=$(forged jobs.cgi)
unlike "$PAGE" 'mine|spare' "a process of lp with REMOTE_USER=anna sees no job"
like "$PAGE" 'data-status="403"' "and is told that it is nobody"
claim() {
	as_lp curl -s --max-time 10 --unix-socket "$RIG_API_SOCK" -o "$W/claim" -w '%{http_code}' \
		"$@" "http://localhost/api/v1/${path:-me}"
}
chmod 777 "$W"
for h in 'Authorization: Local 00000000000000000000000000000000' 'Authorization: Local' \
    'Authorization: PeerCred anna' 'Authorization: PeerCred root' "Authorization: Basic $(printf anna: | base64)" \
    'Authorization: Local aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/../../0' "Authorization: Local $(printf 'a%.0s' {1..3000})" \
    'REMOTE_USER: anna' 'X-Remote-User: anna'; do
	rm -f "$W/claim"
	path=me status=$(claim -H "$h")
	if [ "$status" -ge 400 ] || ! grep -q '"anna"\|administrator' "$W/claim"; then
		pass "lp is not believed: ${h:0:50}"
	else
		fail "lp is not believed: ${h:0:50}" "$status $(cat "$W/claim")"
	fi
	path="jobs?user=anna" status=$(claim -H "$h")
	nok "nor sees a job by it" grep -q '"mine"' "$W/claim"
done
# The very header twice, and a line within it
path=me status=$(claim -H 'Authorization: Local 00000000000000000000000000000000' -H 'Authorization: Basic YW5uYTo=')
nok "two headers are not one person" grep -q '"anna"' "$W/claim"
is "$(state_now)" "$BEFORE" "and nothing is changed by it"
page anna jobs.cgi -H 'REMOTE_USER: otto' -H 'X-Forwarded-User: otto' -H 'Remote-User: admin'
unlike "$PAGE" "otto&#39;s" "headers of a browser make nobody somebody else"

# ---- the same form twice, one after the other and at once
csrf=$(token anna) once=$(uuid)
before=$(printed)
for _ in 1 2; do
	send anna "job.cgi?id=$spare" "csrf=$csrf" "once=$once" do=release "job=$spare" device=Flur
	is "$HTTP" 303 "a form that is sent twice is taken twice"
done
for _ in 1 2 3 4; do
	send anna "job.cgi?id=$spare" "csrf=$csrf" "once=$once" do=release "job=$spare" device=Flur &
done
wait $(jobs -p)
within 20 "and prints" printed_is $((before + 1))
sleep 0.5
is "$(printed)" $((before + 1)) "once"
is "$(state "$spare")" sent "and the job is sent"

# Back, and something else in the same form, is another change.
doc b.bin 2000
hold "$W/b.bin" -t back1
hold "$W/b.bin" -t back2
once=$(uuid) back1=$(id_of back1) back2=$(id_of back2)
for id in $back1 $back2; do
	send anna jobs.cgi "csrf=$csrf" "once=$once" do=delete "job=$id"
	like "$HEAD" 'said=jobs.cgi:delete' "a job is said to be deleted"
	is "$(state "$id")" deleted "and is"
done
csrf=$(token admin) once=$(uuid)
for _ in 1 2; do
	send admin "admin/device.cgi?id=$RIG_DEVICE_ID" "csrf=$csrf" "once=$once" do=key
	keys+=" $(grep -oE '[0-9A-Z]{5}(-[0-9A-Z]{5}){3}' <<<"$PAGE" | head -1)"
done
read -r key1 key2 <<<"$keys"
like "$key1" '^[0-9A-Z-]{23}$' "an activation key is shown"
is "$key2" "$key1" "the form of a key sent twice makes one key"
for _ in 1 2; do
	send admin admin/import.cgi "csrf=$csrf" "once=import-$once" do=apply $'csv=name,display\nzoe,Zoe'
done
api GET /audit?what=users-imported
is "$(j '.audit | length')" 1 "an import sent twice is made once"
submit admin admin/import.cgi do=undo

# ---- rights in the middle of a session
"$RIG_CTL" role set bert administrator >/dev/null
page bert admin/roles.cgi
is "$PROBLEM" "" "an administrator by role opens the roles"
bert=$(token bert)
"$RIG_CTL" role set bert user >/dev/null
send bert admin/roles.cgi "csrf=$bert" once=1 do=set name=bert role=administrator
is "$PROBLEM" 403 "whose role was taken away cannot give it back, with the form that was open"
api GET /roles
unlike "$BODY" '"bert"' "and has none"
"$RIG_CTL" role set bert operator >/dev/null
api POST /users '{"name":"bert"}'
api PATCH /users/bert '{"disabled":true}'
for p in jobs.cgi admin/jobs.cgi "job.cgi?id=$mine"; do
	page bert "$p"
	is "$PROBLEM" 403 "a closed account opens no ${p%%\?*}"
done
submit bert jobs.cgi do=delete "job=$mine"
is "$PROBLEM $(state "$mine")" "403 held" "and deletes nothing"
api DELETE /users/bert
page bert admin/jobs.cgi
is "$PROBLEM" 403 "who has the name next has no role by it"

# ---- what a spreadsheet, a reader of PDF and a plot make of names
for t in '=cmd|x!A1' '+1+1' '-2' '-2+3' '-2+cmd|y!A1' '@SUM(1)' ' =3' '＝4' $'a;=5\",=6'; do
	hold "$W/b.bin" -t "$t"
done
page anna 'jobs.cgi?x=1'
like "$PAGE" '>=cmd\|x!A1</a>' "a title like a formula is held"
page admin 'admin/jobs.cgi?csv=1&job_state=held'
ok "the jobs as a file" is_file
is "$(python3 -c '
import csv, re, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline="")))
n = sum("cmd|" in c or "SUM(1)" in c for r in rows for c in r)
bad = [c for r in rows for c in r if c.strip()[:1] in list("=+-@\t\r\n＝＋－＠") and c.strip()
    and not re.fullmatch(r"-[0-9]+([.][0-9]+)?", c)]
print(n, bad)' "$W/page.html")" "3 []" "no cell of it would be computed"
api PATCH "/devices/$RIG_DEVICE_ID" "$(jq -cn --arg x "Fl)\\(ur <script>alert(1)</script>" '{name:$x,location:"\\) Tj ET endstream endobj %"}')"
is "$STATUS" 200 "a device has an odd name"
page admin "admin/labels.cgi?sheet=1&device=$RIG_DEVICE_ID"
is "$(head -c 5 "$W/page.html")" %PDF- "its label is a PDF"
is "$(gs -q -dNOPAUSE -dBATCH -dSAFER -sDEVICE=nullpage "$W/page.html" 2>&1)" "" "that a reader takes without a word"
for p in "admin/device.cgi?id=$RIG_DEVICE_ID" "admin/reports.cgi?group_by=device&by=day" \
    'admin/reports.cgi?group_by=device&by=all' admin/index.cgi history.cgi "jobs.cgi?device=$RIG_DEVICE_ID"; do
	page admin "$p"
	is "$HTTP $PROBLEM" "200 " "$p opens"
	nok "its name is escaped, in plots, too" is_raw
done
page admin 'admin/reports.cgi?group_by=device&by=day'
like "$PAGE" '<svg[^>]*>.*' "there is a plot"
like "$PAGE" 'ur &lt;script' "with the name in it"
api PATCH "/devices/$RIG_DEVICE_ID" '{"name":"Flur"}'

# ---- anything in a form
BEFORE=$(state_now)
odd=('copies=-1' 'copies=0' 'copies=99999999999999999999' 'copies=abc' 'copies=1e3' 'copies= 2x'
    'pages=9-1' 'pages=;' 'pages=1,,2' "pages=$(printf '1,%.0s' {1..3000})" 'sides=none-sided' 'number_up=7' 'color=green')
for f in "${odd[@]}"; do
	submit anna "job.cgi?id=$mine" do=options "$f"
	refused "${f:0:30}"
	if grep -qE "name=\"${f%%=*}\".*aria-invalid=\"true\"|role=\"alert\".*(^|[^a-z])${f%%=*}([^a-z]|$)" <<<"$PAGE"; then
		pass "${f:0:30}: the field is named"
	else
		fail "${f:0:30}: the field is named" "$(said)"
	fi
done
submit anna "job.cgi?id=$mine" do=release job=$mine device=nowhere
refused "a device there is not"
submit anna "job.cgi?id=$mine" do=release job=$mine "device=$(printf 'd%.0s' {1..20000})"
refused "a device name of 20000 letters"
submit anna "job.cgi?id=$mine" do=nonsense
refused "a button there is not"
submit anna "job.cgi?id=$mine" do=delete job=../../etc job=j-x
refused "job numbers that are none"
csrf=$(token anna)
form="csrf=$csrf&once=1&do=delete&job=$mine&here=id%3d$mine"
page anna "job.cgi?id=$mine" --data "$form&x=%ff%fe%80"
refused "bytes that are no UTF-8"
page anna "job.cgi?id=$mine" --data "$form&x=%00y"
refused "a NUL"
page anna "job.cgi?id=$mine" --data "$form$(printf '&f%d=1' {1..600})"
refused "600 fields"
page anna "job.cgi?id=$mine" --data "$form" -H 'Content-Type: application/json'
refused "a form that calls itself JSON"
page anna "job.cgi?id=$mine" --data "$form" -H 'Content-Type: text/plain'
refused "or plain text"
page anna "job.cgi?id=$mine" --data "--x" -H 'Content-Type: multipart/form-data; boundary=x'
refused "a multipart form cut off"
page anna "job.cgi?id=$mine" --data "$form" -H 'Content-Type: multipart/form-data'
refused "a multipart form without boundary"
{ printf '%s&x=' "$form"; head -c 10000000 /dev/zero | tr '\0' x; } >"$W/big"
page anna "job.cgi?id=$mine" --data-binary @"$W/big"
refused "a form of 10 MB"
page anna "job.cgi?id=$mine" -F "file=@$W/big" -F do=delete -F "job=$mine" -F "csrf=$csrf"
refused "a file of 10 MB"
page anna "job.cgi?id=$mine" --data 'x='
refused "a form of nothing"

# ---- any query string, of every page
python3 - "$W/queries" <<'X'
import random, sys
random.seed(4)
words = ['id', 'user', 'name', 'device', 'after', 'from', 'to', 'q', 'page', 'said',
         '=', '&', '%', '%00', '%zz', '%ff', '..', '/', ';', "'", '"', '<', '+', '-1',
         '99999999999999999999', 'j-0000000000000', 'a' * 2000, '%c3%28', '[]', '{x}', '\\']
with open(sys.argv[1], 'w') as f:
    for _ in range(7):
        f.write(''.join(random.choice(words) for _ in range(random.randint(1, 14)))[:6000] + '\n')
X
for p in $pages; do
	bad=
	while read -r q; do
		page admin "$p?$q" --globoff
		# cupsd itself refuses some.
		[[ $HTTP == 200 || $HTTP == 400 || $HTTP == 403 || $HTTP == 414 ]] || bad+="$HTTP $q"$'\n'
		[ "$HTTP" != 200 ] || is_file || is_page || bad+="no page: ${q:0:200}"$'\n'
	done < <(sed "s/[ ']/%20/g" "$W/queries")
	is "$bad" "" "$p: any query gives a page"
done
is "$(state_now)" "$BEFORE" "and nothing is changed by any of it"
