#!/bin/bash
# The schema and every statement, on a cluster of its own:
#   deploy; each file of sql/queries is prepared and planned by the role that
#   runs it; revert leaves nothing; deploying again gives the same schema.
. "$(dirname "$0")/lib.sh"

# Statements of the daemon; all others are the API server's.
daemon_nouns='changes|daemon|index|job|person|role|studio|title|tmdb_rate'

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

role_of() {
	local noun
	noun=$(basename "$(dirname "$1")")
	if [[ $noun =~ ^($daemon_nouns)$ ]]; then
		echo rewatch_daemon
	else
		echo rewatch_api
	fi
}

# "(NULL, NULL)" for a statement whose highest parameter is $2.
nulls() {
	local highest
	highest=$(grep -vE '^[[:space:]]*--' "$1" | grep -oE '\$[0-9]+' |
		tr -d '$' | sort -n | tail -1 || true)
	[ -z "$highest" ] || printf '(%s)' \
		"$(yes NULL | head -n "$highest" | paste -sd, -)"
}

# Planning needs no values and touches no rows, but finds every table, column,
# type and missing right. What cannot be prepared (ANALYZE) is run.
statement() {
	local file=$1 text
	text=$(sed -e 's/;[[:space:]]*$//' "$file")
	printf '\\echo FILE %s\n' "$file"
	echo 'BEGIN;'
	if grep -qE '^(ANALYZE|LOCK|TRUNCATE)' "$file"; then
		printf '%s\n;\n' "$text"
	else
		printf 'PREPARE statement AS\n%s\n;\n' "$text"
		echo "EXPLAIN EXECUTE statement$(nulls "$file");"
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
		cat sql/session/*.sql
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
	if [ "$(role_of "$file")" = rewatch_api ]; then
		of_api+=("$file")
	else
		of_daemon+=("$file")
	fi
done
statements rewatch_api "${of_api[@]}"
statements rewatch_daemon "${of_daemon[@]}"

sqitch_db revert -y
check 'left behind by revert' "$(leftovers)"
config/cluster.sh migrate "$cluster"
dump >"$work/second"
check 'schema after revert and deploy' \
	"$(diff -u "$work/first" "$work/second" || true)"

summary
