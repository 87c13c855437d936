#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The backup password: set, used with releasectl, on a page and at a panel when
# the directory is away; what it opens and what not; who is told of it.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/user.sh"
. "$S_LIB/web.sh"
. "$S_LIB/mail.sh"
. "$S_SRC/tests/rig/lib/directory.sh"
server slapd l || skip_all "$SERVER_WHY"
postfix_up
rig r --conf "MailServer 127.0.0.1:$SMTP_PORT" --conf 'MailFrom printing@example.com' \
	--conf 'MailTls none' --conf 'ScryptCost 10' --conf 'LoginFailures 3'
GOOD='Spare-wheel 7' other=$(id -nu 2)
# ctl_backup PASSWORD ARGUMENT...: as somebody who is nothing here
ctl_backup() { printf '%s\n' "$1" | ctl_as daemon --backup-password --stdin "${@:2}"; }

# ---- it is not there until it is set, and not with any password
like "$(ctl backup-password show)" "Set: +no" "there is none at first"
like "$(ctl_backup "$GOOD" directory list)" "no backup password" "so it opens nothing"
for bad in 'Short-1' 'onlyletters' 'letters-only' 'letters99' '12345-678' "$(printf 'a1-%.0s' {1..43})"; do
	like "$(printf '%s\n' "$bad" | ctl backup-password set --stdin)" "backup password (must|needs)" \
		"not with ${#bad} characters such as ${bad:0:6}"
done
like "$(printf '%s\n' "$GOOD" | ctl backup-password set --stdin)" "is set" "set"
like "$(printf 'Other-one-1\n' | ctl_as daemon backup-password set --stdin)" "only administrators" "not by anybody"
nok "it is kept nowhere" grep -rqaF "$GOOD" "$RIG_DIR/state" "$RIG_LOG"
like "$(sqlite3 "$RIG_DB" 'SELECT verifier FROM backup')" '^scrypt\$' "but as a verifier"
api_as 1 GET /me
is "$(j '"\(.role) \(.backup_enabled) \(.backup_until)"')" "user true null" "who asks hears that there is one"

# ---- administrators have an address
api POST /users '{"name":"boss","mail":"boss@example.com"}'
ctl role set boss administrator >/dev/null

# ---- the directory goes away, and its administrator wants to get at it
printf '%s\n' "Servers localhost:$RIG_LDAP_PORT" "BindName $RIG_LDAP_BIND_DN" \
	"UserBase $RIG_LDAP_PEOPLE" 'Domain example.com' 'TlsCa ours' 'DeadTime 4s' \
	'ConnectTime 1s' 'AnswerTime 1s' >"$W/conf"
like "$(ctl directory add school "$W/conf" --password-file "$RIG_LDAP_BIND_PW" --ca "$RIG_LDAP_CA")" "is added" \
	"a directory"
"$RIG" slapd down "$W/l" >/dev/null
like "$(ctl_as daemon directory list)" "only administrators" "daemon may not see it"
like "$(ctl_backup wrong-one-1 directory list)" "not the backup password" "nor with another password"
like "$(ctl_backup "$GOOD" directory list)" "school" "with the backup password it may"
like "$(ctl_as daemon directory list)" "only administrators" "and no longer than that"
printf 'Offline cached\n' | cat "$W/conf" - >"$W/conf2"
like "$(ctl_backup "$GOOD" directory set school "$W/conf2")" "is changed" "it changes what holds while it is away"
like "$(ctl --json directory list)" 'backup:daemon' "and who did it is said"
like "$(ctl_backup "$GOOD" settings set LockoutTime 7m)" . "a setting of security"
like "$(ctl settings show LockoutTime)" "7m" "is changed"
like "$(ctl_backup "$GOOD" settings set MaxJobs 7)" "not a setting that" "another is not"
is "$(ctl_backup "$GOOD" --json settings list | jq '[.settings[].name] | contains(["LockoutTime"]) and (contains(["SpoolDir"]) | not)')" \
	true "nor is it shown"
like "$(ctl_backup "$GOOD" certificate show)" "Subject|subject" "the certificate"
like "$(ctl_backup "$GOOD" lockout list)" . "lock-outs"
like "$(printf '%s\n' "$GOOD" | unshare -n setpriv --reuid daemon --regid daemon --clear-groups \
	"$RIG_CTL" --backup-password --stdin directory list 2>&1)" "school" "it needs no network at all"
