-- Viewings that stay and that no legible row of the upload speaks of look for
-- their film again, as lines of kind 'stored', since the upload may bring it: by
-- what diary.csv called it, also when a review is there. Those whose row is there
-- and could not be read keep the film that they have, as lines of kind 'kept'. A
-- link of the old kind names its film.
INSERT INTO import_line (file, ordinal, kind, line, outcome, identified, ref,
	title, year, entry, linked, date, watched_on, rating, rewatch)
WITH row AS (
	SELECT entry, bool_or(kind = 'diary' AND ok) AS diary,
		bool_or(kind = 'reviews' AND ok) AS review,
		bool_or(kind = 'diary' AND NOT ok) AS keeps_diary,
		bool_or(kind = 'reviews' AND NOT ok) AS keeps_review
	FROM (SELECT *, outcome <> 'rejected' AS ok FROM import_line) l
	WHERE kind IN ('diary', 'reviews') AND entry IS NOT NULL
	GROUP BY entry
), stays AS (
	SELECT w.*, w.source = 'diary' AND ('diary' NOT IN (TABLE import_whole)
			OR row.keeps_diary IS TRUE) AS by_diary,
		w.review IS NOT NULL AND ('reviews' NOT IN (TABLE import_whole)
			OR row.keeps_review IS TRUE) AS by_review,
		row.review IS TRUE AS row_review,
		row.keeps_diary IS TRUE AS row_illegible
	FROM watch w
	LEFT JOIN row USING (entry)
	WHERE w.member_id = current_member() AND w.source IN ('diary', 'reviews')
		AND w.entry NOT LIKE 'slug:%' AND row.diary IS NOT TRUE
)
SELECT -1, 0, CASE WHEN s.row_illegible
		OR CASE WHEN s.by_diary THEN 'diary' ELSE 'reviews' END
		IN (SELECT kind FROM import_part) THEN 'kept' ELSE 'stored' END,
	0, 'ok', true, '', o.title, o.year, s.entry, true, s.logged_on,
	s.watched_on, s.rating, s.rewatch
FROM stays s
JOIN import_owned o USING (film_id)
WHERE s.by_diary OR s.by_review AND NOT s.row_review OR s.row_illegible;
