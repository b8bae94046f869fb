"""Claim and store, beside graphile-worker doing the same with its best settings.

Each queue works off jobs for new films with two processes, so many in a batch
(graphile-worker: in its local queue; with one, without it), on a Postgres whose
commits reach the disk. A title is stored with its 16 people and the film's
match by both; ours also matches it and reads its answer. A verdict (no film is
found) is stored with the film, where an empty job of graphile-worker does
nothing. bare: an UPDATE ... RETURNING of the rows of each batch by their key.
"""

import ground
from figure import against, in_turn
from queues import Graphile, Ours

# Batch: jobs of one repetition.
SIZES = {1: 2000, 10: 6000, 100: 10000, 500: 15000}


def measure(ours, graphile, batch, quick):
    jobs = SIZES[batch] // (3 if quick else 1)
    return in_turn(
        3 if quick else 5,
        bare=lambda: ours.rate("bare", batch, jobs),
        verdict=lambda: ours.rate("verdict", batch, jobs),
        title=lambda: ours.rate("title", batch, jobs),
        their_title=lambda: graphile.rate("title", batch, jobs),
        their_empty=lambda: graphile.rate("empty", batch, jobs))


def figures(batch, s):
    unit = {"unit": "/s"}
    yield against(f"queue: title, batch {batch}", s["title"],
                  s["their_title"], "", **unit, more=", graphile-worker")
    yield against(f"queue: verdict, batch {batch}", s["verdict"],
                  s["their_empty"], "", **unit,
                  more=", graphile-worker's empty jobs")
    yield against(f"queue: verdict, bare, batch {batch}", s["verdict"],
                  s["bare"], "", **unit)


def best(samples, what):
    return max((s[what] for s in samples.values()),
               key=lambda one: one.median)


def run(quick):
    with ground.cluster() as cluster:
        database = cluster.new_database()
        ours, graphile = Ours(database), Graphile(database)
        samples = {}
        for batch in SIZES:
            samples[batch] = measure(ours, graphile, batch, quick)
            yield from figures(batch, samples[batch])
        yield against("queue: title, each at its best",
                      best(samples, "title"), best(samples, "their_title"),
                      ">= 2", "/s", more=", graphile-worker")
        yield against("queue: title beside empty jobs",
                      best(samples, "title"), best(samples, "their_empty"),
                      "", "/s", more=", graphile-worker's empty jobs")
        ours.close()
        graphile.close()
