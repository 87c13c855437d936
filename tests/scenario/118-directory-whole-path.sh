#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# limit: 120
# What goes wrong between us and a directory, and names that mean mischief, as
# people meet it: at a panel and over HTTPS. 95 asks the agent alone.
. "$(dirname "$0")/lib/scenario.sh"
. "$S_LIB/user.sh"
. "$S_SRC/tests/rig/lib/directory.sh"
server slapd l || skip_all "$SERVER_WHY"
server middle l --to "$RIG_LDAP_PORT" || skip_all "$SERVER_WHY"
rig r --conf 'LoginFailures 10'
ctl() { "$RIG_CTL" "$@" 2>&1; }
order() { "$RIG" middle order "$W/l" "$@"; }
# Those of the rig itself are of nobody there.
binds() { grep -ac ' BIND dn="[cu]' "$RIG_LDAP_LOG"; }
N=0
put() {	# LINE...: the directory is this from now on
	local verb=set

	[ $N -gt 0 ] || verb=add
	N=$((N + 1))
	printf '%s\n' "# $N" "BindName $RIG_LDAP_BIND_DN" "UserBase $RIG_LDAP_PEOPLE" \
		"GroupBase $RIG_LDAP_GROUPS" 'Domain example.com' 'ConnectTime 1s' \
		'AnswerTime 1s' 'DeadTime 1s' "$@" >"$W/conf"
	ctl directory $verb school "$W/conf" --password-file "$RIG_LDAP_BIND_PW" \
		--ca "$RIG_LDAP_CA" >"$W/out" || bail "directory $verb: $(cat "$W/out")"
}
PLAIN="Servers localhost:$RIG_LDAP_PORT"
MIDDLE="Servers localhost:$RIG_MIDDLE_PORT"
LDAPS="Servers localhost:$RIG_LDAPS_PORT"

# both NAME PASSWORD WORDS WANTED CODE: at the panel, and over HTTPS
both() {
	login_password "$1" "$2"
	is "$(j '.session.user.id // .reason')" "$4" "$3"
	[ "$(j .result)" != ok ] || logout
	T=
	web POST /login "$(jq -cn --arg n "$1" --arg p "$2" '{name: $n, password: $p}')"
	is "$(j '.user.name // .code')" "$5" "$3, over HTTPS"
}
enters() { both "$1" "$2" "$3" "${4:-$1}" "${4:-$1}"; }
wrong() { both "$1" "$2" "$3" bad-credential bad-credential; }
away() { both carla "$(dir_password carla)" "$1" backend-unavailable backend-unavailable; }

# ---- the server and its certificate
put "$PLAIN" 'TlsCa rig'
enters carla "$(dir_password carla)" "STARTTLS"
before=$(binds)
put "$MIDDLE" 'TlsCa rig'
order strip refuse
away "STARTTLS stripped"
like "$(ctl directory test school)" "STARTTLS" "and directory test says that"
for cert in wrong-host:'host|name' expired:expired self-signed:self-signed; do
	"$RIG" slapd cert "$W/l" "${cert%%:*}"
	for line in "$PLAIN" "$LDAPS"; do
		tls=required
		[ "$line" = "$PLAIN" ] || tls=ldaps
		put "$line" 'TlsCa rig' "Tls $tls"
		away "a certificate: ${cert%%:*}, $tls"
	done
	like "$(ctl directory test school | tr A-Z a-z)" "${cert##*:}" "and directory test says that"
done
"$RIG" slapd cert "$W/l" right
put "$LDAPS" 'Tls ldaps'
away "authorities of the system do not do"
is "$(binds)" "$before" "no password went out meanwhile"
order
put "$MIDDLE" 'Tls none'
enters carla "$(dir_password carla)" "all is well"
order close-bind
away "the server dies during the bind"
order
sleep 1.1
enters carla "$(dir_password carla)" "it is back"

# ---- names that mean mischief
put "$PLAIN" 'TlsCa rig' 'GroupScheme member-of'
for name in '*' 'car*' '*)(uid=*' 'carla)(|(uid=*' 'carla,ou=people' '\2a' 'carla\00' 'carla)(cn=*))(|(a=b' \
	'uid=carla' '${jndi:ldap://x/a}' 'carla"' "carla' or '1'='1"; do
	wrong "$name" "$(dir_password carla)" "nobody is called $name"
done
before=$(binds)
login_password carla ''
is "$(j .reason)" bad-credential "an empty password"
web POST /login '{"name":"carla","password":""}'
is "$STATUS" 400 "an empty password, over HTTPS"
opdp POST /opdp/v1/panel/action '{"op":"login","credential":{"method":"password","user":"carla\u0000x","password":"x"}}'
unlike "$(j .result)" ok "a NUL in the name"
opdp POST /opdp/v1/panel/action '{"op":"login","credential":{"method":"password","user":"","password":"x"}}'
unlike "$(j .result)" ok "no name"
is "$(binds)" "$before" "none of these reached the server"
wrong "$(printf 'x%.0s' {1..83})" x "a long name"
wrong carla "$(printf 'x%.0s' {1..128})" "a long password"

