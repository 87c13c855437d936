#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Settings by API and releasectl: looked at, changed, undone; bad values, a
# crash at every step, and a transfer that goes on through all of it.
# long: 40
. "$(dirname "$0")/lib/scenario.sh"
rig r
D=$RIG_BUILD/releaserd/releaserd
CONF=$RIG_CONF
value() { api GET /settings; j '.settings[] | select(.name == "'"$1"'") | .'"${2:-value}"; }
change() { api POST /settings "{\"changes\":$1${2:+,\"dry_run\":$2}}"; }

# ---- what there is
api GET /settings
is "$STATUS" 200 "the settings are shown"
is "$(j '.settings | length')" "$("$D" -S | grep -c '^\.It Ic')" "every setting of the one table"
is "$(j '.path')" "$CONF" "and where they stand"
is "$(j '.undo')" null "there is nothing to undo yet"
is "$(j '[.settings[] | select(.name == "JobExpiry") | .value, .default, .kind, .min, .max, .changed] | join(" ")')" \
	"1d 1d time 1h 1w false" "one of them in full"
is "$(value ServerName changed)" true "a setting that is not at its default is marked"
is "$(value Stamp choices | tr -d '\n ')" '["none","page","sheet"]' "choices are listed"
is "$(value SpoolDir needs_restart)$(value JobExpiry needs_restart)" truefalse "which of them wait for a start"

# ---- looked at first
sum=$(sha256sum <"$CONF")
change '{"JobExpiry":"2d","MaxJobsPerUser":2}' true
is "$STATUS $(j .applied)" "200 false" "a preview"
is "$(j '.would_change | map(.name + " " + .from + " " + .to + " " + .effect) | join("; ")')" \
	"JobExpiry 1d 2d now; MaxJobsPerUser 500 2 now" "names what would change"
is "$(sha256sum <"$CONF")" "$sum" "the file is as it was"
is "$(value MaxJobsPerUser)" 500 "and so are the settings"

# ---- changed
sed -i '1i # The print server of the town hall\n#MaxJobsPerUser 100' "$CONF"
printf '\n# expiry: ask Anna\n\tJobExpiry   1d\n# end' >>"$CONF"
cp "$CONF" "$W/was.conf"
change '{"jobexpiry":"36h","MaxJobsPerUser":"2"}'
is "$STATUS $(j .applied)" "200 true" "a change"
is "$(grep -n JobExpiry "$CONF" | cut -f2-)" "JobExpiry   36h" "stands in its line, which keeps its shape"
is "$(sed -n 2,3p "$CONF")" "#MaxJobsPerUser 100
MaxJobsPerUser 2" "a new one stands behind its example"
is "$(grep -v '^MaxJobsPerUser' "$CONF" | sed 's/36h/1d/')" "$(cat "$W/was.conf")" "all else is as the administrator left it"
same "$CONF.undo" "$W/was.conf" "the file of before is kept"
ok "-t takes the file" "$D" -t -c "$CONF"
is "$(value JobExpiry)$(value JobExpiry in_force)" 36hnull "it is in force"
doc a.bin 1000
hold "$W/a.bin" -t one
hold "$W/a.bin" -t two
print_raw "$W/a.bin" -t three >/dev/null
sleep 1.5
is "$(count held)" 2 "the backend's core goes by it: the third job is refused"
is "$(audit settings-changed)" 1 "it stands in the audit log, once"

# ---- undone, once
api GET /settings
is "$(j '.undo | .by + " " + (.changes | map(.name + " " + .to) | join(" "))')" "root JobExpiry 1d MaxJobsPerUser 500" "what an undo would do is told"
api POST /settings/undo
is "$STATUS $(j '.would_change | length')" "200 2" "undo"
same "$CONF" "$W/was.conf" "the file is byte by byte what it was"
is "$(value MaxJobsPerUser)" 500 "and in force"
api POST /settings/undo
is "$STATUS $(j .code)" "409 nothing-to-undo" "a second undo has nothing to do"
change '{"MaxJobsPerUser":null,"JobExpiry":"3d"}'
sleep 1.1
echo '# by hand' >>"$CONF"
api POST /settings/undo
is "$STATUS" 409 "an undo does not take back what was written by hand since"
like "$(cat "$CONF")" 'JobExpiry   3d.*by hand' "which stays"
# Lines written by hand and not read yet take effect with the next change.
echo 'MaxJobs 77' >>"$CONF"
change '{"JobExpiry":"1d"}' true
is "$(j '.would_change | map(.name) | sort | join(" ")')" "JobExpiry MaxJobs" "the preview tells of lines that were not read yet"

