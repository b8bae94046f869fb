-- The library as it was before takes the links and names of import_ref, and
-- import_move notes whose row of film has to be another one now. Two films of
-- the member that are one by now become one row.
WITH target AS MATERIALIZED (
	SELECT DISTINCT r.to_ref
	FROM import_ref r
	JOIN import_library h USING (ref)
	WHERE (r.to_ref, r.title, r.year) <> (h.ref, h.title, h.year)
), before AS (
	DELETE FROM import_library h
	USING import_ref r
	JOIN target USING (to_ref)
	WHERE h.ref = r.ref
	RETURNING h.*, r.to_ref, r.title AS to_title, r.year AS to_year
), noted AS (
	INSERT INTO import_move (old_id, ref, title, year)
	SELECT film_id, to_ref, to_title, to_year
	FROM before
	WHERE (to_ref, to_title, to_year) <> (ref, title, year)
)
INSERT INTO import_library (film_id, ref, title, year, entry, marked_on,
	marked_rating, liked_on, watchlisted_on, favourite, csv_rating,
	csv_rated_on)
SELECT min(film_id), to_ref, to_title, to_year, bool_or(entry), max(marked_on),
	max(marked_rating), max(liked_on), max(watchlisted_on), max(favourite),
	max(csv_rating), max(csv_rated_on)
FROM before
GROUP BY to_ref, to_title, to_year;
