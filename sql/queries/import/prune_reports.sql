-- The reports of the imports before the last hundred go. Follows import/save_report.
WITH old AS MATERIALIZED (
	SELECT id FROM import
	WHERE member_id = current_member()
	ORDER BY id DESC OFFSET 100
), rows AS (
	DELETE FROM import_row r USING old
	WHERE r.member_id = current_member() AND r.import_id = old.id
), causes AS (
	DELETE FROM import_cause c USING old
	WHERE c.member_id = current_member() AND c.import_id = old.id
)
DELETE FROM import i USING old
WHERE i.member_id = current_member() AND i.id = old.id;
