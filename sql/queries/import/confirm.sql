-- What the member should know before this is committed: the import takes much
-- away, is older than the library, or is of another account. Refused with RW003,
-- and what to know as its message, unless the member knows. Comes after removed,
-- and before anything is changed.
-- :account text, the user name of profile.csv; NULL: there is none
-- :confirm boolean, the member knows
WITH part AS MATERIALIZED (
	SELECT kind, removed FROM import_part
	WHERE kind IN ('watched', 'ratings', 'likes', 'diary', 'reviews',
		'orphaned_diary', 'orphaned_reviews')
), size AS (
	SELECT count(marked_on) + count(csv_rating) + count(liked_on)
		+ (SELECT count(watch_id) + count(*) FILTER (WHERE old_review)
			FROM import_watch) AS had,
		(SELECT COALESCE(sum(removed), 0) FROM part) AS lost
	FROM import_library
), newest AS (
	-- A row that could not be read has a date all the same; one without may
	-- have any.
	SELECT (SELECT CASE WHEN bool_and(date IS NOT NULL) THEN max(date) END
			FROM import_line
			WHERE kind IN (SELECT kind FROM part)) AS of_upload,
		(SELECT max(date) FROM (
			SELECT 'watched' AS kind, max(marked_on) AS date
			FROM import_library
			UNION ALL SELECT 'ratings', max(csv_rated_on)
			FROM import_library
			UNION ALL SELECT 'likes', max(liked_on) FROM import_library
			UNION ALL SELECT source, max(logged_on) FROM watch
			WHERE member_id = current_member() GROUP BY source) l
		WHERE kind IN (SELECT kind FROM part)) AS of_library
), warning AS (
	SELECT 'removes_much' AS kind, format('It takes away %s of the %s marks, '
		'ratings, likes, viewings and reviews that your library has.',
		lost, had) AS text
	FROM size WHERE lost * 10 > had
	UNION ALL
	SELECT 'older', format('It is older than your library: its newest row is '
		'of %s, your newest of %s.', of_upload, of_library)
	FROM newest WHERE of_upload < of_library
	UNION ALL
	SELECT 'other_account', format('It is the export of "%s" at Letterboxd, '
		'and your library is that of "%s".', :account::text, account_before)
	FROM import
	WHERE member_id = current_member() AND NOT sample_before
		AND id = current_import()
		AND lower(account_before) <> lower(:account::text)
)
UPDATE import i
SET warnings = w.list
FROM (SELECT json_agg(json_build_object('kind', kind, 'text', text)) AS list,
		string_agg(text, ' ') AS message
	FROM warning) w
WHERE i.member_id = current_member() AND w.list IS NOT NULL
	AND i.id = current_import()
RETURNING CASE WHEN NOT :confirm::boolean AND i.state = 'committed'
	THEN refuse('RW003', w.message) END;
