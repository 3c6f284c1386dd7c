"""What the product talks to may accept and say nothing: every wait has a limit of a few seconds.

One test for each kind of outside connection; each runs against ``silent_server``.
"""

from __future__ import annotations

import kombu.exceptions
import psycopg
import pytest
from celery import Celery
from django.conf import settings as configured

from tests.silence import within_limit


@pytest.mark.django_db
def test_a_page_waits_once_for_a_silent_cache(client, silent_server, settings):
    location = f"redis://127.0.0.1:{silent_server.port}/0"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": location}}

    answer = client.post("/accounts/login/", {"login": "a@example.com", "password": "wrong"})

    assert answer.status_code == 200
    assert len(silent_server.accepted) == 1


def test_publishing_to_a_silent_broker_is_given_up(silent_server):
    app = Celery("publisher", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.broker_url = f"redis://127.0.0.1:{silent_server.port}/0"

    outcome = within_limit(lambda: app.send_task("portal.tasks.note_background_work"))

    assert isinstance(outcome, kombu.exceptions.OperationalError)
    assert len(silent_server.accepted) == 1


def test_connecting_to_a_silent_database_is_given_up(silent_server):
    limit = configured.DATABASES["default"]["OPTIONS"]["connect_timeout"]

    outcome = within_limit(
        lambda: psycopg.connect(
            host="127.0.0.1", port=silent_server.port, connect_timeout=min(limit, 2)
        )
    )

    assert isinstance(outcome, psycopg.OperationalError)
    assert limit <= 5
