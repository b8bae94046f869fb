-- The one member of a server that runs for a single user; run with it set.
-- $1 bigint: id, $2 text: name.
INSERT INTO member (id, name) VALUES ($1::bigint, $2::text)
ON CONFLICT DO NOTHING;
