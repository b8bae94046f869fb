-- Revert rewatch:library from pg
BEGIN;
DROP TABLE list_item, list, watch_choice, watch, library_entry;
COMMIT;
