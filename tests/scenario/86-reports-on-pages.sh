#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The reports of money, quotas and the environment on the pages, to the cent:
# tables, sums and CSV after real jobs were settled, whatever people are called.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/web.sh"
command -v gs >/dev/null || skip_all "needs ghostscript"
rig r
gs -q -dNOPAUSE -dBATCH -dSAFER -sDEVICE=pdfwrite -o "$W/three.pdf" -c \
	"/Helvetica 30 selectfont 72 720 moveto (One) show showpage
	 1 0 0 setrgbcolor 72 720 moveto (Two, in red) show showpage
	 0 setgray 72 720 moveto (Three) show showpage"
# csv QUERY: the table without its head, a line each, CR taken off
csv() { page admin "admin/reports.cgi?csv=1&$1"; tail -n +2 <<<"${PAGE//$'\r'/}"; }
head_of() { page admin "admin/reports.cgi?csv=1&$1"; head -1 <<<"$PAGE"; }
shows() { page admin "admin/reports.cgi?$1"; tr -d '\n' <<<"$PAGE" | sed 's/.*<\/nav>//'; }
release_on() { api POST "/jobs/$(id_of "$1")/release" "{\"device\":\"$2\"}"; }

# ---- nothing yet
like "$(shows show=money)" 'Nothing was paid in this time' "nothing was paid yet"
like "$(shows show=quota)" 'No account has a limit of this' "nobody has a limit"
like "$(shows show=environment)" 'Nothing came out in this time' "nothing came out"
is "$(csv 'show=money&by=user')" "" "a table without rows"
is "$(head_of 'show=money&by=user')" $'\xef\xbb\xbfUser,Jobs,Paid,Refunded,Currency,By estimate\r' \
	"has a head, for spreadsheets"

# ---- three people, two of them with names that spreadsheets would compute
api POST /prices '{"text":"mono 0.05\ncolour 0.20\nsheet 0.01\n"}'
api POST /users '{"name":"=1+1","department":"@SUM(A1)"}'
is "$STATUS" 201 "somebody is called =1+1"
api POST /users '{"name":"bo\"b, jr","department":"Physics"}'
is "$STATUS" 201 "and somebody has quotes"
api PATCH /users/anna '{"department":"Physics"}'
api POST /groups '{"name":"+Staff"}'; api POST /groups '{"name":"Teachers"}'
api PATCH /groups/Teachers '{"op":"add","name":"anna"}'
api PATCH /groups/%2BStaff '{"op":"add","name":"Teachers","kind":"group"}'
is "$STATUS" 200 "a group in a group"
api POST /quotas '{"owner":"everybody","amount":"2","period":"day"}'
api POST /quotas '{"owner":"user","name":"=1+1","unit":"colour","amount":"8","period":"never"}'
api POST /accounts '{"name":"Chess club","kind":"shared"}'
api POST /quotas '{"owner":"shared","name":"Chess club","amount":"50","period":"month"}'
api POST '/accounts/Chess%20club/grant' '{"amount":"7.50","kind":"shared"}'
api GET "/devices/$RIG_DEVICE_ID"
api POST /devices "$(jq -c '{name: "Hall \"2\"", lpr_host, lpr_port, lpr_queue}' <<<"$BODY")"
is "$STATUS" 201 "a second device"
web_print anna one
web_print '=1+1' two -n 2
web_print 'bo"b, jr' three -n 3 -o sides=two-sided-long-edge
within 20 "three jobs are held" held_is 3
one=$(id_of one)
release_on one "$RIG_DEVICE_ID"
release_on two 'Hall \"2\"'
release_on three "$RIG_DEVICE_ID"
within 20 "all are printed" state_count_is sent 3

