#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Shows where C files differ from what clang-format would make of them:
# tools/format.sh [FILE...].  A help for the writer and no check: .clang-format
# cannot express tables in columns, so the tree never passes it whole.  What
# can be decided by a rule is in tools/shape.sh.
set -u
cd "$(dirname "$0")/.." || exit 99
if ! clang-format --version >/dev/null 2>&1; then
	echo "clang-format is missing" >&2
	exit 77
fi
if [ $# -eq 0 ]; then
	# shellcheck disable=SC2046 # no blanks in our names
	set -- $(find lib releaserd backend filter cgi ctl station direct tests -name '*.[ch]')
fi
for f; do
	clang-format "$f" | diff -u --label "$f" --label "$f (formatted)" "$f" -
done
exit 0
