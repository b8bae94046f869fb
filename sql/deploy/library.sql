-- Deploy rewatch:library to pg
-- requires: film
-- requires: member
-- What a member watched, rated, liked, wants and listed.
BEGIN;

CREATE TABLE library_entry (
	member_id bigint NOT NULL REFERENCES member (id) ON DELETE CASCADE,
	film_id bigint NOT NULL REFERENCES film (id),
	marked_on date,
	marked_rating smallint CHECK (marked_rating BETWEEN 1 AND 10),
	liked_on date,
	watchlisted_on date,
	favourite smallint CHECK (favourite BETWEEN 1 AND 20),
	csv_rating smallint CHECK (csv_rating BETWEEN 1 AND 10),
	csv_rated_on date,
	rating smallint CHECK (rating BETWEEN 1 AND 10),
	rating_source text CHECK (rating_source IN
		('ratings', 'diary', 'reviews', 'orphaned', 'watched')),
	PRIMARY KEY (member_id, film_id),
	CHECK ((rating IS NULL) = (rating_source IS NULL)),
	CHECK ((csv_rating IS NULL) = (csv_rated_on IS NULL)),
	CHECK (marked_rating IS NULL OR marked_on IS NOT NULL)
);
CREATE INDEX library_entry_film ON library_entry (film_id);
COMMENT ON TABLE library_entry IS 'What one member says of one film. NULL in a source''s column: not in that file.';
COMMENT ON COLUMN library_entry.marked_on IS 'Date of watched.csv: the day it was marked as watched, not a viewing.';
COMMENT ON COLUMN library_entry.marked_rating IS 'A rating in watched.csv: no export has had one, but it is the last step of the cascade.';
COMMENT ON COLUMN library_entry.csv_rating IS 'Half-stars 1..10 from ratings.csv.';
COMMENT ON COLUMN library_entry.rating IS 'The rating in force by the cascade: ratings.csv, else the latest-watched rated diary entry or review, else watched.csv.';
CALL wall_off('library_entry');

CREATE TABLE watch (
	member_id bigint NOT NULL REFERENCES member (id) ON DELETE CASCADE,
	id bigint GENERATED ALWAYS AS IDENTITY,
	film_id bigint NOT NULL,
	source text NOT NULL CHECK (source IN
		('diary', 'reviews', 'watched', 'orphaned')),
	entry text NOT NULL,
	watched_on date,
	logged_on date,
	place bigint NOT NULL DEFAULT 0,
	rating smallint CHECK (rating BETWEEN 1 AND 10),
	rewatch boolean NOT NULL DEFAULT false,
	tags text[] NOT NULL DEFAULT '{}',
	review text,
	PRIMARY KEY (member_id, id),
	UNIQUE (member_id, entry)
);
CREATE INDEX watch_film ON watch (member_id, film_id);
CREATE INDEX watch_date ON watch (member_id, watched_on);
COMMENT ON TABLE watch IS 'One viewing: a row of diary.csv, a review without a diary entry, an orphaned entry, or the one undated viewing of a film that is only in watched.csv.';
COMMENT ON COLUMN watch.entry IS 'Identity within the member: the code of the log entry; for rows without one what import/record.h says.';
COMMENT ON COLUMN watch.place IS 'Orders the viewings of one day, watched and logged: the number of the log entry, or for one without a number its place in the file. Order of viewings: watched_on, logged_on (NULL first), place, id.';
COMMENT ON COLUMN watch.rating IS 'The rating of this viewing, kept whatever the film''s rating is.';
COMMENT ON COLUMN watch.review IS 'As exported, with its raw HTML; never print it raw.';
CALL wall_off('watch');

-- A viewing is of a film of the library, and goes with it: a foreign key, but for
-- all rows of a statement at once. That of Postgres looks once a row, and has four
-- indexes that begin with the member to choose from. When the statistics are from
-- a time when the table was empty they look the same to it, and a library is read
-- as often as it has films. Here each side is read once, whatever the planner
-- believes. Those who change a library have locked its member.
CREATE FUNCTION watches_have_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	owner bigint;
BEGIN
	FOR owner IN SELECT DISTINCT member_id FROM after LOOP
		IF EXISTS (SELECT film_id FROM after WHERE member_id = owner
				EXCEPT SELECT film_id FROM library_entry
				WHERE member_id = owner) THEN
			RAISE foreign_key_violation USING MESSAGE =
				'a viewing is of a film that is not in the library';
		END IF;
	END LOOP;
	RETURN NULL;
