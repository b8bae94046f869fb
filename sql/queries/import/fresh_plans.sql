-- Before rows of a library come or go by the thousand. A connection keeps the plans
-- of statements, and of the checks of foreign keys, which run once a row: one made
-- when the library was empty reads all of it each time.
DISCARD PLANS;
