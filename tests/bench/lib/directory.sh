# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Log-ins a second by a name and a password that a directory checks: panels over
# TLS, net, core, agent, slapd. The peers ask the same slapd: ldapwhoami in a
# loop, and ldapbind, which keeps connections and does the same steps - what
# slapd can do at all. Each at the number of connections that suits it best.

DIRECTORY_PEOPLE=${BENCH_PEOPLE:-2000}

directory_people() {
	local i

	for ((i = 0; i < DIRECTORY_PEOPLE; i++)); do
		printf 'user%06d\tdir-user%06d-4711\tuid=user%06d,ou=many,%s\n' \
			$i $i $i "$RIG_LDAP_BASE"
	done
}

# directory_set LINE...
directory_set() {
	local verb=add file=$dir/directory.conf

	"$RIG_CTL" directory show bench >/dev/null 2>&1 && verb=set
	printf '%s\n' "Servers localhost:$RIG_LDAP_PORT" 'Tls none' \
		"UserBase ou=many,$RIG_LDAP_BASE" "GroupBase $RIG_LDAP_GROUPS" \
		'Domain bench.example' "$@" >"$file"
	"$RIG_CTL" directory "$verb" bench "$file" --password-file \
		"$RIG_LDAP_BIND_PW" >>"$dir/log/ctl" 2>&1 ||
		die "directory: $(tail -1 "$dir/log/ctl")"
}

