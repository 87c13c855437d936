# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A real Postfix that keeps what it takes for example.com.

POSTFIX=$(PATH=$PATH:/usr/sbin command -v postfix) || skip_all "needs postfix"
MAIL=$W/postfix

# postfix_up: on the loopback ports SMTP_PORT and, with TLS from the start,
# SMTPS_PORT
postfix_up() {
	local name most program s

	SMTP_PORT=$(mail_port) SMTPS_PORT=$(mail_port)
	mkdir -p "$MAIL"/{etc,queue,data,mail}
	chown postfix "$MAIL/data"
	chown 65534:65534 "$MAIL/mail"
	cat >"$MAIL/etc/main.cf" <<X
compatibility_level = 3.6
queue_directory = $MAIL/queue
data_directory = $MAIL/data
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example.com
mydestination =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = reject_unauth_destination
virtual_mailbox_domains = example.com
virtual_mailbox_base = $MAIL/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
maillog_file = $MAIL/log
maillog_file_prefixes = $MAIL
X
	{
		echo "127.0.0.1:$SMTP_PORT inet n - n - - smtpd"
		echo "127.0.0.1:$SMTPS_PORT inet n - n - - smtpd -o smtpd_tls_wrappermode=yes"
		for s in rewrite:-:trivial-rewrite bounce:0 defer:0:bounce trace:0:bounce \
		    verify:1 proxymap:- smtp:- error:- retry:-:error anvil:1 tlsmgr:1; do
			IFS=: read -r name most program <<<"$s"
			echo "$name unix - - n - $most ${program:-$name}"
		done
		echo 'virtual unix - n n - - virtual'
		echo 'cleanup unix n - n - 0 cleanup'
		echo 'qmgr unix n - n 300 1 qmgr'
		echo 'postlog unix-dgram n - n - 1 postlogd'
	} >"$MAIL/etc/master.cf"
	"$POSTFIX" -c "$MAIL/etc" start >"$MAIL/said" 2>&1 ||
		skip_all "Postfix does not start here: $(tail -1 "$MAIL/said")"
	trap '"$POSTFIX" -c "$MAIL/etc" stop >/dev/null 2>&1; s_end' EXIT
}
mail_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# postfix_set NAME=VALUE...: from the next connection on
postfix_set() {
	local s

	for s; do
		sed -i "/^${s%%=*} *=/d" "$MAIL/etc/main.cf"
		echo "${s%%=*} = ${s#*=}" >>"$MAIL/etc/main.cf"
	done
	"$POSTFIX" -c "$MAIL/etc" reload >"$MAIL/said" 2>&1 || diag "$(cat "$MAIL/said")"
}

# What came, and the file that came last
mails() { find "$MAIL/mail" -path '*/new/*' -type f | wc -l; }
mails_are() { [ "$(mails)" -eq "$1" ]; }
mail_last() { find "$MAIL/mail" -path '*/new/*' -type f -printf '%T@ %p\n' | sort -n | tail -1 | cut -d' ' -f2-; }
