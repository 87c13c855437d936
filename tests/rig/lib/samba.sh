# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# An Active Directory domain controller: Samba. It wants the ports 88, 389, 445
# and 636, so it has a network namespace to itself; middle.py hands on to it
# from free ports. The domain is made once and kept in RIG_PEERS, then copied.

SAMBA_DOMAIN=ad.example.com
SAMBA_ADMIN_PASSWORD=Admin-4711

# samba_conf FOLDER TLS-FOLDER: nothing of /etc/samba, /var or /run
samba_conf() {
	local s=$1 t=$2

	cat <<X
[global]
netbios name = DC
realm = ${SAMBA_DOMAIN^^}
workgroup = AD
server role = active directory domain controller
server services = rpc, ldap, cldap, kdc, winbindd
interfaces = lo
bind interfaces only = yes
disable netbios = yes
private dir = $s/private
state directory = $s/state
cache directory = $s/cache
lock directory = $s/lock
pid directory = $s/run
binddns dir = $s/bind-dns
ncalrpc dir = $s/run/ncalrpc
winbindd socket directory = $s/run/winbindd
ntp signd socket directory = $s/run/ntp
usershare path =
log level = 1 auth_audit:3
tls cafile = $t/ca.crt
tls certfile = $t/right.crt
tls keyfile = $s/server.key
template shell = /bin/false
X
}

# samba_provision FOLDER: 10 s of a processor
samba_provision() {
	local s=$1

	samba-tool domain provision --realm="${SAMBA_DOMAIN^^}" --domain=AD \
		--host-name=dc --host-ip=127.0.0.1 --targetdir="$s" \
		--server-role=dc --dns-backend=NONE \
		--adminpass="$SAMBA_ADMIN_PASSWORD" --option="interfaces=lo" \
		--option="bind interfaces only=yes" --option="log file=$s/log" &&
		samba_conf "$s" "$s" >"$s/etc/smb.conf" &&
		/usr/bin/python3 "$RIG_SRC/tests/rig/directory/ad.py" \
			"$s/etc/smb.conf" "$SAMBA_DOMAIN" "$s/people.tsv"
}

# What it is made from is in its name: it is made again when that changes.
samba_kept() {
	local sum

	sum=$(cat "$here/lib/samba.sh" "$RIG_SRC"/tests/rig/directory/{ad,people}.py \
		<(samba --version) | cksum | cut -d' ' -f1)
	printf '%s\n' "$RIG_PEERS/samba-$sum"
}

samba_keep() {
	local kept=$1 new rc=0

	mkdir -p "$RIG_PEERS" || return 1
	# Two that come together: the second finds it made.
	exec 8>"$RIG_PEERS/samba.lock" && flock 8 || return 1
	if [ ! -d "$kept" ]; then
		new=$(mktemp -d /tmp/rel-samba-XXXXXX) || return 1
		samba_provision "$new" >"$RIG_PEERS/samba.log" 2>&1 8>&- &&
			rm -rf "$RIG_PEERS"/samba-[0-9]* &&
			cp -a "$new" "$kept.new" && mv "$kept.new" "$kept" || rc=1
		rm -rf "$new"
	fi
	exec 8>&-
	return $rc
}

samba_needs() {
	needs samba samba-ad-dc && needs samba-tool samba &&
		needs python3 python3 || return 1
	[ -d /usr/share/samba/setup/ad-schema ] ||
		{ cannot "no schema of Active Directory (package samba-ad-provision)"; return 1; }
	unshare -n true 2>/dev/null ||
		{ cannot "network namespaces are not allowed here"; return 1; }
}

samba_answers() {
	ldapsearch -x -o nettimeout=1 -H "ldap://127.0.0.1:$1" -b "" -s base
}

# samba_ports DIR: as middle.py wants them
samba_ports() {
	local target port

	for target in 389 636 88 464 445 3268; do
		port=$(port_kept "$1" "samba-$target") || return 1
		printf '%s:%s\n' "$port" "$target"
	done
}

samba_start() {
	local d=$1 s=$1/samba ports pid

	[ -f "$s/etc/smb.conf" ] || die "no domain controller in $d: rig samba up"
	! pid_of "$d" samba >/dev/null || return 0
	ports=$(samba_ports "$d") || return 1
	rm -rf "$s/run"
	mkdir -p "$s"/run/winbindd "$s"/{cache,lock}
	start "$d" samba unshare -n sh -c 'ip link set lo up && exec "$@"' sh \
		env -i PATH="$PATH:/usr/sbin" samba -F -M single --no-process-group \
		--debug-stdout -s "$s/etc/smb.conf"
	pid=$(pid_of "$d" samba)
	middle_start "$d" samba-ports --netns "$pid" $ports || return 1
	wait_for 60 samba_answers "${ports%%:*}" || {
		cannot "samba did not start: $(tail -3 "$d/log/samba")"
		return 1
	}
}

