"""The optimised build, which the other tests of `make test` see little of: both
programs start, and what a person does first works."""

import resource
import subprocess

import pytest

from enrich_queue import QUICK, facts, many_films, wait_finished
from export_maker import Export, Film
from harness import BUILD, ROOT
from importing import committed


def run(program, *args):
    done = subprocess.run([BUILD / program / program, *args], check=True,
                          env={"TMDB_TOKEN": "x"}, capture_output=True,
                          text=True)
    return done.stdout


@pytest.mark.parametrize("program", ["api-server", "enrich-daemon"])
def test_a_program_says_what_it_is(program):
    assert run(program, "--version").startswith(f"{program} ")
    run(program, "--check", "--config", ROOT / f"config/{program}.yaml")


def test_an_export_becomes_statistics(database, api, start_daemon):
    fact = facts(1)[0]
    export = Export()
    export.diary(Film(fact.title, fact.year, 1000), 1, "2024-01-02", stars=4)
    report = committed(api.import_zip(export.zip()))
    assert [f["new"] for f in report["files"]] == [1]
    daemon = start_daemon(settings=QUICK, ready=True)
    wait_finished(database)
    overview = api.get("/v1/stats").json()["overview"]
    assert overview["films"] == 1
    assert overview["hours"] == pytest.approx(fact.minutes / 60, abs=0.051)
    assert api.stop() == 0 and daemon.stop() == 0


@pytest.mark.parametrize("what, most", [
    # Of addresses, beyond what it begins with; of its stacks.
    (resource.RLIMIT_AS, 60 << 20), (resource.RLIMIT_STACK, 64 << 10)])
def test_a_daemon_with_little_memory_does_its_work(database, start_daemon,
                                                   what, most):
    """(Sanitized it would need more to begin with.)"""
    daemon = start_daemon(settings=QUICK, ready=True)
    if what == resource.RLIMIT_AS:
        pages = int(open(f"/proc/{daemon.pid}/statm").read().split()[0])
        most += pages * resource.getpagesize()
    resource.prlimit(daemon.pid, what, (most, most))
    many_films(database, 60)
    wait_finished(database)
    assert database.value("SELECT count(*) FROM enrich_dead") == 0
    assert daemon.stop() == 0
