-- Statements here read one member's rows: compiling them costs more than it
-- saves, and sorts of a library fit into this.
SET jit = off;
SET work_mem = '16MB';

-- Working tables of an import: once a connection, emptied at each commit and
-- rollback. Statements in sql/queries/import/ fill and read them in the order
-- of api-server/import/merge.c. Year 0: none (film.year is NULL).
CREATE TEMPORARY TABLE IF NOT EXISTS import_part (
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

CREATE TEMPORARY TABLE IF NOT EXISTS import_line (
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
CREATE TEMPORARY TABLE IF NOT EXISTS import_have (
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
CREATE TEMPORARY TABLE IF NOT EXISTS import_film (
	ref text NOT NULL,
	title text NOT NULL,
	year smallint NOT NULL,
	film_id bigint,
	-- film_id has this less exact ref now and gets ours.
	replaces text
) ON COMMIT DELETE ROWS;

-- What each viewing of the member becomes: one row an entry, old or new.
CREATE TEMPORARY TABLE IF NOT EXISTS import_watch (
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
CREATE TEMPORARY TABLE IF NOT EXISTS import_job (
	film_id bigint NOT NULL,
	since date
) ON COMMIT DELETE ROWS;
