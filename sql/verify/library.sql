-- Verify rewatch:library on pg
BEGIN;
SELECT e.rating, w.entry FROM library_entry e
JOIN watch w ON w.member_id = e.member_id AND w.film_id = e.film_id WHERE false;
SELECT l.slug, i.position FROM list l
JOIN list_item i ON i.member_id = l.member_id AND i.list_id = l.id WHERE false;
SELECT c.film_id, w.place FROM watch_choice c JOIN watch w USING (member_id, entry)
WHERE false;
SELECT 1 / (page_bytes() > 0)::int;
SELECT 1 / (count(*) = 4)::int FROM pg_trigger WHERE tgfoid IN
	('watches_have_entries()'::regprocedure, 'watches_go()'::regprocedure,
	'entry_stays()'::regprocedure);
-- Behind the wall, each of them.
SELECT 1 / (count(*) = 5)::int FROM pg_class
WHERE relrowsecurity AND oid IN ('library_entry'::regclass, 'watch'::regclass, 'watch_choice'::regclass,
	'list'::regclass, 'list_item'::regclass);
ROLLBACK;
