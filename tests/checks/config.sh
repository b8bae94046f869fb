#!/bin/bash
# Every configuration key of a program is in its YAML file, with the default
# that the program has, and the file has no other; --check accepts the file.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
failed=0

for program in api-server enrich-daemon; do
	file=config/$program.yaml
	if ! /usr/bin/python3 - "$build/$program/$program" "$file" <<'PY'; then
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
print("\n".join(wrong), file=sys.stderr)
sys.exit(bool(wrong) or not keys)
PY
		failed=$((failed + 1))
	fi
	TMDB_TOKEN=x "$build/$program/$program" --check --config "$file" \
		>/dev/null || failed=$((failed + 1))
done
echo "config: $((4 - failed)) passed, $failed failed"
[ "$failed" = 0 ]
