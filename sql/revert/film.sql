-- Revert rewatch:film from pg
BEGIN;
DROP FUNCTION lock_films(bigint[]);
DROP TABLE film;
COMMIT;
