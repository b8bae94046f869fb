-- Films nobody has named before, in key order, so that two imports of the same
-- new films wait for each other instead of deadlocking.
INSERT INTO film (letterboxd_ref, title, year)
SELECT ref, title, NULLIF(year, 0)
FROM import_film
WHERE film_id IS NULL OR replaces IS NOT NULL
ORDER BY ref COLLATE "C", title COLLATE "C", year
ON CONFLICT DO NOTHING;
