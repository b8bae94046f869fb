-- Why a session of the daemon must not serve: it has a right to members' tables,
-- or none to the queue; no row when all is well.
-- => why text
WITH who AS (
	SELECT rolname FROM pg_roles
	WHERE rolname IN (session_user, current_user)
), open AS (
	SELECT w.rolname, t.relname
	FROM who w, member_table t
	WHERE has_any_column_privilege(w.rolname, t.oid,
			'SELECT, INSERT, UPDATE, REFERENCES')
		OR has_table_privilege(w.rolname, t.oid, 'DELETE, TRUNCATE')
	ORDER BY w.rolname, t.relname
	LIMIT 1
)
SELECT r.why
FROM (VALUES
	(1, (SELECT format('the role "%s" has a right to the table %s, and the daemon must have none to members'' tables: it logs in as rewatch_daemon; is the address in DATABASE_URL the API server''s?', rolname, relname)
		FROM open)),
	(2, CASE WHEN NOT has_table_privilege('enrich_job', 'UPDATE')
		THEN format('the role "%s" has no right to the table enrich_job: the daemon logs in as rewatch_daemon', current_user) END)
) AS r (place, why)
WHERE r.why IS NOT NULL
ORDER BY r.place
LIMIT 1;
