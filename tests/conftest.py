"""Fixtures: `database`, `api`, `daemon`, `tmdb`; see lib/harness.py; `exports`;
see lib/index_exports.py."""

import contextlib

import pytest

import harness
import index_exports
import pooler


@pytest.fixture(scope="session")
def cluster():
    cluster = harness.Cluster()
    yield cluster
    cluster.destroy()


@pytest.fixture
def database(cluster):
    database = cluster.new_database()
    yield database
    database.drop()


@contextlib.contextmanager
def ended(make):
    """A factory whose processes are all stopped and checked at the end."""
    made = []

    def start(*args, **kwargs):
        process = make(*args, **kwargs)
        made.append(process)
        return process

    try:
        yield start
    finally:
        errors = []
        for process in reversed(made):
            try:
                process.finish()
            except AssertionError as error:
                errors.append(str(error))
        assert not errors, "\n".join(errors)


@pytest.fixture
def start_api(database):
    """start_api(settings=..., ...) -> harness.ApiServer"""
    with ended(lambda **kw: harness.ApiServer(database, **kw)) as start:
        yield start


@pytest.fixture
def api(start_api):
    return start_api()


@pytest.fixture
def start_tmdb():
    with ended(harness.Tmdb) as start:
        yield start


@pytest.fixture
def tmdb(start_tmdb):
    return start_tmdb()


@pytest.fixture
def start_daemon(database, tmdb):
    """start_daemon(settings=..., ...) -> harness.Daemon"""
    with ended(lambda **kw: harness.Daemon(
            database, kw.pop("tmdb_url", tmdb.url), **kw)) as start:
        yield start


@pytest.fixture
def daemon(start_daemon):
    return start_daemon()


@pytest.fixture
def start_pooler(database):
    """start_pooler(mode=..., ...) -> pooler.Pooler"""
    with ended(lambda **kw: pooler.Pooler(database, **kw)) as start:
        yield start


@pytest.fixture
def exports():
    """exports((status, body), ...) -> index_exports.Exports"""
    made = []

    def make(*answers):
        made.append(index_exports.Exports(*answers))
        return made[-1]

    yield make
    for one in made:
        one.close()
