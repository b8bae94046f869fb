"""Faults of the programs: killed, stopped."""

import signal

from fault import Fault
from harness import wait_until

LEASE_S = 1.5  # as story.DAEMON has it


class KillDaemons(Fault):
    name = "kill -9 of both daemons"

    def inject(self, story):
        for daemon in story.daemons:
            daemon.kill()
            story.kills += 1

    def heal(self, story):
        for daemon in story.daemons:
            daemon.start()


class KillDaemon(KillDaemons):
    """The other one takes over."""

    name = "kill -9 of one daemon"

    def inject(self, story):
        self.victim = story.dice.choice(story.daemons)
        self.victim.kill()
        story.kills += 1

    def heal(self, story):
        self.victim.start()


class KillApi(Fault):
    name = "kill -9 of the API server"

    def inject(self, story):
        story.traffic.killed = True
        story.api.kill()

    def heal(self, story):
        story.api.start()
        wait_until(story.api.up, "API server up", every=0.01)
        story.traffic.killed = False


class Freeze(Fault):
    """A suspended virtual machine, a laptop's lid."""

    name = "SIGSTOP of one daemon beyond its lease"
    hold_s = LEASE_S * 1.6
    excused = True

    def inject(self, story):
        self.victim = story.dice.choice(story.daemons)
        self.before = self.victim.log().count("lease lost")
        self.victim.signal(signal.SIGSTOP)

    def heal(self, story):
        self.victim.signal(signal.SIGCONT)

    def felt(self, story):
        wait_until(lambda: self.victim.log().count("lease lost")
                   > self.before, "it notices that its lease is lost")


class FreezeBoth(Fault):
    name = "SIGSTOP of both daemons beyond their leases"
    hold_s = LEASE_S * 1.6
    excused = True

    def inject(self, story):
        for daemon in story.daemons:
            daemon.signal(signal.SIGSTOP)

    def heal(self, story):
        for daemon in story.daemons:
            daemon.signal(signal.SIGCONT)
