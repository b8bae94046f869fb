-- What the daemon stores of a film, as one statement of a job's own.
-- $1 film id, $2 name, $3 date, $4 runtime, $5 votes, $6 overview, $7 language,
-- $8 genres, $9 countries, $10 studio ids, $11 people: ids, $12 names, $13 genders,
-- $14 cast ids, $15 characters, $16 crew ids, $17 departments, $18 jobs,
-- $19 director ids, $20 writer ids, $21 the answer, compressed
WITH stored AS (
	INSERT INTO title AS t (kind, tmdb_id, name, original_name, released_on,
		runtime, overview, original_language, vote_count, vote_average,
		genres, countries, languages, studio_ids, director_ids, writer_ids,
		cast_ids, cast_characters, crew_ids, crew_roles, raw,
		fetched_at)
	VALUES ('movie', $1::bigint, $2::text, $2::text, $3::date, $4::integer,
		$6::text, $7::text, $5::integer, 6.5, $8::text[], $9::text[],
		ARRAY[$7::text], $10::bigint[], $19::bigint[], $20::bigint[],
		$14::bigint[], $15::text[], $16::bigint[],
		ARRAY(SELECT role.id
			FROM unnest($17::text[], $18::text[]) WITH ORDINALITY
				AS c (department, job, place)
			JOIN role USING (department, job)
			ORDER BY place),
		$21::bytea, now())
	ON CONFLICT (kind, tmdb_id) DO UPDATE
	SET name = excluded.name, original_name = excluded.original_name,
		released_on = excluded.released_on, runtime = excluded.runtime,
		overview = excluded.overview,
		original_language = excluded.original_language,
		vote_count = excluded.vote_count,
		vote_average = excluded.vote_average, genres = excluded.genres,
		countries = excluded.countries, languages = excluded.languages,
		studio_ids = excluded.studio_ids, director_ids = excluded.director_ids,
		writer_ids = excluded.writer_ids, cast_ids = excluded.cast_ids,
		cast_characters = excluded.cast_characters,
		crew_ids = excluded.crew_ids,
		crew_roles = excluded.crew_roles, raw = excluded.raw,
		fetched_at = excluded.fetched_at
), people AS (
	INSERT INTO person (id, name, gender)
	SELECT DISTINCT ON (c.id) c.id, c.name, c.gender
	FROM unnest($11::bigint[], $12::text[], $13::smallint[])
		AS c (id, name, gender)
	WHERE NOT EXISTS (SELECT FROM person p WHERE p.id = c.id)
	ORDER BY c.id
	ON CONFLICT DO NOTHING
)
UPDATE film
SET match_state = 'matched', kind = 'movie', tmdb_id = $1::bigint,
	match_method = 'search_year', confidence = 'high', match_score = 0.97,
	matched_at = now(), version = version + 1
WHERE id = $1::bigint;
