-- Deploy rewatch:title to pg
-- requires: schema_version
-- What TMDB says, shared by all members: titles and who and what is in them.
-- No member data here.
BEGIN;

-- The one place that knows how long.
CREATE FUNCTION tmdb_term() RETURNS interval
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN interval '180 days';
COMMENT ON FUNCTION tmdb_term() IS 'How long TMDB allows its data to be kept: six months. What is older is not shown, and is erased.';

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
	studio_ids bigint[] NOT NULL DEFAULT '{}',
	keywords text[] NOT NULL DEFAULT '{}',
	director_ids bigint[] NOT NULL DEFAULT '{}',
	writer_ids bigint[] NOT NULL DEFAULT '{}',
	cast_ids bigint[] NOT NULL DEFAULT '{}',
	cast_characters text[] NOT NULL DEFAULT '{}',
	cast_cut integer NOT NULL DEFAULT 0 CHECK (cast_cut >= 0),
	crew_ids bigint[] NOT NULL DEFAULT '{}',
	crew_roles smallint[] NOT NULL DEFAULT '{}',
	crew_cut integer NOT NULL DEFAULT 0 CHECK (crew_cut >= 0),
	raw bytea,
	etag text,
	fetched_at timestamptz NOT NULL,
	version bigint NOT NULL DEFAULT 0,
	changed_at timestamptz,
	PRIMARY KEY (kind, tmdb_id),
	CONSTRAINT title_cast_check
		CHECK (cardinality(cast_characters) IN (0, cardinality(cast_ids))),
	CONSTRAINT title_crew_check
		CHECK (cardinality(crew_ids) = cardinality(crew_roles))
);
COMMENT ON TABLE title IS 'A film or series as TMDB describes it; one row however many films, members or uploads point at it.';
COMMENT ON COLUMN title.original_name IS 'An episode: "Series: Episode", as members'' exports call it; name is that of the episode alone.';
COMMENT ON COLUMN title.runtime IS 'Minutes; NULL when TMDB does not know. A series: the sum of its episodes, the specials left out; one of unknown length counts as the median of the others.';
COMMENT ON COLUMN title.countries IS 'ISO 3166-1 codes of the producing countries.';
COMMENT ON COLUMN title.languages IS 'ISO 639-1 codes, the original language first.';
COMMENT ON COLUMN title.studio_ids IS 'In the order of TMDB; names are in studio.';
COMMENT ON COLUMN title.director_ids IS 'Persons; a series: its creators.';
COMMENT ON COLUMN title.cast_ids IS 'Persons in billing order.';
COMMENT ON COLUMN title.cast_characters IS 'Beside cast_ids: whom they play; empty when TMDB does not know.';
COMMENT ON COLUMN title.cast_cut IS 'How many people TMDB has beyond cast_ids: the first 500 are kept.';
COMMENT ON COLUMN title.crew_ids IS 'Persons, once a role; a film''s directors first, a series'' creators. Repeated in director_ids and writer_ids, so that a dashboard reads short rows.';
COMMENT ON COLUMN title.crew_roles IS 'Beside crew_ids: numbers of role.';
COMMENT ON COLUMN title.crew_cut IS 'How many credits TMDB has beyond crew_ids: of more than 500 those are left out that no statistic counts.';
COMMENT ON COLUMN title.raw IS 'The whole answer of TMDB, zlib-compressed: new statistics need no new call.';
COMMENT ON COLUMN title.fetched_at IS 'When TMDB last said that it is so; it may be kept for tmdb_term().';
COMMENT ON COLUMN title.version IS 'Counts the changes of what is shown of the title: by a store, by its term, by people and studios stored with it.';
COMMENT ON COLUMN title.changed_at IS 'When the last read began whose list of changes had it; NULL: none had. Later than fetched_at: to be fetched again, but not within a day of the last time.';
CREATE INDEX title_age ON title (fetched_at);
-- The versions of a library's titles, without their wide rows.
CREATE INDEX title_version ON title (kind, tmdb_id) INCLUDE (version);
CREATE INDEX title_changed ON title (fetched_at) WHERE changed_at > fetched_at;

-- raw is compressed already; what a dashboard reads stays in the row.
ALTER TABLE title ALTER raw SET STORAGE EXTERNAL,
	ALTER director_ids SET STORAGE MAIN,
	ALTER writer_ids SET STORAGE MAIN,
	ALTER cast_ids SET STORAGE MAIN,
	ALTER genres SET STORAGE MAIN,
	ALTER countries SET STORAGE MAIN,
	ALTER languages SET STORAGE MAIN,
	ALTER studio_ids SET STORAGE MAIN;

