# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# For scenarios, after scenario.sh:   . "$S_SRC/tests/rig/lib/directory.sh"
# Directory servers in $W/NAME, and short words for asking them. In a folder
# where a rig is up they go beside it.

# server KIND NAME [OPTION...]: rig KIND up; its words ($RIG_LDAP_PORT ...) are
# set. 1 when a package is missing here: SERVER_WHY says which. One that does
# not start is the end of the scenario.
server() {
	local kind=$1 name=$2 rc

	shift 2
	case " ${S_UP[*]-} " in
	*:"$W/$name "*) ;;
	*) S_UP+=("servers:$W/$name") ;;
	esac
	SERVER_WHY=$("$RIG" "$kind" up "$W/$name" "$@" 2>&1)
	rc=$?
	[ $rc -ne 77 ] || return 1
	[ $rc -eq 0 ] || bail "rig $kind up: $SERVER_WHY"
	server_use "$name"
}

server_use() {
	set -a
	. "$W/$1/env"
	set +a
	export LDAPTLS_CACERT=$RIG_LDAP_CA LDAPTLS_REQCERT=demand
}

# with_crl COMMAND...: one that reads the list of what was revoked, whatever
# TLS libldap was built with
with_crl() {
	LDAPTLS_CRLFILE=$RIG_LDAP_CRL LDAPTLS_CACERTDIR=$RIG_LDAP_TLS/hashed \
		LDAPTLS_CRLCHECK=all "$@"
}

# ---- people: of the first server's list, or of LIST
dir_field() {
	WHO=$1 awk -F'\t' -v n="$2" '$1 == ENVIRON["WHO"] { printf "%s", $n; exit }' \
		"${3:-$RIG_LDAP_LIST}"
}
dir_password() { dir_field "$1" 2 "${2:-}"; }
dir_dn() { dir_field "$1" 3 "${2:-}"; }

# secret TEXT: a file that holds it, so that it is in no argv; one at a time
secret() {
	(umask 077; printf '%s' "$1" >"$W/secret")
	printf '%s\n' "$W/secret"
}

# ---- asking: LDAP_URL is the server (RIG_LDAP_URL), LDAP_OPT more options
# ldap_who UID [PASSWORD]: log in as a person, say who one is
ldap_who() {
	local password=${2-$(dir_password "$1")}

	ldapwhoami -x -H "${LDAP_URL:-$RIG_LDAP_URL}" ${LDAP_OPT:-} \
		-D "$(dir_dn "$1")" -y "$(secret "$password")" 2>&1
}

# ldap_sasl MECH NAME PASSWORD
ldap_sasl() {
	ldapwhoami -Q -N -Y "$1" -H "${LDAP_URL:-$RIG_LDAP_URL}" ${LDAP_OPT:-} \
		-U "$2" -y "$(secret "$3")" 2>&1
}

# ldap_find FILTER [ATTRIBUTE...]: as the service account
ldap_find() {
	ldapsearch -x -LLL -o ldif-wrap=no -H "${LDAP_URL:-$RIG_LDAP_URL}" \
		${LDAP_OPT:-} -D "$RIG_LDAP_BIND_DN" -y "$RIG_LDAP_BIND_PW" \
		-b "$RIG_LDAP_PEOPLE" "$@" 2>&1
}

# ldap_binds UID [LOG]: how many log-ins under that name have reached slapd
ldap_binds() {
	grep -acF "BIND dn=\"$(dir_dn "$1")\" method=" "${2:-$RIG_LDAP_LOG}"
}

# ---- Kerberos: tickets of this scenario alone
# krb5_use: of the rig's KDC from now on
krb5_use() { export KRB5_CONFIG=$RIG_KRB5_CONFIG KRB5CCNAME=FILE:$W/tickets; }

# krb5_login UID [PASSWORD]
krb5_login() {
	printf '%s\n' "${2-$(dir_password "$1" "$RIG_KRB5_LIST")}" |
		kinit "$1" 2>&1
}

# krb5_kadmin FOLDER ORDER...: of the rig's KDC there
krb5_kadmin() {
	KRB5_CONFIG=$1/krb5/krb5.conf KRB5_KDC_PROFILE=$1/krb5/kdc.conf \
		/usr/sbin/kadmin.local "${@:2}"
}

krb5_who() { klist 2>/dev/null | sed -n 's/^Default principal: //p'; }

# middle ORDER...: what the man in the middle does from now on
middle() { "$RIG" middle order "$R_MIDDLE" "$@"; }

# port_open PORT: somebody accepts there within half a second
port_open() { timeout 0.5 bash -c "exec 3<>/dev/tcp/127.0.0.1/$1" 2>/dev/null; }
