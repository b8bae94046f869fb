-- Revert rewatch:member from pg
BEGIN;
DROP VIEW member_table;
DROP TABLE member;
DROP PROCEDURE wall_off(regclass);
DROP FUNCTION refuse(text, text), current_member();
COMMIT;
