-- The lists themselves: name, tags, description.
WITH written AS (
	INSERT INTO list AS l (member_id, slug, name, url, created_on, tags,
		description)
	SELECT DISTINCT ON (slug) current_member(), slug, COALESCE(name, ''),
		COALESCE(url, ''), created_on, COALESCE(tags, '{}'), description
	FROM import_part
	WHERE slug IS NOT NULL AND reason IS NULL
	ORDER BY slug, file
	ON CONFLICT (member_id, slug) DO UPDATE
	SET name = EXCLUDED.name, url = EXCLUDED.url,
		created_on = EXCLUDED.created_on, tags = EXCLUDED.tags,
		description = EXCLUDED.description
	WHERE (l.name, l.url, l.created_on, l.tags, l.description)
		IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.url, EXCLUDED.created_on,
			EXCLUDED.tags, EXCLUDED.description)
	RETURNING slug
)
UPDATE import_part p SET touched = true
FROM written w
WHERE p.slug = w.slug;
