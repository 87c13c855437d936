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

# web_run pages|tasks|shots [NAME...]: its TAP becomes ours.
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
	api POST /users '{"name":"bert","display":"Bert Beispiel"}'
	is "$STATUS" 201 "bert is entered"
	web_print anna 'Quarterly report.pdf'
	web_print anna 'Straße & "Grüße" <em>nach</em> München' -n 2 \
		-o sides=two-sided-long-edge
	web_print anna 'Printed already'
	web_print otto "A title that cannot be broken: $(printf 'Donaudampfschiff%.0s' {1..6})"
	web_print bert 'Minutes of the meeting.odt'
	wait_until 15 held_is 5 || bail "the jobs of the pages are held"
	api POST "/jobs/$(id_of 'Printed already')/release" \
		"{\"device\":\"$RIG_DEVICE_ID\"}"
	wait_until 20 printed_is 1 || bail "one of them is printed"
	(. "$S_LIB/user.sh"; enter anna "$RIG_ANNA_PASSWORD" "Notifier <b>& co") >/dev/null
}

# What a device tells beside prints: anna copied and scanned, nobody faxed.
web_activity() {
	D_LEVEL=3 device_new Copier 127.0.0.1 9 lp || bail "a device that copies is there"
	device_as "$W/Copier.dev"
	login_card "$RIG_ANNA_CARD"
	[ -n "$SID" ] || bail "anna is let in at the panel"
	opdp POST /opdp/v1/usage "$(jq -cn --arg s "$SID" '{epoch: "web", records: [
		{seq: 1, record_id: "c", session_id: $s, function: "copy", result: "completed",
			lines: [{color: "mono", impressions: 5}, {color: "color", impressions: 2}]},
		{seq: 2, record_id: "s", session_id: $s, function: "scan", result: "completed",
			scan: {pages: 3, color: 1}},
		{seq: 3, record_id: "f", function: "fax-send", result: "completed", fax: {pages: 4}}]}')"
	is "$STATUS $(j .acked_seq)" "200 3" "a device tells what was copied, scanned and faxed"
	logout
	unset D_CERT D_KEY
}

# Prices, rules, accounts, quotas and groups, and jobs that meet them.
web_money() {
	prices <<<$'# What printing costs\nmono 0.05\ncolour 0.20\nsheet 0.01'
	is "$STATUS" 201 "there are prices"
	rules <<'X'
rule "Posters are looked at"
  when title "Poster*"
  approve by "Teachers"
rule "Really so many?"
  when title "Notes*" and pages > 2
  ask "This has {pages} pages. Would both sides do?" instead duplex timeout 2d as-is
X
	is "$STATUS" 201 "there are rules"
	# Nobody is to be looked up there: only those who write its domain.
	api POST /directories "$(jq -n '{name: "School", text: "Servers localhost:9\nTls none\nBindName cn=release,dc=example,dc=com\nUserBase dc=example,dc=com\nDomain school.example.com\nBareNames no\nConnectTime 1s\n"}')"
	api POST /templates '{"name":"strict","blocks":["card","internal"],"success":"all"}'
	is "$STATUS" 201 "there is a template"
	api POST /groups '{"name":"Teachers"}'
	api POST /groups '{"name":"Staff"}'
	api PATCH /groups/Staff '{"op":"add","name":"Teachers","kind":"group"}'
	api PATCH /groups/Teachers '{"op":"add","name":"bert"}'
	api POST /accounts '{"name":"Chess club","kind":"shared"}'
	api POST /accounts '{"name":"4711","kind":"code"}'
	api POST '/accounts/Chess%20club/grant' \
		'{"amount":"1250","kind":"shared","text":"from the town"}'
	api POST /quotas '{"owner":"everybody","amount":"20","period":"month"}'
	api POST /quotas '{"owner":"group","name":"Staff","unit":"colour",
		"amount":"100","period":"week","at":"06:30","carry":true}'
	api POST /accounts/anna/grant '{"amount":"5","text":"a jam in the morning"}'
	is "$STATUS" 200 "there are accounts, quotas and groups"
	web_print anna 'Poster for the fair'
	web_print anna 'Notes of the week'
	wait_until 15 held_is "$1" || bail "the jobs that meet rules are held"
	api POST "/jobs/$(id_of 'Minutes of the meeting.odt')/release" \
		"{\"device\":\"$RIG_DEVICE_ID\"}"
	wait_until 20 printed_is 2 || bail "one of them is paid"
}

