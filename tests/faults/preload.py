"""Libraries of ours that are loaded before a program (LD_PRELOAD)."""

import harness


def library(name):
    return harness.BUILD / f"tests/faults/{name}.so"


def impossible(name):
    """Why it cannot be loaded, or None."""
    if "san" in harness.BUILD.name:
        return "a sanitizer wants to be the first library that is loaded"
    if not library(name).exists():
        return f"{library(name)} is not built"
    return None
