-- Films of the member that stand on another row of film now: because the link
-- became more exact, or because title or year were corrected. What the member
-- has of them goes there. The old row itself stays as it is, since others may
-- have it.
WITH moved AS MATERIALIZED (
	SELECT m.old_id, i.film_id
	FROM import_move m
	JOIN import_film i USING (ref, title, year)
), entries AS (
	INSERT INTO library_entry AS e (member_id, film_id, marked_on,
		marked_rating, liked_on, watchlisted_on, favourite, csv_rating,
		csv_rated_on)
	SELECT current_member(), m.film_id, max(marked_on), max(marked_rating),
		max(liked_on), max(watchlisted_on), max(favourite),
		max(csv_rating), max(csv_rated_on)
	FROM moved m
	JOIN library_entry o ON o.member_id = current_member()
		AND o.film_id = m.old_id
	GROUP BY m.film_id
	ON CONFLICT (member_id, film_id) DO UPDATE
	SET marked_on = COALESCE(e.marked_on, EXCLUDED.marked_on),
		marked_rating = COALESCE(e.marked_rating, EXCLUDED.marked_rating),
		liked_on = COALESCE(e.liked_on, EXCLUDED.liked_on),
		watchlisted_on = COALESCE(e.watchlisted_on,
			EXCLUDED.watchlisted_on),
		favourite = COALESCE(e.favourite, EXCLUDED.favourite),
		csv_rating = COALESCE(e.csv_rating, EXCLUDED.csv_rating),
		csv_rated_on = COALESCE(e.csv_rated_on, EXCLUDED.csv_rated_on)
), undated AS MATERIALIZED (
	-- Known by their film; one at most stays.
	SELECT w.id, m.film_id, row_number() OVER (PARTITION BY m.film_id
			ORDER BY w.id) = 1 AND NOT EXISTS (SELECT FROM watch o
			WHERE o.member_id = current_member()
				AND o.film_id = m.film_id) AS stays
	FROM moved m
	JOIN watch w ON w.member_id = current_member() AND w.film_id = m.old_id
	WHERE w.source = 'watched'
), second AS (
	DELETE FROM watch w
	USING undated u
	WHERE w.member_id = current_member() AND w.id = u.id AND NOT u.stays
), watches AS (
	UPDATE watch w
	SET film_id = m.film_id, entry = CASE WHEN w.source = 'watched'
		THEN 'watched:' || m.film_id ELSE w.entry END
	FROM moved m
	LEFT JOIN undated u ON u.film_id = m.film_id AND u.stays
	WHERE w.member_id = current_member() AND w.film_id = m.old_id
		AND (w.source <> 'watched' OR w.id = u.id)
), emptied AS (
	DELETE FROM library_entry e
	USING moved m
	WHERE e.member_id = current_member() AND e.film_id = m.old_id
), items AS (
	UPDATE list_item i SET film_id = m.film_id
	FROM moved m
	WHERE i.member_id = current_member() AND i.film_id = m.old_id
), viewings AS (
	UPDATE watch_choice c SET film_id = m.film_id
	FROM moved m
	WHERE c.member_id = current_member() AND c.film_id = m.old_id
), heir AS MATERIALIZED (
	-- A choice of the row that stays counts, else the newest.
	SELECT DISTINCT ON (m.film_id) m.old_id, m.film_id
	FROM moved m
	JOIN film_choice c ON c.member_id = current_member()
		AND c.film_id = m.old_id
		AND c.target_film_id IS DISTINCT FROM m.film_id
	WHERE NOT EXISTS (SELECT FROM film_choice o
		WHERE o.member_id = current_member() AND o.film_id = m.film_id)
	ORDER BY m.film_id, c.chosen_at DESC
), overruled AS (
	DELETE FROM film_choice c
	USING moved m
	WHERE c.member_id = current_member() AND c.film_id = m.old_id
		AND m.old_id NOT IN (SELECT old_id FROM heir)
), choices AS (
	UPDATE film_choice c SET film_id = h.film_id
	FROM heir h
	WHERE c.member_id = current_member() AND c.film_id = h.old_id
)
UPDATE import_move m SET film_id = moved.film_id
FROM moved
WHERE m.old_id = moved.old_id;
