# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# ./setup demo: one real PDF from lp to a real LPD, every step shown and checked.

RIG_TOOL=$SRC/tests/rig/rig

demo_fail() {
	printf '\nDemo FAILED: %s\n' "$*"
	[ -z "${DEMO_DIR:-}" ] || printf 'Logs are in %s\n' "$DEMO_DIR"
	demo_down
	exit 1
}

# rig ...: root for the rig only; the person who runs the demo owns the job.
rig() {
	root env RIG_BUILD="$BUILD" RIG_PEERS="$BUILD/peers" RIG_QUIET=1 RIG_LEVEL=3 \
		RIG_OWNER="$(id -un)" "$RIG_TOOL" "$@"
}

demo_down() {
	[ -n "${DEMO_DIR:-}" ] || return 0
	[ ! -e "$DEMO_DIR/rig" ] || rig down "$DEMO_DIR/rig" >/dev/null 2>&1
	[ -z "${DEMO_LPD:-}" ] || rig "$DEMO_LPD" down "$DEMO_DIR/lpd" >/dev/null 2>&1
}

# The LPD: LPRng's if it can run here, else cups-lpd.
demo_lpd() {
	for DEMO_LPD in lprng cups-lpd; do
		rig $DEMO_LPD up "$DEMO_DIR/lpd" && return 0
	done
	DEMO_LPD=
	return 1
}

demo_rig() { rig up "$DEMO_DIR/rig" --lpd "$LPD_TARGET"; }

demo_pdf() {
	gs -q -dNOPAUSE -dBATCH -dSAFER -sDEVICE=pdfwrite -o "$DEMO_PDF" -c \
		"/Helvetica 30 selectfont 72 720 moveto (Confidential until you come) show
		 /Helvetica 14 selectfont 72 680 moveto (printed by $(id -un), $(date -u '+%F %T') UTC) show
		 showpage
		 /Helvetica 30 selectfont 1 0 0 setrgbcolor 72 720 moveto (This page is red) show
		 showpage
		 0 setgray 72 720 moveto (And this one is not) show
		 showpage"
}

# show COMMAND-LINE...: as a person would type it, and its output.
show() { printf '\n    $ %s\n' "$1"; shift; "$@" 2>&1 | sed 's/^/    /'; }

say() { printf '\n%s\n' "$*"; }

panel() { printf '%s\n' "$@" | "$BUILD/tests/opsim/opsim" panel --control "$RIG_OPSIM" -; }

# value FILTER PATH: of the local API, as root
value() {
	root curl -sS --unix-socket "$RIG_API_SOCK" "http://localhost/api/v1$2" |
		jq -r "$1"
}

until_true() {
	local n=$(($1 * 10))

	shift
	until "$@"; do [ $((n--)) -gt 0 ] || return 1; sleep 0.1; done
}

demo_is_held() { [ "$(value .held /status)" = 1 ]; }

demo_print() {
	demo_pdf || demo_fail "ghostscript made no PDF"
	say "1. Print it, as any CUPS client does ($(stat -c %s "$DEMO_PDF") bytes of PDF):"
	show "lp -d $RIG_QUEUE -t 'Demo letter' letter.pdf" \
		lp -d "$RIG_QUEUE" -t 'Demo letter' "$DEMO_PDF"
	until_true 10 demo_is_held || demo_fail "the job is not held"
	say "2. It is held; cupsd is done with it:"
	show "releasectl job list" "$RIG_CTL" job list
	show "lpstat -o   (nothing)" lpstat -o
	demo_pages
}

# One line of what releasectl says of a job.
demo_job() { "$RIG_CTL" job show "$1" | grep -E '^(Pages|In colour|Options|Printed)'; }

demo_pages() {
	DEMO_JOB=$(value '.jobs[0].id' /jobs)
	say "   Every page of it is known, before anything prints:"
	show "releasectl job show $DEMO_JOB" demo_job "$DEMO_JOB"
	demo_job "$DEMO_JOB" |
		grep -q '3 pages, 3 sides on 3 sheets, 1 in colour' ||
		demo_fail "the pages are not counted as they are"
}

