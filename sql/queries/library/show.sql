-- Whose library this is, and where the answers about its films come from.
-- Columns: body. `version` is the one of the statistics; the stand-in of TMDB
-- numbers its titles from 800,000,000, far beyond TMDB's own.
SELECT json_build_object(
	'sample', m.sample,
	'stand_in', own.stand_in,
	'version', m.version,
	'films', own.films) AS body
FROM member_library m
CROSS JOIN LATERAL (SELECT count(*) AS films,
		COALESCE(bool_or(f.tmdb_id >= 800000000), false) AS stand_in
	FROM library_entry e
	JOIN member_film f ON f.id = e.film_id
	WHERE e.member_id = m.id) own
WHERE m.id = current_member();
