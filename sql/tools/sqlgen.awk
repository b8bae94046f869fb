# Turns sql/queries/NOUN/VERB.sql into C: SQL_NOUN_VERB (see common/pg/sql.h).
#
#	awk -v mode=h -f sqlgen.awk sql/sqitch.plan FILE...
#	awk -v mode=c -f sqlgen.awk sql/sqitch.plan FILE...
#	awk -v mode=text -f sqlgen.awk FILE    what the database is sent
#
# A parameter is written :name::type, with the same type wherever it is used,
# and is described in the comment at the head of its file: ":name type, what it
# is". Parameters become $1, $2, ... in the order in which they first appear.
# Full-line comments are left out. What is wrong is told with file and line;
# then nothing is written and the build ends.

BEGIN {
	# The kind of each type: the end of its constants in C.
	kind["smallint"] = kind["int"] = kind["integer"] = "INT"
	kind["bigint"] = "INT"
	kind["real"] = kind["double precision"] = kind["float8"] = "REAL"
	kind["numeric"] = "REAL"
	kind["text"] = "TEXT"
	kind["boolean"] = "BOOL"
	kind["date"] = "DATE"
	kind["bytea"] = "BYTES"

	# What may have a colon in it comes first: a text, a name in quotes, a
	# comment, the bounds of a slice, a cast.
	TOKEN = "'[^']*'?|\"[^\"]*\"?|--.*|[])A-Za-z0-9_]:[A-Za-z0-9_]|::" \
		"|:[A-Za-z_][A-Za-z0-9_]*|[$][0-9]+"
	CAST = "^::[a-z][a-z0-9]*( precision)?(\\[\\])?"
	MENTION = "(^|[^A-Za-z0-9_:]):[A-Za-z_][A-Za-z0-9_]*"
}

# --- one statement -----------------------------------------------------------

function wrong(line, what) {
	printf "%s:%d: %s\n", path, line, what >"/dev/stderr"
	failed = broken = 1
}

function begin_statement(    parts, n) {
	path = FILENAME
	n = split(path, parts, "/")
	current = parts[n - 1] "_" parts[n]
	sub(/\.sql$/, "", current)
	gsub(/-/, "_", current)
	names[count++] = current
	paths[current] = path
	nparams[current] = 0
	head = ""
	in_head = 1
	broken = 0
	split("", mentioned)
}

# The kind of a type, "" when it has none.
function kind_of(type,    base) {
	base = type
	if (sub(/\[\]$/, "", base))
		return base in kind ? "ARRAY" : ""
	return kind[type]
}

# The number of a parameter that is used with a type.
function number_of(name, type,    n) {
	if (!((current, name) in number)) {
		n = ++nparams[current]
		number[current, name] = n
		param[current, n] = name
		types[current, n] = type
		used_at[current, n] = FNR
		if (kind_of(type) == "")
			wrong(FNR, ":" name ": parameters of type " type \
				" have no kind, see sql/tools/sqlgen.awk")
	}
	n = number[current, name]
	if (types[current, n] != type)
		wrong(FNR, ":" name " is " type " here and " \
			types[current, n] " in line " used_at[current, n])
	return n
}

# "$n" for the parameter that begins the text; rest is what is behind it.
function parameter(token,    name, type) {
	name = substr(token, 2)
	if (name !~ /^[a-z][a-z0-9_]*$/)
		wrong(FNR, token ": names are in lower case")
	if (!match(rest, CAST)) {
		wrong(FNR, token " has no type: write " token "::type")
		return token
	}
	type = substr(rest, 3, RLENGTH - 2)
	return "$" number_of(name, type)
}

