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

# ---- by curl
# page USER PATH [curl option...]: HTTP (status), HEAD and PAGE of the answer
page() {
	local user=$1 path=$2 pass=RIG_${1^^}_WEB_PASSWORD

	shift 2
	HTTP=$(printf 'user = "%s:%s"\n' "$user" "${!pass}" |
		curl -sS -K - --max-time 30 -D "$W/page.head" -o "$W/page.html" \
			-w '%{http_code}' "$@" "$RIG_PAGES_URL$path" 2>"$W/page.err")
	HEAD=$(tr -d '\r' <"$W/page.head")
	PAGE=$(tr -d '\0' <"$W/page.html")
	PROBLEM=$(sed -n 's/.*data-status="\([0-9]*\)".*/\1/p' <<<"$PAGE" | head -1)
}

# token USER: what this user's forms carry
token() {
	page "$1" "${2:-me.cgi}"
	sed -n 's/.*name="csrf" value="\([^"]*\)".*/\1/p' <<<"$PAGE" | head -1
}

# send USER PATH NAME=VALUE...: a form with these fields, and, as each of ours
# has it, the query of its page
send() {
	local user=$1 path=$2 f args=()

	shift 2
	[[ $path != *\?* ]] || args+=(--data-urlencode "here=${path#*\?}")
	for f; do
		args+=(--data-urlencode "$f")
	done
	page "$user" "$path" "${args[@]}"
}

# submit USER PATH NAME=VALUE...: a form as the page made it
submit() {
	local user=$1 path=$2 csrf

	shift 2
	csrf=$(token "$user")
	send "$user" "$path" "csrf=$csrf" "once=$(uuid)" "$@"
}

# A picture or a list to save: nothing that a browser takes for a page.
is_file() { grep -iqE '^content-type: (image/png|image/svg|text/csv|application/pdf)' <<<"$HEAD"; }

# A whole page of ours, whatever it says.
is_page() { [ "$HTTP" = 200 ] && [[ $PAGE == *"</html>"* ]] && [[ $PAGE == *'aria-label="Print Release"'* ]]; }
