-- Gives up the lease at the end of a drain.
-- $1 instance text, $2 epoch bigint
DELETE FROM enrich_daemon WHERE instance = $1::text AND epoch = $2::bigint;
