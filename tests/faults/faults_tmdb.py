"""Faults of TMDB, by its stand-in."""

from fault import Fault, said


class Misbehave(Fault):
    """The stand-in answers every call like this."""

    # Of gzip nothing is to be seen: the daemon knows it without its header.
    EVIDENCE = {"429": "tmdb asks for a pause", "503": "tmdb asks for a pause",
                "401": "does not accept our token", "gzip": ""}

    # What a kept connection swallows when it is reset, curl sends again on a
    # new one, and cannot be told not to: once for each of both daemons'.
    KEPT = 2 * 16

    def __init__(self, kind, name="", hold_s=1.0, **more):
        self.rule = {"kind": kind, **more}
        self.kind = kind
        self.hold_s = hold_s
        self.name = f"TMDB: {name or kind}"
        if kind == "reset":
            self.calls_extra = self.KEPT

    def inject(self, story):
        story.keep_busy()
        story.tmdb.misbehave(faults=[self.rule])

    def heal(self, story):
        story.tmdb.misbehave()

    def felt(self, story):
        said(story, self.EVIDENCE.get(self.kind, "job failed"))


class SpuriousDenial(Misbehave):
    """TMDB's own mistake: nobody does anything about it."""

    def __init__(self):
        super().__init__("401", "401 by mistake")

    def felt(self, story):
        super().felt(story)
        for daemon in story.daemons:
            log = daemon.log()[story.log_seen[daemon]:]
            assert log.count(self.EVIDENCE["401"]) <= 1, log


class WrongToken(Misbehave):
    """Mended as the log says: a valid token, and a restart."""

    def __init__(self):
        super().__init__("401", "wrong credentials (401), restarted after")

    def heal(self, story):
        super().heal(story)
        for daemon in story.daemons:
            daemon.stop()
            daemon.start()