function ends(token,    mark) {
	mark = substr(token, 1, 1)
	return mark !~ /['"]/ ||
		(length(token) > 1 && substr(token, length(token)) == mark)
}

# The line with numbers for names.
function numbered(line,    out, token) {
	rest = line
	while (match(rest, TOKEN)) {
		token = substr(rest, RSTART, RLENGTH)
		out = out substr(rest, 1, RSTART - 1)
		rest = substr(rest, RSTART + RLENGTH)
		if (!ends(token))
			wrong(FNR, "a text must end in its line")
		if (token ~ /^:[A-Za-z_]/)
			token = parameter(token)
		else if (token ~ /^[$]/)
			wrong(FNR, token ": parameters have names, :name::type")
		out = out token
	}
	return out rest
}

# --- its head ----------------------------------------------------------------

function read_head(line,    name) {
	sub(/^[ \t]*-- ?/, "", line)
	head = head " " line
	while (match(line, MENTION)) {
		name = substr(line, RSTART, RLENGTH)
		sub(/^[^:]*:/, "", name)
		if (!(name in mentioned))
			mentioned[name] = FNR
		line = substr(line, RSTART + RLENGTH)
	}
}

# Is ":name type" in the head, with a boundary behind it?
function is_described(name, type,    text, at) {
	text = head " "
	gsub(/[ \t]+/, " ", text)
	while (at = index(text, ":" name " " type)) {
		text = substr(text, at + length(name) + length(type) + 2)
		if (text !~ /^[a-z0-9_[]/)
			return 1
	}
	return 0
}

function end_statement(    n, name) {
	# One thing wrong brings others along.
	if (current == "" || broken)
		return
	for (name in mentioned) {
		if (!((current, name) in number))
			wrong(mentioned[name], "the statement has no :" name)
	}
	for (n = 1; n <= nparams[current]; n++) {
		if (!is_described(param[current, n], types[current, n]))
			wrong(used_at[current, n], "the head does not say what \":" \
				param[current, n] " " types[current, n] "\" is")
	}
}

# --- reading -----------------------------------------------------------------

FILENAME ~ /\.plan$/ {
	if ($0 !~ /^%/ && NF > 0)
		change = $1
	next
}
FNR == 1 {
	end_statement()
	begin_statement()
}
/^[ \t]*--/ {
	if (in_head)
		read_head($0)
	next
}
/^[ \t]*$/ { next }
{
	in_head = 0
	sub(/;[ \t]*$/, "")
	text[current] = text[current] numbered($0) "\n"
}

# --- writing -----------------------------------------------------------------

# The text as C strings, one a line.
function quoted(lines,    parts, n, i, out) {
	gsub(/\\/, "&&", lines)
	gsub(/"/, "\\\"", lines)
	gsub(/\t/, " ", lines)
	n = split(lines, parts, "\n")
	for (i = 1; i < n; i++)
		out = out "\t\"" parts[i] "\\n\"\n"
	return out
}

function write_constants(name,    n, c) {
	c = "SQL_" toupper(name)
	print "\n/* " paths[name] " */\nextern const struct sql " c ";\nenum {"
	for (n = 1; n <= nparams[name]; n++) {
		print "\t" c "_" toupper(param[name, n]) "_" \
			kind_of(types[name, n]) " = " n - 1 ","
	}
	print "\t" c "_PARAMS = " nparams[name] "\n};"
	for (n = 1; n <= nparams[name]; n++)
		print "#define " c "_" toupper(param[name, n]) \
			"_NAME \"" param[name, n] "\""
}

function write_header(    i) {
	print "#ifndef GEN_SQL_H\n#define GEN_SQL_H\n"
	print "#include \"common/pg/sql.h\"\n"
	print "/* The newest change of sql/sqitch.plan. */"
	print "#define SQL_SCHEMA_CHANGE \"" change "\""
	print "#define SQL_COUNT " (count ? count : 1)
	for (i = 0; i < count; i++)
		write_constants(names[i])
	print "\n/* All of them, by id; ends with NULL. */"
	print "extern const struct sql *const SQL_ALL[];\n\n#endif"
}

function write_statement(id, name,    n) {
	printf "\nstatic const char *const %s_params[] = {", name
	for (n = 1; n <= nparams[name]; n++)
		printf " \"%s\",", param[name, n]
	print " NULL };"
	printf "const struct sql SQL_%s = {\n\t%d, \"%s\",\n%s\t, %d, %s_params\n};\n", \
		toupper(name), id, name, quoted(text[name]), nparams[name], name
}

function write_source(    i) {
	print "#include \"gen/sql.h\"\n\n#include <stddef.h>"
	for (i = 0; i < count; i++)
		write_statement(i, names[i])
	print "\nconst struct sql *const SQL_ALL[] = {"
	for (i = 0; i < count; i++)
		print "\t&SQL_" toupper(names[i]) ","
	print "\tNULL\n};"
}

# Before the statement its parameters: "-- $1 film bigint".
function write_text(name,    n) {
	for (n = 1; n <= nparams[name]; n++)
		print "-- $" n " " param[name, n] " " types[name, n]
	printf "%s", text[name]
}

END {
	end_statement()
	if (failed)
		exit 1
	if (mode == "text") {
		write_text(names[0])
		exit
	}
	print "/* Generated by sql/tools/sqlgen.awk. */"
	if (mode == "h")
		write_header()
	else
		write_source()
}
