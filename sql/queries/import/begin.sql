-- The import itself, and from here on the undo of what its transaction changes
-- (note_undo).
-- :file_name text
-- :sha256 bytea, of the upload
-- :size bigint, its bytes
-- :state text, committed or dry_run
INSERT INTO import (member_id, file_name, sha256, size, state, started_at,
	sample_before, account_before)
SELECT id, :file_name::text, encode(:sha256::bytea, 'hex'), :size::bigint,
	:state::text, now(), sample, account
FROM member
WHERE id = current_member()
RETURNING set_config('rewatch.import_id', import.id::text, true);
