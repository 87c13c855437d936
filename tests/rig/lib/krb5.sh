# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# MIT Kerberos: a KDC with a realm, a database and keytabs of its own. Nothing
# of /etc/krb5.conf or /etc/krb5kdc is read.

KRB5_SERVICES="ldap host HTTP"

krb5_options() {
	KRB5_REALM=EXAMPLE.COM
	while [ $# -gt 0 ]; do
		[ $# -ge 2 ] || { usage >&2; exit 2; }
		case $1 in
		--realm)	KRB5_REALM=$2 ;;
		*)		usage >&2; exit 2 ;;
		esac
		shift 2
	done
	case $KRB5_REALM in
	*[!A-Z0-9.]*|'') die "a realm is of letters A to Z, digits and points: $KRB5_REALM" ;;
	esac
}

# No name is looked up anywhere, and each host is what it is called.
krb5_conf() {
	cat <<X
[libdefaults]
default_realm = $KRB5_REALM
dns_lookup_realm = false
dns_lookup_kdc = false
dns_canonicalize_hostname = false
rdns = false
udp_preference_limit = 1
default_ccache_name = FILE:$1/ccache
default_keytab_name = FILE:$1/release.keytab
[realms]
$KRB5_REALM = {
	kdc = 127.0.0.1:$2
}
[domain_realm]
localhost = $KRB5_REALM
$(hostname) = $KRB5_REALM
.${KRB5_REALM,,} = $KRB5_REALM
X
}

kdc_conf() {
	cat <<X
[kdcdefaults]
kdc_listen = 127.0.0.1:$2
kdc_tcp_listen = 127.0.0.1:$2
[realms]
$KRB5_REALM = {
	database_name = $1/principal
	key_stash_file = $1/stash
	acl_file = $1/kadm5.acl
	max_life = 10h
	default_principal_flags = +preauth
	supported_enctypes = aes256-cts:normal aes128-cts:normal
}
[logging]
kdc = STDERR
X
}

# What kadmin.local reads: passwords come on its standard input.
krb5_people() {
	local uid password dn option

	echo 'addpol -maxfailure 3 -failurecountinterval 0 strict'
	while IFS=$'\t' read -r uid password dn; do
		case ${uid/jürgen/}:$password in
		*[!A-Za-z0-9:.-]*|*:) continue ;;
		esac
		case $uid in
		locked)		option=-allow_tix ;;
		mustchange)	option=+needchange ;;
		expired)	option='-pwexpire yesterday' ;;
		locksoon)	option='-policy strict' ;;
		*)		option= ;;
		esac
		printf 'addprinc %s -pw %s %s\n' "$option" "$password" "$uid"
	done < <(awk -F'\t' '!n[$1]++' "$1/people.tsv")
}

# Services of this machine, whatever it is called; the service account has the
# password of its LDAP entry, and a keytab as well.
krb5_services() {
	local k=$1 service name

	for name in $(printf '%s\n' localhost "$(hostname)" | sort -u); do
		for service in $KRB5_SERVICES; do
			printf 'addprinc -randkey %s\n' "$service/$name"
			printf 'ktadd -k %s %s\n' "$k/${service,,}.keytab" "$service/$name"
		done
	done
	printf 'addprinc -pw %s release\n' \
		"$(awk -F'\t' '$1 == "anna" { sub("anna", "release", $2); print $2 }' \
			"$k/people.tsv")"
	printf 'ktadd -k %s -norandkey release\n' "$k/release.keytab"
}

# krb5_run FOLDER PROGRAM...: it sees this KDC and no other
krb5_run() {
	local k=$1

	shift
	env KRB5_CONFIG="$k/krb5.conf" KRB5_KDC_PROFILE="$k/kdc.conf" "$@"
}

krb5_make() {
	local k=$1

	python3 "$RIG_SRC/tests/rig/directory/people.py" list "${KRB5_REALM,,}" \
		>"$k/people.tsv" || return 1
	: >"$k/kadm5.acl"
	krb5_run "$k" /usr/sbin/kdb5_util -r "$KRB5_REALM" -P master-4711 create -s -W ||
		return 1
	{ krb5_people "$k"; krb5_services "$k"; } >"$k/orders"
	krb5_run "$k" /usr/sbin/kadmin.local <"$k/orders" || return 1
	rm -f "$k/orders"
	chmod 644 "$k"/*.keytab		# of a test: whoever runs it reads them
}

krb5_start() {
	local d=$1 k=$1/krb5

	[ -f "$k/port" ] || die "no KDC in $d: rig krb5 up"
	! pid_of "$d" krb5kdc >/dev/null || return 0
	# RIG_KDC_ENV: another clock (libfaketime)
	start "$d" krb5kdc env -i PATH="$PATH" KRB5_CONFIG="$k/krb5.conf" \
		KRB5_KDC_PROFILE="$k/kdc.conf" ${RIG_KDC_ENV:-} \
		/usr/sbin/krb5kdc -n
	wait_for 10 port_listens "$(cat "$k/port")" || {
		cannot "krb5kdc did not start: $(tail -3 "$d/log/krb5kdc")"
		return 1
	}
}

krb5_up() {
	local d=$1 k=$1/krb5 port

	needs krb5kdc krb5-kdc && needs kadmin.local krb5-admin-server &&
		needs kinit krb5-user && needs python3 python3 || return 77
	servers_dir "$d"
	! pid_of "$d" krb5kdc >/dev/null || die "the KDC of $d runs already"
	rm -rf "$k"
	mkdir -p "$k"
	port=$(port_kept "$d" krb5) || return 1
	krb5_conf "$k" "$port" >"$k/krb5.conf"
	kdc_conf "$k" "$port" >"$k/kdc.conf"
	krb5_make "$k" >>"$d/log/kadmin" 2>&1 || {
		cannot "no Kerberos database: $(tail -3 "$d/log/kadmin")"
		return 1
	}
	printf '%s\n' "$port" >"$k/port"
	krb5_start "$d" && krb5_env "$d" "$k" "$port"
}

krb5_env() {
	local d=$1 k=$2

	env_put "$d" RIG_KRB5_CONFIG "$k/krb5.conf"
	env_put "$d" RIG_KRB5_REALM "$KRB5_REALM"
	env_put "$d" RIG_KRB5_PORT "$3"
	env_put "$d" RIG_KRB5_PRINCIPAL "release@$KRB5_REALM"
	env_put "$d" RIG_KRB5_KEYTAB "$k/release.keytab"
	env_put "$d" RIG_KRB5_HOST_PRINCIPAL "host/localhost@$KRB5_REALM"
	env_put "$d" RIG_KRB5_HOST_KEYTAB "$k/host.keytab"
	env_put "$d" RIG_KRB5_HTTP_KEYTAB "$k/http.keytab"
	env_put "$d" RIG_KRB5_LIST "$k/people.tsv"
	env_put "$d" RIG_KRB5_LOG "$d/log/krb5kdc"
	env_add "$d"
}

# krb5_part VERB DIR [OPTION...]
krb5_part() {
	local verb=$1 d=$2

	shift 2
	krb5_options "$@"
	case $verb in
	up)		krb5_up "$d" || server_failed $? "$d" krb5kdc ;;
	down|stop)	stop "$d" krb5kdc ;;
	start)		krb5_start "$d" ;;
	*)		usage >&2; exit 2 ;;
	esac
}
