-- A member's choice (film_choice) follows its film when the library has it
-- under another kind of ref now: by link instead of by slug or name, say. Two
-- films with links of one kind are two films, whatever their names.
WITH lost AS MATERIALIZED (
	SELECT f.id, f.title, f.year, split_part(f.ref, ':', 1) AS kind,
		c.chosen_at
	FROM film_choice c
	JOIN film f ON f.id = c.film_id
	WHERE c.member_id = current_member()
		AND NOT EXISTS (SELECT FROM library_entry e
			WHERE e.member_id = current_member() AND e.film_id = f.id)
		AND NOT EXISTS (SELECT FROM list_item i
			WHERE i.member_id = current_member() AND i.film_id = f.id)
), heir AS (
	SELECT l.id AS lost_id, min(f.id) AS id, min(l.chosen_at) AS chosen_at
	FROM lost l
	JOIN film f ON f.title = l.title AND f.year IS NOT DISTINCT FROM l.year
		AND split_part(f.ref, ':', 1) <> l.kind
	JOIN library_entry e ON e.member_id = current_member()
		AND e.film_id = f.id
	GROUP BY l.id
	HAVING count(*) = 1
), newest AS (
	SELECT DISTINCT ON (id) id, lost_id
	FROM heir
	ORDER BY id, chosen_at DESC
), followed AS (
	UPDATE film_choice c SET film_id = n.id
	FROM newest n
	WHERE c.member_id = current_member() AND c.film_id = n.lost_id
		AND NOT EXISTS (SELECT FROM film_choice o
			WHERE o.member_id = current_member()
				AND o.film_id = n.id)
	RETURNING 1
)
UPDATE member SET library_version = library_version + 1
WHERE id = current_member() AND EXISTS (SELECT FROM followed)
RETURNING pg_notify('library', id::text);
