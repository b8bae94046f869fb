-- Counts calls that were made.
-- :name text, of the rate
-- :calls bigint
UPDATE tmdb_rate SET calls = calls + :calls::bigint WHERE name = :name::text;
