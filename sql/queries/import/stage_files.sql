-- The files of the upload, in its order.
-- An array a column, an element a file:
--   :file int[], its number
--   :path text[]
--   :kind text[]
--   :rows int[], that were read
--   :reason text[], why nothing of it is taken, or NULL
-- For a list:
--   :slug text[]
--   :name text[]
--   :date text[]
--   :tags text[], each an array literal
--   :url text[]
--   :description text[]
INSERT INTO import_part (file, path, kind, rows, reason, slug, name, created_on, tags,
	url, description)
SELECT file, path, kind, rows, reason, slug, name, created_on::date, tags::text[],
	url, description
FROM unnest(:file::int[], :path::text[], :kind::text[], :rows::int[],
	:reason::text[], :slug::text[], :name::text[], :date::text[], :tags::text[], :url::text[],
	:description::text[])
	AS t (file, path, kind, rows, reason, slug, name, created_on, tags, url,
		description);
