-- Run as rewatch_owner before TMDB answers for this database. Where the stand-in
-- answered until now (demo) every answer of it goes, and what members have and
-- what they chose is asked for again. Elsewhere nothing happens.
SELECT EXISTS (SELECT FROM demo) AS demo \gset
\if :demo
\echo A TMDB token is set now: forgetting what the stand-in answered.
BEGIN;
DELETE FROM demo;
UPDATE film SET match_state = NULL, kind = NULL, tmdb_id = NULL,
	match_method = NULL, confidence = NULL, match_score = NULL,
	candidates = '[]', matched_at = NULL, next_try_at = NULL, misses = 0,
	version = version + 1
WHERE match_state IS NOT NULL;
DELETE FROM title;
DELETE FROM person;
DELETE FROM studio;
DELETE FROM collection;
DELETE FROM enrich_dead;
UPDATE tmdb_export SET slot = NULL, export_on = NULL, loaded_at = DEFAULT,
	load = load + 1, load_until = DEFAULT, not_before = DEFAULT;
INSERT INTO enrich_job (film_id, tag)
SELECT DISTINCT e.film_id, e.film_id
FROM library_entry e
WHERE e.marked_on IS NOT NULL OR e.csv_rating IS NOT NULL
	OR e.liked_on IS NOT NULL
	OR EXISTS (SELECT FROM watch w WHERE w.member_id = e.member_id
		AND w.film_id = e.film_id AND w.source <> 'orphaned')
UNION
SELECT target_film_id, target_film_id
FROM film_choice
WHERE target_film_id IS NOT NULL
ON CONFLICT DO NOTHING;
SELECT notify_members(array_agg(id)) FROM film;
COMMIT;
\endif
