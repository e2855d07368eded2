"""Fixtures that many tests share come from the modules named here."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.databases", "tests.desk", "tests.pages", "tests.scenes"]

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")  # how long an example takes says nothing where others work beside
