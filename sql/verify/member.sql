-- Verify rewatch:member on pg
BEGIN;
SELECT id, name, library_version, sample FROM member WHERE false;
SELECT current_member();
SELECT 1 / relrowsecurity::int FROM pg_class WHERE oid = 'member'::regclass;
SELECT 1 / (count(*) = 1)::int FROM member_table WHERE relname = 'member';
ROLLBACK;
