# Makes the manual page of a configuration file from its comments.
#
#	awk -v name=api-server -f conf-page.awk config/api-server.yaml
#
# The file: a head of comments, an empty line, then sections; a comment above a
# section or a key is about it, and "key: value" gives the default.

function heading() {
	print ".Dd November 23, 2026"
	print ".Dt " toupper(name) ".YAML 5"
	print ".Os"
	print ".Sh NAME"
	print ".Nm " name ".yaml"
	print ".Nd configuration of"
	print ".Xr " name " 8"
	print ".Sh DESCRIPTION"
}

# The lines of a comment. mdoc wants each sentence to begin a line, and takes a
# line with a dot in front for a macro.
function text(lines,    n, line, i, end) {
	n = split(lines, line, "\n")
	for (i = 1; i <= n; i++) {
		gsub(/\\/, "\\e", line[i])
		while (match(line[i], /[.] [A-Za-z0-9]/)) {
			put(substr(line[i], 1, RSTART))
			line[i] = substr(line[i], RSTART + 2)
		}
		put(line[i])
	}
}

function put(line) {
	if (line ~ /^[.']/)
		line = "\\&" line
	print line
}

function comment(line) {
	sub(/^ *# ?/, "", line)
	about = about (about == "" ? "" : "\n") line
}

function section() {
	if (in_section++)
		print ".El"
	print ".Ss " $1
	text(about)
	print ".Bl -tag -width Ds"
	prefix = $1 "."
	about = ""
}

function key(value) {
	gsub(/"/, "\\(dq", value)
	print ".It Ic " prefix $1 " : Cm " value
	text(about)
	about = ""
}

BEGIN {
	FS = ": *"
	heading()
}
/^ *#/ { comment($0); next }
/^$/ && !in_section && about != "" {
	text(about)
	print ".Sh KEYS"
	about = ""
	next
}
/^$/ { next }
/^[a-z]/ { sub(/:$/, ""); section(); next }
/^  [a-z]/ {
	sub(/^ */, "")
	key(substr($0, index($0, ": ") + 2))
}
END {
	print ".El"
	print ".Sh SEE ALSO"
	print ".Xr rewatch 7 ,"
	print ".Xr " name " 8"
}
