-- The dashboard of the current member: all panels or one.
--
-- Parameters, each NULL for no filter:
--   :year int, of watching: only viewings dated in it and their films
--   :genre text
--   :country text
--   :language text
--   :decade int, of release, given by any of its years
--   :director bigint, a person
--   :rating numeric, the one in force, 0.5..5
--   :panel text, the one wanted, beside "version"
-- Columns: body, a JSON object with one member a panel.
--
-- How things are counted:
--   film      an entry of the library that was marked, rated or viewed
--   watch     a viewing, dated or not; charts over time have the dated alone
--   again     a viewing flagged as rewatch, or not the first of its film
--             (undated ones count as earlier than dated ones)
--   rating    of a film the one in force, by the cascade
--   year      of release as the export has it, people by their TMDB id
-- Of what grows with the library the latest is shown: 2,000 months, 6,000 weeks,
-- 40,000 days, 500 milestones. That is a century of days.
WITH library AS MATERIALIZED (
	SELECT e.film_id AS id, f.title, f.year, e.marked_on, e.liked_on,
		e.watchlisted_on, e.rating, t.kind, t.tmdb_id, t.poster_path,
		t.runtime, t.vote_average, t.vote_count, t.genres, t.countries,
		t.languages, t.studio_ids, t.director_ids, t.writer_ids, t.cast_ids
	FROM library_entry e
	JOIN member_film f ON f.id = e.film_id
	LEFT JOIN served_title t ON t.kind = f.kind AND t.tmdb_id = f.tmdb_id
	WHERE e.member_id = current_member()
		AND COALESCE((:genre::text IS NULL OR t.genres @> ARRAY[:genre::text])
		AND (:country::text IS NULL OR t.countries @> ARRAY[:country::text])
		AND (:language::text IS NULL OR t.languages @> ARRAY[:language::text])
		AND (:decade::int IS NULL OR f.year / 10 = :decade::int / 10)
		AND (:director::bigint IS NULL OR t.director_ids @> ARRAY[:director::bigint])
		AND (:rating::numeric IS NULL OR e.rating = :rating::numeric * 2),
		false)
),
-- Viewings are fetched film by film through an index: the way that is never
-- far from the best, whatever the planner believes about a new library.
viewing AS MATERIALIZED (
	SELECT *
	FROM (SELECT w.*, w.rewatch OR row_number() OVER (PARTITION BY w.film_id
			ORDER BY w.watched_on NULLS FIRST,
			w.logged_on NULLS FIRST, w.place, w.id) > 1 AS again
		FROM library l
		CROSS JOIN LATERAL (SELECT id, film_id, watched_on, logged_on,
				place, rewatch, review IS NOT NULL AS reviewed
			FROM watch
			WHERE member_id = current_member() AND film_id = l.id
			OFFSET 0) w) w
	WHERE COALESCE(:year::int IS NULL
		OR extract(year FROM w.watched_on) = :year::int, false)
),
seen AS MATERIALIZED (
	SELECT l.*, w.watches
	FROM library l
	CROSS JOIN LATERAL (SELECT count(*)::int AS watches
		FROM watch
		WHERE member_id = current_member() AND film_id = l.id
			AND (:year::int IS NULL
			OR extract(year FROM watched_on) = :year::int)) w
	WHERE w.watches > 0 OR (:year::int IS NULL
		AND (l.marked_on IS NOT NULL OR l.rating IS NOT NULL))
),
day AS MATERIALIZED (
	SELECT watched_on AS date, count(*) AS watches,
		count(DISTINCT film_id) AS films
	FROM viewing WHERE watched_on IS NOT NULL GROUP BY watched_on
),
week AS (
	SELECT date_trunc('week', date)::date AS monday,
		sum(watches) AS watches
	FROM day GROUP BY 1
),
streak AS (
	SELECT count(*) AS weeks
	FROM (SELECT monday - 7 * row_number() OVER (ORDER BY monday)::int
		AS origin FROM week) w
	GROUP BY origin
),
-- Against TMDB's average, where enough people voted for it to mean something.
compared AS (
	SELECT id, title, year, poster_path, rating / 2::float8 AS rating,
		round(vote_average::numeric / 2, 2) AS tmdb_rating,
		rating / 2.0 - round(vote_average::numeric / 2, 2) AS difference
	FROM seen WHERE rating IS NOT NULL AND vote_count >= 10
),
milestone AS MATERIALIZED (
	SELECT *
	FROM (SELECT film_id, watched_on AS date, count(*) OVER () AS last,
			row_number() OVER (ORDER BY watched_on,
					logged_on NULLS FIRST, place, id)
				AS number
		FROM viewing WHERE watched_on IS NOT NULL) v
	WHERE number IN (1, last) OR number %
		CASE WHEN :year::int IS NULL THEN 100 ELSE 50 END = 0
),
-- Words a film carries, and studios: by their number, shown by their name.
label_panel AS (
	SELECT p.panel, c.body
	FROM (VALUES ('genres', 250), ('countries', 250), ('languages', 250),
		('studios', 20)) p (panel, most)
	CROSS JOIN LATERAL (
		WITH label AS MATERIALIZED (
			SELECT CASE WHEN p.panel <> 'studios' THEN l.label
				ELSE (SELECT name FROM studio
					WHERE id = l.label::bigint) END AS name,
				l.films, l.watches, l.rated, l.half_stars
			FROM (SELECT label, count(*) AS films,
					sum(watches) AS watches,
					count(rating) AS rated,
					sum(rating) AS half_stars
				FROM seen, unnest(CASE p.panel
					WHEN 'genres' THEN genres
					WHEN 'countries' THEN countries
					WHEN 'languages' THEN languages
					ELSE studio_ids::text[] END) label
				GROUP BY label) l
		)
		SELECT json_build_object(
			'total', (SELECT count(*) FROM label),
			'most_watched', (SELECT COALESCE(json_agg(m), '[]')
				FROM (SELECT name, films, watches, rated,
						round(half_stars / 2.0 / NULLIF(rated, 0), 2)
						AS average_rating
					FROM label
					ORDER BY films DESC, watches DESC, name
					LIMIT p.most) m),
			'highest_rated', (SELECT COALESCE(json_agg(h), '[]')
				FROM (SELECT name, films, watches, rated,
						round(half_stars / 2.0 / rated, 2)
						AS average_rating
					FROM label WHERE rated >= 3
					ORDER BY half_stars::float8 / rated DESC,
						rated DESC, name
					LIMIT 20) h)) AS body) c
),
-- People behind a film.
person_panel AS (
	SELECT p.panel, c.body
	FROM (VALUES ('directors'), ('actors'), ('writers')) p (panel)
	CROSS JOIN LATERAL (
		WITH credited AS MATERIALIZED (
			SELECT id, count(*) AS films, sum(watches) AS watches,
				count(rating) AS rated, sum(rating) AS half_stars
			FROM (SELECT watches, rating, unnest(CASE p.panel
					WHEN 'directors' THEN director_ids
					WHEN 'actors' THEN cast_ids
					ELSE writer_ids END) AS id
				FROM seen) s
			GROUP BY id
		)
		SELECT json_build_object(
			'total', (SELECT count(*) FROM credited),
			'most_watched', (SELECT COALESCE(json_agg(m), '[]')
				FROM (SELECT id, name, profile_path, films, watches, rated,
						round(half_stars / 2.0 / NULLIF(rated, 0), 2)
						AS average_rating
					FROM (SELECT * FROM credited
						ORDER BY films DESC, watches DESC, id
						LIMIT 20) c
					JOIN person USING (id)
					ORDER BY films DESC, watches DESC, id) m),
			'highest_rated', (SELECT COALESCE(json_agg(h), '[]')
				FROM (SELECT id, name, profile_path, films, watches, rated,
						round(half_stars / 2.0 / rated, 2)
						AS average_rating
					FROM (SELECT * FROM credited WHERE rated >= 3
						ORDER BY half_stars::float8 / rated DESC,
							rated DESC, id
						LIMIT 20) c
					JOIN person USING (id)
					ORDER BY half_stars::float8 / rated DESC,
						rated DESC, id) h)) AS body) c
),
panel (name, body) AS (
	SELECT 'version', (SELECT to_json(version) FROM member_library
		WHERE id = current_member())
	UNION ALL
	SELECT 'overview', (SELECT json_build_object(
			'films', f.films,
			'watches', v.watches,
			'dated_watches', v.dated,
			'first_watch', v.first,
			'last_watch', v.last,
			'rewatched_films', f.rewatched,
			'rewatches', v.rewatches,
			'reviews', v.reviews,
			'rated', f.rated,
			'average_rating', round(f.average::numeric, 2),
			'liked', l.liked,
			'watchlist', l.watchlist,
			'lists', (SELECT count(*) FROM list
				WHERE member_id = current_member()
				AND (:year::int IS NULL
				OR extract(year FROM created_on) = :year::int)),
			'hours', round(f.minutes / 60.0, 1)::float8,
			'runtime_unknown', f.runtime_unknown,
			'without_tmdb', f.without_tmdb,
			'directors', (SELECT count(DISTINCT d)
				FROM seen, unnest(director_ids) d),
			'countries', (SELECT count(DISTINCT c)
				FROM seen, unnest(countries) c),
			'languages', (SELECT count(DISTINCT l)
				FROM seen, unnest(languages) l),
			'days', d.days,
			'days_with_2_films', d.double,
			'longest_streak_weeks',
				(SELECT COALESCE(max(weeks), 0) FROM streak))
		FROM (SELECT count(*) AS films,
				count(*) FILTER (WHERE watches > 1) AS rewatched,
				count(rating) AS rated,
				avg(rating) / 2 AS average,
				COALESCE(sum(runtime * watches), 0) AS minutes,
				COALESCE(sum(watches) FILTER
					(WHERE runtime IS NULL), 0) AS runtime_unknown,
				count(*) FILTER (WHERE tmdb_id IS NULL) AS without_tmdb
			FROM seen) f,
			(SELECT count(*) AS watches, count(watched_on) AS dated,
				min(watched_on) AS first, max(watched_on) AS last,
				count(*) FILTER (WHERE again) AS rewatches,
				count(*) FILTER (WHERE reviewed) AS reviews
			FROM viewing) v,
			(SELECT count(*) FILTER (WHERE :year::int IS NULL AND liked_on IS NOT NULL
					OR extract(year FROM liked_on) = :year::int) AS liked,
				count(*) FILTER (WHERE :year::int IS NULL AND watchlisted_on IS NOT NULL
					OR extract(year FROM watchlisted_on) = :year::int) AS watchlist
			FROM library) l,
			(SELECT count(*) AS days,
				count(*) FILTER (WHERE films > 1) AS double
			FROM day) d)
	UNION ALL
	SELECT 'years', (SELECT COALESCE(json_agg(year ORDER BY year), '[]')
		FROM (SELECT DISTINCT extract(year FROM watched_on) AS year
			FROM watch WHERE member_id = current_member()
			AND watched_on IS NOT NULL) y)
	UNION ALL
	SELECT 'by_month', (SELECT COALESCE(json_agg(m ORDER BY month), '[]')
		FROM (SELECT to_char(date, 'YYYY-MM') AS month,
				sum(watches) AS watches
			FROM day GROUP BY 1 ORDER BY 1 DESC LIMIT 2000) m)
	UNION ALL
	SELECT 'by_week', (SELECT COALESCE(json_agg(json_build_object(
			'week', monday, 'watches', watches) ORDER BY monday), '[]')
		FROM (SELECT * FROM week ORDER BY monday DESC LIMIT 6000) w)
	UNION ALL
	SELECT 'by_weekday', (SELECT json_agg(d)
		FROM (SELECT n AS weekday, COALESCE(sum(watches), 0) AS watches
			FROM generate_series(1, 7) n
			LEFT JOIN day ON extract(isodow FROM date) = n
			GROUP BY n ORDER BY n) d)
	UNION ALL
	SELECT 'calendar', (SELECT COALESCE(json_agg(json_build_object(
			'date', date, 'watches', watches) ORDER BY date), '[]')
		FROM (SELECT * FROM day ORDER BY date DESC LIMIT 40000) d)
	UNION ALL
	SELECT 'by_release_year', (SELECT COALESCE(json_agg(y), '[]')
		FROM (SELECT year, count(*) AS films, sum(watches) AS watches,
				count(rating) AS rated,
				round(avg(rating) / 2, 2) AS average_rating
			FROM seen WHERE year IS NOT NULL
			GROUP BY year ORDER BY year) y)
	UNION ALL
	SELECT 'by_decade', (SELECT COALESCE(json_agg(d), '[]')
		FROM (SELECT year / 10 * 10 AS decade, count(*) AS films,
				sum(watches) AS watches, count(rating) AS rated,
				round(avg(rating) / 2, 2) AS average_rating
			FROM seen WHERE year IS NOT NULL
			GROUP BY 1 ORDER BY 1) d)
	UNION ALL
	SELECT 'ratings', (SELECT json_agg(r)
		FROM (SELECT n / 2::float8 AS rating, count(f.id) AS films
			FROM generate_series(1, 10) n
			LEFT JOIN seen f ON f.rating = n
			GROUP BY n ORDER BY n) r)
	UNION ALL
	SELECT 'rewatches', (SELECT json_build_object(
			'films', (SELECT count(*) FROM seen WHERE watches > 1),
			'first_time', count(*) FILTER (WHERE NOT again),
			'again', count(*) FILTER (WHERE again),
			'most_rewatched', (SELECT COALESCE(json_agg(m), '[]')
				FROM (SELECT id, title, year, poster_path, watches,
						rating / 2::float8 AS rating
					FROM seen WHERE watches > 1
					ORDER BY watches DESC, title, id LIMIT 20) m))
		FROM viewing)
	UNION ALL
	SELECT 'higher', (SELECT COALESCE(json_agg(h), '[]')
		FROM (SELECT * FROM compared WHERE difference > 0
			ORDER BY difference DESC, title, id LIMIT 10) h)
	UNION ALL
	SELECT 'lower', (SELECT COALESCE(json_agg(l), '[]')
		FROM (SELECT * FROM compared WHERE difference < 0
			ORDER BY difference, title, id LIMIT 10) l)
	UNION ALL
	SELECT 'milestones', (SELECT COALESCE(json_agg(json_build_object(
			'number', m.number, 'date', m.date, 'id', l.id,
			'title', l.title, 'year', l.year,
			'poster_path', l.poster_path) ORDER BY m.number), '[]')
		FROM (SELECT * FROM milestone ORDER BY number DESC LIMIT 500) m
		JOIN library l ON l.id = m.film_id)
	UNION ALL
	SELECT 'runtime', (SELECT json_build_object(
			'known', count(runtime),
			'unknown', count(*) - count(runtime),
			'average', round(avg(runtime), 1),
			'shortest', (SELECT COALESCE(json_agg(s), '[]')
				FROM (SELECT id, title, year, poster_path, runtime
					FROM seen WHERE runtime IS NOT NULL
					ORDER BY runtime, title, id LIMIT 10) s),
			'longest', (SELECT COALESCE(json_agg(l), '[]')
				FROM (SELECT id, title, year, poster_path, runtime
					FROM seen WHERE runtime IS NOT NULL
					ORDER BY runtime DESC, title, id LIMIT 10) l))
		FROM seen)
	UNION ALL SELECT panel, body FROM label_panel
	UNION ALL SELECT panel, body FROM person_panel
)
SELECT json_object_agg(name, body) AS body
FROM panel
WHERE name = 'version' OR :panel::text IS NULL OR name = :panel::text;
