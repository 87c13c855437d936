#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Titles and names of every kind arrive whole and harm nothing.
. "$(dirname "$0")/lib/scenario.sh"
rig r
doc a.bin 500
T=("😀😀 Emoji 𝔘𝔫𝔦𝔠𝔬𝔡𝔢" "تقرير سنوي" "דוח שנתי.pdf" "年次報告書" \
   "<script>alert('x')</script> & \"q\"" "a'; DROP TABLE job; --" '%s%n%x $(id) `id`')
for t in "${T[@]}"; do hold "$W/a.bin" -t "$t"; done
is "$(count held)" ${#T[@]} "all are held"
jobs_json
for t in "${T[@]}"; do
	is "$(jq -r --arg t "$t" '[.jobs[]|select(.title==$t)]|length' <<<"$BODY")" 1 "whole: $t"
done
login_card "$RIG_ANNA_CARD"
list
for t in "${T[@]:0:4}"; do
	ok "on the panel: $t" grep -qF "$t" <<<"$(menu_text)$BODY"
done
L=$(printf 'ä%.0s' {1..200})
hold "$W/a.bin" -t "$L"
release all
within 15 "all come out" printed_is $((${#T[@]} + 1))
ok "every control file is UTF-8" iconv -f utf-8 -t utf-8 "$RIG_OUT"/*.cf
is "$(awk '/^J/ && length($0) > 100' <(LC_ALL=C cat "$RIG_OUT"/*.cf) | wc -l)" 0 "titles are cut to 99"
is "$(LC_ALL=C grep -a -c '^J' <(cat "$RIG_OUT"/*.cf))" $((${#T[@]} + 1)) "one J line each"
PRINT_AS='üser mit Blank' hold "$W/a.bin" -t name
is "$(jobs_json 'user=%C3%BCser%20mit%20Blank'; j '.jobs|length')" 1 "a user name of any kind is held"
nok "no control byte in the log" grep -qaP '[\x00-\x08\x0b-\x1f]' "$RIG_LOG"