CREATE VIEW served_title WITH (security_invoker = true) AS
SELECT * FROM title WHERE fetched_at > now() - tmdb_term();
COMMENT ON VIEW served_title IS 'Titles as members may see them. What shows titles joins this.';

-- Episodes that are films by themselves ("Black Mirror: Nosedive"). TMDB has
-- no call for an episode by its id: where it is must be known to ask again. A
-- table of its own, since hardly any title is an episode.
CREATE TABLE episode (
	kind text NOT NULL DEFAULT 'tv_episode' CHECK (kind = 'tv_episode'),
	tmdb_id bigint NOT NULL,
	series_id bigint NOT NULL,
	season integer NOT NULL CHECK (season >= 0),
	number integer NOT NULL CHECK (number >= 0),
	PRIMARY KEY (tmdb_id),
	FOREIGN KEY (kind, tmdb_id) REFERENCES title (kind, tmdb_id)
		ON DELETE CASCADE
);
CREATE INDEX episode_series ON episode (series_id);
COMMENT ON TABLE episode IS 'Where a title of the kind tv_episode is; has a row for each of them.';
COMMENT ON COLUMN episode.series_id IS 'TMDB''s id of the series, which need not be a title here.';
COMMENT ON COLUMN episode.season IS '0: the specials.';

CREATE TABLE person (
	id bigint PRIMARY KEY,
	name text NOT NULL,
	gender smallint NOT NULL DEFAULT 0 CHECK (gender BETWEEN 0 AND 3),
	profile_path text,
	seen_at timestamptz NOT NULL DEFAULT now(),
	shown_at timestamptz
);
COMMENT ON COLUMN person.id IS 'The TMDB id: people are counted by it, never by name.';
COMMENT ON COLUMN person.gender IS '0 unknown, 1 female, 2 male, 3 non-binary, as TMDB has it.';
COMMENT ON COLUMN person.seen_at IS 'When TMDB last named them in a title that was fetched or renewed, or up to a day before.';
COMMENT ON COLUMN person.shown_at IS 'When TMDB last named them otherwise than before; NULL: never. The titles stored with them are shown otherwise then; others that name them within a day, when their kept answers end.';
CREATE INDEX person_shown ON person (shown_at) WHERE shown_at IS NOT NULL;

CREATE TABLE role (
	id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	department text NOT NULL,
	job text NOT NULL,
	UNIQUE (department, job)
);
COMMENT ON TABLE role IS 'What one does in a crew, as TMDB words it: some hundreds, added as titles name them.';

CREATE TABLE studio (
	id bigint PRIMARY KEY,
	name text NOT NULL,
	seen_at timestamptz NOT NULL DEFAULT now(),
	shown_at timestamptz
);
COMMENT ON TABLE studio IS 'A production company.';
COMMENT ON COLUMN studio.id IS 'The TMDB id: several studios have one name.';
COMMENT ON COLUMN studio.seen_at IS 'Like person.seen_at.';
COMMENT ON COLUMN studio.shown_at IS 'Like person.shown_at.';
CREATE INDEX studio_shown ON studio (shown_at) WHERE shown_at IS NOT NULL;

CREATE TABLE collection (
	id bigint PRIMARY KEY,
	name text NOT NULL,
	poster_path text,
	fetched_at timestamptz NOT NULL
);
COMMENT ON TABLE collection IS 'Films that TMDB says belong together. title.collection_id may name one that is not here yet.';

CREATE TABLE collection_part (
	collection_id bigint NOT NULL REFERENCES collection (id)
		ON DELETE CASCADE,
	tmdb_id bigint NOT NULL,
	name text NOT NULL,
	released_on date,
	poster_path text,
	PRIMARY KEY (collection_id, tmdb_id)
);
COMMENT ON TABLE collection_part IS 'The films of a collection, seen by anybody or not.';
COMMENT ON COLUMN collection_part.tmdb_id IS 'Of the film (kind movie), which need not be a title here.';

GRANT SELECT ON title, served_title, episode, person, role, studio, collection,
	collection_part TO rewatch_api, rewatch_daemon;
GRANT INSERT, UPDATE, DELETE ON title, episode, person, studio, collection,
	collection_part TO rewatch_daemon;
GRANT INSERT ON role TO rewatch_daemon;
COMMIT;