demo_is_printed() { [ "$(value '.jobs|length' '/jobs?job_state=sent')" = 2 ]; }

# The same letter again, changed while it is held.
demo_changed() {
	local job

	lp -d "$RIG_QUEUE" -t 'Demo letter, smaller' "$DEMO_PDF" >/dev/null 2>&1
	until_true 10 demo_is_held || demo_fail "the second job is not held"
	job=$(value '.jobs[0].id' /jobs)
	say "8. Printed again and changed while it is held; the count follows:"
	show "releasectl job set $job sides=two-sided-long-edge number_up=2 color=mono" \
		"$RIG_CTL" job set "$job" sides=two-sided-long-edge number_up=2 color=mono
	show "releasectl job release $job --device Flur" \
		"$RIG_CTL" job release "$job" --device Flur
	until_true 30 demo_is_printed || demo_fail "the changed job did not print"
	show "releasectl explain $job" demo_made "$job"
	[ "$(value '.pages.printed | "\(.sides) \(.sheets) \(.colour_sides)"' "/jobs/$job")" = "2 1 0" ] ||
		demo_fail "what was made is not what was counted"
	say "   Two sides on one sheet, no colour left: counted again in what went out."
}

demo_made() { "$RIG_CTL" explain "$1" | grep -E ' (options|made|sent) ' | cut -c1-110; }

demo_unreadable() {
	local file

	file=$(root find "$RIG_SPOOL" -name "*.job" | head -1)
	[ -n "$file" ] || demo_fail "there is no file in the spool"
	say "3. The file on disk is not readable, not even for root:"
	show "od -c ${file##*/} | head -4" demo_od "$file"
	if root grep -qa -e '%PDF' -e 'FlateDecode' "$file"; then
		demo_fail "the file on disk holds readable PDF"
	fi
	say "   A search for \"%PDF\" in it finds nothing."
}

demo_od() { root od -A d -c "$1" | head -4; }

demo_release() {
	say "4. At the device, the panel waits for a card:"
	show "opsim panel: menu, show" panel 'menu' 'show'
	say "5. The card of $RIG_USER is held to the reader:"
	show "opsim panel: swipe $RIG_CARD, show" \
		panel "swipe $RIG_CARD" 'wait "Demo letter" 10' 'show'
	[ "$(value .held /status)" = 1 ] || demo_fail "it is not held any more"
	say "6. Release:"
	show "opsim panel: release all, show" panel 'release all' 'show' 'logout'
	until_true 20 demo_arrived || demo_fail "the LPD did not receive the job"
}

demo_arrived() {
	case $DEMO_LPD in
	lprng)	DEMO_PRN=$LPD_PRINTED ;;
	*)	DEMO_PRN=$LPD_OUT/1.prn ;;
	esac
	[ "$(root stat -c %s "$DEMO_PRN" 2>/dev/null)" = "$(stat -c %s "$DEMO_PDF")" ]
}

demo_received() {
	local name='The lpd of LPRng'

	[ "$DEMO_LPD" = lprng ] || name="CUPS's cups-lpd"
	say "7. $name at $LPD_TARGET has received it:"
	if [ "$DEMO_LPD" = lprng ]; then
		show "control file (P: from whom, H: host, J: reference and title)" \
			demo_control
	else
		show "job of cups-lpd" root head -2 "$LPD_OUT/1.txt"
	fi
	root cmp -s "$DEMO_PRN" "$DEMO_PDF" ||
		demo_fail "what the LPD printed is not what was held"
	say "   $(stat -c %s "$DEMO_PDF") bytes, the same as were printed: $(sha256sum <"$DEMO_PDF" | cut -c1-16)..."
	until_true 10 demo_is_sent || demo_fail "the job is not marked as sent"
	[ -z "$(root find "$RIG_SPOOL" -name "*.job")" ] ||
		demo_fail "its file is still in the spool"
	say "   The job is marked as sent, its file and its key are gone."
}

