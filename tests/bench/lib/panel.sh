# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Panels over TLS: log-ins and lists of jobs, 100 connections that are kept,
# against nginx with a file of the same size.

wrk_run() {
	wrk -t2 -c100 -d"${SECONDS_EACH}s" --latency -s "$bench/wrk.lua" \
		"$1" -- "$2" "$dir/sessions" | awk '/^RESULT/ {
			print $2, $3, $4, $5, $6 }'
}

# wrk_round NAME URL KIND: a run; all answers must be good.
wrk_round() {
	local rate p50 p99 n bad

	read -r rate p50 p99 n bad < <(wrk_run "$2" "$3")
	[ "${n:-0}" -gt 0 ] || die "$1: wrk measured nothing"
	[ "$bad" -eq 0 ] || die "$1: $bad of $n requests failed"
	add "$1" "$rate"
	add "$1-p50" "$p50"
	add "$1-p99" "$p99"
	answered=$n
}

log_ins() { grep -c ' log-in user=' "$RIG_LOG"; }

open_sessions() {
	"$tools/tap" sessions "$RIG_HTTPS_PORT" <"$dir/devices" \
		>"$dir/sessions" || die "log-in failed"
}

# What nginx serves is as long as what releaserd answers.
panel_files() {
	local bytes jobs

	read -r bytes jobs < <("$tools/tap" list "$RIG_HTTPS_PORT" \
		<"$dir/sessions")
	[ "${jobs:-0}" -eq 10 ] || die "the list has ${jobs:-no} jobs, not 10"
	nginx_file "$dir" list "$bytes"
	read -r bytes jobs < <("$tools/tap" login "$RIG_HTTPS_PORT" \
		<"$dir/sessions")
	nginx_file "$dir" login "$bytes"
}

login_round() {
	local before

	before=$(log_ins)
	wrk_round login "$releaserd" login
	# A refusal is a 200 too: what was not refused stands in the log.
	[ $(($(log_ins) - before)) -ge "$answered" ] ||
		die "not every log-in was admitted"
	wrk_round nginx-login "$nginx/login" get
}

bench_panel() {
	local i port

	seeded
	port=$(free_port "$dir") || exit 1
	nginx_up "$dir" "$port" "$dir/key/tls.crt" "$dir/key/tls.key"
	nginx=https://127.0.0.1:$port releaserd=https://127.0.0.1:$RIG_HTTPS_PORT
	open_sessions
	panel_files
	for ((i = 0; i < RUNS; i++)); do
		open_sessions
		wrk_round list "$releaserd" list
		wrk_round nginx-list "$nginx/list" get
		login_round
	done
	stop "$dir" nginx
	line panel-list "$(median list)" req/s "$(median nginx-list)" higher 0.4
	ranges list nginx-list
	line panel-list-p99 "$(median list-p99)" ms 10 lower 1
	note "nginx p99: $(median nginx-list-p99) ms; p50: ours" \
		"$(median list-p50), nginx $(median nginx-list-p50) ms"
	line panel-login "$(median login)" logins/s "$(median nginx-login)" \
		higher
	line panel-login-p99 "$(median login-p99)" ms \
		"$(median nginx-login-p99)" lower
}
