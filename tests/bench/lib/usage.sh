# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Usage records of devices, taken in over HTTPS: each a copy with its price, a
# transfer and its two entries; against sqlite3 with the rows of such records.

USAGE_RECORDS=${BENCH_USAGE:-20000}
USAGE_LANES=4		# devices that push at once

# usage_bodies LANE: so many pushes of 100 records, and what curl has to do.
usage_bodies() {
	local base=$dir/usage/$1 n=$((USAGE_RECORDS / USAGE_LANES / 100)) i

	mkdir -p "$base"
	awk -v n="$n" -v base="$base" -v lane="$1" 'BEGIN {
	for (p = 0; p < n; p++) {
		f = sprintf("%s/%d.json", base, p)
		printf "{\"epoch\":\"bench-%s-0\",\"records\":[", lane >f
		for (i = 1; i <= 100; i++)
			printf "%s{\"seq\":%d,\"record_id\":\"%s-%d-%d\",\"function\":\"copy\",\"result\":\"completed\",\"lines\":[{\"media\":\"iso_a4_210x297mm\",\"color\":\"mono\",\"sides\":\"two\",\"impressions\":%d}]}",
			    (i == 1 ? "" : ","), p * 100 + i, lane, p, i, 1 + i % 7 >f
		printf "]}" >f
		close(f)
	} }'
	for ((i = 0; i < n; i++)); do
		[ "$i" -eq 0 ] || echo next
		printf 'url = "https://localhost:%s/opdp/v1/usage"\ninsecure\nsilent\ncert = "%s"\nkey = "%s"\noutput = /dev/null\nheader = "Content-Type: application/json"\nwrite-out = "%%{http_code}\\n"\ndata-binary = "@%s/%d.json"\n' \
			"$RIG_HTTPS_PORT" "$dir/usage/$1.crt" "$dir/usage/$1.key" "$base" "$i"
	done >"$base.curl"
}

# A device of level 3 for each lane.
usage_device() {
	local at=$dir/usage/$1 key

	key=$(curl -sS --unix-socket "$RIG_API_SOCK" -H 'Content-Type: application/json' \
		--data-binary "{\"name\":\"usage $1\",\"serial\":\"any\",\"lpr_host\":\"127.0.0.1\",\"lpr_port\":9,\"lpr_queue\":\"q\"}" \
		http://localhost/api/v1/devices | jq -r .activation_key)
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$at.key" -subj /CN=device -out "$at.csr" 2>/dev/null
	jq -cn --arg k "$key" --arg s "USAGE-$1" --rawfile c "$at.csr" '{activation_key:$k,auth:"mtls",
		csr_pem:$c,device:{serial:$s,vendor:"b",model:"b",firmware:"1",opdp:["1.0"],level:3,features:[]}}' |
		curl -sSk --data-binary @- -H 'Content-Type: application/json' \
		"https://localhost:$RIG_HTTPS_PORT/opdp/v1/device/register" | jq -r .certificate_pem >"$at.crt"
	grep -q BEGIN "$at.crt" || die "device usage $1 is not registered"
}

# Time of the processor that releaserd has had, in hundredths of a second.
usage_cpu() {
	local pid

	for pid in $(pgrep -P "$(pid_of "$dir" releaserd)"); do
		awk '{ print $14 + $15 }' "/proc/$pid/stat"
	done | awk '{ s += $1 } END { print s }'
}