# ---- money
day=$(date +%F)
is "$(csv 'show=money&by=user')" "\"bo\"\"b, jr\",1,0.96,0.00,EUR,1
'=1+1,1,0.66,0.00,EUR,1
anna,1,0.33,0.00,EUR,1" "by user, to the cent, and nothing is a formula"
api POST "/jobs/$one/refund" '{"amount":"0.11"}'
is "$STATUS" 204 "some of it is given back"
is "$(csv 'show=money&by=day')" "$day,3,1.84,0.11,EUR,3" "by day"
is "$(csv show=money)" "$(csv 'show=money&by=shoe')" "which comes first, whatever is asked"
is "$(csv 'show=money&by=month')" "${day%-*}-01,3,1.84,0.11,EUR,3" "by month"
is "$(csv 'show=money&by=group')" "in no group,2,1.62,0.00,EUR,2
'+Staff,1,0.22,0.11,EUR,1
Teachers,1,0.22,0.11,EUR,1" "by group, nested ones too"
is "$(csv 'show=money&by=department')" "Physics,2,1.18,0.11,EUR,2
'@SUM(A1),1,0.66,0.00,EUR,1" "by department"
is "$(csv 'show=money&by=account' | sort)" "\"bo\"\"b, jr\",1,0.96,0.00,EUR,1
'=1+1,1,0.66,0.00,EUR,1
anna,1,0.22,0.11,EUR,1" "by account"
is "$(csv 'show=money&by=device')" "Flur,2,1.18,0.11,EUR,2
\"Hall \"\"2\"\"\",1,0.66,0.00,EUR,1" "by device"
is "$(csv 'show=money&by=queue')" "$RIG_QUEUE,3,1.84,0.11,EUR,3" "by queue"
all=$(shows 'show=money&by=user')
like "$all" '<tfoot>.*>3<.*>1\.84<.*>0\.11<.*>3<.*</tfoot>' "the page has the sum"
like "$all" '<th scope="row" data-label="Name">bo&quot;b, jr</th>' "and names as they are"
like "$all" '<svg class="plot' "and a plot"
like "$all" 'aria-current="page">Money<' "of the tab of money"
like "$(shows 'show=money&by=group')" 'counts in each of them, and once in the sum' "of groups it is said how"
like "$(shows "show=money&from=$day&to=$day")" 'From .* to .*<tfoot>.*>1\.84<' "of today"
like "$(shows 'show=money&from=tomorrow')" 'A day is written as' "a day that is none is said"
is "$(csv "show=money&from=2001-01-01&to=2001-12-31")" "" "nothing long ago"
like "$(shows '')" 'aria-current="page">Pages<' "the tab of pages comes first"
is "$("$RIG_CTL" report cost --by user --csv | tail -n +2 | cut -d, -f1-4 | tr -d '\r' | tail -2)" \
	$'\'=1+1,1,0.66,0.00\nanna,1,0.22,0.11' "releasectl says the same"
# What was given back is more than what was paid: a number, no formula.
sqlite3 "$RIG_DB" '.timeout 10000' "UPDATE transfer SET at_ms=at_ms-2*86400000 WHERE kind!=6"
is "$(csv 'show=money&by=day' | tail -1)" "$day,0,-0.11,0.11,EUR,0" "below zero it is added up, too"

# ---- quotas
refill=$(date -d tomorrow +%F)
is "$(csv show=quota)" "\"bo\"\"b, jr\",EUR,2.00,0.96,1.04,48,$refill 00:00:00
'=1+1,EUR,2.00,0.66,1.34,33,$refill 00:00:00
anna,EUR,2.00,0.22,1.78,11,$refill 00:00:00" "what is used of quotas, most of it first"
is "$(csv 'show=quota&unit=colour')" "'=1+1,Colour sides,8,2,6,25," "of sides in colour, never refilled"
is "$(csv 'show=quota&by=shared' | cut -d, -f1-6)" "Chess club,EUR,50.00,0.00,57.50,0" \
	"of a shared account: what was granted is on top"
is "$(csv 'show=quota&unit=mono')" "" "nobody has a limit of others"
all=$(shows show=quota)
like "$all" '<tfoot>.*>6\.00<.*>1\.84<.*>31 %<.*>4\.16<.*</tfoot>' "with the sum"
like "$all" 'account\.cgi\?kind=user&amp;name=%3D1%2B1&amp;unit=money' "a name leads to its account"
like "$("$RIG_CTL" report quota)" 'anna +money +1\.78 +2\.00 +0\.22 ' "releasectl says the same"

# ---- the environment
today="show=environment&from=$day"
is "$(csv "$today&by=user")" "\"bo\"\"b, jr\",1,6,0.0,0.0,3,0.0,0.0
'=1+1,1,6,0.0,0.0,0,0.0,0.0
anna,1,3,0.0,0.0,0,0.0,0.0" "paper by user"
is "$(csv "$today&by=day")" "$day,3,15,0.0,0.1,3,0.0,0.0" "by day"
is "$(csv "$today&by=device")" "Flur,2,9,0.0,0.0,3,0.0,0.0
\"Hall \"\"2\"\"\",1,6,0.0,0.0,0,0.0,0.0" "by device"
all=$(shows "$today&by=week")
like "$all" '<dt>Sheets used</dt><dd>15<.*<dt>Sheets saved</dt><dd>3<' "and how many were saved"
like "$all" '<svg class="plot' "with a plot"
like "$all" 'stands for 8.333 sheets, a sheet for 4\.64 g' "and what that stands on"
is "$("$RIG_CTL" --json report environment --by day --from "$day" | jq -r '.rows[0] | [.sheets,.saved,.co2_kg] | @csv')" \
	'15,3,"0.1"' "releasectl says the same"

# ---- who sees them
for tab in pages money quota environment; do
	page helpdesk "admin/reports.cgi?show=$tab"
	is "$PROBLEM" 403 "not the help desk: $tab"
done
page anna 'admin/reports.cgi?csv=1&show=money'
nok "nor users" grep -q 'Paid' <<<"$PAGE"
