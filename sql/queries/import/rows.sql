-- Rejected and ambiguous rows of an import, in the order of its files. An
-- ambiguous row of the diary has the films to choose from, the one it is of now,
-- and its viewing.
-- :import bigint, its id
-- :outcome text, rejected or ambiguous; NULL: both
-- :file text, the path of theirs; NULL: all
-- :reason text, those of this cause: of a reason that differs from it at most in a
--   number or in what it quotes; NULL: all
-- :after bigint, the last row of the page before; NULL: the first page
-- :limit int, rows a page; fewer when they are long (page_bytes)
-- Columns: body, none when there is no such import.
WITH page AS (
	SELECT r.*, f.path, w.id AS watch_id, w.film_id AS watch_film
	FROM import_row r
	JOIN import_file f ON f.member_id = r.member_id
		AND f.import_id = r.import_id AND f.ordinal = r.file
	LEFT JOIN watch w ON w.member_id = r.member_id AND w.entry = r.entry
	WHERE r.member_id = current_member() AND r.import_id = :import::bigint
		AND (:outcome::text IS NULL OR r.outcome = :outcome::text)
		AND (:file::text IS NULL OR f.path = :file::text)
		AND (:reason::text IS NULL
			OR cause(r.reason) = cause(:reason::text))
		AND r.ordinal > COALESCE(:after::bigint, 0)
	ORDER BY r.ordinal
	LIMIT :limit::int + 1
), counted AS (
	-- Its line names the film, and so does each film to choose from.
	SELECT *, row_number() OVER (ORDER BY ordinal) AS number,
		sum(octet_length(raw) * (1 + COALESCE(cardinality(films), 0)))
			OVER (ORDER BY ordinal) AS bytes
	FROM page
), shown AS (
	SELECT * FROM counted
	WHERE number <= :limit::int AND (number = 1 OR bytes <= page_bytes())
)
SELECT json_build_object(
	'rows', (SELECT COALESCE(json_agg(json_build_object('file', path,
			'line', line, 'outcome', outcome, 'reason', reason,
			'raw', raw, 'watch', CASE WHEN films IS NOT NULL
				THEN watch_id END,
			'film', CASE WHEN films IS NOT NULL
				THEN COALESCE(watch_film, film_id) END,
			'films', (SELECT json_agg(json_build_object('id', o.id,
					'title', o.title, 'year', o.year,
					'letterboxd_ref', o.ref) ORDER BY o.place)
				FROM (SELECT o.*, place FROM unnest(films)
						WITH ORDINALITY AS n (id, place)
					JOIN film o USING (id)) o))
			ORDER BY ordinal), '[]') FROM shown),
	'next', (SELECT max(ordinal) FROM shown
		HAVING count(*) < (SELECT count(*) FROM page))
) AS body
FROM import
WHERE member_id = current_member() AND id = :import::bigint;
