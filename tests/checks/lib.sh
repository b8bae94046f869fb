# shellcheck shell=bash
# What the checks share; each begins with
#
#   . "$(dirname "$0")/lib.sh"
#
# and is then in the root of the tree, with a count of what passed and a
# directory of its own that is gone at the end. `summary` is its last line.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

its_name=$(basename "$0" .sh)
# shellcheck disable=SC2034 # for the checks
build=$(realpath "${BUILD:-build}")
passed=0
failed=0

# World-readable: Postgres may run as another user.
work=$(mktemp -d "/tmp/rewatch-$its_name-XXXXXX")
chmod 755 "$work"
cluster=
finish() {
	[ -z "$cluster" ] || config/cluster.sh stop "$cluster" immediate
	rm -rf "$work"
}
trap finish EXIT

# check NAME OUTPUT: passes when there is no output.
check() {
	if [ -z "$2" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf '%s:\n%s\n' "$1" "$2" >&2
	fi
}

# silent NAME COMMAND...: passes when it succeeds and has nothing to say.
silent() {
	local what=$1 output
	shift
	output=$("$@" 2>&1) || output+="${output:+$'\n'}exit status $?"
	check "$what" "$output"
}

# same NAME EXPECTED GOT
same() {
	check "$1" "$([ "$2" = "$3" ] || echo "expected \"$2\", got \"$3\"")"
}

# start_cluster DIR: a Postgres with the schema, stopped at the end.
start_cluster() {
	cluster=$1
	PG_OPTIONS='-c fsync=off' config/cluster.sh start "$cluster"
	config/cluster.sh migrate "$cluster"
}

summary() {
	echo "$its_name: $passed passed, $failed failed"
	[ "$failed" = 0 ]
}
