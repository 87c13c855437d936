#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# long: 55
# Mails over TLS, through a real Postfix: to a server that proves its name and
# to no other one; and a log-in whose password is seen by nobody else.
. "$(dirname "$0")/lib/scenario.sh"
command -v gs >/dev/null || skip_all "needs ghostscript"
. "$S_LIB/mail.sh"
command -v saslpasswd2 >/dev/null || skip_all "needs sasl2-bin"

# own_ca NAME: a certificate of its own
own_ca() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$W/$1.key" -out "$W/$1.crt" -subj "/CN=$1" -days 2 2>/dev/null
}
signed() {	# NAME ALTNAME CA
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$W/$1.key" -subj "/CN=$2" 2>/dev/null |
		openssl x509 -req -CA "$W/$3.crt" -CAkey "$W/$3.key" -days 2 \
		-set_serial "$RANDOM" -extfile <(echo "subjectAltName=DNS:$2") \
		-out "$W/$1.crt" 2>/dev/null || fail "openssl made $1"
}
own_ca ca
own_ca stranger
signed good localhost ca
signed wrong mail.example.net ca
signed strange localhost stranger
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$W/self.key" \
	-out "$W/self.crt" -subj /CN=localhost -days 2 -addext subjectAltName=DNS:localhost 2>/dev/null

postfix_up
serve() {	# CERTIFICATE [SETTING...]
	postfix_set "smtpd_tls_cert_file=$W/$1.crt" "smtpd_tls_key_file=$W/$1.key" \
		smtpd_tls_security_level=may smtpd_tls_received_header=yes "${@:2}"
}
rig r --conf "MailServer localhost:$SMTP_PORT" --conf 'MailFrom printing@example.com' \
	--conf "MailCA $W/ca.crt" --conf 'MailAfter 1s'
numbered "$W/one.pdf" 1
api PATCH /users/anna '{"mail":"anna@example.com"}'
rules <<<$'rule "All"\n  ask "Really?"'
is "$STATUS" 201 "a rule asks"

log=$R/log/releaserd
# What Postfix was told in sessions: addresses, or a whole mail
heard() { grep -cE 'from=<|client=.*sasl_username|status=sent' "$MAIL/log"; }
failures() { grep -c 'a mail could not be handed over\|MailPasswordFile' "$log"; }
failed_more() { [ "$(failures)" -gt "$1" ]; }
set_to() {	# NAME VALUE...
	api POST /settings "$(jq -cn '{changes: ([$ARGS.positional | _nwise(2) | {(.[0]): .[1]}] | add)}' --args "$@")"
	is "$STATUS" 200 "set: $*"
}
MAILS=0
# One job at a time: what failed is not tried again while others are looked at.
ask() { print job "$W/one.pdf"; wait_until 10 held_is 1; }
drop() { api DELETE "/jobs/$(id_of job)"; wait_until 5 held_is 0; }
again_is() {
	[ "$(sqlite3 "$RIG_DB" 'SELECT count(*) FROM mail m JOIN job j ON j.id = m.job_id
		WHERE j.state = 1 AND m.tries = 1')" = "$1" ]
}
comes() {	# WHAT
	ask
	MAILS=$((MAILS + 1))
	within 15 "$1: it comes" mails_are $MAILS
	drop
}
stays() {	# WHAT WORDS
	local before told

	before=$(failures) told=$(heard)
	ask
	within 20 "$1: it fails" failed_more "$before"
	like "$(grep 'a mail could not\|MailPasswordFile' "$log" | tail -1)" "$2" "$1: the log says why"
	is "$(heard) $(mails)" "$told $MAILS" "$1: nothing was sent"
	within 5 "$1: it will be tried again" again_is 1
	drop
}

# ---- STARTTLS
serve good
comes "a server that is who it says"
like "$(cat "$(mail_last)")" 'using TLSv1' "over TLS"
serve wrong
stays "a certificate for another host" 'SSL|certificate'
serve self
stays "a certificate nobody vouches for" 'SSL|certificate'
serve strange
stays "a certificate of another authority" 'SSL|certificate'
set_to MailCA ''
serve good
stays "an authority this system does not know" 'SSL|certificate'
set_to MailCA "$W/nowhere.pem"
stays "a file of authorities that is not there" 'SSL|CA|certificate'
set_to MailCA "$W/ca.crt"
serve good smtpd_tls_security_level=none
stays "no TLS there" 'SSL'
set_to MailTls tls
stays "nor from the start" 'SSL'
serve good
set_to MailServer "localhost:$SMTPS_PORT"
comes "TLS from the start"
like "$(cat "$(mail_last)")" 'using TLSv1' "over TLS"
set_to MailServer "127.0.0.1:$SMTPS_PORT"
stays "an address that the certificate does not name" 'SSL|certificate'
set_to MailServer "localhost:$SMTP_PORT" MailTls starttls

# ---- a log-in
mkdir "$MAIL/etc/sasl"
printf 'pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\nsasldb_path: %s\n' \
	"$MAIL/etc/sasldb" >"$MAIL/etc/sasl/smtpd.conf"
printf 'Right word 1' | saslpasswd2 -p -c -f "$MAIL/etc/sasldb" -u mail.example.com printing
chown postfix "$MAIL/etc/sasldb"
serve good smtpd_sasl_auth_enable=yes "cyrus_sasl_config_path=$MAIL/etc/sasl" \
	smtpd_tls_auth_only=yes smtpd_sasl_local_domain=mail.example.com \
	smtpd_client_restrictions=permit_sasl_authenticated,reject
printf 'Wrong word\n' >"$W/password"
chmod 644 "$W/password"
api POST /settings "{\"changes\":{\"MailUser\":\"printing\"}}"
is "$STATUS $(j .field)" "422 MailUser" "a name without a password is refused"
set_to MailUser printing MailPasswordFile "$W/password"
api POST /settings '{"changes":{"MailTls":"none"}}'
is "$STATUS $(j .field)" "422 MailUser" "nor may it go over in clear text"
stays "a password that everybody may read" 'everybody may read it'
chown "root:$(stat -c %g "/proc/$(role_pids agent | head -1)")" "$W/password"
chmod 640 "$W/password"
stays "a wrong one" 'denied|login|Login|535'
printf 'Right word 1\n' >"$W/password"
comes "the right one"
like "$(grep sasl_username "$MAIL/log" | tail -1)" 'sasl_username=printing' "Postfix knows who it was"
known=$(grep -c sasl_username "$MAIL/log")
serve strange
stays "a stranger" 'SSL|certificate'
is "$(grep -c sasl_username "$MAIL/log")" "$known" "is told no password"
nok "no log has the password" grep -rqa 'Right word' "$log" "$MAIL/log"
