-- Deploy rewatch:title_credits to pg
-- requires: film_retry
-- Credits belong to their title and are written and read with it: they are
-- arrays of its row, where a table took two index entries and two foreign keys
-- for each of a hundred rows a title.
BEGIN;

ALTER TABLE title
	ADD cast_characters text[] NOT NULL DEFAULT '{}',
	ADD crew_ids bigint[] NOT NULL DEFAULT '{}',
	ADD crew_departments text[] NOT NULL DEFAULT '{}',
	ADD crew_jobs text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN title.cast_characters IS 'Beside cast_ids: whom they play; empty when TMDB does not know.';
COMMENT ON COLUMN title.crew_ids IS 'Persons, once a job; a film''s directors first, a series'' creators. Repeated in director_ids and writer_ids, so that a dashboard reads short rows.';
COMMENT ON COLUMN title.crew_departments IS 'Beside crew_ids.';
COMMENT ON COLUMN title.crew_jobs IS 'Beside crew_ids.';
COMMENT ON COLUMN title.director_ids IS 'Persons; a series: its creators.';

UPDATE title t
SET cast_ids = old.cast_ids, cast_characters = old.characters,
	crew_ids = old.crew_ids, crew_departments = old.departments,
	crew_jobs = old.jobs
FROM (SELECT kind, tmdb_id,
		COALESCE(array_agg(person_id ORDER BY ordinal)
			FILTER (WHERE department = 'Acting'), '{}') AS cast_ids,
		COALESCE(array_agg(job ORDER BY ordinal)
			FILTER (WHERE department = 'Acting'), '{}') AS characters,
		COALESCE(array_agg(person_id ORDER BY ordinal)
			FILTER (WHERE department <> 'Acting'), '{}') AS crew_ids,
		COALESCE(array_agg(department ORDER BY ordinal)
			FILTER (WHERE department <> 'Acting'), '{}') AS departments,
		COALESCE(array_agg(job ORDER BY ordinal)
			FILTER (WHERE department <> 'Acting'), '{}') AS jobs
	FROM credit
	GROUP BY kind, tmdb_id) old
WHERE t.kind = old.kind AND t.tmdb_id = old.tmdb_id;
DROP TABLE credit;

ALTER TABLE title ADD CONSTRAINT title_cast_check
		CHECK (cardinality(cast_characters) IN (0, cardinality(cast_ids))),
	ADD CONSTRAINT title_crew_check
		CHECK (cardinality(crew_ids) = cardinality(crew_departments)
			AND cardinality(crew_ids) = cardinality(crew_jobs));
-- raw is compressed already; what a dashboard reads stays in the row.
ALTER TABLE title ALTER raw SET STORAGE EXTERNAL,
	ALTER director_ids SET STORAGE MAIN,
	ALTER writer_ids SET STORAGE MAIN,
	ALTER cast_ids SET STORAGE MAIN,
	ALTER genres SET STORAGE MAIN,
	ALTER countries SET STORAGE MAIN,
	ALTER languages SET STORAGE MAIN,
	ALTER studios SET STORAGE MAIN;

-- The view has the columns that its table had when it was made.
CREATE OR REPLACE VIEW served_title WITH (security_invoker = true) AS
SELECT * FROM title WHERE fetched_at > now() - interval '180 days';
COMMIT;
