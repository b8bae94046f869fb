-- Deploy rewatch:film_choice to pg
-- requires: library
-- Members' choices: which title of TMDB a film of theirs is. A title that
-- somebody chose is a film of its own, named by its id, so that the queue, the
-- daemon and the promise of one job a film serve it like any other. With it
-- what must know of choices: how films look to a member, the version of what
-- the member is shown, and who is to hear of a film that changed.
BEGIN;

CREATE TABLE film_choice (
	member_id bigint NOT NULL REFERENCES member (id) ON DELETE CASCADE,
	film_id bigint NOT NULL REFERENCES film (id),
	target_film_id bigint REFERENCES film (id),
	chosen_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (member_id, film_id),
	CHECK (film_id <> target_film_id)
);
CREATE INDEX film_choice_film ON film_choice (film_id);
CREATE INDEX film_choice_target ON film_choice (target_film_id);
COMMENT ON TABLE film_choice IS 'What one member says a film is, instead of what the matching found. Stays when the library is cleared: it is the member''s work, and holds again when the film comes back.';
COMMENT ON COLUMN film_choice.target_film_id IS 'The title chosen; NULL: TMDB has none for it.';
CALL wall_off('film_choice');

-- The one place that knows what a choice means. The joins to what is chosen
-- and to the job find nothing to do for nearly all films.
CREATE VIEW member_film WITH (security_invoker = true) AS
SELECT f.id, f.ref, f.title, f.year,
	CASE WHEN f.matched_at > now() - tmdb_term()
		THEN f.candidates ELSE '[]' END AS candidates,
	c.film_id IS NOT NULL AS chosen,
	CASE WHEN c.film_id IS NOT NULL THEN COALESCE(
		replace(replace(target.ref, 'tmdb:movie:', 'tmdb:'),
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
	f.version + COALESCE(target.version, 0) AS version
FROM film f
LEFT JOIN film_choice c ON c.member_id = current_member() AND c.film_id = f.id
LEFT JOIN film target ON target.id = c.target_film_id;
COMMENT ON VIEW member_film IS 'Films as the current member sees them: those that the member corrected have the title chosen.';
COMMENT ON COLUMN member_film.candidates IS 'Those of the film itself, to choose another from; none when they are older than tmdb_term().';
COMMENT ON COLUMN member_film.choice IS 'In the form that PUT /v1/films/{id}/match takes; NULL: none was made.';
COMMENT ON COLUMN member_film.asked_id IS 'The film whose job and errors count; NULL: there is nothing to ask.';
GRANT SELECT ON member_film TO rewatch_api;

-- Three numbers: of the library, of its films, of their titles. Each counter
-- rises under the lock of its own row; a number of a sequence would not do, since
-- of two stores the one with the lower number may commit last. While the first
-- number stands, the films that are summed in the second are the same; while
-- those two stand, so are the titles of the third, whoever made them the films'.
CREATE VIEW member_library WITH (security_invoker = true) AS
SELECT m.id, m.sample, (
	SELECT concat_ws('-', m.library_version, COALESCE(sum(f.version), 0),
		COALESCE(sum(t.version), 0))
	FROM library_entry e
	JOIN member_film f ON f.id = e.film_id
	LEFT JOIN title t ON t.kind = f.kind AND t.tmdb_id = f.tmdb_id
	WHERE e.member_id = m.id) AS version
FROM member m;
COMMENT ON COLUMN member_library.version IS 'What the statistics of a library depend on, as one word: when it is the same, they are the same.';
GRANT SELECT ON member_library TO rewatch_api;

-- A function with the owner's rights, because the daemon may read no member's
-- table: it says which films have changed. A daemon that listened would learn
-- members' numbers by it, and nothing else of them.
CREATE FUNCTION notify_members(films bigint[]) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp
AS $$
BEGIN
	PERFORM pg_notify('enriched', string_agg(member_id::text, ','
		ORDER BY member_id))
	FROM (SELECT member_id, row_number() OVER (ORDER BY member_id) / 350
			AS part
		FROM (SELECT member_id FROM library_entry
				WHERE film_id = ANY (films)
			UNION
			SELECT member_id FROM list_item
				WHERE film_id = ANY (films)
			UNION
			SELECT member_id FROM film_choice
				WHERE target_film_id = ANY (films)) concerned) m
	GROUP BY part;
END
$$;
COMMENT ON FUNCTION notify_members(bigint[]) IS 'Tells the API servers whose films these are, when the transaction commits: NOTIFY enriched with members'' ids, 350 at most in one (a payload has 8,000 bytes). Its cost is that of those members, not of all.';
REVOKE EXECUTE ON FUNCTION notify_members(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notify_members(bigint[]) TO rewatch_daemon;
COMMIT;
