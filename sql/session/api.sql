-- Each connection of the API server: statements read one member's rows, so that
-- compiling them costs more than it saves, and sorts of a library fit into this.
SET jit = off;
SET work_mem = '16MB';
