-- The change that the program needs, when the database lacks it; else no row.
-- :change text, the newest of sql/sqitch.plan
-- => lacks text
SELECT :change::text AS lacks
WHERE NOT EXISTS (SELECT FROM sqitch.changes
	WHERE project = 'rewatch' AND change = :change::text);
