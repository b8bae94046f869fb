"""How well films are matched, when the shared catalogue is there.

bench_match asks about every film of the table, once with the right film among
the answers and once with it taken out: then whatever is matched is wrong. Both
again with the index of titles on, made from the catalogue. Then once with a
namesake beside every film of the table: of its name and year, with 0 to 20
votes.
"""

import gzip
import re
import shutil
import subprocess
import sys
import tempfile

import ground
from figure import Figure

CATALOGUE = ground.SHARED / "tmdb/catalogue.jsonl.gz"
TRUTH = ground.SHARED / "tmdb/match-truth.tsv"


def start(catalogue, *more):
    return subprocess.Popen(
        [ground.tool("bench_match"), catalogue, TRUTH, *more],
        stdout=subprocess.PIPE, text=True)


def counts(process):
    """The summary at its end: {what: the text with its number}."""
    out = process.communicate()[0]
    if process.returncode not in (0, 1):
        raise RuntimeError("bench_match failed; its message is above")
    return dict(re.findall(r"^([a-z ]+?) +(\d.*)$", out, re.M))


def number(text):
    return float(re.match(r"[0-9.]+", text)[0])


def wrong(text):
    return int(re.search(r"wrong (\d+)", text)[1])


def matched(counted, confidence):
    """Of films that are not among the answers: whatever is matched is wrong."""
    return int(re.search(rf"{confidence} (\d+)",
                         counted["not to be found"])[1])


def run(quick):
    if not (CATALOGUE.exists() and TRUTH.exists()):
        print("match: skipped, there is no catalogue beside the checkout",
              file=sys.stderr)
        return []
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as plain:
        with gzip.open(CATALOGUE) as packed:
            shutil.copyfileobj(packed, plain)
        plain.flush()
        seen, hidden = map(counts, (start(plain.name),
                                    start(plain.name, "--without-right")))
        indexed, indexed_hidden = map(counts, (
            start(plain.name, "--index"),
            start(plain.name, "--index", "--without-right")))
        namesakes = counts(start(plain.name, "--namesakes"))
    films = number(seen["films in the catalogue"])
    found = number(seen["matched rightly"])
    return [
        Figure("match: found rightly", found / films, "",
               f"{found:.0f} of {films:.0f}; medium {seen['medium']}; "
               f"low {seen['low']}; ambiguous {seen['ambiguous']}; "
               f"not found {seen['not found']}",
               {"found": found, "films": films}),
        Figure("match: sure and wrong", wrong(seen["high"]) / films, "<= 0",
               f"{wrong(seen['high'])} of {number(seen['high']):.0f}",
               {"wrong": wrong(seen["high"])}),
        Figure("match: calls per film", number(seen["calls per film"]), "",
               seen["calls per film"]),
        Figure("match: sure without the right film",
               matched(hidden, "high") / films, "",
               hidden["not to be found"],
               {"high": matched(hidden, "high"),
                "medium": matched(hidden, "medium")}),
        Figure("match: calls with the index",
               number(indexed["calls per film"]), "",
               f"{indexed['calls per film']}; given by it "
               f"{indexed['given by the index']}",
               {"found": number(indexed["matched rightly"])}),
        Figure("match: sure, wrong, with the index",
               wrong(indexed["high"]) / films, "<= 0",
               f"{wrong(indexed['high'])} of {number(indexed['high']):.0f}; "
               "without the right film "
               f"{indexed_hidden['not to be found']}",
               {"wrong": wrong(indexed["high"]),
                "without_right": matched(indexed_hidden, "high")}),
        Figure("match: wrong beside a namesake",
               (wrong(namesakes["high"]) + wrong(namesakes["medium"])) / films,
               "<= 0",
               f"high {namesakes['high']}; medium {namesakes['medium']}; "
               f"low {namesakes['low']}; ambiguous {namesakes['ambiguous']}; "
               f"not found {namesakes['not found']}",
               {"wrong_low": wrong(namesakes["low"])}),
        Figure("match: calls beside a namesake",
               number(namesakes["calls per film"]), "",
               namesakes["calls per film"]),
    ]
