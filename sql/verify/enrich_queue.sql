-- Verify rewatch:enrich_queue on pg
BEGIN;
SELECT film_id, tag, token, parked, run_at FROM enrich_job WHERE false;
SELECT film_id, last_error FROM enrich_dead WHERE false;
SELECT instance, epoch, low_tag, renewed_at FROM enrich_daemon WHERE false;
SELECT 1 / count(*) FROM enrich_clock;
SELECT last_tag, choice_tag FROM enrich_share WHERE false;
SELECT virtual_time(), fair_stride(), pending_max(), first_background_tag();
ROLLBACK;
