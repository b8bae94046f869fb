-- Lines take the link and the name of import_ref, those that were rejected and
-- whose link was read with them.
UPDATE import_line l
SET ref = r.to_ref, title = r.title, year = r.year
FROM import_ref r
WHERE l.ref = r.ref
	AND (l.ref, l.title, l.year) IS DISTINCT FROM (r.to_ref, r.title, r.year);
