"""What the portal forgets of people, each night."""

from __future__ import annotations

from django.contrib.sessions.models import Session

from portal.models import EmailChange, SignIn
from portal.sign_in import forgetting
from portal.tasks import forget_ended_sign_ins, tidy_up
from tests.factories import UserFactory, ago


def sign_in(user, browser, days):
    return SignIn.objects.create(
        user=user, browser=browser, network="192.0.2.0/24", at=ago(days=days)
    )


def test_sign_ins_go_after_thirteen_months_but_for_ones_last(db, monkeypatch):
    monkeypatch.setattr("licensing.history.BATCH", 1)
    often, seldom = UserFactory.create_batch(2)
    sign_in(often, "Firefox", days=500)
    sign_in(often, "Safari", days=400)
    kept = [sign_in(often, "Edge", days=390), sign_in(often, "Opera", days=1)]
    kept.append(sign_in(seldom, "Firefox", days=500))

    assert forgetting.prune() == 2

    assert list(SignIn.objects.order_by("pk")) == kept


def test_changes_of_address_go_thirty_days_after_their_end(db):
    user = UserFactory()
    EmailChange.objects.create(user=user, email="a@example.com", ends_at=ago(days=31))
    recent = EmailChange.objects.create(user=user, email="b@example.com", ends_at=ago(days=29))

    tidy_up()

    assert list(EmailChange.objects.all()) == [recent]


def test_sessions_go_when_their_time_is_over(db):
    Session.objects.create(session_key="over", expire_date=ago(minutes=1))
    open_still = Session.objects.create(session_key="open", expire_date=ago(minutes=-1))

    forget_ended_sign_ins()

    assert list(Session.objects.all()) == [open_still]
