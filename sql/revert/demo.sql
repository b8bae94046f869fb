-- Revert rewatch:demo from pg
BEGIN;
DROP TABLE demo;
COMMIT;
