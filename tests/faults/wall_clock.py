"""A wall clock of a program's own, which the test sets while the program runs
(see shift_clock.c)."""

import os
import pathlib
import struct
import tempfile

import preload

LIBRARY = preload.library("shift_clock")


def impossible():
    """Why there is no such clock, or None."""
    return preload.impossible("shift_clock")


class WallClock:
    def __init__(self):
        handle, path = tempfile.mkstemp(prefix="rewatch-clock-")
        os.close(handle)
        self.path = pathlib.Path(path)
        self.path.write_bytes(struct.pack("q", 0))
        self.path.chmod(0o644)
        self.shift = 0  # seconds ahead of the world

    def env(self):
        if impossible():
            return {}
        return {"LD_PRELOAD": str(LIBRARY), "SHIFT_CLOCK": str(self.path)}

    def jump(self, seconds):
        self.shift += seconds
        with open(self.path, "r+b") as file:
            file.write(struct.pack("q", self.shift))

    def remove(self):
        self.path.unlink(missing_ok=True)
