-- Deploy rewatch:schema_version to pg
-- Both programs ask at start whether the newest change they know is deployed;
-- sqitch keeps that in tables of its own, which it has made before this runs.
-- Those also say who deployed it and from which machine: not to the programs.
BEGIN;
GRANT USAGE ON SCHEMA sqitch TO rewatch_api, rewatch_daemon;
GRANT SELECT (project, change) ON sqitch.changes TO rewatch_api, rewatch_daemon;
COMMIT;
