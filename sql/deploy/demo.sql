-- Deploy rewatch:demo to pg
-- requires: title
-- Whether this database is the demonstration of `make run` without a token:
-- what it says of titles is then the stand-in's and not TMDB's. The mark is
-- here and not beside the database, so that it cannot speak of another one.
BEGIN;

CREATE TABLE demo (
	singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
	sample_imported boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE demo IS 'A row: the answers here are the stand-in''s. Only config/run.sh looks at it.';
COMMENT ON COLUMN demo.sample_imported IS 'Once is enough: who has deleted the sample does not get it again.';
COMMIT;
