-- Places that lists of the upload no longer have.
DELETE FROM list_item i
USING list l, import_part p
WHERE i.member_id = current_member() AND l.member_id = i.member_id
	AND l.id = i.list_id AND p.slug = l.slug AND p.removed > 0
	AND NOT EXISTS (SELECT FROM import_line n
		WHERE n.kind = 'list' AND n.slug = l.slug
			AND CASE WHEN n.outcome <> 'rejected' OR n.identified
				THEN n.position = i.position ELSE true END);
