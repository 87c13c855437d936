# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The pages of the rig: a private DocumentRoot and templates, and people with
# passwords whom only this cupsd knows (libpam-wrapper, libnss-wrapper).

# Each has the password web-NAME-4711; admin is one of CUPS's administrators.
RIG_WEB_PEOPLE="anna otto bert admin helpdesk operator"
RIG_WEB_UID=61101

web_password() { printf 'web-%s-4711\n' "$1"; }

# Where a library is, whatever the architecture: empty when it is not there.
web_lib() {
	ldconfig -p 2>/dev/null | sed -n "s/^.*$1\.so.* => //p" | head -1
}

# What cupsd needs to know people of ours: words for env(1), in WEB_ENV. Empty
# without the wrappers: then nobody can log in at the pages.
web_people() {
	local c=$1 pam nss dir

	WEB_ENV=()
	pam=$(web_lib libpam_wrapper) nss=$(web_lib libnss_wrapper)
	if [ -z "$pam" ] || [ -z "$nss" ]; then
		say "no libpam-wrapper or libnss-wrapper: nobody can log in at the pages"
		return 0
	fi
	dir=$c/people
	mkdir -p "$dir/pam.d"
	web_accounts "$dir"
	web_service "$(dirname "$pam")/pam_wrapper/pam_matrix.so" "$dir/passwords" \
		>"$dir/pam.d/cups"
	chmod 600 "$dir/passwords"
	# They are cupsd's alone: nothing that it starts loads them.
	echo 'SetEnv LD_PRELOAD :' >>"$c/setenv"
	WEB_ENV=(LD_PRELOAD="$pam:$nss" PAM_WRAPPER=1
	    PAM_WRAPPER_SERVICE_DIR="$dir/pam.d"
	    NSS_WRAPPER_PASSWD="$dir/passwd" NSS_WRAPPER_GROUP="$dir/group")
}

web_accounts() {
	local dir=$1 name uid=$RIG_WEB_UID

	cat /etc/passwd >"$dir/passwd"
	grep -v '^lpadmin:' /etc/group >"$dir/group"
	: >"$dir/passwords"
	for name in $RIG_WEB_PEOPLE; do
		# One whom this machine knows keeps the number it has here.
		grep -q "^$name:" /etc/passwd ||
			printf '%s:x:%d:100:%s:/nonexistent:/bin/false\n' \
				"$name" $((uid++)) "$name" >>"$dir/passwd"
		web_login "$dir" "$name"
	done
	# Who runs the rig can log in, too.
	web_login "$dir" "${RIG_OWNER:-$(id -un)}"
	printf 'lpadmin:x:%d:admin\n' \
		"$(getent group lpadmin | cut -d: -f3 | grep . || echo 61100)" \
		>>"$dir/group"
}

web_login() {
	printf '%s:%s:cups\n' "$2" "$(web_password "$2")" >>"$1/passwords"
}

web_service() {
	local kind

	for kind in auth account password session; do
		printf '%s required %s passdb=%s\n' $kind "$1" "$2"
	done
}

# ---- files
# Links to what CUPS serves, copies where it follows no link, and our pages.
web_docroot() {
	local c=$1 f

	mkdir -p "$c/www"
	for f in "$CUPS_DATA"/doc-root/*; do
		if [ -f "$f" ]; then
			cp -L "$f" "$c/www/"
		else
			ln -sfn "$f" "$c/www/${f##*/}"
		fi
	done
}

# Templates of our own, so that the menu can have its entry.
web_templates() {
	local c=$1 f

	rm -f "$c/data/templates"
	mkdir -p "$c/data/templates"
	for f in "$CUPS_DATA"/templates/*; do
		[ -L "$f" ] || cp -R "$f" "$c/data/templates/"
	done
}

# The pages as make install puts them; the place is given, nothing else.
web_pages() {
	local d=$1 c=$1/cups

	[ -x "$RIG_BUILD/cgi/release.cgi" ] || return 0
	web_docroot "$c"
	web_templates "$c"
	"$RIG_SRC/cgi/install.sh" "$RIG_SRC/cgi" "$RIG_BUILD/cgi" \
		"$c/www/release" >"$d/log/pages" 2>&1 ||
		die "the pages could not be put in place: $(tail -2 "$d/log/pages")"
	cp "$RIG_SRC/conf/release.types" "$c/etc/"
	sh "$RIG_SRC/conf/release-web.in" --serverroot "$c/etc" \
		--datadir "$c/data" --no-dpkg on >>"$d/log/pages" 2>&1 ||
		die "the pages are not in cupsd.conf: $(tail -2 "$d/log/pages")"
	cat >>"$c/setenv" <<X
SetEnv CUPS_RELEASE_API $d/run/api.sock
SetEnv CUPS_RELEASE_TEMPLATES $RIG_SRC/cgi/templates
X
}

web_env() {
	local d=$1 name

	env_put "$d" RIG_PAGES_URL "http://127.0.0.1:$RIG_WEB/release/"
	for name in $RIG_WEB_PEOPLE; do
		env_put "$d" "RIG_${name^^}_WEB_PASSWORD" "$(web_password "$name")"
	done
	env_put "$d" RIG_WEB_PASSWORD "$(web_password "$RIG_USER")"
}
