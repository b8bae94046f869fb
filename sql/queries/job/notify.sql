-- Tells the API servers that films have changed; sent at most once a second,
-- because a NOTIFY serialises the commits of the whole cluster.
SELECT pg_notify('enriched', '');
