-- Run as rewatch_owner when a private database moves from TMDB's stand-in to
-- TMDB: every answer of the stand-in goes, and what members have is asked for
-- again.
BEGIN;
UPDATE film SET match_state = NULL, kind = NULL, tmdb_id = NULL,
	match_method = NULL, confidence = NULL, match_score = NULL,
	candidates = '[]', matched_at = NULL, version = nextval('film_version')
WHERE match_state IS NOT NULL;
DELETE FROM title;
DELETE FROM person;
DELETE FROM enrich_dead;
INSERT INTO enrich_job (film_id, tag)
SELECT DISTINCT film_id, film_id
FROM library_entry
WHERE marked_on IS NOT NULL OR csv_rating IS NOT NULL OR liked_on IS NOT NULL
ON CONFLICT DO NOTHING;
COMMIT;
