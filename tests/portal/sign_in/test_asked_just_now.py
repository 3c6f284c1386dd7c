"""Who has just given what is theirs is not asked who they are; who is asked may cancel."""

from __future__ import annotations

import time

import pytest

from tests.people import unsure

INVITE = "/people/invite/"
INVITED = {"emails": "new@example.com", "role": "owner", "message": ""}


def is_asked(response):
    """Whether the person is led to where they confirm that it is them."""
    return response.get("Location", "").startswith("/accounts/reauthenticate/?next=")


@pytest.mark.parametrize(
    ("method", "minutes", "asks"),
    [("password", 9, False), ("password", 11, True), ("mfa", 9, False), ("code", 9, True)],
)
def test_who_has_just_signed_in_with_what_is_theirs_is_not_asked(owner, method, minutes, asks):
    session = owner.session
    session["account_authentication_methods"] = [
        {"method": method, "at": time.time() - 60 * minutes}
    ]
    session.save()

    assert is_asked(owner.get(INVITE)) is asks
    is_asked_by_allauth = is_asked(owner.get("/accounts/two-step/totp/activate/"))
    assert is_asked_by_allauth is asks


def test_cancel_leads_back_to_where_one_was(owner):
    people = {"Referer": "http://testserver/people/?q=priya"}
    led = unsure(owner).get(INVITE, headers=people)["Location"]
    sent = owner.post(INVITE, INVITED, headers={"Referer": f"http://testserver{INVITE}"})

    back = '<a href="/people/?q=priya">Cancel</a>'
    assert back in owner.get(led).text
    assert back in owner.get(sent["Location"]).text
    wrong = owner.post("/accounts/reauthenticate/", {"password": "wrong", "next": INVITE})
    assert back in wrong.text
    assert "Cancel and go to the start page" in owner.get("/accounts/reauthenticate/").text
