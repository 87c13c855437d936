#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Cards in quick succession, a second card during a session, an old menu, a
# server that starts again in the middle.
. "$(dirname "$0")/lib/scenario.sh"
rig r
doc a.bin 3000
hold "$W/a.bin" -t Anna
PRINT_AS=$RIG_USER hold "$W/a.bin" -t Other

swipe() { (RID=${2:-}; login_card "$1"; printf '%s %s\n' "$STATUS" "$BODY" >"$W/swipe.$BASHPID.txt") & }
swipe "$RIG_ANNA_CARD"; swipe "$RIG_ANNA_CARD"
wait
is "$(cat "$W"/swipe.*.txt | grep -c '^200 .*"result":"ok"')" 2 "the same card twice at once: both are answered"
rm -f "$W"/swipe.*
r=$(uuid)
swipe "$RIG_ANNA_CARD" "$r"; swipe "$RIG_ANNA_CARD" "$r"
wait
n=$(cat "$W"/swipe.*.txt | grep -o '"session_id":"[^"]*"' | sort -u | wc -l)
is "$n" 1 "the same request twice at once is one session"

login_card "$RIG_ANNA_CARD"; first=$SID
login_card "$RIG_CARD"; second=$SID
like "$BODY" "\"id\":\"$RIG_USER\"" "another card at the same device: that person's session"
SID=$first
list
like "$STATUS" '^(404|410)' "and the first one's is over"
SID=$second
list
unlike "$BODY" '"Anna"' "nobody sees the jobs of who stood there before"
like "$BODY" 'Other' "but their own"

# A menu older than what is there: a fresh one comes.
login_card "$RIG_ANNA_CARD"
rev=$(j .menu.rev)
menu() { opdp POST /opdp/v1/panel/menu '{"state":"in-session","session_id":"'"$SID"'","menu":"jobs","rev":"'"$rev"'"}'; }
menu
is "$(j .unchanged)" true "the menu the panel has is still right"
hold "$W/a.bin" -t Later
menu
is "$(j '[.menu,.unchanged]|tostring')" '["jobs",null]' "a job came: a fresh menu"
like "$(menu_text)" Later "with it"

# releaserd starts again while someone stands there: log in once more, and on.
S_MAY_DIE=1
"$RIG" restart "$R"
list
like "$STATUS" '^(404|410)' "after a restart the session is unknown"
like "$(j .code)" 'session-(unknown|expired)' "and the panel is told so"
login_card "$RIG_ANNA_CARD"
release all
within 10 "a new log-in prints" printed_is 2
