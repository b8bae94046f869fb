"""As few descriptors as a process can have."""

import os
import resource


def leave(process, spare):
    """From now on it can open `spare` more than it has; gives the limits that
    it had, for set_limits()."""
    used = {int(fd) for fd in os.listdir(f"/proc/{process.pid}/fd")}
    free = sorted(set(range(len(used) + spare + 1)) - used)
    before = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)
    set_limits(process, (free[spare], before[1]))
    return before


def set_limits(process, limits):
    resource.prlimit(process.pid, resource.RLIMIT_NOFILE, limits)
