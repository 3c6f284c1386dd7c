"""One form sent twice at the same moment: it does once what it asks for."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from portal.models import Role
from portal.sent import forms as sent_forms
from portal.sent import page_marks
from tests.factories import AccountFactory, MembershipFactory
from tests.licensing.races.together import at_once
from tests.people import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def ask_twice_at_once(monkeypatch):
    """How many requests one form makes; both are past every check before the first is made."""
    membership = MembershipFactory(account=AccountFactory(), role=Role.OWNER)
    browsers = [signed_in(membership.user) for _ in range(2)]
    form = {"kind": "help", "text": "Please call."}
    form[page_marks.FIELD] = f"{browsers[0].mark()}.{'x' * 16}"
    meet, read = threading.Barrier(2), sent_forms.fingerprint_of
    monkeypatch.setattr(
        sent_forms, "fingerprint_of", lambda request: (meet.wait(10), read(request))[1]
    )
    answers = []
    at_once(
        *(
            partial(lambda browser: answers.append(browser.post("/requests/new/", form)), browser)
            for browser in browsers
        )
    )
    assert {answer["Location"] for answer in answers} <= {
        f"/requests/{made.pk}/" for made in membership.account.requests.all()
    }
    return membership.account.requests.count()


def test_one_is_made(monkeypatch):
    assert ask_twice_at_once(monkeypatch) == 1


def test_the_race_is_real(monkeypatch):
    """Without the record of what was sent both are made, so the test above proves something."""
    found = sent_forms.SentForm.objects.get_or_create
    monkeypatch.setattr(
        sent_forms.SentForm.objects,
        "get_or_create",
        lambda fingerprint: found(fingerprint=f"{threading.get_ident()}"),
    )

    assert ask_twice_at_once(monkeypatch) == 2
