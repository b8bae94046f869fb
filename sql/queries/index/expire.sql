-- Empties the index where no daemon has loaded it for TMDB's six months.
-- Column: erased boolean
SELECT tmdb_index_erase() AS erased;
