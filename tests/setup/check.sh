# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# ./setup check: everything that can fail, then one line with the sum.

PASSED=0
FAILED=0
SKIPPED=0

add() { PASSED=$((PASSED + $1)) FAILED=$((FAILED + $2)) SKIPPED=$((SKIPPED + $3)); }

# The results of Automake's TAP driver: one .trs file a test program.
count_trs() {
	find "$1" -name '*.trs' -newer "$LOG/started" -exec cat {} + | awk '
		/^:test-result: (PASS|XFAIL)/ { p++ }
		/^:test-result: (FAIL|XPASS|ERROR)/ { f++ }
		/^:test-result: SKIP/ { s++ }
		END { print p+0, f+0, s+0 }'
}

unit_tests() {
	local dir=$1 rc counts

	rm -f "$dir"/tests/*/*.trs
	# Some only wait: one more at a time than there are processors.
	make -s -k -j$((JOBS + 1)) -C "$dir" check
	rc=$?
	counts=$(count_trs "$dir")
	set -- $counts
	add "$@"
	STEP_NOTE="$1 passed, $2 failed, $3 skipped"
	[ $rc -ne 0 ] && [ "$2" -eq 0 ] && add 0 1 0
	[ "$1" -gt 0 ] || { echo "no test ran"; add 0 1 0; return 1; }
	[ $rc -eq 0 ] || grep -aHE -A4 '^(not ok|.*Sanitizer:)' "$dir"/tests/*/*.log |
		sed "s,^$dir/,," | head -18
	return $rc
}

# scenarios BUILD NAME...: on the rig, as root; their sum comes in a file.  They
# wait for a third of their time: again one more at a time.
scenarios() {
	local dir=$1 out=$LOG/scenarios-$2 rc
	local env=(RIG_BUILD="$dir" RIG_PEERS="$BUILD/peers" LC_ALL="$LC_ALL"
	    RIG_WEB_MODULES="$BUILD/web")

	shift 2
	rm -f "$out"
	root env "${env[@]}" "$SRC/tests/scenario/run" --jobs $((JOBS + 1)) \
		--sum "$out" "$@"
	rc=$?
	if ! read -r p f s <"$out"; then
		add 0 1 0
		return 1
	fi
	add "$p" "$f" "$s"
	STEP_NOTE="$p passed, $f failed, $s skipped"
	return $rc
}

# one NAME COMMAND...: a step that is one test of its own.
one() {
	if step "$@"; then add 1 0 0; else add 0 1 0; return 1; fi
}

# A build that failed fails its tests too, with one line and not with each.
built() {
	local dir=$1 what=$2

	shift 2
	if [ -z "$dir" ]; then
		echo "not run: it did not build"
		add 0 1 0
		return 1
	fi
	"$what" "$dir" "$@"
}

check_main() {
	local plain="" san=""

	STEPS=11
	log_init
	touch "$LOG/started"
	packages_step $PACKAGES_BUILD $PACKAGES_RUN $PACKAGES_CHECK
	sudo_ready "run the private test servers, which change users as the real ones do"
	one "Make configure" bootstrap
	one "Build" build_plain && plain=$BUILD
	one "Build with sanitizers" build_san && san=$BUILD_SAN
	one "Modules of the browser tests" "$SRC/tests/web/install" "$BUILD/web"
	step "Unit tests and fuzz replay" built "$plain" unit_tests
	step "The same with sanitizers" built "$san" unit_tests
	step "Scenarios" built "$plain" scenarios plain
	step "Scenarios with sanitizers" built "$san" scenarios san --san
	one "cppcheck" "$SRC/tools/cppcheck.sh"
	one "Shape of the code" "$SRC/tools/shape.sh"
	sudo_done
	check_failures
	printf '%d passed, %d failed, %d skipped\n' $PASSED $FAILED $SKIPPED
	[ "$FAILED" -eq 0 ]
}

# Name what failed, so that nobody has to look for it.
check_failures() {
	[ "$FAILED" -gt 0 ] || return 0
	echo "What failed (logs: $LOG):"
	grep -ahE '^(FAIL|ERROR):|^[^ ]* *not ok' "$LOG"/*.log | sort -u | head -40
}