# A page that looks like one, for the pictures: $W/letter.pdf
web_letter() {
	export WEB_LETTER=$W/letter.pdf
	gs -q -dNOPAUSE -dBATCH -dSAFER -sDEVICE=pdfwrite -sPAPERSIZE=a4 \
		-o "$WEB_LETTER" -c "
		/Helvetica-Bold 34 selectfont 0.11 0.36 0.6 setrgbcolor
		60 740 moveto (Lecture notes 3) show
		/Helvetica 20 selectfont 0.3 setgray 60 705 moveto (Growth and its limits) show
		0.75 setgray
		0 1 9 { dup 60 exch 24 mul 660 exch sub
			3 -1 roll 3 mod 60 mul 470 exch sub 9 rectfill } for
		0 1 7 { dup dup 2 mod 0 eq { 0.11 0.36 0.6 } { 0.85 0.4 0.1 } ifelse
			setrgbcolor 58 mul 64 add exch dup mul 4 mul 30 add
			110 exch 40 exch rectfill } for
		0 setgray 56 106 moveto 540 106 lineto stroke showpage
		/Helvetica 20 selectfont 60 740 moveto (Two) show showpage"
}

# What came out in the last weeks, so that plots have something to show.
web_history() {
	local now=$(($(date +%s) / 3600 * 3600))

	{
		printf '.timeout 10000\nBEGIN;\n'
		for ((n = 1; n < 800; n += 1 + n * n % 7)); do
			set -- $(((now - n * 3600) * 1000)) $((n * 7 % 23 + 2)) \
				$((n % 3)) "$(cut -d' ' -f$((n % 3 + 1)) <<<"anna bert otto")"
			echo "INSERT INTO usage VALUES($1,'$4','$RIG_DEVICE_ID'," \
				"'$RIG_QUEUE',2,$(($2 - $3)),$2,$(($2 * $3 / 4)),0);"
		done
		echo 'DELETE FROM usage_hour; INSERT INTO usage_hour SELECT' \
			'hour_ms,sum(jobs),sum(sheets),sum(sides),sum(colour),' \
			'sum(uncounted) FROM usage GROUP BY 1; COMMIT;'
	} | sqlite3 -bail "$RIG_DB" >/dev/null || bail "there are figures of last weeks"
}

# Who may print for whom.
web_delegates() {
	submit anna delegates.cgi do=add name=bert
	submit bert delegates.cgi do=add name=anna valid_until=2099-12-31
	page bert delegates.cgi
	like "$PAGE" 'jobs.cgi\?of=anna' "anna and bert print for each other"
}

# web_print USER TITLE [lp option...]
web_print() {
	local user=$1 title=$2

	shift 2
	lp -d "$RIG_QUEUE" -U "$user" -t "$title" "$@" "$W/three.pdf" \
		>/dev/null || bail "lp printed \"$title\""
}

# web_security: a backup password that bert has used, and who is locked out
web_security() {
	local i

	api POST /backup-password '{"password":"Spare-wheel 7"}'
	submit bert backup.cgi do=open 'password=Spare-wheel 7'
	submit bert backup.cgi do=close
	for i in 1 2 3; do
		submit otto backup.cgi do=open "password=wrong $i"
		login_password otto "wrong $i"
		login '"method":"id-number","value":"9999999'$i'"'
	done
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

# Script of a visitor that would run: nothing of it may stand in a page as it is.
is_raw() { grep -qF -e '<script>alert' -e '<img src=x' -e "onload='x" <<<"$PAGE"; }
