#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Manual pages, completion, driver and samples say what the programs do.
set -u
srcdir=${srcdir:-.} builddir=${builddir:-.}
n=0 bad=0
W=$(mktemp -d) || exit 99
trap 'rm -rf "$W"' EXIT

ok() {		# condition's status, words, more
	n=$((n + 1))
	[ "$1" -eq 0 ] && { echo "ok $n - $2"; return; }
	bad=1
	echo "not ok $n - $2"
	[ -z "${3-}" ] || printf '%s\n' "$3" | head -20 | sed 's/^/# /'
}
skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2"; }

# ---- manual pages
pages=$(ls "$srcdir"/man/*.[1-8] "$builddir"/man/*.conf.5 \
    "$builddir"/man/release-functions.7)
for page in $pages; do
	name=$(basename "$page")
	if ! command -v mandoc >/dev/null; then
		skip "mandoc on $name" "no mandoc here"
		continue
	fi
	said=$(mandoc -T lint -W warning "$page" 2>/dev/null)
	[ -z "$said" ]
	ok $? "mandoc has nothing to say about $name" "$said"
done
"$builddir/releaserd/releaserd" -S | sed -n 's/^\.It Ic \([A-Za-z]*\) .*/\1/p' \
    >"$W/names"
[ "$(wc -l <"$W/names")" -gt 20 ]
ok $? "releaserd lists its settings"
missing=
while read -r name; do
	grep -q "^\.It Ic $name " "$builddir/man/releaserd.conf.5" ||
		missing="$missing $name"
	grep -q "^#$name" "$builddir/conf/releaserd.conf.sample" ||
		missing="$missing $name(sample)"
done <"$W/names"
[ -z "$missing" ]
ok $? "all of them stand in releaserd.conf(5) and the sample" "$missing"

missing=$("$builddir/releaserd/releaserd" -D |
	sed -n 's/^\.It Ic \([A-Za-z]*\) .*/\1/p' | while read -r name; do
	grep -q "^\.It Ic $name " "$builddir/man/directory.conf.5" ||
		echo "$name"
done)
[ -z "$missing" ] && grep -q '^\.It Ic Servers ' "$builddir/man/directory.conf.5"
ok $? "those of a directory stand in directory.conf(5)" "$missing"

missing=$(sed -n \
    's/^FUNCTION([A-Z_]*, [A-Z]*, "\([a-z-]*\)".*/\1/p' \
    "$srcdir/releaserd/functions.def" | while read -r name; do
	grep -q "^\.It Cm $name\$" "$builddir/man/release-functions.7" ||
		echo "$name"
done)
[ -z "$missing" ] && grep -q '^\.It Cm print-color$' "$builddir/man/release-functions.7"
ok $? "every function stands in release-functions(7)" "$missing"

# ---- the sample, with every line in force, is a good configuration
sed 's/^#\([A-Z]\)/\1/' "$builddir/conf/releaserd.conf.sample" >"$W/all.conf"
for conf in "$builddir/conf/releaserd.conf.sample" "$W/all.conf"; do
	said=$("$builddir/releaserd/releaserd" -t -c "$conf" 2>&1)
	ok $? "releaserd -t takes $(basename "$conf")" "$said"
done

# ---- every command is in its manual page and in both completions
"$builddir/ctl/releasectl" help >"$W/help"
sed -n 's/^  releasectl \([a-z-]*\) \{0,1\}\([a-z-]*\).*/\1 \2/p' "$W/help" \
    >"$W/verbs"
[ "$(wc -l <"$W/verbs")" -gt 15 ]
ok $? "releasectl lists its commands"
missing=
# verbs_of NOUN FILE: those that the completion of a shell knows
verbs_of() {
	tr -s '\n\t\\' ' ' <"$srcdir/ctl/completion/$2" |
		sed -nE "s/.* $1\) (words=\"|compadd )([^\";]*).*/ \2 /p"
}
while read -r noun verb; do
	grep -q "^\.It Cm $noun${verb:+ $verb}" "$srcdir/man/releasectl.1" ||
		missing="$missing '$noun $verb' in releasectl(1)"
	for c in releasectl _releasectl; do
		if [ -n "$verb" ]; then
			[[ $(verbs_of "$noun" $c) == *" $verb "* ]]
		else
			grep -Eq "\b$noun\b" "$srcdir/ctl/completion/$c"
		fi || missing="$missing '$noun $verb' in $c"
	done
done <"$W/verbs"
[ -z "$missing" ]
ok $? "all of them are documented and completed" "$missing"
missing=
for o in $(grep -o -- '--[a-z0-9-]*' "$W/help" | sort -u); do
	grep -q -- "Fl -${o#--}\b" "$srcdir/man/releasectl.1" ||
		missing="$missing $o in releasectl(1)"
	grep -q -- "$o" "$srcdir/ctl/completion/releasectl" ||
		missing="$missing $o in the completion"
done
[ -z "$missing" ]
ok $? "and so are all options" "$missing"
words=$(bash -c ". '$srcdir/ctl/completion/releasectl'
COMP_WORDS=(releasectl device d) COMP_CWORD=2; _releasectl
echo \"\${COMPREPLY[*]}\"")
[ "$words" = delete ]
ok $? "bash completes device d to delete" "$words"

# ---- the driver
ppd=$builddir/ppd/release.ppd
if [ -f "$ppd" ] && command -v cupstestppd >/dev/null; then
	# The filter lies in the build folder, not where CUPS looks.
	mkdir -p "$W/bin"
	ln -sfn "$(pwd)/${builddir:-.}/filter" "$W/bin/filter"
	said=$(CUPS_SERVERBIN=$W/bin cupstestppd "$ppd" 2>&1)
	ok $? "cupstestppd takes release.ppd" "$said"
	[ "$(printf '%s\n' "$said" | grep -c WARN)" = 0 ]
	ok $? "without a warning" "$said"
	for line in 'cupsFilter2: "application/pdf application/pdf 0 pdftorelease"' \
	    'cupsJobPassword: "1111"' 'cupsSingleFile: True' \
	    'cupsManualCopies: False'; do
		grep -Fq "*$line" "$ppd"
		ok $? "it has $line"
	done
else
	skip "cupstestppd" "no ppdc or no cupstestppd here"
fi
said=$("$builddir/backend/release")
[ "$(printf '%s\n' "$said" | wc -l)" = 1 ] &&
    printf '%s\n' "$said" | grep -Eq '^direct release:/ "[^"]+" "[^"]+" "[^"]+" ""$'
ok $? "the backend lists itself with one line" "$said"
echo "1..$n"
exit $bad
