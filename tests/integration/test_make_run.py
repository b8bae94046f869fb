"""What `make run` runs: whose answers a database has is known by the database,
whatever directory it is started with."""

import contextlib

import pytest

from harness import BUILD, ROOT, Http, Process, three_ports, wait_until

SHOWN = "SELECT count(*) FROM film WHERE match_state = 'matched'"


@pytest.fixture
def run(tmp_path):
    """run(database, token=None): config/run.sh until the block ends."""
    @contextlib.contextmanager
    def start(database, token=None):
        port = three_ports()
        tmdb = {"TMDB_TOKEN": token, "TMDB_URL": "http://127.0.0.1:1"} \
            if token else {"TMDB_TOKEN": "", "TMDB_URL": ""}
        process = Process("run.sh", [ROOT / "config/run.sh"], env={
            "BUILD": str(BUILD), "STATE_DIR": str(tmp_path),
            "PORT": str(port), "DATABASE_URL": database.url(), **tmdb})
        process.port = port
        try:
            yield process
        finally:
            process.finish()
    return start


def wait_running(process):
    wait_until(lambda: "Rewatch is at" in process.log(), "it runs")
    return Http(process.port)


@pytest.fixture
def other(cluster):
    """A database with an answer of TMDB."""
    database = cluster.new_database()
    database.query("INSERT INTO title (kind, tmdb_id, name, original_name, "
                   "fetched_at) VALUES ('movie', 550, 'Fight Club', 'Fight Club', now())")
    database.query("INSERT INTO film (ref, title, match_state, kind, tmdb_id, "
                   "matched_at) VALUES ('boxd:1', 'Fight Club', 'matched', "
                   "'movie', 550, now())")
    yield database
    database.drop()


def test_a_demonstration_forgets_its_own_answers_alone(database, other, run):
    with run(database) as demo:
        http = wait_running(demo)
        wait_until(lambda: http.get("/v1/library").json()["stand_in"],
                   "the stand-in has answered")
    with run(other, token="x") as real:
        wait_running(real)
        assert other.value(SHOWN) == 1
        assert "forgetting" not in real.log()
    with run(database, token="x") as real:
        http = wait_running(real)
        assert "forgetting" in real.log()
        assert database.value("SELECT count(*) FROM title") == 0
        assert database.value(SHOWN) == 0
        films = http.get("/v1/library").json()["films"]
        assert films > 0
        assert database.value("SELECT count(*) FROM enrich_job") > 0


def test_a_demonstration_does_not_mix(other, run):
    with run(other) as demo:
        assert demo.proc.wait(30) != 0
        assert "set TMDB_TOKEN" in demo.log()
    assert other.value(SHOWN) == 1
    assert other.value("SELECT count(*) FROM demo") == 0


def test_the_sample_comes_once(database, run):
    with run(database) as demo:
        http = wait_running(demo)
        assert http.get("/v1/library").json()["sample"]
        assert http.delete("/v1/library").status == 204
    with run(database) as demo:
        http = wait_running(demo)
        assert http.get("/v1/library").json()["films"] == 0