END
$$;
CREATE TRIGGER entry_insert AFTER INSERT ON watch
	REFERENCING NEW TABLE AS after
	FOR EACH STATEMENT EXECUTE FUNCTION watches_have_entries();
CREATE TRIGGER entry_update AFTER UPDATE ON watch
	REFERENCING NEW TABLE AS after
	FOR EACH STATEMENT EXECUTE FUNCTION watches_have_entries();

CREATE FUNCTION watches_go() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	owner bigint;
	films bigint[];
BEGIN
	FOR owner IN SELECT DISTINCT member_id FROM before LOOP
		films := ARRAY(SELECT film_id FROM before WHERE member_id = owner
			INTERSECT SELECT film_id FROM watch
			WHERE member_id = owner);
		CONTINUE WHEN films = '{}';
		DELETE FROM watch
		WHERE member_id = owner AND film_id = ANY (films);
	END LOOP;
	RETURN NULL;
END
$$;
CREATE TRIGGER watch_delete AFTER DELETE ON library_entry
	REFERENCING OLD TABLE AS before
	FOR EACH STATEMENT EXECUTE FUNCTION watches_go();

CREATE FUNCTION entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE restrict_violation USING MESSAGE =
		'viewings stand on the key of a library entry: add one, and delete the other';
END
$$;
CREATE TRIGGER watch_update BEFORE UPDATE OF member_id, film_id ON library_entry
	FOR EACH ROW WHEN ((OLD.member_id, OLD.film_id)
		IS DISTINCT FROM (NEW.member_id, NEW.film_id))
	EXECUTE FUNCTION entry_stays();

CREATE TABLE watch_choice (
	member_id bigint NOT NULL REFERENCES member (id) ON DELETE CASCADE,
	entry text NOT NULL,
	film_id bigint NOT NULL REFERENCES film (id),
	PRIMARY KEY (member_id, entry)
);
CREATE INDEX watch_choice_film ON watch_choice (film_id);
COMMENT ON TABLE watch_choice IS 'Which film a viewing is of, where the member has said so: exports name only title and year. Stays when the viewing goes, and holds again when it comes back.';
CALL wall_off('watch_choice');

CREATE TABLE list (
	member_id bigint NOT NULL REFERENCES member (id) ON DELETE CASCADE,
	id bigint GENERATED ALWAYS AS IDENTITY,
	slug text NOT NULL,
	name text NOT NULL,
	url text NOT NULL DEFAULT '',
	created_on date,
	tags text[] NOT NULL DEFAULT '{}',
	description text,
	PRIMARY KEY (member_id, id),
	UNIQUE (member_id, slug)
);
COMMENT ON COLUMN list.slug IS 'Name of the file in lists/, without .csv.';
CALL wall_off('list');

CREATE TABLE list_item (
	member_id bigint NOT NULL,
	list_id bigint NOT NULL,
	position integer NOT NULL CHECK (position > 0),
	film_id bigint NOT NULL REFERENCES film (id),
	note text,
	PRIMARY KEY (member_id, list_id, position),
	FOREIGN KEY (member_id, list_id) REFERENCES list (member_id, id)
		ON DELETE CASCADE
);
CREATE INDEX list_item_film ON list_item (film_id);
CALL wall_off('list_item');

-- Reviews, tags and notes are as long as import.field_max allows. Five hundred of
-- them are a page of a hundred megabytes: so pages end by bytes as well.
CREATE FUNCTION page_bytes() RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 1048576;
COMMENT ON FUNCTION page_bytes() IS 'A page ends at its limit of rows, or before the row with which the texts without a small maximum come to more than this; it has one row at least. Counted as they are stored: in JSON a byte becomes six at most.';
COMMIT;
