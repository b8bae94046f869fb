"""Who comes next: the order of the queue, when members and daemons add to it
in all the ways there are. Positions are counted, never seconds."""

import threading

import pytest

from enrich_queue import QUICK
from harness import wait_until
from importing import committed, second_member
from made_up import asked_for, export_of, made_up, write_catalogue
from statements import statement

BACKGROUND = 1 << 62


@pytest.fixture
def members(database, start_api):
    """Servers of members 1 and 2 of one database."""
    url = second_member(database)
    return start_api(), start_api(url=url)


def upload(api, films):
    return committed(api.import_zip(export_of(films)))["jobs"]


def position(database, name):
    """How many jobs are ready up to the last of these films, if of several
    with one tag these are taken last."""
    return database.value("""
        SELECT count(*) FROM enrich_job
        WHERE NOT parked AND token = 0 AND tag <= (
            SELECT max(tag) FROM enrich_job JOIN film ON film.id = film_id
            WHERE title LIKE %s)""", name + "%")


def as_daemon(database, name, **given):
    """Runs sql/queries/NAME.sql as the daemon does; its first column."""
    run = statement(name)
    with database.connect("rewatch_daemon") as db:
        db.execute("PREPARE q AS " + run.text)
        return db.execute("EXECUTE q" + run.written(given)).fetchone()[0]


def old_films(database, count, first=500000):
    """Films that were asked for some time ago: their ids."""
    return [row[0] for row in database.query(
        "INSERT INTO film (ref, title, year) "
        "SELECT 'boxd:' || n, 'Old ' || n, 1990 "
        "FROM generate_series(%s, %s) AS n RETURNING id",
        first, first + count - 1)]


def set_clock(database, tag):
    database.query("UPDATE enrich_clock SET last_tag = %s", tag)


def park(database, films, first_tag=1):
    """Their jobs failed once, and it is time to try them again."""
    database.query(
        "INSERT INTO enrich_job (film_id, tag, parked, run_at, attempt) "
        "SELECT id, %s + n, true, now() - interval '1 second', 1 "
        "FROM unnest(%s::bigint[]) WITH ORDINALITY AS f (id, n)",
        first_tag, films)


# --- members among each other

def test_small_exports_again_and_again(members, database):
    """Ten of ten films are served like one of a hundred."""
    large, small = members
    upload(large, made_up("Large", 400))
    for n in range(10):
        upload(small, made_up(f"Small {n}", 10, 5000 + 10 * n))
    assert position(database, "Small") <= 2 * 100 + 2


def test_films_that_come_anyway_are_not_charged(members, database):
    """Half of the films are the other's and come no later than they would by
    themselves: the other half has all of the member's share."""
    first, second = members
    large = made_up("Large", 300)
    upload(first, large)
    assert upload(second, large[:60] + made_up("Own", 60, 5000)) == 60
    assert position(database, "Own") <= 2 * 60 + 2


def test_shared_films_at_the_others_end_are_moved_and_charged(members,
                                                              database):
    first, second = members
    large = made_up("Large", 300)
    upload(first, large)
    assert upload(second, large[-30:] + made_up("Own", 30, 5000)) == 30
    assert position(database, "Own") <= 2 * 60 + 2
    # What the second paid for is the second's: 30 of the first's own films
    # are among the first 90, as if the moved ones were not the first's.
    tags = [t for t, in database.query(
        "SELECT title FROM enrich_job JOIN film ON id = film_id "
        "ORDER BY tag LIMIT 122")]
    assert {f.title for f in large[-30:]} <= set(tags)
    assert {f.title for f in large[:50]} <= set(tags)


def test_weeks_of_rest_are_neither_debt_nor_credit(members, database):
    """Both have been served long ago, one far more than the other."""
    first, second = members
    upload(first, made_up("Past", 300))
    upload(second, made_up("Also past", 3, 2000))
    database.query("DELETE FROM enrich_job")
    upload(first, made_up("One", 100, 3000))
    upload(second, made_up("Two", 100, 4000))
    order = [title.split()[0] for title, in database.query(
        "SELECT title FROM enrich_job JOIN film ON id = film_id ORDER BY tag")]
    for n in range(10, 201, 10):
        assert abs(order[:n].count("One") - order[:n].count("Two")) <= 2


