# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# For scenarios, after directory.sh: an agent in its jail is asked as core
# would ask it, tests/dirask.

# asker_up [WORD...]: with these lines of releaserd.conf
asker_up() {
	coproc D { exec "$RIG_BUILD/tests/dirask/dirask" \
		"$RIG_BUILD/releaserd/releaserd" 65534:65534 "$@" 2>"$W/agent.log"; }
	asker=$D_PID	# bash forgets it when it has ended
}

asker_down() {
	local agent

	agent=$(pgrep -P "$asker")
	eval "exec ${D[1]}>&-"
	wait "$asker"
	is $? 0 "the asker ends well"
	wait_until 5 eval '! kill -0 "$agent" 2>/dev/null' || :
	nok "no sanitizer finding in the agent" \
		grep -aE 'ERROR: [A-Za-z]*Sanitizer|runtime error|SUMMARY: ' "$W/agent.log"
}

# As /proc says it; a sanitizer does not live behind a filter.
jail_filter() {
	grep -q '^#define REL_SANITIZERS 1' "$RIG_BUILD/config.h" && echo 0 || echo 2
}

tell() { local IFS=$'\t'; printf '%s\n' "$*" >&"${D[1]}"; }

# ask WORD...: the answer is in $A
ask() { tell "$@"; IFS= read -r -t 30 A <&"${D[0]}" || bail "no answer to $1"; }
login() { ask login "$1" "${2-$(dir_password "$1")}"; }
said() { sed -n "s/^\(.*\t\)\{0,1\}$1=\([^\t]*\).*/\2/p" <<<"$A"; }

# login_is NAME OUTCOME WORDS [PASSWORD]
login_is() { login "$1" "${@:4}"; is "$(said outcome)" "$2" "$3"; }

# conf_of LINE...: a directory of its own, which shares no connection with
# others; a line takes the place of one of the same name, "- NAME" takes one
# away
N=0
conf_of() {
	N=$((N + 1))
	{ printf '# %s\n' $N; printf '%s\n' "$@"; } |
		awk '$1 == "-" { delete line[$2]; next } { line[$1] = $0 }
			END { for (name in line) print line[name] }' >"$W/conf"
	tell conf "$W/conf"
	tell first 0
}

# dir LINE...: the same with what a directory of LDAP needs
dir() {
	conf_of "TlsCa rig" "ConnectTime 1s" "AnswerTime 2s" \
		"UserBase $RIG_LDAP_PEOPLE" "GroupBase $RIG_LDAP_GROUPS" "$@"
}
