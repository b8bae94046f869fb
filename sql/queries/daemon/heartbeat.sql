-- Prolongs a lease that still holds; one row of one table, never job rows.
-- $1 instance text, $2 epoch bigint, $3 length of the lease in seconds
-- double precision, $4 smallest tag of the last claim bigint
-- Columns: alive boolean, false when the lease was lost; taken boolean, true
-- when another live daemon goes by our name.
WITH beat AS (
	UPDATE enrich_daemon
	SET renewed_at = clock_timestamp(), expires_at = clock_timestamp()
			+ make_interval(secs => $3::double precision),
		low_tag = GREATEST(low_tag, $4::bigint)
	WHERE instance = $1::text AND epoch = $2::bigint
		AND holds_now(renewed_at, expires_at)
	RETURNING 1
)
SELECT EXISTS (SELECT FROM beat) AS alive,
	EXISTS (SELECT FROM enrich_daemon
		WHERE instance = $1::text AND epoch <> $2::bigint
			AND holds_now(renewed_at, expires_at)) AS taken;
