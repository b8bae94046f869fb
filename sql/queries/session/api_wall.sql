-- Why a session of the API server must not serve: the wall between members does
-- not hold for it, or it cannot reach their tables; no row when all is well.
-- => why text
SELECT r.why
FROM (VALUES
	(1, 'row-level security does not hold on the table '
		|| (SELECT min(relname) FROM member_table
			WHERE NOT row_security_active(oid))
		|| ', so no wall is between members'),
	(2, 'the role "' || current_user || '" has no right to the table '
		|| (SELECT min(relname) FROM member_table
			WHERE NOT has_table_privilege(oid, 'SELECT'))
		|| ': the server logs in as rewatch_api; is the address in DATABASE_URL the daemon''s?')
) AS r (place, why)
WHERE r.why IS NOT NULL
ORDER BY r.place
LIMIT 1;
