-- Verify rewatch:episode on pg
BEGIN;
SELECT kind, tmdb_id, series_id, season, number FROM episode WHERE false;
SELECT 1 / (pg_get_constraintdef(oid) LIKE '%/season/%')::int FROM pg_constraint
WHERE conname = 'film_letterboxd_ref_check';
ROLLBACK;
