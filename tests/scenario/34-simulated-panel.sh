#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# san: yes
# What a person does at the simulated device, and its page in a browser.
. "$(dirname "$0")/lib/scenario.sh"
rig r
doc a.bin 3000
doc b.bin 4000
hold "$W/a.bin" -t Alpha
hold "$W/b.bin" -t Beta
step menu
like "$(ops show)" . "the panel shows its menu"
step swipe "$RIG_ANNA_CARD"
step expect '"Anna Muster"'
step expect Alpha
step expect-jobs 2
step copies "$(id_of Beta)" 2
step release "$(id_of Beta)"
step wait-printed 1 10
is "$(copies_of "$W/b.bin")" 2 "two copies of Beta"
step release all
step wait-printed 2 10
step logout
step expect-not Anna
step card-pin "$RIG_OTTO_CARD" "$RIG_OTTO_PIN"
step expect otto
step logout
step login-number "$RIG_ANNA_NUMBER"
step expect '"Anna Muster"'
step logout
out=$(ops swipe 0011223344 2>&1; ops show)
unlike "$out" 'Anna' "an unknown card opens nothing"
page=$(curl -sS --max-time 10 -o "$W/page.html" -w '%{http_code}' "$RIG_OPSIM_URL")
is "$page" 200 "the page for a browser is there"
ok "it is a page" grep -qi '<html' "$W/page.html"
nok "without scripts" grep -qi '<script' "$W/page.html"
like "$(curl -sS "${RIG_OPSIM_URL}paper")" "Alpha|Beta" "and shows the paper that came out"
