#!/bin/bash
# What sql/tools/sqlgen.awk makes of statements, and what it refuses.
# shellcheck disable=SC2016 # the $1 of SQL
. "$(dirname "$0")/lib.sh"

mkdir "$work/film"
file=$work/film/show.sql

generate() {
	LC_ALL=C awk -v mode="$1" -f sql/tools/sqlgen.awk "$file" 2>&1
}

# sends NAME TEXT: the statement on the input is sent as TEXT.
sends() {
	cat >"$file"
	same "$1" "$2" "$(generate text)"
}

# refuses NAME "LINE: MESSAGE": so is the statement on the input, and nothing
# is written.
refuses() {
	cat >"$file"
	same "$1" "$file:$2" "$(generate h || true)"
	if generate h >"$work/out" 2>&1; then
		same "$1" 'an exit status' 'none'
	fi
}

sends 'order of appearance, each once' \
	'-- $1 b text
-- $2 a bigint
SELECT $1::text, $2::bigint + $2::bigint' <<'SQL'
-- :a bigint, one
-- :b text, another
SELECT :b::text, :a::bigint + :a::bigint;
SQL

sends 'what is no parameter' \
	"SELECT 'tmdb:movie:1', 'it''s :a', \"x:y\", now()::date, (a)[1:2], a[b:c] -- :x" \
	<<'SQL'
-- At 10:30 and 'tmdb:movie'.
-- And:
SELECT 'tmdb:movie:1', 'it''s :a', "x:y", now()::date, (a)[1:2], a[b:c] -- :x
SQL

sends 'types of two words, arrays, line breaks of the head' \
	'-- $1 s double precision
-- $2 x double precision[]
SELECT $1::double precision, $2::double precision[]' <<'SQL'
-- :s double
-- precision, seconds; :x double precision[], more of them
SELECT :s::double precision, :x::double precision[]
SQL

refuses 'no cast' '2: :a has no type: write :a::type' <<'SQL'
-- :a int
SELECT :a + 1
SQL
refuses 'another type' '3: :a is text here and int in line 2' <<'SQL'
-- :a int
SELECT :a::int,
	:a::text
SQL
refuses 'upper case' '2: :aB: names are in lower case' <<'SQL'
-- :aB int
SELECT :aB::int
SQL
refuses 'an unknown type' \
	'2: :a: parameters of type money have no kind, see sql/tools/sqlgen.awk' \
	<<'SQL'
-- :a money
SELECT :a::money
SQL
refuses 'not described' '2: the head does not say what ":a int" is' <<'SQL'
-- The sum.
SELECT :a::int
SQL
refuses 'described with another type' \
	'2: the head does not say what ":a int" is' <<'SQL'
-- :a integer
SELECT :a::int
SQL
refuses 'described, but not there' '2: the statement has no :b' <<'SQL'
-- :a int
-- :b int
SELECT :a::int
SQL
refuses 'a number' '2: $1: parameters have names, :name::type' <<'SQL'
-- The sum.
SELECT $1::int
SQL
refuses 'an open text' '1: a text must end in its line' <<'SQL'
SELECT 'a
SQL

summary
