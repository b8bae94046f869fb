-- Prolongs a lease that still holds; one row of one table, never job rows.
-- :instance text, our name
-- :epoch bigint, of our lease
-- :seconds double precision, the length of the lease
-- :low_tag bigint, the smallest of the last claim
-- Columns: alive boolean, false when the lease was lost; taken boolean, true
-- when another live daemon goes by our name.
WITH beat AS (
	UPDATE enrich_daemon
	SET renewed_at = clock_timestamp(), expires_at = clock_timestamp()
			+ make_interval(secs => :seconds::double precision),
		low_tag = GREATEST(low_tag, :low_tag::bigint)
	WHERE instance = :instance::text AND epoch = :epoch::bigint
		AND holds_now(renewed_at, expires_at)
	RETURNING 1
)
SELECT EXISTS (SELECT FROM beat) AS alive,
	EXISTS (SELECT FROM enrich_daemon
		WHERE instance = :instance::text AND epoch <> :epoch::bigint
			AND holds_now(renewed_at, expires_at)) AS taken;
