#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# What the pages change in CUPS: Location blocks and the menu entry, and that
# it is undone exactly, also over an upgrade of CUPS. In a root folder of its
# own, with a dpkg of its own.
. "$(dirname "$0")/lib/scenario.sh"
command -v dpkg-deb >/dev/null || skip_all "needs dpkg"
export DPKG_ROOT=$W/root DPKG_ADMINDIR=$W/root/var/lib/dpkg
data=/usr/share/cups root=$W/root
mkdir -p "$root/etc/cups" "$root$data" "$DPKG_ADMINDIR"/{info,updates,triggers}
: >"$DPKG_ADMINDIR/status"
: >"$DPKG_ADMINDIR/available"

web() { sh "$S_SRC/conf/release-web.in" --serverroot /etc/cups --datadir "$data" "$@"; }
all_of() { (cd "$1" && find . -type f ! -path './var/*' -exec stat -c '%n %a %U %G' {} + -exec sha256sum {} + | sort); }

# upgrade VERSION: CUPS's headers come as a package, as they really do
upgrade() {
	local p=$W/deb-$1 t=$1

	mkdir -p "$p/DEBIAN" "$p$data/templates/de"
	for h in header.tmpl de/header.tmpl; do
		sed "s/CUPS 2[0-9.]*/CUPS $t/" "$(cups-config --datadir)/templates/$h" \
			>"$p$data/templates/$h"
		touch -d 2026-01-01 "$p$data/templates/$h"
	done
	printf 'Package: cups-server-common\nVersion: %s\nArchitecture: all\nMaintainer: x <x@example.com>\nDescription: x\n' \
		"$t" >"$p/DEBIAN/control"
	dpkg-deb -b "$p" "$p.deb" >/dev/null &&
	dpkg --root="$root" --force-script-chrootless --log="$W/dpkg.log" \
		-i "$p.deb" >"$W/dpkg.txt" 2>&1
}

ok "CUPS is a package there" upgrade 2.4.2
grep -v '^#' /etc/cups/cupsd.conf >"$root/etc/cups/cupsd.conf" 2>/dev/null ||
	printf 'Listen localhost:631\n<Location />\n</Location>\n' >"$root/etc/cups/cupsd.conf"
chmod 640 "$root/etc/cups/cupsd.conf"
chown root:lp "$root/etc/cups/cupsd.conf"
cp "$S_SRC/conf/release.types" "$root/etc/cups/"
all_of "$root" >"$W/before.txt"

web status >"$W/status.txt" 2>&1
is $? 3 "status says that nothing is there"
ok "on" web on
ok "status says that all is there" web status
h=$root$data/templates/header.tmpl
is "$(grep -c 'href="/release/">Print Release</a>' "$h")" 1 "the menu has the entry"
is "$(grep -c 'href="/release/">Druckfreigabe</a>' "${h%/*}/de/header.tmpl")" 1 "in German, too"
is "$(diff "$h.cups-release-orig" "$h" | grep -c '^[<>]')" 1 "and nothing else is changed"
is "$(stat -c %a "$h")" 644 "who may read it is as before"
is "$(stat -c '%a %G' "$root/etc/cups/cupsd.conf")" "640 lp" "and of cupsd.conf"
is "$(dpkg-divert --listpackage "$data/templates/header.tmpl")" cups-release "dpkg knows whose diversion it is"
for f in ServerRoot CacheDir StateDir RequestRoot TempDir; do
	mkdir -p "$W/trial/$f" && echo "$f $W/trial/$f"
done >"$W/files.conf"
ok "cupsd takes the configuration" cupsd -t -c "$root/etc/cups/cupsd.conf" -s "$W/files.conf"
all_of "$root" >"$W/on.txt"
ok "on again" web on
all_of "$root" >"$W/again.txt"
same "$W/on.txt" "$W/again.txt" "changes nothing"
ok "off" web off
all_of "$root" >"$W/after.txt"
same "$W/before.txt" "$W/after.txt" "leaves everything as it was, to the byte"
is "$(dpkg-divert --list | grep -c cups-release)" 0 "and no diversion"
ok "off again is nothing" web off

# An upgrade of CUPS in between
web on >/dev/null
ok "CUPS is upgraded" upgrade 2.4.10
is "$(grep -c 'href="/release/"' "$h")" 1 "the entry is still there"
web status >"$W/status.txt" 2>&1
is $? 1 "status says that it is from an older header"
like "$(cat "$W/status.txt")" "older header" "in words"
ok "on makes it anew" web on
is "$(grep -c 'CUPS 2.4.10<' "$h") $(grep -c 'href="/release/"' "$h")" "1 1" "from the new header"
web off >/dev/null
is "$(grep -c 'CUPS 2.4.10<' "$h") $(grep -c 'href="/release/"' "$h")" "1 0" "off leaves the new one"
ok "and the package is whole" dpkg --root="$root" --verify cups-server-common

# Somebody else's diversion is left alone
dpkg-divert --quiet --package other --add --no-rename --divert "$data/templates/header.tmpl.other" "$data/templates/header.tmpl"
like "$(web on 2>&1)" "diverted by somebody else" "another's diversion is left alone"
is "$(grep -c 'href="/release/"' "$h")" 0 "that header has no entry"
web off >/dev/null
dpkg-divert --quiet --package other --remove --no-rename "$data/templates/header.tmpl"

# cupsctl writes cupsd.conf anew, without comments; an end without a line's end
c=$root/etc/cups/cupsd.conf
web on >/dev/null
sed -i '/^#/d' "$c"
web off >/dev/null
is "$(grep -c /release "$c")" 0 "without its marks the blocks are found, too"
printf 'Listen localhost:631\n<Location />\n</Location>' >"$c"
cp "$c" "$W/whole"
web on >/dev/null
web off >/dev/null
same "$c" "$W/whole" "a file that ends without a line's end does so again"
web on >/dev/null
sed -i '/^# END/d' "$c"
cp "$c" "$W/broken"
nok "a mark that is missing is said" web off
same "$c" "$W/broken" "and nothing is guessed"

# Without dpkg: a copy, and an upgrade that overwrites
cp "$W/whole" "$c"
sum=$(sha256sum <"$h")
ok "on without dpkg" web --no-dpkg on
sed 's/CUPS 2.4.10/CUPS 2.5/' "$W/deb-2.4.10$data/templates/header.tmpl" >"$h"
web --no-dpkg on >/dev/null
is "$(grep -c 'CUPS 2.5<' "$h") $(grep -c 'href="/release/"' "$h")" "1 1" "an overwritten header gets its entry again"
web --no-dpkg off >/dev/null
is "$(sed 's/CUPS 2.5/CUPS 2.4.10/' "$h" | sha256sum)" "$sum" "and is as it came afterwards"
is "$(find "$root$data" -name '*orig*' | wc -l)" 0 "no copy is left"
