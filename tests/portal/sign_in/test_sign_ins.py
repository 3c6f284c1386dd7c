"""What is remembered of a sign-in: where else one is signed in, and who hears of an unusual one."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client

from portal.models import AccountPreferences, SignIn
from tests.factories import PASSWORD, MembershipFactory, UserFactory, ago

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15"
)


@pytest.fixture
def person(account):
    person = UserFactory(email="priya@example.com")
    MembershipFactory(account=account, user=person)
    return person


@pytest.fixture
def sign_in(person):
    """Signs in from somewhere; the browser it was done in."""

    def from_there(user_agent=FIREFOX, ip="192.0.2.7"):
        browser = Client(headers={"User-Agent": user_agent}, REMOTE_ADDR=ip)
        browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
        return browser

    return from_there


def test_the_first_is_not_unusual(sign_in, mailoutbox):
    sign_in()

    assert mailoutbox == []


def test_nor_is_a_neighbouring_address(sign_in, mailoutbox):
    sign_in()
    sign_in(ip="192.0.2.200")

    assert mailoutbox == []


@pytest.mark.parametrize("unusual", [{"user_agent": SAFARI}, {"ip": "198.51.100.1"}])
def test_a_new_browser_or_place_is_told_by_mail(sign_in, mailoutbox, unusual):
    sign_in()
    sign_in(**unusual)
    sign_in(**unusual)

    [mail] = mailoutbox
    assert (mail.to, mail.subject) == (
        ["priya@example.com"],
        "A sign-in from a new place or browser",
    )


def test_it_is_forgotten_after_ninety_days(sign_in, mailoutbox):
    sign_in()
    SignIn.objects.update(at=ago(days=91))

    sign_in()

    assert len(mailoutbox) == 1


def test_lists_where_one_is_signed_in(sign_in):
    sign_in(SAFARI, "198.51.100.1")

    page = sign_in().get("/accounts/sign-ins/").text

    for words in ("Firefox on Windows", "From 192.0.2.7", "Safari on macOS", "From 198.51.100.1"):
        assert words in page


def test_signs_out_everywhere_else(sign_in):
    other, here = sign_in(SAFARI), sign_in()

    here.post("/accounts/sign-ins/")

    assert other.get("/").status_code == 302
    assert here.get("/").status_code == 200


def test_shows_nobody_elses(sign_in, stranger):
    sign_in()

    assert "192.0.2.7" not in stranger.get("/accounts/sign-ins/").text


@pytest.mark.parametrize(("hours", "status"), [(None, 200), (1, 302), (8, 200)])
def test_ends_for_the_idle_when_owners_want_it(sign_in, account, hours, status):
    AccountPreferences.objects.create(account=account, sign_out_after_hours=hours)
    here = sign_in()

    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)):
        assert here.get("/").status_code == status


@pytest.mark.census
@pytest.mark.parametrize(("kept", "lasts"), [({}, 24), ({"remember": "on"}, 14 * 24)])
def test_ends_so_long_after_it_whatever_is_done_meanwhile(account, kept, lasts):
    person = MembershipFactory(account=account).user
    here = Client()
    here.post("/accounts/login/", {"login": person.email, "password": PASSWORD} | kept)
    begun = dt.datetime.now(dt.UTC)

    answers = []
    for hours in (lasts * 0.3, lasts * 0.6, lasts * 0.9, lasts - 0.1, lasts + 0.1):
        with time_machine.travel(begun + dt.timedelta(hours=hours)):
            answers.append(here.get("/licences/"))

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 302]
    assert answers[-1]["Location"] == "/accounts/login/?next=/licences/"
    assert not UserSession.objects.exists()


def test_a_session_that_does_not_say_when_it_began_is_over(owner):
    session = owner.session
    del session["signed_in_at"]
    session.save()

    assert owner.get("/licences/").status_code == 302


def test_what_a_dialog_asks_for_is_a_sign_of_life(sign_in, account):
    AccountPreferences.objects.create(account=account, sign_out_after_hours=1)
    here = sign_in()
    now = dt.datetime.now(dt.UTC)

    with time_machine.travel(now + dt.timedelta(minutes=40)):
        here.get("/people/", headers={"X-Requested-With": "dialog"})

    with time_machine.travel(now + dt.timedelta(minutes=80)):
        assert here.get("/people/").status_code == 200


def test_what_a_page_asks_by_itself_is_no_sign_of_life(sign_in, account):
    AccountPreferences.objects.create(account=account, sign_out_after_hours=1)
    here = sign_in()
    now = dt.datetime.now(dt.UTC)
    for minutes in (30, 55):
        with time_machine.travel(now + dt.timedelta(minutes=minutes)):
            here.get("/sessions/rows/", headers={"X-Requested-With": "rows"})
            here.get("/alerts/bell/", headers={"X-Requested-With": "bell"})

    with time_machine.travel(now + dt.timedelta(minutes=70)):
        answer = here.get("/sessions/rows/", headers={"X-Requested-With": "rows"})

    assert answer.status_code == 401
    assert answer["X-Go-To"].startswith("/accounts/login/")
