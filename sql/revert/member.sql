-- Revert rewatch:member from pg
BEGIN;
DROP TABLE enrich_share, list_item, list, watch, library_entry, import_row,
	import_file, import, member;
DROP FUNCTION refuse(text, text), current_member();
COMMIT;
