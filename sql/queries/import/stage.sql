-- Rows of the upload, a chunk at a time; see struct import_row. Reason and raw
-- text are there of those that are to be shown, and the text of those that later
-- statements may report.
-- An array a column, an element a row:
--   :file int[]
--   :ordinal int[], number of the record in its file
--   :line int[]
--   :outcome text[]
--   :identified boolean[]
--   :reason text[]
--   :raw text[]
--   :ref text[]
--   :title text[]
--   :year int[]
--   :entry text[]
--   :linked boolean[]
--   :date text[]
--   :watched_on text[]
--   :rating int[]
--   :rewatch boolean[]
--   :tags text[], with ", " between them
--   :review text[]
--   :position int[]
INSERT INTO import_line (file, ordinal, kind, slug, line, outcome,
	identified, reason, raw, ref, title, year, entry, linked, date, watched_on, rating, rewatch, tags,
	review, position)
SELECT t.file, t.ordinal, p.kind, p.slug, t.line, t.outcome, t.identified,
	t.reason, t.raw,
	t.ref, t.title, t.year, t.entry, t.linked, t.date::date,
	t.watched_on::date, NULLIF(t.rating, 0), t.rewatch,
	string_to_array(t.tags, ', '),
	t.review, t.position
FROM unnest(:file::int[], :ordinal::int[], :line::int[], :outcome::text[],
	:identified::boolean[], :reason::text[], :raw::text[], :ref::text[], :title::text[], :year::int[],
	:entry::text[], :linked::boolean[], :date::text[], :watched_on::text[],
	:rating::int[], :rewatch::boolean[], :tags::text[], :review::text[],
	:position::int[])
	AS t (file, ordinal, line, outcome, identified, reason, raw, ref, title, year, entry,
		linked, date, watched_on, rating, rewatch, tags, review, position)
JOIN import_part p USING (file);
