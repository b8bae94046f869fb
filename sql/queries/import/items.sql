-- Places of lists that are new or hold something else now.
INSERT INTO list_item (member_id, list_id, position, film_id, note)
SELECT l.member_id, l.id, n.position, n.film_id, n.review
FROM import_line n
JOIN list l ON l.member_id = current_member() AND l.slug = n.slug
WHERE n.kind = 'list' AND n.verdict IN ('new', 'changed')
ORDER BY l.id, n.position
ON CONFLICT (member_id, list_id, position) DO UPDATE
SET film_id = EXCLUDED.film_id, note = EXCLUDED.note;
