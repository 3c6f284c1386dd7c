"""Mails that the demo keeps: staff read them there, and nobody anywhere else."""

from __future__ import annotations

import pytest
from django.utils.html import escape

from portal.mail import deliveries
from portal.mail.transport import Text
from portal.models import Role
from support.demo import mails
from tests.factories import MembershipFactory
from tests.people import signed_in
from tests.support.vendor import staff

pytestmark = pytest.mark.django_db

LINK = "https://licences.example/invitations/ab-cd/"
HTML = f'<html><head></head><body><script>x()</script><a href="{LINK}">Join</a></body></html>'


@pytest.fixture
def in_the_demo(settings, tmp_path):
    settings.DEMO = True
    settings.MAILERS = {
        "default": {"BACKEND": mails.KEEPS, "OPTIONS": {"file_path": str(tmp_path)}}
    }


@pytest.fixture
def anna():
    return signed_in(staff("Support"))


def send(*subjects):
    for subject in subjects:
        text = Text(subject, f"Grüße: {LINK}\n<b>no tag</b>", HTML)
        deliveries.keep("invitation", text, to="tom@brook.example")
    deliveries.deliver(at_once=True)


def test_lists_them_a_line_each_newest_first(in_the_demo, anna):
    send("First", "Second")

    page = anna.get("/support/mail/").text.replace("<wbr>", "")

    assert page.count("tom@brook.example") == 2
    assert page.index(">Second<") < page.index(">First<")


def test_shows_what_a_mail_says_with_links_that_work(in_the_demo, anna, tmp_path):
    send("You are invited")
    [mail] = mails.newest_first(tmp_path)

    page = anna.get(f"/support/mail/{mail.name}/").text
    part = anna.get(f"/support/mail/{mail.name}/html/")

    assert f'<a href="{LINK}" rel="nofollow">' in page
    assert escape("<b>no tag</b>") in page
    assert "Grüße" in page
    assert part.text == HTML.replace("<head>", '<head><base target="_top">')
    assert (part["X-Frame-Options"], "sandbox" in part["Content-Security-Policy"]) == (
        "SAMEORIGIN",
        True,
    )
    assert "script-src" not in part["Content-Security-Policy"]
    assert "default-src 'none'" in part["Content-Security-Policy"]


def test_nobody_but_staff_reads_them(in_the_demo, tmp_path):
    send("You are invited")
    [mail] = mails.newest_first(tmp_path)

    owner = signed_in(MembershipFactory(role=Role.OWNER).user)
    for path in (
        "/support/mail/",
        f"/support/mail/{mail.name}/",
        f"/support/mail/{mail.name}/html/",
    ):
        assert owner.get(path).status_code == 404


@pytest.mark.parametrize("name", ["20261130-051859-1-7", "etc-passwd", "0"])
def test_a_mail_that_is_not_kept_is_not_found(in_the_demo, anna, name):
    send("You are invited")

    assert anna.get(f"/support/mail/{name}/").status_code == 404


def test_outside_the_demo_there_is_no_such_page(in_the_demo, anna, settings):
    settings.DEMO = False

    assert anna.get("/support/mail/").status_code == 404
