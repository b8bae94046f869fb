-- Tells the planner what is in the working tables: nobody else analyzes
-- temporary ones.
ANALYZE import_line (file, kind, outcome, ref, title, year, entry),
	import_library (film_id, ref, title, year);
