"""No upload takes more memory than the operator was told, and none ends the
server: small uploads that cost much, with the limits as shipped, and no more
addresses than the unit's MemoryMax. In bytes, never in time: so the database may
take as long as it likes."""

import os
import re
import resource
import threading

import pytest

import costly

MIB = 1 << 20
ADDRESSES = 768 * MIB
ONE, TWO = 160 * MIB, 256 * MIB
# What an upload that is refused, or of which nothing new comes, leaves behind.
LEFT = 16 * MIB

# Whose rows reach the library: minutes on a busy machine.
LONG = {"films", "entries", "a library of 49,000 films", "one-word rows",
        "49 of 50 dates illegible", "tags of backslashes and commas"}
SOAK = bool(os.environ.get("SOAK"))
SHAPES = [name for name in costly.SHAPES if SOAK or name not in LONG]
PAIRS = [("lines of 126 x 0xFF", "tags of backslashes"),
         ("a CSV of 31 MB", "reviews of hex"),
         ("tags and reviews of backslashes", "lists with long descriptions")]
PAIRS += [("films", "entries"), ("entries", "reviews of hex")] if SOAK else []


def memory(api, what):
    """In bytes."""
    with open(f"/proc/{api.pid}/status", encoding="ascii") as f:
        return int(re.search(rf"{what}:\s+(\d+) kB", f.read())[1]) * 1024


def peak(api):
    """The most that the process has had resident."""
    return memory(api, "VmHWM")


def limit(api, addresses):
    resource.prlimit(api.pid, resource.RLIMIT_AS, (addresses, addresses))


@pytest.fixture
def bounded(start_api):
    """A server with few addresses, that has served a request."""
    api = start_api(settings={"import": {"deadline": "600s"}})
    limit(api, ADDRESSES)
    assert api.get("/v1/library").status == 200
    return api


def send(api, body):
    kind = "application/zip" if body.startswith(b"PK") else "text/csv"
    answer = api.post("/v1/imports?confirm=1&file_name=reviews.csv", body, kind,
                      timeout=900)
    assert answer.status in (201, 413, 422), answer
    return answer


def size(database):
    return database.value("SELECT pg_database_size(current_database())")


@pytest.mark.parametrize("shape", SHAPES)
def test_one_upload(bounded, database, shape):
    idle, before = peak(bounded), size(database)
    answer = send(bounded, costly.SHAPES[shape]())
    took = peak(bounded) - idle
    print(shape, answer.status, took // MIB, "MiB")
    assert took < ONE
    if answer.status != 201:
        assert size(database) - before < LEFT
    assert database.value("SELECT count(*) FROM import_row") <= 2000
    assert send(bounded, costly.packed({"watched.csv": costly.films(3)}, 0)
                ).status == 201


@pytest.mark.parametrize("shapes", PAIRS)
def test_two_at_once(bounded, shapes):
    bodies = [costly.SHAPES[shape]() for shape in shapes]
    idle = peak(bounded)
    answers = []
    threads = [threading.Thread(
        target=lambda body=body: answers.append(send(bounded, body)))
        for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = peak(bounded) - idle
    print(shapes, [a.status for a in answers], took // MIB, "MiB")
    assert len(answers) == 2 and took < TWO


def test_what_an_upload_of_a_kilobyte_leaves(bounded, database):
    """Half a megabyte of rows that say the same, packed to nothing."""
    body = costly.equal_rows()
    before = size(database)
    for _ in range(3):
        assert send(bounded, body).status == 201
    assert size(database) - before < LEFT
    assert database.value("SELECT count(*) FROM import_row") == 3 * 1000


def test_the_system_has_no_memory(start_api):
    """Less than the limits would let an upload take: it fails, and alone."""
    api = start_api(settings={"import": {"memory_max": "1GiB"}})
    limit(api, memory(api, "VmSize") + 130 * MIB)
    answer = send(api, costly.SHAPES["tags of backslashes"]())
    assert answer.json()["type"] == "/problems/too-costly"
    assert send(api, costly.packed({"watched.csv": costly.films(3)}, 0)
                ).status == 201
