-- Entries that no source speaks of any more.
DELETE FROM library_entry e
WHERE e.member_id = current_member() AND e.marked_on IS NULL
	AND e.liked_on IS NULL AND e.watchlisted_on IS NULL
	AND e.favourite IS NULL AND e.csv_rating IS NULL
	AND NOT EXISTS (SELECT FROM watch w
		WHERE w.member_id = current_member() AND w.film_id = e.film_id);
