"""Claim-and-store through the daemon's own code against a bare UPDATE.

bench_queue works off a queue of new films, so many in a transaction. Three
rates: the floor, an UPDATE ... RETURNING of the rows of each batch by their
primary key; claim and store of verdicts alone (no film is found, which is what
a queue costs); claim and store with a title and 16 credits a film (which is
what the daemon does). One connection each; commits reach the disk.
"""

import subprocess

import ground
from figure import against, in_turn

# Batch: jobs of one repetition.
SIZES = {1: 1500, 10: 6000, 100: 10000, 500: 15000}
FILL = (
    "TRUNCATE film, title, person, enrich_daemon CASCADE",
    "INSERT INTO film (letterboxd_ref, title, year) "
    "SELECT 'boxd:' || n, 'Film number ' || n, 1950 + mod(n, 75) "
    "FROM generate_series(1, {jobs}) AS n",
    "INSERT INTO enrich_job (film_id, tag) SELECT id, 1000 * id FROM film",
    "VACUUM ANALYZE film, enrich_job",
    "CHECKPOINT",
)


def complaints(log):
    """The end of a log without its ordinary lines."""
    return "\n".join([line for line in log.split("\n")
                      if "level=info" not in line][-20:])


class Queue:
    def __init__(self, database, batch, jobs):
        self.url = database.url("rewatch_daemon")
        self.admin = database.connect()
        self.batch = batch
        self.jobs = jobs

    def fill(self):
        for statement in FILL:
            self.admin.execute(statement.format(jobs=self.jobs))

    def rate(self, what):
        """Jobs a second."""
        self.fill()
        done = subprocess.run(
            [ground.tool("bench_queue"), what, str(self.batch)],
            env={"DATABASE_URL": self.url}, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"bench_queue {what} {self.batch}:\n"
                               + complaints(done.stderr))
        jobs, seconds = done.stdout.split()
        if int(jobs) != self.jobs:
            raise RuntimeError(f"{jobs} of {self.jobs} jobs are done")
        return self.jobs / float(seconds)


def measure(database, batch, quick):
    queue = Queue(database, batch, SIZES[batch] // (3 if quick else 1))
    samples = in_turn(3 if quick else 5,
                      **{what: lambda what=what: queue.rate(what)
                         for what in ("bare", "verdict", "title")})
    queue.admin.close()
    return [against(f"queue: {what}, batch {batch}", samples[what],
                    samples["bare"], "", "/s")
            for what in ("verdict", "title")]


def run(quick):
    with ground.cluster() as cluster:
        database = cluster.new_database()
        for batch in SIZES:
            yield from measure(database, batch, quick)
