-- Deploy rewatch:film_choice to pg
-- requires: member
-- requires: enrich_job
-- Members' corrections: which title of TMDB a film of theirs is. A title that
-- somebody chose is a film of its own, named by its id, so that the queue, the
-- daemon and the promise of one job a film serve it like any other.
BEGIN;

ALTER TABLE film DROP CONSTRAINT film_letterboxd_ref_check;
ALTER TABLE film ADD CONSTRAINT film_letterboxd_ref_check
	CHECK (letterboxd_ref ~ '^(|boxd:[0-9]{1,19}|slug:[a-z0-9_:-]{1,200}|tmdb:(movie|tv):[0-9]{1,10}|imdb:tt[0-9]{7,10})$');
COMMENT ON COLUMN film.letterboxd_ref IS 'boxd:N, the decoded film number of a boxd.it link; slug:S of an old long link; empty for a film known by name only. tmdb:KIND:ID and imdb:ttN: a title that a member chose; its name is the ref, it has no year and is in no library.';

CREATE TABLE film_choice (
	member_id bigint NOT NULL REFERENCES member (id) ON DELETE CASCADE,
	film_id bigint NOT NULL REFERENCES film (id),
	target_film_id bigint REFERENCES film (id),
	chosen_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (member_id, film_id),
	CHECK (film_id <> target_film_id)
);
COMMENT ON TABLE film_choice IS 'What one member says a film is, instead of what the matching found. Stays when the library is cleared: it is the member''s work, and holds again when the film comes back.';
COMMENT ON COLUMN film_choice.target_film_id IS 'The title chosen; NULL: TMDB has none for it.';
ALTER TABLE film_choice ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON film_choice USING (member_id = current_member())
	WITH CHECK (member_id = current_member());
GRANT SELECT, INSERT, UPDATE, DELETE ON film_choice TO rewatch_api;

-- The one place that knows what a choice means. The joins to what is chosen
-- and to the job find nothing to do for nearly all films.
CREATE VIEW member_film WITH (security_invoker = true) AS
SELECT f.id, f.letterboxd_ref, f.title, f.year, f.candidates,
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
COMMENT ON VIEW member_film IS 'Films as the current member sees them: those that the member corrected have the title chosen.';
COMMENT ON COLUMN member_film.choice IS 'In the form that PUT /v1/films/{id}/match takes; NULL: none was made.';
COMMENT ON COLUMN member_film.asked_id IS 'The film whose job and errors count; NULL: there is nothing to ask.';
COMMENT ON COLUMN member_film.candidates IS 'Those of the film itself, to choose another from.';
GRANT SELECT ON member_film TO rewatch_api;
COMMIT;
