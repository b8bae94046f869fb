-- A page of the current member's films that TMDB gave no certain title for. One
-- that the member says has none is mended, and one that the member chose is sure.
-- :doubtful boolean, with those matched with less than high confidence
-- :state text, these alone: not_found, ambiguous, failed, or matched, which are the
--   doubtful ones; NULL: all
-- :after bigint, the last film of the page before; NULL: the first page
-- :limit int, films a page
-- Columns: body.
WITH own AS (
	SELECT film_id FROM library_entry WHERE member_id = current_member()
	UNION
	SELECT film_id FROM list_item WHERE member_id = current_member()
),
unmatched AS MATERIALIZED (
	SELECT f.*
	FROM own
	JOIN member_film f ON f.id = own.film_id
	LEFT JOIN enrich_job j ON j.film_id = f.asked_id
	WHERE f.asked_id IS NOT NULL
		AND (:state::text IS NULL OR f.match_state = :state::text)
		AND CASE WHEN f.match_state = 'matched'
			THEN (:doubtful::boolean OR :state::text IS NOT NULL)
				AND f.confidence <> 'high' AND NOT f.chosen
		ELSE f.match_state IS NOT NULL AND j.film_id IS NULL END
),
page AS (
	SELECT u.*, count(*) OVER () AS remaining
	FROM unmatched u
	WHERE u.id > COALESCE(:after::bigint, 0)
	ORDER BY u.id
	LIMIT :limit::int
)
SELECT json_build_object(
	'films', (SELECT COALESCE(json_agg(json_build_object(
			'id', p.id, 'title', p.title, 'year', p.year,
			'letterboxd_ref', p.ref, 'state', p.match_state,
			'chosen', p.chosen,
			'confidence', p.confidence, 'method', p.match_method,
			'score', round(p.match_score::numeric, 3),
			'tmdb', CASE WHEN t.tmdb_id IS NOT NULL THEN
				json_build_object('kind', t.kind, 'id', t.tmdb_id,
					'episode', CASE WHEN ep.tmdb_id IS NOT NULL
						THEN json_build_object(
							'series_id', ep.series_id,
							'season', ep.season,
							'number', ep.number) END,
					'name', t.name, 'released_on', t.released_on,
					'poster_path', t.poster_path) END,
			'candidates', p.candidates, 'attempts', d.attempt,
			'error', d.last_error) ORDER BY p.id), '[]')
		FROM page p
		LEFT JOIN served_title t ON t.kind = p.kind AND t.tmdb_id = p.tmdb_id
		LEFT JOIN episode ep ON ep.kind = t.kind AND ep.tmdb_id = t.tmdb_id
		LEFT JOIN enrich_dead d ON d.film_id = p.asked_id),
	'next', (SELECT max(id) FROM page HAVING max(remaining) > count(*)),
	'total', (SELECT count(*) FROM unmatched)) AS body;
