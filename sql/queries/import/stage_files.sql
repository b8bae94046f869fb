-- The files of the upload, in its order, a chunk at a time.
-- An array a column, an element a file:
--   :file int[], its number
--   :path text[]
--   :kind text[]
--   :rows int[], that were read
--   :unkept int[], of them, rejected rows that are in no working table
--   :reason text[], why nothing of it is taken, or NULL
-- For a list:
--   :slug text[]
--   :name text[]
--   :date text[]
--   :tags text[], with ", " between them
--   :url text[]
--   :description text[]
INSERT INTO import_part (file, path, kind, rows, unkept, reason, slug, name,
	created_on, tags, url, description)
SELECT file, path, kind, rows, unkept, reason, slug, name, created_on::date,
	string_to_array(tags, ', '), url, description
FROM unnest(:file::int[], :path::text[], :kind::text[], :rows::int[],
	:unkept::int[], :reason::text[], :slug::text[], :name::text[], :date::text[], :tags::text[], :url::text[],
	:description::text[])
	AS t (file, path, kind, rows, unkept, reason, slug, name, created_on, tags,
		url, description);
