-- Verify rewatch:import on pg
BEGIN;
SELECT i.state, f.path, r.reason FROM import i
JOIN import_file f ON f.member_id = i.member_id AND f.import_id = i.id
JOIN import_row r ON r.member_id = i.member_id AND r.import_id = i.id WHERE false;
SELECT rows FROM import_cause WHERE false;
SELECT was FROM import_undo WHERE false;
SELECT what FROM import_change WHERE false;
SELECT count(*) / 18 / (count(*) = 18)::int FROM pg_trigger
WHERE tgfoid = 'note_undo()'::regprocedure;
SELECT import_tables(), film_is_had(0), cause(''), film_link('');
ROLLBACK;
