-- Deploy rewatch:film to pg
-- What is shared by all members: films as exports name them, TMDB's titles and
-- people. No member data here.
BEGIN;

CREATE TABLE title (
	kind text NOT NULL CHECK (kind IN ('movie', 'tv', 'tv_episode')),
	tmdb_id bigint NOT NULL,
	name text NOT NULL,
	original_name text NOT NULL,
	released_on date,
	runtime integer CHECK (runtime > 0),
	overview text,
	poster_path text,
	backdrop_path text,
	original_language text,
	imdb_id text,
	vote_count integer NOT NULL DEFAULT 0,
	vote_average real,
	popularity real,
	collection_id bigint,
	collection_name text,
	genres text[] NOT NULL DEFAULT '{}',
	countries text[] NOT NULL DEFAULT '{}',
	languages text[] NOT NULL DEFAULT '{}',
	studios text[] NOT NULL DEFAULT '{}',
	keywords text[] NOT NULL DEFAULT '{}',
	director_ids bigint[] NOT NULL DEFAULT '{}',
	writer_ids bigint[] NOT NULL DEFAULT '{}',
	cast_ids bigint[] NOT NULL DEFAULT '{}',
	raw bytea,
	etag text,
	fetched_at timestamptz NOT NULL,
	PRIMARY KEY (kind, tmdb_id)
);
COMMENT ON TABLE title IS 'A film or series as TMDB describes it; one row however many films, members or uploads point at it.';
COMMENT ON COLUMN title.runtime IS 'Minutes; NULL when TMDB does not know. A series: minutes an episode times episodes.';
COMMENT ON COLUMN title.countries IS 'ISO 3166-1 codes of the producing countries.';
COMMENT ON COLUMN title.languages IS 'ISO 639-1 codes, the original language first.';
COMMENT ON COLUMN title.director_ids IS 'Persons; a series: its creators. Repeats what credit says, so that a dashboard reads one row a film.';
COMMENT ON COLUMN title.cast_ids IS 'Persons in billing order.';
COMMENT ON COLUMN title.raw IS 'The whole answer of TMDB, zlib-compressed: new statistics need no new call.';
COMMENT ON COLUMN title.fetched_at IS 'TMDB allows data to be kept for six months.';

CREATE TABLE person (
	id bigint PRIMARY KEY,
	name text NOT NULL,
	gender smallint NOT NULL DEFAULT 0 CHECK (gender BETWEEN 0 AND 3),
	profile_path text
);
COMMENT ON COLUMN person.id IS 'The TMDB id: people are counted by it, never by name.';
COMMENT ON COLUMN person.gender IS '0 unknown, 1 female, 2 male, 3 non-binary, as TMDB has it.';

CREATE TABLE credit (
	kind text NOT NULL,
	tmdb_id bigint NOT NULL,
	ordinal integer NOT NULL,
	person_id bigint NOT NULL REFERENCES person (id),
	department text NOT NULL,
	job text NOT NULL,
	PRIMARY KEY (kind, tmdb_id, ordinal),
	FOREIGN KEY (kind, tmdb_id) REFERENCES title (kind, tmdb_id)
		ON DELETE CASCADE
);
COMMENT ON TABLE credit IS 'Who did what. Acting: department Acting, job is the character.';
COMMENT ON COLUMN credit.ordinal IS 'Cast in billing order, then crew in the order of TMDB.';
CREATE INDEX credit_person ON credit (person_id);

CREATE TABLE film (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	letterboxd_ref text NOT NULL DEFAULT ''
		CHECK (letterboxd_ref ~ '^(|boxd:[0-9]{1,19}|slug:[a-z0-9_:-]{1,200})$'),
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
	version bigint NOT NULL DEFAULT 0,
	FOREIGN KEY (kind, tmdb_id) REFERENCES title (kind, tmdb_id),
	CHECK ((match_state IS NOT DISTINCT FROM 'matched') = (tmdb_id IS NOT NULL)),
	CHECK ((kind IS NULL) = (tmdb_id IS NULL))
);
COMMENT ON TABLE film IS 'A film as members'' exports name it, shared by all of them. Title and year are part of the key: a link uploaded under a wrong name makes a row of its own.';
COMMENT ON COLUMN film.letterboxd_ref IS 'boxd:N, the decoded film number of a boxd.it link; slug:S of an old long link; empty for a film known by name only.';
COMMENT ON COLUMN film.match_state IS 'The final answer of the enrichment; NULL while there is none. A film with NULL and no job was never asked for (no link).';
COMMENT ON COLUMN film.candidates IS 'Up to five titles the member may choose from: [{kind,id,title,date,votes,score}].';
COMMENT ON COLUMN film.version IS 'From film_version: rises whenever what statistics see of this film changes.';

CREATE SEQUENCE film_version;
CREATE UNIQUE INDEX film_key
	ON film (letterboxd_ref, title, COALESCE(year, 0));
CREATE INDEX film_name ON film (title, year);
CREATE INDEX film_match ON film (kind, tmdb_id);

GRANT SELECT ON title, person, credit, film TO rewatch_api, rewatch_daemon;
GRANT INSERT ON film TO rewatch_api;
GRANT UPDATE (letterboxd_ref) ON film TO rewatch_api;
GRANT INSERT, UPDATE, DELETE ON title, person, credit TO rewatch_daemon;
GRANT UPDATE (match_state, kind, tmdb_id, match_method, confidence, match_score,
	candidates, matched_at, version) ON film TO rewatch_daemon;
GRANT USAGE ON SEQUENCE film_version TO rewatch_daemon;
COMMIT;
