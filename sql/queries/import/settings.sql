-- First of an import: its working tables, and limits of its transaction.
-- Statements of a few thousand rows in working tables are sorted and hashed in
-- memory, and never compiled. They are not joined by merging: where thousands of
-- rows have one title and year, that compares each with each.
-- :lock_ms bigint, longest wait for a lock
SELECT import_tables(),
	set_config('lock_timeout', :lock_ms::bigint::text, true),
	set_config('work_mem', '32MB', true),
	set_config('enable_mergejoin', 'off', true),
	set_config('jit', 'off', true);
