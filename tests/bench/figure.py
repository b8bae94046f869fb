"""What a measurement is told as: a line for a person, a line of JSON.

A figure is a ratio of two measurements of the same run: machines differ, and
this one may be busy. Repetitions of the two take turns, and their medians are
divided; the spread is that of the repetitions, smallest and largest.
"""

import json
import statistics
from dataclasses import dataclass, field


@dataclass
class Figure:
    name: str
    ratio: float
    goal: str = ""  # "<= 2", ">= 0.4" or none
    text: str = ""  # the raw numbers, for a person
    raw: dict = field(default_factory=dict)  # the raw numbers

    def met(self):
        if not self.goal:
            return None
        sign, limit = self.goal.split()
        return (self.ratio <= float(limit) if sign == "<="
                else self.ratio >= float(limit))

    def line(self):
        met = {None: "", True: "met", False: "MISSED"}[self.met()]
        return (f"{self.name:<34} {self.ratio:>8.3f}  {self.goal:<7} "
                f"{met:<7} {self.text}")

    def json(self):
        return json.dumps({"name": self.name, "ratio": round(self.ratio, 4),
                           "goal": self.goal or None, "met": self.met(),
                           **self.raw})


HEADER = f"{'figure':<34} {'ratio':>8}  {'goal':<7} {'':<7} raw"


class Samples:
    """Measurements of one thing; all of one unit."""

    def __init__(self, values):
        self.values = list(values)
        self.median = statistics.median(self.values)

    def text(self, unit, scale=1):
        shown = [self.median, min(self.values), max(self.values)]
        mid, low, high = (f"{v * scale:,.{self.digits(scale)}f}"
                          for v in shown)
        return f"{mid} {unit} [{low}..{high}]"

    def digits(self, scale):
        return 0 if self.median * scale >= 1000 else 1

    def raw(self):
        return {"median": round(self.median, 6),
                "min": round(min(self.values), 6),
                "max": round(max(self.values), 6),
                "runs": len(self.values)}


def in_turn(times, **measures):
    """Calls each measure() so many times, taking turns: {name: Samples}."""
    values = {name: [] for name in measures}
    for _ in range(times):
        for name, measure in measures.items():
            values[name].append(measure())
    return {name: Samples(v) for name, v in values.items()}


def against(name, ours, floor, goal="", unit="", scale=1, more=""):
    """The ratio of two Samples."""
    return Figure(name, ours.median / floor.median, goal,
                  f"{ours.text(unit, scale)} : {floor.text(unit, scale)}"
                  + more, {"ours": ours.raw(), "floor": floor.raw()})
