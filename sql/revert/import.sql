-- Revert rewatch:import from pg
BEGIN;
SET LOCAL client_min_messages = warning;
DROP FUNCTION import_tables(), hold_films(bigint[]), drop_lone_films(bigint[]),
	drop_lone_jobs(bigint[]), forget_films(integer), film_is_kept(bigint),
	film_is_had(bigint), undo_imports(bigint),
	cause(text), film_link(text);
DROP PROCEDURE keep_undo(regclass, text);
DROP FUNCTION note_undo() CASCADE;
DROP FUNCTION current_import();
DROP TABLE import_change, import_undo, import_cause, import_row, import_file,
	import;
COMMIT;
