-- The first statement of a session. The time-outs of its transactions, so that
-- the server gives up before the program does; what makes the server notice a
-- program that is gone without a word, as common/pg/pg_conninfo.c does for our
-- end; and a mark, by which session/check.sql knows the session again. What the
-- options of the connection string say stays.
-- :statement_ms text and :lock_ms text: the time-outs
-- :mark text, drawn at random
-- => pid int, of the server's process
SELECT pg_backend_pid() AS pid, set_config(w.name, w.value, false)
FROM (VALUES
	('statement_timeout', :statement_ms::text),
	('lock_timeout', :lock_ms::text),
	('idle_in_transaction_session_timeout', '10000'),
	('client_connection_check_interval', '5000'),
	('tcp_keepalives_idle', '5'),
	('tcp_keepalives_interval', '2'),
	('tcp_keepalives_count', '2'),
	('tcp_user_timeout', '5000')
) AS w (name, value)
JOIN pg_settings s ON s.name = w.name
WHERE s.context = 'user' AND s.source <> 'client'
	-- Other systems notice a client that is gone from Postgres 16 on.
	AND (w.name <> 'client_connection_check_interval'
		OR version() LIKE '%linux%')
UNION ALL
SELECT pg_backend_pid(), set_config('rewatch.session', CASE
	WHEN current_setting('rewatch.session', true) <> '' THEN 'taken'
	ELSE :mark::text END, false);
