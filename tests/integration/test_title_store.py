"""The largest batch the daemon may store, in the time it has for it."""

import psycopg

from statements import statement

JOBS, CREDITS = 500, 100
COLUMNS = ["film_ids", "ids", "names", "genders", "profile_paths"]


def test_people_of_the_largest_batch_are_stored_in_time(database):
    database.query(
        "INSERT INTO film (title) SELECT 'film ' || n"
        " FROM generate_series(1, %s) n", JOBS)
    database.query("INSERT INTO enrich_job (film_id, tag, token)"
                   " SELECT id, id, 7 FROM film")
    films = [row[0] for row in
             database.query("SELECT id FROM film ORDER BY id")]
    # Each is in two films; a tenth is here already, some under another name.
    rows = [(film, person(film, n), f"Person {person(film, n)}", 0, None)
            for film in films for n in range(CREDITS)]
    before = {n: "Old name" if n % 20 == 0 else f"Person {n}"
              for n in {row[1] for row in rows} if n % 10 == 0}
    database.query(
        "INSERT INTO person (id, name) SELECT * FROM unnest(%s::bigint[],"
        " %s::text[])", list(before), list(before.values()))
    # One job is not ours any more: nothing of it may be stored.
    stale = films[-1]
    database.query("UPDATE enrich_job SET token = 8 WHERE film_id = %s", stale)
    store(database, {"films": films, "tokens": [7] * JOBS} | dict(
        zip(COLUMNS, map(list, zip(*rows)))))
    assert dict(database.query("SELECT id, name FROM person")) == before | {
        row[1]: row[2] for row in rows if row[0] != stale}


def person(film, n):
    return film // 2 * CREDITS + n + 1


def store(database, values):
    people = statement("person/store")
    with database.connect("rewatch_daemon") as db:
        db.execute("SET plan_cache_mode = force_generic_plan")
        db.execute("SET enable_seqscan = off")
        db.execute("SET statement_timeout = '8s'")
        db.execute(f"PREPARE store AS {people.text}")
        marks = ", ".join(f"%s::{t}" for t in people.types.values())
        # Work that grows with batch times credits shows as a nested loop.
        plan = "\n".join(row[0] for row in db.execute(
            "EXPLAIN EXECUTE store" + people.written({})))
        assert "hashed SubPlan" in plan, plan
        # EXECUTE takes no parameters of the protocol: psycopg quotes them.
        psycopg.ClientCursor(db).execute(f"EXECUTE store ({marks})",
                                        people.arguments(values))
