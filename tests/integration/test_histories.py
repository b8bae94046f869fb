"""Histories of imports: after every step the library is what the model says.

Seeded: `make histories` runs 10,000 of them, `make test` the first 60. A
history that differs is shrunk and printed as Python: as a case of
lib/history_cases.py, with its lines worked out by hand, it stays a test.
"""

import concurrent.futures
import contextlib
import os

import pytest

import harness
import histories
import history_maker
from history_cases import CASES

COUNT = int(os.environ.get("HISTORIES", "60"))
FIRST = int(os.environ.get("HISTORIES_FIRST", "0"))
# Few go beside other tests; many have the machine to themselves.
WORKERS = 1 if COUNT < 1000 else os.cpu_count() + 1
# So many differences are looked into; then it is enough.
ENOUGH = 3
# False: but for those where the rules leave room.
DOUBTFUL = True


@contextlib.contextmanager
def runner_of(cluster):
    database = cluster.new_database()
    api = harness.ApiServer(database)
    try:
        with database.connect() as db:
            yield histories.Runner(api, db)
    finally:
        try:
            api.finish()
        finally:
            database.drop()


@pytest.fixture(scope="module")
def runner(cluster):
    with runner_of(cluster) as runner:
        yield runner


@pytest.mark.parametrize("case", CASES)
def test_case(runner, case):
    history, _ = CASES[case]
    found = histories.difference(runner, history)
    if found:
        pytest.fail(histories.told(case, history, found), pytrace=False)


def differences(runner, seeds, told):
    """Adds to told, until there is enough."""
    for seed in seeds:
        if len(told) >= ENOUGH:
            return
        history = history_maker.some_history(seed)
        found = histories.difference(runner, history)
        if found and (DOUBTFUL or not found.doubts):
            told.append(histories.told(
                seed, *histories.shrink(runner, history, found)))


def test_histories(cluster):
    seeds, told = range(FIRST, FIRST + COUNT), []
    with contextlib.ExitStack() as stack:
        runners = [stack.enter_context(runner_of(cluster))
                   for _ in range(WORKERS)]
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            parts = [pool.submit(differences, runner, seeds[n::WORKERS], told)
                     for n, runner in enumerate(runners)]
            for part in parts:
                part.result()
    if told:
        pytest.fail("\n\n".join(told), pytrace=False)
