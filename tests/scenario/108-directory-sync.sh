#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Accounts and groups of directories are brought up to date: trial, differences,
# who is missing, clashes, what breaks off half-way, and kill -9.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_SRC/tests/rig/lib/directory.sh"
server slapd l --many 600 ||
	skip_all "$SERVER_WHY"
server middle l --to "$RIG_LDAP_PORT" || skip_all "$SERVER_WHY"
R_MIDDLE=$W/l
S_MAY_DIE=1	# some are killed at the end
rig r --conf 'AgentProcesses 3' --conf 'MailServer localhost:9' --conf 'MailTls none' \
	--conf 'MailFrom print@example.com' --conf 'MailAdministrators boss@example.com'
ctl() { "$RIG_CTL" "$@" 2>&1; }
db() { sqlite3 -cmd '.timeout 3000' "$RIG_DB" "$1"; }
modify() { ldapmodify -Q -Y EXTERNAL -H "$RIG_LDAPI_URL" >>"$W/ldapmodify" 2>&1; }
root() { "$@" -Q -Y EXTERNAL -H "$RIG_LDAPI_URL" >>"$W/ldapmodify" 2>&1; }
many=ou=many,$RIG_LDAP_BASE
conf() {	# SCHEME [LINE...]
	printf 'Servers localhost:%s\nTls none\nBindName %s\nUserBase %s\n' \
		"$RIG_MIDDLE_PORT" "$RIG_LDAP_BIND_DN" "$many"
	printf 'GroupBase %s\nGroupScheme %s\nDomain example.com\nSyncPage 100\nAnswerTime 3s\n' \
		"$RIG_LDAP_GROUPS" "$1"
	shift
	[ $# -eq 0 ] || printf '%s\n' "$@"
}
sync() { ctl directory sync school --wait "$@"; }
run() { ctl --json directory sync-result school | jq -r ".runs[0] | $1"; }
rows() { ctl --json directory sync-result school --what "$1" | jq -r '.rows[] | "\(.name) \(.words)"'; }
members() { db "select count(*) from group_member where group_key='$1'"; }
user() { ctl --json user show "$1" | jq -r "$2"; }

# ---- a trial, then in earnest
conf member-of >"$W/conf"
ok "a directory" ctl directory add school "$W/conf" --password-file "$RIG_LDAP_BIND_PW"
like "$(sync --dry-run)" "Nothing was done.* 600 entries; 600 added" "a trial says what would come of it"
is "$(db 'select count(*) from user where directory<>0')" 0 "and does nothing"
is "$(ctl directory sync-result school --what added --csv | tr -d '\r' | sed -n '1p;2p;$p' | tr '\n' '/')" \
	"what,name,words/added,user000000,Vorname 0 Nachname/added,user000599,Vorname 599 Nachname/" \
	"its differences are a table of all pages"
is "$(ctl directory sync-result school --what added --csv | wc -l)" 601 "every one of them"
like "$(sync)" "^Done: 600 entries; 600 added, 0 changed" "in earnest"
is "$(user user000123 '"\(.mail) \(.department) \(.directory)"')" \
	"user000123@example.com Abteilung 26 school" "with what the directory says"
is "$(members hundred0001)" 100 "and its groups"
like "$(sync)" "0 added, 0 changed, 600 as they were, 0 disabled" "once more changes nothing"
like "$(ctl audit --what directory-synced)" "600 added" "it is in the audit record"

# ---- changed there
modify <<X
dn: uid=user000007,$many
changetype: modify
replace: mail
mail: seven@example.com
-
replace: employeeNumber
employeeNumber: 700700

dn: cn=hundred0002,$RIG_LDAP_GROUPS
changetype: modify
add: member
member: uid=user000007,$many
X
like "$(sync --dry-run)" "0 added, 1 changed" "a change is found"
like "$(rows changed)" "^user000007 mail id_number groups$" "with its fields"
is "$(user user000007 .mail)" "user000007@example.com" "and not done on trial"
sync >/dev/null
is "$(user user000007 .mail)" seven@example.com "done"
is "$(members hundred0002)" 101 "in a group more"
ok "somebody changes it here" ctl user set user000007 --mail other@example.com
sync >/dev/null
is "$(user user000007 .mail)" seven@example.com "the directory's word counts"

# ---- a number that moves, and one that is somebody else's
modify <<X
dn: uid=user000007,$many
changetype: modify
replace: employeeNumber
employeeNumber: 700701

dn: uid=user000003,$many
changetype: modify
replace: employeeNumber
employeeNumber: 700700

dn: uid=user000004,$many
changetype: modify
replace: employeeNumber
employeeNumber: $RIG_ANNA_NUMBER
X
sync >/dev/null
is "$(run .state)" done "numbers that clash are no failure"
is "$(rows clash)" "user000004 its ID number belongs to somebody else" "one is anna's, and is reported"
is "$(db "select count(*) from user where idnum_mac is not null and key in ('user000003','user000007')")" 2 \
	"one went from one person to another"

# ---- missing, and back
root ldapdelete "uid=user000010,$many" "uid=user000011,$many"
modify <<X
dn: uid=user000012,$many
changetype: modify
add: pwdAccountLockedTime
pwdAccountLockedTime: 000001010000Z
X
sync >/dev/null
is "$(run '"\(.disabled) \(.deleted)"')" "3 0" "two are missing, one is closed there"
like "$(rows disabled)" "user000010 not in the directory" "and are named"
like "$(rows disabled)" "user000012 disabled in the directory" "with the reason"
is "$(user user000010 .disabled)" true "they are disabled"
is "$(user user000010 '[.directory_seen_at, .directory_gone_at] | map(. != null) | @csv')" \
	"true,true" "and say when they were seen there, and since when not"
is "$(user user000013 '[.directory_seen_at, .directory_gone_at] | map(. != null) | @csv')" \
	"true,false" "the others are there"
modify <<X
dn: uid=user000012,$many
changetype: modify
delete: pwdAccountLockedTime
X
sync >/dev/null
is "$(user user000012 .disabled)" false "who is back is enabled"
conf member-of 'SyncDeleteAfter 30d' >"$W/conf"
ctl directory set school "$W/conf" >/dev/null
db "update user set dir_gone_ms=dir_gone_ms-2505600000 where key='user000010'"
sync >/dev/null
is "$(run .deleted)" 0 "after 29 days it is still there"
db "update user set dir_gone_ms=dir_gone_ms-172800000 where key='user000010'"
sync >/dev/null
is "$(run .deleted) $(rows deleted)" "1 user000010 not in the directory" "after 31 it is deleted"
like "$(ctl user show user000010)" "no user" "and gone"
is "$(user user000011 .disabled)" true "the other is not"

# ---- too many
conf member-of "UserFilter (&(objectClass=person)(uid=%u)(!(uid=user0005*)))" >"$W/less"
ctl directory set school "$W/less" >/dev/null
out=$(sync)
like "$out" "is stopped: 100 of [0-9]+ accounts would be disabled" "a sync that loses too many stops"
is "$(db 'select count(*) from user where directory<>0 and disabled')" 1 "and disables nobody"
like "$(sync --dry-run)" "100 disabled" "a trial says whom"
like "$(sync --force)" "100 disabled" "unless it is wanted"
ctl directory set school "$W/conf" >/dev/null
like "$(sync)" "100 changed" "and back"

# ---- what breaks off changes nothing of who is missing
root ldapdelete "uid=user000020,$many"
middle reset:60000
out=$(sync)
like "$out" "is failed" "a server that dies in the middle"
is "$(user user000020 .disabled)" false "nobody is disabled after half a list"
middle
conf member-of "UserBase ou=nowhere,$RIG_LDAP_BASE" >"$W/bad"
sed -i "0,/^UserBase/{/^UserBase/d}" "$W/bad"
ctl directory set school "$W/bad" >/dev/null
like "$(sync)" "is failed.*No such object" "a base that is not there"
is "$(user user000020 .disabled)" false "nor then"
ctl directory set school "$W/conf" >/dev/null
sync >/dev/null
is "$(user user000020 .disabled)" true "a whole list does it"

# ---- groups that name their members, and nested ones
conf member "GroupFilter (objectClass=groupOfNames)" | sed "s/^UserBase.*/UserBase $RIG_LDAP_PEOPLE/" >"$W/people"
ok "another part of it" ctl directory add people "$W/people" --password-file "$RIG_LDAP_BIND_PW"
ctl directory sync people --wait >/dev/null
is "$(db "select group_concat(group_key) from (select group_key from group_member where member_key='carla' and is_group=0 order by 1)")" \
	"admins,company,it" "carla is in groups of groups"
is "$(db "select count(*) from group_member where member_key='otto' and group_key like 'circle%'")" 2 "a circle ends"
is "$(ctl --json directory sync-result people --what clash | jq -r '.rows[] | select(.name=="anna") | .words')" \
	"an internal account has this name" "an internal account is never taken"
api GET '/directories/people/sync?limit=200'
is "$(j '[.rows[].what] | unique | length > 1') $(j .next)" "true null" "differences of every kind stand on one page, when it has room"
n=$(j '.rows | length')
api GET "/directories/people/sync?limit=$((n - 1))"
api GET "/directories/people/sync?limit=$((n - 1))&after=$(j .next)"
is "$(j '.rows | length') $(j .next)" "1 null" "else the rest is on the next, which is the last"
conf posix | sed "s/^UserBase.*/UserBase $RIG_LDAP_PEOPLE/" >"$W/posix"
ctl directory set people "$W/posix" >/dev/null
ctl directory sync people --wait >/dev/null
is "$(db "select group_concat(group_key) from group_member where member_key='otto' and is_group=0")" \
	"printers" "posixGroup"

# ---- two directories, one name
modify <<X
dn: uid=user000030,$RIG_LDAP_PEOPLE
changetype: add
objectClass: inetOrgPerson
uid: user000030
cn: Another
sn: Another
X
ctl directory sync people --wait >/dev/null
like "$(ctl directory sync-result people --what clash)" "user000030 +a person of another directory" \
	"a name of another directory is reported"
is "$(user user000030 .directory)" school "and stays there"

# ---- limits in plain words
conf member-of | sed "s/^BindName.*/BindName $(dir_dn anna)/; s/^SyncPage.*/SyncPage 20/" >"$W/page"
ctl directory set school "$W/page" --password-file "$(secret "$(dir_password anna)")" >/dev/null
like "$(sync)" "is failed.*after 50 entries: raise its limits for the service account" \
	"a server that gives no more than fifty: in plain words"
is "$(db 'select count(*) from user where directory<>0 and disabled')" 2 "and disables nobody"
ctl directory set school "$W/conf" --password-file "$RIG_LDAP_BIND_PW" >/dev/null

# ---- cancelled, and killed
middle delay:30
began() { ctl directory sync school >/dev/null; within 5 "$1" eval '[ "$(run .state)" = running ]'; }
began "one is at work"
like "$(sync)" "at work" "only one at a time"
ok "cancelled" ctl directory sync-cancel school
within 3 "it ends" eval '[ "$(run .state)" = cancelled ]'
began "one more"
kill -KILL $(role_pids agent)
within 10 "an agent dies: it says so" eval '[ "$(run .state)" = failed ]'
is "$(db 'select count(*) from user where directory<>0 and disabled')" 2 "and nobody was disabled"
began "one more"
kill -KILL $(role_pids core)
within 15 "core dies: the last one was cut off" eval '[ "$(run .state)" = failed ]'
middle
sync >/dev/null
is "$(run .state)" done "and the next one goes on"
is "$(db 'select count(*) from user where directory<>0 and disabled')" 2 "all is as it was"

# ---- by the clock
conf member-of 'SyncEvery 1h' >"$W/hour"
ctl directory set school "$W/hour" >/dev/null
db 'update sync_run set began_ms=began_ms-3600000'
within 15 "an hour later it begins by itself" eval '[ "$(run .by)" = "" ]'
within 10 "and ends" eval '[ "$(run .state)" = done ]'
is "$(db 'select count(*) from notice_mail')" 0 "that all went well is told to nobody"
sed 's/^UserBase.*/UserBase ou=nowhere,dc=example,dc=com/' "$W/hour" >"$W/bad"
ctl directory set school "$W/bad" >/dev/null
db 'update sync_run set began_ms=began_ms-3600000'
within 15 "one that fails is told to administrators" \
	eval '[ "$(db "select address from notice_mail")" = boss@example.com ]'
like "$(run .words)" "No such object" "with the reason"
