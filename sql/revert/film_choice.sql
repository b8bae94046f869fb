-- Revert rewatch:film_choice from pg
BEGIN;
DROP FUNCTION notify_members(bigint[]);
DROP VIEW member_library, member_film;
DROP TABLE film_choice;
COMMIT;
