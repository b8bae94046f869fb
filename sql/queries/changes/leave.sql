-- A read is left to whoever goes on with it: at once, or later when its page
-- could not be read.
-- :kind text, of the titles
-- :epoch bigint, of our lease
-- :retry double precision, seconds until it is tried again; NULL: nothing was
-- wrong
UPDATE tmdb_changes
SET epoch = NULL,
	failures = LEAST(100,
		failures + (:retry::double precision IS NOT NULL)::integer),
	retry_at = now() + make_interval(secs => :retry::double precision)
WHERE kind = :kind::text AND epoch = :epoch::bigint;
