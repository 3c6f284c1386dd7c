"""Fixtures that every test may use."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings

from tests import factories, layout, leftovers, migrated, static_files
from tests import kept as keeping
from tests.budget import pytest_runtest_call  # noqa: F401, a hook
from tests.durations import (  # noqa: F401, hooks
    pytest_runtest_logreport,
    pytest_runtest_protocol,
    pytest_runtest_teardown,
    pytest_terminal_summary,
)
from tests.kept import kept
from tests.mails import _no_request_sends_mail, mailoutbox  # noqa: F401, fixtures
from tests.memory import pytest_collection_finish, pytest_unconfigure  # noqa: F401, hooks
from tests.order import (  # noqa: F401, hooks
    pytest_collection,
    pytest_collection_modifyitems,
    pytest_itemcollected,
)
from tests.receivers import receiver  # noqa: F401, a fixture
from tests.silence import silent_server  # noqa: F401, a fixture
from tests.smtp import mail_server  # noqa: F401, a fixture
from tests.windows import stop_server, windows, windows_python  # noqa: F401, fixtures

# Property tests are short in `make test`; long: pytest --hypothesis-profile=prove tests/...
settings.register_profile("short", max_examples=20, stateful_step_count=30, deadline=None)
settings.register_profile("prove", max_examples=1000, stateful_step_count=60, deadline=None)
settings.load_profile("short")

# Hashing a password is slow on purpose: some 80 ms and 100 MB. Here nobody attacks.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost = 1, 8
Argon2PasswordHasher.parallelism = 1

static_files.look_once()
layout.read_without()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    """What the test database is made of; closed when it is there."""
    making = ExitStack()
    with django_db_blocker.unblock():
        making.enter_context(migrated.once())
    return making


@pytest.fixture(scope="session")
def django_db_setup(django_db_modify_db_settings, django_db_setup, django_db_blocker):
    """The test database, in which a test with real transactions leaves what migrations made."""
    with django_db_blocker.unblock():
        django_db_modify_db_settings.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: leftovers.put_back())
        yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        migrated.forget()
        cursor.execute(HANG_UP)


# A thread of the live server may be on its way out still, and a database in use is not dropped.
HANG_UP = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def pytest_configure(config):
    """What is kept has hooks of its own, of which others here have the names."""
    config.pluginmanager.register(keeping)


def pytest_sessionfinish(session):
    """Wine's server is not left behind, once all workers are done."""
    if not hasattr(session.config, "workerinput"):
        stop_server()


@pytest.fixture(autouse=True)
def nothing_counted():
    """Nobody has tried too often of late: all requests of all tests come from one address."""
    cache.clear()


@kept
def pool():
    """The key of a pool of two seats."""
    return factories.make_pool(2)


@kept
def single_user():
    """The key of a single-user licence with one seat."""
    return factories.make_single_user()


@pytest.fixture
def no_cache(settings):
    """Nothing answers at the cache's port."""
    location = "redis://127.0.0.1:1/0"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": location}}