samba_up() {
	local d=$1 s=$1/samba kept

	samba_needs || return 77
	servers_dir "$d"
	! pid_of "$d" samba >/dev/null || die "the domain controller of $d runs already"
	kept=$(samba_kept)
	samba_keep "$kept" || {
		cannot "no domain could be made: $(tail -3 "$RIG_PEERS/samba.log")"
		return 1
	}
	ca_up "$d"
	rm -rf "$s"
	cp -a "$kept" "$s"
	chmod 755 "$s"
	install -m 600 "$d/tls/right.key" "$s/server.key"
	samba_conf "$s" "$d/tls" >"$s/etc/smb.conf"
	samba_start "$d" && samba_env "$d" "$s"
}

# krb5_conf of the realm, and of nothing else
samba_krb5() {
	local KRB5_REALM=${SAMBA_DOMAIN^^}

	krb5_conf "$1" "$2" | grep -v keytab
}

samba_env() {
	local d=$1 s=$2 base

	base=$(slapd_base "$SAMBA_DOMAIN")
	awk -F'\t' '$1 == "release" { printf "%s", $2 }' "$s/people.tsv" \
		>"$s/release.password"
	chmod 600 "$s/release.password"
	samba_krb5 "$s" "$(port_kept "$d" samba-88)" >"$s/krb5.conf"
	samba_ntlm "$s"
	env_put "$d" RIG_AD_NTLM_AUTH "$s/ntlm_auth"
	env_put "$d" RIG_AD_HOST localhost
	env_put "$d" RIG_AD_PORT "$(port_kept "$d" samba-389)"
	env_put "$d" RIG_ADS_PORT "$(port_kept "$d" samba-636)"
	env_put "$d" RIG_AD_URL "ldap://localhost:$(port_kept "$d" samba-389)"
	env_put "$d" RIG_ADS_URL "ldaps://localhost:$(port_kept "$d" samba-636)"
	env_put "$d" RIG_AD_DOMAIN "$SAMBA_DOMAIN"
	env_put "$d" RIG_AD_REALM "${SAMBA_DOMAIN^^}"
	env_put "$d" RIG_AD_WORKGROUP AD
	env_put "$d" RIG_AD_BASE "$base"
	env_put "$d" RIG_AD_BIND_DN "$(dir_row release "$s/people.tsv")"
	env_put "$d" RIG_AD_BIND_PW "$s/release.password"
	env_put "$d" RIG_AD_LIST "$s/people.tsv"
	env_put "$d" RIG_AD_KRB5_CONFIG "$s/krb5.conf"
	env_put "$d" RIG_AD_LOG "$d/log/samba"
	env_put "$d" RIG_LDAP_TLS "$d/tls"
	env_put "$d" RIG_LDAP_CA "$d/tls/ca.crt"
	env_put "$d" RIG_LDAP_CRL "$d/tls/crl.pem"
	env_add "$d"
}

# Who asks winbindd looks in /run/samba only, but for Samba's own tests, which
# run with libnss_wrapper: so does this.
samba_ntlm() {
	local s=$1

	cat >"$s/ntlm_auth" <<X
#!/bin/sh
export LD_PRELOAD=$(web_lib libnss_wrapper) NSS_WRAPPER_PASSWD=/etc/passwd \\
	NSS_WRAPPER_GROUP=/etc/group SELFTEST_WINBINDD_SOCKET_DIR=$s/run/winbindd
exec /usr/bin/ntlm_auth --configfile=$s/etc/smb.conf "\$@"
X
	chmod 755 "$s/ntlm_auth"
}

dir_row() { awk -F'\t' -v u="$1" '$1 == u { print $3 }' "$2"; }

samba_end() {
	local rc=0

	stop "$1" samba-ports || rc=1
	stop "$1" samba || rc=1
	return $rc
}

# samba_part VERB DIR
samba_part() {
	case $1 in
	up)		samba_up "$2" || server_failed $? "$2" samba-ports samba ;;
	down|stop)	samba_end "$2" ;;
	start)		samba_start "$2" ;;
	*)		usage >&2; exit 2 ;;
	esac
}
