-- What is known of the files of the upload when they are read, a chunk at a time.
-- An array a column, an element a file:
--   :file int[], its number
--   :rows int[], that were read
--   :unkept int[], of them, rejected rows that are in no working table
--   :reason text[], why nothing of it is taken, or NULL
-- For a list:
--   :name text[]
--   :date text[]
--   :tags text[], with ", " between them
--   :url text[]
--   :description text[]
UPDATE import_part p
SET rows = t.rows, unkept = t.unkept, reason = t.reason, name = t.name,
	created_on = t.date::date, tags = string_to_array(t.tags, ', '),
	url = t.url, description = t.description
FROM unnest(:file::int[], :rows::int[], :unkept::int[], :reason::text[],
	:name::text[], :date::text[], :tags::text[], :url::text[],
	:description::text[])
	AS t (file, rows, unkept, reason, name, date, tags, url, description)
WHERE p.file = t.file;
