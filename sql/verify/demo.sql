-- Verify rewatch:demo on pg
BEGIN;
SELECT singleton, sample_imported FROM demo WHERE false;
ROLLBACK;
