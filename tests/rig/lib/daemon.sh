# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The rig itself: releaserd, its users and cards, a device, and cupsd's queue.

RIG_ANNA_PASSWORD='Grün-4711 "x"'
RIG_ANNA_NUMBER=471100
RIG_ANNA_CARD=04A1B2C3D4E5
RIG_OTTO_CARD=0407060504030201
RIG_OTTO_PIN=24681357
RIG_OWN_CARD=04FFEEDDCCBB01

# ---- releaserd
conf_default() {
	local d=$1

	cat <<X
RunDir $d/run
StateDir $d/state
SpoolDir $d/spool
KeyFile $d/key/host.key
CoreUser 61001:61001
NetUser 61002:61002
Listen 127.0.0.1
HttpsPort $RIG_HTTPS
HttpsPortFallback 0
ServerName localhost
AdminGroup root
CupsSocket $d/cups/cups.sock
PagesUrl http://127.0.0.1:$RIG_WEB
X
}

# What the caller gave with --conf takes the place of the default line.
conf_write() {
	local d=$1 line given=

	shift
	for line; do
		given+="${line%%[[:space:]]*}|"
	done
	conf_default "$d" | grep -viE "^(${given}-) " >"$d/releaserd.conf"
	[ $# -eq 0 ] || printf '%s\n' "$@" >>"$d/releaserd.conf"
}

api() {
	local d=$1 method=$2 path=$3

	# The body comes on standard input: passwords stay out of argv.
	curl -sS --fail-with-body --max-time 20 --unix-socket "$d/run/api.sock" \
		-X "$method" -H 'Content-Type: application/json' \
		${4:+--data-binary @-} "http://localhost/api/v1$path"
}

daemon_ready() { [ -S "$1/run/api.sock" ] && api "$1" GET /status | grep -q version; }

daemon_start() {
	local d=$1 prog=$RIG_BUILD/releaserd/releaserd

	[ -x "$prog" ] || die "no $prog: ./setup build first, or say where by RIG_BUILD"
	# Not installed: the program that looks at pages is that of the build.
	mkdir -p "$d/programs"
	[ ! -x "$RIG_BUILD/filter/release-pages" ] ||
		install -m 755 "$RIG_BUILD/filter/release-pages" "$d/programs/"
	# RIG_DAEMON_ENV: more NAME=VALUE words, as LD_PRELOAD of a test
	start "$d" releaserd env -i PATH="$PATH" REL_FAULT_FILE="$d/fault/point" \
		REL_PROGRAMS="$d/programs" "${RIG_SAN_ENV[@]}" ${RIG_DAEMON_ENV:-} "$prog" -c "$d/releaserd.conf"
	wait_for 15 daemon_ready "$d" || {
		tail -8 "$d/log/releaserd" >&2
		die "releaserd did not start (its log: $d/log/releaserd)"
	}
}

# What a sanitizer finds: of releaserd in its log (a role in its jail can open
# no file), of the backend in files of their own.
san_env() {
	local d=$1 leaks=detect_leaks=${RIG_LEAKS:-1}

	RIG_SAN_ENV=(ASAN_OPTIONS="$leaks" UBSAN_OPTIONS="print_stacktrace=1")
	RIG_SAN_BACKEND=(ASAN_OPTIONS="log_path=$d/san/asan:$leaks"
	    UBSAN_OPTIONS="log_path=$d/san/ubsan:print_stacktrace=1")
}

# A folder of an earlier rig starts afresh: only what a rig makes is removed.
afresh() {
	local d=$1 name pid began f

	while read -r name pid began; do
		! session_has "$pid" ||
			die "$name (pid $pid) of $d still runs: rig down $d"
	done < <(cat "$d/pids" 2>/dev/null)
	[ -f "$d/.rig" ] || return 0
	ports_free "$d"
	for f in cups env env.new fault key log opsim out pids ports releasectl \
	    programs releaserd.conf run san server-ca.pem state; do
		rm -rf "${d:?}/$f"
	done
	servers_gone "$d"
	[ ! -d "$d/spool" ] || find "$d/spool" -mindepth 1 -delete
}

folders() {
	local d=$1

	mkdir -p "$d"/{log,key,fault,out,opsim,san}
	chmod 755 "$d" "$d"/{log,out,opsim}

	chmod 1777 "$d/fault" "$d/san"
	: >"$d/.rig"
	: >"$d/pids"
	rm -f "$d/env" "$d/env.new"
}

# ---- cupsd with our backend and driver
queue_files() {
	local d=$1 c=$1/cups

	install -m 755 "$RIG_BUILD/filter/pdftorelease" \
		"$c/bin/filter/pdftorelease" || die "no filter in $RIG_BUILD/filter"
	install -m 700 "$RIG_BUILD/backend/release" "$c/bin/backend/release" ||
		die "no backend in $RIG_BUILD/backend"
	mkdir -p "$c/data/model/cups-release"
	cp "$(dirname "$(driver)")/release-pin.ppd" "$c/data/model/cups-release/" 2>/dev/null
	cp "$(driver)" "$c/data/model/cups-release/release.ppd" 2>/dev/null ||
		ppdc -d "$c/data/model/cups-release" "$RIG_SRC/ppd/release.drv" ||
		die "no release.ppd in $RIG_BUILD/ppd"
	cat >"$c/setenv" <<X
SetEnv CUPS_RELEASE_SOCKET $d/run/intake.sock
SetEnv REL_FAULT_FILE $d/fault/point
X
	printf 'SetEnv %s\n' "${RIG_SAN_BACKEND[@]/=/ }" >>"$c/setenv"
}

driver() {
	local f

	for f in "$RIG_BUILD"/ppd/release.ppd "$RIG_BUILD"/ppd/ppd/release.ppd \
	    "$RIG_BUILD"/ppd/*/release.ppd "$RIG_SRC"/ppd/release.ppd; do
		[ ! -f "$f" ] || { printf '%s\n' "$f"; return; }
	done
}

queues() {
	local d=$1
	local -x CUPS_SERVER=$1/cups/cups.sock

	{ lpadmin -p FollowMe -E -v release:/ -m cups-release/release.ppd \
		-o printer-is-shared=true &&
	lpadmin -p FollowRaw -E -v release:/ -o printer-is-shared=true &&
	lpadmin -d FollowMe; } 2>"$d/log/lpadmin" ||
		die "lpadmin could not make the queues: $(cat "$d/log/lpadmin")"
}

# ---- people and the device
# user_new DIR USER-JSON; card_new DIR USER CARD: values never in argv of others
user_new() { printf '%s' "$2" | api "$1" POST /users body >/dev/null; }

card_new() {
	printf '{"user":"%s","value":"%s","encoding":"hex"}' "$2" "$3" |
		api "$1" POST /cards body >/dev/null
}

# The one who runs the rig; anna has everything but a PIN; otto's card has one.
people() {
	local d=$1 password

	password=$(printf '%s' "$RIG_ANNA_PASSWORD" | jq -Rs .)
	RIG_USER=${RIG_OWNER:-$(id -un)}
	user_new "$d" "{\"name\":\"$RIG_USER\",\"display\":\"$RIG_USER\"}" &&
	user_new "$d" "{\"name\":\"anna\",\"display\":\"Anna Muster\",\"password\":$password,\"id_number\":\"$RIG_ANNA_NUMBER\"}" &&
	user_new "$d" "{\"name\":\"otto\",\"card_pin\":\"$RIG_OTTO_PIN\"}" &&
	card_new "$d" "$RIG_USER" "$RIG_OWN_CARD" &&
	card_new "$d" anna "$RIG_ANNA_CARD" &&
	card_new "$d" otto "$RIG_OTTO_CARD" ||
		die "releaserd did not take the users"
}

device_new() {
	local d=$1 host=$2 port=$3 queue=$4 answer

	answer=$(printf '{"name":"Flur","serial":"any","location":"B2","lpr_host":"%s","lpr_port":%s,"lpr_queue":"%s"}' \
		"$host" "$port" "$queue" | api "$d" POST /devices body) ||
		die "releaserd did not take the device: $answer"
	RIG_DEVICE_ID=$(jq -r .id <<<"$answer")
	jq -r .activation_key <<<"$answer" >"$d/opsim/activation-key"
	chmod 600 "$d/opsim/activation-key"
}

# Register with the activation key, then be the device: panel, LPD, web page.
opsim_start() {
	local d=$1 prog=$RIG_BUILD/tests/opsim/opsim o=$1/opsim

	[ -x "$prog" ] || die "no $prog: build first (make check builds it)"
	"$prog" register --dir "$o" --server "https://localhost:$RIG_HTTPS" \
		--ca "$d/server-ca.pem" --key-file "$o/activation-key" \
		--serial "RIG-$RIG_HTTPS" --level "${RIG_LEVEL:-1}" \
		--native "${RIG_NATIVE:-}" --trace "$o/trace.jsonl" \
		>"$d/log/opsim-register" 2>&1 ||
		die "the device could not register: $(tail -2 "$d/log/opsim-register")"
	# Secrets of a test device: whoever runs the tests may read them.
	chmod 755 "$o"
	chmod 644 "$o"/device.key "$o"/device.crt
	RIG_OPSIM=$o/control.sock
	start "$d" opsim "$prog" run --dir "$o" --out "$d/out" \
		--lpd "127.0.0.1:$RIG_LPD_PORT" --http "127.0.0.1:$RIG_PANEL_PORT" \
		--control "$RIG_OPSIM" --trace "$o/trace.jsonl" \
		${RIG_DEVICE_API:+--api 127.0.0.1:0} \
		${RIG_DEVICE_SNMP:+--snmp 127.0.0.1:0 --profile "$RIG_DEVICE_SNMP"} \
		${RIG_HEARTBEAT:+--heartbeat "$RIG_HEARTBEAT"} \
		--card "$RIG_USER=$RIG_OWN_CARD" --card "anna=$RIG_ANNA_CARD"
	wait_for 10 opsim_ready || die "opsim did not start (its log: $d/log/opsim)"
	chmod 666 "$RIG_OPSIM"
}

opsim_ready() { [ -S "$RIG_OPSIM" ] && port_listens "$RIG_LPD_PORT"; }

# ---- rig up
up_options() {
	RIG_LPD=
	RIG_CONF_LINES=()
	while [ $# -gt 0 ]; do
		case $1 in
		--lpd)	RIG_LPD=${2:?--lpd HOST:PORT/QUEUE}; shift 2 ;;
		--conf)	RIG_CONF_LINES+=("${2:?--conf 'Directive value'}"); shift 2 ;;
		*)	usage >&2; exit 2 ;;
		esac
	done
	case $RIG_LPD in
	''|*:[0-9]*/?*) ;;
	*) die "--lpd wants HOST:PORT/QUEUE, not $RIG_LPD" ;;
	esac
}

