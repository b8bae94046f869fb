-- Empties the slot that is not in force. Nothing is done when our load is not
-- the last any more.
-- :load bigint, ours
SELECT tmdb_index_clear(:load::bigint);
