-- The three roles. Run once per cluster by a superuser, before the migrations;
-- running it again changes nothing. Passwords, where the cluster asks for
-- them, are set by whoever runs the deployment.
DO $$
DECLARE
	role_name text;
BEGIN
	FOREACH role_name IN ARRAY
		ARRAY['rewatch_owner', 'rewatch_api', 'rewatch_daemon']
	LOOP
		IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
			EXECUTE format('CREATE ROLE %I LOGIN', role_name);
		END IF;
	END LOOP;
END
$$;
