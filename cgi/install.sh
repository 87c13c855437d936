#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Put the pages where cupsd serves them, and take them away again:
#   install.sh SOURCE BUILD FOLDER      SOURCE cgi/ of the source, BUILD that of
#                                       the build, FOLDER DocumentRoot/release
#   install.sh --templates SOURCE FOLDER
#   install.sh --remove SOURCE FOLDER TEMPLATES
# cupsd starts neither a symbolic link nor a file that others may write, so the
# program has one hard link a page of pages.def.
set -eu
umask 022

pages() {
	sed -n 's/^PAGE([^,]*, *"\([a-z0-9/_-]*\.cgi\)").*/\1/p' "$1/pages.def"
}

# What is sent as it is.
served() { (cd "$1" && find static -type f ! -name '.*' ! -name '*~'); }
files() { (cd "$1" && find . -type f ! -name '.*' ! -name '*~'); }

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
	list=$(pages "$src")
	[ -n "$list" ] || { echo "no page in $src/pages.def" >&2; exit 1; }
	mkdir -p "$to"
	put_program "$build/release.cgi" "$to" $list
	put_program "$build/whoami.cgi" "$to" $WHOAMI
	put_files "$src" "$to" index.html $(served "$src")
}

put_files() {
	from=$1 to=$2
	shift 2
	for f; do
		mkdir -p "$to/$(dirname "$f")"
		rm -f "$to/$f"
		cp "$from/$f" "$to/$f"
		chmod 644 "$to/$f"
	done
}

remove() {
	to=$1
	shift
	for f; do
		rm -f "$to/$f"
	done
	[ ! -d "$to" ] || find "$to" -depth -type d -empty -delete
}

case ${1:-} in
--templates)
	put_files "$2/templates" "$3" $(files "$2/templates") ;;
--remove)
	remove "$3" $(pages "$2") $WHOAMI index.html $(served "$2")
	remove "$4" $(files "$2/templates") ;;
*)		put "$1" "$2" "$3" ;;
esac
