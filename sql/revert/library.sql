-- Revert rewatch:library from pg
BEGIN;
DROP FUNCTION page_bytes();
DROP TABLE list_item, list, watch_choice, watch, library_entry;
COMMIT;