# ---- bad values, each kind
bad() {
	change "$1"
	is "$STATUS $(j .code) $(j .field)" "422 setting-invalid $2" "$3"
}
sum=$(sha256sum <"$CONF")
bad '{"MaxJobs":"many"}' MaxJobs "no number"
bad '{"MaxJobs":-1}' MaxJobs "a number below its bounds"
bad '{"JobExpiry":"30m"}' JobExpiry "a time below its bounds"
bad '{"JobExpiry":"1d 2h"}' JobExpiry "no time"
bad '{"MaxJobSize":"9999999999999999999g"}' MaxJobSize "a size beyond all bounds"
bad '{"StripRealm":"perhaps"}' StripRealm "neither yes nor no"
bad '{"Stamp":"both"}' Stamp "no choice"
bad '{"ServerName":"a\nJail none"}' ServerName "a line more"
bad '{"ServerName":"a\rb"}' ServerName "a carriage return"
bad '{"StampText":"\u0007"}' StampText "a control character"
bad '{"StampText":"  x"}' StampText "a blank in front"
bad "{\"StampText\":\"$(printf 'x%.0s' {1..201})\"}" StampText "a text too long"
bad '{"StampText":["a"]}' StampText "a list"
bad '{"Listen":"999.1.1.1"}' Listen "no address"
bad '{"Listen":"192.0.2.77"}' Listen "an address this machine does not have"
bad '{"CoreUser":"root"}' CoreUser "a role as root"
bad '{"CoreUser":"nobody-has-this-name"}' CoreUser "a user there is not"
bad '{"Jail":"none"}' Jail "the jail, which is root's to change in the file"
bad '{"KeyFile":null}' KeyFile "the key file, too"
bad '{"NtlmHelper":"/bin/true"}' NtlmHelper "a program that is run"
bad '{"Pam":"yes"}' Pam "who else checks passwords"
is "$(value Jail by_hand)$(value JobExpiry by_hand)" truefalse "the list says which are"
bad '{"RunDir":"run"}' RunDir "a folder that depends on where one stands"
bad "{\"RunDir\":\"/$(printf 'r%.0s' {1..100})\"}" RunDir "a folder whose sockets would have too long names"
bad '{"SpoolDir":"/etc/passwd"}' SpoolDir "a file"
bad '{"StateDir":"/etc/passwd/state"}' StateDir "a folder in a file"
bad '{"SpoolDir":"/usr"}' SpoolDir "a folder of somebody else"
bad '{"RunDir":"/tmp"}' RunDir "one that all may write to"
bad '{"CupsSocket":"cups.sock"}' CupsSocket "a socket that is nowhere"
bad '{"NoSuchThing":"1"}' NoSuchThing "a setting there is not"
bad '{"MaxJobs":"5","JobExpiry":"5"}' JobExpiry "one good, one bad: none is taken"
change '{}'
is "$STATUS" 400 "no change at all"
change '["MaxJobs"]'
is "$STATUS" 400 "no object"
is "$(sha256sum <"$CONF")" "$sum" "nothing of all that is in the file"
is "$(audit settings-changed)" 2 "nor in the audit log"
as_anna() { su -s /bin/sh nobody -c "curl -s -o /dev/null -w '%{http_code}' --unix-socket '$RIG_API_SOCK' $* http://localhost/api/v1/settings"; }
is "$(as_anna)" 403 "somebody else does not see the settings"
is "$(as_anna -H Content-Type:application/json -d '{\"changes\":{\"MaxJobs\":1}}' 2>/dev/null)" 403 "nor changes them"

