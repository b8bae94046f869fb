-- Roles that nobody had in a crew before.
-- :departments text[] and :jobs text[]: an array literal a title, an element a
-- credit
INSERT INTO role (department, job)
SELECT DISTINCT c.department, c.job
FROM unnest(:departments::text[], :jobs::text[]) AS t (departments, jobs)
CROSS JOIN unnest(t.departments::text[], t.jobs::text[])
	AS c (department, job)
WHERE NOT EXISTS (SELECT FROM role r
	WHERE r.department = c.department AND r.job = c.job)
ORDER BY c.department, c.job
ON CONFLICT DO NOTHING;
