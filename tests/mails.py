"""Mails in tests: a mail is kept by a request, and sent by nothing but a delivery."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.core.signals import request_finished, request_started

from portal.mail import deliveries, transport


class Outbox(Sequence):
    """The mails that were sent; what waits is sent before one looks."""

    def sent(self):
        deliveries.deliver()
        return mail.outbox

    def __len__(self):
        return len(self.sent())

    def __getitem__(self, index):
        return self.sent()[index]

    def __eq__(self, other):
        return self.sent() == other

    def clear(self):
        self.sent().clear()


@pytest.fixture
def mailoutbox():
    """What a worker sends, in the place of pytest-django's list."""
    return Outbox()


@pytest.fixture(autouse=True)
def _no_request_sends_mail(monkeypatch):
    """Whoever sends a mail while their thread answers a request fails the test."""
    thread = threading.local()

    def begin(**_):
        thread.answers = True

    def end(**_):
        thread.answers = False

    def checked(send):
        def never_in_a_request(*args):
            assert not getattr(thread, "answers", False), "a mail is sent while a request waits"
            return send(*args)

        return never_in_a_request

    for owner, name in ((transport, "send"), (locmem.EmailBackend, "send_messages")):
        monkeypatch.setattr(owner, name, checked(getattr(owner, name)))
    request_started.connect(begin)
    request_finished.connect(end)
    yield
    request_started.disconnect(begin)
    request_finished.disconnect(end)
