# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# All people of a directory become accounts, and once more when nothing has
# changed, against ldapsearch that writes the same attributes to a file; and how
# long others wait who write something meanwhile.

SYNC_PEOPLE=${BENCH_SYNC:-100000}

sync_up() {
	rig slapd up "$dir/sync" --quiet --many "$SYNC_PEOPLE" ||
		die "slapd did not start: $(tail -1 "$dir/log/rig")"
	. "$dir/sync/env"
	. "$dir/env"
	printf '%s\n' "Servers localhost:$RIG_LDAP_PORT" 'Tls none' \
		"BindName $RIG_LDAP_BIND_DN" "UserBase ou=many,$RIG_LDAP_BASE" \
		'GroupScheme member-of' "GroupBase $RIG_LDAP_GROUPS" \
		'Domain example.com' 'SyncPage 1000' >"$dir/sync.conf"
	"$RIG_CTL" directory add sync "$dir/sync.conf" --password-file \
		"$RIG_LDAP_BIND_PW" >>"$dir/log/ctl" 2>&1 ||
		die "directory: $(tail -1 "$dir/log/ctl")"
}

# What stands in the settings above, as AttrLogin and the others say.
sync_peer() {
	local n

	ldapsearch -x -LLL -o ldif-wrap=no -E pr=1000/noprompt \
		-H "$RIG_LDAP_URL" -D "$RIG_LDAP_BIND_DN" -y "$RIG_LDAP_BIND_PW" \
		-b "ou=many,$RIG_LDAP_BASE" '(&(objectClass=person)(uid=*))' \
		uid cn mail departmentNumber employeeNumber userAccountControl \
		nsAccountLock pwdAccountLockedTime memberOf \
		>"$dir/sync.ldif" 2>"$dir/log/ldapsearch" ||
		die "ldapsearch: $(tail -1 "$dir/log/ldapsearch")"
	n=$(grep -c '^dn: uid=' "$dir/sync.ldif")
	[ "$n" -eq "$SYNC_PEOPLE" ] || die "ldapsearch found $n people"
}

# sync_ours WORDS: the sync says them at its end.
sync_ours() {
	"$RIG_CTL" directory sync sync --wait >"$dir/log/sync" 2>&1
	grep -q " $1" "$dir/log/sync" || die "sync: $(cat "$dir/log/sync")"
}

# sync_timed NAME COMMAND...: a sample in milliseconds
sync_timed() {
	local name=$1 began=${EPOCHREALTIME/./}

	shift
	"$@"
	add "$name" $(((${EPOCHREALTIME/./} - began) / 1000))
}

sync_empty() {
	sqlite3 -cmd '.timeout 5000' "$RIG_DB" 'DELETE FROM group_member;
		DELETE FROM person_group; DELETE FROM user WHERE directory<>0;
		PRAGMA wal_checkpoint(TRUNCATE);' >/dev/null || die "sqlite3"
}

# Somebody writes again and again: each waits for its commit, as a held job.
sync_writers() {
	while [ -f "$dir/sync.on" ]; do
		curl -s -o /dev/null -w '%{time_total}\n' --unix-socket \
			"$RIG_API_SOCK" -X PATCH -H 'Content-Type: application/json' \
			-d "{\"department\":\"$RANDOM\"}" \
			http://localhost/api/v1/users/otto
	done | awk '{ printf "%.1f\n", $1 * 1000 }' >>"$dir/samples.sync-write"
}

bench_sync() {
	local i

	sync_up
	for ((i = 0; i < RUNS; i++)); do
		sync_timed sync-peer sync_peer
		sync_empty
		sync_timed sync-full sync_ours "$SYNC_PEOPLE added"
		sync_timed sync-peer sync_peer
		sync_timed sync-same sync_ours "$SYNC_PEOPLE as they were"
	done
	line "sync-$SYNC_PEOPLE-full" "$(median sync-full)" ms "$(median sync-peer)" \
		lower 0.5
	line "sync-$SYNC_PEOPLE-same" "$(median sync-same)" ms "$(median sync-peer)" \
		lower 0.5
	sync_empty
	: >"$dir/sync.on"
	sync_writers &
	sync_ours "$SYNC_PEOPLE added"
	rm "$dir/sync.on"
	wait $!
	line sync-write-p50 "$(quantile sync-write 0.5)" ms - lower
	line sync-write-p99 "$(quantile sync-write 0.99)" ms - lower
	line sync-write-worst "$(quantile sync-write 1)" ms - lower
	ranges sync-full sync-same sync-peer
	stop "$dir/sync" slapd-ldap
}
