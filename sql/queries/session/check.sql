-- Why this session must not serve: the first reason, in words for an operator;
-- no row when there is none. Safety rests on row-level security, so it is asked
-- whether somebody is logged in for whom it does not hold; members never wait
-- for each other for long, so it is asked whether the time-outs that
-- session/begin.sql set are those of this session. The role that logged in
-- counts as the one it has become: SET ROLE NONE leads back.
-- :statement_ms text, :lock_ms text and :mark text: as session/begin.sql set them
-- => why text; pooled boolean, the session is not ours alone
WITH who AS (
	SELECT * FROM pg_roles WHERE rolname IN (session_user, current_user)
), walled AS (
	SELECT DISTINCT relowner FROM pg_class
	WHERE relnamespace = to_regnamespace('public') AND relrowsecurity
), lost AS (
	SELECT s.name
	FROM (VALUES
		('statement_timeout', :statement_ms::text),
		('lock_timeout', :lock_ms::text)
	) AS w (name, value)
	JOIN pg_settings s ON s.name = w.name
	WHERE s.setting <> w.value AND s.source <> 'client'
)
SELECT r.why, r.place = 1 AS pooled
FROM (VALUES
	(1, CASE WHEN current_setting('rewatch.session', true)
			IS DISTINCT FROM :mark::text
		THEN 'a transaction pooler is between us and Postgres: use its session mode or Postgres'' own port' END),
	(2, CASE WHEN pg_is_in_recovery()
		THEN 'the server is a standby, which takes no changes: name the primary in DATABASE_URL' END),
	(3, CASE WHEN current_setting('transaction_read_only')::boolean
		THEN 'the database is read-only (default_transaction_read_only), and takes no changes' END),
	(4, 'the role "' || (SELECT min(rolname) FROM who WHERE rolsuper)
		|| '" is a superuser, before whom no wall between members holds'),
	(5, 'the role "' || (SELECT min(rolname) FROM who WHERE rolbypassrls)
		|| '" has BYPASSRLS, before which no wall between members holds'),
	(6, 'the role "' || (SELECT min(rolname) FROM who WHERE rolcreaterole)
		|| '" may create roles, and so become the owner of members'' tables'),
	(7, 'the role "' || (SELECT min(w.rolname) FROM who w, walled t
			WHERE pg_has_role(w.rolname, t.relowner, 'MEMBER'))
		|| '" owns members'' tables, or may become who does'),
	(8, 'the server did not keep ' || (SELECT min(name) FROM lost)
		|| ' as it was told: is a pooler between us and Postgres?')
) AS r (place, why)
WHERE r.why IS NOT NULL
ORDER BY r.place
LIMIT 1;
