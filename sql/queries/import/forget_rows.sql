-- Rows of files that turned out unreadable after some of them were on their way.
-- :file int[], the numbers of these files
DELETE FROM import_line WHERE file = ANY (:file::int[]);
