"""Fixtures: `browser`, a real Chromium; the rest is in tests/conftest.py."""

import pytest

from browser import Browser
from harness import ROOT


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests."""
    echarts = ROOT / "api-server/web/vendor"
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
