#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# san: yes
# The program a document was made with: what the document, the driver, the
# client or the title says, as rules, records and people see it.
. "$(dirname "$0")/lib/scenario.sh"
command -v gs >/dev/null || skip_all "needs ghostscript"
rig r
made() { api GET "/jobs/$(id_of "$1")"; j '.application | "\(.name)|\(.producer)|\(.source)"'; }
prog='/Helvetica 40 selectfont 72 700 moveto (x) show showpage'
pdf() { gs -q -dNOPAUSE -dBATCH -sPAPERSIZE=a4 -sDEVICE=pdfwrite -o "$1" -c "[ $2 /DOCINFO pdfmark $prog"; }
pdf "$W/writer.pdf" '/Creator (Writer)'
pdf "$W/wide.pdf" '/Creator <FEFF 0057 00F6 0072 0074>'
printf '%%!PS-Adobe-3.0\n%%%%Creator: groff version 1.22.4\n%%%%Page: 1 1\n%s\n' "$prog" >"$W/groff.ps"
gs -q -dNOPAUSE -dBATCH -sPAPERSIZE=a4 -sDEVICE=ljet4 -o "$W/body.pcl" -c "$prog"
{
	printf '\033%%-12345X@PJL SET JOBATTR="JobAcct6=Microsoft Word"\n'
	printf '@PJL SET JOBATTR="JobAcct7=WINWORD.EXE"\n@PJL ENTER LANGUAGE=PCL\n'
	cat "$W/body.pcl"
} >"$W/word.pcl"
cat >"$W/rules" <<'X'
rule "Office"
  when application Writer, "*Word*"
  force copies max 9
rule "No groff"
  when application "groff*"
  refuse "{application} is not printed"
X
ctl rule set "$W/rules" >/dev/null


# ---- through CUPS's filters
print() { lp -U anna -d "$RIG_QUEUE" -t "$@" >/dev/null 2>&1; }
print one "$W/writer.pdf"
within 20 "a PDF is held" held_is 1
like "$(made one)" '^Writer\|GPL Ghostscript [0-9.]*\|pdf-info$' "what its Info says is known"
out=$(ctl explain "$(id_of one)")
like "$out" 'made with Writer \(GPL Ghostscript [0-9.]*\), as the PDF.s own Info says' \
	"explain tells it and who says so"
like "$out" '"Office" \(line 1 of version 1\): force copies max 9, as application Writer is "Writer"' \
	"and that a rule went by it"
like "$(ctl job show "$(id_of one)")" 'Made with: +Writer \(GPL Ghostscript' "so does job show"
print wide "$W/wide.pdf"
within 20 "another is held" held_is 2
like "$(made wide)" '^Wört\|' "a name of two bytes a character is read"
print ps "$W/groff.ps"
within 20 "PostScript is refused by its comments" state_count_is refused 1
api GET "/jobs?job_state=refused"
is "$(j '.jobs[0] | "\(.application.name) \(.application.producer) \(.application.source)"')" \
	"groff version 1.22.4 null postscript" "what CUPS's own filter wrote is not told"
is "$(j '.jobs[0].reason')" "groff version 1.22.4 is not printed" "the rule says its name"
printf 'words\n' >"$W/text"
lp -U anna -d "$RIG_QUEUE" -t text "$W/text" >/dev/null 2>&1
within 20 "a text is held" held_is 3
is "$(made text)" "null|null|null" "nothing is known of it"
lp -U anna -d "$RIG_QUEUE" -t mac -o com.apple.print.JobInfo.PMApplicationName='Text\ Edit' \
	"$W/text" >/dev/null 2>&1
within 20 "one of a Mac is held" held_is 4
is "$(made mac)" "Text Edit|null|client" "the client says it"
lp -U anna -d "$RIG_QUEUE" -t 'Microsoft Word - salary.docx' "$W/text" >/dev/null 2>&1
within 20 "one with a telling title is held" held_is 5
is "$(made 'Microsoft Word - salary.docx')" "Microsoft Word|null|title" "the title says it"

# ---- a driver's own language, and a PDF nobody has looked at
hold "$W/word.pcl" -t word
is "$(made word)" "Microsoft Word|null|pjl" "HP's drivers say it"
hold "$W/writer.pdf" -t raw
looked() { [[ $(made raw) = Writer* ]]; }
within 20 "a PDF in a raw queue is looked at" looked
like "$(ctl explain "$(id_of raw)")" 'counted +looked at: .*made with Writer' "which is told"
like "$(ctl explain "$(id_of raw)")" 'application Writer is "Writer"' "and the rules see it then"

# ---- records
for t in one text word; do api POST "/jobs/$(id_of $t)/release" '{"device":"Flur"}'; done
within 20 "some are printed" state_count_is sent 3
api GET /recorded
is "$(j '[.columns, .rows[]] | .[0] as $c | [.[1:][] | [$c, .] | transpose | map({(.[0]): .[1]}) |
	add | .application] | sort | join(",")')" \
	",Microsoft Word,Writer,groff version 1.22.4" "the records tell it"
printf 'rule "Letters"\n when application "*word*", Writer\n refuse "no"\n' >"$W/other"
out=$(ctl simulate --rules "$W/other")
like "$out" '4 jobs: 2 refused' "and the simulator goes by it"
unlike "$out" 'the application' "it no longer is unknown there"
