#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Functions of this server: pages, calls and releasectl of administrators and of
# everybody; what is wrong in a request; and that root is never kept out.
. "$(dirname "$0")/lib/scenario.sh"
rig r --conf 'AdminGroup wheel-of-tests'
WHO=daemon
api POST /users '{"name":"'$WHO'"}'
refused() { is "$STATUS $(j .code)" "$1" "$2"; }

api GET /functions
is "$(j '[(.functions | length >= 50), (.groups | length >= 10)] | @csv')" "true,true" "the functions are listed"
is "$(j '[.functions[].key] | (unique | length) == length')" true "none twice"

# ---- what is no entry
for b in '{}' '{"function":"copy"}' '{"state":"open"}' '{"function":"nosuch","state":"open"}' \
	'{"function":"@nosuch","state":"open"}' '{"function":"","state":"open"}' \
	'{"function":"copy","state":"shut"}' '{"function":"copy","state":"template"}' \
	'{"function":"copy","state":"template","template":"nosuch"}' \
	'{"function":"copy","state":"open","template":"x"}' \
	'{"function":"copy","state":"open","device":"Flur","device_group":"x"}' \
	'{"function":"copy","state":"open","user":"anna","group":"x"}' \
	'{"function":"copy","state":"open","user":"anna","who":"everybody"}' \
	'{"function":"copy","state":"open","who":"somebody"}' \
	'{"function":"admin-users","state":"disabled","device":"Flur"}' \
	'{"function":"@administration","state":"disabled","device_group":"x"}' \
	'{"function":"print","state":"open","who":"nobody"}' \
	'{"function":"print-direct","state":"open"}' \
	'{"function":"copy","state":"disabled","user":7}' '[]' '"copy"' \
	'{"function":"'"$(printf 'x%.0s' {1..60})"'","state":"open"}'; do
	api POST /access "$b"
	refused "400 bad-request" "${b:0:70}"
done
api POST /access '{"function":"copy","state":"open","device":"nowhere"}'
refused "404 device-unknown" "a device nobody knows"
api POST /access '{"function":"copy","state":"open","user":"nobody-knows"}'
refused "404 user-unknown" "a user nobody knows"
api POST /access '{"function":"copy","state":"open","group":"nosuch"}'
refused "404 not-found" "a group nobody knows"
for id in 0 -1 x 99999999999999999999 1%2e5 %00; do
	api DELETE "/access/$id"
	like "$STATUS" '^40[04]$' "there is no entry $id"
done
for q in 'after=x' 'after=-1' 'limit=0' 'limit=201' 'function=nosuch' 'who=x'; do
	api GET "/access?$q"
	refused "400 bad-request" "list with $q"
done
api GET '/access/explain'
refused "400 bad-request" "explain what?"
api GET '/access/explain?function=@printing'
refused "400 bad-request" "explain takes one function"
is "$(api GET '/access'; j '.access | length')" 0 "nothing of it is in the table"

# ---- pages of the list
for i in $(seq 1 7); do
	api POST /access '{"function":"copy","state":"disabled","device_group":"g'"$i"'"}'
done
api GET '/access?limit=3'; first=$(j '.access | length'); next=$(j .next)
api GET "/access?limit=3&after=$next"
is "$first $(j '.access | length') $(api GET '/access?limit=3&after=6'; j '.next')" "3 3 null" "the list has pages"
api GET '/access?device=-'
is "$(j '.access | length')" 0 "only what holds everywhere"
api GET '/access?device_group=G3'
is "$(j '.access[].device_group')" g3 "only of one group of devices"
for id in $(api GET /access; j '.access[].id'); do api DELETE "/access/$id"; done
is "$(audit access-set) $(audit access-removed)" "7 7" "all of it is in the audit log"

