"""A queue that is never empty, for a minute, with and without a forgotten open
snapshot.

A producer keeps jobs waiting while two processes of each queue store titles, so
many in a batch as is best for it (part_queue.py). The snapshot (REPEATABLE
READ, idle in transaction) keeps Postgres from removing what has been worked
off: what slows a queue down then is that it wades through it.
"""

import contextlib
import time

import ground
from figure import Figure
from harness import wait_until
from queues import Graphile, Ours

FILMS = 60000
BACKLOG = 20000  # counted as of a second ago
STEP = 1000
BATCH = {Ours: 500, Graphile: 100}
LAST_S = 10


class Producer:
    """Adds jobs for one film after another, again and again."""

    def __init__(self, queue):
        self.queue = queue
        self.start = queue.done()
        self.added = 0

    def done(self):
        return self.queue.done() - self.start

    def top_up(self):
        while self.added - self.done() < BACKLOG:
            first = self.added % FILMS + 1
            self.queue.add_jobs(first, first + STEP - 1)
            self.added += STEP


@contextlib.contextmanager
def snapshot(database, wanted):
    if not wanted:
        yield
        return
    with database.connect() as db:
        db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        db.execute("SELECT count(*) FROM film")
        yield
        db.execute("ROLLBACK")


def sustained(queue, seconds):
    """Jobs a second: of the whole time, of its last ten seconds."""
    producer = Producer(queue)
    producer.top_up()
    workers = queue.work("title", BATCH[type(queue)], seconds + 5)
    wait_until(lambda: producer.done() >= STEP, "it has begun", every=0.1)
    began = time.monotonic()
    marks = [(0.0, producer.done())]
    while marks[-1][0] < seconds:
        producer.top_up()
        time.sleep(0.05)
        marks.append((time.monotonic() - began, producer.done()))
    queue.stop(workers)
    ended, total = marks[-1]
    at, before = next(m for m in marks if m[0] >= ended - LAST_S)
    return ((total - marks[0][1]) / ended, (total - before) / (ended - at))


def measure(make, quick, with_snapshot):
    with ground.cluster() as cluster:
        database = cluster.new_database()
        queue = make(database)
        queue.fill(FILMS)
        queue.settle()
        with snapshot(database, with_snapshot):
            rates = sustained(queue, 15 if quick else 60)
        queue.close()
    return rates


def figure(name, ours, theirs, goal=""):
    return Figure(f"sustained: {name}", ours / theirs, goal,
                  f"{ours:,.0f} /s : {theirs:,.0f} /s",
                  {"ours": round(ours, 1), "floor": round(theirs, 1)})


def run(quick):
    ours = measure(Ours, quick, False)
    theirs = measure(Graphile, quick, False)
    yield figure("a minute, graphile-worker", ours[0], theirs[0], ">= 2")
    ours_pinned = measure(Ours, quick, True)
    theirs_pinned = measure(Graphile, quick, True)
    yield figure("with a snapshot open", ours_pinned[0], theirs_pinned[0],
                 ">= 2")
    yield figure("its end, of that without", ours_pinned[1], ours[1], ">= 0.7")
    yield figure("graphile-worker's end, the same", theirs_pinned[1],
                 theirs[1])
