-- Verify rewatch:import on pg
BEGIN;
SELECT i.state, f.path, r.reason FROM import i
JOIN import_file f ON f.member_id = i.member_id AND f.import_id = i.id
JOIN import_row r ON r.member_id = i.member_id AND r.import_id = i.id WHERE false;
SELECT import_tables();
ROLLBACK;
