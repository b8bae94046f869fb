-- The three roles. Run once per cluster, before the migrations, by a superuser
-- or by who may create roles; running it again changes nothing. Passwords, where
-- the cluster asks for them, are set by whoever runs the deployment.
DO $$
DECLARE
	role_name text;
	setting record;
	may boolean;
BEGIN
	FOREACH role_name IN ARRAY
		ARRAY['rewatch_owner', 'rewatch_api', 'rewatch_daemon']
	LOOP
		IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
			EXECUTE format('CREATE ROLE %I LOGIN', role_name);
		END IF;
	END LOOP;

	-- The programs set shorter ones at the start of each session. These hold
	-- where that is lost on the way, as by a pooler, and for who logs in by
	-- hand.
	FOR setting IN
		SELECT *
		FROM (VALUES ('rewatch_api'), ('rewatch_daemon')) AS r (role)
		CROSS JOIN (VALUES
			('statement_timeout', '60s'),
			('lock_timeout', '10s'),
			('idle_in_transaction_session_timeout', '60s')
		) AS s (name, value)
		WHERE NOT EXISTS (SELECT FROM pg_roles
			WHERE rolname = role
				AND rolconfig @> ARRAY[name || '=' || value])
	LOOP
		EXECUTE format('ALTER ROLE %I SET %I = %L', setting.role,
			setting.name, setting.value);
	END LOOP;

	-- Who is no superuser migrates as the owner by being one of it. Since
	-- Postgres 16 to be one is not yet to be allowed to act as one.
	may := pg_has_role(current_user, 'rewatch_owner', 'MEMBER');
	IF may AND current_setting('server_version_num')::int >= 160000 THEN
		may := pg_has_role(current_user, 'rewatch_owner', 'SET');
	END IF;
	IF NOT may THEN
		EXECUTE format('GRANT rewatch_owner TO %I', current_user);
	END IF;
END
$$;
