-- Revert rewatch:film_choice from pg
BEGIN;
DROP FUNCTION hold_films(bigint[]), drop_lone_films(bigint[]), notify_members(bigint[]);
DROP VIEW member_library, member_film;
DROP TABLE film_choice;
COMMIT;
