-- Empties the slot that is not in force.
-- $1 our load bigint; nothing is done when it is not the last any more
SELECT tmdb_index_clear($1::bigint);
