-- Gives up the lease at the end of a drain.
-- :instance text, our name
-- :epoch bigint, of our lease
DELETE FROM enrich_daemon
WHERE instance = :instance::text AND epoch = :epoch::bigint;
