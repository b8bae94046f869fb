-- A read is left to whoever goes on with it: at once, or later when its page
-- could not be read.
-- $1 kind text, $2 epoch of our lease bigint, $3 seconds until it is tried
-- again double precision, NULL: nothing was wrong
UPDATE tmdb_changes
SET epoch = NULL,
	failures = LEAST(100,
		failures + ($3::double precision IS NOT NULL)::integer),
	retry_at = now() + make_interval(secs => $3::double precision)
WHERE kind = $1::text AND epoch = $2::bigint;