# ---- what waits for the next start
change '{"SpoolDir":"/elsewhere"}'
is "$(j '.would_change[] | select(.name == "SpoolDir") | .effect')" next-start "a folder: at the next start"
is "$(value SpoolDir in_force)" "$RIG_SPOOL" "until then the old one is in force"
told() { api GET /status; [ "$(j '.warnings[] | select(.code == "settings-wait") | .text')" ]; }
within 5 "the status says that a setting waits" told
kill -9 "$(role_pids core)"
S_MAY_DIE=1
within 10 "a core that is started again" eval 'api GET /status; [ "$STATUS" = 200 ]'
is "$(count held)" 2 "works with what is in force, too"
api POST /settings/undo
is "$(value SpoolDir)" "$RIG_SPOOL" "undone"

# ---- releasectl
like "$(ctl settings list)" 'JobExpiry +3d +1d +now' "releasectl settings list"
like "$(ctl settings show jobexpiry)" 'Most: +1w' "releasectl settings show"
like "$(ctl settings set JobExpiry 2d --dry-run)" 'would change.*JobExpiry +3d +2d' "releasectl settings set --dry-run"
is "$(value JobExpiry)" 3d "changes nothing"
like "$(ctl settings set JobExpiry 2d)" 'Changed:' "releasectl settings set"
is "$(value JobExpiry)" 2d "changes it"
like "$(ctl settings set JobExpiry --default)" '2d +1d' "releasectl settings set --default"
like "$(ctl settings undo)" '1d +2d' "releasectl settings undo"
like "$(ctl settings set JobExpiry 1m; echo $?)" 'JobExpiry must be 1h to 1w.*1$' "a refusal in words"

# ---- a transfer goes on through a change
api GET '/jobs?limit=1'
doc big.bin 900000
hold "$W/big.bin" -t big
id=$(id_of big)
wait_until 15 eval 'login_card "$RIG_ANNA_CARD"; [ -n "$SID" ]'
fault send:mid-data sleep 3000
RID=$(uuid)
release "$id"
unset RID
within 10 "a transfer is half done" fault_hit
send=$(state "$id")
change '{"MaxTransfers":"1","NetProcesses":"1","AgentProcesses":"1","LogLevel":"debug"}'
is "$STATUS $send" "200 releasing" "settings and the number of processes change meanwhile"
kill -HUP "$(awk '/^releaserd /{print $2}' "$RIG_PIDS" | tail -1)"
within 10 "one net process is left" eval '[ "$(role_pids net | wc -l)" = 1 ]'
is "$(role_pids agent | wc -l)" 1 "and one agent"
within 20 "the job is sent" state_is "$id" sent
is "$(copies_of "$W/big.bin")" 1 "and on paper once"
change '{"NetProcesses":"2"}'
within 10 "two net processes again" eval '[ "$(role_pids net | wc -l)" = 2 ]'

# ---- a crash between any two steps
for point in super:conf-before-rename super:conf-renamed super:conf-before-undo; do
	change '{"MaxJobs":"11"}'
	was=$(sha256sum <"$CONF")
	fault "$point" kill
	case $point in
	*undo) api POST /settings/undo ;;
	*) change '{"MaxJobs":"22"}' ;;
	esac
	# All of it ends; whether net still gets its answer out is a race.
	like "$STATUS" '^(503|000)$' "$point: killed there, and not taken for done"
	sleep 1
	"$RIG" restart "$R" >/dev/null 2>&1
	ok "$point: the file is whole" "$D" -t -c "$CONF"
	case $point in
	*renamed) is "$(value MaxJobs)" 22 "$point: the new one holds" ;;
	*) is "$(sha256sum <"$CONF")" "$was" "$point: it is the old one" ;;
	esac
	is "$(count held)" 2 "$point: no job is lost"
done
api GET /settings
is "$(j '.undo.changes[0].name')" MaxJobs "what was cut short can still be undone"
api POST /settings/undo
is "$STATUS" 200 "and is"
