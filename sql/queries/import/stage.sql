-- Rows of the upload, a chunk at a time; see struct import_row.
-- $1 int[] file, $2 int[] number of the record in its file, $3 int[] line,
-- $4 text[] outcome, $5 text[] reason, $6 text[] raw, $7 text[] ref,
-- $8 text[] title, $9 int[] year, $10 text[] entry, $11 boolean[] linked,
-- $12 text[] date, $13 text[] watched date, $14 int[] rating,
-- $15 boolean[] rewatch, $16 text[] tags (array literals), $17 text[] review,
-- $18 int[] position.
INSERT INTO import_line (file, ordinal, kind, slug, line, outcome, reason, raw,
	ref, title, year, entry, linked, date, watched_on, rating, rewatch, tags,
	review, position)
SELECT t.file, t.ordinal, p.kind, p.slug, t.line, t.outcome, t.reason, t.raw,
	t.ref, t.title, t.year, t.entry, t.linked, t.date::date,
	t.watched_on::date, NULLIF(t.rating, 0), t.rewatch, t.tags::text[],
	t.review, t.position
FROM unnest($1::int[], $2::int[], $3::int[], $4::text[], $5::text[], $6::text[],
	$7::text[], $8::text[], $9::int[], $10::text[], $11::boolean[],
	$12::text[], $13::text[], $14::int[], $15::boolean[], $16::text[],
	$17::text[], $18::int[])
	AS t (file, ordinal, line, outcome, reason, raw, ref, title, year, entry,
		linked, date, watched_on, rating, rewatch, tags, review, position)
JOIN import_part p USING (file);
