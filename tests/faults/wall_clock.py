"""A wall clock of a program's own, which the test sets while the program runs
(see shift_clock.c)."""

import os
import pathlib
import struct
import tempfile

import harness

LIBRARY = harness.BUILD / "tests/faults/shift_clock.so"


def impossible():
    """Why there is no such clock, or None."""
    if "san" in harness.BUILD.name:
        return "a sanitizer wants to be the first library that is loaded"
    return None if LIBRARY.exists() else f"{LIBRARY} is not built"


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
