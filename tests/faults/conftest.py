"""The fixtures of the integration tests."""

import importlib.util
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parents[1] / "integration"
sys.path.insert(0, str(HERE))

spec = importlib.util.spec_from_file_location("integration_fixtures",
                                              HERE / "conftest.py")
fixtures = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fixtures)

for name in ("cluster", "database", "start_api", "api", "start_tmdb", "tmdb",
             "start_daemon", "daemon"):
    globals()[name] = getattr(fixtures, name)
