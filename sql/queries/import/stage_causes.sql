-- Why rows of the upload were rejected, a chunk at a time; see struct
-- import_cause.
-- An array a column, an element a cause:
--   :file int[]
--   :reason text[], of its first row
--   :line int[], likewise
--   :rows int[]
INSERT INTO import_why (file, reason, line, rows)
SELECT * FROM unnest(:file::int[], :reason::text[], :line::int[], :rows::int[]);
