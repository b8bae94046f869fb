-- Counts calls that were made.
-- $1 name text, $2 calls bigint
UPDATE tmdb_rate SET calls = calls + $2::bigint WHERE name = $1::text;