def test_a_job_that_another_import_is_adding(members, database):
    """The other has not committed when this one looks: the film is moved up
    all the same once it has."""
    api, _ = members
    films = made_up("Shared", 3, 500000)
    database.query("INSERT INTO film (ref, title, year) "
                   "SELECT 'boxd:' || (500000 + n), 'Shared ' || n, 2000 "
                   "FROM generate_series(0, 2) AS n")
    with database.connect() as db:
        with db.transaction():
            db.execute("INSERT INTO enrich_job (film_id, tag) "
                       "SELECT id, 9000000 FROM film")
            thread = threading.Thread(target=upload, args=(api, films))
            thread.start()
            wait_until(lambda: database.value(
                "SELECT count(*) FROM pg_stat_activity WHERE "
                "wait_event_type = 'Lock' AND datname = current_database()"),
                "the import waits")
        thread.join(20)
    assert database.value("SELECT count(*) FROM import") == 1
    assert database.value("SELECT max(tag) FROM enrich_job") < 9000000


def test_imports_at_the_same_moment(members, database):
    """Each gets half of the calls, whoever was first by how little."""
    threads = [threading.Thread(target=upload, args=(api, made_up(*films)))
               for api, films in zip(members, [("One", 300, 1000),
                                               ("Two", 300, 2000)])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    order = [title.split()[0] for title, in database.query(
        "SELECT title FROM enrich_job JOIN film ON id = film_id ORDER BY tag")]
    assert len(order) == 600
    for n in range(20, 601, 20):
        assert abs(order[:n].count("One") - order[:n].count("Two")) <= 4


def test_many_choices_starve_nobody(members, database):
    """A title that is chosen comes next; a hundred of them do not."""
    first, second = members
    upload(first, made_up("Large", 200))
    mine = made_up("Mine", 100, 5000)
    upload(second, mine)
    films = database.query("SELECT id FROM film WHERE title LIKE 'Mine %%' "
                           "ORDER BY id")
    front = database.value("SELECT min(tag) FROM enrich_job")
    for n, (film,) in enumerate(films, 1):
        choose(second, film, n)
        if n == 1:
            assert database.value(
                "SELECT tag FROM enrich_job JOIN film ON id = film_id "
                "WHERE ref LIKE 'tmdb:%%'") == front
    order = [title for title, in database.query(
        "SELECT title FROM enrich_job JOIN film ON id = film_id "
        "ORDER BY tag, title")]
    # Three take turns: the one's films, the other's, the other's choices.
    assert len([t for t in order[:90] if t.startswith("Large")]) >= 28


def choose(api, film, number):
    answer = api.request("PUT", f"/v1/films/{film}/match",
                         b'{"choice": "tmdb:%d"}' % (800000000 + number),
                         {"Content-Type": "application/json"})
    assert answer.status == 200, answer


def test_choices_long_served_are_no_debt(members, database):
    """Many were made while nobody else wanted anything: neither the next one
    nor another member's small upload comes after a large one for that."""
    first, second = members
    upload(second, made_up("Mine", 60, 5000))
    database.query("DELETE FROM enrich_job")
    films = [film for film, in database.query(
        "SELECT id FROM film WHERE title LIKE 'Mine %%' ORDER BY id")]
    database.query("INSERT INTO enrich_daemon (instance, epoch, host, pid, "
                   "expires_at) VALUES ('d', 1, 'h', 1, now() + "
                   "interval '1 hour')")
    for n, film in enumerate(films[:50]):
        choose(second, film, n)
        database.query("UPDATE enrich_daemon SET low_tag = tag "
                       "FROM enrich_job")
        database.query("DELETE FROM enrich_job")
    upload(first, made_up("Large", 100))
    choose(second, films[50], 50)
    assert position(database, "tmdb:") <= 2
    database.query("DELETE FROM enrich_job USING film WHERE id = film_id "
                   "AND ref LIKE 'tmdb:%%'")
    upload(second, made_up("Small", 5, 7000))
    assert position(database, "Small") <= 2 * 5 + 2


# --- retries

def test_retries_of_many_jobs_share_with_members(members, database):
    """As if they were one member's, however many come due at once or soon
    after each other."""
    api, _ = members
    films = old_films(database, 300)
    park(database, films[:200])
    set_clock(database, 1000000)
    upload(api, made_up("New", 40))
    assert as_daemon(database, "job/promote", most=150) == 150
    assert as_daemon(database, "job/promote", most=150) == 50
    park(database, films[200:])
    assert as_daemon(database, "job/promote", most=150) == 100
    assert as_daemon(database, "job/promote", most=150) == 0
    assert position(database, "New") <= 2 * 40 + 2
    # And not behind the members' backs.
    assert database.value(
        "SELECT count(*) FROM (SELECT film_id FROM enrich_job ORDER BY tag "
        "LIMIT 80) AS first JOIN film ON id = film_id "
        "WHERE title LIKE 'Old %%'") >= 38


def test_a_retry_does_not_turn_the_clock_back(members, database):
    """Its tag is old. Who comes then must not have an advantage over a member
    that was served last when the clock was where it is."""
    first, second = members
    park(database, old_films(database, 1))
    set_clock(database, 1000000)
    upload(first, made_up("Past", 3))
    database.query("DELETE FROM enrich_job WHERE NOT parked")
    assert as_daemon(database, "job/promote", most=1000) == 1
    upload(second, made_up("Large", 200, 2000))
    upload(first, made_up("Small", 20, 5000))
    assert position(database, "Small") <= 2 * 20 + 4


def test_a_retry_of_the_background_stays_there(database):
    films = old_films(database, 2)
    park(database, films, BACKGROUND)
    assert as_daemon(database, "job/promote", most=1000) == 2
    assert database.query("SELECT tag FROM enrich_job ORDER BY tag") == [
        (BACKGROUND + 1,), (BACKGROUND + 2,)]


def give_up(database, films):
    database.query("INSERT INTO enrich_dead (film_id, attempt, last_error) "
                   "SELECT id, 8, 'x' FROM unnest(%s::bigint[]) AS f (id)",
                   films)
    database.query("UPDATE film SET match_state = 'failed' "
                   "WHERE id = ANY (%s)", films)


def test_dead_jobs_put_back_by_the_operator(members, database):
    api, _ = members
    give_up(database, old_films(database, 300))
    assert as_daemon(database, "job/retry_dead") == 300
    upload(api, made_up("New", 40))
    assert position(database, "New") <= 2 * 40 + 2


def test_dead_jobs_put_back_by_a_member(members, database):
    first, second = members
    upload(first, made_up("Large", 300))
    database.query("DELETE FROM enrich_job")
    give_up(database, [i for i, in database.query("SELECT id FROM film")])
    upload(second, made_up("Before", 20, 4000))
    assert first.post("/v1/enrichment/retry").json()["jobs"] == 300
    upload(second, made_up("New", 40, 5000))
    assert position(database, "Before") <= 2 * 20 + 2
    assert position(database, "New") <= 2 * 60 + 2


def test_a_member_has_so_many_pending_jobs_and_not_more(members, database):
    """What is beyond comes with a later import; others are not concerned."""
    first, second = members
    database.query("CREATE OR REPLACE FUNCTION pending_max() RETURNS bigint "
                   "LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 30::bigint")
    films = made_up("Large", 50)
    assert upload(first, films) == 30
    assert upload(first, films) == 0
    assert upload(second, made_up("Small", 20, 5000)) == 20
    # Half of them are answered: so many there is room for.
    database.query("""
        WITH done AS (DELETE FROM enrich_job WHERE film_id IN (
            SELECT id FROM film WHERE title LIKE 'Large%' ORDER BY id LIMIT 15)
            RETURNING film_id)
        UPDATE film SET match_state = 'not_found' FROM done
        WHERE id = film_id""")
    assert upload(first, films) == 15
    assert database.value("SELECT count(*) FROM enrich_job") == 50


# --- with the real programs

def test_a_small_upload_beside_a_large_one(members, database, start_tmdb,
                                           start_daemon, tmp_path):
    """Its films take turns with the other's from the first one that the
    daemon has not taken yet."""
    first, second = members
    large, small = made_up("Large", 1500), made_up("Small", 50, 5000)
    tmdb = start_tmdb(catalogue=write_catalogue(tmp_path / "catalogue.tsv",
                                                large + small))
    start_daemon(settings=QUICK, tmdb_url=tmdb.url)
    assert upload(first, large) == 1500
    wait_until(lambda: len(asked_for(tmdb)) > 40, "the large one is under way")
    assert upload(second, small) == 50
    taken = {title for title, in database.query(
        "SELECT title FROM enrich_job JOIN film ON id = film_id "
        "WHERE token <> 0")}
    asked = asked_for(tmdb)
    in_hand = len(taken - set(asked))
    assert in_hand <= 40  # two seconds of calls, two calls a film
    wait_until(lambda: database.value(
        "SELECT count(*) FROM film WHERE title LIKE 'Small %%' "
        "AND match_state = 'matched'") == 50, "the small one is finished", 60)
    calls = tmdb.stats()["calls"]  # it goes on: counted before they are named
    order = asked_for(tmdb)
    places = [order.index(film.title) for film in small]
    # A little more: both go on between the upload and the look at them.
    assert max(places) - len(asked) <= 2 * 50 + in_hand + 10
    # In the order of the export, but for those that are asked for at once.
    assert max(places[:10]) < min(places[30:])
    # The large one has had its turns too.
    assert max(places) - min(places) >= 80
    assert calls <= 2 * len(order)
