# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Real LPD servers to print to: LPRng's lpd and CUPS's cups-lpd.

# LPRng cannot be installed beside cups-bsd: its package is unpacked instead.
lprng_unpack() {
	local peers=$1

	[ -x "$peers/lprng/usr/sbin/lpd" ] && return 0
	command -v apt-get >/dev/null && command -v dpkg >/dev/null || {
		cannot "LPRng's lpd needs apt-get and dpkg to be fetched"
		return 1
	}
	mkdir -p "$peers" || return 1
	(cd "$peers" && apt-get download lprng && dpkg -x lprng_*.deb lprng) \
		>"$peers/lprng.log" 2>&1 && return 0
	cannot "could not fetch the package lprng: $(tail -1 "$peers/lprng.log")"
	return 1
}

# It looks for its configuration in /etc/lprng and nowhere else. So it gets a
# root folder of its own: its programs, their libraries and a small /etc.
lprng_root() {
	local r=$1 bin=$RIG_PEERS/lprng/usr/sbin f

	mkdir -p "$r"/{etc/lprng,dev,tmp,spool/pq}
	cp "$bin/lpd" "$bin/checkpc" "$r/" || return 1
	for f in $(ldd "$bin/lpd" "$bin/checkpc" | grep -o '/[^ ]*\.so[^ ]*' | sort -u); do
		cp -L --parents "$f" "$r/" || return 1
	done
	for f in passwd group hosts host.conf nsswitch.conf services protocols; do
		[ ! -e "/etc/$f" ] || cp -L "/etc/$f" "$r/etc/"
	done
	cp "$RIG_PEERS/lprng/etc/lprng/lpd.perms" "$r/etc/lprng/"
	mknod -m 666 "$r/dev/null" c 1 3 2>/dev/null
	# Where no device may be, a file does: nothing is read from it.
	(: <"$r/dev/null") 2>/dev/null ||
		{ rm -f "$r/dev/null"; : >"$r/dev/null"; chmod 666 "$r/dev/null"; }
}

lprng_conf() {
	local r=$1 port=$2

	cat >"$r/etc/lprng/lpd.conf" <<X
lpd_listen_port=127.0.0.1%$port
lockfile=/lpd.lock
printcap_path=/etc/lprng/printcap
lpd_printcap_path=/etc/lprng/printcap
unix_socket_path=off
save_when_done=yes
done_jobs=1000
done_jobs_max_age=0
X
	printf 'pq:\n :sd=/spool/%%P\n :lp=/pq.out\n :sh:mx#0:\n :lf=/pq.log\n :af=/pq.acct\n' \
		>"$r/etc/lprng/printcap"
	: >"$r/pq.log"; : >"$r/pq.acct"; : >"$r/pq.out"
	chown daemon:lp "$r" "$r/spool" "$r/spool/pq" "$r"/pq.*
	chmod 700 "$r/spool/pq"
}

lprng_up() {
	local d=$1 r=$1/root port

	lprng_unpack "$RIG_PEERS" || return 1
	lpd_dir "$d"
	port=$(free_port "$d") || return 1
	lprng_root "$r" || { cannot "LPRng's lpd could not be set up in $r"; return 1; }
	lprng_conf "$r" "$port"
	chroot "$r" /checkpc -f >"$d/log/checkpc" 2>&1
	start "$d" lprng chroot "$r" /lpd -F
	wait_for 15 port_listens "$port" || {
		cannot "LPRng's lpd did not start: $(tail -3 "$d/log/lprng")"
		return 1
	}
	lpd_env "$d" "$port" pq
	env_put "$d" LPD_PRINTED "$r/pq.out"
	env_put "$d" LPD_SPOOL "$r/spool/pq"
	mv "$d/env.new" "$d/env"
}

# The backend of the cupsd behind cups-lpd: writes what arrives to files.
capture_backend() {
	cat <<'X'
#!/bin/sh
# argv: job user title copies options [file]
[ $# -gt 0 ] || { echo 'direct capture "Unknown" "capture"'; exit 0; }
out=${DEVICE_URI#capture:}
cat ${6:+"$6"} >"$out/$1.prn.tmp" || exit 1
printf '%s\n' "user=$2" "title=$3" "copies=$4" "options=$5" >"$out/$1.txt"
mv "$out/$1.prn.tmp" "$out/$1.prn"
X
}

# A folder of its own with a log and an out folder, whatever was there before.
lpd_dir() {
	[ ! -e "$1/pids" ] || die "$1 is in use: rig lprng|cups-lpd|cupsd down $1"
	if [ -f "$1/.lpd" ]; then
		rm -rf "${1:?}"/{cups,env,env.new,log,out,root}
	fi
	mkdir -p "$1/log" "$1/out"
	: >"$1/.lpd"
	: >"$1/pids"
	chmod 755 "$1" "$1/log" "$1/out"
	check_reachable "$1"
}

lpd_env() {
	env_put "$1" LPD_HOST 127.0.0.1
	env_put "$1" LPD_PORT "$2"
	env_put "$1" LPD_QUEUE "$3"
	env_put "$1" LPD_TARGET "127.0.0.1:$2/$3"
	env_put "$1" LPD_OUT "$1/out"
}

# A cupsd with a queue whose jobs become files: cups-lpd and the tests of a
# second print server use it.
capture_cupsd() {
	local d=$1

	cupsd_make "$d" "$d/cups"
	capture_backend >"$d/cups/bin/backend/capture"
	chmod 700 "$d/cups/bin/backend/capture"
	cupsd_up "$d" cupsd "$d/cups"
	CUPS_SERVER=$d/cups/cups.sock lpadmin -p pq -E -v "capture:$d/out" \
		-o printer-is-shared=true \
		2>/dev/null || die "lpadmin could not make the queue pq"
	return 0
}

cups_lpd_up() {
	local d=$1 port bin=$CUPS_BIN/daemon/cups-lpd

	[ -x "$bin" ] || { cannot "no $bin (package cups-bsd)"; return 1; }
	command -v socat >/dev/null || { cannot "no socat"; return 1; }
	lpd_dir "$d"
	capture_cupsd "$d"
	port=$(free_port "$d") || return 1
	start "$d" cups-lpd env "CUPS_SERVER=$d/cups/cups.sock" socat \
		"TCP-LISTEN:$port,bind=127.0.0.1,reuseaddr,fork" \
		"EXEC:$bin -n -o document-format=application/octet-stream,nofork"
	wait_for 5 port_listens "$port" || { cannot "socat did not start"; return 1; }
	lpd_env "$d" "$port" pq
	env_put "$d" LPD_CUPS "$d/cups/cups.sock"
	mv "$d/env.new" "$d/env"
}

# A second print server: a cupsd with a queue that prints to another one.
second_cupsd_up() {
	local d=$1 uri=$2

	lpd_dir "$d"
	cupsd_make "$d" "$d/cups"
	cupsd_up "$d" cupsd "$d/cups"
	CUPS_SERVER=$d/cups/cups.sock lpadmin -p Between -E -v "$uri" \
		2>/dev/null || die "lpadmin could not make the queue Between"
	env_put "$d" SECOND_CUPS "$d/cups/cups.sock"
	env_put "$d" SECOND_QUEUE Between
	mv "$d/env.new" "$d/env"
}

lpd_down() {
	local rc=0

	stop_all "$1" || rc=1
	ports_free "$1"
	return $rc
}
