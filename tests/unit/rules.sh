#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# releasectl rule: the manual page's example is a file of rules in which every
# word of the language stands; what is wrong is named with line and word; what
# rules say of a made-up job, and why. No releaserd is there.
set -u
srcdir=${srcdir:-.} builddir=${builddir:-.}
ctl=$builddir/ctl/releasectl
W=$(mktemp -d) || exit 99
trap 'rm -rf "$W"' EXIT
n=0 bad=0
export RELEASECTL_SOCKET=$W/none LC_ALL=C.UTF-8 TZ=UTC

ok() {		# condition's status, words, more
	n=$((n + 1))
	[ "$1" -eq 0 ] && { echo "ok $n - $2"; return; }
	bad=1
	echo "not ok $n - $2"
	[ -z "${3-}" ] || printf '%s\n' "$3" | head -20 | sed 's/^/# /'
}
is() { [ "$1" = "$2" ]; ok $? "$3" "got '$1', wanted '$2'"; }
like() { printf '%s\n' "$1" | grep -Eq -- "$2"; ok $? "$3" "$1"; }
run() { out=$("$ctl" "$@" 2>"$W/err"); rc=$?; err=$(cat "$W/err"); }
blocks() {	# the literal blocks of the page, one file each
	awk -v to="$W/block" '/^\.Bd -literal/ { on = ++i; next }
	    /^\.Ed/ { on = 0 }
	    on { gsub(/\\e/, "\\"); print >(to on) }' \
	    "$srcdir/man/release-rules.5"
}

# ---- the manual page
blocks
run rule check "$W/block1"
is "$rc $out" "0 $W/block1: 1 rule, nothing wrong." "the first example"
mv "$W/block2" "$W/rules"
[ "$(grep -c '^rule' "$W/rules")" -gt 9 ]
ok $? "release-rules(5) has a large example"
missing=
for word in $(sed -n 's/^\t{ "\([a-z-]*\)", RULE_.*/\1/p' \
    "$srcdir/lib/rule_cond.c") $(sed -n \
    's/.*\[RULE_[A-Z]*\] = "\([a-z]*\)".*\[RULE_[A-Z]*\] = "\([a-z]*\)".*/\1 \2/p' \
    "$srcdir/lib/rule_do.c") instead timeout known; do
	case $word in color-*) continue ;; esac
	grep -Eq "^\.It.* $word( |$)|^\.Ic $word|^\.It Ar value Ic $word|Ic $word Ar" \
	    "$srcdir/man/release-rules.5" || missing="$missing $word"
done
[ -z "$missing" ]
ok $? "the page has every condition and action" "$missing"
run rule check "$W/rules"
is $rc 0 "it is taken"
is "$out" "$W/rules: 12 rules, nothing wrong." "and what is in it is said"
run rule check - <"$W/rules"
is $rc 0 "from standard input"
run --json rule check "$W/rules"
is "$out" '{"rules":12}' "as JSON, too"

# ---- what the page says of a job, word by word
sed -n 's/^\$ releasectl //p' "$W/block3" >"$W/call"
sed 1d "$W/block3" | tr -s ' \n' ' ' >"$W/wanted"
cd "$W" || exit 99
case $ctl in /*) ;; *) ctl=$OLDPWD/$ctl ;; esac
# shellcheck disable=SC2046 # words of a command
run $(cat call)
is $rc 0 "the call of the page"
printf '%s\n' "$out" | sed '/does not match\|not known/d' | tr -s ' \n' ' ' \
    >"$W/got"
cmp -s "$W/got" "$W/wanted"
ok $? "says what the page says" "$(cat "$W/got")"

# ---- what is wrong
cat >bad <<'X'
# one word is wrong
rule "a"
    when pages > 10 and colur-pages > 3
    force duplex
X
run rule check bad
is $rc 1 "one that is wrong: exit status 1"
is "$out" "" "nothing on standard output"
is "$err" 'releasectl: bad: line 3, "colur-pages": there is no condition of this name; is colour-pages meant?' "line and word are named"
run --json rule check bad
is $rc 1 "the same with --json"
is "$(printf '%s' "$out" | tr -d ' \n')" \
    '{"line":3,"word":"colur-pages","text":"thereisnoconditionofthisname;iscolour-pagesmeant?"}' "with the place as JSON"
run rule try bad pages=1
is $rc 1 "and nothing is tried with it"
printf 'rule "a\033[31m" allow\n' >escape
run rule check escape
is "$rc $err" "1 releasectl: escape: line 1: there is a control character in this line" "nothing of a file reaches the terminal as it is"
run rule check nothing
is $rc 1 "no such file: exit status 1"
head -c 1100000 /dev/zero >big
run rule check big
is $rc 1 "a file that is too large"

# ---- a made-up job
run rule try rules user=ben group=Staff pages=301 on=hold
is $rc 0 "a refusal is no failure of rule try"
like "$out" '^At hold:$' "the moment is said"
like "$out" 'line 2, "Heads of school": does not match: not in group "Heads"$' "a rule that does not match, and why"
like "$out" 'line 7, "Exams stay in the staff room": not known: title unknown; device-group unknown$' "a rule that hangs on what is not known"
like "$out" 'line 11, "Nobody prints books": matches: pages 301 > 300$' "a rule that does"
is "$(printf '%s\n' "$out" | tail -1)" "  refused: 301 pages are too many for these printers." "and the text with its value"
! printf '%s' "$out" | grep -q 'Long jobs'
ok $? "later rules are not looked at"
run rule try rules group=heads pages=999
is "$(printf '%s\n' "$out" | grep -c '^At ')" 2 "both moments without on="
like "$out" '^  allowed, later rules are not looked at$' "allowed"
like "$out" '^  charged to Office$' "and charged"
run rule try rules group=Staff pages=24 colour-pages=24 time=09:00 day=tue \
    'application=Chrome 120' format=pdf media=A2 cost=12 money-left=3 on=release
like "$out" '^  forced: mono, duplex, number-up 2$' "changes add up"
like "$out" '^  waits for approval by Teachers$' "an approval"
like "$out" '^  asks: This job has 24 colour pages\. ' "a question"
like "$out" '^      after 600 s without an answer: as-is$' "with its end"
like "$out" '^  suggests the cheapest device$' "a suggestion"
run --json rule try rules group=Staff pages=24 on=release
like "$(printf '%s' "$out" | tr -d ' \n')" '^\[\{"at":"release","rules":\[\{"rule":"Headsofschool","line":2,"matched":false,' "as JSON"
like "$(printf '%s' "$out" | tr -d ' \n')" '"force":"duplex",.*"approve_by":""' "with what comes of it"
run --json rule try rules group=Staff
is "$(printf '%s' "$out" | grep -c '"at"')" 2 "both moments in one"
for misuse in "rule" "rule check" "rule check a b" "rule try" "rule fly a" \
    "rule try rules pages" "rule try rules pages=x" "rule try rules =1" \
    "rule try rules tray=1" "rule try rules on=monday" "rule check a --user b"; do
	# shellcheck disable=SC2086
	run $misuse
	is $rc 2 "wrong use: releasectl $misuse"
done
echo "1..$n"
exit $bad
