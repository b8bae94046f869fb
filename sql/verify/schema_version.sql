-- Verify rewatch:schema_version on pg
SELECT 1 / has_table_privilege(role_name, 'sqitch.changes', 'SELECT')::int
FROM unnest(ARRAY['rewatch_api', 'rewatch_daemon']) AS role_name;
