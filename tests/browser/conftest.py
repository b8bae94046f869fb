"""Fixtures: those of tests/integration, and `browser`, a real Chromium."""

import importlib.util
import pathlib
import sys

import pytest

INTEGRATION = pathlib.Path(__file__).resolve().parents[1] / "integration"
sys.path.insert(0, str(INTEGRATION))
sys.path.insert(0, str(pathlib.Path(__file__).parent))

spec = importlib.util.spec_from_file_location("integration_fixtures",
                                              INTEGRATION / "conftest.py")
fixtures = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fixtures)
for name in ("cluster", "database", "start_api", "api", "start_tmdb", "tmdb",
             "start_daemon", "daemon"):
    globals()[name] = getattr(fixtures, name)

from browser import Browser  # noqa: E402


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests."""
    echarts = fixtures.harness.ROOT / "api-server/web/vendor"
    assert (echarts / "echarts.esm.min.js").exists(), "run `make vendor`"
    chromium = Browser()
    yield chromium
    chromium.quit()


@pytest.fixture
def browser(chromium, api):
    """The page of `api`, at 1280 px, light; at the end nothing of it may have
    been said on the console."""
    chromium.visit(api)
    yield chromium
    errors = chromium.errors()
    chromium.leave()
    assert not errors, errors
