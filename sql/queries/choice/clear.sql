-- Takes the member's choice for a film back.
-- $1 bigint film
DELETE FROM film_choice
WHERE member_id = current_member() AND film_id = $1::bigint;
