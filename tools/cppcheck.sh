#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# cppcheck over our own sources; TAP.  tools/cppcheck.sh [FOLDER...]
# What it may say without harm stands in tools/cppcheck.supp, with reasons.
set -u
cd "$(dirname "$0")/.." || exit 99
[ $# -gt 0 ] || set -- lib releaserd backend filter cgi ctl station direct tests
if ! cppcheck --version >/dev/null 2>&1; then
	echo "1..0 # SKIP cppcheck is missing"
	exit 0
fi
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
grep -v '^#' tools/cppcheck.supp | grep . >"$tmp/supp"
dirs=
for d; do
	if find "$d" -name '*.c' 2>/dev/null | grep -q .; then
		dirs="$dirs $d"
	fi
done
echo "1..1"
if [ -z "$dirs" ]; then
	echo "not ok 1 - no C file in $*"
	exit 1
fi
# Macros of libraries that cppcheck cannot guess, as plain loops.
cat >"$tmp/macros.h" <<'X'
#define json_array_foreach(a, i, v) \
	for (i = 0; i < json_array_size(a) && (v = json_array_get(a, i)); i++)
#define json_object_foreach(o, k, v) \
	for (k = key_of(o); k && (v = json_object_get(o, k)); k = key_after(o, k))
#define json_object_foreach_safe(o, n, k, v) json_object_foreach(o, k, v)
#define TAILQ_FOREACH(v, h, f) for (v = first_of(h); v; v = after(v))
#define _Noreturn __attribute__((noreturn))
#define LIST_FOREACH(v, h, f) for (v = first_of(h); v; v = after(v))
X
# shellcheck disable=SC2086 # folders are words
cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 \
    --enable=warning,portability,performance --library=posix \
    --suppressions-list="$tmp/supp" -I . -j 2 --max-configs=4 \
    -D__linux__ -U__APPLE__ -DREL_FAULT_POINTS -DREL_SYSCONFDIR='"/x"' \
    -DREL_RUNDIR='"/x"' -DREL_STATEDIR='"/x"' -DREL_SPOOLDIR='"/x"' \
    --include="$tmp/macros.h" \
    --template='{file}:{line}: {severity}: {id}: {message}' \
    $dirs >"$tmp/out" 2>&1
rc=$?
if [ $rc -eq 0 ] && [ ! -s "$tmp/out" ]; then
	echo "ok 1 - $(cppcheck --version) has nothing to say"
	exit 0
fi
echo "not ok 1 - $(cppcheck --version), exit status $rc"
sort -u "$tmp/out" | sed 's/^/# /'
exit 1