lpd_target() {
	local rest

	if [ -z "$RIG_LPD" ]; then
		LPR_HOST=127.0.0.1 LPR_PORT=$RIG_LPD_PORT LPR_QUEUE=op
		return
	fi
	LPR_QUEUE=${RIG_LPD#*/}
	rest=${RIG_LPD%%/*}
	LPR_HOST=${rest%:*} LPR_PORT=${rest##*:}
}

rig_up() {
	local d=$1

	shift
	up_options "$@"
	check_reachable "$d"
	afresh "$d"
	folders "$d"
	trap 'rig_failed "$d"' EXIT
	san_env "$d"
	RIG_HTTPS=$(free_port "$d") || exit 1
	RIG_LPD_PORT=$(free_port "$d") || exit 1
	RIG_PANEL_PORT=$(free_port "$d") || exit 1
	cupsd_make "$d" "$d/cups"
	RIG_WEB=$CUPSD_PORT
	conf_write "$d" "${RIG_CONF_LINES[@]}"
	queue_files "$d"
	web_pages "$d"
	daemon_start "$d"
	https_port "$d"
	web_people "$d/cups"
	cupsd_up "$d" cupsd "$d/cups" "${WEB_ENV[@]}"
	queues "$d"
	server_ca "$d"
	people "$d"
	lpd_target
	device_new "$d" "$LPR_HOST" "$LPR_PORT" "$LPR_QUEUE"
	opsim_start "$d"
	env_write "$d"
	trap - EXIT
	say "up: $d/env"
}

rig_failed() {
	trap - EXIT
	say "not up: ending what was started; the logs stay in $1/log"
	stop_all "$1"
	ports_free "$1"
	exit 1
}

# The port it really took: it may have fallen back.
https_port() {
	RIG_HTTPS=$(api "$1" GET /status | jq -r '.https[0] // empty')
	RIG_HTTPS=${RIG_HTTPS##*:}
	[ -n "$RIG_HTTPS" ] || die "releaserd listens on no HTTPS port"
}

# The certificate panels trust, where everyone may read it.
server_ca() {
	install -m 644 "$1/key/tls.crt" "$1/server-ca.pem" ||
		die "releaserd made no server certificate"
}

ctl_wrapper() {
	local d=$1

	printf '#!/bin/sh\nRELEASE_PAGES=%q exec %q --socket %q "$@"\n' \
		"$d/programs/release-pages" \
		"$RIG_BUILD/ctl/releasectl" "$d/run/api.sock" >"$d/releasectl"
	chmod 755 "$d/releasectl"
}

env_write() {
	local d=$1 o=$1/opsim

	ctl_wrapper "$d"
	env_put "$d" CUPS_SERVER "$d/cups/cups.sock"
	env_put "$d" RIG_DIR "$d"
	env_put "$d" RIG_QUEUE FollowMe
	env_put "$d" RIG_RAW_QUEUE FollowRaw
	env_put "$d" RIG_SERVER_URL "https://localhost:$RIG_HTTPS"
	env_put "$d" RIG_PANEL_URL "https://localhost:$RIG_HTTPS/opdp/v1/panel"
	env_put "$d" RIG_CA "$d/server-ca.pem"
	env_put "$d" RIG_DEVICE_ID "$RIG_DEVICE_ID"
	env_put "$d" RIG_DEVICE_CERT "$o/device.crt"
	env_put "$d" RIG_DEVICE_KEY "$o/device.key"
	env_put "$d" RIG_CTL "$d/releasectl"
	env_put "$d" RIG_OUT "$d/out"
	env_put "$d" RIG_WEB_URL "http://127.0.0.1:$RIG_WEB/"
	env_put "$d" RIG_IPP_URL "ipp://127.0.0.1:$RIG_WEB/printers/FollowMe"
	env_put "$d" RIG_CARD "$RIG_OWN_CARD"
	env_put "$d" RIG_USER "$RIG_USER"
	env_put "$d" RIG_ANNA_CARD "$RIG_ANNA_CARD"
	env_put "$d" RIG_ANNA_PASSWORD "$RIG_ANNA_PASSWORD"
	env_put "$d" RIG_ANNA_NUMBER "$RIG_ANNA_NUMBER"
	env_put "$d" RIG_OTTO_CARD "$RIG_OTTO_CARD"
	env_put "$d" RIG_OTTO_PIN "$RIG_OTTO_PIN"
	env_put "$d" RIG_API_SOCK "$d/run/api.sock"
	env_put "$d" RIG_INTAKE_SOCK "$d/run/intake.sock"
	env_put "$d" RIG_CONF "$d/releaserd.conf"
	env_put "$d" RIG_SPOOL "$d/spool"
	env_put "$d" RIG_DB "$(ls "$d"/state/*.db | head -1)"
	env_put "$d" RIG_PIDS "$d/pids"
	env_put "$d" RIG_LOG "$d/log/releaserd"
	env_put "$d" RIG_OPSIM "$RIG_OPSIM"
	env_put "$d" RIG_OPSIM_URL "http://127.0.0.1:$RIG_PANEL_PORT/"
	env_put "$d" RIG_TRACE "$o/trace.jsonl"
	env_put "$d" RIG_LPD_PORT "$RIG_LPD_PORT"
	env_put "$d" RIG_HTTPS_PORT "$RIG_HTTPS"
	env_put "$d" RIG_FAULT_FILE "$d/fault/point"
	env_put "$d" RIG_BUILD "$RIG_BUILD"
	web_env "$d"
	mv "$d/env.new" "$d/env"
}

# ---- and down
rig_down() {
	local rc=0

	stop_all "$1" || rc=1
	ports_free "$1"
	rm -f "$1/env"
	return $rc
}

rig_stop() { stop "$1" releaserd; }

rig_start() {
	san_env "$1"
	daemon_start "$1"
}

rig_restart() { rig_stop "$1"; rig_start "$1"; }
