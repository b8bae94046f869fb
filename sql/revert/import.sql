-- Revert rewatch:import from pg
BEGIN;
DROP FUNCTION import_tables();
DROP TABLE import_row, import_file, import;
COMMIT;
