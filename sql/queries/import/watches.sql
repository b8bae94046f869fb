-- Makes the viewings what compute_watches.sql found; new ones in the order in which
-- they were logged.
WITH gone AS (
	DELETE FROM watch w USING import_watch i
	WHERE w.member_id = current_member() AND w.id = i.watch_id
		AND i.source IS NULL
), differs AS (
	UPDATE watch w
	SET source = i.source, film_id = i.film_id, watched_on = i.watched_on,
		logged_on = i.logged_on, rating = i.rating, rewatch = i.rewatch,
		place = i.place, tags = i.tags, review = i.review
	FROM import_watch i
	WHERE w.member_id = current_member() AND w.id = i.watch_id
		AND i.source IS NOT NULL
		AND NOT (i.same_fields AND i.same_review
			AND i.same_place AND i.source = i.old_source)
)
INSERT INTO watch (member_id, film_id, source, entry, watched_on, logged_on,
	place, rating, rewatch, tags, review)
SELECT current_member(), film_id, source, entry, watched_on, logged_on, place,
	rating, rewatch, tags, review
FROM import_watch
WHERE watch_id IS NULL AND source IS NOT NULL
ORDER BY place, entry;
