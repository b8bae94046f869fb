-- One film of the current member's library or lists, with everything known.
-- :film bigint, its id
-- Columns: body; of its namesakes the first 100, of the lists that hold it the first
-- 500, or fewer when their names are long (page_bytes). No row for a film
-- that is not the member's.
WITH own AS (
	SELECT f.*, e.film_id IS NOT NULL AS in_library, e.marked_on, e.liked_on,
		e.watchlisted_on, e.favourite, e.csv_rating, e.csv_rated_on,
		e.rating, e.rating_source, v.watches, v.first, v.last,
		CASE WHEN f.match_state IS DISTINCT FROM 'matched'
			AND j.film_id IS NOT NULL THEN 'pending'
			ELSE f.match_state END AS state,
		COALESCE(j.last_error, d.last_error) AS error
	FROM member_film f
	LEFT JOIN library_entry e ON e.member_id = current_member()
		AND e.film_id = f.id
	LEFT JOIN enrich_job j ON j.film_id = f.asked_id
	LEFT JOIN enrich_dead d ON d.film_id = f.asked_id
	CROSS JOIN LATERAL (SELECT count(*) AS watches,
			min(w.watched_on) AS first, max(w.watched_on) AS last
		FROM watch w WHERE w.member_id = current_member()
			AND w.film_id = f.id) v
	WHERE f.id = :film::bigint AND (e.film_id IS NOT NULL
		OR EXISTS (SELECT FROM list_item i
			WHERE i.member_id = current_member() AND i.film_id = f.id))
),
namesake AS (
	SELECT n.id, n.title, n.year, n.ref,
		row_number() OVER (ORDER BY n.id) AS number
	FROM own o
	JOIN film n ON n.title = o.title AND n.id <> o.id
		AND n.year IS NOT DISTINCT FROM o.year
	JOIN library_entry e ON e.member_id = current_member()
		AND e.film_id = n.id
),
listed AS (
	SELECT l.id, l.name, i.position, row_number() OVER sorted AS number,
		sum(octet_length(l.name)) OVER sorted AS bytes
	FROM own o
	JOIN list_item i ON i.member_id = current_member() AND i.film_id = o.id
	JOIN list l ON l.member_id = i.member_id AND l.id = i.list_id
	WINDOW sorted AS (ORDER BY left(l.name, 100), l.id, i.position)
),
shown AS (
	SELECT * FROM listed
	WHERE number = 1 OR number <= 500 AND bytes <= page_bytes()
)
SELECT json_build_object(
	'id', o.id, 'title', o.title, 'year', o.year,
	'letterboxd_ref', o.ref,
	'namesakes', (SELECT COALESCE(json_agg(json_build_object('id', id,
			'title', title, 'year', year,
			'letterboxd_ref', ref) ORDER BY number), '[]')
		FROM namesake WHERE number <= 100),
	'entry', CASE WHEN o.in_library THEN json_build_object(
		'rating', o.rating / 2::float8, 'rating_source', o.rating_source,
		'watches', o.watches, 'first_watched', o.first,
		'last_watched', o.last, 'marked_on', o.marked_on,
		'liked_on', o.liked_on, 'watchlisted_on', o.watchlisted_on,
		'favourite', o.favourite) END,
	'lists', (SELECT COALESCE(json_agg(json_build_object('id', id,
			'name', name, 'position', position) ORDER BY number), '[]')
		FROM shown),
	'lists_cut', (SELECT count(*) FROM listed)
		- (SELECT count(*) FROM shown),
	'match', json_build_object('state', o.state, 'chosen', o.chosen,
		'choice', o.choice, 'method', o.match_method,
		'confidence', o.confidence,
		'score', round(o.match_score::numeric, 3),
		'matched_at', to_char(o.matched_at AT TIME ZONE 'UTC',
			'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
		'error', o.error, 'candidates', o.candidates),
	'tmdb', CASE WHEN t.tmdb_id IS NOT NULL THEN json_build_object(
		'kind', t.kind, 'id', t.tmdb_id,
		'episode', CASE WHEN ep.tmdb_id IS NOT NULL THEN
			json_build_object('series_id', ep.series_id,
				'season', ep.season, 'number', ep.number) END,
		'name', t.name,
		'original_name', t.original_name, 'released_on', t.released_on,
		'runtime', t.runtime, 'overview', t.overview,
		'poster_path', t.poster_path, 'backdrop_path', t.backdrop_path,
		'original_language', t.original_language, 'imdb_id', t.imdb_id,
		'vote_count', t.vote_count,
		'average_rating', round(t.vote_average::numeric / 2, 2),
		'collection', CASE WHEN t.collection_id IS NOT NULL THEN
			json_build_object('id', t.collection_id,
				'name', t.collection_name) END,
		'genres', t.genres, 'countries', t.countries,
		'languages', t.languages,
		'studios', (SELECT COALESCE(json_agg(s.name ORDER BY i.ord), '[]')
			FROM unnest(t.studio_ids) WITH ORDINALITY i (id, ord)
			JOIN studio s ON s.id = i.id),
		'keywords', t.keywords,
		'directors', (SELECT COALESCE(json_agg(json_build_object(
				'id', p.id, 'name', p.name,
				'profile_path', p.profile_path) ORDER BY d.ord), '[]')
			FROM unnest(t.director_ids) WITH ORDINALITY d (id, ord)
			JOIN person p ON p.id = d.id),
		'cast', (SELECT COALESCE(json_agg(json_build_object(
				'id', p.id, 'name', p.name,
				'profile_path', p.profile_path,
				'character', COALESCE(c.character, ''))
				ORDER BY c.ord), '[]')
			FROM unnest(t.cast_ids, t.cast_characters)
				WITH ORDINALITY c (id, character, ord)
			JOIN person p ON p.id = c.id),
		'cast_cut', t.cast_cut,
		'crew', (SELECT COALESCE(json_agg(json_build_object(
				'id', p.id, 'name', p.name,
				'profile_path', p.profile_path,
				'department', r.department, 'job', r.job)
				ORDER BY c.ord), '[]')
			FROM unnest(t.crew_ids, t.crew_roles)
				WITH ORDINALITY c (id, role, ord)
			JOIN role r ON r.id = c.role
			JOIN person p ON p.id = c.id),
		'crew_cut', t.crew_cut,
		'fetched_at', to_char(t.fetched_at AT TIME ZONE 'UTC',
			'YYYY-MM-DD"T"HH24:MI:SS"Z"')) END) AS body
FROM own o
LEFT JOIN served_title t ON t.kind = o.kind AND t.tmdb_id = o.tmdb_id
LEFT JOIN episode ep ON ep.kind = t.kind AND ep.tmdb_id = t.tmdb_id;
