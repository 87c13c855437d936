#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# An agent has passwords checked by PAM: real modules, without root.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_SRC/tests/rig/lib/directory.sh"
. "$S_SRC/tests/rig/lib/asker.sh"
grep -q 'define HAVE_PAM' "$RIG_BUILD/config.h" || skip_all "built without PAM"
! grep -q '^#define REL_SANITIZERS 1' "$RIG_BUILD/config.h" ||
	skip_all "a sanitizer stands before crypt() of modules and falls"
module() { find /lib /usr/lib -name "pam_$1.so" 2>/dev/null | grep -q .; }
module pwdfile || skip_all "no pam_pwdfile (package libpam-pwdfile)"
P=$W/pam.d
mkdir "$P"
service() { printf '%s\n' "${@:2}" >"$P/$1"; chmod 644 "$P/$1"; }

# ---- people of a file, one of whom may not
crypted() { openssl passwd -6 -stdin <<<"$1"; }
printf '%s:%s\n' anna "$(crypted pam-anna-4711)" jürgen "$(crypted 'pam-jürgen % 4711')" \
	locked "$(crypted pam-locked-4711)" 'with blank' "$(crypted 'a  b')" >"$W/people"
printf 'locked\n' >"$W/not"
chmod 644 "$W/people" "$W/not"
service people "auth required pam_pwdfile.so pwdfile=$W/people nodelay" \
	"account required pam_listfile.so item=user sense=deny file=$W/not onerr=fail" \
	"account required pam_permit.so"
service open "auth required pam_permit.so" "account required pam_permit.so"
service shut "auth required pam_deny.so" "account required pam_deny.so"
for what in perm_denied acct_expired new_authtok_reqd maxtries authinfo_unavail system_err \
    user_unknown cred_insufficient abort; do
	service "auth-$what" "auth required pam_debug.so auth=$what" "account required pam_permit.so"
	service "acct-$what" "auth required pam_debug.so auth=success" \
		"account required pam_debug.so acct=$what"
done
service missing "auth required pam_no_such_module.so" "account required pam_permit.so"
service noaccount "auth required pam_permit.so"
cat >"$W/asked" <<'X'
#!/bin/bash
{ env; id -u; tr '\0' ' ' </proc/$PPID/cmdline; ls /proc/$PPID/fd | wc -l; } >"$0.out"
cat >"$0.password"
[ ! -e "$0.hang" ] || sleep 60
[ ! -e "$0.crash" ] || kill -SEGV $PPID
exit 0
X
chmod 755 "$W/asked"
mkdir -m 777 "$W/out"
mv "$W/asked" "$W/out/asked"
service program "auth required pam_exec.so quiet expose_authtok $W/out/asked" \
	"account required pam_permit.so"

asker_up "Pam yes" "PamFolder $P"
pam() { conf_of "UserBind pam" "PamService $1" "AnswerTime ${2:-2s}"; }
pam people
login_is anna right "a password of PAM" pam-anna-4711
is "$(said login) $(said proof) $(said server)" "anna pam -1" "what was proven"
login_is anna wrong "a wrong one" x
login_is anna wrong "an empty one" ""
login_is anna wrong "one that is longer than PAM takes" "$(printf '%600s' x)"
login_is nobody-there wrong "nobody" x
login_is jürgen right "not ASCII, with all that has a meaning" 'pam-jürgen % 4711'
login_is "with blank" right "with blanks" "a  b"
login_is locked closed "who may not" pam-locked-4711
for name in 'anna:x' '../people' '-anna' 'anna ' "anna'" '$(id)' '%u'; do
	login_is "$name" wrong "a name that is nobody's: $name" pam-anna-4711
done
ask test ""
is "$(said outcome)" right "the test of it"
like "$(said words)" "^PAM: good" "says so"
before=$(date +%s%N)
for _ in 1 2 3 4 5; do login anna x; done
[ $((($(date +%s%N) - before) / 1000000)) -le 3000 ]
is $? 0 "wrong passwords are not slower: that is counted elsewhere"
ask bench 20 anna pam-anna-4711 10
is "$(said right)" 20 "20 log-ins, ten at once: $(said per-second) a second"

# ---- what services say
expect() { pam "$1"; login_is anna "$2" "$1" x; }
expect open right
ask test ""
is "$(said outcome)" settings "one that lets in anybody"
like "$(said words)" "lets in anybody" "is found by the test"
expect shut wrong
expect auth-perm_denied closed
expect auth-maxtries closed
expect auth-authinfo_unavail away
expect auth-system_err settings
expect auth-user_unknown wrong
expect auth-cred_insufficient wrong
expect auth-abort settings
expect acct-acct_expired closed
expect acct-perm_denied closed
expect acct-new_authtok_reqd must-change
expect acct-authinfo_unavail away
expect missing settings
expect noaccount closed
service other "auth required pam_permit.so" "account required pam_permit.so"
expect nowhere settings
like "$(said words)" "PAM has no service nowhere" "is said so, and the service \"other\" is not taken"

# ---- modules that do what they should not
pam program
login_is anna right "a module that runs a program" 'a secret'
is "$(tr -d '\0' <"$W/out/asked.password")" 'a secret' "gets the password"
is "$(grep -c 'a secret' "$W/out/asked.out")" 0 "which is in no environment and no argument"
ok "it is not root" grep -qx 65534 "$W/out/asked.out"
touch "$W/out/asked.hang"; chmod 666 "$W/out/asked.hang"
pam program 1s
login_is anna away "a module that hangs" x
[ "$(said ms)" -le 1500 ]
is $? 0 "ends after its time ($(said ms) ms)"
like "$(said words)" "did not answer in time" "and it is said"
wait_until 3 eval '! pgrep -f "$W/out/asked" >/dev/null'
is "$(pgrep -fc "$W/out/asked")" 0 "with what it started"
rm "$W/out/asked.hang"; touch "$W/out/asked.crash"
pam program
login_is anna away "a module that crashes" x
rm "$W/out/asked.crash"
login_is anna right "and the next one does not notice" x

# ---- the process beside the agent
agent=$(pgrep -P "$asker")
beside=$(pgrep -P "$agent")
is "$(awk '/^(Uid|Seccomp|NoNewPrivs):/ { print $2 }' "/proc/$beside/status" | xargs)" \
	"65534 1 $(jail_filter)" "is in a jail, too"
asker_down
wait_until 3 eval '! kill -0 "$beside" 2>/dev/null'
nok "and ends with the agent" kill -0 "$beside"
asker_up
pam people
login_is anna settings "where Pam is not allowed" pam-anna-4711
like "$(said words)" "not allow.*Pam" "it says so"
agent=$(pgrep -P "$asker")
is "$(pgrep -P "$agent")" "" "and there is no second process"
is "$(grep -acE '4711|anna|a secret' "$W/agent.log")" 0 "no name and no password in the log"
asker_down
