"""What a person's shell has: our environment without what the tests have set in it."""

import os

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