# everything else stays closed, whatever route it is
for path in /users /users?q=anna /audit /prices /accounts /backup-password /roles /users/export; do
	api_as 1 POST /backup-password/open "$(jq -cn --arg p "$GOOD" '{password: $p}')"
	api_as 1 GET "$path"
	is "$STATUS" 403 "it does not open $path"
done
api_as 1 GET /directories
is "$STATUS" 200 "it is open to daemon now"
api_as 1 GET /me
is "$(j .role)" user "whose role stays what it is"
unlike "$(j .backup_until)" null "and who hears until when"
api_as 2 GET /directories
is "$STATUS" 403 "not to others"
api_as 1 POST /backup-password '{"password":"Mine-now-77"}'
is "$STATUS" 403 "whoever has it does not change it"
api_as 1 POST /backup-password/seen '{}'
is "$STATUS" 403 "nor hide that it was used"
api_as 1 POST /settings/undo '{}'
is "$STATUS" 403 "nor undo what others changed"
api_as 1 DELETE /backup-password/open
api_as 1 GET /directories
is "$STATUS" 403 "closed again"

# ---- never over the network
api PATCH /users/anna '{"disabled":false}'
enter anna "$RIG_ANNA_PASSWORD"
web POST /backup-password/open "$(jq -cn --arg p "$GOOD" '{password: $p}')"
like "$STATUS" '^40[45]$' "not over HTTPS"
api_as 1 POST /backup-password/open "$(jq -cn --arg p "$GOOD" '{password: $p}')"
web GET /directories
is "$STATUS" 403 "also while it is open to somebody here"

# ---- it is told
is "$(($(audit backup-opened) > 5))" 1 "each use is in the audit log"
is "$(($(audit backup-denied) > 0))" 1 "and each wrong try"
like "$(grep -a 'backup password was used' "$RIG_LOG" | head -1)" 'door=releasectl' "and in the log"
within 20 "a mail comes" eval '[ "$(mails)" -ge 1 ]'
like "$(cat "$(mail_last)")" "boss@example.com" "to who is administrator"
api GET /backup-password
is "$(($(j .unseen) > 5))" 1 "they wait to be looked at"
ctl backup-password seen >/dev/null
api GET /backup-password
is "$(j '"\(.unseen) \(.uses[0].seen_by)"')" "0 root" "root looked at them"

# ---- on the pages
opens() { page "$1" "$2"; [ "$HTTP" = 200 ] && OPENS=${PROBLEM:-yes} || OPENS=$HTTP; }
opens bert admin/directories.cgi
is "$OPENS" 403 "bert does not get at the directories"
page bert backup.cgi
like "$PAGE" 'href="[^"]*backup.cgi"' "but the menu has the backup password"
submit bert backup.cgi do=open password=Wrong-page-1
page bert backup.cgi
like "$PAGE" 'name="password"' "a wrong one opens nothing"
submit bert backup.cgi do=open "password=$GOOD"
is "$HTTP" 303 "the right one does"
for p in directories directory.cgi?name=school settings certificate lockouts templates access; do
	case $p in *.cgi*) ;; *) p=$p.cgi ;; esac
	opens bert "admin/$p"
	is "$OPENS" yes "admin/$p is open to bert"
done
for p in users jobs audit roles prices backup ports; do
	opens bert "admin/$p.cgi"
	is "$OPENS" 403 "admin/$p.cgi is not"
done
page bert jobs.cgi
like "$PAGE" 'href="[^"]*admin/directories.cgi"' "the menu leads there"
unlike "$PAGE" 'href="[^"]*admin/users.cgi"' "and not elsewhere"
submit bert admin/settings.cgi do=preview set-LockoutTime=9m
opens anna admin/directories.cgi
is "$OPENS" 403 "to anna they are closed"
submit bert backup.cgi do=close
opens bert admin/directories.cgi
is "$OPENS" 403 "bert closed them"
page admin admin/index.cgi
like "$PAGE" 'backup password was used' "the overview says that it was used"
submit admin admin/backup.cgi do=seen
page admin admin/index.cgi
unlike "$PAGE" 'backup password was used' "until somebody has looked"
submit admin admin/backup.cgi do=set password=short-1 password_again=short-1
like "$PAGE" 'must have 8 to 128' "the page says what is wrong with a new one"
submit admin admin/backup.cgi do=set "password=$GOOD" "password_again=$GOOD"
is "$HTTP" 303 "or sets it"

