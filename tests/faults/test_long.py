"""Faults that last a minute, with the deadlines a real configuration has: what
waits longer and longer must not have gone to sleep when it is over.

The black hole always; the others, ten minutes more, when FAULT_ROUNDS is set.
"""

import os

import pytest

import faults
import story

GOAL_S = 5.0
DEFAULTS = {"deadline": "10s", "connect_timeout": "3s"}
LONG_S = 60


class Away(faults.Restart):
    hold_s = LONG_S

    def __init__(self):
        super().__init__("immediate")
        self.name = f"Postgres away for {LONG_S} s"


ALWAYS = [faults.BlackHole(LONG_S)]
OTHERS = [
    Away(),
    faults.Misbehave("500", "500 for a minute", hold_s=LONG_S),
    faults.Misbehave("503", "503 for a minute", hold_s=LONG_S),
    faults.Misbehave("429", "429 for a minute", hold_s=LONG_S),
    faults.Misbehave("silent", "silence for a minute", hold_s=LONG_S),
]


@pytest.mark.parametrize(
    "fault", ALWAYS + (OTHERS if os.environ.get("FAULT_ROUNDS") else []),
    ids=lambda fault: fault.name)
def test_after_a_minute(fault, capfd):
    with story.Story(database=DEFAULTS) as s:
        why = fault.impossible(s)
        if why is not None:
            pytest.skip(why)
        s.import_export(story.made_export(150))
        first, ready = s.play(fault)
        s.finish()
    with capfd.disabled():
        print(f"\n  {first:7.2f} s  {ready:7.2f} s  {fault.name}")
    assert max(first, ready) < GOAL_S
