-- Which film a viewing is of, by the member, who is locked (import/lock). The film
-- must be in the library, and the viewing one that names its film by title and
-- year alone: else refused with RW002 or RW004.
-- :watch bigint, its id
-- :film bigint; NULL: as the import finds it, from the next import on
WITH asked AS MATERIALIZED (
	SELECT * FROM watch
	WHERE member_id = current_member() AND id = :watch::bigint
), refused AS MATERIALIZED (
	SELECT CASE WHEN NOT EXISTS (SELECT FROM asked)
			THEN refuse('RW002', 'no such viewing')
		WHEN EXISTS (SELECT FROM asked
				WHERE source IN ('watched', 'orphaned')
				OR entry LIKE 'slug:%')
			THEN refuse('RW004',
				'The export itself says which film this viewing is of.')
		WHEN :film::bigint IS NOT NULL AND NOT EXISTS (
			SELECT FROM library_entry WHERE member_id = current_member()
				AND film_id = :film::bigint)
			THEN refuse('RW004',
				'There is no such film in your library.')
		END AS refusal
), dropped AS (
	DELETE FROM watch_choice c USING asked a, refused r
	WHERE c.member_id = current_member() AND c.entry = a.entry
		AND :film::bigint IS NULL
), kept AS (
	INSERT INTO watch_choice (member_id, entry, film_id)
	SELECT current_member(), a.entry, :film::bigint FROM asked a, refused r
	WHERE :film::bigint IS NOT NULL
	ON CONFLICT (member_id, entry) DO UPDATE SET film_id = EXCLUDED.film_id
), moved AS (
	UPDATE watch w SET film_id = :film::bigint
	FROM asked a, refused r
	WHERE w.member_id = current_member() AND w.id = a.id
		AND :film::bigint IS NOT NULL
)
UPDATE member SET library_version = library_version + 1
FROM refused
WHERE id = current_member()
RETURNING pg_notify('library', id::text);
