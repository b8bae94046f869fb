-- The one member of a server that runs for a single user; run with it set.
-- :id bigint
-- :name text
INSERT INTO member (id, name) VALUES (:id::bigint, :name::text)
ON CONFLICT DO NOTHING;
