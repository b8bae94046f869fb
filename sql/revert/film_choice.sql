-- Revert rewatch:film_choice from pg
-- Corrections are lost; films read as the matching found them.
BEGIN;
DROP VIEW member_film;
DROP TABLE film_choice;
DELETE FROM film WHERE letterboxd_ref ~ '^(tmdb|imdb):';
ALTER TABLE film DROP CONSTRAINT film_letterboxd_ref_check;
ALTER TABLE film ADD CONSTRAINT film_letterboxd_ref_check
	CHECK (letterboxd_ref ~ '^(|boxd:[0-9]{1,19}|slug:[a-z0-9_:-]{1,200})$');
COMMENT ON COLUMN film.letterboxd_ref IS 'boxd:N, the decoded film number of a boxd.it link; slug:S of an old long link; empty for a film known by name only.';
COMMIT;
