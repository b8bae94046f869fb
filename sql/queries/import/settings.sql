-- First of an import: limits of its transaction. Statements of a few thousand
-- rows in working tables are sorted and hashed in memory, and never compiled.
-- $1 text: longest wait for a lock, such as '20s'.
SELECT set_config('lock_timeout', $1::text, true),
	set_config('work_mem', '32MB', true),
	set_config('jit', 'off', true);
