#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A file of the spool says nothing, alters are found, and a deleted or printed
# job leaves none.
. "$(dirname "$0")/lib/scenario.sh"
rig r
MARK=GEHEIM-4711-ZEICHEN
yes "$MARK" | head -c 300000 >"$W/a.txt"
hold "$W/a.txt" -t one
hold "$W/a.txt" -t two

is "$(spool_files | wc -l)" 2 "two files in the spool"
nok "no word of the document in them" grep -rqa "$MARK" "$RIG_SPOOL"
nok "none in the database" grep -qa "$MARK" "$RIG_DB"
is "$(cd "$RIG_SPOOL" && find . -name "*.job" -exec sha256sum {} + |
	cut -d' ' -f1 | sort -u | wc -l)" 2 "the same document twice is two different files"
nok "compression finds nothing in them" eval \
	'[ $(cat "$RIG_SPOOL"/* 2>/dev/null | gzip -1 | wc -c) -lt 590000 ]'
is "$(find "$RIG_SPOOL" -type f -perm /077 | wc -l)" 0 "no one else may read them"
nok "nobody may look into the folder" setpriv --reuid 65534 --clear-groups ls "$RIG_SPOOL"
nok "the host key is closed" setpriv --reuid 65534 --clear-groups cat "$R/key/host.key"

# One bit is turned in the middle: found at the release, nothing is printed.
id=$(id_of one)
for f in $(spool_files); do
	printf '\xff' | dd of="$f" bs=1 seek=150001 conv=notrunc 2>/dev/null
	printf '\x00' | dd of="$f" bs=1 seek=150002 conv=notrunc 2>/dev/null
done
login_card "$RIG_ANNA_CARD"
release "$id"
settled() { case $(state "$id") in releasing|held) [ -n "$(reason "$id")" ] ;; *) true ;; esac; }
within 15 "a job whose file was altered is not sent" settled
unlike "$(state "$id")" '^sent$' "and does not count as sent"
is "$(copies_of "$W/a.txt")" 0 "its altered bytes are not paper"
delete "$(id_of two)"
is "$(j '.jobs[0].status')" deleted "the other is deleted"
left() { [ "$(spool_files | wc -l)" -le 1 ]; }
within 5 "and its file is gone" left
