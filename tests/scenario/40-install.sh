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
    man1/releasectl.1 man5/releaserd.conf.5 man7/cups-release.7; do
	ok "installs $f" grep -q "$f\$" "$W/files.txt"
done
nok "installs no test" grep -qE 'opsim$|test_' "$W/files.txt"
conf=$(find "$D" -name releaserd.conf | head -1)
ok "the installed configuration is a good one" "$(find "$D" -name releaserd -type f)" -t -c "$conf"
is "$(find "$D" -perm /022 -type f | wc -l)" 0 "nobody else may write what is installed"
echo '# mine' >>"$conf"
make -s -C "$RIG_BUILD" install "DESTDIR=$D" >/dev/null 2>&1
ok "a second install leaves the configuration alone" grep -q '^# mine' "$conf"
ok "make uninstall" make -s -C "$RIG_BUILD" uninstall "DESTDIR=$D"
is "$(find "$D" -type f | grep -v releaserd.conf)" "" "leaves nothing but that"
