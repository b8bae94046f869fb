#!/usr/bin/python3
"""make bench: how fast Rewatch is, as ratios to a floor of the same run.

    tests/bench/run.py [--quick] [PART...]

Parts: import, enrichment, fairness, dashboard, queue, sustained, match; without
one, all. --quick: fewer repetitions and films. REWATCH_BUILD names the build
directory (build). Prints a table, then a line of JSON for each figure. Exit
status 0 whatever the figures say, 1 when a part could not be run.
"""

import argparse
import importlib
import sys
import time
import traceback

from figure import HEADER

PARTS = ["import", "enrichment", "fairness", "dashboard", "queue", "sustained",
         "match"]


def run_part(name, quick, figures):
    """Adds its figures as they come. False: it could not be run to its end."""
    print(f"{name} ...", file=sys.stderr, flush=True)
    began = time.monotonic()
    try:
        for figure in importlib.import_module(f"part_{name}").run(quick):
            figures.append(figure)
            print(f"  {figure.line()}", file=sys.stderr, flush=True)
    except Exception:
        traceback.print_exc()
        print(f"{name}: could not be run", file=sys.stderr)
        return False
    print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    return True


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("parts", nargs="*", metavar="PART")
    options = parser.parse_args()
    for part in options.parts:
        if part not in PARTS:
            parser.error(f"no part \"{part}\"; there are {', '.join(PARTS)}")
    figures = []
    done = [run_part(part, options.quick, figures)
            for part in options.parts or PARTS]
    print(HEADER)
    for figure in figures:
        print(figure.line())
    print()
    for figure in figures:
        print(figure.json())
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main())
