"""A form that is sent after its sign-in has ended is kept for its person, who sends it later."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from licensing import encryption
from portal.models import KeptForm, Membership, Role
from portal.sent import kept_forms
from tests.factories import PASSWORD, AccountFactory, MembershipFactory, make_pool
from tests.portal.sent.marks import mark_on

ORIGIN = {"Origin": "http://testserver", "Referer": "http://testserver/requests/new/"}
ASKED = {"kind": "help", "text": "Please call & <ask> for Anna."}
KEPT = "/kept-form/"


@pytest.fixture
def asked(owner):
    """What an owner sends to ask for help."""
    page = owner.get("/requests/new/")
    return ASKED | {"sent_from": mark_on(page), "seen": page.context.get("seen", "")}


def send(browser, form, address="/requests/new/", **headers):
    return browser.post(address, form, headers=ORIGIN | headers)


def sign_in(browser, email="priya@example.com", **how):
    """The answer that leads on."""
    return browser.post("/accounts/login/", {"login": email, "password": PASSWORD} | how)


def send_kept(browser, page):
    """Press Send beneath the first form of the page."""
    first = page.context["forms"][0]
    return browser.post(first["address"], dict(first["kept"].fields), follow=True)


def test_the_same_person_sends_it_by_one_press(asked, account):
    browser = Client()

    assert send(browser, asked)["Location"].startswith("/accounts/login/?next=/requests/new/")
    assert "What you typed is kept." in browser.get("/accounts/login/").text
    assert sign_in(browser)["Location"] == KEPT

    page = browser.get(KEPT)
    assert "Please call &amp; &lt;ask&gt; for Anna." in page.text
    assert 'href="/requests/new/"' in page.text
    send_kept(browser, page)
    assert account.requests.get().text == ASKED["text"]


def test_another_person_does_not_see_it_and_its_own_does_later(asked, account):
    MembershipFactory(account=account, user__email="tom@example.com", role=Role.OWNER)
    browser = Client()
    send(browser, asked)

    to_page = sign_in(browser, "tom@example.com", next="/requests/new/")

    assert to_page["Location"] == "/"
    assert browser.get(KEPT)["Location"] == "/"
    browser.post("/accounts/logout/")
    assert sign_in(browser)["Location"] == KEPT


def test_another_browser_does_not_see_it(asked):
    send(Client(), asked)

    assert sign_in(Client())["Location"] == "/"


def test_is_shown_by_itself_only_once(asked):
    browser = Client()
    send(browser, asked)
    sign_in(browser)
    browser.get(KEPT)
    browser.post("/accounts/logout/")

    assert sign_in(browser)["Location"] == "/"
    assert browser.get(KEPT).status_code == 200


def test_secrets_and_files_are_not_kept(asked, pool):
    plain = encryption.decrypt(bytes(pool.encrypted))
    secrets = {"password": "hunter2", "code": "123456", "client_secret": "hush", "token": "t0"}
    asked |= secrets | {"note": f"The key is {plain}.", "file": SimpleUploadedFile("a", b"hush")}

    send(Client(), asked)

    kept = KeptForm.objects.get()
    assert {name for name, _value in kept.fields} == {"kind", "text", "sent_from", "seen"}
    assert kept.is_partial


@pytest.mark.parametrize(
    "change",
    [
        {"Origin": "https://evil.example"},
        {"Origin": ""},
    ],
    ids=["another site", "nobody"],
)
def test_only_what_a_page_of_ours_sends_is_kept(asked, change):
    answer = send(Client(), asked, **change)

    assert answer["Location"].startswith("/accounts/login/")
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/requests/new/", {"text": "x" * kept_forms.LONGEST}),
        ("/requests/new/", {"text": "", "next": "/"}),
        ("/theme/", {"theme": "dark"}),
        ("/nowhere/", {"text": "Help"}),
    ],
    ids=["too long", "empty", "a choice", "nowhere"],
)
def test_what_is_too_long_or_not_worth_it_is_not_kept(asked, address, form):
    send(Client(), {"sent_from": asked["sent_from"]} | form, address)

    assert not KeptForm.objects.exists()


def test_a_form_is_kept_once_and_nobody_fills_the_table(asked):
    browser = Client()
    for _time in range(2):
        send(browser, asked)
    assert KeptForm.objects.count() == 1

    for _time in range(10):
        send(Client(), asked)
    assert KeptForm.objects.count() < 7


def test_is_kept_for_an_hour(asked):
    browser = Client()
    send(browser, asked)
    old = KeptForm.objects.get().kept_at - dt.timedelta(hours=1)
    KeptForm.objects.update(kept_at=old)

    assert sign_in(browser)["Location"] == "/"
    assert kept_forms.forget() == 1


def test_one_who_was_idle_for_too_long_loses_nothing(owner, asked, account):
    session = owner.session
    session["signed_in_at"] = 0
    session.save()

    send(owner, asked)

    assert sign_in(owner)["Location"] == KEPT


def test_of_a_browser_without_any_cookie_it_is_kept_too(asked):
    browser = Client(enforce_csrf_checks=True)

    answer = send(browser, asked | {"csrfmiddlewaretoken": "x" * 64})

    assert answer["Location"].startswith("/accounts/login/?next=/requests/new/")
    assert KeptForm.objects.exists()


def test_of_another_account_it_is_sent_after_a_switch(asked, account):
    person = Membership.objects.get(user__email="priya@example.com").user
    first = AccountFactory(name="A first one")
    MembershipFactory(account=first, user=person, role=Role.OWNER)
    browser = Client()
    send(browser, asked)
    sign_in(browser)

    page = browser.get(KEPT)

    assert "Switch to Brook &amp; Co and send" in page.text
    send_kept(browser, page)
    assert account.requests.get().text == ASKED["text"]
    assert not first.requests.exists()


def test_a_script_that_sends_it_leads_the_page_to_sign_in(asked):
    answer = send(Client(), asked, **{"X-Requested-With": "dialog"})

    assert answer.status_code == 401
    assert answer["X-Go-To"].startswith("/accounts/login/")
    assert KeptForm.objects.get().address == "/requests/new/"


def test_several_of_a_browser_are_shown_and_each_is_forgotten_once_it_is_sent(
    asked, owner, account
):
    licence = make_pool(account=account).licence
    form = owner.get(f"/licences/{licence.pk}/rename/")
    renamed = {"sent_from": mark_on(form), "seen": form.context["seen"], "name": "CAD <big>"}
    browser = Client()
    send(browser, asked)
    send(browser, renamed, f"/licences/{licence.pk}/rename/")
    sign_in(browser)

    page = browser.get(KEPT)

    assert [str(form["title"]) for form in page.context["forms"]] == ["Ask us", "Rename"]
    assert page.context["forms"][1]["licence"] == licence.name
    assert "<b>Name</b><br>CAD &lt;big&gt;" in page.text
    after = send_kept(browser, page)
    assert [form["title"] for form in after.context["forms"]] == ["Rename"]
    send_kept(browser, after)
    assert browser.get(KEPT)["Location"] == "/"
    licence.refresh_from_db()
    assert licence.name == "CAD <big>"


def test_five_of_a_browser_are_kept(owner):
    browser = Client()
    for number in range(6):
        mark = mark_on(owner.get("/requests/new/"))
        send(browser, ASKED | {"sent_from": mark, "text": f"Help {number}"})
    sign_in(browser)

    kept = browser.get(KEPT).context["forms"]

    assert [dict(form["kept"].fields)["text"][-1] for form in kept] == list("12345")


def test_one_who_signed_in_in_another_tab_is_led_on(asked):
    browser = Client(enforce_csrf_checks=True)
    browser.cookies.update(signed_in_after(asked).cookies)
    wanted = {"csrfmiddlewaretoken": "x" * 64, "next": "/people/"}

    answer = send(browser, wanted, "/accounts/login/")

    assert answer["Location"] == KEPT
    KeptForm.objects.all().delete()
    assert send(browser, wanted, "/accounts/login/")["Location"] == "/people/"


def signed_in_after(asked):
    """A browser in which the person is in again after they sent a form as nobody."""
    browser = Client()
    send(browser, asked)
    sign_in(browser)
    return browser
