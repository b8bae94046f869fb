-- Deploy rewatch:candidate_age to pg
-- requires: film_choice
-- Names, dates and votes of candidates are TMDB's too. A film without a title
-- gets new ones in time; one that has a title keeps those of its matching.
BEGIN;

CREATE OR REPLACE VIEW member_film WITH (security_invoker = true) AS
SELECT f.id, f.letterboxd_ref, f.title, f.year,
	CASE WHEN f.matched_at > now() - interval '180 days'
		THEN f.candidates ELSE '[]' END AS candidates,
	c.film_id IS NOT NULL AS chosen,
	CASE WHEN c.film_id IS NOT NULL THEN COALESCE(
		replace(replace(target.letterboxd_ref, 'tmdb:movie:', 'tmdb:'),
			'tmdb:tv:', 'tv:'), 'none') END AS choice,
	CASE WHEN c.film_id IS NULL THEN f.id ELSE target.id END AS asked_id,
	CASE WHEN c.film_id IS NULL THEN f.match_state
		WHEN target.id IS NULL THEN 'not_found'
		ELSE target.match_state END AS match_state,
	CASE WHEN c.film_id IS NULL THEN f.kind ELSE target.kind END AS kind,
	CASE WHEN c.film_id IS NULL THEN f.tmdb_id
		ELSE target.tmdb_id END AS tmdb_id,
	CASE WHEN c.film_id IS NULL THEN f.match_method
		ELSE 'chosen' END AS match_method,
	CASE WHEN c.film_id IS NULL THEN f.confidence
		ELSE target.confidence END AS confidence,
	CASE WHEN c.film_id IS NULL THEN f.match_score END AS match_score,
	CASE WHEN c.film_id IS NULL THEN f.matched_at
		WHEN target.id IS NULL THEN c.chosen_at
		ELSE target.matched_at END AS matched_at,
	GREATEST(f.version, target.version) AS version
FROM film f
LEFT JOIN film_choice c ON c.member_id = current_member() AND c.film_id = f.id
LEFT JOIN film target ON target.id = c.target_film_id;
COMMENT ON COLUMN member_film.candidates IS 'Those of the film itself, to choose another from; none when they are older than TMDB''s six months.';
COMMIT;