# LPRng's own control file: its first lines are those of RFC 1179.
demo_control() {
	root find "$LPD_SPOOL" -name 'hf*' -exec cat {} + |
		tr -d '\0' | grep -aE '^(P|H|J)' | head -5
}

demo_is_sent() { [ "$(value '.jobs|length' '/jobs?job_state=sent')" = 1 ]; }

# What is left running: where it is, and as whom to look at it.
demo_addresses() {
	lp -d "$RIG_QUEUE" -t 'Waits for you' "$DEMO_PDF" >/dev/null 2>&1
	until_true 10 demo_is_held || demo_fail "the last job is not held"
	say "Look at it (a job waits for you there):"
	printf '    your jobs                  %sjobs.cgi\n' "$RIG_PAGES_URL"
	demo_login "$RIG_USER" "$RIG_WEB_PASSWORD"
	printf '    for administrators         %sadmin/index.cgi\n' "$RIG_PAGES_URL"
	demo_login admin "$RIG_ADMIN_WEB_PASSWORD"
	printf '    the simulated device       %s\n' "$RIG_OPSIM_URL"
	printf '    the CUPS web interface     %s\n' "$RIG_WEB_URL"
	printf '    print more                 CUPS_SERVER=%s lp -d %s FILE\n' \
		"$CUPS_SERVER" "$RIG_QUEUE"
	printf '    a card for the panel       %s (user %s)\n' "$RIG_CARD" "$RIG_USER"
	printf '    all its words              %s\n' "$DEMO_DIR/rig/env"
}

demo_login() {
	if [ -d "$DEMO_DIR/rig/cups/people" ]; then
		printf '      log in as                %s, password %s\n' "$1" "$2"
	else
		printf '      nobody can log in: libpam-wrapper and libnss-wrapper are missing\n'
	fi
}

demo_stop() {
	[ -f "$BUILD/demo" ] || die "no demo was left running"
	read -r DEMO_DIR DEMO_LPD <"$BUILD/demo"
	sudo_ready "end the private servers"
	demo_down
	rm -f "$BUILD/demo"
	root rm -rf "$DEMO_DIR"
	echo "The demo is stopped."
	exit 0
}

demo_main() {
	local keep=

	case ${1:-} in
	'') ;;
	--keep) keep=1 ;;
	--stop) demo_stop ;;
	*) usage >&2; exit 2 ;;
	esac
	STEPS=5
	log_init
	[ ! -f "$BUILD/demo" ] || die "a demo still runs: ./setup demo --stop"
	packages_step $PACKAGES_BUILD $PACKAGES_RUN
	step "Make configure" bootstrap || demo_fail "autoreconf"
	step "Build" build_plain || demo_fail "it does not build"
	sudo_ready "run a private cupsd and releaserd, which change users as the real ones do"
	DEMO_DIR=$(mktemp -d /tmp/cups-release-demo.XXXXXX) || exit 1
	chmod 755 "$DEMO_DIR"
	DEMO_PDF=$DEMO_DIR/letter.pdf
	trap 'demo_down; exit 1' INT TERM HUP
	step "Start a real LPD server" demo_lpd || demo_fail "no LPD can run here"
	. "$DEMO_DIR/lpd/env"
	step "Start cupsd, releaserd and a simulated device" demo_rig ||
		demo_fail "the private servers did not start"
	set -a
	. "$DEMO_DIR/rig/env"
	set +a
	demo_print
	demo_unreadable
	demo_release
	demo_received
	demo_changed
	demo_money
	[ -z "$keep" ] || demo_addresses
	demo_end "$keep"
}

demo_end() {
	if [ -n "$1" ]; then
		printf '%s %s\n' "$DEMO_DIR" "$DEMO_LPD" >"$BUILD/demo"
		say "It is left running. Stop it with: ./setup demo --stop"
	else
		demo_down
		root rm -rf "$DEMO_DIR"
		say "Everything is stopped again (./setup demo --keep leaves it running)."
	fi
	sudo_done
	say "Demo passed: one job from lp to the LPD, byte for byte, when its owner came."
}
