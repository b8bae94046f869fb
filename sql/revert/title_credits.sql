-- Revert rewatch:title_credits from pg
BEGIN;

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
GRANT SELECT ON credit TO rewatch_api, rewatch_daemon;
GRANT INSERT, UPDATE, DELETE ON credit TO rewatch_daemon;

INSERT INTO credit (kind, tmdb_id, ordinal, person_id, department, job)
SELECT t.kind, t.tmdb_id, c.ordinal, c.person_id, c.department, c.job
FROM title t
CROSS JOIN LATERAL (
	SELECT ordinal - 1 AS ordinal, person_id, 'Acting' AS department,
		COALESCE(character, '') AS job
	FROM unnest(t.cast_ids, t.cast_characters)
		WITH ORDINALITY AS p (person_id, character, ordinal)
	UNION ALL
	SELECT cardinality(t.cast_ids) + ordinal - 1, person_id, department, job
	FROM unnest(t.crew_ids, t.crew_departments, t.crew_jobs)
		WITH ORDINALITY AS p (person_id, department, job, ordinal)) c
JOIN person ON person.id = c.person_id;

DROP VIEW served_title;
ALTER TABLE title DROP cast_characters, DROP crew_ids, DROP crew_departments,
	DROP crew_jobs;
ALTER TABLE title ALTER raw SET STORAGE EXTENDED,
	ALTER director_ids SET STORAGE EXTENDED,
	ALTER writer_ids SET STORAGE EXTENDED,
	ALTER cast_ids SET STORAGE EXTENDED,
	ALTER genres SET STORAGE EXTENDED,
	ALTER countries SET STORAGE EXTENDED,
	ALTER languages SET STORAGE EXTENDED,
	ALTER studios SET STORAGE EXTENDED;
COMMENT ON COLUMN title.director_ids IS 'Persons; a series: its creators. Repeats what credit says, so that a dashboard reads one row a film.';
CREATE VIEW served_title WITH (security_invoker = true) AS
SELECT * FROM title WHERE fetched_at > now() - interval '180 days';
COMMENT ON VIEW served_title IS 'Titles as members may see them: TMDB allows data to be kept for six months. What shows titles joins this.';
GRANT SELECT ON served_title TO rewatch_api, rewatch_daemon;
COMMIT;
