-- Verify rewatch:title on pg
BEGIN;
SELECT kind, tmdb_id, cast_cut, crew_roles, crew_cut, studio_ids, raw, fetched_at, version, changed_at
FROM served_title WHERE false;
SELECT series_id, season, number FROM episode WHERE false;
SELECT id, name, seen_at, shown_at FROM person WHERE false;
SELECT id, department, job FROM role WHERE false;
SELECT id, name, seen_at, shown_at FROM studio WHERE false;
SELECT c.name, p.name FROM collection c
JOIN collection_part p ON p.collection_id = c.id WHERE false;
SELECT tmdb_term();
ROLLBACK;
