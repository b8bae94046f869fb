-- Revert rewatch:film from pg
BEGIN;
DROP TABLE film, credit, person, title;
DROP SEQUENCE film_version;
COMMIT;
