-- A film of watched.csv without any other viewing has one without a date.
WITH viewed AS MATERIALIZED (
	SELECT film_id, bool_or(source <> 'watched') AS other
	FROM watch
	WHERE member_id = current_member()
	GROUP BY film_id
), gone AS (
	DELETE FROM watch w USING library_entry e, viewed v
	WHERE w.member_id = current_member() AND w.source = 'watched'
		AND e.member_id = w.member_id AND e.film_id = w.film_id
		AND v.film_id = w.film_id AND (v.other OR e.marked_on IS NULL)
)
INSERT INTO watch (member_id, film_id, source, entry)
SELECT e.member_id, e.film_id, 'watched', 'watched:' || e.film_id
FROM library_entry e
LEFT JOIN viewed v USING (film_id)
WHERE e.member_id = current_member() AND e.marked_on IS NOT NULL
	AND v.film_id IS NULL
ORDER BY e.marked_on, e.film_id;
