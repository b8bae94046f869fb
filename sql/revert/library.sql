-- Revert rewatch:library from pg
BEGIN;
DROP FUNCTION page_bytes();
DROP TABLE list_item, list, watch_choice, watch, library_entry;
DROP FUNCTION watches_have_entries(), watches_go(), entry_stays();
COMMIT;