# A panel each, and who stands there: another person at every request.
directory_places() {
	paste -d' ' <(awk -v n="$DIRECTORY_PEOPLE" 'NR <= 100 { t[NR] = $1 }
		END { for (i = 0; i < n; i++) print t[i % (NR < 100 ? NR : 100) + 1] }' \
		"$dir/devices") <(awk -F'\t' '{ print $1 "@bench.example", $2 }' \
		"$dir/people") >"$dir/places"
}

directory_up() {
	[ ! -f "$dir/people" ] || return 0
	seeded
	rig slapd up "$dir/asked" --quiet --many "$DIRECTORY_PEOPLE" ||
		die "slapd did not start: $(tail -1 "$dir/log/rig")"
	. "$dir/asked/env"
	directory_people >"$dir/people"
	directory_places
}

# directory_ours NAME CONNECTIONS
directory_ours() {
	local rate p50 p99 n bad before

	before=$(log_ins)
	read -r rate p50 p99 n bad < <(wrk -t2 -c"$2" -d"${SECONDS_EACH}s" \
		--latency -s "$bench/wrk.lua" "https://127.0.0.1:$RIG_HTTPS_PORT" \
		-- password "$dir/places" |
		awk '/^RESULT/ { print $2, $3, $4, $5, $6 }')
	[ "${n:-0}" -gt 0 ] || die "$1: wrk measured nothing"
	[ "$bad" -eq 0 ] || die "$1: $bad of $n requests failed"
	# A refusal is a 200 too: what was not refused stands in the log.
	[ $(($(log_ins) - before)) -ge "$n" ] ||
		die "$1: of $n log-ins $(($(log_ins) - before)) were admitted"
	add "$1" "$rate"
	add "$1-p99" "$p99"
}

# directory_peer NAME CONNECTIONS bind|login [PEOPLE]
directory_peer() {
	local rate p50 p99 n bad

	read -r rate p50 p99 n bad < <("$tools/ldapbind" "$RIG_LDAP_URL" "$2" \
		"$SECONDS_EACH" "$3" "${4:-$dir/people}" "ou=many,$RIG_LDAP_BASE" \
		"$RIG_LDAP_BIND_DN" "$RIG_LDAP_GROUPS" <"$RIG_LDAP_BIND_PW")
	[ "${n:-0}" -gt 0 ] && [ "$bad" -eq 0 ] ||
		die "$1: ${bad:-all} of ${n:-0} log-ins at slapd failed"
	add "$1" "$rate"
	add "$1-p99" "$p99"
}

directory_whoami() {
	local began=$EPOCHREALTIME n=0 who password dn

	while IFS=$'\t' read -r who password dn; do
		[ "$(ldapwhoami -x -H "$RIG_LDAP_URL" -D "$dn" -w "$password")" = \
			"dn:$dn" ] || die "ldapwhoami: $who"
		n=$((n + 1))
	done < <(head -100 "$dir/people")
	add directory-whoami "$(calc "$EPOCHREALTIME" "$began" "$n / (a - b)")"
}

# directory_best COMMAND [ARGUMENT]: the number of connections that does most
directory_best() {
	local n best=0 most=0 rate slots=${BENCH_SLOTS:-8 16 32 64}

	[[ $slots == *" "* ]] || { printf '%s\n' "$slots"; return; }
	for n in $slots; do
		rm -f "$dir"/samples.try*
		"$1" try "$n" "${2:-}"
		rate=$(median try)
		[ "${rate%.*}" -le "$most" ] || { most=${rate%.*} best=$n; }
	done
	printf '%s\n' "$best"
}

# directory_kind NAME bind|login: in turn with the peer
directory_kind() {
	local i ours peer

	ours=$(directory_best directory_ours) || exit 1
	peer=$(directory_best directory_peer "$2") || exit 1
	note "$1: $ours panels at once, the peer has $peer connections"
	for ((i = 0; i < RUNS; i++)); do
		directory_ours "$1" "$ours"
		directory_peer "$1-slapd" "$peer" "$2"
	done
	line "$1" "$(median "$1")" logins/s "$(median "$1-slapd")" higher 0.8
	line "$1-p99" "$(median "$1-p99")" ms "$(median "$1-slapd-p99")" lower
	ranges "$1" "$1-slapd"
}

# ---- the agent alone: one person, as many at once as suit it
# directory_agent NAME AT-ONCE [DN]
directory_agent() {
	local who password dn out

	IFS=$'\t' read -r who password dn <"$dir/people"
	out=$(printf 'conf\t%s\nsecret\t%s\nbench\t%s\t%s\t%s\t%s\t%s\n' \
		"$dir/directory.conf" "$RIG_LDAP_BIND_PW" \
		$((SECONDS_EACH * 2000 + 500)) "$who" "$password" "$2" "${3:-}" |
		"$RIG_BUILD/tests/dirask/dirask" \
		"$RIG_BUILD/releaserd/releaserd" 2>>"$dir/log/dirask") ||
		die "$1: $(tail -1 "$dir/log/dirask")"
	[[ $out == "right=$((SECONDS_EACH * 2000 + 500))"* ]] ||
		die "$1: not everybody was right: $out"
	add "$1" "${out##*=}"
}

directory_agent_kind() {	# NAME bind|login [DN]
	local i ours

	head -1 "$dir/people" >"$dir/one"
	ours=$(directory_best directory_agent "${3:-}") || exit 1
	for ((i = 0; i < RUNS; i++)); do
		directory_agent "$1" "$ours" "${3:-}"
		directory_peer "$1-slapd" "$ours" "$2" "$dir/one"
	done
	line "$1" "$(median "$1")" logins/s "$(median "$1-slapd")" higher 0.8
	ranges "$1" "$1-slapd"
}

# ---- passwords kept as people keep them
directory_crypt() {
	local who password dn

	head -20 "$dir/people" | while IFS=$'\t' read -r who password dn; do
		printf 'dn: %s\nchangetype: modify\nreplace: userPassword\n' "$dn"
		# Whose password another one set must change it, else.
		printf 'userPassword: {CRYPT}%s\n-\nreplace: pwdReset\npwdReset: FALSE\n\n' \
			"$(printf %s "$password" | openssl passwd -6 -stdin)"
	done | ldapmodify -Q -Y EXTERNAL -H "$RIG_LDAPI_URL" \
		>>"$dir/log/rig" 2>&1 || die "the passwords were not changed"
	head -20 "$dir/people" >"$dir/people.20"
	mv "$dir/people.20" "$dir/people"
	head -20 "$dir/places" >"$dir/places.20"
	mv "$dir/places.20" "$dir/places"
}

bench_directory() {
	local i

	directory_up
	directory_set "BindName $RIG_LDAP_BIND_DN" 'GroupScheme member' \
		'GroupDepth 1'
	directory_kind directory-full login
	directory_agent_kind directory-agent login
	for ((i = 0; i < RUNS; i++)); do
		directory_whoami
	done
	line directory-whoami "$(median directory-full)" logins/s \
		"$(median directory-whoami)" higher 1
	directory_set 'Bind anonymous' 'GroupScheme none' 'LookupKeep 1h' \
		"UserName uid=%u,ou=many,$RIG_LDAP_BASE"
	directory_kind directory-bind bind
	directory_agent_kind directory-agent-bind bind \
		"$(cut -f3 "$dir/people" | head -1)"
	directory_crypt
	directory_kind directory-crypt bind
	rig down "$dir/asked"
}
