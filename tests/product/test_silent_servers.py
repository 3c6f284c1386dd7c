"""What the product talks to may accept and say nothing: every wait has a limit of a few seconds.

One test for each kind of outside connection; each runs against ``silent_server``.
"""

from __future__ import annotations

import socket

import dns.resolver
import psycopg
import pytest
from celery import Celery
from django.conf import settings as configured

from portal.mail import workers
from portal.models import Delivery
from portal.outbound import asking, turns
from portal.outbound.unanswered import Cause, Unanswered
from tests.silence import within_limit
from tests.smtp import mailers

ACTS = [
    ("/accounts/password/reset/", {"email": "priya@example.com"}),
    ("/accounts/password/reset/", {"email": "nobody@example.com"}),
    ("/accounts/login/code/", {"email": "priya@example.com"}),
    ("/people/invite/", {"emails": "a@example.com b@example.com", "role": "viewer"}),
    ("/requests/new/", {"kind": "help", "text": "Help!"}),
]


@pytest.mark.django_db
def test_a_page_waits_once_for_a_silent_cache(client, silent_server, settings):
    location = f"redis://127.0.0.1:{silent_server.port}/0"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": location}}

    answer = client.post("/accounts/login/", {"login": "a@example.com", "password": "wrong"})

    assert answer.status_code == 200
    assert len(silent_server.accepted) == 1


def test_a_request_never_calls_the_mail_server(owner, client, silent_server, settings):
    settings.MAILERS = mailers(silent_server.port, timeout=None)

    answers = [
        (owner if path in ("/people/invite/", "/requests/new/") else client).post(path, sent)
        for path, sent in ACTS
    ]

    assert {answer.status_code for answer in answers} == {302}
    assert Delivery.objects.count() == 6
    assert silent_server.accepted == []


def test_a_request_calls_a_silent_broker_once_in_ten_seconds(silent_server, monkeypatch):
    app = Celery("publisher", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.broker_url = f"redis://127.0.0.1:{silent_server.port}/0"
    monkeypatch.setattr(workers, "current_app", app)
    monkeypatch.setattr(workers.Broker, "left_alone_until", 0.0)

    called = within_limit(lambda: [workers.call("portal.tasks.deliver") for _ in range(50)])

    assert called == [False] * 50
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


@pytest.fixture
def hurry(monkeypatch):
    """Who asks outside has little time."""
    monkeypatch.setattr(turns, "LONGEST", 0.2)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_silent_provider_is_given_up(silent_server, settings, hurry, scheme):
    """By HTTPS it is silent when the connection is to be encrypted."""
    settings.SSO_ALLOWS_INTERNAL_PROVIDERS = True

    outcome = within_limit(
        lambda: asking.read(f"{scheme}://127.0.0.1:{silent_server.port}/metadata")
    )

    assert (type(outcome), outcome.cause) == (Unanswered, Cause.TOO_SLOW)
    assert len(silent_server.accepted) == 1


def test_a_silent_dns_is_given_up(hurry, monkeypatch):
    resolver = dns.resolver.Resolver(configure=False)
    monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        resolver.nameservers, resolver.port = ["127.0.0.1"], silent.getsockname()[1]

        outcome = within_limit(lambda: asking.texts_of("_account-portal.brook.example"))

    assert (type(outcome), outcome.cause) == (Unanswered, Cause.SILENT_DNS)
