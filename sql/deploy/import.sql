-- Deploy rewatch:import to pg
-- requires: enrich_queue
-- requires: film_choice
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
	account text,
	warnings jsonb NOT NULL DEFAULT '[]',
	sample_before boolean NOT NULL,
	account_before text,
	undoable boolean NOT NULL DEFAULT true,
	undo_bytes bigint NOT NULL DEFAULT 0,
	undone_at timestamptz,
	PRIMARY KEY (member_id, id)
);
COMMENT ON TABLE import IS 'An upload that was committed. One that failed left nothing and is answered, not kept.';
COMMENT ON COLUMN import.state IS 'dry_run: only within the transaction that makes the report and is rolled back.';
COMMENT ON COLUMN import.films IS 'Films in the library afterwards; so watches.';
COMMENT ON COLUMN import.account IS 'The user name of its profile.csv, if it has one.';
COMMENT ON COLUMN import.warnings IS 'What the member was told before it was committed: [{kind,text}].';
COMMENT ON COLUMN import.sample_before IS 'Of the member, before it; so account_before.';
COMMENT ON COLUMN import.undoable IS 'Its undo is kept, see import/save_report, and it is not undone.';
COMMENT ON COLUMN import.undo_bytes IS 'What its undo takes.';
COMMENT ON COLUMN import.jobs IS 'Enrichment jobs this import made.';
CALL wall_off('import');

CREATE TABLE import_file (
	member_id bigint NOT NULL,
	import_id bigint NOT NULL,
	ordinal smallint NOT NULL,
	path text NOT NULL,
	kind text NOT NULL,
	reason text,
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
COMMENT ON COLUMN import_file.reason IS 'Why nothing of the file was taken; NULL: it was.';
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
	entry text,
	film_id bigint,
	films bigint[],
	PRIMARY KEY (member_id, import_id, ordinal),
	-- Not import_file: an import has thousands of those, and each would look
	-- for its rows among all of them when it goes.
	FOREIGN KEY (member_id, import_id) REFERENCES import (member_id, id)
		ON DELETE CASCADE
);
COMMENT ON TABLE import_row IS 'The first rows of either outcome, as many as import/save_report says.';
COMMENT ON COLUMN import_row.file IS 'The ordinal of its import_file.';
COMMENT ON COLUMN import_row.ordinal IS 'From 1, in the order of the files and their rows: the key that pages go by. One line may hold several rows (favourites).';
COMMENT ON COLUMN import_row.films IS 'Of a viewing: the films of its title and year; film_id is the one taken.';
COMMENT ON COLUMN import_row.line IS 'Physical line in the file where the record begins, from 1.';
CALL wall_off('import_row');

CREATE TABLE import_cause (
	member_id bigint NOT NULL,
	import_id bigint NOT NULL,
	ordinal integer NOT NULL,
	file smallint NOT NULL,
	outcome text NOT NULL CHECK (outcome IN ('rejected', 'ambiguous')),
	reason text NOT NULL,
	line integer NOT NULL,
	rows integer NOT NULL,
	PRIMARY KEY (member_id, import_id, ordinal),
	FOREIGN KEY (member_id, import_id, file)
		REFERENCES import_file (member_id, import_id, ordinal)
		ON DELETE CASCADE
);
COMMENT ON TABLE import_cause IS 'Why rows were rejected or are ambiguous, and how many for each cause, whether they are kept or not; the commonest first.';
COMMENT ON COLUMN import_cause.reason IS 'Of the first row, as its line.';
CALL wall_off('import_cause');

