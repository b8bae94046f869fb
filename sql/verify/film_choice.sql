-- Verify rewatch:film_choice on pg
BEGIN;
SELECT target_film_id, chosen_at FROM film_choice WHERE false;
SELECT choice, asked_id, version FROM member_film WHERE false;
SELECT sample, version FROM member_library WHERE false;
SELECT notify_members('{}');
ROLLBACK;
