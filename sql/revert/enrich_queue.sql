-- Revert rewatch:enrich_queue from pg
BEGIN;
DROP FUNCTION fair_retry(bigint), fair_choice(bigint), fair_enqueue(bigint[]),
	fair_move(bigint[], bigint[]), virtual_time(), fair_stride(), pending_max(),
	first_background_tag();
DROP TABLE enrich_share, enrich_clock, enrich_daemon, enrich_dead, enrich_job;
DROP FUNCTION holds_now(timestamptz, timestamptz);
COMMIT;
