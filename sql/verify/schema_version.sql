-- Verify rewatch:schema_version on pg
SELECT 1 / (has_column_privilege(role_name, 'sqitch.changes', 'change', 'SELECT')
	AND NOT has_column_privilege(role_name, 'sqitch.changes',
		'committer_email', 'SELECT'))::int
FROM unnest(ARRAY['rewatch_api', 'rewatch_daemon']) AS role_name;
