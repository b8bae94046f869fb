-- A page of the viewings of one film of the current member, newest first, undated
-- last.
-- :film bigint, its id
-- :after bigint, the last viewing of the page before; NULL: the first page
-- :limit int, viewings a page; fewer when they are long (page_bytes)
-- Columns: body. No row for a film that is not in the member's library, and when
-- :after is none of its viewings.
WITH found AS (
	SELECT w.*, row_number() OVER (ORDER BY w.watched_on DESC NULLS LAST,
			w.logged_on DESC NULLS LAST, w.place DESC, w.id DESC)
			AS number
	FROM watch w
	WHERE w.member_id = current_member() AND w.film_id = :film::bigint
),
page AS (
	SELECT * FROM found
	WHERE :after::bigint IS NULL OR number > (SELECT number FROM found
		WHERE id = :after::bigint)
	ORDER BY number
	LIMIT :limit::int
),
shown AS (
	SELECT * FROM (SELECT *, min(number) OVER () AS first,
			sum(octet_length(tags::text)
				+ COALESCE(octet_length(review), 0))
			OVER (ORDER BY number) AS bytes
		FROM page) p
	WHERE number = first OR bytes <= page_bytes()
)
SELECT json_build_object(
	'watches', (SELECT COALESCE(json_agg(json_build_object(
			'id', id, 'source', source, 'watched_on', watched_on,
			'logged_on', logged_on, 'rating', rating / 2::float8,
			'rewatch', rewatch, 'tags', tags, 'review', review)
			ORDER BY number), '[]')
		FROM shown),
	'next', (SELECT id FROM shown
		WHERE number = (SELECT max(number) FROM shown)
			AND number < (SELECT count(*) FROM found)),
	'total', (SELECT count(*) FROM found)) AS body
FROM library_entry e
WHERE e.member_id = current_member() AND e.film_id = :film::bigint
	AND (:after::bigint IS NULL
		OR EXISTS (SELECT FROM found WHERE id = :after::bigint));
