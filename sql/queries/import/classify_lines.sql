-- The verdict on each line: did the source it comes from have it before, and
-- did it say the same? A place in a list
-- is known by its number. A review that says anything else of an entry than its
-- diary row is kept for its text and reported: what diary.csv says stands.
WITH known AS (
	SELECT l.ctid AS at,
		CASE l.kind
			WHEN 'watched' THEN h.marked_on IS NOT NULL
			WHEN 'ratings' THEN h.csv_rating IS NOT NULL
			WHEN 'likes' THEN h.liked_on IS NOT NULL
			WHEN 'watchlist' THEN h.watchlisted_on IS NOT NULL
			WHEN 'profile' THEN h.favourite IS NOT NULL
			WHEN 'list' THEN i.film_id IS NOT NULL
			WHEN 'diary' THEN w.old_source = 'diary'
			WHEN 'reviews' THEN w.old_review AND w.old_source <> 'orphaned'
			WHEN 'orphaned_diary' THEN w.old_source = 'orphaned'
			ELSE w.old_review AND w.old_source = 'orphaned'
		END AS known,
		CASE l.kind
			WHEN 'watched' THEN h.marked_on = l.date
				AND h.marked_rating IS NOT DISTINCT FROM l.rating
			WHEN 'ratings' THEN h.csv_rating = l.rating
				AND h.csv_rated_on = l.date
			WHEN 'likes' THEN h.liked_on = l.date
			WHEN 'watchlist' THEN h.watchlisted_on = l.date
			WHEN 'profile' THEN h.favourite = l.position
			WHEN 'list' THEN i.film_id = l.film_id
				AND i.note IS NOT DISTINCT FROM l.review
			WHEN 'diary' THEN w.same_fields
			WHEN 'reviews' THEN w.same_review
				AND (w.source = 'diary' OR w.same_fields)
			WHEN 'orphaned_diary' THEN w.same_fields
			ELSE w.same_review AND w.same_fields
		END AS same,
		l.kind = 'reviews' AND w.source = 'diary'
			AND (w.watched_on, w.logged_on, w.rating, w.rewatch, w.tags)
				IS DISTINCT FROM (l.watched_on, l.date, l.rating,
					l.rewatch, l.tags) AS disagrees
	FROM import_line l
	LEFT JOIN import_library h ON h.film_id = l.film_id
	LEFT JOIN import_watch w ON w.entry = l.entry
	LEFT JOIN (SELECT slug, list_item.* FROM list
			JOIN list_item ON list_item.member_id = list.member_id
				AND list_id = id
			WHERE list.member_id = current_member()) AS i
		ON l.kind = 'list' AND i.slug = l.slug AND i.position = l.position
	WHERE l.outcome <> 'rejected' AND l.file >= 0
)
UPDATE import_line l
SET verdict = CASE WHEN k.known IS NOT TRUE THEN 'new'
		WHEN k.same THEN 'unchanged' ELSE 'changed' END,
	outcome = CASE WHEN k.disagrees THEN 'ambiguous' ELSE l.outcome END,
	reason = CASE WHEN k.disagrees THEN concat_ws('; ', l.reason,
		'diary.csv says otherwise of this entry and stands; '
		'the review''s text is kept') ELSE l.reason END
FROM known k
WHERE l.ctid = k.at;
