-- $1 text: 'off' before the statements that only touch the lines and one
-- member's rows: both sides are read once, whatever the planner believes about
-- a library it has no statistics of. 'on' where films of everybody are met.
SELECT set_config('enable_nestloop', $1::text, true);
