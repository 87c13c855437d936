#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A question nobody looks at goes to its owner by mail, through a real Postfix.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/user.sh"
command -v gs >/dev/null || skip_all "needs ghostscript"
. "$S_LIB/mail.sh"
postfix_up

rig r --conf "MailServer 127.0.0.1:$SMTP_PORT" --conf 'MailFrom printing@example.com' \
	--conf 'MailTls none' --conf 'MailAfter 3s' --conf 'MailAfterListening 7s'
numbered "$W/one.pdf" 1
api PATCH /users/anna '{"mail":"anna@example.com"}'
is "$STATUS" 200 "anna has a mail address"
api PATCH /users/anna '{"mail":"anna@example.com\r\nBcc: eve@example.com"}'
like "$STATUS" '^4' "which is one line"
rules <<<$'rule "All"\n  ask "Really, {user}?"'
is "$STATUS" 201 "a rule asks"

title=$'Report\r\nBcc: eve@example.com'
print "$title" "$W/one.pdf"
within 10 "a job is held" held_is 1
J=$(jobs_json; j '.jobs[0].id')
within 20 "nobody looks: a mail comes" mails_are 1
python3 - "$(mail_last)" >"$W/mail.txt" <<'X'
import email, email.policy, sys
with open(sys.argv[1], "rb") as f:
    m = email.message_from_binary_file(f, policy=email.policy.default)
for h in ("From", "To", "Subject", "Bcc", "Content-Type", "Auto-Submitted"):
    print("%s: %s" % (h, m[h]))
print(m.get_content())
X
like "$(cat "$W/mail.txt")" 'From: .?printing@example.com.?' "from the address of the settings"
like "$(cat "$W/mail.txt")" 'To: .?anna@example.com.?' "to the address of its owner"
like "$(cat "$W/mail.txt")" 'Subject: Your print job waits for you' "with a subject"
like "$(cat "$W/mail.txt")" 'Really, anna\?' "the question"
like "$(cat "$W/mail.txt")" "${RIG_PAGES_URL%/release/}/release/jobs.cgi" "and the address of the page"
like "$(cat "$W/mail.txt")" 'Bcc: None' "a title makes no header"
told() { api GET "/jobs/$J/explain"; [[ $BODY = *'told by mail'* ]]; }
within 5 "explain says that its owner was told" told

print Second "$W/one.pdf"
within 10 "another job is held" held_is 2
login_card "$RIG_ANNA_CARD"
release "$(id_of Second)"
is "$(j .result)" question "its owner looks at the question at once"
sleep 5
is "$(mails)" 1 "and gets no mail"
is "$(sqlite3 "$RIG_DB" 'SELECT count(*) FROM mail')" 0 "none is left to be written"
logout

# ---- a program of hers asks for questions: she has more time to answer it there
enter anna "$RIG_ANNA_PASSWORD" notifier
web GET '/waiting?kind=question'
gives 200 "a program asks for questions"
print Third "$W/one.pdf"
asks() { web GET '/waiting?kind=question'; [[ $BODY = *Third* ]]; }
within 10 "and has the next one" asks
asked=$(j '.jobs[] | select(.title == "Third") | .waiting.question.asked_at')
web GET "/jobs/$(j '.jobs[] | select(.title == "Third") | .id')"
gives 200 "it looks at the job"
within 20 "when nobody answers the mail comes" mails_are 2
waited=$(($(date +%s) - $(date -d "$asked" +%s)))
ok "not before the time is over ($waited s)" [ "$waited" -ge 9 ]
