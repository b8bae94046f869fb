-- The files of the upload, in its order.
-- $1 int[] ordinal, $2 text[] path, $3 text[] kind, $4 int[] rows read; for a
-- list: $5 text[] slug, $6 text[] name, $7 text[] date, $8 text[] tags (array
-- literals), $9 text[] link, $10 text[] description.
INSERT INTO import_part (file, path, kind, rows, slug, name, created_on, tags,
	url, description)
SELECT file, path, kind, rows, slug, name, created_on::date, tags::text[],
	url, description
FROM unnest($1::int[], $2::text[], $3::text[], $4::int[], $5::text[],
	$6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
	AS t (file, path, kind, rows, slug, name, created_on, tags, url,
		description);
