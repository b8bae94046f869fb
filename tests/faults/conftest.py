"""Each line of a log is evidence here: none is counted with others."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def every_line():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REWATCH_LOG_REPEATS", "0s")
        yield
