"""Two faults at once: one is there, and the other comes on top of it.

A fault takes things away while it lasts and needs others for being a fault at
all; TABLE says both. Two faults are a pair in
the order in which the first leaves what the second needs. When there is no such
order, the one could not be told from the other: they are no pair.
"""

import collections
import itertools
import time

from fault import Fault
from faults_clock import DaemonClock, DatabaseClock, DatedPause
from faults_connections import Terminate, TerminateAll, TerminateWaiting
from faults_network import (ApiHole, BlackHole, HoleInside, IdleHole,
                            ListenHole, TmdbHole)
from faults_postgres import (FastRestart, FrozenBackends, FullWal, KillBackend,
                             Restart)
from faults_programs import (Freeze, FreezeBoth, KillApi, KillDaemon,
                             KillDaemons)
from faults_statements import (Deadlock, FullDisk, LockHeld, Refused,
                               Serialization, SlowStatement)
from faults_tmdb import Misbehave, WrongToken

SERVER = "Postgres"
SESSIONS = "the daemons' sessions"
OBEDIENCE = "backends that do what they are told"
API_SESSIONS = "the API server's sessions"
API = "the API server"
ONE = "one daemon's process"
BOTH = "both daemons' processes"
CALLS = "good answers of TMDB"
STORES = "titles being stored"
ROOM = "the room that Postgres needs to recover"

OF_SERVER = {SERVER, SESSIONS, API_SESSIONS, CALLS, STORES}
OF_DAEMONS = {ONE, BOTH, SESSIONS, CALLS, STORES}

# Kind: what it takes, what it needs. The first kind that fits.
TABLE = [
    (KillDaemon, {ONE, BOTH}, {BOTH}),
    (KillDaemons, OF_DAEMONS, {BOTH}),
    (Freeze, {ONE, BOTH}, {BOTH}),
    (FreezeBoth, OF_DAEMONS, {BOTH}),
    # Healed when it answers again.
    (KillApi, {API, API_SESSIONS}, {API, API_SESSIONS}),
    (TerminateWaiting, {STORES}, {SESSIONS, STORES}),
    (Terminate, set(), {SESSIONS, API_SESSIONS, CALLS, STORES}),
    (TerminateAll, set(), {SESSIONS, API_SESSIONS, BOTH}),
    (FastRestart, OF_SERVER, {SERVER, ROOM, OBEDIENCE}),
    (Restart, OF_SERVER, {SERVER, ROOM}),
    (FullWal, OF_SERVER, {SERVER, ROOM}),
    (KillBackend, OF_SERVER, {SERVER, SESSIONS, ROOM}),
    (FrozenBackends, {OBEDIENCE, SESSIONS, CALLS, STORES}, {SESSIONS}),
    (HoleInside, {SESSIONS, CALLS, STORES}, {SESSIONS, CALLS, STORES}),
    (IdleHole, {SESSIONS, CALLS, STORES}, {SESSIONS, CALLS, STORES}),
    (BlackHole, {SESSIONS, API_SESSIONS, CALLS, STORES}, {SESSIONS}),
    (ListenHole, set(), {SESSIONS, STORES}),
    (TmdbHole, {CALLS, STORES}, {CALLS}),
    # Results that cannot be stored are kept, and soon there is no room.
    (LockHeld, {CALLS, STORES}, {SESSIONS, STORES}),
    (SlowStatement, {CALLS, STORES}, {SESSIONS, STORES}),
    (Deadlock, set(), {SESSIONS, STORES}),
    (Serialization, set(), {SESSIONS, CALLS, STORES}),
    (Refused, {SESSIONS, API_SESSIONS, CALLS, STORES}, {SESSIONS}),
    (FullDisk, {CALLS, STORES, ROOM}, {SESSIONS, STORES}),
    (WrongToken, OF_DAEMONS, {BOTH, SESSIONS, CALLS}),
    (DatedPause, {CALLS, STORES}, {SESSIONS, CALLS}),
    (Misbehave, {CALLS, STORES}, {SESSIONS, CALLS}),
]
# These show that there is nothing to see, or are several faults already.
ALONE = (DaemonClock, DatabaseClock, ApiHole)


def entry(fault):
    for kind, takes, needs in TABLE:
        if isinstance(fault, kind):
            return takes, needs
    # All that is left is of the postmaster.
    return OF_SERVER, {SERVER, ROOM}


def alone(fault):
    return (isinstance(fault, ALONE)
            and not isinstance(fault, DatedPause))


class Pair(Fault):
    """The second comes and goes while the first lasts."""

    def __init__(self, first, second):
        self.first = first
        self.second = second
        self.name = f"{first.name} + {second.name}"
        self.hold_s = 0
        self.excused = first.excused or second.excused
        self.database_away = first.database_away

    @property
    def calls_extra(self):
        return self.first.calls_extra + self.second.calls_extra

    def seconds(self):
        return self.first.hold_s + self.second.hold_s

    def impossible(self, story):
        return self.first.impossible(story) or self.second.impossible(story)

    def inject(self, story):
        self.first.inject(story)
        time.sleep(self.first.hold_s)
        story.keep_busy()  # Work may have gone on all the time.
        try:
            self.second.inject(story)
            time.sleep(self.second.hold_s)
        finally:
            self.second.heal(story)

    def heal(self, story):
        self.first.heal(story)

    def felt(self, story):
        self.first.felt(story)
        self.second.felt(story)


def in_order(a, b):
    """The pair, or what each takes from the other."""
    if alone(a) or alone(b):
        return "one must be seen to do nothing, or is several already"
    missing = []
    # Postgres comes back before somebody else needs it to heal.
    for first, second in sorted([(a, b), (b, a)],
                                key=lambda pair: pair[0].database_away):
        lost = entry(first)[0] & entry(second)[1]
        if not lost:
            return Pair(first, second)
        missing.append(sorted(lost)[0])
    return f"each takes {' or '.join(sorted(set(missing)))} from the other"


def pairs(kinds):
    """([pair], Counter of why others are none)"""
    made = [in_order(a, b) for a, b in itertools.combinations(kinds, 2)]
    return ([pair for pair in made if isinstance(pair, Pair)],
            collections.Counter(why for why in made if isinstance(why, str)))
