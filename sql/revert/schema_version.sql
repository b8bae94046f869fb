-- Revert rewatch:schema_version from pg
BEGIN;
REVOKE SELECT (project, change) ON sqitch.changes FROM rewatch_api, rewatch_daemon;
REVOKE USAGE ON SCHEMA sqitch FROM rewatch_api, rewatch_daemon;
COMMIT;
