-- Why a session of the API server must not serve: the wall between members does
-- not hold for it, or it cannot reach their tables; no row when all is well.
-- => why text
WITH walled AS (
	SELECT c.oid, c.relname
	FROM pg_class c
	WHERE c.relnamespace = to_regnamespace('public')
		AND c.relkind IN ('r', 'p')
		AND (c.relname = 'member' OR EXISTS (
			SELECT FROM pg_attribute a
			WHERE a.attrelid = c.oid AND a.attname = 'member_id'
				AND NOT a.attisdropped))
)
SELECT r.why
FROM (VALUES
	(1, 'row-level security does not hold on the table '
		|| (SELECT min(relname) FROM walled
			WHERE NOT row_security_active(oid))
		|| ', so no wall is between members'),
	(2, 'the role "' || current_user || '" has no right to the table '
		|| (SELECT min(relname) FROM walled
			WHERE NOT has_table_privilege(oid, 'SELECT'))
		|| ': the server logs in as rewatch_api; is the address in DATABASE_URL the daemon''s?')
) AS r (place, why)
WHERE r.why IS NOT NULL
ORDER BY r.place
LIMIT 1;
