-- Titles as just fetched, of the jobs that are still ours, in the order of
-- their keys. Other films that point at them have changed too.
-- $1 film ids bigint[] and $2 tokens bigint[] of the jobs; then an array a
-- column, where text[] columns are array literals
INSERT INTO title AS t (kind, tmdb_id, name, original_name, released_on,
	runtime, overview, poster_path, backdrop_path, original_language,
	imdb_id, vote_count, vote_average, popularity, collection_id,
	collection_name, genres, countries, languages, studios, keywords,
	director_ids, writer_ids, cast_ids, cast_characters, crew_ids,
	crew_departments, crew_jobs, raw, etag, fetched_at)
SELECT DISTINCT ON (r.kind, r.tmdb_id)
	r.kind, r.tmdb_id, name, original_name, released_on::date,
	runtime::integer, overview, poster_path, backdrop_path,
	original_language, imdb_id, vote_count::integer, vote_average,
	popularity, collection_id, collection_name, genres::text[],
	countries::text[], languages::text[], studios::text[],
	keywords::text[], director_ids::bigint[], writer_ids::bigint[],
	cast_ids::bigint[], cast_characters::text[], crew_ids::bigint[],
	crew_departments::text[], crew_jobs::text[], raw, etag, now()
FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::text[],
		$6::text[], $7::text[], $8::bigint[], $9::text[], $10::text[],
		$11::text[], $12::text[], $13::text[], $14::bigint[],
		$15::double precision[], $16::double precision[],
		$17::bigint[], $18::text[], $19::text[], $20::text[],
		$21::text[], $22::text[], $23::text[], $24::text[],
		$25::text[], $26::text[], $27::text[], $28::text[],
		$29::text[], $30::text[], $31::bytea[], $32::text[])
	AS r (film_id, token, kind, tmdb_id, name, original_name, released_on,
		runtime, overview, poster_path, backdrop_path,
		original_language, imdb_id, vote_count, vote_average,
		popularity, collection_id, collection_name, genres, countries,
		languages, studios, keywords, director_ids, writer_ids,
		cast_ids, cast_characters, crew_ids, crew_departments,
		crew_jobs, raw, etag)
JOIN enrich_job j ON j.film_id = r.film_id AND j.token = r.token
ORDER BY r.kind, r.tmdb_id
ON CONFLICT (kind, tmdb_id) DO UPDATE
SET name = excluded.name, original_name = excluded.original_name,
	released_on = excluded.released_on, runtime = excluded.runtime,
	overview = excluded.overview, poster_path = excluded.poster_path,
	backdrop_path = excluded.backdrop_path,
	original_language = excluded.original_language,
	imdb_id = excluded.imdb_id, vote_count = excluded.vote_count,
	vote_average = excluded.vote_average, popularity = excluded.popularity,
	collection_id = excluded.collection_id,
	collection_name = excluded.collection_name, genres = excluded.genres,
	countries = excluded.countries, languages = excluded.languages,
	studios = excluded.studios, keywords = excluded.keywords,
	director_ids = excluded.director_ids,
	writer_ids = excluded.writer_ids, cast_ids = excluded.cast_ids,
	cast_characters = excluded.cast_characters,
	crew_ids = excluded.crew_ids,
	crew_departments = excluded.crew_departments,
	crew_jobs = excluded.crew_jobs,
	raw = excluded.raw, etag = excluded.etag,
	fetched_at = excluded.fetched_at;
