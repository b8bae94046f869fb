"""What the parts stand on: tests/lib's harness, with a Postgres that
is as careful as one in service, and exports to import.
"""

import contextlib
import os
import pathlib
import random
import sys
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/lib"))
os.environ.setdefault("REWATCH_BUILD", str(ROOT / "build"))

import harness  # noqa: E402
from figure import Figure  # noqa: E402
from export_maker import Export, Film, some_export, film_pool  # noqa: E402

BUILD = harness.BUILD
SHARED = harness.SHARED
OWN_CATALOGUE = ROOT / "tests/tmdb-stub/catalogue.tsv"
QUICK_FILMS = 120
RSS_MIB = 32


class Cluster(harness.Cluster):
    """Commits reach the disk; statements can be logged as JSON."""

    OPTIONS = ("-c max_connections=60 -c logging_collector=on "
               "-c log_destination=jsonlog -c log_rotation_size=0 ")


@contextlib.contextmanager
def cluster():
    made = Cluster()
    try:
        yield made
    finally:
        made.destroy()


@contextlib.contextmanager
def running(process):
    try:
        yield process
    finally:
        process.finish()


def tool(name):
    return BUILD / "tests/bench" / name


def start_tool(name, *args):
    return running(harness.Process(name, [tool(name), *args]))


@dataclass
class Data:
    """An export, and the catalogue of TMDB's that has its films."""
    name: str
    export: bytes
    catalogue: pathlib.Path


def largest_export():
    shared = SHARED / "exports/conflicts-2023.zip"
    if shared.exists():
        return shared.name, shared.read_bytes()
    return "made up, 2,400 films", some_export(
        "bench", film_pool("bench", 3400)).zip()


def catalogue_films(most):
    """Films of the stand-in's own catalogue."""
    films = []
    for line in open(OWN_CATALOGUE, encoding="utf-8"):
        columns = line.rstrip("\n").split("\t")
        if columns[0] == "movie":
            films.append(Film(columns[2], int(columns[4][:4]),
                              1000 + len(films)))
    return films[:most]


def catalogue_export(most=None):
    rng = random.Random("bench")
    export = Export()
    for i, film in enumerate(catalogue_films(most)):
        day = f"2024-{i % 12 + 1:02}-{i % 28 + 1:02}"
        export.watched(film, day)
        export.rating(film, day, rng.randint(1, 10) / 2)
    return export.zip()


def enrichable(quick):
    """A real-size export, or with quick a small one."""
    shared = (SHARED / "exports/rewatchless-2025.zip",
              SHARED / "tmdb/catalogue.jsonl.gz")
    if quick:
        return Data("the catalogue's first films",
                    catalogue_export(QUICK_FILMS), OWN_CATALOGUE)
    if all(path.exists() for path in shared):
        return Data(shared[0].name, shared[0].read_bytes(), shared[1])
    return Data("the catalogue's films", catalogue_export(), OWN_CATALOGUE)


def peak_rss_mib(process):
    for line in open(f"/proc/{process.pid}/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"{process.name} is not running")


def rss_figure(part, process):
    """Its peak so far against what a program may have."""
    mib = peak_rss_mib(process)
    return Figure(f"{part}: peak RSS, {process.name}", mib / RSS_MIB, "<= 1",
                  f"{mib:.1f} MiB : {RSS_MIB} MiB", {"mib": round(mib, 1)})
