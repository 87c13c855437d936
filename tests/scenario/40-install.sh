#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# make install puts everything where CUPS and systemd look, and an installed
# configuration is a good one.
. "$(dirname "$0")/lib/scenario.sh"
D=$W/dest
ok "make install DESTDIR" make -s -C "$RIG_BUILD" install "DESTDIR=$D"
bin=$(cups-config --serverbin) data=$(cups-config --datadir)
is "$(stat -c %a "$D$bin/backend/release")" 700 "the backend is root's alone: cupsd runs it as root"
ok "the driver is where lpinfo -m finds it" test -s "$D$data/model/cups-release/release.ppd"
find "$D" -type f -printf '%P\n' | sort >"$W/files.txt"
for f in sbin/releaserd bin/releasectl systemd/system/releaserd.service \
    sysusers.d/cups-release.conf releaserd.conf man8/releaserd.8 \
    man1/releasectl.1 man5/directory.conf.5 man5/releaserd.conf.5 man5/release-prices.5 man7/cups-release.7 \
    man8/pdftorelease.8 man8/release-pages.8 filter/pdftorelease \
    libexec/cups-release/release-pages model/cups-release/release-pin.ppd; do
	ok "installs $f" grep -q "$f\$" "$W/files.txt"
done

# The pages: every one of pages.def, as cupsd demands it of a program.
www=$(sed -n 's/^cups_docroot = //p' "$RIG_BUILD/Makefile")/release
pages=$(sed -n 's/^PAGE([^,]*, *"\(.*\)").*/\1/p' "$S_SRC/cgi/pages.def")
for f in $pages whoami.cgi system/whoami.cgi; do
	is "$(stat -c '%F %a' "$D$www/$f")" "regular file 755" "the page $f is a program, and no link"
done
is "$(for f in $pages; do stat -c %i "$D$www/$f"; done | sort -u | wc -l)" 1 \
	"all of them are one file"
for f in index.html static/release.css static/release.js static/plot.css; do
	is "$(stat -c %a "$D$www/$f")" 644 "the pages have their $f"
done
(cd "$S_SRC/cgi/templates" && find . -type f | sort) >"$W/templates.want"
(cd "$D"/*/*/*/cups-release/templates 2>/dev/null || cd "$D"/usr/share/cups-release/templates && find . -type f | sort) >"$W/templates.have"
same "$W/templates.want" "$W/templates.have" "every template is installed"
types=$(sed -n 's/^cups_serverroot = //p' "$RIG_BUILD/Makefile")/release.types
ok "cupsd learns that they are programs" grep -q '^application/x-httpd-cgi cgi$' "$D$types"
nok "cupsd.conf is left alone when it is for a package" test -e "$D${types%/*}/cupsd.conf"
web=$(find "$D" -name release-web)
like "$("$web" --help)" "on|off|status" "the program that opens them is there"
sed -n '/^<Location .release>/,$p' "$S_SRC/conf/cupsd.conf.snippet" >"$W/snippet"
sed -n '/^<Location .release>/,/^X$/p' "$web" | grep -v '^X$' >"$W/blocks"
same "$W/snippet" "$W/blocks" "its Location blocks are those of cupsd.conf.snippet"
nok "installs no test" grep -qE 'opsim$|test_' "$W/files.txt"
conf=$(find "$D" -name releaserd.conf | head -1)
ok "the installed configuration is a good one" "$(find "$D" -name releaserd -type f)" -t -c "$conf"
is "$(find "$D" -perm /022 -type f | wc -l)" 0 "nobody else may write what is installed"
echo '# mine' >>"$conf"
make -s -C "$RIG_BUILD" install "DESTDIR=$D" >/dev/null 2>&1
ok "a second install leaves the configuration alone" grep -q '^# mine' "$conf"
ok "make uninstall" make -s -C "$RIG_BUILD" uninstall "DESTDIR=$D"
is "$(find "$D" -type f | grep -v releaserd.conf)" "" "leaves nothing but that"
