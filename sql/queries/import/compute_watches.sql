-- What each viewing of the member becomes, from the viewings there are and the
-- lines of this upload. A file that is in the upload is the whole of its
-- source; one that is not leaves its source as it is, and so does a row that
-- could not be read: for its entry, and where nobody can tell which entry it was
-- for all. An entry is of the diary when diary.csv has it, else of the reviews,
-- else orphaned. What diary.csv says of an entry stands, a review of it adds the
-- text; likewise in orphaned/, where a viewing stays as long as either file has it
-- or may have it (it is not told which of the two a viewing came from). A line of
-- kind 'stored' or 'kept' only says which film its viewing is of.
INSERT INTO import_watch (entry, watch_id, old_source, old_review, source,
	in_reviews, film_id, watched_on, logged_on, place, rating, rewatch, tags,
	review, same_fields, same_place, same_review)
WITH gone AS MATERIALIZED (
	-- Whether what the file lacks goes.
	SELECT COALESCE(bool_or(kind = 'diary'), false) AS diary,
		COALESCE(bool_or(kind = 'reviews'), false) AS reviews,
		COALESCE(bool_or(kind = 'orphaned_diary'), false) AS orphans,
		COALESCE(bool_or(kind = 'orphaned_reviews'), false)
			AS orphaned_reviews
	FROM import_whole
), kept AS MATERIALIZED (
	SELECT entry, bool_or(kind = 'diary') AS diary,
		bool_or(kind = 'reviews') AS reviews,
		bool_or(kind = 'orphaned_diary') AS orphans,
		bool_or(kind = 'orphaned_reviews') AS orphaned_reviews
	FROM import_line
	WHERE outcome = 'rejected' AND identified AND entry IS NOT NULL
	GROUP BY entry
), line AS MATERIALIZED (
	SELECT *, array_position(ARRAY['diary', 'reviews', 'orphaned_diary',
			'orphaned_reviews', 'stored', 'kept'], kind)
			AS priority,
		COALESCE(substring(entry FROM '^boxd:(.*)$')::bigint, ordinal)
			AS place
	FROM import_line
	WHERE outcome <> 'rejected' AND kind IN ('diary', 'reviews',
		'orphaned_diary', 'orphaned_reviews', 'stored', 'kept')
), field AS (
	SELECT DISTINCT ON (entry) * FROM line ORDER BY entry, priority
), text AS (
	SELECT DISTINCT ON (entry) entry, kind, COALESCE(review, '') AS review
	FROM line WHERE kind IN ('reviews', 'orphaned_reviews')
	ORDER BY entry, priority
), old AS (
	SELECT *, review IS NOT NULL AS reviewed FROM watch
	WHERE member_id = current_member() AND source <> 'watched'
), state AS (
	SELECT COALESCE(old.entry, f.entry) AS entry, old, f, t.review AS text,
		t.kind AS text_of,
		NOT gone.reviews OR k.reviews IS TRUE AS keeps_review,
		NOT gone.orphaned_reviews OR k.orphaned_reviews IS TRUE
			AS keeps_orphaned_review,
		COALESCE(f.kind = 'diary', false) OR COALESCE(old.source = 'diary'
			AND (NOT gone.diary OR k.diary), false) AS in_diary,
		COALESCE(t.kind = 'reviews', false)
			OR COALESCE(old.source IN ('diary', 'reviews')
			AND old.reviewed AND (NOT gone.reviews OR k.reviews), false)
			AS in_reviews,
		COALESCE(f.kind = 'orphaned_diary'
			OR t.kind = 'orphaned_reviews', false)
			OR COALESCE(old.source = 'orphaned'
			AND (NOT gone.orphans OR k.orphans OR old.reviewed
				AND (NOT gone.orphaned_reviews
					OR k.orphaned_reviews)), false)
			AS in_orphaned
	FROM old
	FULL JOIN field f ON f.entry = old.entry
	LEFT JOIN text t ON t.entry = f.entry
	LEFT JOIN kept k ON k.entry = old.entry
	CROSS JOIN gone
), becomes AS (
	SELECT *, CASE WHEN in_diary THEN 'diary' WHEN in_reviews THEN 'reviews'
			WHEN in_orphaned THEN 'orphaned' END AS source,
		COALESCE(CASE WHEN in_diary THEN (f).kind = 'diary'
			WHEN in_reviews THEN (f).kind = 'reviews'
			ELSE (f).kind LIKE 'orphaned%' END, false) AS anew,
		CASE WHEN in_reviews OR in_diary THEN 'reviews'
			ELSE 'orphaned_reviews' END AS texts,
		CASE WHEN in_reviews OR in_diary THEN keeps_review
			ELSE keeps_orphaned_review END AS keeps_text
	FROM state
), filled AS (
	SELECT entry, old, source, in_reviews,
		COALESCE((f).film_id, (old).film_id) AS film_id,
		CASE WHEN anew THEN (f).watched_on ELSE (old).watched_on END
			AS watched_on,
		CASE WHEN anew THEN (f).date ELSE (old).logged_on END AS logged_on,
		CASE WHEN anew THEN (f).rating ELSE (old).rating END AS rating,
		CASE WHEN anew THEN (f).rewatch ELSE (old).rewatch END AS rewatch,
		CASE WHEN anew THEN (f).tags ELSE (old).tags END AS tags,
		CASE WHEN anew AND NOT ((f).kind = 'orphaned_reviews'
				AND COALESCE((old).source = 'orphaned', false))
			THEN (f).place ELSE (old).place END AS place,
		CASE WHEN text_of = texts THEN text
			WHEN keeps_text THEN (old).review END AS review
	FROM becomes
)
SELECT entry, (old).id, (old).source, COALESCE((old).reviewed, false), source,
	in_reviews, film_id, watched_on, logged_on, place, rating, rewatch, tags,
	review, (film_id, watched_on, logged_on, rating, rewatch, tags)
		IS NOT DISTINCT FROM ((old).film_id, (old).watched_on,
			(old).logged_on, (old).rating, (old).rewatch, (old).tags),
	place IS NOT DISTINCT FROM (old).place,
	review IS NOT DISTINCT FROM (old).review
FROM filled;
