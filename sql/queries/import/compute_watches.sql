-- What each viewing of the member becomes, from the viewings there are and the
-- lines of this upload. A file that is in the upload is the whole of its
-- source; one that is not leaves its source as it is. An entry is of the diary
-- when diary.csv has it, else of the reviews, else orphaned. What diary.csv says
-- of an entry stands, a review of it adds the text; likewise in orphaned/, where
-- a viewing stays as long as either file has it or may have it (it is not told
-- which of the two a viewing came from). A line of kind 'stored' only moves its
-- viewing to a film.
INSERT INTO import_watch (entry, watch_id, old_source, old_review, source,
	in_reviews, film_id, watched_on, logged_on, rating, rewatch, tags, review,
	same_fields, same_review)
WITH here AS MATERIALIZED (
	SELECT COALESCE(bool_or(kind = 'diary'), false) AS diary,
		COALESCE(bool_or(kind = 'reviews'), false) AS reviews,
		COALESCE(bool_or(kind = 'orphaned-diary'), false) AS orphans,
		COALESCE(bool_or(kind = 'orphaned-reviews'), false)
			AS orphaned_reviews
	FROM import_part
), line AS MATERIALIZED (
	SELECT *, array_position(ARRAY['diary', 'reviews', 'orphaned-diary',
		'orphaned-reviews', 'stored'], kind) AS priority
	FROM import_line
	WHERE outcome <> 'rejected' AND kind IN ('diary', 'reviews',
		'orphaned-diary', 'orphaned-reviews', 'stored')
), field AS (
	SELECT DISTINCT ON (entry) * FROM line ORDER BY entry, priority
), text AS (
	SELECT DISTINCT ON (entry) entry, kind, COALESCE(review, '') AS review
	FROM line WHERE kind IN ('reviews', 'orphaned-reviews')
	ORDER BY entry, priority
), old AS (
	SELECT *, review IS NOT NULL AS reviewed FROM watch
	WHERE member_id = current_member() AND source <> 'watched'
), state AS (
	SELECT COALESCE(old.entry, f.entry) AS entry, old, f, t.review AS text,
		COALESCE(CASE WHEN (SELECT diary FROM here) THEN f.kind = 'diary'
			ELSE old.source = 'diary' END, false) AS in_diary,
		COALESCE(CASE WHEN (SELECT reviews FROM here)
			THEN t.kind = 'reviews'
			ELSE old.source IN ('diary', 'reviews') AND old.reviewed
			END, false) AS in_reviews,
		COALESCE(CASE WHEN (SELECT orphans FROM here)
			THEN f.kind = 'orphaned-diary'
			ELSE old.source = 'orphaned' END, false)
		OR COALESCE(CASE WHEN (SELECT orphaned_reviews FROM here)
			THEN t.kind = 'orphaned-reviews'
			ELSE old.source = 'orphaned' AND old.reviewed END, false)
			AS in_orphaned
	FROM old
	FULL JOIN field f ON f.entry = old.entry
	LEFT JOIN text t ON t.entry = f.entry
), becomes AS (
	SELECT *, CASE WHEN in_diary THEN 'diary' WHEN in_reviews THEN 'reviews'
			WHEN in_orphaned THEN 'orphaned' END AS source,
		COALESCE(CASE WHEN in_diary THEN (f).kind = 'diary'
			WHEN in_reviews THEN (f).kind = 'reviews'
			ELSE (f).kind LIKE 'orphaned%' END, false) AS anew,
		CASE WHEN in_reviews OR in_diary THEN (SELECT reviews FROM here)
			ELSE (SELECT orphaned_reviews FROM here) END AS text_anew
	FROM state
), filled AS (
	SELECT entry, old, source, in_reviews,
		CASE WHEN anew OR (f).kind = 'stored' THEN (f).film_id
			ELSE (old).film_id END AS film_id,
		CASE WHEN anew THEN (f).watched_on ELSE (old).watched_on END
			AS watched_on,
		CASE WHEN anew THEN (f).date ELSE (old).logged_on END AS logged_on,
		CASE WHEN anew THEN (f).rating ELSE (old).rating END AS rating,
		CASE WHEN anew THEN (f).rewatch ELSE (old).rewatch END AS rewatch,
		CASE WHEN anew THEN (f).tags ELSE (old).tags END AS tags,
		CASE WHEN NOT text_anew THEN (old).review
			WHEN in_reviews OR NOT in_diary THEN text END AS review
	FROM becomes
)
SELECT entry, (old).id, (old).source, COALESCE((old).reviewed, false), source,
	in_reviews, film_id, watched_on, logged_on, rating, rewatch, tags, review,
	(film_id, watched_on, logged_on, rating, rewatch, tags)
		IS NOT DISTINCT FROM ((old).film_id, (old).watched_on,
			(old).logged_on, (old).rating, (old).rewatch, (old).tags),
	review IS NOT DISTINCT FROM (old).review
FROM filled;
