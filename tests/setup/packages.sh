# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The packages of Debian it takes; elsewhere, the names of what is missing.

PACKAGES_BUILD="build-essential autoconf automake pkg-config libcups2-dev
    libevent-dev libjansson-dev libssl-dev libsqlite3-dev libseccomp-dev
    libcurl4-openssl-dev libqpdf-dev libqrencode-dev libcmocka-dev cups-ppdc
    libldap-dev libkrb5-dev libsasl2-dev libpam0g-dev libsnmp-dev"
PACKAGES_RUN="libsasl2-modules cups cups-client cups-bsd cups-filters cups-ipp-utils ghostscript
    poppler-utils curl jq openssl sqlite3 socat iproute2 procps"
# People with passwords whom only the rig's cupsd knows.
PACKAGES_RUN="$PACKAGES_RUN libpam-wrapper libnss-wrapper"
# The real directory servers of the tests, and who asks them.
PACKAGES_DIRECTORY="slapd ldap-utils libsasl2-modules libsasl2-modules-gssapi-mit
    krb5-kdc krb5-admin-server krb5-user samba-ad-dc samba-ad-provision winbind
    libpam-pwdfile faketime"
# An agent of SNMPv3, and who asks it.
PACKAGES_SNMP="snmpd snmp"
# What they would start at the next boot: only the tests start them, by hand.
SERVICES_IDLE="slapd krb5-kdc krb5-admin-server samba-ad-dc smbd nmbd winbind snmpd"
PACKAGES_CHECK="$PACKAGES_DIRECTORY $PACKAGES_SNMP qpdf zbar-tools cppcheck universal-ctags mandoc python3
    python3-jsonschema wrk postfix sasl2-bin chromium fonts-dejavu-core libnss3-tools nodejs"
# Some packages of nodejs bring npm, Debian's does not.
command -v npm >/dev/null || PACKAGES_CHECK="$PACKAGES_CHECK npm"
PACKAGES_BENCH="nginx-light nghttp2-client"

packages_missing() {
	local p

	for p in "$@"; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null)" = \
			installed ] || printf '%s ' "$p"
	done
}

# Packages must not start daemons here: the answer 101 of policy-rc.d.
policy_on() {
	[ ! -e /usr/sbin/policy-rc.d ] || return 0
	printf '#!/bin/sh\n# made by cups-release ./setup\nexit 101\n' |
		root tee /usr/sbin/policy-rc.d >/dev/null &&
		root chmod 755 /usr/sbin/policy-rc.d && POLICY_OURS=1
}

policy_off() {
	[ -z "${POLICY_OURS:-}" ] || root rm -f /usr/sbin/policy-rc.d
	POLICY_OURS=
}

apt_get() {
	root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
		-o DPkg::Lock::Timeout=300 "$@"
}

services_there() {
	local s

	for s in $SERVICES_IDLE; do
		[ ! -e "/etc/init.d/$s" ] && [ ! -e "/lib/systemd/system/$s.service" ] ||
			printf '%s ' "$s"
	done
}

# services_idle THERE-BEFORE: one that was here before stays as it was.
services_idle() {
	local s

	for s in $(services_there); do
		case " $1" in *" $s "*) continue ;; esac
		if [ -e "/etc/init.d/$s" ]; then
			root update-rc.d "$s" disable
		else
			root systemctl disable "$s"
		fi
	done
}

# The lists may be old or absent: install first, refresh and try again.
packages_install() {
	local rc before

	before=$(services_there)
	policy_on || return 1
	trap 'policy_off; exit 1' INT TERM HUP
	apt_get install --no-install-recommends "$@" ||
		{ apt_get update && apt_get install --no-install-recommends "$@"; }
	rc=$?
	services_idle "$before"
	policy_off
	trap - INT TERM HUP
	return $rc
}

# ---- not Debian: say what to get, and nothing else
probe() { command -v "$1" >/dev/null 2>&1 || MISSING+=("$1"); }
probe_lib() {
	pkg-config --exists "$1" 2>/dev/null || MISSING+=("$1 (development files)")
}

packages_elsewhere() {
	local p

	MISSING=()
	for p in cc make autoconf automake pkg-config cups-config ppdc lp \
	    lpadmin ipptool gs pdftoppm curl jq openssl sqlite3 socat ss unshare setsid \
	    python3; do
		probe "$p"
	done
	[ -x /usr/sbin/cupsd ] || probe cupsd
	for p in libevent libevent_openssl jansson openssl sqlite3 libseccomp \
	    libcurl netsnmp ldap libsasl2 krb5-gssapi libqpdf libqrencode cmocka; do
		probe_lib "$p"
	done
	printf 'setup: this is %s, without apt-get. ./setup installs packages on Debian 12 and 13 only.\n' \
		"$(uname -s)" >&2
	if [ ${#MISSING[@]} -gt 0 ]; then
		printf 'Missing here:\n' >&2
		printf '  %s\n' "${MISSING[@]}" >&2
	else
		printf 'All programs and libraries are there; ./setup build may work, but it is not tested here.\n' >&2
	fi
	[ "$(uname -s)" = Linux ] ||
		printf 'The test rig also needs Linux (mount namespaces, seccomp).\n' >&2
}

# packages_step LIST...: one step of the run.
packages_step() {
	local missing

	if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
		packages_elsewhere
		exit 1
	fi
	missing=$(packages_missing "$@")
	if [ -n "$missing" ]; then
		sudo_ready "install packages"
		echo "To install: $missing"
		step "Install packages" packages_install $missing ||
			die "these packages could not be installed: $missing"
	else
		step "Packages (nothing is missing)" true
	fi
}

packages_main() {
	local list="$PACKAGES_BUILD $PACKAGES_RUN $PACKAGES_CHECK"

	[ "${1:-}" != --bench ] || list="$list $PACKAGES_BENCH"
	STEPS=1
	log_init
	packages_step $list
	sudo_done
}
