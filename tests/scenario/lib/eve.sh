# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A real IPP printer of somebody else: ippeveprinter on a loopback port.

# eve NAME [option...]: in $W/NAME; EVE_PORT, and $W/NAME/job.N for each
# document with what it was told. What $W/NAME/say holds it says to the job.
eve() {
	local name=$1 i

	shift
	[ -f "$W/noavahi.so" ] || cc -shared -fPIC -o "$W/noavahi.so" \
		"$S_LIB/noavahi.c" || return 1
	mkdir -p "$W/$name/spool" "$W/$name/tls"
	cat >"$W/$name/print" <<-END
	#!/bin/sh
	d=$W/$name
	n=\$(ls "\$d" | grep -c '^job\..*\.env\$')
	cp "\$1" "\$d/job.\$n.doc"
	[ ! -f "\$d/say" ] || while read -r line; do
		case \$line in sleep*) \$line ;; exit*) \$line ;; *) echo "\$line" >&2 ;; esac
	done <"\$d/say"
	env | grep -E "^(IPP_|CONTENT_TYPE)" | sort >"\$d/job.\$n.env"
	END
	chmod 755 "$W/$name/print"
	for i in 1 2 3; do
		EVE_PORT=$((20000 + RANDOM % 9000))
		LD_PRELOAD=$W/noavahi.so ippeveprinter -p "$EVE_PORT" -n localhost \
			-r off -d "$W/$name/spool" -K "$W/$name/tls" \
			-c "$W/$name/print" "$@" Eve >"$W/$name/log" 2>&1 &
		EVE_PID=$!
		S_UP+=("pid:$EVE_PID")
		wait_until 5 eve_there && return 0
		kill "$EVE_PID" 2>/dev/null
	done
	return 1
}
eve_there() { ipptool -t "ipp://127.0.0.1:$EVE_PORT/ipp/print" get-printer-attributes.test >/dev/null 2>&1; }
