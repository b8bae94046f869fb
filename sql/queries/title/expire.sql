-- Titles that TMDB's term is over for, as they could not be fetched again.
-- Those that films are keep their ids, by which they are asked for again, and
-- the films' members are notified; the others go. What is locked is being
-- stored: it is left for later.
-- :most integer, titles at once
-- Column: titles bigint
WITH old AS MATERIALIZED (
	SELECT t.kind, t.tmdb_id
	FROM title t
	WHERE t.fetched_at < now() - tmdb_term()
		AND (t.name <> '' OR NOT EXISTS (SELECT FROM film f
			WHERE f.kind = t.kind AND f.tmdb_id = t.tmdb_id))
	ORDER BY t.fetched_at
	LIMIT :most::integer
), films AS MATERIALIZED (
	SELECT f.id, f.kind, f.tmdb_id
	FROM film f
	JOIN old ON old.kind = f.kind AND old.tmdb_id = f.tmdb_id
	FOR NO KEY UPDATE OF f SKIP LOCKED
), locked AS MATERIALIZED (
	SELECT t.kind, t.tmdb_id, EXISTS (SELECT FROM films f
			WHERE f.kind = t.kind AND f.tmdb_id = t.tmdb_id) AS used
	FROM title t
	JOIN old ON old.kind = t.kind AND old.tmdb_id = t.tmdb_id
	WHERE t.fetched_at < now() - tmdb_term()
		AND NOT EXISTS (SELECT FROM film f
			WHERE f.kind = t.kind AND f.tmdb_id = t.tmdb_id
				AND f.id NOT IN (SELECT id FROM films))
	FOR UPDATE OF t SKIP LOCKED
), emptied AS (
	UPDATE title t
	SET name = '', original_name = '', released_on = NULL, runtime = NULL,
		overview = NULL, poster_path = NULL, backdrop_path = NULL,
		original_language = NULL, imdb_id = NULL, vote_count = 0,
		vote_average = NULL, popularity = NULL, collection_id = NULL,
		collection_name = NULL, genres = '{}', countries = '{}',
		languages = '{}', studio_ids = '{}', keywords = '{}',
		director_ids = '{}', writer_ids = '{}', cast_ids = '{}',
		cast_characters = '{}', cast_cut = 0, crew_ids = '{}',
		crew_roles = '{}', crew_cut = 0, raw = NULL, etag = NULL, version = t.version + 1
	FROM locked l
	WHERE l.used AND t.kind = l.kind AND t.tmdb_id = l.tmdb_id
), forgotten AS (
	DELETE FROM title t
	USING locked l
	WHERE NOT l.used AND t.kind = l.kind AND t.tmdb_id = l.tmdb_id
)
SELECT (SELECT count(*) FROM locked) AS titles,
	notify_members(ARRAY(SELECT films.id FROM films JOIN locked l
		ON l.kind = films.kind AND l.tmdb_id = films.tmdb_id));
