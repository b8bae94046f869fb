"""Names of machines, and the servers of names, which can fall silent (see
names.c)."""

import pathlib
import shutil
import tempfile

import preload

LIBRARY = preload.library("names")


def impossible():
    """Why there can be no such names, or None."""
    return preload.impossible("names")


class Names:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="rewatch-names-"))
        self.silent = self.folder / "silent"

    def env(self):
        return {"LD_PRELOAD": str(LIBRARY), "SILENT_NAMES": str(self.silent)}

    def fall_silent(self):
        self.silent.touch()

    def answer(self):
        self.silent.unlink(missing_ok=True)

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)
