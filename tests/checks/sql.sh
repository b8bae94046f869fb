#!/bin/bash
# The schema and every statement, on a cluster of its own:
#   deploy; each file of sql/queries is prepared and planned by the role of the
#   program that runs it; revert leaves nothing; deploying again gives the same
#   schema.
. "$(dirname "$0")/lib.sh"

sqitch_db() {
	local url
	url=$(config/cluster.sh url "$cluster" rewatch_owner)
	SQITCH_CONFIG=sql/sqitch.conf sqitch "$@" --quiet "db:pg:${url#postgresql:}"
}

sql() {
	local role=$1
	shift
	psql -X -q -At "$(config/cluster.sh url "$cluster" "$role")" "$@"
}

# What `revert` must not leave behind.
leftovers() {
	sql postgres <<-'SQL'
		SELECT 'relation ' || relname FROM pg_class
		WHERE relnamespace = 'public'::regnamespace
		UNION ALL SELECT 'function ' || proname FROM pg_proc
		WHERE pronamespace = 'public'::regnamespace
		UNION ALL SELECT 'type ' || typname FROM pg_type
		WHERE typnamespace = 'public'::regnamespace
		UNION ALL SELECT 'schema ' || nspname FROM pg_namespace
		WHERE nspname !~ '^(pg_.*|information_schema|public|sqitch)$';
	SQL
}

# pg_dump marks its output with a random key since 2025.
dump() {
	pg_dump -s "$(config/cluster.sh url "$cluster" postgres)" |
		grep -vE '^\\(un)?restrict '
}

# used_in PROGRAM FILE: does it name the statement, or what both stand on?
used_in() {
	local name=${2#sql/queries/}
	name=SQL_$(tr 'a-z/-' 'A-Z__' <<<"${name%.sql}")
	grep -rqw --include='*.c' "$name" "$1" common/pg
}

# As it is sent, and its parameters before it: "-- $1 film bigint".
sent() {
	LC_ALL=C awk -v mode=text -f sql/tools/sqlgen.awk "$1"
}

# "(NULL,NULL)" for a statement with two parameters, read from the input.
nulls() {
	local values
	values=$(sed -n 's/^-- \$.*/NULL/p' | paste -sd, -)
	[ -z "$values" ] || echo "($values)"
}

# Planning needs no values and touches no rows, but finds every table, column,
# type and missing right. What cannot be prepared (ANALYZE) is run.
statement() {
	local file=$1 text
	text=$(sent "$file")
	printf '\\echo FILE %s\n' "$file"
	echo 'BEGIN;'
	if grep -qE '^(ANALYZE|DISCARD|LOCK|TRUNCATE)' <<<"$text"; then
		printf '%s\n;\n' "$text"
	else
		printf 'PREPARE statement AS\n%s\n;\n' "$text"
		echo "EXPLAIN EXECUTE statement$(nulls <<<"$text");"
	fi
	echo 'ROLLBACK;'
	# It outlives the rollback; is not there after an error.
	echo 'DEALLOCATE ALL;'
}

session() {
	local role=$1 file
	shift
	echo 'SET plan_cache_mode = force_generic_plan;'
	if [ "$role" = rewatch_api ]; then
		cat sql/session/api.sql
		echo 'SELECT import_tables();'
	fi
	for file in "$@"; do statement "$file"; done
}

# "FILE name" and the errors behind it, for each statement.
statements() {
	local role=$1 file errors
	shift
	session "$role" "$@" >"$work/$role.sql"
	sql "$role" -f "$work/$role.sql" >"$work/$role.out" 2>&1 || true
	check "session of $role" "$(sed '/^FILE /,$d' "$work/$role.out" |
		grep -E 'ERROR|FATAL' || true)"
	for file in "$@"; do
		errors=$(awk -v file="$file" '
			/^FILE / { inside = $2 == file; found += inside }
			inside && /ERROR:|FATAL:|LINE [0-9]+:|HINT:|\^$/
			END { if (!found) print "was not reached" }
			' "$work/$role.out")
		check "$file as $role" "$errors"
	done
}

start_cluster "$work/pg"
dump >"$work/first"

mapfile -t files < <(find sql/queries -name '*.sql' | sort)
of_api=() of_daemon=()
for file in "${files[@]}"; do
	if used_in api-server "$file"; then of_api+=("$file"); fi
	if used_in enrich-daemon "$file"; then of_daemon+=("$file"); fi
done
check 'used by no program' "$(printf '%s\n' "${files[@]}" |
	grep -vxF "$(printf '%s\n' "${of_api[@]}" "${of_daemon[@]}")" || true)"
statements rewatch_api "${of_api[@]}"
statements rewatch_daemon "${of_daemon[@]}"

sqitch_db revert -y
check 'left behind by revert' "$(leftovers)"
config/cluster.sh migrate "$cluster"
dump >"$work/second"
check 'schema after revert and deploy' \
	"$(diff -u "$work/first" "$work/second" || true)"

summary
