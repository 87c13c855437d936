#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Documents that cannot be printed are refused with a reason, on record; the
# queue goes on.
. "$(dirname "$0")/lib/scenario.sh"
command -v qpdf >/dev/null || skip_all "needs qpdf"
rig r
gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfwrite -o "$W/good.pdf" -c \
	'/Helvetica 40 selectfont 72 700 moveto (x) show showpage showpage'
qpdf --encrypt user owner 256 -- "$W/good.pdf" "$W/locked.pdf"
qpdf --encrypt "" owner 256 --print=none -- "$W/good.pdf" "$W/forbidden.pdf"
qpdf --encrypt "" owner 256 --print=full -- "$W/good.pdf" "$W/encrypted.pdf"
head -c 300 "$W/good.pdf" >"$W/damaged.pdf"
printf '%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n' >"$W/nopage.pdf"

refused() {
	local file=$1 state=$2 words=$3 id

	lp -U anna -d "$RIG_QUEUE" -t "$file" "${@:4}" "$W/$file.pdf" >/dev/null 2>&1
	within 15 "$file is refused" refused_is "$file"
	id=$(api GET "/jobs?limit=200&job_state=refused"; j '.jobs[] | select(.title == "'"$file"'") | .id')
	like "$(reason "$id")" "$words" "... and why"
	like "$("$RIG_CTL" explain "$id")" "refused" "... explain tells it"
	job=$(api GET "/jobs/$id"; j .cups_job)
	like "$(cups_job "$job" job-printer-state-message)" "$words" "... cupsd says it too"
	ok "... with the keyword of RFC 8011" grep -q "\[Job $job\] JOBSTATE: $state" "$R/cups/log/error_log"
}
refused_is() {
	api GET "/jobs?limit=200&job_state=refused"
	[ -n "$(j '.jobs[] | select(.title == "'"$1"'") | .id')" ]
}
refused locked document-password-error 'password'
refused forbidden document-permission-error 'print'
refused damaged document-format-error 'damaged'
refused nopage document-format-error 'page'
cp "$W/good.pdf" "$W/outside.pdf"
refused outside document-format-error 'leave no page' -o page-ranges=50-60
is "$(count held)" 0 "nothing of it is held"
within 10 "and nothing is in the spool" spool_empty
like "$(lpstat -p "$RIG_QUEUE")" 'idle|processing' "the queue goes on"
lp -U anna -d "$RIG_QUEUE" -t encrypted "$W/encrypted.pdf" >/dev/null 2>&1
within 15 "a PDF that is only encrypted is held" held_is 1
is "$(api GET "/jobs/$(id_of encrypted)"; j '.pages | "\(.sides) \(.encrypted)"')" "2 true" "and counted"

# The filter dies in the middle: nothing half is held, cupsd keeps the job.
mv "$R/cups/bin/filter/pdftorelease" "$W/filter"
printf '#!/bin/sh\nhead -c 60 "${6:-/dev/stdin}"\nkill -9 $$\n' >"$R/cups/bin/filter/pdftorelease"
chmod 755 "$R/cups/bin/filter/pdftorelease"
lp -U anna -d "$RIG_QUEUE" -t half "$W/good.pdf" >/dev/null 2>&1
sleep 2
is "$(count held)" 1 "of a filter that died nothing is held"
cp -p "$W/filter" "$R/cups/bin/filter/pdftorelease"
lp -U anna -d "$RIG_QUEUE" -t again "$W/good.pdf" >/dev/null 2>&1
within 15 "with the filter back jobs are held" held_is 2
