-- The film that stands for the title chosen, if nobody has chosen it before.
-- Where the title itself is here and may be shown, there is nothing to ask for.
-- :ref text, of the title; NULL: none was chosen
INSERT INTO film (ref, title, match_state, kind, tmdb_id,
	match_method, confidence, matched_at)
SELECT n.ref, n.ref, CASE WHEN t.tmdb_id IS NOT NULL THEN 'matched' END,
	t.kind, t.tmdb_id, CASE WHEN t.tmdb_id IS NOT NULL THEN 'known' END,
	CASE WHEN t.tmdb_id IS NOT NULL THEN 'high' END,
	CASE WHEN t.tmdb_id IS NOT NULL THEN now() END
FROM (SELECT :ref::text AS ref,
	substring(:ref::text FROM '^tmdb:([a-z]+):') AS kind,
	substring(:ref::text FROM '^tmdb:[a-z]+:([0-9]+)$')::bigint AS id) n
LEFT JOIN served_title t ON t.kind = n.kind AND t.tmdb_id = n.id
WHERE n.ref IS NOT NULL AND NOT EXISTS (SELECT FROM film f
	WHERE f.ref = n.ref AND f.title = n.ref
		AND COALESCE(f.year, 0) = 0)
ON CONFLICT DO NOTHING;
