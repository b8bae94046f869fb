-- Takes the member's choice for a film back. The title chosen is not looked up any
-- more, unless somebody else has it.
-- :film bigint, its id
DELETE FROM film_choice
WHERE member_id = current_member() AND film_id = :film::bigint
RETURNING drop_lone_jobs(ARRAY[target_film_id]);
