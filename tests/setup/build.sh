# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The two builds, out of tree.

bootstrap() {
	[ -x "$SRC/configure" ] && [ "$SRC/configure" -nt "$SRC/configure.ac" ] &&
		[ -f "$SRC/Makefile.in" ] && return 0
	(cd "$SRC" && autoreconf -fi)
}

# build_one DIR OPTION...: configure when needed, then make.
build_one() {
	local dir=$1

	shift
	mkdir -p "$dir" || return 1
	if [ ! -f "$dir/Makefile" ] || [ "$(cat "$dir/.options" 2>/dev/null)" != "$*" ]; then
		(cd "$dir" && "$SRC/configure" -q --enable-option-checking=fatal \
			--sysconfdir=/etc --localstatedir=/var --runstatedir=/run \
			"$@") || return 1
		printf '%s\n' "$*" >"$dir/.options"
	fi
	make -s -j"$JOBS" -C "$dir"
}

build_plain() {
	build_one "$BUILD" --enable-fault-points --enable-maintainer
}

build_san() {
	build_one "$BUILD_SAN" --enable-fault-points --enable-maintainer \
		--enable-sanitizers
}

build_main() {
	STEPS=4
	log_init
	packages_step $PACKAGES_BUILD $PACKAGES_RUN
	step "Make configure" bootstrap || exit 1
	step "Build" build_plain || exit 1
	step "Build with sanitizers" build_san || exit 1
	sudo_done
	echo "Built: $BUILD and $BUILD_SAN"
}

# ./setup bench: a build as users have it, and nothing else at the same time.
bench_main() {
	local dir=$SRC/build-bench

	STEPS=3
	log_init
	packages_step $PACKAGES_BUILD $PACKAGES_RUN $PACKAGES_BENCH
	sudo_ready "run the private servers, which change users as the real ones do"
	step "Make configure" bootstrap || exit 1
	step "Build" build_one "$dir" || exit 1
	root env RIG_PEERS="$BUILD/peers" make -s -C "$dir" bench ${1:+BENCH="$*"}
	rc=$?
	sudo_done
	if [ $rc -eq 0 ]; then echo "Bench done."; else echo "Bench FAILED."; fi
	exit $rc
}
