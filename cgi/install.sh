#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Put the pages where cupsd serves them, and take them away again:
#   install.sh SOURCE BUILD FOLDER      SOURCE cgi/ of the source, BUILD that of
#   install.sh --remove SOURCE FOLDER   the build, FOLDER DocumentRoot/release
# cupsd starts neither a symbolic link nor a file that others may write, so the
# program has one hard link a page of pages.def.
set -eu
umask 022

pages() {
	sed -n 's/^PAGE([^,]*, *"\([a-z0-9/_-]*\.cgi\)").*/\1/p' "$1/pages.def"
}

# The files that are served as they are.
static() {
	(cd "$1" && find static -type f ! -name '.*' && ls index.html)
}

WHOAMI='whoami.cgi system/whoami.cgi'

put_program() {
	program=$1 to=$2 first=
	shift 2
	for page; do
		mkdir -p "$to/$(dirname "$page")"
		rm -f "$to/$page"
		if [ -z "$first" ]; then
			cp "$program" "$to/$page"
			chmod 755 "$to/$page"
			first=$to/$page
		else
			ln "$first" "$to/$page"
		fi
	done
}

put() {
	src=$1 build=$2 to=$3
	mkdir -p "$to"
	put_program "$build/release.cgi" "$to" $(pages "$src")
	put_program "$build/whoami.cgi" "$to" $WHOAMI
	for f in $(static "$src"); do
		mkdir -p "$to/$(dirname "$f")"
		rm -f "$to/$f"
		cp "$src/$f" "$to/$f"
		chmod 644 "$to/$f"
	done
}

remove() {
	src=$1 to=$2
	for f in $(pages "$src") $WHOAMI $(static "$src"); do
		rm -f "$to/$f"
	done
	[ ! -d "$to" ] || find "$to" -depth -type d -empty -delete
}

case ${1:-} in
--remove)	remove "$2" "$3" ;;
*)		put "$1" "$2" "$3" ;;
esac
