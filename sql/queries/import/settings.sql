-- First of an import: its working tables, and limits of its transaction. Statements of a few thousand
-- rows in working tables are sorted and hashed in memory, and never compiled.
-- $1 bigint: longest wait for a lock, in milliseconds.
SELECT import_tables(), set_config('lock_timeout', $1::bigint::text, true),
	set_config('work_mem', '32MB', true),
	set_config('jit', 'off', true);
