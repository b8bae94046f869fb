-- Deploy rewatch:import to pg
-- requires: member
-- Uploads: the report that is kept of each, and the tables that one works in.
BEGIN;

CREATE TABLE import (
	member_id bigint NOT NULL REFERENCES member (id) ON DELETE CASCADE,
	id bigint GENERATED ALWAYS AS IDENTITY,
	file_name text NOT NULL,
	sha256 text NOT NULL,
	size bigint NOT NULL,
	state text NOT NULL CHECK (state IN ('committed', 'dry_run')),
	started_at timestamptz NOT NULL,
	finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	films integer NOT NULL DEFAULT 0,
	watches integer NOT NULL DEFAULT 0,
	jobs integer NOT NULL DEFAULT 0,
	PRIMARY KEY (member_id, id)
);
COMMENT ON TABLE import IS 'An upload that was committed. One that failed left nothing and is answered, not kept.';
COMMENT ON COLUMN import.state IS 'dry_run: only within the transaction that makes the report and is rolled back.';
COMMENT ON COLUMN import.films IS 'Films in the library afterwards; so watches.';
COMMENT ON COLUMN import.jobs IS 'Enrichment jobs this import made.';
CALL wall_off('import');

CREATE TABLE import_file (
	member_id bigint NOT NULL,
	import_id bigint NOT NULL,
	ordinal smallint NOT NULL,
	path text NOT NULL,
	kind text NOT NULL,
	rows integer NOT NULL,
	new integer NOT NULL,
	changed integer NOT NULL,
	unchanged integer NOT NULL,
	removed integer NOT NULL,
	rejected integer NOT NULL,
	ambiguous integer NOT NULL,
	PRIMARY KEY (member_id, import_id, ordinal),
	FOREIGN KEY (member_id, import_id) REFERENCES import (member_id, id)
		ON DELETE CASCADE,
	CHECK (rows = new + changed + unchanged + rejected)
);
COMMENT ON TABLE import_file IS 'Every row of every file is accounted for: the check says how.';
COMMENT ON COLUMN import_file.kind IS 'What was made of it; counted: known and not imported, its rows are unchanged.';
COMMENT ON COLUMN import_file.removed IS 'Rows of the import before that this file no longer has.';
COMMENT ON COLUMN import_file.ambiguous IS 'Of the rows kept, those whose film was a choice between namesakes.';
CALL wall_off('import_file');

CREATE TABLE import_row (
	member_id bigint NOT NULL,
	import_id bigint NOT NULL,
	ordinal integer NOT NULL,
	file smallint NOT NULL,
	line integer NOT NULL,
	outcome text NOT NULL CHECK (outcome IN ('rejected', 'ambiguous')),
	reason text NOT NULL,
	raw text NOT NULL,
	PRIMARY KEY (member_id, import_id, ordinal),
	FOREIGN KEY (member_id, import_id, file)
		REFERENCES import_file (member_id, import_id, ordinal)
		ON DELETE CASCADE
);
COMMENT ON COLUMN import_row.ordinal IS 'From 1, in the order of the files and their rows: the key that pages go by. One line may hold several rows (favourites).';
COMMENT ON COLUMN import_row.line IS 'Physical line in the file where the record begins, from 1.';
CALL wall_off('import_row');

-- Statements in sql/queries/import/ fill and read them, in the order of
-- api-server/import/merge.c. Year 0: none (film.year is NULL).
CREATE FUNCTION import_tables() RETURNS void
	LANGUAGE plpgsql AS $$
BEGIN
	IF to_regclass('pg_temp.import_line') IS NOT NULL THEN
		RETURN;
	END IF;

	CREATE TEMPORARY TABLE import_part (
		file smallint NOT NULL,
		path text NOT NULL,
		kind text NOT NULL,
		rows integer NOT NULL,
		-- Kind list: the list itself.
		slug text,
		name text,
		created_on date,
		tags text[],
		url text,
		description text,
		-- Found by the merge.
		removed integer NOT NULL DEFAULT 0,
		touched boolean NOT NULL DEFAULT false
	) ON COMMIT DELETE ROWS;

	CREATE TEMPORARY TABLE import_line (
		file smallint NOT NULL,
		ordinal integer NOT NULL,
		kind text NOT NULL,
		slug text,
		line integer NOT NULL,
		outcome text NOT NULL,
		reason text,
		raw text,
		ref text NOT NULL,
		title text,
		year smallint NOT NULL,
		entry text,
		linked boolean NOT NULL,
		date date,
		watched_on date,
		rating smallint,
		rewatch boolean NOT NULL,
		tags text[],
		review text,
		position integer,
		-- Found by the merge: new, changed or unchanged.
		film_id bigint,
		verdict text
	) ON COMMIT DELETE ROWS;

	-- The films of the member before the import: library entries, and films that
	-- are in lists only (entry is false).
	CREATE TEMPORARY TABLE import_library (
		film_id bigint NOT NULL,
		ref text NOT NULL,
		title text NOT NULL,
		year smallint NOT NULL,
		entry boolean NOT NULL,
		marked_on date,
		marked_rating smallint,
		liked_on date,
		watchlisted_on date,
		favourite smallint,
		csv_rating smallint,
		csv_rated_on date
	) ON COMMIT DELETE ROWS;

	-- The distinct films that the lines name, and the row of film each stands for.
	CREATE TEMPORARY TABLE import_film (
		ref text NOT NULL,
		title text NOT NULL,
		year smallint NOT NULL,
		film_id bigint,
		-- The member's film that this is, under a less exact ref.
		old_id bigint,
		-- The film whose answer of TMDB is this one's, should it be new.
		like_id bigint
	) ON COMMIT DELETE ROWS;

	-- What each viewing of the member becomes: one row an entry, old or new.
	CREATE TEMPORARY TABLE import_watch (
		entry text NOT NULL,
		watch_id bigint,
		old_source text,
		old_review boolean NOT NULL,
		-- NULL: the viewing goes.
		source text,
		in_reviews boolean NOT NULL,
		film_id bigint,
		watched_on date,
		logged_on date,
		rating smallint,
		rewatch boolean,
		tags text[],
		review text,
		same_fields boolean NOT NULL,
		same_review boolean NOT NULL
	) ON COMMIT DELETE ROWS;

	-- Films of the member that TMDB is to be asked about, in the order of since.
	CREATE TEMPORARY TABLE import_job (
		film_id bigint NOT NULL,
		since date
	) ON COMMIT DELETE ROWS;
END
$$;
COMMENT ON FUNCTION import_tables() IS 'First of an import: the working tables of its connection, made once, and emptied at each commit and rollback.';
COMMIT;
