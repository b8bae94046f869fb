"""All the faults. Which of them this machine cannot do, impossible(story)
says."""

from faults_clock import (DAY_S, HOUR_S, DaemonClock, DatabaseClock,
                          DatedPause)
from faults_connections import Terminate, TerminateAll, TerminateWaiting
from faults_network import BlackHole, holes
from faults_postgres import (FastRestart, FrozenBackends, FullWal, KillBackend,
                             KillPostmaster, LongAway, Restart)
from faults_programs import (Freeze, FreezeBoth, KillApi, KillDaemon,
                             KillDaemons)
from faults_statements import (Deadlock, FullDisk, LockHeld, Refused,
                               Serialization, SlowStatement)
from faults_tmdb import Misbehave, SpuriousDenial, WrongToken


def kinds():
    return [
        KillDaemon(), KillDaemons(), KillApi(), Freeze(), FreezeBoth(),
        Terminate("rewatch enrich-daemon", "idle"),
        Terminate("rewatch enrich-daemon", "active"),
        TerminateWaiting("rewatch enrich-daemon"),
        Terminate("rewatch enrich-daemon listen", "idle"),
        Terminate("rewatch api-server", "idle"),
        Terminate("rewatch api-server", "active"),
        Terminate("rewatch api listen", "idle"),
        TerminateAll(),
        FastRestart(), Restart("immediate"), LongAway(), KillBackend(),
        KillPostmaster(), FullWal(), FrozenBackends(), *holes(), LockHeld(),
        SlowStatement(), Deadlock(), Serialization(),
        Refused("too many connections (53300)", "CONNECTION LIMIT 0",
                "CONNECTION LIMIT -1", "too many connections"),
        Refused("login refused (28000)", "NOLOGIN", "LOGIN",
                "not permitted to log in"),
        FullDisk(),
        Misbehave("429", "429 with Retry-After 1", retry_after=1),
        Misbehave("429", "429 without Retry-After"),
        Misbehave("500"), Misbehave("503", "503 with HTML"),
        Misbehave("html", "HTML for JSON"), Misbehave("bad_json", "bad JSON"),
        Misbehave("truncated"), Misbehave("gzip", "gzip without its header"),
        Misbehave("reset", "connection reset"),
        Misbehave("silent", "silence", hold_s=2.5), WrongToken(), SpuriousDenial(),
        DaemonClock(HOUR_S), DaemonClock(-HOUR_S), DaemonClock(3 * DAY_S),
        DaemonClock(-3 * DAY_S),
        DatabaseClock(HOUR_S), DatabaseClock(-HOUR_S), DatedPause(),
    ]
