#!/bin/bash
# The systemd units: systemd takes them, they are as closed as they say, and
# what they set are variables and files that exist. What they and the containers
# grant is what the configuration can take together, and not far more.
. "$(dirname "$0")/lib.sh"
# systemd's measure of what a unit could still do, in tenths: 0 nothing, 100 all.
exposure_max=15

# Variables that the unit sets and the program does not know.
unknown_variables() {
	local name
	sed -n 's/^Environment=\([A-Z_]*\)=.*/\1/p' "$1" | while read -r name; do
		"$2" --keys | grep -qE "(environment | or )$name( |$)" ||
			echo "$name is no variable of the program"
	done
}

# Credentials that nothing reads, and the other way round.
unused_credentials() {
	diff <(sed -n 's/^LoadCredential=\([a-z-]*\):.*/\1/p' "$1" | sort) \
		<(sed -n 's/^Environment=.*=%d\/\([a-z-]*\)$/\1/p' "$1" | sort) || true
}

# systemd looks whether ExecStart is there: the one that was built is.
verify() {
	local unit
	unit=$work/$(basename "$1")
	sed "s#/usr/local/bin/$3#$2#" "$1" >"$unit"
	systemd-analyze verify --man=no "$unit" 2>&1 || echo "refused"
}

exposure() {
	local output
	output=$(systemd-analyze security --no-pager --offline=true \
		--threshold=$exposure_max "$work/$(basename "$1")" 2>&1) ||
		tail -1 <<<"$output"
}

# What a program can take at most, by the limits of its configuration as shipped,
# against what its unit and its container grant.
grants() {
	/usr/bin/python3 - "$1" <<'PY'
import re
import sys

import yaml

program = sys.argv[1]

# The sums. A name with a dot is a key of the configuration; MiB are bytes.
# What is not in the configuration is a constant of the sources, named here.
# Lowest: what the sum is to leave free, so that a leak is seen before the end.
SUMS = {
    ("api-server", "memory"): """
        40 * MiB                          # the program, its pool, the page
        + 16 * MiB                        # TOTAL_MAX of files.c
        + http.bodies_max                 # bodies that come or are worked on
        + http.connections * 27 * 1024    # one, with nearly all of a head
        + import.concurrent * import.memory_max
        + 64 * MiB                        # BODY_SENDS_MAX of body.h
        + cache.bytes_max
        """,
    ("api-server", "files"): """
        64                                # DESCRIPTORS_KEPT of http_service.c
        + http.connections
        """,
    ("enrich-daemon", "memory"): """
        40 * MiB
        + tmdb.connections * 2 * 4 * MiB  # BODY_MAX of fetch.c, and inflated
        """,
    ("enrich-daemon", "files"): """
        32
        + database.connections + 1
        + tmdb.connections * 4            # SOCKETS_OF_A_CALL of fetch.c
        + 64                              # probes and scrapes
        """,
}
UNITS = {"": 1, "B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30,
         "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30,
         "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
# Of what is granted so much is used at most, and so much at least.
MOST, LEAST = 1, 1 / 8


def number(text):
    found = re.fullmatch(r"(\d+)([A-Za-z]*)", str(text))
    return int(found[1]) * UNITS[found[2]] if found else None


config = {f"{section}.{key}": value
          for section, keys in yaml.load(open(f"config/{program}.yaml"),
                                         yaml.BaseLoader).items()
          for key, value in keys.items()}
unit = dict(re.findall(r"^(MemoryMax|LimitNOFILE)=(.*)$", open(
    f"config/systemd/rewatch-{program}.service").read(), re.M))
service = yaml.safe_load(open("docker-compose.yml"))["services"][program]
granted = {
    "memory": {"MemoryMax of the unit": unit["MemoryMax"],
               "mem_limit of the container": service.get("mem_limit")},
    "files": {"LimitNOFILE of the unit": unit["LimitNOFILE"],
              "nofile of the container":
              service.get("ulimits", {}).get("nofile")},
}


def total(text):
    text = re.sub(r"#.*", "", text)

    def value(name):
        if name[0] not in config:
            sys.exit(f"{program}.yaml has no {name[0]}: see SUMS of units.sh")
        return str(number(config[name[0]]))
    text = re.sub(r"[a-z]+\.[a-z_]+", value, text).replace("MiB", "1048576")
    return eval(" ".join(text.split()))


for (who, what), text in SUMS.items():
    if who != program:
        continue
    need = total(text)
    for name, given in granted[what].items():
        if given is None:
            print(f"there is no {name}")
        elif need > MOST * number(given):
            print(f"{name} is {given}, but the configuration can take {need}")
        elif need < LEAST * number(given):
            print(f"{name} is {given}, far more than the {need} that the "
                  "configuration can take")
PY
}

for program in api-server enrich-daemon; do
	unit=config/systemd/rewatch-$program.service
	binary=$build/$program/$program
	silent "$unit" unknown_variables "$unit" "$binary"
	silent "$unit: credentials" unused_credentials "$unit"
	silent "$unit: what it grants" grants $program
	command -v systemd-analyze >/dev/null || continue
	silent "$unit: verify" verify "$unit" "$binary" "$program"
	silent "$unit: security" exposure "$unit"
done

command -v systemd-analyze >/dev/null ||
	echo "units: systemd-analyze is not installed, systemd's own opinion is not asked"
summary
