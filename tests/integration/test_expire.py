"""What TMDB's six months are over for is erased, and had again."""

import datetime
import threading

from enrich_queue import QUICK, add_facts, add_film, check_final, facts
from harness import merged, wait_until
from statements import statement

# Erases, and looks for what is old, at the start and every second.
EAGER = merged(QUICK, {"enrich": {"refresh_every": "1s", "attempts": 1}})
WHOLE = "SELECT to_jsonb(t) FROM title t WHERE tmdb_id = %s"


def stored(database, start_daemon, some):
    films = add_facts(database, some)
    daemon = start_daemon(settings=merged(QUICK,
                                          {"enrich": {"refresh_every": "1d"}}))
    wait_until(lambda: database.value("SELECT bool_and(match_state = "
                                      "'matched') FROM film"), "stored")
    assert daemon.stop() == 0
    return {fact.id: film for film, fact in films.items()}


def age(database, fact, days):
    """The title, and those of its people whom nothing younger names."""
    database.query("UPDATE title SET fetched_at = now() - make_interval("
                   "days => %s) WHERE tmdb_id = %s", days, fact.id)
    database.query("""
        UPDATE person p SET seen_at = (SELECT max(fetched_at) FROM title
            WHERE p.id = ANY (cast_ids || crew_ids))""")


def people(database, fact):
    return set(database.value("SELECT cast_ids || crew_ids FROM title "
                              "WHERE tmdb_id = %s", fact.id))


def known_people(database):
    return {row[0] for row in database.query("SELECT id FROM person")}


def erased(daemon):
    return "event=\"data of tmdb erased" in daemon.log()


def test_a_title_that_cannot_be_had_again(database, start_daemon, tmdb):
    """Everything of it goes but its ids; what is a day younger stays."""
    old, young = facts(2)
    stored(database, start_daemon, [old, young])
    before = database.value(WHOLE, old.id)
    theirs, others = people(database, old), people(database, young)
    matches = "SELECT to_jsonb(f) FROM film f ORDER BY id"
    matched = database.query(matches)
    shown = ("SELECT t.version FROM film f JOIN title t USING (kind, tmdb_id) "
             "ORDER BY f.id")
    versions = database.query(shown)
    age(database, old, 182)
    age(database, young, 178)
    kept = database.value(WHOLE, young.id)
    tmdb.misbehave(faults=[{"kind": "401"}])

    daemon = start_daemon(settings=EAGER)
    wait_until(lambda: erased(daemon), "erased")
    assert daemon.stop() == 0
    after = database.value(WHOLE, old.id)
    assert {k: v for k, v in after.items()
            if v not in (None, "", 0, [])} == {
        k: before[k] for k in ("kind", "tmdb_id")} | {
        name: after[name] for name in ("fetched_at", "version")}
    assert database.value(WHOLE, young.id) == kept
    assert theirs - others
    assert known_people(database) == others
    assert database.query(matches) == matched
    # Kept statistics are told that there is less to count now.
    now = database.query(shown)
    assert now[0] > versions[0] and now[1] == versions[1]

    tmdb.misbehave()
    start_daemon(settings=EAGER)
    wait_until(lambda: database.value("SELECT bool_and(fetched_at > now() - "
                                      "interval '1 minute') FROM title"),
               "had again")
    again = database.value(WHOLE, old.id)
    for changing in ("fetched_at", "version", "changed_at"):
        del again[changing], before[changing]
    assert again == before
    assert known_people(database) == theirs | others
    check_final(database)


def test_servers_of_its_members_are_notified(database):
    """As long as they hear of nothing they answer from memory."""
    database.query("INSERT INTO title (kind, tmdb_id, name, original_name, "
                   "fetched_at) SELECT 'movie', n, 'A', 'A', now() - interval "
                   "'181 days' FROM generate_series(1, 2) n")
    erase = statement("title/expire").marked(), {"most": 10}
    heard = []
    with database.connect("rewatch_daemon") as db:
        db.add_notify_handler(heard.append)
        db.execute("LISTEN enriched")
        database.query("WITH f AS (INSERT INTO film (title, match_state, "
                       "kind, tmdb_id) VALUES ('A', 'matched', 'movie', 1) "
                       "RETURNING id), m AS (INSERT INTO member (id, name) "
                       "VALUES (7, 'anna') RETURNING id) "
                       "INSERT INTO library_entry (member_id, film_id, "
                       "marked_on) SELECT m.id, f.id, '2024-01-01' FROM m, f")
        assert db.execute(*erase).fetchone()[0] == 2
        db.execute("SELECT 1")
        assert [n.payload for n in heard] == ["7"]
        assert db.execute(*erase).fetchone()[0] == 0
        db.execute("SELECT 1")
        assert len(heard) == 1


