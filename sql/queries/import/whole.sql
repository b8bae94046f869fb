-- The kinds of files whose absent rows go: all that are in the upload, but those
-- with a row of which nobody can tell which one it was.
INSERT INTO import_whole (kind)
SELECT kind FROM import_part
EXCEPT
SELECT kind FROM import_line WHERE outcome = 'rejected' AND NOT identified;
