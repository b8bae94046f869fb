"""Loads of the index: when there is one, what may happen meanwhile, and that
the queue hardly notices."""

import time

import harness
from enrich_queue import Watch, add_film, wait_finished
from harness import wait_until
from index_exports import (WHOLE, found_by_index, in_force, large, line,
                           loaded, packed, rows_in_all, with_index)


def test_it_is_loaded_anew_when_it_is_old(database, start_daemon, exports,
                                          tmdb):
    server = exports((200, packed(line(1, "Gone Tomorrow"))),
                     (200, packed(line(2, "Here to Stay"))))
    start_daemon(settings=with_index(server.url, index_every="1s"))
    loaded(database)
    wait_until(lambda: in_force(database).keys() == {2}, "loaded again")
    wait_until(lambda: rows_in_all(database) == 1, "the old one is gone")


def test_a_good_index_is_not_loaded_again(database, start_daemon, exports,
                                          tmdb):
    server = exports((200, WHOLE))
    for n in range(3):
        daemon = start_daemon(settings=with_index(server.url), tag=f"-{n}")
    loaded(database)
    time.sleep(1)
    assert len(server.asked) == 1
    assert daemon.stop() == 0
    start_daemon(settings=with_index(server.url), ready=True)
    time.sleep(0.5)
    assert len(server.asked) == 1


def test_once_waits_for_the_index(database, start_daemon, exports, tmdb):
    server = exports((200, WHOLE))
    daemon = start_daemon(settings=with_index(server.url), args=["--once"])
    assert daemon.proc.wait(20) == 0
    assert len(in_force(database)) == 2500


def test_silence_ends_by_the_deadline(database, start_daemon, exports, tmdb):
    server = exports((200, WHOLE[:20000]))
    server.open_end = True
    daemon = start_daemon(settings=with_index(server.url, timeout="1s"))
    wait_until(lambda: "not loaded" in daemon.log(), "given up", 15)
    server.answers, server.open_end = [(200, WHOLE)], False
    assert len(loaded(database)) == 2500


def test_one_killed_in_the_middle_is_taken_over(database, start_daemon,
                                                exports, tmdb):
    server = exports((200, large(30000)))
    server.slow = 0.2
    killed = start_daemon(settings=with_index(server.url), tag="-killed")
    wait_until(lambda: rows_in_all(database) >= 2000, "in the middle")
    killed.kill()
    assert in_force(database) is None
    server.slow = 0
    start_daemon(settings=with_index(server.url))
    # Not before the lease of the load is over: two times 1.5 s.
    assert len(loaded(database, 30)) == 30000
    assert rows_in_all(database) == 30000


def test_one_that_was_stopped_leaves_it_to_others(database, start_daemon,
                                                  exports, tmdb):
    server = exports((200, large(30000)))
    server.slow = 0.2
    stopped = start_daemon(settings=with_index(server.url), tag="-stopped")
    wait_until(lambda: rows_in_all(database) >= 2000, "in the middle")
    assert stopped.stop() == 0
    assert database.value("SELECT load_until < now() AND not_before < now() "
                          "FROM tmdb_export")
    assert "not loaded" not in stopped.log()
    server.slow = 0
    start_daemon(settings=with_index(server.url))
    assert len(loaded(database)) == 30000
    assert rows_in_all(database) == 30000


def test_one_that_slept_stores_nothing_more(database, start_daemon, exports,
                                            tmdb):
    server = exports((200, large(30000)))
    server.slow = 0.2
    asleep = start_daemon(settings=with_index(server.url), tag="-asleep")
    wait_until(lambda: rows_in_all(database) >= 2000, "in the middle")
    asleep.signal(harness.signal.SIGSTOP)
    server.slow = 0
    start_daemon(settings=with_index(server.url))
    assert len(loaded(database, 30)) == 30000
    asleep.signal(harness.signal.SIGCONT)
    wait_until(lambda: "not loaded" in asleep.log(), "has noticed")
    time.sleep(0.5)
    assert len(in_force(database)) == rows_in_all(database) == 30000


def test_a_lost_connection_loses_no_batch(database, start_daemon, exports,
                                          tmdb):
    server = exports((200, large(20000)))
    start_daemon(settings=with_index(server.url))
    for rows in (1000, 5000, 9000):
        wait_until(lambda: rows_in_all(database) >= rows, f"{rows} rows")
        database.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE usename = 'rewatch_daemon' "
            "AND datname = current_database()")
    assert len(loaded(database, 40)) == rows_in_all(database) == 20000
    assert len(server.asked) == 1


def at_clearing(database):
    """Backends that wait for the slot that they are to empty."""
    return [row[0] for row in database.query(
        "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
        "AND datname = current_database() AND query LIKE '%index_clear%' "
        "AND pid <> pg_backend_pid()")]


def test_a_connection_lost_at_the_beginning_is_no_failure(
        database, start_daemon, exports, tmdb):
    server = exports((200, WHOLE))
    database.query("ALTER FUNCTION tmdb_index_clear(bigint) "
                   "SET lock_timeout = '1min'")
    with database.connect() as reader:
        with reader.transaction():
            reader.execute("LOCK tmdb_index_1 IN ACCESS SHARE MODE")
            daemon = start_daemon(settings=with_index(server.url,
                                                      index_retry="1h"))
            waiting = wait_until(lambda: at_clearing(database), "at it")
            database.query("SELECT pg_terminate_backend(%s)", waiting[0])
            wait_until(lambda: "database connection lost" in daemon.log(),
                       "has noticed")
    assert len(loaded(database)) == 2500
    assert len(server.asked) == 1
    assert "not loaded" not in daemon.log()
    assert database.value("SELECT load FROM tmdb_export") == 1


def test_a_reader_in_the_way_is_not_pressed(database, start_daemon, exports,
                                            tmdb):
    """Claims wait behind each try, so the next is after index_retry."""
    server = exports((200, WHOLE))
    with database.connect() as reader:
        with reader.transaction():
            reader.execute("LOCK tmdb_index_1 IN ACCESS SHARE MODE")
            daemon = start_daemon(settings=with_index(server.url))
            wait_until(lambda: "not loaded" in daemon.log(), "given up")
            assert server.asked == []
    assert len(loaded(database)) == 2500


def test_the_queue_hardly_notices(database, start_daemon, exports, tmdb):
    """Films are done while a large export is loaded; no transaction is long,
    and its size is not the daemon's."""
    export = large(120000)
    server = exports((200, export))
    with Watch(database):
        daemon = start_daemon(settings=with_index(server.url), ready=True)
        before = daemon.rss_kib()
        wait_until(lambda: rows_in_all(database) >= 1000, "it has begun")
        took = []
        for n, fact in enumerate(found_by_index()[:10]):
            began = time.monotonic()
            add_film(database, fact.title, fact.year, f"boxd:{n + 1}")
            wait_finished(database)
            took.append(time.monotonic() - began)
        assert in_force(database) is None
        assert len(loaded(database, 120)) == 120000
        # Unpacked it is 13 MB; what is freed, ASan keeps.
        if "san" not in harness.BUILD.name:
            assert daemon.rss_kib() - before < 6000
    # A look at the queue is every 100 ms here; the median.
    assert sorted(took)[5] < 1.0 * harness.PATIENCE