# ---- one person, however the name is written (RFC 8265)
carla=$(dir_password carla) juergen=$(dir_password jürgen)
enters CARLA "$carla" "capitals" carla
enters $'\uff43\uff41\uff52\uff4c\uff41' "$carla" "full width" carla
enters Carla@EXAMPLE.com "$carla" "a domain" carla
enters JÜRGEN "$juergen" "capitals that are not ASCII" jürgen
enters $'ju\u0308rgen' "$juergen" "two characters for one (NFD)" jürgen
wrong juergen "$juergen" "another spelling is another name"
wrong $'carl\u0430' "$carla" "a Cyrillic letter that looks the same"
wrong $'car\u0131a' "$carla" "an i without a dot"
wrong $'carl\u200ba' "$carla" "a blank without width"
is "$(sqlite3 "$RIG_DB" 'SELECT group_concat(key) FROM (SELECT key FROM user WHERE directory != 0 ORDER BY key)')" \
	carla,jürgen "two people came in, whatever they wrote"
cat >"$W/fold.ldif" <<X
dn: uid=weiß,$RIG_LDAP_PEOPLE
objectClass: inetOrgPerson
uid: weiß
cn: Weiß
sn: Weiß
userPassword: weiss-4711

dn: uid=iris,$RIG_LDAP_PEOPLE
objectClass: inetOrgPerson
uid: iris
cn: Iris
sn: I
userPassword: iris-4711
X
ldapadd -Q -Y EXTERNAL -H "$RIG_LDAPI_URL" -f "$W/fold.ldif" >/dev/null 2>&1
enters weiß weiss-4711 "a name with ß"
enters IRIS iris-4711 "a capital I is an i, not a Turkish one" iris
# slapd takes a Turkish capital I for an i: the entry says whose account it is.
enters $'\u0130R\u0130S' iris-4711 "what the directory takes for the same is one person" iris
for _ in 1 2 3 4 5 6 7 8 9 10; do login_password $'\u0130R\u0130S' x; done
login_password iris iris-4711
is "$(j .reason)" locked-out "wrong passwords count for that person, however written"
login_password $'\u0130ris' iris-4711
is "$(j .reason)" locked-out "and another spelling opens nothing"
ctl user unlock iris >/dev/null

# ---- the domain, over HTTPS
at() {
	T=
	web POST /login "$(jq -cn --arg n "$1" --arg d "$2" --arg p "$3" \
		'{name: $n, domain: $d, password: $p}')"
}
at carla example.com "$carla"
is "$STATUS $(j .user.name)" "201 carla" "the directory's"
at carla EXAMPLE "$carla"
is "$STATUS" 201 "its first label"
at carla '(Local)' "$carla"
is "$STATUS $(j .code)" "401 bad-credential" "not the internal accounts'"
at anna '(Local)' "$RIG_ANNA_PASSWORD"
is "$STATUS $(j .user.name)" "201 anna" "an internal account"
at anna nowhere.example "$RIG_ANNA_PASSWORD"
is "$STATUS" 201 "a domain nobody has is as none"
web POST /login '{"name":"anna","password":"x","domain":5}'
is "$STATUS" 400 "a domain that is none"
at anna "$(printf 'x%.0s' {1..129})" x
is "$STATUS" 400 "one that is too long"

# ---- LookupKeep: who is known is not looked up
searches() { grep -ac ' SRCH base=' "$RIG_LDAP_LOG"; }
member_of() { api GET /users/carla >/dev/null; sqlite3 "$RIG_DB" "SELECT count(*) FROM group_member WHERE member_key = 'carla'"; }
put "$PLAIN" 'TlsCa rig' 'GroupScheme member-of' 'LookupKeep 1h'
login_password carla "$carla"; logout
n=$(searches) b=$(ldap_binds carla)
for _ in 1 2 3; do login_password carla "$carla"; logout; done
is "$(($(searches) - n)) $(($(ldap_binds carla) - b))" "0 3" "three log-ins are three binds"
is "$(j .result)" ok "and are right"
b=$(ldap_binds carla)
login_password carla wrong
is "$(j .reason) $(($(ldap_binds carla) - b))" "bad-credential 1" "a wrong password is tried once"
login_password carla "$carla"; logout
n=$(searches)
login_password carla "$carla"; logout
is $(($(searches) - n)) 0 "known again"
ldapmodify -Q -Y EXTERNAL -H "$RIG_LDAPI_URL" >/dev/null 2>&1 <<X
dn: $(dir_dn carla)
changetype: modrdn
newrdn: uid=carla+sn=Moved
deleteoldrdn: 0
X
login_password carla "$carla"
is "$(j .session.user.id)" carla "whose entry has moved is found"; logout
put "$PLAIN" 'TlsCa rig' 'LookupKeep 1h' 'UserFilter (&(uid=%u)(!(uid=carla)))'
login_password carla "$carla"
is "$(j .reason)" bad-credential "other settings: nobody is known"
put "$PLAIN" 'TlsCa rig' 'LookupKeep 1h'
login_password carla "$carla"; logout
ctl user remove carla --force >/dev/null || ctl user remove carla >/dev/null
login_password carla "$carla"
is "$(j .session.user.id)" carla "whose account is gone here gets one"; logout
nok "no password is in the log" grep -qaE "$carla|$juergen|weiss-4711" "$RIG_LOG"
