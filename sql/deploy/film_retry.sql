-- Deploy rewatch:film_retry to pg
-- requires: film
-- requires: enrich_job
-- What keeps answers of TMDB from growing old: films without a title are tried
-- again, titles are fetched again, and one that is too old is not shown.
BEGIN;

ALTER TABLE film ADD next_try_at timestamptz,
	ADD misses smallint NOT NULL DEFAULT 0;
COMMENT ON COLUMN film.next_try_at IS 'When a film that TMDB gave no title for is looked up again; NULL: it has one, or no answer yet.';
COMMENT ON COLUMN film.misses IS 'Times in a row that it was not found, up to 3: next time is 7, 30, then always 90 days later.';
UPDATE film SET next_try_at = matched_at + interval '7 days', misses = 1
WHERE match_state = 'not_found';
UPDATE film SET next_try_at = matched_at + interval '30 days'
WHERE match_state = 'ambiguous';
CREATE INDEX film_next_try ON film (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX title_age ON title (fetched_at);

-- Jobs that nobody waits for have tags from here on, behind all others, and
-- what computes a member's tags does not look at them.
CREATE FUNCTION first_background_tag() RETURNS bigint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 1::bigint << 62;
COMMENT ON FUNCTION first_background_tag() IS 'Smallest tag of a job that nobody waits for; the tag is this plus microseconds since 1970.';

CREATE VIEW served_title WITH (security_invoker = true) AS
SELECT * FROM title WHERE fetched_at > now() - interval '180 days';
COMMENT ON VIEW served_title IS 'Titles as members may see them: TMDB allows data to be kept for six months. What shows titles joins this.';
GRANT SELECT ON served_title TO rewatch_api, rewatch_daemon;

COMMENT ON COLUMN tmdb_budget.calls IS 'Calls made so far, added about once a second: what GET /v1/enrichment shows.';
GRANT UPDATE (next_try_at, misses) ON film TO rewatch_daemon;
GRANT SELECT ON enrich_clock TO rewatch_daemon;
COMMIT;
