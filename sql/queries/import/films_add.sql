-- Films nobody has named before, in key order, so that two imports of the same
-- new films wait for each other instead of deadlocking. One that is like a film
-- which has its answer of TMDB takes that, so that nobody asks twice.
INSERT INTO film (ref, title, year, match_state, kind, tmdb_id, match_method,
	confidence, match_score, candidates, matched_at, next_try_at, misses)
SELECT i.ref, i.title, NULLIF(i.year, 0), l.match_state, l.kind, l.tmdb_id,
	l.match_method, l.confidence, l.match_score,
	COALESCE(l.candidates, '[]'), l.matched_at, l.next_try_at,
	COALESCE(l.misses, 0)
FROM import_film i
LEFT JOIN film l ON l.id = i.like_id
	AND l.match_state IN ('matched', 'not_found', 'ambiguous')
WHERE i.film_id IS NULL
ORDER BY i.ref COLLATE "C", i.title COLLATE "C", i.year
ON CONFLICT DO NOTHING;
