# SPDX-License-Identifier: Apache-2.0
# Makes the sample configuration from "releaserd -S" (mdoc): every directive
# once, commented out, with what it does and its default.
function word_wrap(text,    n, i, words, line)
{
	n = split(text, words, " ")
	line = "#"
	for (i = 1; i <= n; i++) {
		if (length(line) + 1 + length(words[i]) > 78) {
			print line
			line = "#"
		}
		line = line " " words[i]
	}
	print line
}
BEGIN {
	print "# releaserd.conf(5): the print release system."
	print "# Every directive with its default; take the # away to change it."
}
/^\.It Ic / { name = $3; text = ""; next }
/^Default: / {
	value = $0
	sub(/^Default: /, "", value)
	sub(/\.$/, "", value)
	if (value == "empty")
		value = ""
	print ""
	word_wrap(text)
	print "#" name (value == "" ? "" : " " value)
	next
}
/^\./ { next }
{ gsub(/\\e/, "\\"); text = text (text == "" ? "" : " ") $0 }