# usage_ours RUN: a log of its own each time.
usage_ours() {
	local lane start end cpu

	for ((lane = 0; lane < USAGE_LANES; lane++)); do
		sed -i "s/^{\"epoch\":\"bench-$lane-[0-9]*/{\"epoch\":\"bench-$lane-$1/" \
			"$dir/usage/$lane"/*.json
	done
	cpu=$(usage_cpu)
	start=$(date +%s%N)
	for ((lane = 0; lane < USAGE_LANES; lane++)); do
		curl -K "$dir/usage/$lane.curl" >"$dir/usage/$lane.codes" &
	done
	wait
	end=$(date +%s%N)
	[ "$(cat "$dir"/usage/*.codes | grep -c '^200$')" -eq $((USAGE_RECORDS / 100)) ] ||
		die "a push was not taken"
	add usage "$(calc "$USAGE_RECORDS" "$((end - start))" 'a / b * 1e9')"
	add usage-cpu "$(calc "$USAGE_RECORDS" "$(($(usage_cpu) - cpu))" 'a / (b > 0 ? b : 1) * 100')"
}

# The rows of as many records in a database of the same tables and sync: what
# a program would write that knows them all before, a commit each 100.
usage_plain() {
	local start end

	sqlite3 "$RIG_DB" .schema >"$dir/usage/schema"
	rm -f "$dir"/usage/plain.db*
	sqlite3 "$dir/usage/plain.db" 'PRAGMA journal_mode=WAL' >/dev/null
	grep -v sqlite_sequence "$dir/usage/schema" | sqlite3 "$dir/usage/plain.db" 2>/dev/null
	awk -v n="$USAGE_RECORDS" 'BEGIN {
	print "PRAGMA synchronous=FULL;"
	print "INSERT INTO account VALUES(100,4,\"d\",1,\"\",0,0,0,0,0,\"\"),(101,7,\"u\",1,\"\",0,0,0,0,0,\"\");"
	for (i = 1; i <= n; i++) {
		if (i % 100 == 1) print "BEGIN;"
		t = 1000 + i
		printf "INSERT INTO activity VALUES(%d,\"d\",\"\",\"\",\"\",\"copy\",2,0,7,\"u\",1,0,1,0,3,0,2,\"\",\"completed\",\"\");", i
		printf "INSERT INTO usage_record(epoch,seq,at_ms,job_id,sheets,mono,colour,completed,source,rid) VALUES(1,%d,1,-%d,2,3,0,1,1,%d);", i, i, i * 7919
		printf "INSERT INTO transfer VALUES(%d,4,1,-%d,1,0,1,NULL,NULL);INSERT INTO entry VALUES(%d,100,150000,%d),(%d,101,-150000,%d);", t, i, t, t - 1, t, t - 1
		printf "UPDATE account SET balance=balance+150000,last=%d WHERE id=100;UPDATE account SET balance=balance-150000,last=%d WHERE id=101;\n", t, t
		if (i % 100 == 0) print "COMMIT;"
	} }' >"$dir/usage/plain.sql"
	start=$(date +%s%N)
	sqlite3 "$dir/usage/plain.db" <"$dir/usage/plain.sql" >/dev/null || die "sqlite3 failed"
	end=$(date +%s%N)
	calc "$USAGE_RECORDS" "$((end - start))" 'a / b * 1e9'
}

bench_usage() {
	local lane i

	mkdir -p "$dir/usage"
	api_call POST /prices '{"text":"mono 0.05\n"}'
	for ((lane = 0; lane < USAGE_LANES; lane++)); do
		usage_device "$lane"
		usage_bodies "$lane"
	done
	for ((i = 0; i < RUNS; i++)); do
		usage_ours "$i"
		add usage-sqlite "$(usage_plain)"
	done
	line usage-records "$(median usage)" records/s "$(median usage-sqlite)" higher
	ranges usage usage-sqlite
	note "for a second of the processor (all of releaserd): $(median usage-cpu) records"
	line usage-records-10000 "$(median usage)" records/s 10000 higher 1
	[ "$(sqlite3 "$RIG_DB" "SELECT count(*) FROM activity WHERE state=2")" -eq $((RUNS * USAGE_RECORDS)) ] ||
		die "not all of them are here"
	[ "$(sqlite3 "$RIG_DB" "SELECT count(*) FROM transfer WHERE kind=4")" -eq $((RUNS * USAGE_RECORDS)) ] ||
		die "not all of them are paid"
	"$RIG_CTL" ledger check >/dev/null || die "the ledger is not right"
}
