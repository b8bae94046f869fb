-- What the member has before this import.
INSERT INTO import_library (film_id, ref, title, year, entry, marked_on,
	marked_rating, liked_on, watchlisted_on, favourite, csv_rating,
	csv_rated_on)
SELECT f.id, f.ref, f.title, COALESCE(f.year, 0),
	e.film_id IS NOT NULL, e.marked_on, e.marked_rating, e.liked_on,
	e.watchlisted_on, e.favourite, e.csv_rating, e.csv_rated_on
FROM (SELECT film_id FROM library_entry WHERE member_id = current_member()
	UNION
	SELECT film_id FROM list_item WHERE member_id = current_member()) AS m
JOIN film f ON f.id = m.film_id
LEFT JOIN library_entry e ON e.member_id = current_member()
	AND e.film_id = m.film_id;
