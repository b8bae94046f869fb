"""What every fault is: inject() it, heal() it, and felt() fails when it did
nothing, so that none passes for not having happened."""

import contextlib
import re

# Connections of an application (LIKE) in a state: any, lock, or Postgres's.
SOME = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND application_name LIKE %s
    AND CASE %s
        WHEN 'any' THEN true
        WHEN 'lock' THEN wait_event_type = 'Lock'
        ELSE state = %s END
"""


@contextlib.contextmanager
def held(story, fault):
    if fault.excused:
        story.watcher.excuse()
    try:
        fault.inject(story)
        yield
    finally:
        fault.heal(story)
        if fault.excused:
            story.watcher.accuse()


def said(story, pattern):
    """One of the daemons has logged it in this round."""
    log = story.log_of_round()
    assert re.search(pattern, log), f"no daemon said: {pattern}"


class Fault:
    name = ""
    hold_s = 1.0
    excused = False  # stops or cuts off a client: its transaction stays open
    database_away = False  # nothing can be asked while it lasts
    calls_extra = 0  # that may be made within a second, beyond the rate

    def impossible(self, story):
        """Why this machine cannot do it, or None."""

    def inject(self, story):
        raise NotImplementedError

    def heal(self, story):
        pass

    def felt(self, story):
        pass


def terminate(story, application):
    """All of them, whatever they do; how many there were."""
    return story.database.value(
        f"SELECT count(pg_terminate_backend(pid)) FROM ({SOME}) s",
        application, "any", "")
