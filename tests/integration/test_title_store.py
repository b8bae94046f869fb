"""The largest batch the daemon may store, in the time it has for it."""

import psycopg

import harness

JOBS, CREDITS = 500, 100


def test_credits_of_the_largest_batch_are_stored_in_time(database):
    database.query(
        "INSERT INTO film (title) SELECT 'film ' || n"
        " FROM generate_series(1, %s) n", JOBS)
    database.query("INSERT INTO enrich_job (film_id, tag, token)"
                   " SELECT id, id, 7 FROM film")
    database.query("INSERT INTO title (kind, tmdb_id, name, original_name,"
                   " fetched_at) SELECT 'movie', id, title, title, now()"
                   " FROM film")
    films = [row[0] for row in
             database.query("SELECT id FROM film ORDER BY id")]
    rows = [(film, 'movie', film, n, film * 1000 + n, f"Person {n}", 0, None,
             "Acting", "Themselves") for film in films for n in range(CREDITS)]
    # One job is not ours any more: nothing of it may be stored.
    stale = films[-1]
    database.query("UPDATE enrich_job SET token = 8 WHERE film_id = %s", stale)
    sql = (harness.ROOT / "sql/queries/title/store_credits.sql").read_text()
    types = ["bigint[]"] * 3 + ["text[]", "bigint[]", "bigint[]", "bigint[]",
                                "text[]", "bigint[]", "text[]", "text[]",
                                "text[]"]
    with database.connect("rewatch_daemon") as db:
        db.execute("SET plan_cache_mode = force_generic_plan")
        db.execute("SET statement_timeout = '8s'")
        db.execute(f"PREPARE store ({', '.join(types)}) AS {sql}")
        values = [films, [7] * JOBS] + [list(c) for c in zip(*rows)]
        marks = ", ".join(f"%s::{t}" for t in types)
        # Work that grows with batch times credits shows as a nested loop.
        nulls = ", ".join(["NULL"] * len(types))
        plan = "\n".join(row[0] for row in
                         db.execute(f"EXPLAIN EXECUTE store ({nulls})"))
        assert "hashed SubPlan" in plan, plan
        # EXECUTE takes no parameters of the protocol: psycopg quotes them.
        psycopg.ClientCursor(db).execute(f"EXECUTE store ({marks})", values)
    assert database.value("SELECT count(*) FROM credit") == \
        (JOBS - 1) * CREDITS
    assert database.value(
        "SELECT count(*) FROM credit WHERE tmdb_id = %s", stale) == 0
