-- Takes the member's choice for a film back.
-- :film bigint, its id
DELETE FROM film_choice
WHERE member_id = current_member() AND film_id = :film::bigint;
