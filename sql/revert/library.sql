-- Revert rewatch:library from pg
BEGIN;
DROP TABLE list_item, list, watch, library_entry;
COMMIT;
