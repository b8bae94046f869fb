-- Titles as just fetched, of the jobs that are still ours, in the order of
-- their keys. A title's version rises when anything that is shown of it has
-- changed, or who or what it names: so this comes after role/store, person/store
-- and studio/store.
-- :films bigint[] and :tokens bigint[], of the jobs
-- Then an array a column, an element a title. Of a column that is an array in
-- the table each element is an array literal.
--   :kinds text[]
--   :ids bigint[]
--   :names text[]
--   :original_names text[]
--   :released_on text[]
--   :runtimes bigint[]
--   :overviews text[]
--   :poster_paths text[]
--   :backdrop_paths text[]
--   :original_languages text[]
--   :imdb_ids text[]
--   :vote_counts bigint[]
--   :vote_averages double precision[]
--   :popularities double precision[]
--   :collection_ids bigint[]
--   :collection_names text[]
--   :genres text[]
--   :countries text[]
--   :languages text[]
--   :studio_ids text[]
--   :keywords text[]
--   :director_ids text[]
--   :writer_ids text[]
--   :cast_ids text[]
--   :cast_characters text[]
--   :cast_cuts bigint[]
--   :crew_ids text[]
--   :crew_departments text[]
--   :crew_jobs text[]
--   :crew_cuts bigint[]
--   :raws bytea[]
--   :etags text[]
WITH fetched AS (
	SELECT DISTINCT ON (r.kind, r.tmdb_id) r.*
	FROM unnest(:films::bigint[], :tokens::bigint[], :kinds::text[],
			:ids::bigint[], :names::text[], :original_names::text[],
			:released_on::text[], :runtimes::bigint[],
			:overviews::text[], :poster_paths::text[],
			:backdrop_paths::text[], :original_languages::text[],
			:imdb_ids::text[], :vote_counts::bigint[],
			:vote_averages::double precision[],
			:popularities::double precision[],
			:collection_ids::bigint[], :collection_names::text[],
			:genres::text[], :countries::text[], :languages::text[],
			:studio_ids::text[], :keywords::text[],
			:director_ids::text[], :writer_ids::text[],
			:cast_ids::text[], :cast_characters::text[],
			:cast_cuts::bigint[],
			:crew_ids::text[], :crew_departments::text[],
			:crew_jobs::text[], :crew_cuts::bigint[],
			:raws::bytea[], :etags::text[])
		AS r (film_id, token, kind, tmdb_id, name, original_name,
			released_on, runtime, overview, poster_path,
			backdrop_path, original_language, imdb_id, vote_count,
			vote_average, popularity, collection_id,
			collection_name, genres, countries, languages,
			studio_ids, keywords, director_ids, writer_ids,
			cast_ids, cast_characters, cast_cut, crew_ids,
			crew_departments, crew_jobs, crew_cut, raw, etag)
	JOIN enrich_job j ON j.film_id = r.film_id AND j.token = r.token
	ORDER BY r.kind, r.tmdb_id
), stored AS (
	INSERT INTO title AS t (kind, tmdb_id, name, original_name, released_on,
		runtime, overview, poster_path, backdrop_path,
		original_language, imdb_id, vote_count, vote_average,
		popularity, collection_id, collection_name, genres, countries,
		languages, studio_ids, keywords, director_ids, writer_ids,
		cast_ids, cast_characters, cast_cut, crew_ids, crew_roles,
		crew_cut, raw, etag, fetched_at)
	SELECT kind, tmdb_id, name, original_name, released_on::date,
		runtime::integer, overview, poster_path, backdrop_path,
		original_language, imdb_id, vote_count::integer, vote_average,
		popularity, collection_id, collection_name, genres::text[],
		countries::text[], languages::text[], studio_ids::bigint[],
		keywords::text[], director_ids::bigint[], writer_ids::bigint[],
		cast_ids::bigint[], cast_characters::text[], cast_cut::integer,
		crew_ids::bigint[],
		ARRAY(SELECT role.id
			FROM unnest(crew_departments::text[], crew_jobs::text[])
				WITH ORDINALITY AS c (department, job, place)
			JOIN role USING (department, job)
			ORDER BY place),
		crew_cut::integer, raw, etag, now()
	FROM fetched
	ORDER BY kind, tmdb_id
	ON CONFLICT (kind, tmdb_id) DO UPDATE
	SET name = excluded.name, original_name = excluded.original_name,
		released_on = excluded.released_on, runtime = excluded.runtime,
		overview = excluded.overview,
		poster_path = excluded.poster_path,
		backdrop_path = excluded.backdrop_path,
		original_language = excluded.original_language,
		imdb_id = excluded.imdb_id, vote_count = excluded.vote_count,
		vote_average = excluded.vote_average,
		popularity = excluded.popularity,
		collection_id = excluded.collection_id,
		collection_name = excluded.collection_name,
		genres = excluded.genres, countries = excluded.countries,
		languages = excluded.languages,
		studio_ids = excluded.studio_ids, keywords = excluded.keywords,
		director_ids = excluded.director_ids,
		writer_ids = excluded.writer_ids, cast_ids = excluded.cast_ids,
		cast_characters = excluded.cast_characters,
		cast_cut = excluded.cast_cut,
		crew_ids = excluded.crew_ids, crew_roles = excluded.crew_roles,
		crew_cut = excluded.crew_cut, raw = excluded.raw,
		etag = excluded.etag,
		fetched_at = excluded.fetched_at,
		version = t.version + (t.fetched_at <= now() - tmdb_term()
			OR (t.name, t.original_name, t.released_on, t.runtime,
				t.overview, t.poster_path, t.backdrop_path,
				t.original_language, t.imdb_id, t.vote_count,
				t.vote_average, t.collection_id,
				t.collection_name, t.genres, t.countries,
				t.languages, t.studio_ids, t.keywords,
				t.director_ids, t.writer_ids, t.cast_ids,
				t.cast_characters, t.cast_cut, t.crew_ids,
				t.crew_roles, t.crew_cut)
			IS DISTINCT FROM (excluded.name,
				excluded.original_name, excluded.released_on,
				excluded.runtime, excluded.overview,
				excluded.poster_path, excluded.backdrop_path,
				excluded.original_language, excluded.imdb_id,
				excluded.vote_count, excluded.vote_average,
				excluded.collection_id,
				excluded.collection_name, excluded.genres,
				excluded.countries, excluded.languages,
				excluded.studio_ids, excluded.keywords,
				excluded.director_ids, excluded.writer_ids,
				excluded.cast_ids, excluded.cast_characters,
				excluded.cast_cut,
				excluded.crew_ids, excluded.crew_roles,
				excluded.crew_cut)
			OR excluded.cast_ids || excluded.crew_ids
				&& ARRAY(SELECT id FROM person
					WHERE shown_at = now())
			OR excluded.studio_ids
				&& ARRAY(SELECT id FROM studio
					WHERE shown_at = now()))::integer
	RETURNING t.kind, t.tmdb_id
)
SELECT notify_members(ARRAY(SELECT f.id FROM stored
	JOIN film f ON f.kind = stored.kind AND f.tmdb_id = stored.tmdb_id));
