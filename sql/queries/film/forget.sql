-- Films that nobody has, and that TMDB has given no title for.
-- :most integer, films at once
-- Column: films bigint
SELECT forget_films(:most::integer) AS films;
