-- Finds the film of each viewing: exports name the entry in diary.csv and
-- reviews.csv, not the film. Candidates are the films that have the viewing's
-- title and year (byte for byte) and that watched.csv or ratings.csv speaks of
-- after this import; where there is none, those of the likes, the watchlist and
-- the lists. A link of the old kind carries the film's slug: nothing to find.
--
-- What decides, in this order:
--   chosen   the member said which film it is (watch_choice)
--   known    the library has the entry with one of the candidates
--   sole     there is one candidate
--   marked   one alone was marked as watched on the day the row was logged
--   rated    one alone has the row's rating in ratings.csv
--   turn     the candidates with the fewest viewings first, in the order of the
--            entries
-- A row of several candidates that nobody has chosen for is reported. Without a
-- candidate a known entry keeps its film, whose title or year was corrected,
-- rows of that name beside it are of that film too, and what is left is a film
-- known by name.
WITH viewing AS MATERIALIZED (
	SELECT DISTINCT ON (entry) entry, kind, title, year, rating,
		date AS logged_on, file, ordinal
	FROM import_line
	WHERE kind IN ('diary', 'reviews', 'stored') AND outcome <> 'rejected'
		AND ref = ''
	ORDER BY entry, kind, ordinal
), owned AS MATERIALIZED (
	SELECT film_id, ref, title, year FROM import_library
	UNION
	SELECT old_id, ref, title, year FROM import_move
), known AS MATERIALIZED (
	SELECT v.entry, o.ref, o.title, o.year
	FROM viewing v
	JOIN watch w ON w.member_id = current_member() AND w.entry = v.entry
	JOIN owned o USING (film_id)
	WHERE w.source IN ('diary', 'reviews')
), chosen AS (
	SELECT v.entry, COALESCE(o.ref, r.to_ref, f.ref) AS ref,
		COALESCE(o.title, r.title, f.title) AS title,
		COALESCE(o.year, r.year, f.year, 0) AS year
	FROM viewing v
	JOIN watch_choice c ON c.member_id = current_member()
		AND c.entry = v.entry
	JOIN film f ON f.id = c.film_id
	LEFT JOIN owned o ON o.film_id = c.film_id
	LEFT JOIN import_ref r ON r.ref = f.ref
), candidate AS MATERIALIZED (
	SELECT title, year, ref, marked_on, csv_rating, row_number() OVER (
			PARTITION BY title, year
			ORDER BY marked_on, csv_rated_on, length(ref),
				ref COLLATE "C") AS place
	FROM (SELECT *, first <= min(first) OVER (PARTITION BY title, year)
			AS near
		FROM (SELECT *, CASE WHEN marked_on IS NOT NULL
				OR csv_rating IS NOT NULL THEN 1 ELSE 2 END AS first
			FROM import_entry
			WHERE marked_on IS NOT NULL OR csv_rating IS NOT NULL
				OR liked_on IS NOT NULL OR listed
				OR watchlisted_on IS NOT NULL) e) e
	WHERE near
), fact AS MATERIALIZED (
	SELECT v.entry, v.title, v.year, array_agg(c.ref ORDER BY place) AS rivals,
		max(c.ref) FILTER (WHERE c.ref = k.ref
			AND v.title = k.title AND v.year = k.year) AS known,
		CASE WHEN count(*) = 1 THEN max(c.ref) END AS sole,
		CASE WHEN count(*) FILTER (WHERE c.marked_on = v.logged_on) = 1
			THEN max(c.ref) FILTER (WHERE c.marked_on = v.logged_on)
			END AS marked,
		CASE WHEN count(*) FILTER (WHERE c.csv_rating = v.rating) = 1
			THEN max(c.ref) FILTER (WHERE c.csv_rating = v.rating)
			END AS rated
	FROM viewing v
	JOIN candidate c USING (title, year)
	LEFT JOIN known k USING (entry)
	GROUP BY v.entry, v.title, v.year
), decided AS MATERIALIZED (
	SELECT entry, title, year, rivals, known, sole, marked, rated,
		COALESCE(known, sole, marked, rated) AS ref
	FROM fact
), next AS (
	SELECT title, year, c.ref, row_number() OVER (PARTITION BY title, year
			ORDER BY count(d.entry), c.place) AS number,
		count(*) OVER (PARTITION BY title, year) AS films
	FROM candidate c
	LEFT JOIN decided d USING (title, year, ref)
	GROUP BY title, year, c.ref, c.place
), turn AS (
	SELECT d.entry, n.ref
	FROM (SELECT *, row_number() OVER (PARTITION BY title, year
			ORDER BY length(entry), entry COLLATE "C") AS number
		FROM decided WHERE ref IS NULL) d
	JOIN next n USING (title, year)
	WHERE n.number = 1 + (d.number - 1) % n.films
), kept AS MATERIALIZED (
	-- Films whose name was corrected; theirs is that of their first row.
	SELECT v.*, k.ref, first_value(CASE WHEN v.kind = 'stored'
			OR k.named THEN k.title ELSE v.title END) OVER row AS to_title,
		first_value(CASE WHEN v.kind = 'stored' OR k.named THEN k.year
			ELSE v.year END) OVER row AS to_year
	FROM viewing v
	JOIN (SELECT *, ref IN (SELECT ref FROM import_line
			WHERE outcome <> 'rejected' AND kind <> 'profile')
			AS named FROM known) k USING (entry)
	WHERE k.ref <> ''
		AND NOT EXISTS (SELECT FROM fact WHERE fact.entry = v.entry)
	WINDOW row AS (PARTITION BY k.ref ORDER BY v.kind, v.file, v.ordinal)
), beside AS (
	SELECT DISTINCT ON (title, year) title, year, ref, to_title, to_year
	FROM kept
	WHERE kind <> 'stored'
	ORDER BY title, year, kind, file, ordinal
), joined AS (
	SELECT v.entry, v.kind,
		COALESCE(c.ref, d.ref, t.ref, k.ref, b.ref, '') AS ref,
		CASE WHEN c.entry IS NOT NULL THEN c.title
			WHEN d.entry IS NOT NULL THEN v.title
			ELSE COALESCE(k.to_title, b.to_title, v.title) END AS title,
		CASE WHEN c.entry IS NOT NULL THEN c.year
			WHEN d.entry IS NOT NULL THEN v.year
			ELSE COALESCE(k.to_year, b.to_year, v.year) END AS year,
		c.entry IS NULL AND d.sole IS NULL AND d.entry IS NOT NULL
			AND v.kind <> 'stored' AS ambiguous,
		d.rivals,
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
		AND v.kind <> 'stored'
)
UPDATE import_line l
SET ref = j.ref, title = j.title, year = j.year,
	rivals = CASE WHEN j.ambiguous AND l.kind = j.kind THEN j.rivals END,
	outcome = CASE WHEN j.ambiguous AND l.kind = j.kind
		THEN 'ambiguous' ELSE l.outcome END,
	reason = CASE WHEN j.ambiguous AND l.kind = j.kind
		THEN concat_ws('; ', l.reason, format(
			'%s films of this title and year; taken as film %s, %s',
			cardinality(j.rivals),
			COALESCE(NULLIF(j.ref, ''), 'without a link'), j.why))
		ELSE l.reason END
FROM joined j
WHERE l.entry = j.entry AND l.kind IN ('diary', 'reviews', 'stored')
	AND l.outcome <> 'rejected' AND l.ref = ''
	AND (l.ref, l.title, l.year, j.ambiguous)
		IS DISTINCT FROM (j.ref, j.title, j.year, false);
