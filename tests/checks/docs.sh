#!/bin/bash
# The manual says what the programs do: every option, every key, every event
# of the log with its level and fields, every route of README.md; no page has
# what is not there any more; mandoc finds nothing to complain about.
. "$(dirname "$0")/lib.sh"

# The log events below a directory against those of a page.
events() {
	/usr/bin/python3 - "$1" "$2" <<'PY'
import pathlib
import re
import sys

directory, page = sys.argv[1:]
STRING = r'"((?:[^"\\]|\\.)*)"'


# Fields that several events have: #define REQUEST_LOG(rq) log_str(...), ...
shared = {name: body for header in pathlib.Path(directory).glob("**/*.h")
          for name, body in re.findall(
              r"^#define (\w+_LOG)\(\w+\)((?:.*\\\n)*.*)",
              header.read_text(encoding="utf-8"), re.M)}


def calls(text):
    """(level, arguments) of every log_LEVEL(...) that is not for debugging."""
    for call in re.finditer(r"\blog_(info|warn|error)\(", text):
        depth, end = 1, call.end()
        while depth:
            token = re.compile(STRING + "|.", re.S).match(text, end)
            depth += {"(": 1, ")": -1}.get(token[0], 0)
            end = token.end()
        yield call[1], re.sub(r"\b(\w+_LOG)\(\w+\)",
                              lambda use: shared[use[1]],
                              text[call.end():end - 1])


def events(text):
    """{event: (level, {field})}; one call may have several events."""
    found = {}
    for level, arguments in calls(text):
        event, *_ = re.split(r"\blog_(?:int|str|dbl)\(", arguments)
        fields = set(re.findall(r"\blog_(?:int|str|dbl)\(\s*" + STRING,
                                arguments))
        for name in re.findall(STRING, re.sub(r'"\s*"', "", event)):
            known = found.setdefault(name, (level, set()))
            known[1].update(fields)
    return found


logged = {}
for source in sorted(pathlib.Path(directory).glob("**/*.c")):
    if "node_modules" not in source.parts:
        logged |= events(source.read_text(encoding="utf-8"))
described = {
    event: (level, set(fields.split(" , ")))
    for event, level, fields in re.findall(
        r"^\.It Sy (.+) Pq (info|warn|error) : Va (.+)$",
        pathlib.Path(page).read_text(encoding="utf-8"), re.M)}

for event in sorted(logged.keys() - described.keys()):
    print(f'"{event}" of {directory} is not described')
for event in sorted(described.keys() - logged.keys()):
    print(f'"{event}" is described, but nothing in {directory} logs it')
for event in sorted(logged.keys() & described.keys()):
    if logged[event] != described[event]:
        print(f'"{event}" is logged as {logged[event]}, '
              f'described as {described[event]}')
if not logged:
    print(f"no events found in {directory}")
PY
}

# Options that the program has and no page, and the other way round.
options() {
	diff <("$build/$1/$1" --help | grep -oE '^  --[a-z-]+' | tr -d ' ' | sort) \
		<(grep -hoE '^\.It Fl -[a-z-]+' config/man/rewatch.7 \
			"config/man/$1.8" | sed 's/\.It Fl /-/' | sort) || true
}

# A key of the program that its page of the configuration lacks.
keys() {
	local key
	"$build/$1/$1" --keys | cut -d' ' -f1 | while read -r key; do
		grep -qF ".It Ic $key : Cm " "$2" || echo "$key is missing"
	done
}

# Paths of README.md's table that no route of the programs is for.
routes() {
	local paths path
	# shellcheck disable=SC2016 # backticks of Markdown
	paths=$(sed -n 's/^| `\(\/[a-z/.0-9]*\)` |.*/\1/p' README.md)
	[ -n "$paths" ] || echo "no paths found in README.md"
	for path in $paths; do
		grep -qF "\"$path\"" api-server/handlers/*.c ||
			echo "api-server has no $path"
		grep -qF "\"$path\"" common/http/status_server.c ||
			echo "enrich-daemon has no $path"
	done
}

# Paths of the tree that a page for people names and that are not there.
paths() {
	local path
	# shellcheck disable=SC2016 # backticks of Markdown
	grep -oE '`[A-Za-z0-9_./-]+`' "$1" | tr -d '`' |
		grep -E '^(common|api-server|enrich-daemon|sql|config|tests)/' |
		grep -vE 'NOUN|VERB|PROGRAM|/foo|film[._/]' | sort -u |
		while read -r path; do
			[ -e "$path" ] || echo "$1 names $path, which is not there"
		done
}

lint() {
	mandoc -T lint -W style "$@" |
		grep -v 'STYLE: referenced manual not found' || true
}

silent config/man/rewatch.7 events common config/man/rewatch.7
silent README.md routes
silent 'paths of README.md' paths README.md
silent 'paths of CONTRIBUTING.md' paths CONTRIBUTING.md
for program in api-server enrich-daemon; do
	page=$work/$program.yaml.5
	LC_ALL=C awk -v name=$program -f config/man/conf-page.awk \
		config/$program.yaml >"$page"
	silent "config/man/$program.8: log" \
		events $program config/man/$program.8
	silent "config/man/$program.8: options" options $program
	silent "$program.yaml(5)" keys $program "$page"
done
if command -v mandoc >/dev/null; then
	for page in config/man/*.[78] "$work"/*.5; do
		silent mandoc lint "$page"
	done
else
	echo "docs: mandoc is not installed, the pages' markup is not checked"
fi

summary
