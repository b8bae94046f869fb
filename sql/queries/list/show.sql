-- One list of the current member with a page of its items.
-- :list bigint, its id
-- :after int, position of the last item of the page before; NULL: the first
-- page
-- :limit int, items a page; fewer when their notes are long (page_bytes)
-- Columns: body. No row for a list that is not the member's.
WITH page AS (
	SELECT i.*, count(*) OVER () AS remaining
	FROM list_item i
	WHERE i.member_id = current_member() AND i.list_id = :list::bigint
		AND i.position > COALESCE(:after::int, 0)
	ORDER BY i.position
	LIMIT :limit::int
),
shown AS (
	SELECT * FROM (SELECT *, row_number() OVER (ORDER BY position) AS number,
			sum(octet_length(note)) OVER (ORDER BY position) AS bytes
		FROM page) p
	WHERE number = 1 OR COALESCE(bytes, 0) <= page_bytes()
)
SELECT json_build_object(
	'id', l.id, 'slug', l.slug, 'name', l.name, 'url', l.url,
	'created_on', l.created_on, 'tags', l.tags,
	'description', l.description,
	'items', (SELECT COALESCE(json_agg(json_build_object(
			'position', p.position, 'note', p.note,
			'film', json_build_object('id', f.id, 'title', f.title,
				'year', f.year, 'poster_path', t.poster_path,
				'rating', e.rating / 2::float8,
				'watched', e.marked_on IS NOT NULL
					OR e.rating IS NOT NULL
					OR EXISTS (SELECT FROM watch w
					WHERE w.member_id = current_member()
					AND w.film_id = f.id))) ORDER BY p.position), '[]')
		FROM shown p
		JOIN member_film f ON f.id = p.film_id
		LEFT JOIN served_title t ON t.kind = f.kind AND t.tmdb_id = f.tmdb_id
		LEFT JOIN library_entry e ON e.member_id = current_member()
			AND e.film_id = f.id),
	'next', (SELECT max(position) FROM shown
		HAVING max(remaining) > count(*)),
	'total', (SELECT count(*) FROM list_item
		WHERE member_id = current_member() AND list_id = l.id)) AS body
FROM list l
WHERE l.member_id = current_member() AND l.id = :list::bigint;
