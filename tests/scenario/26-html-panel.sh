#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# san: yes
# The panel as plain HTML, for a browser on a panel: no script, no markup of
# others, no forged request.
. "$(dirname "$0")/lib/scenario.sh"
rig r --conf 'Jail none'	# leaks of net are seen outside its jail only
doc a.bin 2000
hold "$W/a.bin" -t "<b>bold</b> & co"
C=(curl -sS --max-time 10 --cacert "$RIG_CA" --cert "$RIG_DEVICE_CERT" --key "$RIG_DEVICE_KEY"
   -b "$W/jar" -c "$W/jar")
page() { "${C[@]}" -L -D "$W/head" "$@" >"$W/page.html"; }
base=$RIG_SERVER_URL/panel/
page "$base"
like "$(cat "$W/head")" 'HTTP/1.1 200' "GET /panel/ is a page"
like "$(cat "$W/head")" "[Cc]ontent-[Ss]ecurity-[Pp]olicy: [^;]*default-src 'none'" "with a strict policy"
like "$(cat "$W/head")" '[Cc]ontent-[Tt]ype: text/html; *charset=[Uu][Tt][Ff]-8' "HTML in UTF-8"
nok "without a script" grep -qiE '<script|javascript:| on[a-z]+=' "$W/page.html"
ok "with a form" grep -qi '<form' "$W/page.html"
like "$(cat "$W/jar" "$W/head")" 'HttpOnly|csrf|Set-Cookie' "a cookie, not for scripts"

# fields FILE N: the hidden fields of the form that has a text field id_number
python3 - "$W/page.html" <<'PY' >"$W/form.txt"
import sys, html.parser
class P(html.parser.HTMLParser):
    forms, cur = [], None
    def handle_starttag(self, t, a):
        a = dict(a)
        if t == 'form': self.cur = [a.get('action',''), []]; self.forms.append(self.cur)
        elif t in ('input','button') and self.cur is not None and a.get('name'):
            self.cur[1].append((a['name'], a.get('value') or ''))
p = P(); p.feed(open(sys.argv[1]).read())
for f in p.forms: print(f[0], *('%s=%s' % x for x in f[1]), sep='\t')
PY
like "$(cat "$W/form.txt")" 'id_number' "the ID number can be typed"
form=$(grep -m1 id_number "$W/form.txt")
args=()
IFS=$'\t' read -r action rest <<<"$form"
IFS=$'\t' read -ra pairs <<<"$rest"
for p in "${pairs[@]}"; do
	[[ $p != id_number=* ]] || p=id_number=$RIG_ANNA_NUMBER
	args+=(--data-urlencode "$p")
done
[[ $action = /* ]] && url=$RIG_SERVER_URL$action || url=$base${action#./}
page -H "Origin: $RIG_SERVER_URL" "${args[@]}" "$url"
like "$(cat "$W/head")" 'HTTP/1.1 200' "the form is taken"
ok "anna's jobs are shown" grep -q 'Anna Muster' "$W/page.html"
ok "a title is text" grep -qF '&lt;b&gt;bold&lt;/b&gt; &amp; co' "$W/page.html"
nok "and never markup" grep -qF '<b>bold' "$W/page.html"

# Forged: without the token, and from another origin.
curl -sS --max-time 10 --cacert "$RIG_CA" --cert "$RIG_DEVICE_CERT" --key "$RIG_DEVICE_KEY" \
	-b "$W/jar" -d "op=release&jobs=all" -o "$W/forged.html" -w '%{http_code}\n' "$url" >"$W/code"
unlike "$(cat "$W/code")" '^(2|5)' "without the token it is refused"
sleep 0.3
is "$(printed)" 0 "and nothing is printed"
