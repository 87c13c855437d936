# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# OpenLDAP's slapd: people, groups, policies, every kind of TLS, SASL. It reads
# nothing of /etc/ldap but the schemas, and Kerberos from DIR/krb5.

SLAPD_SCHEMAS=/etc/ldap/schema
SLAPD_MODULES=/usr/lib/ldap
SLAPD=/usr/sbin/slapd

slapd_options() {
	SLAPD_NAME=ldap SLAPD_DOMAIN=example.com SLAPD_CERT=right SLAPD_MANY=0
	SLAPD_ANONYMOUS= SLAPD_DEBUG=stats SLAPD_LINES=()
	while [ $# -gt 0 ]; do
		case $1 in
		--anonymous)	SLAPD_ANONYMOUS=1; shift; continue ;;
		--quiet)	SLAPD_DEBUG=0; shift; continue ;;
		esac
		[ $# -ge 2 ] || { usage >&2; exit 2; }
		case $1 in
		--name)		SLAPD_NAME=$2 ;;
		--domain)	SLAPD_DOMAIN=$2 ;;
		--cert)		SLAPD_CERT=$2 ;;
		--many)		SLAPD_MANY=$2 ;;
		--conf)		SLAPD_LINES+=("$2") ;;
		*)		usage >&2; exit 2 ;;
		esac
		shift 2
	done
	name_ok "$SLAPD_NAME"
}

slapd_base() { printf 'dc=%s\n' "${1//./,dc=}"; }

# The one who runs the rig, through the local socket.
slapd_root() {
	printf 'gidNumber=%d+uidNumber=%d,cn=peercred,cn=external,cn=auth\n' \
		"$(id -g)" "$(id -u)"
}

