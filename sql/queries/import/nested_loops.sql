-- Whether the planner may use nested loops.
-- :nested_loops text, 'off' before the statements that only touch the lines and
-- one member's rows: both sides are read once, whatever the planner believes
-- about a library it has no statistics of; 'on' where films of all are met
SELECT set_config('enable_nestloop', :nested_loops::text, true);
