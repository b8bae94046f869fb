-- Revert rewatch:episode from pg
-- What were episodes is looked up again; choices of them are lost.
BEGIN;
INSERT INTO enrich_job (film_id, tag)
SELECT id, first_background_tag()
	+ (extract(epoch FROM now()) * 1000000)::bigint
FROM film
WHERE kind = 'tv_episode'
	AND letterboxd_ref !~ '^tmdb:tv:[0-9]+/'
ON CONFLICT DO NOTHING;
UPDATE film SET match_state = NULL, kind = NULL, tmdb_id = NULL,
	match_method = NULL, confidence = NULL, match_score = NULL,
	matched_at = NULL, version = nextval('film_version')
WHERE kind = 'tv_episode';
DELETE FROM title WHERE kind = 'tv_episode';
DROP TABLE episode;
COMMENT ON COLUMN title.original_name IS NULL;

DELETE FROM film_choice c USING film f
WHERE f.id = c.target_film_id AND f.letterboxd_ref ~ '^tmdb:tv:[0-9]+/';
DELETE FROM film WHERE letterboxd_ref ~ '^tmdb:tv:[0-9]+/';
ALTER TABLE film DROP CONSTRAINT film_letterboxd_ref_check;
ALTER TABLE film ADD CONSTRAINT film_letterboxd_ref_check
	CHECK (letterboxd_ref ~ '^(|boxd:[0-9]{1,19}|slug:[a-z0-9_:-]{1,200}|tmdb:(movie|tv):[0-9]{1,10}|imdb:tt[0-9]{7,10})$');
COMMENT ON COLUMN film.letterboxd_ref IS 'boxd:N, the decoded film number of a boxd.it link; slug:S of an old long link; empty for a film known by name only. tmdb:KIND:ID and imdb:ttN: a title that a member chose; its name is the ref, it has no year and is in no library.';
COMMIT;
