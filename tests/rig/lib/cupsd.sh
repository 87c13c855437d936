# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A private cupsd: everything of it lies in a folder of its own.

CUPSD=${CUPSD:-$(command -v cupsd || echo /usr/sbin/cupsd)}
CUPS_BIN=${CUPS_BIN:-$(cups-config --serverbin 2>/dev/null || echo /usr/lib/cups)}
CUPS_DATA=${CUPS_DATA:-$(cups-config --datadir 2>/dev/null || echo /usr/share/cups)}

# A tree of links to CUPS's own programs, to which ours can be added.
cupsd_bin() {
	local c=$1 f

	mkdir -p "$c/bin/backend" "$c/bin/filter"
	for f in "$CUPS_BIN"/filter/*; do
		ln -sfn "$f" "$c/bin/filter/${f##*/}"
	done
	for f in cgi-bin daemon driver monitor notifier; do
		[ ! -e "$CUPS_BIN/$f" ] || ln -sfn "$CUPS_BIN/$f" "$c/bin/$f"
	done
	for f in http https ipp ipps lpd socket; do
		[ ! -e "$CUPS_BIN/backend/$f" ] ||
			cp -p "$CUPS_BIN/backend/$f" "$c/bin/backend/$f"
	done
}

# The same for data: a model folder that takes our driver.
cupsd_data() {
	local c=$1 f

	mkdir -p "$c/data/model"
	for f in "$CUPS_DATA"/*; do
		[ "${f##*/}" = model ] || ln -sfn "$f" "$c/data/${f##*/}"
	done
}

cupsd_files_conf() {
	local c=$1 www=$CUPS_DATA/doc-root

	[ ! -d "$c/www" ] || www=$c/www
	cat <<X
ServerRoot $c/etc
CacheDir $c/cache
StateDir $c/run
RequestRoot $c/spool
TempDir $c/tmp
ServerBin $c/bin
DataDir $c/data
DocumentRoot $www
AccessLog $c/log/access_log
ErrorLog $c/log/error_log
PageLog $c/log/page_log
ServerKeychain $c/ssl
Printcap $c/run/printcap
SystemGroup root lpadmin
FatalErrors config
FileDevice Yes
X
	cat "$c/setenv" 2>/dev/null
}

cupsd_conf() {
	local c=$1 port=$2

	cat <<X
LogLevel debug
MaxLogSize 0
Listen 127.0.0.1:$port
Listen $c/cups.sock
Browsing Off
DefaultShared Yes
WebInterface Yes
DefaultAuthType Basic
MaxJobs 0
MaxClients 500
PreserveJobFiles No
PreserveJobHistory Yes
JobRetryInterval 2
JobRetryLimit ${RIG_RETRIES:-1000}
DirtyCleanInterval 0
<Location />
  Order allow,deny
  Allow localhost
</Location>
<Location /admin>
  Order allow,deny
  Allow localhost
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  SubscriptionPrivateAccess default
  SubscriptionPrivateValues default
  <Limit CUPS-Add-Modify-Printer CUPS-Delete-Printer CUPS-Add-Modify-Class CUPS-Delete-Class CUPS-Set-Default>
    AuthType Default
    Require user @SYSTEM
    Order deny,allow
  </Limit>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
X
}

# cupsd_make C: its folders and configuration. Sets CUPSD_PORT.
cupsd_make() {
	local dir=$1 c=$2

	mkdir -p "$c"/{etc/ppd,cache,run/certs,spool/tmp,tmp,log,ssl}
	chmod 755 "$c" "$c/run"
	chown root:lp "$c/spool" "$c/tmp" "$c/spool/tmp" "$c/cache" "$c/etc/ppd"
	chmod 710 "$c/spool"
	chmod 1770 "$c/tmp" "$c/spool/tmp"
	chmod 770 "$c/cache"
	cupsd_bin "$c"
	cupsd_data "$c"
	CUPSD_PORT=$(free_port "$dir") || exit 1
	cupsd_conf "$c" "$CUPSD_PORT" >"$c/etc/cupsd.conf"
}

# cupsd_up DIR NAME C [NAME=VALUE...]: start it and wait until it answers.
cupsd_up() {
	local dir=$1 name=$2 c=$3

	shift 3
	cupsd_files_conf "$c" >"$c/etc/cups-files.conf"
	chmod 644 "$c/etc/cups-files.conf" "$c/etc/cupsd.conf"
	start "$dir" "$name" env "$@" "$CUPSD" -f -c "$c/etc/cupsd.conf" \
		-s "$c/etc/cups-files.conf"
	wait_for 10 cupsd_answers "$c" || {
		tail -5 "$c/log/error_log" "$dir/log/$name" >&2
		die "the private cupsd did not start (its log: $c/log/error_log)"
	}
}

cupsd_answers() {
	[ -S "$1/cups.sock" ] && CUPS_SERVER=$1/cups.sock lpstat -r |
		grep -q 'is running'
}
