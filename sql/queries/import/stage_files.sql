-- The files of the upload, in its order, a chunk at a time: what is known of them
-- before their rows are.
-- An array a column, an element a file:
--   :file int[], its number
--   :path text[]
--   :kind text[]
--   :slug text[], of a list
INSERT INTO import_part (file, path, kind, slug)
SELECT * FROM unnest(:file::int[], :path::text[], :kind::text[], :slug::text[]);