def test_a_title_that_is_renewed_keeps_people_and_studios(
        database, start_daemon, tmdb):
    fact = facts(1)[0]
    stored(database, start_daemon, [fact])
    theirs = people(database, fact)
    studios = database.query("SELECT id, name FROM studio ORDER BY id")
    assert studios
    age(database, fact, 179)
    database.query("UPDATE studio SET seen_at = now() - interval '179 days'")
    daemon = start_daemon(settings=EAGER)
    wait_until(lambda: database.value("SELECT fetched_at > now() - interval "
                                      "'1 minute' FROM title"), "renewed")
    assert tmdb.stats()["by_status"]["304"] == 1
    # By this they stay for as long as it does.
    for table in ("person", "studio"):
        assert database.value("SELECT min(seen_at) > now() - interval "
                              f"'1 minute' FROM {table}"), table
    assert database.query("SELECT id, name FROM studio "
                          "ORDER BY id") == studios
    assert known_people(database) == theirs
    assert not erased(daemon)


def test_candidates_of_an_old_matching(database, start_daemon):
    some = facts(2)
    films = stored(database, start_daemon, some)
    old, young = (films[f.id] for f in some)
    candidates = '[{"kind": "movie", "id": 1}]'
    for film, days in ((old, 181), (young, 179)):
        database.query("UPDATE film SET candidates = %s, matched_at = now() - "
                       "make_interval(days => %s) WHERE id = %s",
                       candidates, days, film)
    daemon = start_daemon(settings=EAGER)
    wait_until(lambda: erased(daemon), "erased")
    assert database.value("SELECT candidates FROM film WHERE id = %s",
                          old) == []
    assert database.value("SELECT jsonb_array_length(candidates) FROM film "
                          "WHERE id = %s", young) == 1


def fill_index(database, days):
    database.query("INSERT INTO tmdb_index VALUES (1, 7, 'A', 1)")
    database.query("UPDATE tmdb_export SET slot = 1, export_on = current_date,"
                   " loaded_at = now() - make_interval(days => %s),"
                   " load_until = now() - make_interval(days => %s)",
                   days, days)


def test_an_index_nobody_loads_any_more(database, start_daemon):
    fill_index(database, 179)
    add_film(database, "Nothing", 1999)
    daemon = start_daemon(settings=EAGER)
    wait_until(lambda: "event=\"jobs claimed" in daemon.log()
               or database.value("SELECT count(*) FROM enrich_job") == 0,
               "at work")
    assert database.value("SELECT count(*) FROM tmdb_index") == 1
    assert daemon.stop() == 0

    fill_index(database, 181)
    daemon = start_daemon(settings=EAGER)
    wait_until(lambda: erased(daemon), "erased")
    assert database.value("SELECT count(*) FROM tmdb_index") == 0
    assert database.query("SELECT slot, export_on FROM tmdb_export") == [
        (None, None)]


def test_more_than_one_transaction_of_them(database, start_daemon):
    """Ended by one run, each of them bounded."""
    database.query("INSERT INTO title (kind, tmdb_id, name, original_name, "
                   "fetched_at) SELECT 'tv', n, 'A', 'A', now() - interval "
                   "'181 days' FROM generate_series(1, 1200) n")
    daemon = start_daemon(settings=merged(QUICK,
                                          {"enrich": {"refresh_every": "1d"}}))
    wait_until(lambda: database.value("SELECT count(*) FROM title") == 0,
               f"erased\n{daemon.log()}")


def old_person(database):
    database.query("INSERT INTO person (id, name, seen_at) VALUES (1, 'A', "
                   "now() - interval '182 days')")
    database.query("INSERT INTO film (title) VALUES ('A')")
    database.query("INSERT INTO enrich_job (film_id, tag, token) "
                   "SELECT id, 1, 7 FROM film")
    film = database.value("SELECT id FROM film")
    return statement("person/store").marked(), dict(
        films=[film], tokens=[7], film_ids=[film], ids=[1], names=["A"],
        genders=[0], profile_paths=[None])


ERASE = statement("person/expire").marked(), {"most": 10}


