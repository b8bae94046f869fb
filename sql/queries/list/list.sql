-- A page of the lists of the current member, in the order of their ids.
-- :after bigint, the last list of the page before; NULL: the first page
-- :limit int, lists a page; fewer when their texts are long (page_bytes)
-- Columns: body.
WITH page AS (
	SELECT l.*, count(*) OVER () AS remaining
	FROM list l
	WHERE l.member_id = current_member() AND l.id > COALESCE(:after::bigint, 0)
	ORDER BY l.id
	LIMIT :limit::int
),
shown AS (
	SELECT * FROM (SELECT *, row_number() OVER (ORDER BY id) AS number,
			sum(octet_length(concat(slug, name, url, description))
				+ octet_length(tags::text))
			OVER (ORDER BY id) AS bytes
		FROM page) p
	WHERE number = 1 OR bytes <= page_bytes()
)
SELECT json_build_object(
	'lists', (SELECT COALESCE(json_agg(json_build_object(
			'id', p.id, 'slug', p.slug, 'name', p.name, 'url', p.url,
			'created_on', p.created_on, 'tags', p.tags,
			'description', p.description,
			'films', i.films, 'watched', i.watched) ORDER BY p.id), '[]')
		FROM shown p
		CROSS JOIN LATERAL (
			SELECT count(*) AS films, count(*) FILTER (
				WHERE e.marked_on IS NOT NULL OR e.rating IS NOT NULL
				OR EXISTS (SELECT FROM watch w
					WHERE w.member_id = current_member()
					AND w.film_id = i.film_id)) AS watched
			FROM list_item i
			LEFT JOIN library_entry e ON e.member_id = current_member()
				AND e.film_id = i.film_id
			WHERE i.member_id = current_member() AND i.list_id = p.id) i),
	'next', (SELECT max(id) FROM shown HAVING max(remaining) > count(*)),
	'total', (SELECT count(*) FROM list
		WHERE member_id = current_member())) AS body;