CREATE FUNCTION cause(reason text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN regexp_replace(reason, '"[^"]*"|[0-9]+', '', 'g');
COMMENT ON FUNCTION cause(text) IS 'A reason without its numbers and quotations: rows whose reasons differ in these alone have one cause.';

-- A member knows a film by its link, not by the number that the link stands for:
-- ten times that in base 62, as api-server/import/letterboxd_link.c reads it.
CREATE FUNCTION film_link(ref text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
	digits CONSTANT text := '0123456789abcdefghijklmnopqrstuvwxyz'
		|| 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
	rest numeric := 10 * substring(ref FROM '^boxd:([0-9]+)$')::numeric;
	code text := '';
BEGIN
	WHILE rest > 0 LOOP
		code := substr(digits, (rest % 62)::integer + 1, 1) || code;
		rest := div(rest, 62);
	END LOOP;
	RETURN CASE WHEN code <> '' THEN 'https://boxd.it/' || code
		WHEN ref LIKE 'slug:%' THEN 'https://letterboxd.com/film/'
			|| substr(ref, 6) || '/' END;
END
$$;
COMMENT ON FUNCTION film_link(text) IS 'The link at Letterboxd of a film with this ref; NULL: it has none.';

-- The rows of a library as they were before an import changed them. Triggers
-- note them while rewatch.import_id is set, which import/begin does for its
-- transaction; nobody else's changes are noted.
CREATE TABLE import_undo (
	member_id bigint NOT NULL,
	import_id bigint NOT NULL,
	relation text NOT NULL,
	key text NOT NULL,
	was jsonb,
	PRIMARY KEY (member_id, import_id, relation, key),
	FOREIGN KEY (member_id, import_id) REFERENCES import (member_id, id)
		ON DELETE CASCADE
);
CREATE INDEX import_undo_film ON import_undo (((was ->> 'film_id')::bigint))
	WHERE was ? 'film_id';
COMMENT ON COLUMN import_undo.key IS 'The row''s key within the member.';
COMMENT ON COLUMN import_undo.was IS 'The row; NULL: it was not there.';
CALL wall_off('import_undo');

CREATE FUNCTION current_import() RETURNS bigint
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN NULLIF(current_setting('rewatch.import_id', true), '')::bigint;
COMMENT ON FUNCTION current_import() IS 'The import of this transaction, or NULL.';

-- TG_ARGV[0]: the key as an expression of row r.
CREATE FUNCTION note_undo() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	import bigint := current_import();
	note CONSTANT text := 'INSERT INTO import_undo SELECT r.member_id, $1, $2, '
		|| '%s, %s FROM %I r ON CONFLICT DO NOTHING';
BEGIN
	IF import IS NULL THEN
		RETURN NULL;
	END IF;
	IF TG_OP <> 'INSERT' THEN
		EXECUTE format(note, TG_ARGV[0], 'to_jsonb(r)', 'before')
		USING import, TG_TABLE_NAME;
	END IF;
	IF TG_OP <> 'DELETE' THEN
		EXECUTE format(note, TG_ARGV[0], 'NULL', 'after')
		USING import, TG_TABLE_NAME;
	END IF;
	RETURN NULL;
END
$$;

CREATE PROCEDURE keep_undo(name regclass, key text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TRIGGER undo_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION note_undo(%L)', name, key);
	EXECUTE format('CREATE TRIGGER undo_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION note_undo(%L)', name, key);
	EXECUTE format('CREATE TRIGGER undo_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION note_undo(%L)', name, key);
END
$$;
COMMENT ON PROCEDURE keep_undo(regclass, text) IS 'For migrations: what imports change in this table can be undone; undo_imports knows it as well.';
REVOKE EXECUTE ON PROCEDURE keep_undo(regclass, text) FROM PUBLIC;
CALL keep_undo('library_entry', 'r.film_id');
CALL keep_undo('watch', 'r.id');
CALL keep_undo('list', 'r.id');
CALL keep_undo('list_item', 'concat_ws(''/'', r.list_id, r.position)');
CALL keep_undo('film_choice', 'r.film_id');
CALL keep_undo('watch_choice', 'r.entry');

-- Rows that others stand on are changed in place, all others made anew. Both sides
-- of a join are read once, whatever the planner believes of them.
CREATE FUNCTION undo_imports(first bigint) RETURNS bigint[]
	LANGUAGE plpgsql SET enable_nestloop = off SET enable_mergejoin = off AS $$
DECLARE
	films bigint[];
BEGIN
	CREATE TEMPORARY TABLE undone ON COMMIT DROP AS
	SELECT DISTINCT ON (relation, key) relation, key, was
	FROM import_undo
	WHERE member_id = current_member() AND import_id >= first
	ORDER BY relation, key, import_id;
	films := ARRAY(SELECT key::bigint FROM undone
		WHERE relation = 'library_entry');

	DELETE FROM list_item USING undone
	WHERE member_id = current_member() AND relation = 'list_item'
		AND key = concat_ws('/', list_id, position);
	DELETE FROM watch USING undone
	WHERE member_id = current_member() AND relation = 'watch'
		AND id = key::bigint;
	DELETE FROM watch_choice USING undone
	WHERE member_id = current_member() AND relation = 'watch_choice'
		AND entry = key;
	DELETE FROM film_choice USING undone
	WHERE member_id = current_member() AND relation = 'film_choice'
		AND film_id = key::bigint;
	DELETE FROM list USING undone
	WHERE member_id = current_member() AND relation = 'list'
		AND id = key::bigint AND was IS NULL;

	INSERT INTO library_entry AS e
	SELECT r.* FROM undone, jsonb_populate_record(NULL::library_entry, was) r
	WHERE relation = 'library_entry' AND was IS NOT NULL
	ON CONFLICT (member_id, film_id) DO UPDATE
	SET marked_on = EXCLUDED.marked_on,
		marked_rating = EXCLUDED.marked_rating,
		liked_on = EXCLUDED.liked_on,
		watchlisted_on = EXCLUDED.watchlisted_on,
		favourite = EXCLUDED.favourite, csv_rating = EXCLUDED.csv_rating,
		csv_rated_on = EXCLUDED.csv_rated_on, rating = EXCLUDED.rating,
		rating_source = EXCLUDED.rating_source;
	INSERT INTO list AS l OVERRIDING SYSTEM VALUE
	SELECT r.* FROM undone, jsonb_populate_record(NULL::list, was) r
	WHERE relation = 'list' AND was IS NOT NULL
	ON CONFLICT (member_id, id) DO UPDATE
	SET slug = EXCLUDED.slug, name = EXCLUDED.name, url = EXCLUDED.url,
		created_on = EXCLUDED.created_on, tags = EXCLUDED.tags,
		description = EXCLUDED.description;

	INSERT INTO watch OVERRIDING SYSTEM VALUE
	SELECT r.* FROM undone, jsonb_populate_record(NULL::watch, was) r
	WHERE relation = 'watch' AND was IS NOT NULL;
	INSERT INTO list_item
	SELECT r.* FROM undone, jsonb_populate_record(NULL::list_item, was) r
	WHERE relation = 'list_item' AND was IS NOT NULL;
	INSERT INTO film_choice
	SELECT r.* FROM undone, jsonb_populate_record(NULL::film_choice, was) r
	WHERE relation = 'film_choice' AND was IS NOT NULL;
	INSERT INTO watch_choice
	SELECT r.* FROM undone, jsonb_populate_record(NULL::watch_choice, was) r
	WHERE relation = 'watch_choice' AND was IS NOT NULL;

	DELETE FROM library_entry USING undone
	WHERE member_id = current_member() AND relation = 'library_entry'
		AND film_id = key::bigint AND was IS NULL;
	DELETE FROM import_undo
	WHERE member_id = current_member() AND import_id >= first;
	RETURN films;
END
$$;
COMMENT ON FUNCTION undo_imports(bigint) IS 'Makes the member''s library what it was before this import, row by row. Returns the films that had or get an entry. The caller has locked the member.';

CREATE TABLE import_change (
	member_id bigint NOT NULL,
	import_id bigint NOT NULL,
	film_id bigint NOT NULL,
	change text NOT NULL CHECK (change IN ('came', 'changed', 'gone')),
	what text[] NOT NULL,
	PRIMARY KEY (member_id, import_id, film_id),
	FOREIGN KEY (member_id, import_id) REFERENCES import (member_id, id)
		ON DELETE CASCADE
);
COMMENT ON TABLE import_change IS 'What an import did to the library, by film; kept as long as its undo.';
COMMENT ON COLUMN import_change.what IS 'Of a film that changed: watched, rating, liked, watchlist, favourite, viewings, lists, name.';
CALL wall_off('import_change');

-- Who has a film. Functions with the owner's rights, because a member does not
-- see whether others have it, and the daemon sees no member.
CREATE FUNCTION film_is_had(film bigint) RETURNS boolean
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
	RETURN EXISTS (SELECT FROM library_entry WHERE film_id = film)
		OR EXISTS (SELECT FROM list_item WHERE film_id = film)
		OR EXISTS (SELECT FROM film_choice
			WHERE film_id = film OR target_film_id = film);
COMMENT ON FUNCTION film_is_had(bigint) IS 'Somebody has this film in a library or a list, or has chosen it: TMDB is asked for no other.';
REVOKE EXECUTE ON FUNCTION film_is_had(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION film_is_had(bigint) TO rewatch_daemon;

CREATE FUNCTION drop_lone_jobs(films bigint[]) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp
AS $$
DECLARE
	-- From then on nobody can begin to have them; see drop_lone_films.
	locked bigint[] := ARRAY(SELECT id FROM film
		WHERE id = ANY (films) ORDER BY id FOR UPDATE SKIP LOCKED);
	idle bigint[] := ARRAY(SELECT film_id FROM enrich_job
		WHERE film_id = ANY (locked) AND token = 0
		ORDER BY film_id FOR UPDATE SKIP LOCKED);
BEGIN
	DELETE FROM enrich_job
	WHERE film_id = ANY (idle) AND NOT film_is_had(film_id);
END
$$;
COMMENT ON FUNCTION drop_lone_jobs(bigint[]) IS 'Deletes the jobs of those of these films that nobody has any more. One that a daemon holds is left to it.';
REVOKE EXECUTE ON FUNCTION drop_lone_jobs(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_lone_jobs(bigint[]) TO rewatch_api;

-- For nobody to call but the functions below.
CREATE FUNCTION film_is_kept(film bigint) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = public, pg_temp
	RETURN film_is_had(film)
		OR EXISTS (SELECT FROM watch_choice WHERE film_id = film)
		OR EXISTS (SELECT FROM import_undo WHERE was ? 'film_id'
			AND (was ->> 'film_id')::bigint = film);
COMMENT ON FUNCTION film_is_kept(bigint) IS 'Somebody has this film, or would have it again by a choice or an undo.';
REVOKE EXECUTE ON FUNCTION film_is_kept(bigint) FROM PUBLIC;

-- The lock comes first: from then on nobody can begin to have the film
-- (hold_films), and the statement that deletes sees all who had it before. Jobs
-- are locked after films and by id, as everywhere. A title that somebody chose
-- is not dropped, nor a film that the undo of an import would need.
CREATE FUNCTION drop_lone_films(films bigint[]) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp
AS $$
DECLARE
	locked bigint[] := ARRAY(SELECT id FROM film
		WHERE id = ANY (films) AND ref ~ '^(|slug:.*)$'
		ORDER BY id FOR UPDATE SKIP LOCKED);
BEGIN
	PERFORM FROM enrich_job WHERE film_id = ANY (locked)
	ORDER BY film_id FOR UPDATE;
	DELETE FROM film WHERE id = ANY (locked) AND NOT film_is_kept(id);
END
$$;
COMMENT ON FUNCTION drop_lone_films(bigint[]) IS 'Deletes those of these films that nobody has, and their jobs: after a library has moved to another row. One that is locked is in use, and stays.';
REVOKE EXECUTE ON FUNCTION drop_lone_films(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_lone_films(bigint[]) TO rewatch_api;

-- An upload can name films that there are not, and a library can be cleared. Films
-- are looked at from a random one on, some thousand at once, so that those which
-- are kept are in nobody's way.
CREATE FUNCTION forget_films(most integer) RETURNS bigint
	LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp
AS $$
DECLARE
	first CONSTANT bigint := floor(random()
		* (SELECT COALESCE(max(id), 0) FROM film));
	locked bigint[] := ARRAY(SELECT f.id
		FROM film f
		JOIN (SELECT id FROM (SELECT id, created_at, ref FROM film
				WHERE match_state IS DISTINCT FROM 'matched'
					AND id > first
				ORDER BY id LIMIT 10 * most) seen
			WHERE created_at < now() - interval '7 days'
				AND ref !~ '^(tmdb|imdb):'
				AND NOT film_is_kept(id)
			ORDER BY id LIMIT most) lone ON lone.id = f.id
		WHERE NOT EXISTS (SELECT FROM enrich_job WHERE film_id = f.id)
		ORDER BY f.id FOR UPDATE OF f SKIP LOCKED);
	forgotten bigint;
BEGIN
	DELETE FROM film WHERE id = ANY (locked) AND NOT film_is_kept(id);
	GET DIAGNOSTICS forgotten = ROW_COUNT;
	RETURN forgotten;
END
$$;
COMMENT ON FUNCTION forget_films(integer) IS 'Deletes films, so many at most, that nobody has, that have no title and no job, and are older than a week. A title that somebody chose once stays.';
REVOKE EXECUTE ON FUNCTION forget_films(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_films(integer) TO rewatch_daemon;

CREATE FUNCTION hold_films(films bigint[]) RETURNS SETOF bigint
	LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
	SELECT id FROM film WHERE id = ANY (films) ORDER BY id FOR KEY SHARE;
END;
COMMENT ON FUNCTION hold_films(bigint[]) IS 'Keeps these films from being dropped until the transaction ends; returns those that are still there. Waits for who is dropping them just now, and for nobody else.';
REVOKE EXECUTE ON FUNCTION hold_films(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_films(bigint[]) TO rewatch_api;

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
		-- Kind list: the list itself.
		slug text,
		-- Known when all of it is read.
		rows integer NOT NULL DEFAULT 0,
		unkept integer NOT NULL DEFAULT 0,
		reason text,
		-- Kind list, likewise.
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
		identified boolean NOT NULL,
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
		-- Found by the merge: the links of the films of its title and
		-- year where there are several; new, changed or unchanged.
		rivals text[],
		film_id bigint,
		verdict text
	) ON COMMIT DELETE ROWS;

	CREATE TEMPORARY TABLE import_why (
		file smallint NOT NULL,
		reason text NOT NULL,
		line integer NOT NULL,
		rows integer NOT NULL
	) ON COMMIT DELETE ROWS;

	-- The films of the member before the import, as they are called from now
	-- on: library entries, and films that are in lists only (entry is false).
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

	CREATE TEMPORARY TABLE import_whole (
		kind text NOT NULL
	) ON COMMIT DELETE ROWS;

	-- Each link of library and upload: what it is called from now on.
	CREATE TEMPORARY TABLE import_ref (
		ref text NOT NULL,
		to_ref text NOT NULL,
		title text NOT NULL,
		year smallint NOT NULL
	) ON COMMIT DELETE ROWS;

	-- What the files of films say of each film after the import.
	CREATE TEMPORARY TABLE import_entry (
		ref text NOT NULL,
		title text NOT NULL,
		year smallint NOT NULL,
		film_id bigint,
		marked_on date,
		marked_rating smallint,
		liked_on date,
		watchlisted_on date,
		favourite smallint,
		csv_rating smallint,
		csv_rated_on date,
		listed boolean NOT NULL
	) ON COMMIT DELETE ROWS;

	-- Films of the member that stand on another row of film from now on.
	CREATE TEMPORARY TABLE import_move (
		old_id bigint NOT NULL,
		ref text NOT NULL,
		title text NOT NULL,
		year smallint NOT NULL,
		film_id bigint
	) ON COMMIT DELETE ROWS;

	-- Rows of film that the member stands on, as they are called from now on.
	CREATE TEMPORARY VIEW import_owned AS
	SELECT film_id, ref, title, year FROM import_library
	UNION
	SELECT old_id, ref, title, year FROM import_move;

	-- Films that a viewing of their title and year may be of: those that
	-- watched.csv or ratings.csv speaks of after this import; where there is
	-- none, those of the likes, the watchlist and the lists.
	CREATE TEMPORARY VIEW import_candidate AS
	SELECT title, year, ref, marked_on, csv_rated_on, csv_rating
	FROM (SELECT *, first <= min(first) OVER (PARTITION BY title, year)
			AS near
		FROM (SELECT *, CASE WHEN marked_on IS NOT NULL
				OR csv_rating IS NOT NULL THEN 1 ELSE 2 END AS first
			FROM import_entry
			WHERE marked_on IS NOT NULL OR csv_rating IS NOT NULL
				OR liked_on IS NOT NULL OR listed
				OR watchlisted_on IS NOT NULL) e) e
	WHERE near;

	-- Viewings whose film is looked for, each by the line that says what it is
	-- called, and the film that the library has for it.
	CREATE TEMPORARY VIEW import_viewing AS
	SELECT v.*, k.ref AS known_ref, k.title AS known_title,
		k.year AS known_year
	FROM (SELECT DISTINCT ON (entry) entry, kind, title, year, rating,
			date AS logged_on, file, ordinal
		FROM import_line
		WHERE kind IN ('diary', 'reviews', 'stored', 'kept')
			AND outcome <> 'rejected' AND ref = ''
		ORDER BY entry, array_position(ARRAY['diary', 'kept', 'stored',
			'reviews'], kind), ordinal) v
	LEFT JOIN watch w ON w.member_id = current_member()
		AND w.entry = v.entry AND w.source IN ('diary', 'reviews')
	LEFT JOIN import_owned k USING (film_id);

	-- The distinct films that the lines name, and the row of film each stands for.
	CREATE TEMPORARY TABLE import_film (
		ref text NOT NULL,
		title text NOT NULL,
		year smallint NOT NULL,
		film_id bigint,
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
		place bigint,
		rating smallint,
		rewatch boolean,
		tags text[],
		review text,
		same_fields boolean NOT NULL,
		same_place boolean NOT NULL,
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