def test_a_person_who_is_named_while_being_erased(database):
    """Whichever comes first, the title that is stored has its people."""
    store = old_person(database)
    with database.connect("rewatch_daemon") as first, \
            database.connect("rewatch_daemon") as second:
        first.autocommit = False
        first.execute(*store)
        assert second.execute(*ERASE).fetchone() == (0,)
        first.commit()
        assert second.execute(*ERASE).fetchone() == (0,)

        database.query("UPDATE person SET seen_at = now() - interval "
                       "'182 days'")
        assert first.execute(*ERASE).fetchone() == (1,)
        waits = threading.Thread(target=lambda: second.execute(*store))
        waits.start()
        wait_until(lambda: database.value(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = "
            "'Lock'"), "the store waits")
        first.commit()
        waits.join()
    assert database.query("SELECT id, name FROM person") == [(1, "A")]
    assert database.value("SELECT seen_at FROM person") > (
        datetime.datetime.now(datetime.timezone.utc)
        - datetime.timedelta(minutes=1))


def test_a_title_whose_people_are_locked_is_not_renewed(database):
    database.query("INSERT INTO title (kind, tmdb_id, name, original_name, "
                   "etag, cast_ids, fetched_at) VALUES ('movie', 5, 'A', 'A', "
                   "'e', '{1}', now() - interval '151 days')")
    database.query("INSERT INTO person (id, name, seen_at) VALUES (1, 'A', "
                   "now() - interval '151 days')")
    film = add_film(database, "A", 1999)
    database.query("UPDATE enrich_job SET token = 7")
    renew = statement("title/renew").marked(), dict(
        films=[film], tokens=[7], kinds=["movie"], ids=[5], etags=["e"])
    young = ("SELECT (SELECT fetched_at FROM title) > now() - interval '1 day'"
             " AND (SELECT seen_at FROM person) > now() - interval '1 day'")
    with database.connect("rewatch_daemon") as db, \
            database.connect() as other:
        other.autocommit = False
        other.execute("SELECT FROM person FOR UPDATE")
        db.execute(*renew)
        assert not database.value(young)
        other.rollback()
        db.execute(*renew)
        assert database.value(young)


def test_films_that_nobody_has_are_forgotten(database, start_daemon, tmdb, api):
    """A week after they came, unless TMDB has a title for them or somebody may
    have them again."""
    database.query("INSERT INTO member (id, name) VALUES (1, 'local') "
                   "ON CONFLICT DO NOTHING")
    names = ["lone", "young", "had", "listed", "chosen", "target", "viewing",
             "undo", "asked", "unfound"]
    refs = {"target": "tmdb:movie:1"}
    film = {name: add_film(database, refs.get(name, name), None,
                           refs.get(name, f"boxd:{n}"))
            for n, name in enumerate(names, 1)}
    database.query("DELETE FROM enrich_job")
    database.query("DELETE FROM library_entry")
    fact, = facts(1)
    film["known"] = stored(database, start_daemon, [fact])[fact.id]
    database.query("UPDATE film SET created_at = now() - interval '8 days' "
                   "WHERE title <> 'young'")
    database.query("UPDATE film SET match_state = 'not_found' "
                   "WHERE title = 'unfound'")
    for sql, *args in (
            ("INSERT INTO library_entry (member_id, film_id, marked_on) "
             "VALUES (1, %s, '2020-01-01')", film["had"]),
            ("INSERT INTO list (member_id, slug, name) VALUES (1, 'l', 'l')",),
            ("INSERT INTO list_item (member_id, list_id, position, film_id) "
             "SELECT 1, id, 1, %s FROM list", film["listed"]),
            ("INSERT INTO film_choice (member_id, film_id) VALUES (1, %s)",
             film["chosen"]),
            ("INSERT INTO watch_choice VALUES (1, 'x', %s)", film["viewing"]),
            ("INSERT INTO import (member_id, file_name, sha256, size, state, "
             "started_at, sample_before) VALUES (1, '', '', 1, 'committed', "
             "now(), false)",),
            ("INSERT INTO import_undo SELECT 1, id, 'watch', '1', "
             "jsonb_build_object('film_id', %s::bigint) FROM import",
             film["undo"]),
            ("INSERT INTO enrich_job (film_id, tag, parked, run_at) VALUES "
             "(%s, 1, true, now() + interval '1 day')", film["asked"])):
        database.query(sql, *args)
    daemon = start_daemon(settings=EAGER)
    left = set(film) - {"lone", "unfound"}
    wait_until(lambda: {name for name, n in film.items() if database.value(
        "SELECT count(*) FROM film WHERE id = %s", n)} == left, "forgotten")
    assert "event=\"films forgotten\"" in daemon.log()
    assert daemon.stop() == 0
