-- Revert rewatch:tmdb_index from pg
BEGIN;
DROP FUNCTION tmdb_index_erase(), tmdb_index_clear(bigint);
DROP TABLE tmdb_export, tmdb_index;
COMMIT;
