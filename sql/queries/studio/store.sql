-- The studios of titles that are stored with them, in the order of their ids.
-- Those that are here and the same are only read, but for once a day.
-- :ids text[] and :names text[]: an array literal a title, an element a studio
WITH named AS (
	SELECT DISTINCT ON (s.id) s.id, s.name
	FROM unnest(:ids::text[], :names::text[]) AS t (ids, names)
	CROSS JOIN unnest(t.ids::bigint[], t.names::text[]) AS s (id, name)
	ORDER BY s.id
)
INSERT INTO studio AS s (id, name, seen_at)
SELECT n.id, n.name, now()
FROM named n
LEFT JOIN studio known ON known.id = n.id
WHERE known.id IS NULL OR known.seen_at < now() - interval '1 day'
	OR known.name <> n.name
ORDER BY n.id
ON CONFLICT (id) DO UPDATE
SET name = excluded.name, seen_at = excluded.seen_at,
	shown_at = CASE WHEN s.name <> excluded.name
		THEN now() ELSE s.shown_at END;
