-- Every viewing of one film of the current member, newest first, undated last.
-- :film bigint, its id
-- Columns: body. No row for a film that is not in the member's library.
SELECT json_build_object('watches', (
	SELECT COALESCE(json_agg(json_build_object(
		'id', w.id, 'source', w.source, 'watched_on', w.watched_on,
		'logged_on', w.logged_on, 'rating', w.rating / 2::float8,
		'rewatch', w.rewatch, 'tags', w.tags, 'review', w.review)
		ORDER BY w.watched_on DESC NULLS LAST,
			w.logged_on DESC NULLS LAST, w.place DESC, w.id DESC), '[]')
	FROM watch w
	WHERE w.member_id = e.member_id AND w.film_id = e.film_id)) AS body
FROM library_entry e
WHERE e.member_id = current_member() AND e.film_id = :film::bigint;
