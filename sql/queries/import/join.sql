-- Finds the film of each viewing: exports name the entry in diary.csv and
-- reviews.csv, not the film. Candidates are those of import_candidate with the
-- viewing's title and year, byte for byte. A link of the old kind carries the
-- film's slug: nothing to find.
--
-- What decides, in this order:
--   chosen   the member said which film it is (watch_choice)
--   known    the library has the entry with one of the candidates
--   sole     there is one candidate
--   marked   one alone was marked as watched on the day the row was logged
--   rated    one alone has the row's rating in ratings.csv
--   turn     the candidates with the fewest viewings first, in the order of the
--            entries; those without a number last, in that of their file
-- A row of several candidates that nobody has chosen for is reported. Without a
-- candidate a known entry keeps its film, rows of that name beside it are of that
-- film too, and what is left is a film known by name.
WITH viewing AS MATERIALIZED (
	SELECT * FROM import_viewing
), chosen AS MATERIALIZED (
	SELECT v.entry, COALESCE(o.ref, r.to_ref, f.ref) AS ref,
		COALESCE(o.title, r.title, f.title) AS title,
		COALESCE(o.year, r.year, f.year, 0) AS year
	FROM viewing v
	JOIN watch_choice c ON c.member_id = current_member()
		AND c.entry = v.entry
	JOIN film f ON f.id = c.film_id
	LEFT JOIN import_owned o ON o.film_id = c.film_id
	LEFT JOIN import_ref r ON r.ref = f.ref
), candidate AS MATERIALIZED (
	SELECT *, row_number() OVER (PARTITION BY title, year
		ORDER BY marked_on, csv_rated_on, length(ref), ref COLLATE "C")
		AS place
	FROM import_candidate
), name AS MATERIALIZED (
	SELECT title, year, count(*) AS films,
		CASE WHEN count(*) = 1 THEN max(ref) END AS sole,
		(array_agg(ref ORDER BY place))[1:20] AS rivals
	FROM candidate
	GROUP BY title, year
), marked AS (
	SELECT title, year, marked_on AS logged_on, max(ref) AS marked
	FROM candidate
	GROUP BY title, year, marked_on
	HAVING count(*) = 1
), rated AS (
	SELECT title, year, csv_rating AS rating, max(ref) AS rated
	FROM candidate
	GROUP BY title, year, csv_rating
	HAVING count(*) = 1
), decided AS MATERIALIZED (
	SELECT v.entry, title, year, n.films, n.rivals, n.sole, k.ref AS known,
		m.marked, r.rated,
		COALESCE(k.ref, n.sole, m.marked, r.rated) AS ref
	FROM viewing v
	JOIN name n USING (title, year)
	LEFT JOIN marked m USING (title, year, logged_on)
	LEFT JOIN rated r USING (title, year, rating)
	LEFT JOIN (SELECT title, year, ref, title AS known_title,
			year AS known_year, ref AS known_ref
		FROM candidate) k
		USING (title, year, known_title, known_year, known_ref)
	WHERE v.kind <> 'kept' AND v.entry NOT IN (SELECT entry FROM chosen)
), taken AS (
	SELECT title, year, ref FROM decided
	UNION ALL
	SELECT title, year, ref FROM chosen
	UNION ALL
	SELECT known_title, known_year, known_ref FROM viewing
	WHERE kind = 'kept'
), next AS MATERIALIZED (
	SELECT title, year, c.ref, row_number() OVER (PARTITION BY title, year
		ORDER BY count(t.ref), c.place) AS number
	FROM candidate c
	LEFT JOIN taken t USING (title, year, ref)
	GROUP BY title, year, c.ref, c.place
), undecided AS MATERIALIZED (
	SELECT entry, d.title, d.year, 1 + (row_number() OVER (
			PARTITION BY d.title, d.year
			ORDER BY CASE WHEN entry LIKE 'name:%'
				THEN v.ordinal ELSE 0 END,
				length(entry), entry COLLATE "C") - 1) % d.films
			AS number
	FROM decided d
	JOIN viewing v USING (entry)
	WHERE d.ref IS NULL
), turn AS (
	SELECT entry, n.ref
	FROM undecided u
	JOIN next n USING (title, year, number)
), kept AS MATERIALIZED (
	SELECT * FROM viewing v
	WHERE (known_ref <> '' OR kind = 'kept')
		AND entry NOT IN (SELECT entry FROM chosen)
		AND entry NOT IN (SELECT entry FROM decided)
), beside AS (
	SELECT DISTINCT ON (title, year) title, year, known_ref, known_title,
		known_year
	FROM kept
	WHERE kind IN ('diary', 'reviews')
	ORDER BY title, year, kind, file, ordinal
), joined AS (
	SELECT v.entry, v.kind,
		COALESCE(c.ref, d.ref, t.ref, k.known_ref, b.known_ref, '')
			AS ref,
		CASE WHEN c.entry IS NOT NULL THEN c.title
			WHEN d.entry IS NOT NULL THEN v.title
			ELSE COALESCE(k.known_title, b.known_title, v.title) END AS title,
		CASE WHEN c.entry IS NOT NULL THEN c.year
			WHEN d.entry IS NOT NULL THEN v.year
			ELSE COALESCE(k.known_year, b.known_year, v.year) END AS year,
		c.entry IS NULL AND d.sole IS NULL AND d.entry IS NOT NULL
			AND v.kind IN ('diary', 'reviews') AS ambiguous,
		d.films, d.rivals,
		CASE WHEN d.known IS NOT NULL THEN 'as before'
			WHEN d.marked IS NOT NULL
			THEN 'the only one marked as watched on the day of this row'
			WHEN d.rated IS NOT NULL
			THEN 'the only one rated the same in ratings.csv'
			ELSE 'films in turn in the order of the entries' END AS why
	FROM viewing v
	LEFT JOIN chosen c USING (entry)
	LEFT JOIN decided d USING (entry)
	LEFT JOIN turn t USING (entry)
	LEFT JOIN kept k USING (entry)
	LEFT JOIN beside b ON b.title = v.title AND b.year = v.year
		AND v.kind IN ('diary', 'reviews')
)
UPDATE import_line l
SET ref = j.ref, title = j.title, year = j.year,
	rivals = CASE WHEN j.ambiguous AND l.kind = j.kind THEN j.rivals END,
	outcome = CASE WHEN j.ambiguous AND l.kind = j.kind
		THEN 'ambiguous' ELSE l.outcome END,
	reason = CASE WHEN j.ambiguous AND l.kind = j.kind
		THEN concat_ws('; ', l.reason, format(
			'%s films of this title and year; taken as %s, %s', j.films,
			COALESCE('"' || film_link(j.ref) || '"',
				'the one without a link'), j.why))
		ELSE l.reason END
FROM joined j
WHERE l.entry = j.entry AND l.kind IN ('diary', 'reviews', 'stored', 'kept')
	AND l.outcome <> 'rejected' AND l.ref = ''
	AND (l.ref, l.title, l.year, j.ambiguous)
		IS DISTINCT FROM (j.ref, j.title, j.year, false);
