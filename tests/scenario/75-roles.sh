#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# What each role may do: every class of routes of the local API, and the pages.
# The help desk sees no titles and changes nothing; operators give no roles.
# Also the table of users as a page takes it in and back.
# long: 40
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/web.sh"
rig r
doc a.bin 2000
hold "$W/a.bin" -t "Geheimer Titel"
hold "$W/a.bin" -t "Zweiter Titel"
jobs_json user=anna
job=$(j '.jobs[0].id') job2=$(j '.jobs[1].id')

# ---- releasectl role. The callers are users of this system, by their uids.
declare -A uid=([user]=1 [helpdesk]=2 [operator]=3 [administrator]=4)
for r in helpdesk operator administrator; do
	like "$(ctl role set "$(id -nu "${uid[$r]}")" "$r")" "is $r now" "role set $r"
done
like "$(ctl role list)" "$(id -nu 3) +operator +root" "role list names who, what, and by whom"
is "$(ctl --json role list | jq '.roles | length')" 3 "all three of them"
out=$(ctl role set anna boss)
is "$?" 2 "there is no other role"
like "$out" "helpdesk, operator or administrator" "and which there are is said"

# role_api ROLE METHOD PATH [BODY]: the local API as somebody of this role
role_api() { api_as "${uid[$1]}" "${@:2}"; }

# may METHOD PATH BODY LEAST WORDS: refused (403, or 404 for what one may not
# know of) to all roles below LEAST, not to it and those above. BODY - is none.
may() {
	local rank=0 r got= want= body=$3

	[ "$body" != - ] || body=
	for r in user helpdesk operator administrator; do
		[ "$r" != "$4" ] || rank=1
		role_api "$r" "$1" "$2" "$body"
		if [[ $STATUS = 40[34] ]]; then got+=" no"; else got+=" yes"; fi
		if [ "$rank" = 0 ]; then want+=" no"; else want+=" yes"; fi
	done
	is "$got" "$want" "$5: $4 and above"
}

api POST /users '{"name":"berta"}'
api POST /cards '{"user":"berta","value":"0A0B0C0D","encoding":"hex"}'
card=$(j .id)
may GET /status - user "the state of the server"
may GET /me - user "oneself"
may GET "/devices?limit=1" - user "the list of devices"
may GET "/users?q=anna" - helpdesk "users"
may GET /users/anna - helpdesk "one user"
may GET /cards?user=anna - helpdesk "cards of somebody"
may GET "/devices/$RIG_DEVICE_ID" - helpdesk "one device"
may POST /users/berta/unlock - helpdesk "unlocking"
may GET "/jobs/$job/explain" - helpdesk "the story of a job"
may PATCH /users/berta '{"department":"x"}' operator "changing a user"
may PATCH "/devices/$RIG_DEVICE_ID" '{"location":"B2"}' operator "changing a device"
may POST "/devices/$RIG_DEVICE_ID/key" - operator "an activation key"
may GET "/jobs/$job/preview?size=100" - operator "a preview"
may POST "/jobs/$job/options" '{"options":{"copies":2}}' operator "changing a job"
may POST "/jobs/$job/keep" - operator "keeping a job"
may GET "/usage?by=day" - user "figures of use, at least the own"
may GET /roles - administrator "the roles"
may PATCH /roles/anna '{"role":"user"}' administrator "giving a role"
may GET /audit - administrator "the audit log"
may GET /users/export - administrator "the table of users"
may POST /users/import '{"csv":"name\n","dry_run":true}' administrator "importing"
may GET /users/anna/data - administrator "personal data"
may GET /settings - administrator "settings"
may GET /templates - administrator "security templates"
may POST /templates '{"name":"t","blocks":["card"]}' administrator "one more of them"
may GET /device-secrets - administrator "which devices have a PIN"
may GET /certificate - administrator "the certificate"

# Things that are gone afterwards: those who may not come first
role_api helpdesk DELETE "/cards/$card"
is "$STATUS" 403 "the help desk removes no card"
role_api operator DELETE "/cards/$card"
is "$STATUS" 204 "an operator does"
role_api helpdesk DELETE "/jobs/$job"
is "$STATUS" 403 "the help desk deletes no job"
role_api helpdesk POST "/jobs/$job/release" "{\"device\":\"$RIG_DEVICE_ID\"}"
is "$STATUS" 403 "and prints none"
role_api operator PATCH "/roles/$(id -nu 3)" '{"role":"administrator"}'
is "$STATUS" 403 "an operator does not make administrators, not of himself either"
role_api operator DELETE "/jobs/$job"
is "$STATUS" 204 "an operator deletes a job"
role_api helpdesk DELETE /users/berta
is "$STATUS" 403 "the help desk removes no user"
role_api operator DELETE /users/berta
is "$STATUS" 204 "an operator does"

