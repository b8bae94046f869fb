-- People, in the order of their ids, and the credits of titles just stored.
-- $1 film ids bigint[] and $2 tokens bigint[] of the jobs; then one array a
-- column, one element a credit: $3 film id of its job bigint[], $4 kind
-- text[], $5 title id bigint[], $6 ordinal bigint[], $7 person id bigint[],
-- $8 name text[], $9 gender bigint[], $10 profile path text[],
-- $11 department text[], $12 job text[]
WITH row AS MATERIALIZED (
	SELECT c.*
	FROM unnest($3::bigint[], $4::text[], $5::bigint[], $6::bigint[],
			$7::bigint[], $8::text[], $9::bigint[], $10::text[],
			$11::text[], $12::text[])
		AS c (film_id, kind, tmdb_id, ordinal, person_id, name, gender,
			profile_path, department, job)
	-- IS TRUE keeps this a hashed subplan: a join would be nested loops of
	-- batch times credits, since arrays are planned as ten rows.
	WHERE (c.film_id IN (SELECT j.film_id
		FROM unnest($1::bigint[], $2::bigint[]) AS r (film_id, token)
		JOIN enrich_job j ON j.film_id = r.film_id
			AND j.token = r.token)) IS TRUE
), people AS (
	INSERT INTO person AS p (id, name, gender, profile_path)
	SELECT DISTINCT ON (person_id) person_id, name, gender::smallint,
		profile_path
	FROM row
	ORDER BY person_id
	ON CONFLICT (id) DO UPDATE
	SET name = excluded.name, gender = excluded.gender,
		profile_path = excluded.profile_path
	WHERE (p.name, p.gender, p.profile_path) IS DISTINCT FROM
		(excluded.name, excluded.gender, excluded.profile_path)
)
INSERT INTO credit (kind, tmdb_id, ordinal, person_id, department, job)
SELECT DISTINCT ON (kind, tmdb_id, ordinal)
	kind, tmdb_id, ordinal::integer, person_id, department, job
FROM row
ORDER BY kind, tmdb_id, ordinal;
