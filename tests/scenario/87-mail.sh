#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A question nobody looks at goes to its owner by mail, through a real Postfix.
. "$(dirname "$0")/lib/scenario.sh"
POSTFIX=$(PATH=$PATH:/usr/sbin command -v postfix) || skip_all "needs postfix"
command -v gs >/dev/null || skip_all "needs ghostscript"
P=$W/postfix
PORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir -p "$P"/{etc,queue,data,mail}
chown postfix "$P/data"
chown 65534:65534 "$P/mail"
cat >"$P/etc/main.cf" <<X
compatibility_level = 3.6
queue_directory = $P/queue
data_directory = $P/data
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example.com
mydestination =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = reject_unauth_destination
virtual_mailbox_domains = example.com
virtual_mailbox_base = $P/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
maillog_file = $P/log
maillog_file_prefixes = $P
X
{
	echo "127.0.0.1:$PORT inet n - n - - smtpd"
	for s in rewrite:-:trivial-rewrite bounce:0 defer:0:bounce trace:0:bounce \
	    verify:1 proxymap:- smtp:- error:- retry:-:error anvil:1; do
		IFS=: read -r name most program <<<"$s"
		echo "$name unix - - n - $most ${program:-$name}"
	done
	echo 'virtual unix - n n - - virtual'
	echo 'cleanup unix n - n - 0 cleanup'
	echo 'qmgr unix n - n 300 1 qmgr'
	echo 'postlog unix-dgram n - n - 1 postlogd'
} >"$P/etc/master.cf"
"$POSTFIX" -c "$P/etc" start >"$P/said" 2>&1 || skip_all "Postfix does not start here: $(tail -1 "$P/said")"
trap '"$POSTFIX" -c "$P/etc" stop >/dev/null 2>&1; s_end' EXIT

rig r --conf "MailServer 127.0.0.1:$PORT" --conf 'MailFrom printing@example.com' \
	--conf 'MailTls none' --conf 'MailAfter 3s'
gs -q -dNOPAUSE -dBATCH -sPAPERSIZE=a4 -sDEVICE=pdfwrite -o "$W/one.pdf" -c showpage
mails() { find "$P/mail" -path '*/new/*' -type f | wc -l; }
mails_are() { [ "$(mails)" -eq "$1" ]; }
api PATCH /users/anna '{"mail":"anna@example.com"}'
is "$STATUS" 200 "anna has a mail address"
api PATCH /users/anna '{"mail":"anna@example.com\r\nBcc: eve@example.com"}'
like "$STATUS" '^4' "which is one line"
rules <<<$'rule "All"\n  ask "Really, {user}?"'
is "$STATUS" 201 "a rule asks"

title=$'Report\r\nBcc: eve@example.com'
lp -U anna -d "$RIG_QUEUE" -t "$title" "$W/one.pdf" >/dev/null 2>&1
within 10 "a job is held" held_is 1
J=$(jobs_json; j '.jobs[0].id')
within 20 "nobody looks: a mail comes" mails_are 1
python3 - "$(find "$P/mail" -path '*/new/*' -type f | head -1)" >"$W/mail.txt" <<'X'
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

lp -U anna -d "$RIG_QUEUE" -t Second "$W/one.pdf" >/dev/null 2>&1
within 10 "another job is held" held_is 2
login_card "$RIG_ANNA_CARD"
release "$(id_of Second)"
is "$(j .result)" question "its owner looks at the question at once"
sleep 5
is "$(mails)" 1 "and gets no mail"
is "$(sqlite3 "$RIG_DB" 'SELECT count(*) FROM mail')" 0 "none is left to be written"
logout
