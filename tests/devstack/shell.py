"""What a person's shell has: our environment without what the tests have set in it."""

import os
from urllib.parse import urlsplit

from django.db import connection

THE_TESTS_OWN = {
    "ALLOWED_HOSTS",
    "BASE_URL",
    "DATABASE_URL",
    "DEMO",
    "REDIS_URL",
    "METRICS_FOLDER",
    "PRIVATE_FILES",
    "STATIC_ROOT",
    "TESTING",
}


def variables():
    """The variables of a person's shell."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PYTEST") and name not in THE_TESTS_OWN
    }


def tests_database():
    """The address of the database that tests work in, for a process of its own."""
    server = urlsplit(os.environ["DATABASE_URL"])
    return server._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
