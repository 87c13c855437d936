#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A held job is changed at the panel, in its menu and in the page without
# scripts; what comes out has been counted and is what was asked for.
. "$(dirname "$0")/lib/scenario.sh"
command -v gs >/dev/null || skip_all "needs ghostscript"
rig r --conf 'UnknownPages ask' --conf 'Stamp sheet' --conf 'StampText {user} {classification}' \
	--conf 'Classification internal'
gs -q -dNOPAUSE -dBATCH -sPAPERSIZE=a4 -sDEVICE=pdfwrite -o "$W/six.pdf" -c "/Helvetica 40 \
selectfont 1 1 6 { 1 0 0 setrgbcolor 72 700 moveto (Page ) show 9 string cvs \
show showpage } for"

lp -U anna -d "$RIG_QUEUE" -t Report "$W/six.pdf" >/dev/null 2>&1
within 10 "a job is held" held_is 1
J=$(id_of Report)
step swipe "$RIG_ANNA_CARD"
step expect '"6 pages, colour"'
step select Report
step press Options
step expect '"two-sided, long edge"'
step type number_up 2
step type sides two-sided-long-edge
step type color mono
step type copies 3
step press Change
step expect '"3 pages, black and white, two-sided"'
is "$(api GET "/jobs/$J"; j '.pages | "\(.sides) \(.sheets) \(.colour_sides) \(.impressions)"')" \
	"3 2 0 9" "the count follows"
like "$("$RIG_CTL" explain "$J")" 'options.*changed by anna' "explain knows who changed it"
step release all
step wait-printed 1 20
is "$(pdf_pages "$(printed_last)")" 3 "three sides came out"
like "$(head -c 300 "$(printed_last)" | tr -d '\r')" 'QTY=3' "three times"
like "$(pdftotext "$(printed_last)" -)" 'anna internal' "with the stamp"
is "$(api GET "/jobs/$J"; j '.pages.printed | "\(.sides) \(.sheets) \(.copies) \(.impressions)"')" \
	"3 2 3 9" "and it is on record"
step logout

# What cannot be: the job stays as it was.
lp -U anna -d "$RIG_QUEUE" -t Second "$W/six.pdf" >/dev/null 2>&1
within 10 "another is held" held_is 1
J=$(id_of Second)
login_card "$RIG_ANNA_CARD"
for o in '"number_up":3' '"pages":"7-3"' '"sides":"three"' '"color":"red"' '"copies":0' '"scent":"rose"'; do
	action '"op":"set-options","job":"'"$J"'","options":{'"$o"'}'
	unlike "$STATUS $(j '.jobs[0].status')" '^200 changed|^5' "$o is refused"
done
is "$(api GET "/jobs/$J"; j '.options | "\(.copies) \(.number_up) \(.pages)"')" "1 1 null" "nothing is changed by it"
action '"op":"release","jobs":[{"id":"'"$J"'","options":{"pages":"2-3"}}]'
is "$(j '.jobs[0] | "\(.status) \(.est_impressions)"')" "accepted 2" "a release may bring its own options"
within 20 "two of its pages come out" printed_is 2
is "$(pdf_pages "$(printed_last)")" 2 "no more"

# Pages nobody can count: its owner is asked.
head -c 3000 /dev/urandom >"$W/noise"
hold "$W/noise" -t Noise
J=$(id_of Noise)
counted() { [ "$(api GET "/jobs/$J"; j .pages.counting)" = false ]; }
within 15 "nobody can count it" counted
release "$J"
is "$(j '.result') $(j '.jobs[0].code')" "confirm confirmation-needed" "the panel asks"
is "$(j .menu.menu)" confirm "by a menu"
action '"op":"release","jobs":["'"$J"'"],"confirm":true'
is "$(j '.jobs[0].status')" accepted "yes is enough"
within 10 "it prints" printed_is 3
same "$W/noise" "$(printed_last)" "byte for byte"
logout

sed -i 's/^UnknownPages .*/UnknownPages refuse/' "$RIG_CONF"
kill -HUP "$(awk '/^releaserd /{print $2}' "$RIG_PIDS")"
printf 'LANGUAGE unknown\1\2\3' >"$W/alien"
sleep 1
print_raw "$W/alien" -t alien >/dev/null
refused_is() { [ "$(count refused)" = 1 ]; }
within 10 "where unknown pages are refused it is not held" refused_is
like "$(api GET "/jobs?job_state=refused"; j '.jobs[0].reason')" 'cannot be counted' "and says why"

# A device that needs its own language: the PPD of a laser printer.
if "$(cups-config --serverbin)/daemon/cups-driverd" cat drv:///sample.drv/laserjet.ppd \
    >"$W/laserjet.ppd" 2>/dev/null && [ -s "$W/laserjet.ppd" ]; then
	chmod a+rx "$W"
	chmod a+r "$W/laserjet.ppd"
	ok "a driver for the device" "$RIG_CTL" device set Flur --driver "$W/laserjet.ppd"
	lp -U anna -d "$RIG_QUEUE" -t Laser -n 2 "$W/six.pdf" >/dev/null 2>&1
	within 10 "a job for it is held" held_is 1
	login_card "$RIG_ANNA_CARD"
	release "$(id_of Laser)"
	within 30 "is rendered and sent" printed_is 4
	is "$("$RIG_CTL" pages --json "$(printed_last)" | jq -r '"\(.language) \(.impressions)"')" \
		"pcl 12" "as PCL, six sides twice"
else
	skip "a driver for the device" "needs the drivers of CUPS"
fi
