# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Real LPD servers to print to: LPRng's lpd and CUPS's cups-lpd.

# LPRng cannot be installed beside cups-bsd: its package is unpacked instead.
lprng_unpack() {
	local peers=$1

	[ -x "$peers/lprng/usr/sbin/lpd" ] && return 0
	command -v apt-get >/dev/null && command -v dpkg >/dev/null || {
		say "LPRng's lpd needs apt-get and dpkg to be fetched"
		return 1
	}
	mkdir -p "$peers" || return 1
	(cd "$peers" && apt-get download lprng && dpkg -x lprng_*.deb lprng) \
		>"$peers/lprng.log" 2>&1 && return 0
	say "could not fetch the package lprng: $(tail -1 "$peers/lprng.log")"
	return 1
}

lprng_conf() {
	local d=$1 port=$2

	mkdir -p "$d"/{spool/pq,log,etc/lprng}
	cp "$RIG_PEERS/lprng/etc/lprng/lpd.perms" "$d/etc/lprng/"
	for f in passwd group hosts host.conf nsswitch.conf resolv.conf \
	    services protocols ld.so.conf ld.so.conf.d ld.so.cache localtime; do
		[ ! -e "/etc/$f" ] || cp -aL "/etc/$f" "$d/etc/"
	done
	cat >"$d/etc/lprng/lpd.conf" <<X
lpd_listen_port=127.0.0.1%$port
lockfile=$d/lpd.lock
printcap_path=/etc/lprng/printcap
lpd_printcap_path=/etc/lprng/printcap
unix_socket_path=off
save_when_done=yes
done_jobs=1000
done_jobs_max_age=0
X
	printf 'pq:\n :sd=%s/spool/%%P\n :lp=%s/pq.out\n :sh:mx#0:\n :lf=%s/pq.log\n :af=%s/pq.acct\n' \
		"$d" "$d" "$d" "$d" >"$d/etc/lprng/printcap"
	: >"$d/pq.log"; : >"$d/pq.acct"; : >"$d/pq.out"
	chmod 755 "$d"
	chown -R daemon:lp "$d"
	chmod 700 "$d/spool/pq"
}

# Its configuration must be in /etc/lprng: a private view of /etc has it.
LPRNG_RUN='
mount --make-rprivate / && mount --bind "$1/etc" /etc || exit 70
"$2/lprng/usr/sbin/checkpc" -f >"$1/log/checkpc" 2>&1
exec "$2/lprng/usr/sbin/lpd" -F
'

lprng_up() {
	local d=$1 port

	lprng_unpack "$RIG_PEERS" || return 1
	unshare -m true 2>/dev/null || {
		say "LPRng's lpd needs a mount namespace, which is not allowed here"
		return 1
	}
	lpd_dir "$d"
	port=$(free_port "$d") || return 1
	lprng_conf "$d" "$port"
	start "$d" lprng unshare -m sh -c "$LPRNG_RUN" sh "$d" "$RIG_PEERS"
	wait_for 15 port_listens "$port" || {
		say "LPRng's lpd did not start: $(tail -3 "$d/log/lprng")"
		return 1
	}
	lpd_env "$d" "$port" pq
	env_put "$d" LPD_PRINTED "$d/pq.out"
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
		rm -rf "${1:?}"/{cups,env,env.new,etc,log,out,pq.*,spool}
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

	[ -x "$bin" ] || { say "no $bin (package cups-bsd)"; return 1; }
	command -v socat >/dev/null || { say "no socat"; return 1; }
	lpd_dir "$d"
	capture_cupsd "$d"
	port=$(free_port "$d") || return 1
	start "$d" cups-lpd env "CUPS_SERVER=$d/cups/cups.sock" socat \
		"TCP-LISTEN:$port,bind=127.0.0.1,reuseaddr,fork" \
		"EXEC:$bin -n -o document-format=application/octet-stream,nofork"
	wait_for 5 port_listens "$port" || { say "socat did not start"; return 1; }
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
