-- Deploy rewatch:film to pg
-- requires: title
-- Films as members' exports name them, shared by all members, and which title
-- of TMDB each of them is. No member data here.
BEGIN;

CREATE TABLE film (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	ref text NOT NULL DEFAULT ''
		CHECK (ref ~ '^(|boxd:[0-9]{1,19}|slug:[a-z0-9_:-]{1,200}|tmdb:(movie|tv):[0-9]{1,10}|tmdb:tv:[0-9]{1,10}/season/[0-9]{1,5}/episode/[0-9]{1,5}|imdb:tt[0-9]{7,10})$'),
	title text NOT NULL CHECK (title <> ''),
	year smallint CHECK (year BETWEEN 1800 AND 2200),
	created_at timestamptz NOT NULL DEFAULT now(),
	match_state text CHECK (match_state IN
		('matched', 'not_found', 'ambiguous', 'failed')),
	kind text,
	tmdb_id bigint,
	match_method text,
	confidence text CHECK (confidence IN ('high', 'medium', 'low')),
	match_score real,
	candidates jsonb NOT NULL DEFAULT '[]',
	matched_at timestamptz,
	next_try_at timestamptz,
	misses smallint NOT NULL DEFAULT 0,
	version bigint NOT NULL DEFAULT 0,
	FOREIGN KEY (kind, tmdb_id) REFERENCES title (kind, tmdb_id),
	CHECK ((match_state IS NOT DISTINCT FROM 'matched') = (tmdb_id IS NOT NULL)),
	CHECK ((kind IS NULL) = (tmdb_id IS NULL))
);
COMMENT ON TABLE film IS 'A film as members'' exports name it, shared by all of them. Title and year are part of the key: a link uploaded under a wrong name makes a row of its own.';
COMMENT ON COLUMN film.ref IS 'boxd:N, the decoded film number of a boxd.it link; slug:S of an old long link; empty for a film known by name only. tmdb:KIND:ID, tmdb:tv:ID/season/N/episode/N and imdb:ttN: a title that a member chose; its name is the ref, it has no year and is in no library.';
COMMENT ON COLUMN film.match_state IS 'The final answer of the enrichment; NULL while there is none. A film with NULL and no job was never asked for (no link).';
COMMENT ON COLUMN film.candidates IS 'Up to five titles the member may choose from: [{kind,id,title,date,votes,score}].';
COMMENT ON COLUMN film.next_try_at IS 'When a film that TMDB gave no title for is looked up again; NULL: it has one, or no answer yet.';
COMMENT ON COLUMN film.misses IS 'Times in a row that it was not found, up to 3: next time is 7, 30, then always 90 days later.';
COMMENT ON COLUMN film.version IS 'Counts the changes of which title the film is, or that it is none. Whoever changes that raises it by one and calls notify_members(); nothing else does.';

CREATE UNIQUE INDEX film_key ON film (ref, title, COALESCE(year, 0));
CREATE INDEX film_name ON film (title, year);
CREATE INDEX film_match ON film (kind, tmdb_id);
CREATE INDEX film_next_try ON film (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX film_unmatched ON film (id)
	WHERE match_state IS DISTINCT FROM 'matched';
CREATE INDEX film_candidates ON film (matched_at) WHERE candidates <> '[]';

-- Locks films, in the order in which everybody does: before jobs, and by id. A
-- function with the owner's rights, because who may lock a row may change it.
CREATE FUNCTION lock_films(films bigint[]) RETURNS SETOF bigint
	LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
	SELECT id FROM film WHERE id = ANY (films) ORDER BY id
	FOR NO KEY UPDATE;
END;
COMMENT ON FUNCTION lock_films(bigint[]) IS 'Locks these films until the transaction ends; returns those that are there.';
REVOKE EXECUTE ON FUNCTION lock_films(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock_films(bigint[]) TO rewatch_api;

-- The API adds films and changes none: others' libraries stand on them.
GRANT SELECT ON film TO rewatch_api, rewatch_daemon;
GRANT INSERT ON film TO rewatch_api;
GRANT UPDATE (match_state, kind, tmdb_id, match_method, confidence, match_score,
	candidates, matched_at, next_try_at, misses, version) ON film
	TO rewatch_daemon;
COMMIT;