# As Active Directory does it lets in who gives a name and no password, as
# nobody (RFC 4513, 5.1.2): it is for the client not to take that for a log-in.
# slapd_conf FOLDER TLS-FOLDER
slapd_conf() {
	local s=$1 t=$2 schema module

	for schema in core cosine nis inetorgperson; do
		printf 'include %s\n' "$SLAPD_SCHEMAS/$schema.schema"
	done
	printf 'modulepath %s\n' "$SLAPD_MODULES"
	for module in back_mdb back_monitor ppolicy memberof; do
		printf 'moduleload %s\n' "$module"
	done
	cat <<X
pidfile $s/slapd.pid
argsfile $s/slapd.args
TLSCACertificateFile $t/ca.crt
TLSCertificateFile $s/server.crt
TLSCertificateKeyFile $s/server.key
allow bind_anon_cred bind_anon_dn
sasl-host localhost
sasl-realm ${SLAPD_DOMAIN^^}
sasl-auxprops slapd
X
	[ ${#SLAPD_LINES[@]} -eq 0 ] || printf '%s\n' "${SLAPD_LINES[@]}"
	slapd_conf_names
	slapd_conf_data "$s"
}

# Who logs in by SASL is the entry of that name.
slapd_conf_names() {
	local base any='(,cn=[^,]+)?,cn=(digest-md5|gssapi|scram-[^,]+),cn=auth$'

	base=$(slapd_base "$SLAPD_DOMAIN")
	cat <<X
authz-regexp "^uid=release$any" "cn=release,ou=services,$base"
authz-regexp "^uid=([^,]+)$any" "uid=\$1,ou=people,$base"
X
}

slapd_conf_data() {
	local s=$1 base root service others=auth

	[ -z "$SLAPD_ANONYMOUS" ] || others=read
	base=$(slapd_base "$SLAPD_DOMAIN")
	root=$(slapd_root)
	service=cn=release,ou=services,$base
	cat <<X
database config
rootdn "$root"
database monitor
rootdn "$root"
database mdb
maxsize $((268435456 + SLAPD_MANY * 20000))
suffix "$base"
rootdn "$root"
directory $s/data
dbnosync
index objectClass,uid,cn,mail,employeeNumber,departmentNumber eq
index member,memberUid,memberOf,gidNumber eq
sizelimit 50
limits dn.exact="$service" size.soft=50 size.hard=50 size.pr=1000 size.prtotal=unlimited
overlay memberof
memberof-group-oc groupOfNames
memberof-member-ad member
memberof-memberof-ad memberOf
overlay ppolicy
ppolicy_default "cn=default,ou=policies,$base"
ppolicy_use_lockout
access to attrs=userPassword by self write by anonymous auth by * none
access to attrs=employeeNumber by dn.exact="$service" read by self read by * none
access to * by dn.exact="$service" read by users read by * $others
X
}

slapd_fill() {
	local s=$1 people=$RIG_SRC/tests/rig/directory/people.py what

	python3 "$people" list "$SLAPD_DOMAIN" >"$s/people.tsv" &&
		python3 "$people" groups "$SLAPD_DOMAIN" >"$s/groups.ldif" || return 1
	for what in people "many:$SLAPD_MANY"; do
		[ "$what" != many:0 ] || continue
		python3 "$people" "$what" "$SLAPD_DOMAIN" |
			/usr/sbin/slapadd -q -f "$s/slapd.conf" || return 1
	done
}

# slapd_cert_put DIR FOLDER KIND
slapd_cert_put() {
	[ -f "$1/tls/$3.crt" ] || die "no certificate $3: one of $CA_KINDS"
	cp "$1/tls/$3.crt" "$2/server.crt" && cp "$1/tls/$3.key" "$2/server.key"
}

slapd_ldapi() { printf 'ldapi://%s\n' "${1//\//%2F}%2Fldapi"; }

slapd_answers() { ldapwhoami -Q -Y EXTERNAL -H "$(slapd_ldapi "$1")"; }

# slapd_start DIR NAME: one that was made is started
slapd_start() {
	local d=$1 name=$2 s=$1/slapd-$2 debug port tls

	[ -f "$s/slapd.conf" ] || die "no slapd $name in $d: rig slapd up"
	! pid_of "$d" "slapd-$name" >/dev/null || return 0
	read -r debug port tls <"$s/start"
	start "$d" "slapd-$name" env -i PATH="$PATH" \
		KRB5_CONFIG="$d/krb5/krb5.conf" KRB5_KTNAME="$d/krb5/ldap.keytab" \
		KRB5RCACHEDIR="$s" LDAPNOINIT=1 "$SLAPD" -f "$s/slapd.conf" -d "$debug" \
		-h "ldap://127.0.0.1:$port ldaps://127.0.0.1:$tls $(slapd_ldapi "$s")"
	wait_for 15 slapd_answers "$s" || {
		cannot "slapd did not start: $(tail -3 "$d/log/slapd-$name")"
		return 1
	}
}

slapd_up() {
	local d=$1 s port tls

	shift
	slapd_options "$@"
	needs slapd slapd && needs ldapwhoami ldap-utils && needs python3 python3 ||
		return 77
	servers_dir "$d"
	s=$d/slapd-$SLAPD_NAME
	! pid_of "$d" "slapd-$SLAPD_NAME" >/dev/null ||
		die "slapd $SLAPD_NAME of $d runs already"
	rm -rf "$s"
	mkdir -p "$s/data"
	ca_up "$d"
	port=$(port_kept "$d" "$SLAPD_NAME") &&
		tls=$(port_kept "$d" "$SLAPD_NAME-tls") || return 1
	printf '%s\n' "$SLAPD_DEBUG $port $tls" >"$s/start"
	slapd_cert_put "$d" "$s" "$SLAPD_CERT"
	slapd_conf "$s" "$d/tls" >"$s/slapd.conf"
	slapd_fill "$s" 2>>"$d/log/slapadd" || {
		cannot "slapadd failed: $(tail -3 "$d/log/slapadd")"
		return 1
	}
	slapd_start "$d" "$SLAPD_NAME" || return 1
	ldapadd -Q -Y EXTERNAL -H "$(slapd_ldapi "$s")" -f "$s/groups.ldif" \
		>>"$d/log/ldapadd" 2>&1 || {
		cannot "ldapadd failed: $(tail -3 "$d/log/ldapadd")"
		return 1
	}
	slapd_env "$d" "$s" "$port" "$tls"
}

# The first is RIG_LDAP_..., one that is called b is RIG_B_LDAP_...
slapd_env() {
	local d=$1 s=$2 port=$3 tls=$4 p=RIG_LDAP base

	[ "$SLAPD_NAME" = ldap ] || p=RIG_${SLAPD_NAME^^}_LDAP
	base=$(slapd_base "$SLAPD_DOMAIN")
	awk -F'\t' '$1 == "anna" { sub("-anna-", "-release-", $2); printf "%s", $2 }' \
		"$s/people.tsv" >"$s/release.password"
	chmod 600 "$s/release.password"
	env_put "$d" "${p}_HOST" localhost
	env_put "$d" "${p}_PORT" "$port"
	env_put "$d" "${p}S_PORT" "$tls"
	env_put "$d" "${p}_URL" "ldap://localhost:$port"
	env_put "$d" "${p}S_URL" "ldaps://localhost:$tls"
	env_put "$d" "${p}I_URL" "$(slapd_ldapi "$s")"
	env_put "$d" "${p}_DOMAIN" "$SLAPD_DOMAIN"
	env_put "$d" "${p}_BASE" "$base"
	env_put "$d" "${p}_PEOPLE" "ou=people,$base"
	env_put "$d" "${p}_GROUPS" "ou=groups,$base"
	env_put "$d" "${p}_BIND_DN" "cn=release,ou=services,$base"
	env_put "$d" "${p}_BIND_PW" "$s/release.password"
	env_put "$d" "${p}_LIST" "$s/people.tsv"
	env_put "$d" "${p}_LOG" "$d/log/slapd-$SLAPD_NAME"
	env_put "$d" RIG_LDAP_TLS "$d/tls"
	env_put "$d" RIG_LDAP_CA "$d/tls/ca.crt"
	env_put "$d" RIG_LDAP_CRL "$d/tls/crl.pem"
	env_add "$d"
}

slapd_cert_change() {
	cat <<X
dn: cn=config
changetype: modify
replace: olcTLSCertificateFile
olcTLSCertificateFile: $1/server.crt
-
replace: olcTLSCertificateKeyFile
olcTLSCertificateKeyFile: $1/server.key
X
}

# slapd_cert DIR NAME KIND: another certificate, at once
slapd_cert() {
	local s=$1/slapd-$2

	slapd_cert_put "$1" "$s" "$3"
	slapd_cert_change "$s" | ldapmodify -Q -Y EXTERNAL \
		-H "$(slapd_ldapi "$s")" >>"$1/log/ldapadd" 2>&1 ||
		die "slapd did not take it: $(tail -3 "$1/log/ldapadd")"
}

# slapd_part VERB DIR [KIND] [OPTION...]
slapd_part() {
	local verb=$1 d=$2 kind=

	shift 2
	[ "$verb" != cert ] || { kind=${1:?which certificate}; shift; }
	slapd_options "$@"
	case $verb in
	up)		slapd_up "$d" "$@" || server_failed $? "$d" "slapd-$SLAPD_NAME" ;;
	down|stop)	stop "$d" "slapd-$SLAPD_NAME" ;;
	start)		slapd_start "$d" "$SLAPD_NAME" ;;
	cert)		slapd_cert "$d" "$SLAPD_NAME" "$kind" ;;
	*)		usage >&2; exit 2 ;;
	esac
}
