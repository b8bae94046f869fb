-- Run in the database by its owner or a superuser, before the migrations: where
-- the database is somebody else's, rewatch_owner may make the schema in it.
SELECT NOT has_database_privilege('rewatch_owner', current_database(), 'CREATE')
	OR NOT has_schema_privilege('rewatch_owner', 'public', 'USAGE, CREATE')
	AS closed \gset
\if :closed
SELECT format('GRANT CREATE ON DATABASE %I TO rewatch_owner', current_database()) \gexec
GRANT USAGE, CREATE ON SCHEMA public TO rewatch_owner;
\endif