# ---- at a panel: nobody's session, with the settings of security
opdp POST /opdp/v1/panel/menu '{"state":"locked","session_id":null,"menu":"login","rev":null,"locale":"en"}'
is "$(j '.items[] | select(.id == "by-backup").action.menu')" login-backup "the log-in leads to the security settings"
api GET "/devices/$RIG_DEVICE_ID"; device=$(j .name)
backup() { login "$(jq -cn --arg p "$1" '{method: "backup", value: $p}' | sed 's/^{//;s/}$//')"; }
backup Wrong-panel-1
is "$(j '"\(.result) \(.reason) \(.menu.menu)"')" "denied bad-credential login-backup" "a wrong one is asked again"
ctl directory test school >/dev/null
backup "$GOOD"
is "$(j '"\(.result) \(.session.method) \(.session.user) \(.menu.menu)"')" "ok backup null security" "the right one opens them"
like "$(menu_text)" "school: does not answer" "the directory is away, they say"
action '"op":"security","choice":"deny:school"'
is "$STATUS $(j '.result // .')" "200 ok" "what holds then is changed"
like "$(ctl directory show school)" "Offline deny" "in the directory's settings"
is "$(ctl directory show school | grep -c Offline)" 1 "there once"
like "$(ctl --json directory list | jq -r '.directories[].changed_by')" "backup:$device" "by the panel"
action '"op":"list"'
is "$(j '.jobs // "none"') $(j .menu.menu)" "none security" "nothing else is shown"
action '"op":"release","jobs":"all"'
is "$(j '.jobs // "none"')" none "nothing is printed"
for i in 1 2 3; do login_password anna "x$i"; done
backup "$GOOD"
choice=$(j '.menu.items[] | select(.action.choice? // "" | startswith("unlock:")).action.choice')
is "$choice" unlock:u:anna "who is locked out stands there"
action "\"op\":\"security\",\"choice\":\"$choice\""
unlike "$(ctl lockout list)" anna "and is let go"
action '"op":"security","choice":"unlock:b:p:x"'
like "$(menu_text)" "no such thing" "its own lock-out it does not end"
action '"op":"security","choice":"sideways:school"'
is "$STATUS" 200 "what it does not know changes nothing"
logout
action '"op":"security","choice":"cached:school"'
is "$(j .code)" session-unknown "without the session nothing is changed"
for i in 1 2 3; do backup "Wrong-panel-$i"; done
backup "$GOOD"
is "$(j '"\(.result) \(.reason)"')" "denied locked-out" "three wrong tries lock the panel out of it"
login_card "$RIG_ANNA_CARD"
is "$(j .result)" ok "and of nothing else"
action '"op":"security","choice":"cached:school"'
is "$(j .code)" forbidden "a session of somebody changes nothing"; logout
like "$(ctl lockout list)" "backup +p:$RIG_DEVICE_ID" "it is in the list"
ctl lockout unlock backup "p:$RIG_DEVICE_ID" >/dev/null

# ---- its own lock-out, harder
for i in 1 2 3; do ctl_as "$other" --backup-password --stdin directory list <<<"Wrong-$i-x" >/dev/null; done
like "$(ctl_as "$other" --backup-password --stdin directory list <<<"$GOOD")" "too many wrong tries" \
	"three wrong tries lock out, also with the right one"
like "$(ctl lockout list)" "backup +l:$other" "it is in the list"
like "$(ctl_backup "$GOOD" directory list)" "school" "others go on"
like "$(ctl_backup "$GOOD" lockout unlock backup "l:$other")" "an administrator ends" "it does not end its own lock-out"
ok "an administrator does" ctl lockout unlock backup "l:$other"
like "$(ctl_as "$other" --backup-password --stdin directory list <<<"$GOOD")" "school" "then it is right again"

# ---- taken away
like "$(ctl backup-password remove)" "no backup password" "taken away"
like "$(ctl_backup "$GOOD" directory list)" "no backup password" "then it opens nothing"
nok "nothing of it is in the log" grep -qaE "$GOOD|Wrong-[0-9]" "$RIG_LOG"