# ---- who may
api PATCH "/roles/$WHO" '{"role":"administrator"}'
ok "an administrator by name" ctl_as "$WHO" access list
ctl access set admin-users disabled >/dev/null
like "$(ctl_as "$WHO" user list)" 'admin-users.*not open' "is refused a command that is disabled"
ok "and not another one" ctl_as "$WHO" device list
ok "may look at oneself" ctl_as "$WHO" me show
ok "root is not kept out" "$RIG_CTL" user list
ctl access set admin-users open --for user:"$WHO" >/dev/null
ok "open to one user" ctl_as "$WHO" user list
api POST /groups '{"name":"Helpers"}'
ctl access set @administration disabled >/dev/null
ctl access set admin-devices open --for group:helpers >/dev/null
like "$(ctl_as "$WHO" device attention)" 'not open' "a group's function is closed to others"
api PATCH /groups/Helpers '{"op":"add","name":"'"$WHO"'"}'
ok "and open to its members" ctl_as "$WHO" device attention
like "$(ctl_as "$WHO" access set panel disabled)" 'not open' "the table is one of the functions"
like "$(ctl_as "$WHO" role set otto administrator)" 'not open' "roles are, too"
ok "root can always repair it" "$RIG_CTL" access unset @administration
ok "and then it works" ctl_as "$WHO" role list

# ---- one's own
ctl access set my-code disabled >/dev/null
like "$(ctl_as "$WHO" me code)" 'not open' "a function of self-service"
ctl access unset my-code >/dev/null
ok "and it is back" ctl_as "$WHO" me code
ctl access set job-delete disabled >/dev/null
api PATCH "/roles/$WHO" '{"role":"user"}'
printf 'a page\n' >"$W/page"
lp -d "$RIG_QUEUE" -U "$WHO" -t Mine "$W/page" >/dev/null 2>&1
within 10 "a job is held" held_is 1
J=$(id_of Mine)
like "$(ctl_as "$WHO" job delete "$J")" 'job-delete.*not open' "deleting one's jobs"
ctl access set print disabled --device Flur >/dev/null
like "$(ctl_as "$WHO" job release "$J" --device Flur)" 'not open to' "and releasing them from the pages"
like "$(ctl_as "$WHO" explain "$J")" 'access.*"print" is not open' "explain says so"
api PATCH "/roles/$WHO" '{"role":"operator"}'
ok "an operator deletes them all the same" ctl_as "$WHO" job delete "$J"

# ---- jobs of others
ctl access unset print --device Flur >/dev/null
ctl access unset job-delete >/dev/null
api PATCH "/roles/$WHO" '{"role":"user"}'
ctl user add lena >/dev/null
lp -d "$RIG_QUEUE" -U lena -t Hers "$W/page" >/dev/null 2>&1
within 10 "a job of somebody else" held_is 1
J=$(id_of Hers)
api PATCH "/roles/$WHO" '{"role":"operator"}'
ctl access set admin-jobs disabled >/dev/null
like "$(ctl_as "$WHO" job delete "$J")" 'admin-jobs.*not open' "operators do with jobs what admin-jobs says"
like "$(ctl_as "$WHO" job list)" 'admin-jobs.*not open' "and see them by it"
ok "but may look at their own" ctl_as "$WHO" job list --user "$WHO"
ctl access unset admin-jobs >/dev/null
ok "it is back" ctl_as "$WHO" job delete "$J"
api PATCH "/roles/$WHO" '{"role":"administrator"}'

# ---- templates: what is proven at the pages
ctl template set host pam >/dev/null
ctl template set cards card >/dev/null
ctl access set admin-devices template host --for user:"$WHO" >/dev/null
ok "who is known to this host has proven that" ctl_as "$WHO" device attention
ctl access set admin-devices template cards --for user:"$WHO" >/dev/null
like "$(ctl_as "$WHO" device attention)" 'asks for a card' "and no card"
like "$(ctl template delete cards)" 'used' "a template that is used is not deleted"

# ---- a user who goes, and comes again with the same name
ctl user add eva >/dev/null
ctl access set copy open --for user:eva >/dev/null
ctl user delete eva >/dev/null
ctl user add eva >/dev/null
is "$(api GET '/access?user=eva'; j '.access | length')" 0 "a new user of the same name has nothing of the old"
