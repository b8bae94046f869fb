-- How many rows each source had before that its file no longer has; counted at
-- the first file of a kind.
WITH entry AS (
	SELECT
		count(h.marked_on) FILTER (WHERE e.marked_on IS NULL) AS watched,
		count(h.csv_rating) FILTER (WHERE e.csv_rating IS NULL) AS ratings,
		count(h.liked_on) FILTER (WHERE e.liked_on IS NULL) AS likes,
		count(h.watchlisted_on) FILTER (WHERE e.watchlisted_on IS NULL)
			AS watchlist,
		count(h.favourite) FILTER (WHERE e.favourite IS NULL) AS profile
	FROM import_library h
	LEFT JOIN import_entry e USING (ref, title, year)
), viewing AS (
	SELECT
		count(*) FILTER (WHERE old_source = 'diary'
			AND source IS DISTINCT FROM 'diary') AS diary,
		count(*) FILTER (WHERE old_source IN ('diary', 'reviews')
			AND old_review AND NOT in_reviews) AS reviews,
		count(*) FILTER (WHERE old_source = 'orphaned'
			AND source IS DISTINCT FROM 'orphaned') AS orphaned_diary,
		count(*) FILTER (WHERE old_source = 'orphaned' AND old_review
			AND (source IS DISTINCT FROM 'orphaned' OR review IS NULL))
			AS orphaned_reviews
	FROM import_watch
), item AS (
	SELECT slug, count(*) AS removed
	FROM (SELECT l.slug, i.position FROM list l
		JOIN list_item i ON i.member_id = l.member_id AND i.list_id = l.id
		WHERE l.member_id = current_member()
		EXCEPT
		SELECT slug, position FROM import_line
		WHERE kind = 'list' AND (outcome <> 'rejected' OR identified))
		AS gone
	WHERE slug NOT IN (SELECT slug FROM import_line WHERE kind = 'list'
			AND outcome = 'rejected' AND NOT identified)
	GROUP BY slug
)
UPDATE import_part p
SET removed = CASE p.kind
	WHEN 'watched' THEN (SELECT watched FROM entry)
	WHEN 'ratings' THEN (SELECT ratings FROM entry)
	WHEN 'likes' THEN (SELECT likes FROM entry)
	WHEN 'watchlist' THEN (SELECT watchlist FROM entry)
	WHEN 'profile' THEN (SELECT profile FROM entry)
	WHEN 'diary' THEN (SELECT diary FROM viewing)
	WHEN 'reviews' THEN (SELECT reviews FROM viewing)
	WHEN 'orphaned_diary' THEN (SELECT orphaned_diary FROM viewing)
	WHEN 'orphaned_reviews' THEN (SELECT orphaned_reviews FROM viewing)
	WHEN 'list' THEN COALESCE(
		(SELECT i.removed FROM item i WHERE i.slug = p.slug), 0)
	ELSE 0 END
WHERE p.reason IS NULL AND NOT EXISTS (SELECT FROM import_part q
	WHERE q.kind = p.kind AND q.slug IS NOT DISTINCT FROM p.slug
		AND q.file < p.file);
