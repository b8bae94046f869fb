-- First of an import: its working tables, and limits of its transaction.
-- Statements of a few thousand rows in working tables are sorted and hashed in
-- memory, and never compiled.
-- :lock_ms bigint, longest wait for a lock
SELECT import_tables(),
	set_config('lock_timeout', :lock_ms::bigint::text, true),
	set_config('work_mem', '32MB', true),
	set_config('jit', 'off', true);
