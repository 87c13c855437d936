#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Too many wrong tries lock a user out, a known one like an unknown one.
. "$(dirname "$0")/lib/scenario.sh"
rig r --conf 'LoginFailures 3'
tries() {
	local i

	for i in 1 2 3; do
		login_password "$1" wrong
		is "$(j .result) $(j .reason)" "denied bad-credential" "$1: try $i"
	done
	login_password "$1" "$2"
	is "$(j .result) $(j .reason)" "denied locked-out" "$1: locked out, also with the right one"
	like "$(menu_text)" . "$1: the panel has words to show"
}
tries anna "$RIG_ANNA_PASSWORD"
tries never-was "x"
api GET /users/anna
unlike "$(j .locked_until)" '^(null|)$' "the help desk sees until when"
login_card "$RIG_CARD"
is "$(j .result)" ok "others are not locked out"
logout

# After the time is over it works again: the time is moved in the database.
S_MAY_DIE=1
"$RIG" stop "$R"
ok "two days later" lib_later "$RIG_DB" 172800000
"$RIG" start "$R"
login_password anna "$RIG_ANNA_PASSWORD"
is "$(j .result)" ok "anna may log in again"