# ---- titles
for r in helpdesk operator administrator; do
	role_api "$r" GET "/jobs/$job2"
	one=$(j .title)
	role_api "$r" GET "/jobs?user=anna"
	many=$(j '.jobs[0].title')
	role_api "$r" GET "/jobs/$job2/explain"
	seen="$one|$many|$(j .job.title)|$(grep -c Titel <<<"$BODY")"
	if [ "$r" = helpdesk ]; then
		unlike "$seen" Titel "the help desk sees no title"
	else
		like "$seen" "^Zweiter Titel.Zweiter Titel.Zweiter Titel" "$r: the title is seen"
	fi
done
role_api user GET "/jobs/$job2"
like "$STATUS" "40[34]" "a plain user sees nobody's job"
role_api user GET /jobs
is "$(j '.jobs | length')" 0 "and in the list only the own"
role_api user GET "/jobs?user=anna"
is "$STATUS" 403 "not by asking for somebody"
role_api user GET /cards?user=anna
like "$STATUS" "40[34]" "no cards of others"

ctl role set "$(id -nu 3)" user >/dev/null
role_api operator GET "/users?q=anna"
is "$STATUS" 403 "a role that was taken away is gone at once"

# ---- the same at the pages
[ -n "$(ls "$R/cups/people" 2>/dev/null)" ] || { echo "# no pages: needs libpam-wrapper"; exit; }
for r in helpdesk operator; do
	ctl role set $r $r >/dev/null
done
# opens USER PAGE: "yes", or the status that the page tells
opens() { page "$1" "$2"; [ "$HTTP" = 200 ] && OPENS=${PROBLEM:-yes} || OPENS=$HTTP; }
opens anna admin/users.cgi
is "$OPENS" 403 "anna opens no page of administrators"
unlike "$PAGE" 'admin/users.cgi' "and her menu has none"
opens helpdesk admin/users.cgi
is "$OPENS" yes "the help desk opens the users"
unlike "$PAGE" 'admin/user.cgi"' "without a way to a new one"
opens helpdesk "admin/user.cgi?name=anna"
is "$OPENS" yes "and a user"
unlike "$PAGE" 'id="change"|id="erase"|id="new-card"' "without forms that change"
submit helpdesk "admin/user.cgi?name=anna" do=change display=x disabled=1
is "$PROBLEM" 403 "a form of its own making is refused"
api GET /users/anna
is "$(j .disabled)" false "and changes nothing"
for p in admin/cards.cgi admin/labels.cgi admin/roles.cgi admin/import.cgi \
    admin/export.cgi "admin/user-data.cgi?name=anna"; do
	opens helpdesk "$p"
	is "$OPENS" 403 "the help desk does not open ${p%%\?*}"
done
opens operator admin/cards.cgi
is "$OPENS" yes "an operator opens the cards"
opens operator admin/roles.cgi
is "$OPENS" 403 "but not the roles"
submit operator admin/roles.cgi do=set name=operator role=administrator
is "$PROBLEM" 403 "and makes nobody administrator there"
is "$(ctl --json role list | jq -r '.roles[] | select(.name == "operator") | .role')" operator \
	"the role is as it was"

# ---- unlocking at the page
for i in 1 2 3 4; do login_password otto "wrong$i"; done
api GET /users/otto
unlike "$(j .locked_until)" null "otto is locked out"
page helpdesk "admin/user.cgi?name=otto"
like "$PAGE" 'value="unlock"' "the help desk is shown how to unlock"
submit helpdesk "admin/user.cgi?name=otto" do=unlock
api GET /users/otto
is "$(j .locked_until)" null "unlocked by the help desk"

# ---- the table of users: preview, in, back
submit admin admin/import.cgi do=preview csv=$'name,display\nanna,Anna Neu\nzoe,Zoë <b>'
like "$PAGE" 'Nothing is changed yet' "a preview"
like "$PAGE" 'Zoë &lt;b&gt;' "with what would be new, escaped"
api GET /users/anna
is "$(j .display)" "Anna Muster" "that changes nothing"
submit admin admin/import.cgi do=apply csv=$'name,display\nanna,Anna Neu\nzoe,Zoë <b>'
api GET /users/anna
is "$(j .display)" "Anna Neu" "applied"
submit admin admin/import.cgi do=undo
like "$PAGE" 'The last import is taken back' "taken back"
api GET /users/zoe
is "$STATUS $(api GET /users/anna; j .display)" "404 Anna Muster" "as it was before"
page admin admin/export.cgi
ok "the export is a file" is_file
like "$PAGE" $'^name,display,' "with a line of columns"
like "$PAGE" 'anna,"?Anna Muster' "and the users"
