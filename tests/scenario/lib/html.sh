# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The HTML panel by curl: html URL leaves $W/page.html.
html() {
	curl -sS --max-time 10 --cacert "$RIG_CA" --cert "$RIG_DEVICE_CERT" \
		--key "$RIG_DEVICE_KEY" -b "$W/jar" -c "$W/jar" "$@" >"$W/page.html"
}

# press BUTTON [FIELD VALUE]...: of the form that has this button
press() {
	local args=() line
	while IFS= read -r line; do args+=(--data-urlencode "$line"); done < <(python3 - "$W/page.html" "$@" <<'PY'
import html.parser, sys
class P(html.parser.HTMLParser):
    forms = []
    def handle_starttag(self, t, a):
        a = dict(a)
        if t == 'form': self.forms.append([])
        elif t in ('input', 'button') and self.forms and a.get('name'):
            self.forms[-1].append((t, a['name'], a.get('value') or ''))
p = P(); p.feed(open(sys.argv[1]).read())
button, typed = sys.argv[2], dict(zip(sys.argv[3::2], sys.argv[4::2]))
form = [f for f in p.forms if any(t == 'button' and v == button for t, n, v in f)][0]
print('\n'.join([f'{n}={typed.get(n, v)}' for t, n, v in form if t == 'input'] +
                [f'{n}={v}' for t, n, v in form if t == 'button' and v == button][-1:]))
PY
	)
	html -H "Origin: $RIG_SERVER_URL" "${args[@]}" "$RIG_SERVER_URL/panel/action"
}
