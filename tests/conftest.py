"""Fixtures that many tests share come from the modules named here."""

pytest_plugins = ["tests.databases", "tests.desk", "tests.pages", "tests.scenes"]
