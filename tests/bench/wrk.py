"""wrk, the load generator."""

import re
import shutil
import subprocess

CONNECTIONS = 8


def check():
    if not shutil.which("wrk"):
        raise RuntimeError("wrk is not installed; Debian's package is \"wrk\"")


def requests_per_second(url, seconds, headers):
    """One thread, a few connections that stay open."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", url]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    out = subprocess.run(command, check=True, capture_output=True,
                         text=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise RuntimeError(out)
    return float(re.search(r"Requests/sec:\s+([0-9.]+)", out)[1])
