#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A delegate sees and prints the jobs of somebody else, on the page; changes and
# deletes nothing, opens nothing confidential, and only as long as it was said.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/web.sh"
rig r
[ -n "$(ls "$R/cups/people" 2>/dev/null)" ] || skip_all "needs libpam-wrapper and libnss-wrapper"
doc a.bin 3000
hold "$W/a.bin" -t plain
hold "$W/a.bin" -t secret -o job-password=1234
plain=$(id_of plain) secret=$(id_of secret)
page bert "jobs.cgi?of=anna"
is "$PROBLEM" 403 "at first nobody sees anna's jobs"
submit anna delegates.cgi do=add name=anna
is "$PROBLEM" 422 "nobody is a delegate of oneself"
like "$PAGE" 'id="name"[^>]*aria-invalid="true"' "the field is named"
submit anna delegates.cgi do=add name=bert valid_until=2020-01-01
is "$PROBLEM" 422 "nor until a day that has passed"
submit anna delegates.cgi do=add name=bert
like "$HEAD" 'Location: /release/delegates.cgi' "anna names bert"
page bert delegates.cgi
like "$PAGE" 'jobs.cgi\?of=anna' "bert finds the way"
page bert "jobs.cgi?of=anna"
like "$PAGE" '>plain</a>' "and sees anna's jobs with their titles"
page otto "jobs.cgi?of=anna"
is "$PROBLEM" 403 "otto does not"
submit bert "jobs.cgi?of=anna" do=delete job="$plain"
is "$PROBLEM" 403 "bert deletes nothing"
submit bert "job.cgi?id=$plain" do=options copies=5
is "$PROBLEM" 403 "and changes nothing"
page bert "preview.cgi?id=$plain"
is "$PROBLEM" 403 "nor looks into it"
submit bert "jobs.cgi?of=anna" do=release job="$secret" device=Flur
is "$PROBLEM" 403 "nor prints what is confidential"
is "$(state "$plain") $(state "$secret")" "held held" "all is as it was"
submit bert "jobs.cgi?of=anna" do=release job="$plain" device=Flur
like "$HEAD" 'Location:' "but bert prints the other"
within 10 "it comes out" printed_is 1
api GET "/jobs/$plain/explain"
like "$BODY" 'released by bert' "and explain says who it was"
page bert "history.cgi"
unlike "$PAGE" 'plain' "it is not in bert's own history"
submit anna delegates.cgi do=remove who=bert
page bert "jobs.cgi?of=anna"
is "$PROBLEM" 403 "in the end bert sees nothing any more"
api GET /audit
like "$BODY" 'delegate-added' "both changes are in the audit log"
like "$BODY" 'delegate-removed' "the end of it, too"
