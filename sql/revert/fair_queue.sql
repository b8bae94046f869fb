-- Revert rewatch:fair_queue from pg
BEGIN;
DROP FUNCTION fair_retry(bigint), fair_choice(bigint), fair_enqueue(bigint[]),
	fair_move(bigint[], bigint[]), virtual_time(), fair_stride();
COMMENT ON COLUMN enrich_share.last_tag IS NULL;
ALTER TABLE enrich_share DROP choice_tag;
REVOKE UPDATE (retry_tag) ON enrich_clock FROM rewatch_daemon;
UPDATE enrich_clock SET last_tag = GREATEST(last_tag, retry_tag);
ALTER TABLE enrich_clock DROP retry_tag;
COMMENT ON COLUMN enrich_clock.last_tag IS NULL;
COMMENT ON TABLE enrich_clock IS 'The largest tag ever given out: virtual time when the queue is empty.';
COMMIT;
