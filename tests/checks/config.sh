#!/bin/bash
# Every configuration key of a program is in its YAML file, with the default
# that the program has, and the file has no other; --check accepts the file.
. "$(dirname "$0")/lib.sh"

# What a program and its file do not agree about.
differences() {
	/usr/bin/python3 - "$1" "$2" <<'PY'
import re
import subprocess
import sys

import yaml

program, path = sys.argv[1:]
keys = {}
for line in subprocess.run([program, "--keys"], check=True, text=True,
                           capture_output=True).stdout.splitlines():
    name, default = re.match(r'(\S+) .* default "(.*?)"(?:,|$)', line).groups()
    keys[name] = default
given = {f"{section}.{key}": value
         for section, members in yaml.load(open(path), yaml.BaseLoader).items()
         for key, value in members.items()}
wrong = [f"{path}: {k} is not a key of the program" for k in given.keys() - keys.keys()]
wrong += [f"{path}: {k} is missing" for k in keys.keys() - given.keys()]
wrong += [f"{path}: {k} is {given[k]!r}, the program's default is {keys[k]!r}"
          for k in given.keys() & keys.keys() if given[k] != keys[k]]
for line in wrong if keys else [f"{program} has no keys"]:
    print(line)
PY
}

accepted() {
	TMDB_TOKEN=x "$1" --check --config "$2" >/dev/null
}

for program in api-server enrich-daemon; do
	file=config/$program.yaml
	silent "$file" differences "$build/$program/$program" "$file"
	silent "$file: --check" accepted "$build/$program/$program" "$file"
done
summary
