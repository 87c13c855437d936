# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The pages, from outside: by curl, and in a real browser (tests/web).

WEB_SRC=$S_SRC/tests/web

# What a browser test needs, or the reason why it is skipped.
web_ready() {
	local out

	export RIG_WEB_MODULES=${RIG_WEB_MODULES:-$RIG_BUILD/web}
	export CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser)}
	[ -n "$CHROMIUM" ] || skip_all "needs chromium: ./setup packages"
	command -v node >/dev/null || skip_all "needs node: ./setup packages"
	out=$(sh "$WEB_SRC/install" "$RIG_WEB_MODULES" 2>&1) ||
		skip_all "the modules of tests/web cannot be installed:" \
			"$(tail -1 <<<"$out")"
}

# web_run pages|tasks [NAME...]: its TAP becomes ours.
web_run() {
	local line rc

	export WEB_SHOTS=$RIG_DIR/shots WEB_HOME=$W/browser WEB_PDF=$W/three.pdf
	mkdir -p "$WEB_SHOTS" "$WEB_HOME"
	while read -r line; do
		case $line in
		'ok '*)		pass "${line#ok * - }" ;;
		'not ok '*)	fail "${line#not ok * - }" ;;
		'status '*)	rc=${line#status } ;;
		1..*)		;;
		'#'*)		printf '%s\n' "$line" ;;
		*)		diag "$line" ;;
		esac
	done < <(node "$WEB_SRC/run.mjs" "$@" 2>&1; echo "status $?")
	is "$rc" 0 "the browser came to its end"
	web_keep_shots
}

# Artefacts: build/log/shots, in the hands of whoever built.
web_keep_shots() {
	local to=${WEB_KEEP:-$RIG_BUILD/log/shots}

	mkdir -p "$to"
	cp "$WEB_SHOTS"/*.png "$to/" 2>/dev/null
	chown -R --reference="$RIG_BUILD" "$to"
}

# Jobs of several people with what stands in real titles.
web_data() {
	gs -q -dNOPAUSE -dBATCH -dSAFER -sDEVICE=pdfwrite -o "$W/three.pdf" -c \
		"/Helvetica 30 selectfont 72 720 moveto (One) show showpage
		 1 0 0 setrgbcolor 72 720 moveto (Two, in red) show showpage
		 0 setgray 72 720 moveto (Three) show showpage"
	web_print anna 'Quarterly report.pdf'
	web_print anna 'Straße & "Grüße" <em>nach</em> München' -n 2 \
		-o sides=two-sided-long-edge
	web_print anna 'Printed already'
	web_print otto "A title that cannot be broken: $(printf 'Donaudampfschiff%.0s' {1..6})"
	web_print bert 'A job of bert'
	wait_until 15 held_is 5 || bail "the jobs of the pages are held"
	api POST "/jobs/$(id_of 'Printed already')/release" \
		"{\"device\":\"$RIG_DEVICE_ID\"}"
	wait_until 20 printed_is 1 || bail "one of them is printed"
}

# web_print USER TITLE [lp option...]
web_print() {
	local user=$1 title=$2

	shift 2
	lp -d "$RIG_QUEUE" -U "$user" -t "$title" "$@" "$W/three.pdf" \
		>/dev/null || bail "lp printed \"$title\""
}
