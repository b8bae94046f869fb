#!/bin/bash
# The systemd units: systemd takes them, they are as closed as they say, and
# what they set are variables and files that exist.
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

for program in api-server enrich-daemon; do
	unit=config/systemd/rewatch-$program.service
	binary=$build/$program/$program
	silent "$unit" unknown_variables "$unit" "$binary"
	silent "$unit: credentials" unused_credentials "$unit"
	command -v systemd-analyze >/dev/null || continue
	silent "$unit: verify" verify "$unit" "$binary" "$program"
	silent "$unit: security" exposure "$unit"
done

command -v systemd-analyze >/dev/null ||
	echo "units: systemd-analyze is not installed, systemd's own opinion is not asked"
summary
